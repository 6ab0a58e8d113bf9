"""How each kind of value looks when it is written: pieces of the pattern that finds values in prose, by language."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from campaign.speech.verbalise import leads
from campaign.speech.verbalise.abbreviations import ENDINGS, NUMERIC_FORMS, SHORT_FORMS
from campaign.speech.verbalise.money import CURRENCIES, MAGNITUDES, SYMBOLS, currency_words
from campaign.speech.verbalise.units import DOTTED_UNITS, UNITS
from campaign.speech.verbalise.wordlist import words
from campaign.speech.verbalise.words import PERIODS, RANKED, SLASHED, WEEKDAYS
from campaign.speech.verbalise.written import month_names, separators

END: Final = r"(?![\w])"
MINUS: Final = r"(?:(?<![.)\]])(?<!\d[点时分日号元年楼层月天周岁米个%℃])[-−])?"
"""Not the dash of `8 a.m.-6 p.m.` or `10点-14点`."""
ROW_OF_DIGITS: Final = r"(?:\d+(?:-\d+)+|\d{2,6}(?: \d{2,6})+|\d{3,12})(?!\w)(?![.,]\d)"
MASK: Final = r"(?:[*•]{2,}|x{2,}|X{4,})"
START: Final = r"(?<!\w)(?<!\d[.,])"
ALONE: Final = r"(?<![\w.,/-])"
YEAR: Final = r"\d{4}"
DAY: Final = r"(?:[12]\d|3[01]|0?[1-9])"


ADDRESS: Final = (
    r"(?:https?://|www\.)[^\s<>\"]+[\w/]|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
    r"|(?<![\w@.])[a-z\d-]+(?:\.[a-z\d-]+)*\.(?:com|org|net|eu|de|es|fr|it|pt|uk|cn|info|io|gov)(?:/[\w/.-]*\w)?\b"
)
SIGNS: Final = "|".join(
    (
        r"(?<=[\w.\s])\s?[&](?=\s?\w)",
        r"(?<=\d)\s?[+=×](?=\s?\d)",
        r"(?<![\w.])[+](?=\s?\d)",
        r"(?<=[\w.])\s[+](?=\s\w)",
        r"[~≈±<>≤≥](?=\s?[\d€$£])",
        r"(?<=\d(?:st|nd|rd|th))/(?=\d)",
        r"#(?=[A-Z]+[-\d])",
        "§|〇",
    )
)
"""Signs that are read by name where they stand so."""
CODE: Final = (
    r"(?<![\w-])(?!(?:mid|early|late|pre|post)-)(?=[\w/.-]*\d)(?=[\w/.-]*[A-Za-z])"
    r"[A-Za-z\d]+(?:[-/.][A-Za-z\d]+)*(?![\w-])"
    r"|(?<![\w-])\d+(?:[-/]\d+)+(?![\w-])"
)


@lru_cache(maxsize=16)
def unit_signs(language: str) -> str:
    """Signs of units that are no words of the language."""
    signs = (name for name, names in UNITS.items() if language in names)
    return "|".join(re.escape(name) for name in sorted(signs, key=len, reverse=True))


def measures(language: str) -> str:
    """Units, and short forms of them with a dot that ends no sentence: `8 hrs. before`, `10 Min. Verspätung`."""
    short = "|".join(sorted(DOTTED_UNITS, key=len, reverse=True))
    noun = rf"|\s+(?!(?:{OPENERS})\b)[A-ZÄÖÜ]" if language == "de" else ""
    return rf"(?:{short})\.(?=,|\s+[^\W_A-ZÄÖÜ]{noun})|(?:{unit_signs(language)})(?!(?<=\b[VW])\.)"


OPENERS: Final = (
    "Bitte|Sie|Wir|Ihr|Ihre|Ihren|Der|Die|Das|Es|Danke|Falls|Wenn|Dann|Danach|Im|Am|In|Bei|Mit|Zum|Zur|Nach|Vor|Rufen"
    "|Kommen|Und|Oder|Ein|Eine|Er|Auf|Unser|Unsere"
)
"""With which a German sentence often begins: what other word is capital after `Min.` is a noun."""


def number_shape(language: str, region: str) -> str:
    """A number as the locale writes it, or as a machine does."""
    decimal, group = separators(language, region)
    spaces = "\u00a0\u202f\u2009" + (" " if language in ("fr", "es", "pt", "it", "de", "zh") else "")
    groups = "".join(
        sorted(
            set(group) | set(spaces) | ({"'", "’"} if language == "de" or region in ("CH", "LI") else set())
        )
    )
    other = "." if decimal == "," else ","
    return (
        r"(?:\d{1,3}(?:['’]\d{3})+[.,]\d{2}(?!\d)|"
        rf"\d{{1,3}}(?:[{re.escape(groups)}]\d{{3}})+(?:{re.escape(decimal)}\d+)?(?!\d)"
        rf"|\d{{1,3}}(?:{re.escape(decimal)}\d{{3}})+{re.escape(other)}\d{{2}}(?!\d)"
        rf"|\d{{1,3}}(?:{re.escape(other)}\d{{3}})+{re.escape(decimal)}\d{{2}}(?!\d)"
        rf"|\d+{re.escape(decimal)}\d+|\d+{re.escape(other)}\d{{1,2}}(?![\d.,]\d|\d)|\d+)"
    )


def money_shape(language: str, region: str, number: str) -> str:
    """An amount with its sign or code before or after it, and a word such as million."""
    symbols = set(SYMBOLS) - (set() if region in ("CH", "LI") else {"Fr."})  # a Friday, or a woman
    signs = "|".join(re.escape(sign) for sign in sorted(symbols, key=len, reverse=True))
    signs = signs.replace(r"Fr\.", r"Fr\.(?!\s\d{1,2}(?:\.\s?(?:\d{1,2}\.|[A-Z])|:\d))")
    codes = "|".join(CURRENCIES)
    before = "|".join(code for code in CURRENCIES if code != "INR")  # a blood test
    sizes = "|".join(re.escape(word) for word in sorted(MAGNITUDES.get(language, ()), key=len, reverse=True))
    size = rf"(?:\s?(?:{sizes}))?" if sizes else ""
    names = "|".join(sorted((re.escape(word) for word in currency_words(language)), key=len, reverse=True))
    with_name = rf"|{number}(?<=[.,]\d\d)\s(?:{names})" if names else ""
    return (
        rf"(?<![\w.,])[-−]?(?:(?:{signs})\s?{number}(?:\s(?:{codes})\b)?{size}|(?:{before})\s{number}{size}"
        rf"|{number}(?:,[-–—]{{1,2}})?{size}\s?(?:{signs}|元|(?:{codes})\b){with_name})(?:,[-–—]{{1,2}})?{END}(?![.,]\d)"
    )


def groups_shape(language: str) -> str:
    """Digits in several groups that are no grouped number: account and card numbers."""
    grouped = r"(?!\d{1,3}(?: \d{3})+(?:,\d+)?(?![\d ]))" if language in ("fr", "es", "pt", "it") else ""
    return rf"{ALONE}{grouped}\d{{2,6}}(?: \d{{2,6}}){{2,}}(?![\w-])"


def telephones(language: str) -> str:
    """International, with an area code, and as each country groups them."""
    extension = r"(?:,?\s?x\d{1,6}(?!\w))?"
    parts = [
        rf"(?:(?<!\w)tel:)?\+\d[\d\u00a0 ()/.–-]{{6,}}\d{extension}",
        rf"{ALONE}(?:00\d{{1,3}}[ \u00a0]?)?\(0\)[ \u00a0]?\d[\d\u00a0 /-]{{4,}}\d{extension}(?![\w/-])",
        rf"{ALONE}(?:\(0\d+\)|0\d+)[ /\u00a0-]\d[\d\u00a0 /-]{{3,}}\d{extension}(?![\w/-])",
        rf"{ALONE}\(?[2-9]\d{{2}}\)?[ -]\d{{3}}-\d{{4}}{extension}(?![\w-])",
    ]
    if language == "es":
        parts.append(rf"{ALONE}[6-9]\d{{2}}(?: \d{{3}} \d{{3}}|(?: \d{{2}}){{3}}|\d{{6}})(?![\w,])")
    if language == "pt":
        parts.append(rf"{ALONE}[29]\d{{2}} ?\d{{3}} ?\d{{3}}(?![\w,])")
    if language == "it":
        parts.append(
            rf"{ALONE}(?:80[03]|84[08]|199)[ .]\d{{3}}[ .]\d{{3}}(?!\w)|{ALONE}(?:0\d{{1,3}}|3\d\d)[./]\d{{6,7}}(?!\w)"
        )
    if language == "fr":
        parts.append(rf"{ALONE}0\d{{9}}(?![\w-])|{ALONE}0[ .]\d{{3}}(?:[ .]\d{{2,3}}){{2,3}}(?![\w-])")
    if language == "zh":
        parts.append(r"(?<![\d.,-])1[3-9]\d{9}(?!\d)")
    return "|".join(parts)


DAYS: Final = r"7\s?j(?:ours)?\s?/\s?7"
ALWAYS: Final = rf"24\s?h(?:eures)?\s?/\s?24(?:\s?(?:et|,|-)?\s?{DAYS})?(?!\w)|{DAYS}(?!\w)"


def also(parts: str) -> str:
    """One more alternative, where there is one."""
    return f"|{parts}" if parts else ""


def after(heads: tuple[str, ...], shape: str) -> str:
    """`shape`, which begins with a digit, after one of `heads`."""
    if not heads:
        return ""
    behind = "|".join(rf"(?<={re.escape(head)})" for head in heads)
    return rf"(?=\d)(?:{behind})(?:{shape})"


def moneys_shape(number: str) -> str:
    """Two amounts with one sign: `20–30 €`, `€20-30`."""
    signs = "|".join(re.escape(sign) for sign in sorted(SYMBOLS, key=len, reverse=True))
    codes = "|".join(CURRENCIES)
    dash = r"\s?[-–—]\s?"
    return (
        rf"(?<![\w.,]){number}{dash}{number}\s?(?:{signs}|(?:{codes})\b){END}"
        rf"|(?<![\w.,])(?:{signs})\s?{number}{dash}{number}{END}"
    )


def ranks(language: str) -> str:
    """`3°` where it is no temperature."""
    if language not in RANKED:
        return ""
    nouns = rf"\s(?:{'|'.join(RANKED[language])})\b"
    if language == "it":
        nouns += r"|\s(?!(?:nell[ae]|sotto|sopra|gradi|oggi|domani|durante|circa|all[ae])\b)[a-zàèéìòù]{4,}"
        nouns += r"|\s(?:al|e)\s\d"
    return rf"{START}\d{{1,3}}°(?={nouns})"


def numeric_forms(language: str) -> str:
    """Short forms that are read so before a number only: `S. 12`, `No. 5`, `Hauptstr. 12`."""
    forms = sorted(NUMERIC_FORMS.get(language, {}), key=len, reverse=True)
    if not forms:
        return ""
    own_word = r"(?<![^\W\d_])"
    listed = "|".join((r"[^\W\d_]*" if form in ENDINGS else own_word) + re.escape(form) for form in forms)
    numbered = rf"(?:{listed})(?=\s?\d|\s[A-Z]{{1,3}}[-/\d])"
    if language != "en":
        return numbered
    number_sign = rf"{own_word}[Nn]o\.(?=\s(?:is|was)\b|:|\s[A-Z]{{0,3}}[-/*\d])"
    return rf"{NO_ANSWER}(?:{numbered}|{number_sign})"


NO_ANSWER: Final = r"(?!(?<=\bis )no\.|(?<=\b[Ss]ay )no\.)"
"""`The answer is no. 3 of you left.`"""


def dates(language: str) -> str:
    """Days in figures, and with the name of their month."""
    months = "|".join(sorted((re.escape(name) for name in month_names(language)), key=len, reverse=True))
    numeric = (
        (rf"{START}\d{{1,2}}\.\s?\d{{1,2}}\.\s?(?:{YEAR}|\d{{2}}){END}" if language != "zh" else "(?!)")
        + rf"|{START}\d{{1,2}}[/-]\d{{1,2}}[/-](?:{YEAR}|\d{{2}}){END}"
        rf"|{START}{YEAR}[/.]\d{{1,2}}[/.]\d{{1,2}}{END}"
        rf"|{START}\d{{1,2}}-(?i:{months})\.?-{YEAR}{END}"
    )
    by_language = {
        "en": rf"(?i:\b(?:{months})\.? \d{{1,2}}(?:(?:st|nd|rd|th)?,? {YEAR}{END}|(?:st|nd|rd|th){END}|{END}{NO_COUNT})"
              rf"(?![:/.]\d)"
              rf"|{START}\d{{1,2}}(?:st|nd|rd|th)? (?:of )?(?:{months})\b\.?(?:,? {YEAR}{END})?(?! (?:{STREETS})\b))",
        "de": rf"{START}\d{{1,2}}\.\s?(?:(?i:{months})\b\.?(?:\s{YEAR}{END})?|\d{{1,2}}\.(?!\d))",
        "es": rf"{START}\d{{1,2}}º? de (?i:{months})\b\.?(?: del? {YEAR}{END})?",
        "pt": rf"{START}\d{{1,2}}º? de (?i:{months})\b\.?(?: de {YEAR}{END})?",
        "fr": rf"{START}(?:1er|\d{{1,2}})[ \u00a0](?i:{months})(?![\w])\.?(?:[ \u00a0]{YEAR}{END})?",
        "it": rf"{START}\d{{1,2}}º?°? (?i:{months})\b\.?(?: {YEAR}{END})?",
        "zh": r"\d{1,2}月\d{1,2}[日号]",
    }  # fmt: skip
    return f"{by_language.get(language, '(?!)')}|{numeric}"


def times(language: str) -> str:
    """Times of day, with what is written after them."""
    clock = rf"{START}(?:[01]?\d|2[0-4]):[0-5]\d(?::[0-5]\d)?(?!\d|[:/]\d)"
    halves = r"(?:\s?[AaPp]\.?\s?[Mm]\b\.?(?!\w))"
    hour = r"(?:[01]?\d|2[0-3])"
    extra = {
        "en": rf"{clock}{halves}?|{START}(?:1[0-2]|0?[1-9])(?:\.[0-5]\d)?{halves}",
        "de": rf"{clock}(?:\s?Uhr\b)?|{START}{hour}\.[0-5]\d(?=\s?[-–]\s?\d\d?\.[0-5]\d\s?Uhr)"
        rf"|{START}{hour}(?:\.[0-5]\d)?\s?Uhr\b",
        "fr": rf"{clock}(?:\s?h\b)?|{START}{hour}\s?h(?:\s?[0-5]\d(?:\s?min\b)?)?{END}",
        "es": rf"{clock}(?:{halves}|\s?h(?:oras)?\b\.?)?|{START}(?:1[0-2]|0?[1-9]){halves}"
        rf"|{START}{hour}(?:h[0-5]\d|[.:][0-5]\d\s?h){END}|(?=\d)(?:(?<=\blas )|(?<=\bla )|(?<=[-–])){hour}\s?h{END}",
        "pt": rf"{clock}(?:\s?h\b)?|{START}{hour}h(?:[0-5]\d)?{END}",
        "zh": r"\d{1,2}[:：][0-5]\d(?:[:：][0-5]\d|分)?|\d{1,2}[点时](?:\d{1,2}分?)?",
    }
    return extra.get(language, clock)


def ordinals(language: str) -> str:
    """`3rd`, `3.`, `3º`, `3e`."""
    return {
        "en": rf"{START}(?:\d{{1,3}}(?:,\d{{3}})+|\d{{1,6}})(?:st|nd|rd|th){END}",
        "de": rf"{START}\d{{1,3}}\.(?=\s[^\W\d_]|\s?[-–]\s?\d{{1,2}}\.|,\s?\d{{1,3}}\.)",
        "es": rf"{START}\d{{1,3}}(?:\.?[ºª°](?!C)|(?:\.?er|r[oa]|d[oa]|t[oa]|m[oa]|v[oa]|n[oa]){END})",
        "pt": rf"{START}\d{{1,3}}\.?[ºª°](?!C)",
        "it": rf"{START}\d{{1,3}}[ºª°](?!C)",
        "fr": rf"{START}\d{{1,6}}(?:er|re|ère|e|ème|nde?){END}",
    }.get(language, "")


def months_alone(language: str) -> str:
    """Short names of months that stand alone, with their dot: `in Oct.`; not those that are a weekday or a word."""
    full = {name for name in month_names(language) if len(name) > 4}
    short = [name for name in month_names(language) if name not in full | {"mar", "mai", "may", "mag"}]
    capital = language in ("en", "de")
    names = "|".join(name.capitalize() if capital else name for name in short if name.isalpha())
    return rf"(?<![\w.])(?:{names})\.(?!\w)" if names else ""


def decades(language: str) -> str:
    """`the 1990s`, `90er`, `anni '80`."""
    return {
        "en": rf"(?<![^\W_])(?<!\d[.,])['’]?(?:1[1-9]|20)?[1-9]0['’]?s{END}|{START}(?:1[1-9]|20)00['’]?s{END}"
        rf"|{START}1000?s(?= of\b)",
        "it": r"(?<!\w)['’]\d\d(?![\w'’])",
        "es": r"(?<!\w)['’]\d\d(?![\w'’])",
        "de": rf"{START}(?:(?:1[1-9]|20)\d0|\d{{1,3}})er{END}",
    }.get(language, "")


def years(language: str) -> str:
    """Four digits after a word that says so."""
    if language == "zh":
        return r"(?<!\d)[12]\d{3}(?=年)"
    century = "(?:1[1-9]|20)" if language == "en" else "1[1-9]"
    heads = "|".join(rf"(?<=\b{head})" for head in leads.YEAR.get(language, ()))
    strong = rf"(?=\d)(?:{heads}){century}\d\d{END}(?![.,]\d)" if heads else ""
    return strong + also(WEAK_YEARS if language == "en" else "")


WEAK_YEARS: Final = (
    r"(?=\d)(?:(?<=\bof )|(?<=\bby )|(?<=\bfrom )|(?<=\bto )|(?<=\bfor ))(?:1[7-9]|20)\d\d(?!\w)(?![.,]\d)"
    r"(?!\s(?!(?:and|or|to|until|is|was|were|will|in|at|on|for|with|the|we|you|it)\b)[^\W\d_])"
)
"""`the class of 2026`, but not `of 1500 people`."""


FUNCTION: Final = (
    "we|you|they|he|she|it|our|your|the|this|that|are|were|has|have|had|can|may|must|should|would|a|an|"
    "and|or|to|at|from|until|for|in|on|by|is|was|with|if|as|but|please|after|before|between|through|will"
)
NO_COUNT: Final = rf"(?! (?!(?:{FUNCTION})\b)[a-z])"
"""`In March 5 people came` is no day."""


def dotted_times(language: str) -> str:
    """`9.30`, after a word that says so or in a range of such times."""
    hour = r"(?:[01]?\d|2[0-4])\.[0-5]\d"
    alone = r"(?![\d%€$£]|\s?[AaPp]\.?[Mm]\b|\s?(?:%|€|km|kg|m|l|mg|cm|mi|euros?|Euro)\b|\.\d)"
    whole = r"(?:[01]?\d|2[0-4])\.[0-5][05]"
    between = r"(?:\s?[-–]\s?|\s(?:to|bis|a|à|às|alle)\s)"
    first = rf"{START}{whole}(?={between}{whole}{alone})"
    behind = "|".join(
        rf"(?<=\.\d[05]{gap})" for gap in ("-", "–", " - ", " – ", " to ", " bis ", " a ", " à ", " às ")
    )
    leads_of = leads.TIME.get(language, ())
    if not leads_of:
        return ""
    return rf"{after(leads_of, hour + alone)}|{first}|(?=\d)(?:{behind}){whole}{alone}"


def day_ranges() -> str:
    """`May 5-8`, `24-26 Dec`."""
    months = "|".join(sorted((re.escape(name) for name in month_names("en")), key=len, reverse=True))
    return (
        rf"(?i:\b(?:{months})\b\.? {DAY}\s?[-–]\s?{DAY}(?:, {YEAR})?{END}(?![-/:.]\d))"
        rf"|(?i:{START}{DAY}\s?[-–]\s?{DAY} (?:{months})\b\.?(?: {YEAR}{END})?)"
    )


def streets(language: str) -> str:
    """Numbers of houses and rooms, which English reads in pairs; postal codes of a place."""
    if language == "en":
        return (
            rf"{START}\d{{3,4}}(?= (?:[NSEW]\.? )?(?:(?:[A-Z][a-z]+|\d+(?:st|nd|rd|th)) ){{1,3}}(?:{STREETS})(?!\w))"
            rf"|{after(ROOMS, rf'[0-9]{{3,4}}{END}(?![.,][0-9])')}"
            r"|(?<=, [A-Z]{2} )\d{5}(?:-\d{4})?(?![\w-])"
        )
    if language in ("de", "es", "it"):
        return r"(?<=, )\d{5}(?= [A-ZÄÖÜÁÉÍÓÚ])"
    return ""


STREETS: Final = (
    "St|Street|Ave|Avenue|Rd|Road|Blvd|Boulevard|Ln|Lane|Dr|Drive|Way|Ct|Court|Pl|Place|Hwy|Highway|Pkwy|Parkway"
    "|Terrace|Circle|Square"
)
ROOMS: Final = tuple(
    f"{head} "
    for noun in words("Room Suite Apartment Unit Ward Flight Highway Interstate Exit Bus Flat")
    for head in (noun, noun.lower())
)


def slashes(language: str) -> str:
    """Two words of which one holds: `he/she`, `estimado/a`."""
    pairs = "|".join(re.escape(pair) for pair in sorted(SLASHED.get(language, ()), key=len, reverse=True))
    shape = rf"(?<!\w)(?i:{pairs})(?!\w)" if pairs else ""
    if language in ("es", "pt", "it"):
        shape += r"|(?<!\w)[^\W\d_]{2,}o/a(?!\w)|(?<!\w)[^\W\d_]{2,}os/as(?!\w)"
    return shape


def periods(language: str) -> str:
    """The stroke of `3 veces/día`, `mg/day`."""
    nouns = "|".join(PERIODS.get(language, ()))
    return rf"(?:(?<=[^\W\d_]{{3}})|(?<=\d[x×]))/(?=(?:{nouns})\b)" if nouns else ""


def weekdays(language: str) -> str:
    """Short names of days: two with a dash, a list with strokes, one before a day or a month."""
    names = sorted(WEEKDAYS.get(language, ()), key=len, reverse=True)
    if not names:
        return ""
    months = "|".join(re.escape(name) for name in month_names(language))
    day = rf"(?:{'|'.join((*names, *(name.capitalize() for name in names)))})\.?"
    alone = day if language == "en" else day.removesuffix("?")  # `le jeu 5`, `pode ter 2` are no weekdays
    listed = rf"|(?<![\w.]){day}(?:/{day})+(?!\w)"
    following = r"\d{1,2}(?!\d)" + rf"|(?i:{months})\b"
    return rf"(?<![\w.]){day}\s?[-–—]\s?{day}(?!\w){listed}|(?<![\w.]){alone}(?=,?\s(?:{following}))"


def short_forms(language: str) -> str:
    """Abbreviations that are read in full wherever they stand."""
    forms = sorted(SHORT_FORMS.get(language, {}), key=len, reverse=True)
    return r"(?<![\w.])(?:" + "|".join(re.escape(form) for form in forms) + r")(?![^\W\d_])" if forms else ""
