"""Numbers that count: cardinals, ordinals, units of measure, percentages, fractions, ranges."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from campaign.speech.leads import DATIVE
from campaign.speech.values import Context, Reading, TypedValue, UnreadableError
from campaign.speech.verbalise.calendar import german_ending
from campaign.speech.verbalise.money import CURRENCIES, SYMBOLS, money
from campaign.speech.verbalise.numbers import cardinal, number, ordinal, require_language
from campaign.speech.verbalise.units import UNITS, VULGAR_FRACTIONS, Unit
from campaign.speech.verbalise.words import PER_WORDS, PERCENT_WORDS, RANGE_WORDS, range_word
from campaign.speech.verbalise.written import ascii_digits, parse_number
from campaign.speech.wordlist import words

_FEMININE_ENDINGS = {
    "es": re.compile(
        r"\s(?:\w+(?:as|ciones|siones|dades|tudes|umbres)|noches|clases|llaves|partes|veces|tardes"
        r"|mujeres|flores|calles|leyes|luces|redes|sedes|series|fases|bases|frases|imágenes|órdenes|paredes)\b"
    ),
    "pt": re.compile(
        r"\s(?:\w+(?:as|ções|sões|dades|gens)|noites|vezes|partes|chaves|mulheres|flores|luzes|redes|leis|fases|bases|frases|crianças)\b"
    ),
}
_MASCULINE_IN_AS = re.compile(
    r"\s(?:días|mapas|problemas|programas|sistemas|temas|idiomas|kilogramas|gramas|dias|síntomas|sintomas|diplomas|poemas"
    r"|planetas|dálmatas|(?!(?:pistas|listas|vistas|entrevistas|revistas|visitas)\b)\w+istas)\b"
)
_ONE_FEMININE = {
    "es": re.compile(
        r"\s\w+(?:a|ción|sión|dad|tud|umbre)\b|\s(?:noche|clase|llave|parte|vez|tarde|foto|moto|mano)\b"
    ),
    "fr": re.compile(
        r"\s(?:\w+(?:tion|sion|ée|ette|ure|esse|ie|ille|aine|ance|ence|té)s?|heures?|minutes?|secondes?"
        r"|personnes?|lettres?|fois|pages?|places?|demandes?|commandes?|lignes?|chambres?"
        r"|caisses?|boîtes?|salles?|nuits?|cartes?|dates?|photos?|clés?|factures?|fiches?|pièces?|semaines?"
        r"|copies?|preuves?|adresses?|années?|voitures?|étapes?|rues?|portes?|parts?|mains?|fenêtres?)\b"
    ),
    "it": re.compile(r"\s\w+(?:a|zione|sione|tà|tù|gine)\b|\s(?:notte|chiave|parte)\b"),
    "pt": re.compile(r"\s\w+(?:a|ção|são|dade|gem)\b|\s(?:noite|vez|parte|chave)\b"),
    "de": re.compile(
        r"\s(?!(?:Name|Kunde|Junge|Kollege|Buchstabe|Gedanke|Käse|Ende|Auge|Gebäude|Interesse|Gerät)\b)[A-ZÄÖÜ]\w+e\b"
        r"|\s(?:Frau|Tochter|Mutter|Schwester|Stadt|Bank|Uhr|Tür|Zahl|Wahl|Person|Nummer|Mail|SMS)\b"
        r"|\s\w+(?:ung|heit|keit|schaft|ion|tät|ei|ie)\b"
        r"|\s\w*(?:nachricht|nacht|Nachricht|Nacht)\b"
    ),
}
_NEUTER = re.compile(
    r"\s(?:Quartal|Halbjahr|Jahr|Semester|Mal|Kind|Kapitel|Zimmer|Treffen|Angebot|Spiel|Buch|Haus|Team|OG|UG"
    r"|\w*[gG]eschoss)\b"
)
_MASCULINE_IN_A = re.compile(r"\s(?:día|mapa|problema|programa|sistema|tema|idioma|dia)\b")


_MEASURE_WORD = re.compile(
    r"\s?[个個位次天片粒颗支针份种组班课页袋楼件张張本人只条條块塊家名份台杯瓶盒包袋层層周小点點元岁歲]"
)


def _noun(context: Context) -> tuple[str, bool]:
    """(gender, whether a noun follows), from the word after the number; masculine when it does not tell."""
    if context.language == "zh":
        return "m", _MEASURE_WORD.match(context.right) is not None
    match = re.match(r"[ \u00a0]([^\W\d]+)", context.right)
    if not match:
        return "m", False
    language, right = context.language, context.right
    if match[1].lower() in _NO_NOUN.get(language, ()):
        return "m", False
    if (
        language in _FEMININE_ENDINGS
        and not _MASCULINE_IN_AS.match(right)
        and _FEMININE_ENDINGS[language].match(right)
    ):
        return "f", True
    if (
        language in _ONE_FEMININE
        and not _MASCULINE_IN_A.match(right)
        and _ONE_FEMININE[language].match(right)
    ):
        return "f", True
    return "m", True


_NO_NOUN = {
    "de": words("und oder bis von ist sind war auf in im am an mit zu für wird wurde"),
    "es": words("y o a de es en por para con del que al hasta cada desde sin sobre"),
    "it": words("e o a di è in per con del che al da alla fra tra"),
    "fr": words("et ou à de est en pour avec du que au"),
    "pt": words("e ou a de é em por para com do que ao até cada sem"),
}


def counted(value: TypedValue, context: Context) -> Reading:
    """A whole or decimal number; agrees with option `gender`, else with the noun that follows."""
    require_language(context.language, "a number")
    amount = parse_number(value.written, context.language, context.region)
    gender, noun = _noun(context)
    gender = value.option("gender") or gender
    words = number(amount, context.language, gender=gender, noun=noun, region=context.region)
    if noun and amount == 1 and context.language == "de":
        words = _one_in_case(words, gender, context.left)
    if noun and amount >= 10**6 and amount % 10**6 == 0:
        link, eaten = _of(context)
        return Reading(text=words + link, eats_right=eaten)
    return Reading(text=words)


def _one_in_case(words: str, gender: str, left: str) -> str:
    """German `1` before a noun: "in einer Woche", "vor einem Tag"; for the accusative only the feminine is sure."""
    before = re.findall(r"[^\W\d_]+", left.lower())[-1:]
    if before and before[0] in DATIVE:
        return "einer" if gender == "f" else "einem"
    return words


def _of(context: Context) -> tuple[str, int]:
    """`1000000 personas` is "un millón de personas": the link, and how much of the space after it says."""
    if context.language == "fr" and re.match(r"\s[aeiouyhéèêâîôû]", context.right, re.I):
        return " d'", 1
    return {"es": " de", "pt": " de", "it": " di", "fr": " de"}.get(context.language, ""), 0


def ranked(value: TypedValue, context: Context) -> Reading:
    """An ordinal: `3`, `3.`, `3rd`, `3º`, `3ª`, `1er`, `1re`."""
    require_language(context.language, "an ordinal")
    match = re.fullmatch(
        r"(\d{1,3}(?:,\d{3})+|\d+)\s?(?:\.?([ºª°])|\.|st|nd|rd|th|\.?er|re|ère|e|ème|nde|d|[rdtmvn][oa])?",
        ascii_digits(value.written.strip()),
    )
    if not match or len(match[1]) > 7:
        raise UnreadableError("not-an-ordinal", f"{value.written!r} is not an ordinal", "write it as 3")
    if context.language == "fr" and match[1] == "2" and value.written.strip().endswith(("nd", "nde")):
        return Reading(text="seconde" if value.written.strip().endswith("nde") else "second")
    feminine = match[2] == "ª" or value.written.strip().endswith(
        ("re", "ère", "nde", "ra", "da", "ta", "ma", "va", "na")
    )
    gender = value.option("gender") or ("f" if feminine else "m")
    ending = german_ending(context.left) if context.language == "de" else ""
    if ending == "er":
        counted_noun = re.sub(r"^\s(?:bis|und|oder|,)\s\d+\.", "", context.right)
        ending = (
            "e" if _ONE_FEMININE["de"].match(counted_noun) else "es" if _NEUTER.match(counted_noun) else "er"
        )
    noun = _noun(context)[1] and context.language != "zh"
    return Reading(
        text=ordinal(
            int(match[1].replace(",", "")),
            context.language,
            gender=gender,
            ending=ending,
            noun=noun,
            region=context.region,
        )
    )


_UNIT_WRITTEN = re.compile(r"([+\-−]?\d[\d.,'’\s]*?)\s?([^\W\d_][^\d\s]*?[23]?|%|‰|°[CF]?)?\.?")


def unit(value: TypedValue, context: Context) -> Reading:
    """A number with its unit: `12 kg`, `21 °C`, `20 %`; option `unit` serves a bare number."""
    language = context.language
    require_language(language, "a measure")
    match = _UNIT_WRITTEN.fullmatch(value.written.strip())
    name = (match[2] if match else None) or value.option("unit")
    if not match or not name:
        raise UnreadableError(
            "not-a-measure", f"{value.written!r} is not a number with a unit", "write it as 12 kg"
        )
    amount = parse_number(match[1], language, context.region)
    if name == "%":
        return Reading(text=_percent(amount, context))
    names = UNITS.get(name, {}).get(language) or _rate(name, language)
    if names is None:
        raise UnreadableError(
            "unknown-unit",
            f"{name!r} has no name here",
            f"use one of {', '.join(sorted(UNITS))}, or write it out",
        )
    one, many, gender = names
    words = number(amount, language, gender=gender, noun=True, region=context.region)
    if language == "zh":
        if one.startswith("摄氏"):
            return Reading(text=f"零下{words.removeprefix('负')}摄氏度" if amount < 0 else f"{one}{words}度")
        return Reading(text=words + one)
    singular = (
        abs(amount) == 1 or (language == "fr" and abs(amount) < 2) or (language == "pt" and abs(amount) < 2)
    )
    if language == "de" and amount == 1:
        words = _one_in_case(words, gender, context.left)
    return Reading(text=f"{words} {one if singular else many}")


def _rate(name: str, language: str) -> Unit | None:
    """`mg/dl`: two units with a stroke."""
    top, _, bottom = (UNITS.get(part, {}).get(language) for part in name.partition("/"))
    if top is None or bottom is None:
        return None
    if language == "zh":
        return f"{top[0]}每{bottom[0]}", "", "m"
    per = f"{PER_WORDS[language]} {bottom[0]}"
    return f"{top[0]} {per}", f"{top[1]} {per}", top[2]


def _percent(amount: Decimal, context: Context) -> str:
    language = context.language
    words = number(amount, language, region=context.region, noun=language == "de")
    if language == "de" and amount == 1:
        words = "ein"
    if language == "zh":
        minus = "负" if words.startswith("负") else ""
        return minus + PERCENT_WORDS[language] + words.removeprefix("负")
    return f"{words} {PERCENT_WORDS[language]}"


_HALVES = {
    "es": ("medio", "media"),
    "fr": ("un demi", "une demi"),
    "it": ("mezzo", "mezza"),
    "pt": ("meio", "meia"),
}
"""`1/2` before a noun: masculine, feminine."""


def fraction(value: TypedValue, context: Context) -> Reading:
    """`1/2`, `3/4`, `1 1/2`, `½`."""
    language = context.language
    require_language(language, "a fraction")
    text = ascii_digits(value.written.strip())
    for sign, plain in VULGAR_FRACTIONS.items():
        text = text.replace(sign, f" {plain}").strip()
    match = re.fullmatch(r"(?:(\d+)\s+)?(\d+)\s?[/⁄]\s?(\d+)", text)
    if not match or len(text) > 20 or int(match[3]) < 2:
        raise UnreadableError("not-a-fraction", f"{value.written!r} is not a fraction", "write it as 3/4")
    whole, top, bottom = int(match[1] or 0), int(match[2]), int(match[3])
    words = _parts(top, bottom, language)
    if language == "de" and (top, bottom) == (1, 2) and re.match(r"\s[^\W\d]\w+(?:e|ung)\b", context.right):
        words = "eine halbe"
    if (top, bottom) == (1, 2) and language in _HALVES and not whole and _noun(context)[1]:
        words = _HALVES[language][_noun(context)[0] == "f"]
    if not whole:
        return Reading(text=words)
    head = cardinal(whole, language)
    if language == "zh":
        return Reading(text=f"{head}又{words}")
    link = {"en": " and ", "de": " ", "es": " y ", "fr": " et ", "it": " e ", "pt": " e "}[language]
    if language == "en" and top == 1:
        words = words.replace("one ", "a ", 1)
    if language == "de":
        return Reading(
            text=f"{cardinal(whole, 'de', noun=True)}einhalb"
            if (top, bottom) == (1, 2)
            else f"{head} {words}"
        )
    if bottom == 2 and top == 1:
        words = {"es": "medio", "fr": "demi", "it": "mezzo", "pt": "meio"}.get(language, words)
    return Reading(text=f"{head}{link}{words}")


_PART_NAMES = {
    "en": {2: ("half", "halves"), 4: ("quarter", "quarters")},
    "es": {2: ("medio", "medios"), 3: ("tercio", "tercios"), 4: ("cuarto", "cuartos"), 5: ("quinto", "quintos"),
           6: ("sexto", "sextos"), 7: ("séptimo", "séptimos"), 8: ("octavo", "octavos"), 9: ("noveno", "novenos"),
           10: ("décimo", "décimos"), 100: ("centésimo", "centésimos")},
    "fr": {2: ("demi", "demis"), 3: ("tiers", "tiers"), 4: ("quart", "quarts")},
    "it": {2: ("mezzo", "mezzi")},
    "pt": {2: ("meio", "meios"), 3: ("terço", "terços")},
    "de": {2: ("Halb", "Halbe")},
}  # fmt: skip


def _parts(top: int, bottom: int, language: str) -> str:
    if language == "zh":
        return f"{cardinal(bottom, 'zh')}分之{cardinal(top, 'zh')}"
    if language == "de":
        if (top, bottom) == (1, 2):
            return "einhalb"
        head = "ein" if top == 1 else cardinal(top, "de")
        return f"{head} {_german_part(bottom)}"
    names = _PART_NAMES[language].get(bottom)
    if names:
        one, many = names
    elif language == "es":
        one = cardinal(bottom, "es").replace(" y ", "i").replace(" ", "") + "avo"
        many = one + "s"
    elif language == "pt":
        one = ordinal(bottom, "pt") if bottom <= 10 else f"{cardinal(bottom, 'pt')} avos"
        many = one + "s" if bottom <= 10 else one
    else:
        one = ordinal(bottom, language)
        many = one[:-1] + "i" if language == "it" else one + "s"
    head = cardinal(top, language, noun=True)
    if language == "es" and (top, bottom) == (1, 2):
        return "medio"
    return f"{head} {one if top == 1 else many}"


def _german_part(bottom: int) -> str:
    if bottom == 2:
        return "Halbe"
    return (ordinal(bottom, "de", ending="el")).capitalize()


_MEASURE = re.compile(
    rf"(.*?\d)\s?({'|'.join(re.escape(name) for name in sorted(UNITS, key=len, reverse=True))}|%)?", re.S
)


def _amounts(value: TypedValue, context: Context, link: str) -> Reading:
    sign = re.search(r"[^\d\s.,'’–—-]+", value.written)
    assert sign is not None
    low, high = (part.strip() for part in re.split(r"[-–—]", value.written.replace(sign[0], "")))
    head = number(
        parse_number(low, context.language, context.region), context.language, region=context.region
    )
    tail = money(replace(value, written=f"{high} {sign[0]}", options=()), replace(context, right="")).text
    return Reading(text=(link if context.language == "zh" else f" {link} ").join((head, tail)))


def between(value: TypedValue, context: Context) -> Reading:
    """Two numbers with a dash: `3-5`, `10–20 kg`; option `link` for another word: `10 x 20`."""
    language = context.language
    require_language(language, "a range")
    link = value.option("link") or range_word(language, context.left)
    if any(sign in value.written for sign in SYMBOLS) or value.written[-3:] in CURRENCIES:
        return _amounts(value, context, link)
    *firsts, last = (part.strip() for part in re.split(r"[-–—x×]", value.written))
    last = last.rstrip(".")
    match = _MEASURE.fullmatch(last)
    if not firsts or match is None:
        raise UnreadableError("not-a-range", f"{value.written!r} is not a range", "write it as 3-5")
    gender, noun = _noun(context)
    if match[2] is not None:
        measured = replace(value, written=last, options=())
        tail = unit(measured, context).text
        names = UNITS.get(match[2], {}).get(language)
        gender = names[2] if names else "m"
    else:
        high = parse_number(last, language, context.region)
        tail = number(high, language, gender=gender, noun=noun, region=context.region)
    opening = ""
    if (
        language == "it"
        and not value.option("link")
        and link == RANGE_WORDS["it"]
        and not re.search(r"\b[Dd](?:a|ai|al|alle)\s$", context.left)
    ):
        opening = "da "
    heads = [
        number(parse_number(part, language, context.region), language, gender=gender, region=context.region)
        for part in firsts
    ]
    return Reading(text=opening + (link if language == "zh" else f" {link} ").join([*heads, tail]))
