"""Numbers that count: cardinals, ordinals, units of measure, percentages, fractions, ranges."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache

from campaign.speech.typed import Context, Reading, TypedValue, UnreadableValueError
from campaign.speech.verbalise.agreement import noun_after, of_after_millions, one_before
from campaign.speech.verbalise.calendar import german_ending
from campaign.speech.verbalise.money import CURRENCIES, SYMBOLS, money
from campaign.speech.verbalise.numbers import cardinal, number, ordinal, require_language
from campaign.speech.verbalise.units import UNITS, VULGAR_FRACTIONS, Unit
from campaign.speech.verbalise.words import PER_WORDS, PERCENT_WORDS, RANGE_WORDS, range_word
from campaign.speech.verbalise.written import ascii_digits, parse_number
from workers.digits import are_digits


def counted(value: TypedValue, context: Context) -> Reading:
    """A whole or decimal number; agrees with option `gender`, else with the noun that follows."""
    require_language(context.language, "a number")
    amount = parse_number(value.written, context.language, context.region, value.option("number"))
    gender, noun = noun_after(context)
    gender = value.option("gender") or gender
    if context.language == "de" and _LABEL.search(context.left):
        noun = False  # `Absatz 1 Satz 2`
    words = number(amount, context.language, gender=gender, noun=noun, region=context.region)
    if noun and amount == 1:
        words, eaten = one_before(words, gender, context)
        return Reading(text=words, eats_right=eaten)
    if noun and amount >= 10**6 and amount % 10**6 == 0:
        link, eaten = of_after_millions(context)
        return Reading(text=words + link, eats_right=eaten)
    return Reading(text=words)


_LABEL = re.compile(
    r"\b(?:Absatz|Nummer|Seite|Zimmer|Kapitel|Artikel|Raum|Gleis|Tor|Linie|Paragraf|Abs\.|Nr\.|§)\s$"
)


def ranked(value: TypedValue, context: Context) -> Reading:
    """An ordinal: `3`, `3.`, `3rd`, `3º`, `3ª`, `1er`, `1re`."""
    require_language(context.language, "an ordinal")
    match = re.fullmatch(
        r"(\d{1,3}(?:,\d{3})+|\d+)\s?(?:\.?([ºª°])|\.|st|nd|rd|th|\.?er|re|ère|e|ème|nde|d|[rdtmvn][oa])?",
        ascii_digits(value.written.strip()),
    )
    if not match or len(match[1]) > 7:
        raise UnreadableValueError("not-an-ordinal", f"{value.written!r} is not an ordinal", "write it as 3")
    if context.language == "fr" and match[1] == "2" and value.written.strip().endswith(("nd", "nde")):
        return Reading(text="seconde" if value.written.strip().endswith("nde") else "second")
    feminine = match[2] == "ª" or value.written.strip().endswith(
        ("re", "ère", "nde", "ra", "da", "ta", "ma", "va", "na")
    )
    gender = value.option("gender") or ("f" if feminine else "m")
    ending = german_ending(context.left) if context.language == "de" else ""
    of, noun = noun_after(context)
    if ending == "er":
        ending = {"f": "e", "n": "es"}.get(of, "er")
    if "°" in value.written and not value.option("gender"):
        gender = "f" if of == "f" else gender
    noun = noun and context.language != "zh"
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


@lru_cache(maxsize=256)
def _in_words(name: str, language: str) -> Unit | None:
    """The unit whose own name is written: `10 foot`, `1 metre`."""
    word = name.lower()
    if language == "en" and word.endswith(("tre", "tres")):
        word = word.replace("tre", "ter")
    rows = (row[language] for row in UNITS.values() if language in row)
    return next((row for row in rows if word in (row[0].lower(), row[1].lower())), None)


_UNIT_WRITTEN = re.compile(r"([+\-−]?\d[\d.,'’\s]*?)\s?([^\W\d_][^\d\s]*?[23]?|%|‰|°[CF]?|[℃㎡])?\.?")


def unit(value: TypedValue, context: Context) -> Reading:
    """A number with its unit: `12 kg`, `21 °C`, `20 %`; option `unit` serves a bare number."""
    language = context.language
    require_language(language, "a measure")
    match = _UNIT_WRITTEN.fullmatch(value.written.strip())
    name = (match[2] if match else None) or value.option("unit")
    if not match or not name:
        raise UnreadableValueError(
            "not-a-measure", f"{value.written!r} is not a number with a unit", "write it as 12 kg"
        )
    amount = parse_number(match[1], language, context.region, value.option("number"))
    if name == "%":
        return Reading(text=_percent(amount, context))
    names = UNITS.get(name, {}).get(language) or _rate(name, language) or _in_words(name, language)
    if names is None:
        raise UnreadableValueError(
            "unknown-unit",
            f"{name!r} has no name here",
            f"use one of {', '.join(sorted(UNITS))}, or write it out",
        )
    singular, plural, gender = names
    words = number(amount, language, gender=gender, noun=True, region=context.region)
    if language == "zh":
        if singular.startswith("摄氏"):
            return Reading(
                text=f"零下{words.removeprefix('负')}摄氏度" if amount < 0 else f"{singular}{words}度"
            )
        return Reading(text=words + singular)
    is_singular = (
        abs(amount) == 1 or (language == "fr" and abs(amount) < 2) or (language == "pt" and abs(amount) < 2)
    )
    if language == "de" and amount == 1:
        words, _ = one_before(words, gender, context)
    noun = singular if is_singular else plural
    if context.region == "BR":
        noun = noun.replace("quilómetro", "quilômetro")
    return Reading(text=f"{words} {noun}")


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
        raise UnreadableValueError(
            "not-a-fraction", f"{value.written!r} is not a fraction", "write it as 3/4"
        )
    whole, top, bottom = int(match[1] or 0), int(match[2]), int(match[3])
    words = _parts(top, bottom, language)
    if language == "de" and (top, bottom) == (1, 2) and re.match(r"\s[^\W\d]\w+(?:e|ung)\b", context.right):
        words = "eine halbe"
    if (top, bottom) == (1, 2) and language in _HALVES and not whole and noun_after(context)[1]:
        words = _HALVES[language][noun_after(context)[0] == "f"]
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
        singular, plural = names
    elif language == "es":
        singular = cardinal(bottom, "es").replace(" y ", "i").replace(" ", "") + "avo"
        plural = singular + "s"
    elif language == "pt":
        singular = ordinal(bottom, "pt") if bottom <= 10 else f"{cardinal(bottom, 'pt')} avos"
        plural = singular + "s" if bottom <= 10 else singular
    else:
        singular = ordinal(bottom, language)
        plural = singular[:-1] + "i" if language == "it" else singular + "s"
    head = cardinal(top, language, noun=True)
    if language == "es" and (top, bottom) == (1, 2):
        return "medio"
    return f"{head} {singular if top == 1 else plural}"


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
        raise UnreadableValueError("not-a-range", f"{value.written!r} is not a range", "write it as 3-5")
    gender, noun = noun_after(context)
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
        prepared = re.search(r"\b(?:entro|[Pp]er|[Ii]n|[Oo]gni|[Cc]on|[Dd]i|circa|[Oo]ltre)\s$", context.left)
        link = ("o" if _next_to(firsts[-1], last) else "") if prepared else link
        opening = "" if prepared else "da "
    heads = [
        number(parse_number(part, language, context.region), language, gender=gender, region=context.region)
        for part in firsts
    ]
    joint = link if language == "zh" else f" {link} " if link else " "
    return Reading(text=opening + joint.join([*heads, tail]))


def _next_to(low: str, high: str) -> bool:
    """`2-3 giorni` is "due o tre giorni"; `24-48 ore` has no word between."""
    figures = re.match(r"\d+", high)
    return are_digits(ascii_digits(low)) and figures is not None and int(figures[0]) == int(low) + 1
