"""Closed word lists, one table per idea, one row per language: what a linguist edits."""

from __future__ import annotations

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
RANGE_WORDS = {"en": "to", "de": "bis", "es": "a", "fr": "à", "it": "a", "pt": "a", "zh": "到"}
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
SIGN_WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "&": "and", "+": "plus", "@": "at", "/": "slash", "_": "underscore", "#": "number", "%": "percent",
        "=": "equals", "*": "star", "-": "dash", ".": "dot", ":": "colon", "§": "section", "°": "degrees",
        "×": "times", "<": "less than", ">": "greater than", "~": "about", "€": "euros", "$": "dollars", "£": "pounds",
    },
    "de": {
        "&": "und", "+": "plus", "@": "ät", "/": "Schrägstrich", "_": "Unterstrich", "#": "Nummer", "%": "Prozent",
        "=": "gleich", "*": "Stern", "-": "Bindestrich", ".": "Punkt", ":": "Doppelpunkt", "§": "Paragraf",
        "°": "Grad", "×": "mal", "<": "kleiner als", ">": "größer als", "~": "etwa", "€": "Euro", "$": "Dollar",
        "£": "Pfund",
    },
    "es": {
        "&": "y", "+": "más", "@": "arroba", "/": "barra", "_": "guion bajo", "#": "número", "%": "por ciento",
        "=": "igual a", "*": "asterisco", "-": "guion", ".": "punto", ":": "dos puntos", "§": "sección",
        "°": "grados", "×": "por", "<": "menor que", ">": "mayor que", "~": "aproximadamente", "€": "euros",
        "$": "dólares", "£": "libras",
    },
    "fr": {
        "&": "et", "+": "plus", "@": "arobase", "/": "barre oblique", "_": "tiret bas", "#": "numéro",
        "%": "pour cent", "=": "égale", "*": "étoile", "-": "tiret", ".": "point", ":": "deux-points",
        "§": "paragraphe", "°": "degrés", "×": "fois", "<": "inférieur à", ">": "supérieur à", "~": "environ",
        "€": "euros", "$": "dollars", "£": "livres",
    },
    "it": {
        "&": "e", "+": "più", "@": "chiocciola", "/": "barra", "_": "trattino basso", "#": "numero",
        "%": "per cento", "=": "uguale", "*": "asterisco", "-": "trattino", ".": "punto", ":": "due punti",
        "§": "paragrafo", "°": "gradi", "×": "per", "<": "minore di", ">": "maggiore di", "~": "circa", "€": "euro",
        "$": "dollari", "£": "sterline",
    },
    "pt": {
        "&": "e", "+": "mais", "@": "arroba", "/": "barra", "_": "sublinhado", "#": "número", "%": "por cento",
        "=": "igual a", "*": "asterisco", "-": "hífen", ".": "ponto", ":": "dois pontos", "§": "parágrafo",
        "°": "graus", "×": "vezes", "<": "menor que", ">": "maior que", "~": "aproximadamente", "€": "euros",
        "$": "dólares", "£": "libras",
    },
    "zh": {
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
