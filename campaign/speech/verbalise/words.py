"""Closed word lists, one table per idea, one row per language: what a linguist edits."""

from __future__ import annotations

import re
from collections.abc import Mapping

DIGIT_WORDS: Mapping[str, tuple[str, ...]] = {
    "en": ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
    "de": ("null", "eins", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun"),
    "es": ("cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve"),
    "fr": ("zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf"),
    "it": ("zero", "uno", "due", "tre", "quattro", "cinque", "sei", "sette", "otto", "nove"),
    "pt": ("zero", "um", "dois", "três", "quatro", "cinco", "seis", "sete", "oito", "nove"),
    "zh": ("零", "一", "二", "三", "四", "五", "六", "七", "八", "九"),
}
ZH_DIGITS = DIGIT_WORDS["zh"]
DECIMAL_WORDS = {
    "en": "point",
    "de": "Komma",
    "es": "coma",
    "fr": "virgule",
    "it": "virgola",
    "pt": "vírgula",
    "zh": "点",
}
MINUS_WORDS = {
    "en": "minus",
    "de": "minus",
    "es": "menos",
    "fr": "moins",
    "it": "meno",
    "pt": "menos",
    "zh": "负",
}
PLUS_WORDS = {"en": "plus", "de": "plus", "es": "más", "fr": "plus", "it": "più", "pt": "mais", "zh": "加"}
EXTENSION_WORDS = {
    "en": "extension",
    "de": "Durchwahl",
    "es": "extensión",
    "fr": "poste",
    "it": "interno",
    "pt": "extensão",
    "zh": "转",
}
"""Of a telephone number: `ext. 12`."""
RANGE_WORDS = {"en": "to", "de": "bis", "es": "a", "fr": "à", "it": "a", "pt": "a", "zh": "到"}
RANKED: Mapping[str, tuple[str, ...]] = {
    "it": ("piano", "posto", "giorno", "anno", "mese", "secolo", "capitolo", "premio", "livello", "turno", "trimestre",
           "semestre", "figlio", "ciclo"),
    "es": ("piso", "puesto", "día", "año", "mes", "siglo", "capítulo", "premio", "nivel", "turno", "trimestre",
           "semestre", "hijo", "ciclo"),
    "pt": ("andar", "lugar", "dia", "ano", "mês", "século", "capítulo", "prémio", "prêmio", "nível", "turno",
           "trimestre", "semestre", "filho", "ciclo"),
}  # fmt: skip
"""Before these `3°` is no temperature."""
BETWEEN: Mapping[str, tuple[str, str]] = {
    "en": ("between", "and"),
    "de": ("zwischen", "und"),
    "es": ("entre", "y"),
    "fr": ("entre", "et"),
    "it": (r"(?:tra|fra)(?:\s+il)?", "e"),
    "pt": ("entre", "e"),
}
"""After the first, the dash of a range is the second."""
PERCENT_WORDS = {
    "en": "percent",
    "de": "Prozent",
    "es": "por ciento",
    "fr": "pour cent",
    "it": "per cento",
    "pt": "por cento",
    "zh": "百分之",
}
ROUND_THE_CLOCK = {
    "en": "twenty-four seven",
    "de": "vierundzwanzig sieben",
    "es": "veinticuatro horas al día, siete días a la semana",
    "fr": "vingt-quatre heures sur vingt-quatre, sept jours sur sept",
    "it": "ventiquattro ore su ventiquattro, sette giorni su sette",
    "pt": "vinte e quatro horas por dia, sete dias por semana",
    "zh": "每周七天，每天二十四小时",
}
"""`24/7`."""
RATIO_WORDS = {"en": "to", "de": "zu", "es": "a", "fr": "à", "it": "a", "pt": "a", "zh": "比"}
"""`3:2`, `4:1`."""
OVER_WORDS = {"en": "over", "de": "zu", "es": "sobre", "fr": "sur", "it": "su", "pt": "por", "zh": "比"}
"""Blood pressure: `120/80`."""
OUT_OF_WORDS = {"en": "out of", "de": "von", "es": "sobre", "fr": "sur", "it": "su", "pt": "em"}
"""A mark: `4.5/5`."""
MASKED_WORDS = {
    "en": "ending in",
    "de": "endend auf",
    "es": "terminada en",
    "fr": "se terminant par",
    "it": "che termina con",
    "pt": "terminado em",
    "zh": "尾号",
}
"""A number of which only the end is shown: `****1234`."""
BY_WORDS = {"en": "by", "de": "mal", "es": "por", "fr": "sur", "it": "per", "pt": "por", "zh": "乘"}
"""`10 x 20`."""
TIMES_WORDS = {
    "en": "{} times",
    "de": "{}mal",
    "es": "{} veces",
    "fr": "{} fois",
    "it": "{} volte",
    "pt": "{} vezes",
    "zh": "{}次",
}
"""`3x`."""
ONCE_WORDS = {
    "en": "once",
    "de": "einmal",
    "es": "una vez",
    "fr": "une fois",
    "it": "una volta",
    "pt": "uma vez",
    "zh": "一次",
}
"""`1x`."""
SECTION_WORDS = {
    "en": "point",
    "de": "Punkt",
    "es": "punto",
    "fr": "point",
    "it": "punto",
    "pt": "ponto",
    "zh": "点",
}
"""`section 3.5`, `version 2.10.3`."""
PER_WORDS = {"en": "per", "de": "pro", "es": "por", "fr": "par", "it": "per", "pt": "por", "zh": "每"}
"""`20 €/month`."""
PERIODS: Mapping[str, tuple[str, ...]] = {
    "en": ("second", "minute", "hour", "day", "night", "week", "month", "year", "person"),
    "de": ("Sekunde", "Minute", "Stunde", "Tag", "Nacht", "Woche", "Monat", "Jahr", "Person"),
    "es": ("segundo", "minuto", "hora", "día", "noche", "semana", "mes", "año", "persona"),
    "fr": ("seconde", "minute", "heure", "jour", "nuit", "semaine", "mois", "an", "année", "personne"),
    "it": ("secondo", "minuto", "ora", "giorno", "notte", "settimana", "mese", "anno", "persona"),
    "pt": ("segundo", "minuto", "hora", "dia", "noite", "semana", "mês", "ano", "pessoa"),
}
"""`3 times/day`: the stroke before these is `PER_WORDS`."""
DECADE_ENDINGS = {"en": "ies", "de": "er"}
SLASHED: Mapping[str, tuple[str, ...]] = {
    "en": ("and/or", "he/she", "she/he", "his/her", "him/her", "Sir/Madam", "Mr/Mrs", "Mr./Mrs.", "Mr/Ms"),
    "de": ("und/oder", "er/sie", "sie/er", "Herr/Frau", "Frau/Herr", "sein/ihr"),
    "es": ("y/o", "él/ella", "Sr./Sra.", "Sr/Sra", "D./Dña."),
    "fr": ("et/ou", "il/elle", "M./Mme", "Mme/M.", "Monsieur/Madame", "Madame/Monsieur"),
    "it": ("e/o", "lui/lei", "Sig./Sig.ra", "Signore/Signora"),
    "pt": ("e/ou", "ele/ela", "Sr./Sra.", "Sr/Sra"),
}
"""Two words of which one holds: the stroke is "or"."""
OR_WORDS = {"en": "or", "de": "oder", "es": "o", "fr": "ou", "it": "o", "pt": "ou"}
WEEKDAYS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "Mon": "Monday", "Tue": "Tuesday", "Tues": "Tuesday", "Wed": "Wednesday", "Thu": "Thursday",
        "Thurs": "Thursday", "Fri": "Friday", "Sat": "Saturday", "Sun": "Sunday",
    },
    "de": {
        "Mo": "Montag", "Di": "Dienstag", "Mi": "Mittwoch", "Do": "Donnerstag", "Fr": "Freitag", "Sa": "Samstag",
        "So": "Sonntag",
    },
    "es": {
        "lun": "lunes", "mar": "martes", "mié": "miércoles", "jue": "jueves", "vie": "viernes", "sáb": "sábado",
        "dom": "domingo",
    },
    "fr": {
        "lun": "lundi", "mar": "mardi", "mer": "mercredi", "jeu": "jeudi", "ven": "vendredi", "sam": "samedi",
        "dim": "dimanche",
    },
    "it": {
        "lun": "lunedì", "mar": "martedì", "mer": "mercoledì", "gio": "giovedì", "ven": "venerdì", "sab": "sabato",
        "dom": "domenica",
    },
    "pt": {
        "seg": "segunda", "ter": "terça", "qua": "quarta", "qui": "quinta", "sex": "sexta", "sáb": "sábado",
        "dom": "domingo",
    },
}  # fmt: skip
SIGN_WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "≤": "at most", "≥": "at least",
        "±": "plus or minus", "≈": "about",
        "&": "and", "+": "plus", "@": "at", "/": "slash", "_": "underscore", "#": "number", "%": "percent",
        "=": "equals", "*": "star", "-": "dash", ".": "dot", ":": "colon", "§": "section", "°": "degrees",
        "×": "times", "<": "less than", ">": "greater than", "~": "about", "€": "euros", "$": "dollars", "£": "pounds",
    },
    "de": {
        "≤": "höchstens", "≥": "mindestens",
        "±": "plus minus", "≈": "etwa",
        "&": "und", "+": "plus", "@": "ät", "/": "Schrägstrich", "_": "Unterstrich", "#": "Nummer", "%": "Prozent",
        "=": "gleich", "*": "Stern", "-": "Bindestrich", ".": "Punkt", ":": "Doppelpunkt", "§": "Paragraf",
        "°": "Grad", "×": "mal", "<": "kleiner als", ">": "größer als", "~": "etwa", "€": "Euro", "$": "Dollar",
        "£": "Pfund",
    },
    "es": {
        "≤": "menor o igual que", "≥": "mayor o igual que",
        "±": "más menos", "≈": "aproximadamente",
        "&": "y", "+": "más", "@": "arroba", "/": "barra", "_": "guion bajo", "#": "número", "%": "por ciento",
        "=": "igual a", "*": "asterisco", "-": "guion", ".": "punto", ":": "dos puntos", "§": "sección",
        "°": "grados", "×": "por", "<": "menor que", ">": "mayor que", "~": "aproximadamente", "€": "euros",
        "$": "dólares", "£": "libras",
    },
    "fr": {
        "≤": "inférieur ou égal à", "≥": "supérieur ou égal à",
        "±": "plus ou moins", "≈": "environ",
        "&": "et", "+": "plus", "@": "arobase", "/": "barre oblique", "_": "tiret bas", "#": "numéro",
        "%": "pour cent", "=": "égale", "*": "étoile", "-": "tiret", ".": "point", ":": "deux-points",
        "§": "paragraphe", "°": "degrés", "×": "fois", "<": "inférieur à", ">": "supérieur à", "~": "environ",
        "€": "euros", "$": "dollars", "£": "livres",
    },
    "it": {
        "≤": "minore o uguale a", "≥": "maggiore o uguale a",
        "±": "più o meno", "≈": "circa",
        "&": "e", "+": "più", "@": "chiocciola", "/": "barra", "_": "trattino basso", "#": "numero",
        "%": "per cento", "=": "uguale", "*": "asterisco", "-": "trattino", ".": "punto", ":": "due punti",
        "§": "paragrafo", "°": "gradi", "×": "per", "<": "minore di", ">": "maggiore di", "~": "circa", "€": "euro",
        "$": "dollari", "£": "sterline",
    },
    "pt": {
        "≤": "menor ou igual a", "≥": "maior ou igual a",
        "±": "mais ou menos", "≈": "aproximadamente",
        "&": "e", "+": "mais", "@": "arroba", "/": "barra", "_": "sublinhado", "#": "número", "%": "por cento",
        "=": "igual a", "*": "asterisco", "-": "hífen", ".": "ponto", ":": "dois pontos", "§": "parágrafo",
        "°": "graus", "×": "vezes", "<": "menor que", ">": "maior que", "~": "aproximadamente", "€": "euros",
        "$": "dólares", "£": "libras",
    },
    "zh": {
        "≤": "小于等于", "≥": "大于等于",
        "±": "正负", "≈": "约",
        "〇": "零",
        "&": "和", "+": "加", "@": "艾特", "/": "斜杠", "_": "下划线", "#": "号", "%": "百分号", "=": "等于",
        "*": "星号", "-": "杠", ".": "点", ":": "冒号", "§": "节", "°": "度", "×": "乘", "<": "小于", ">": "大于",
        "~": "约", "€": "欧元", "$": "美元", "£": "英镑",
    },
}  # fmt: skip
DE_IRREGULAR_ORDINALS = {
    1: ("eins", "erst"),
    3: ("drei", "dritt"),
    7: ("sieben", "siebt"),
    8: ("acht", "acht"),
}
ES_ORDINALS = {
    1: "primero", 2: "segundo", 3: "tercero", 4: "cuarto", 5: "quinto", 6: "sexto", 7: "séptimo", 8: "octavo",
    9: "noveno", 10: "décimo", 11: "undécimo", 12: "duodécimo", 13: "decimotercero", 14: "decimocuarto",
    15: "decimoquinto", 16: "decimosexto", 17: "decimoséptimo", 18: "decimoctavo", 19: "decimonoveno",
}  # fmt: skip
ES_ORDINAL_TENS = {
    20: "vigésimo", 30: "trigésimo", 40: "cuadragésimo", 50: "quincuagésimo", 60: "sexagésimo",
    70: "septuagésimo", 80: "octogésimo", 90: "nonagésimo", 100: "centésimo", 200: "ducentésimo",
    300: "tricentésimo", 400: "cuadringentésimo", 500: "quingentésimo", 600: "sexcentésimo",
    700: "septingentésimo", 800: "octingentésimo", 900: "noningentésimo",
}  # fmt: skip


def range_word(language: str, left: str) -> str:
    """What the dash of a range is after `left`: "9 to 5", "between 9 and 5"."""
    head, link = BETWEEN.get(language, ("", ""))
    after = head and re.search(rf"\b(?:{head})\s*$", left, re.I)
    if not after:
        return RANGE_WORDS[language]
    return f"{link} il" if after[0].rstrip().endswith(" il") else link
