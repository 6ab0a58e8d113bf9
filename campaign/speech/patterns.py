"""How typed values look in prose, one pattern a kind, the most specific first; by language and region."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from campaign.speech import leads
from campaign.speech.abbreviations import ENDINGS, NUMERIC_FORMS, SHORT_FORMS
from campaign.speech.verbalise.money import CURRENCIES, MAGNITUDES, SYMBOLS, currency_words
from campaign.speech.verbalise.roman import roman_pattern
from campaign.speech.verbalise.units import DOTTED_UNITS, UNITS, VULGAR_FRACTIONS
from campaign.speech.verbalise.words import PERIODS, RANKED, SLASHED, WEEKDAYS
from campaign.speech.verbalise.written import month_names, separators
from campaign.speech.wordlist import words

_END: Final = r"(?![\w])"
_MINUS: Final = r"(?:(?<![.)\]])[-−])?"
"""Not the dash of `8 a.m.-6 p.m.`"""
_MASK: Final = r"(?:[*•]{2,}|x{2,}|X{4,})"
_START: Final = r"(?<!\w)(?<!\d[.,])"
_ALONE: Final = r"(?<![\w.,/-])"
_YEAR: Final = r"\d{4}"
_DOTLESS: Final = sorted({form for forms in SHORT_FORMS.values() for form in forms if form.isalpha()})
TRIGGER: Final = re.compile(
    r"\d|[^\W\d_]\.|\w@|www\.|[^\W\d_]/[^\W\d_]|[〇•*&%§€$£¥₹¢@#+=°×<>≤≥~≈±½¼¾⅓⅔⅛⅜⅝]|[º ª]\b"
    rf"|(?<!\w)(?:{'|'.join(_DOTLESS)})(?!\w)|\b[IVX]+(?:er?|re|ème)?\b"
)
"""Without one of these a text holds no typed value."""


@lru_cache(maxsize=64)
def pattern(language: str, region: str) -> re.Pattern[str]:
    """Every kind as a named group."""
    number = _number(language, region)
    parts = [
        ("address", _ADDRESS),
        ("iso", rf"{_START}\d{{4}}-\d{{2}}-\d{{2}}{_END}|\d{{4}}年\d{{1,2}}月\d{{1,2}}[日号]"),
        ("dotted", rf"{_ALONE}0\d(?:\.\d{{2}}){{4}}{_END}" if language == "fr" else ""),
        ("date", _dates(language)),
        ("daymonth", _after(leads.DAY.get(language, ()), rf"\d{{1,2}}/\d{{1,2}}{_END}(?!/)")),
        ("round", rf"{_START}24/7{_END}"),
        ("always", _ALWAYS if language == "fr" else ""),
        ("version", rf"{_START}\d+(?:\.\d+){{2,}}{_END}(?!\.\d)" if language in ("en", "zh") else ""),
        ("time", _times(language)),
        ("ratio", rf"{_START}(?:\d{{1,3}}:\d|(?:2[5-9]|[3-9]\d|\d{{3}}):\d{{1,3}}){_END}(?!:)"),
        ("pressure", rf"{_START}(?:[6-9]\d|[12]\d\d)/(?:[3-9]\d|1[0-4]\d){_END}(?![/-])"
                     + _or(_after(leads.PRESSURE.get(language, ()), rf"\d{{1,2}}/\d{{1,2}}{_END}(?!/)"))),
        ("mark", rf"{_START}\d{{1,3}}[.,]\d{{1,2}}\s?/\s?\d{{1,3}}{_END}(?!/)" if language != "zh" else ""),
        ("iban", r"(?<!\w)[A-Z]{2}\d{2}(?: [\dA-Z]{4}){3,7}(?: [\dA-Z]{1,3})?(?!\w)"),
        ("telephone", _telephones(language)),
        ("emergency", _after(leads.DIAL.get(language, ()), rf"1?[19]1[0-9]{_END}")),
        ("secret", _after(leads.CODE.get(language, ()), rf"(?:\d{{2,6}}(?:[ -]\d{{2,6}})+|\d{{3,8}}){_END}(?![.,]\d)")),
        ("moneys", _moneys(number)),
        ("money", _money(language, number)),
        ("cents", rf"{_START}\d{{1,3}}\s?¢"),
        ("masked", rf"(?<![\w*•]){_MASK}(?:[ -]{_MASK}){{0,4}}[ -]?\d{{3,6}}(?!\w)"),
        ("groups", _groups(language)),
        ("dimensions", rf"{_START}\d+\s?[x×]\s?\d+(?:\s?[x×]\s?\d+)?(?:\s?(?:{_units(language)}))?"
                       r"(?![\w/²³]|\s?[€$£¥])"),
        ("times", rf"{_START}\d{{1,2}}\s?[x×](?![\w\s]*\d){_END}"),
        ("decade", _decades(language)),
        ("measures", rf"{_START}{number}\s?[-–—]\s?{number}\s?(?:{_measures(language)}|%)(?![\w/²³])"),
        ("rank", rf"{_START}\d{{1,3}}°(?=\s(?:{'|'.join(RANKED[language])})\b)" if language in RANKED else ""),
        ("feet", rf"{_START}\d{{1,2}}['′]\s?\d{{1,2}}(?:[\"″]|'')|{_START}\d+(?:\.\d+)?[\"″](?=[\s.,;)])"
                 if language == "en" else ""),
        ("rate", rf"{_START}{_MINUS}{number}\s?(?:{_units(language)})/(?:{_units(language)})(?![\w/²³])"),
        ("unit", rf"{_START}{_MINUS}{number}\s?(?:{_measures(language)}|%)(?![\w/²³])"),
        ("fraction", rf"{_START}(?:\d+ )?(?:[1-9]/[2-9]|[1-9]/10|1/100){_END}(?![/])"
                     rf"|(?:\d+\s?)?[{''.join(VULGAR_FRACTIONS)}]"),
        ("ordinal", _ordinals(language)),
        ("halves", rf"{_START}(\d{{2}})/(?P=half){_END}".replace(r"(\d{2})", r"(?P<half>\d{2})")),
        ("range", rf"{_START}\d{{1,4}}\s?[–—]\s?\d{{1,4}}{_END}|{_START}\d{{1,3}}-\d{{1,3}}(?![\w-])"),
        ("initials", r"(?<![\w.])(?:[A-Z]\.){2,}(?!\w)"),
        ("roman", roman_pattern(language)),
        ("street", _streets(language)),
        ("room", r"(?<!\d)\d{3,4}(?=号?[室房])" if language == "zh" else ""),
        ("numeric", _numeric(language)),
        ("years", rf"{_START}(?:1[5-9]|20)\d\d\s?[-–/]\s?(?:1[5-9]|20)\d\d{_END}"),
        ("hyphenated", rf"{_START}{number}-(?:{_units(language)})(?=-[^\W\d_]{{2,}}|\s[^\W\d_])"
                       if language in ("en", "de") else ""),
        ("compound", rf"{_START}{number}(?=-[^\W\d_]{{3,}})"),
        ("code", _CODE),
        ("hash", r"#\s?\d+"),
        ("month", _months(language)),
        ("year", _years(language)),
        ("leading", r"(?<![\w.,])[-−]?\.\d+(?!\w)(?!\.\d)"),
        ("number", rf"{_START}{_MINUS}{number}{_END}(?!['′’]\d)"),
        ("weekdays", _weekdays(language)),
        ("slashed", _slashes(language)),
        ("short", _short_forms(language)),
        ("rated", rf"(?<=[\d€$£])\s?/\s?(?:{_units(language)})(?![\w])\.?"),
        ("by", r"(?<=[\dm])\s?[x×]\s?(?=\d)"),
        ("per", r"(?<=[\d€$£])\s?/(?=\s?[^\W\d_]{3,})" + _or(_periods(language))),
        ("each", r"(?<=[元块次\d])/(?=[月年天日时周晚个])" if language == "zh" else ""),
        ("sign", r"(?<=[\w.\s])\s?[&](?=\s?\w)|(?<=\d)\s?[+=×](?=\s?\d)|§|[~≈±<>≤≥](?=\s?[\d€$£])|〇|#(?=[A-Z]+[-\d])"),
    ]  # fmt: skip
    flags = re.ASCII if language == "zh" else re.NOFLAG  # Chinese letters are no part of a number's word
    return re.compile("|".join(f"(?P<{name}>{one})" for name, one in parts if one), flags)


_ADDRESS: Final = (
    r"(?:https?://|www\.)[^\s<>\"]+[\w/]|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
    r"|(?<![\w@.])[a-z\d-]+(?:\.[a-z\d-]+)*\.(?:com|org|net|eu|de|es|fr|it|pt|uk|cn|info|io|gov)(?:/[\w/.-]*\w)?\b"
)
_CODE: Final = (
    r"(?<![\w-])(?=[\w/.-]*\d)(?=[\w/.-]*[A-Za-z])[A-Za-z\d]+(?:[-/.][A-Za-z\d]+)*(?![\w-])"
    r"|(?<![\w-])\d+(?:[-/]\d+)+(?![\w-])"
)


@lru_cache(maxsize=16)
def _units(language: str) -> str:
    signs = (name for name, names in UNITS.items() if language in names)
    return "|".join(re.escape(name) for name in sorted(signs, key=len, reverse=True))


def _measures(language: str) -> str:
    """Units, and short forms of them with a dot that ends no sentence: `8 hrs. before`."""
    short = "|".join(sorted(DOTTED_UNITS, key=len, reverse=True))
    return rf"(?:{short})\.(?=,|\s+[^\W_A-ZÄÖÜ])|(?:{_units(language)})(?!(?<=\b[VW])\.)"


def _number(language: str, region: str) -> str:
    """A number as the locale writes it, or as a machine does."""
    decimal, group = separators(language, region)
    spaces = "\u00a0\u202f\u2009" + (" " if language in ("fr", "es", "pt", "it") else "")
    groups = "".join(sorted(set(group) | set(spaces) | ({"'", "’"} if region in ("CH", "LI") else set())))
    other = "." if decimal == "," else ","
    return (
        rf"(?:\d{{1,3}}(?:[{re.escape(groups)}]\d{{3}})+(?:{re.escape(decimal)}\d+)?(?!\d)"
        rf"|\d{{1,3}}(?:{re.escape(decimal)}\d{{3}})+{re.escape(other)}\d{{2}}(?!\d)"
        rf"|\d{{1,3}}(?:{re.escape(other)}\d{{3}})+{re.escape(decimal)}\d{{2}}(?!\d)"
        rf"|\d+{re.escape(decimal)}\d+|\d+{re.escape(other)}\d{{1,2}}(?![\d.,]\d|\d)|\d+)"
    )


def _money(language: str, number: str) -> str:
    signs = "|".join(re.escape(sign) for sign in sorted(SYMBOLS, key=len, reverse=True))
    codes = "|".join(CURRENCIES)
    sizes = "|".join(re.escape(word) for word in sorted(MAGNITUDES.get(language, ()), key=len, reverse=True))
    size = rf"(?:\s?(?:{sizes}))?" if sizes else ""
    named = "|".join(sorted((re.escape(word) for word in currency_words(language)), key=len, reverse=True))
    worded = rf"|{number}(?<=[.,]\d\d)\s(?:{named})" if named else ""
    return (
        rf"(?<![\w.,])[-−]?(?:(?:{signs})\s?{number}(?:\s(?:{codes})\b)?{size}|(?:{codes})\s{number}{size}"
        rf"|{number}(?:,[-–—]{{1,2}})?{size}\s?(?:{signs}|元|(?:{codes})\b){worded})(?:,[-–—]{{1,2}})?{_END}"
    )


def _groups(language: str) -> str:
    """Digits in several groups that are no grouped number: account and card numbers."""
    grouped = r"(?!\d{1,3}(?: \d{3})+(?:,\d+)?(?![\d ]))" if language in ("fr", "es", "pt", "it") else ""
    return rf"{_ALONE}{grouped}\d{{2,6}}(?: \d{{2,6}}){{2,}}(?![\w-])"


def _telephones(language: str) -> str:
    parts = [
        r"\+\d[\d\u00a0 ()/.–-]{6,}\d",
        rf"{_ALONE}(?:\(0\d+\)|0\d+)[ /\u00a0-]\d[\d\u00a0 /-]{{3,}}\d(?![\w/-])",
        rf"{_ALONE}\(?[2-9]\d{{2}}\)?[ -]\d{{3}}-\d{{4}}(?![\w-])",
    ]
    if language == "es":
        parts.append(rf"{_ALONE}[6-9]\d{{2}}(?: \d{{3}} \d{{3}}|(?: \d{{2}}){{3}}|\d{{6}})(?![\w,])")
    if language == "pt":
        parts.append(rf"{_ALONE}[29]\d{{2}} ?\d{{3}} ?\d{{3}}(?![\w,])")
    if language == "fr":
        parts.append(rf"{_ALONE}0\d{{9}}(?![\w-])")
    if language == "zh":
        parts.append(r"(?<![\d.,-])1[3-9]\d{9}(?!\d)")
    return "|".join(parts)


_DAYS: Final = r"7\s?j(?:ours)?\s?/\s?7"
_ALWAYS: Final = rf"24\s?h(?:eures)?\s?/\s?24(?:\s?(?:et|,|-)?\s?{_DAYS})?(?!\w)|{_DAYS}(?!\w)"


def _or(parts: str) -> str:
    return f"|{parts}" if parts else ""


def _after(heads: tuple[str, ...], what: str) -> str:
    """`what`, which begins with a digit, after one of `heads`."""
    if not heads:
        return ""
    behind = "|".join(rf"(?<={re.escape(head)})" for head in heads)
    return rf"(?=\d)(?:{behind})(?:{what})"


def _moneys(number: str) -> str:
    """Two amounts with one sign: `20–30 €`, `€20-30`."""
    signs = "|".join(re.escape(sign) for sign in sorted(SYMBOLS, key=len, reverse=True))
    codes = "|".join(CURRENCIES)
    dash = r"\s?[-–—]\s?"
    return (
        rf"(?<![\w.,]){number}{dash}{number}\s?(?:{signs}|(?:{codes})\b){_END}"
        rf"|(?<![\w.,])(?:{signs})\s?{number}{dash}{number}{_END}"
    )


def _numeric(language: str) -> str:
    """Short forms that are read so before a number only: `S. 12`, `No. 5`, `Hauptstr. 12`."""
    forms = sorted(NUMERIC_FORMS.get(language, {}), key=len, reverse=True)
    if not forms:
        return ""
    own_word = r"(?<![^\W\d_])"
    listed = "|".join((r"[^\W\d_]*" if form in ENDINGS else own_word) + re.escape(form) for form in forms)
    named = r"|(?<![^\W\d_])[Nn]o\.(?=\s(?:is|was)\b|:|\s[A-Z]{0,3}[-/*\d])" if language == "en" else ""
    return rf"(?:{listed})(?=\s?\d|\s[A-Z]{{1,3}}[-/\d]){named}"


def _dates(language: str) -> str:
    months = "|".join(sorted((re.escape(name) for name in month_names(language)), key=len, reverse=True))
    numeric = (
        rf"{_START}\d{{1,2}}\.\s?\d{{1,2}}\.\s?(?:{_YEAR}|\d{{2}}){_END}"
        rf"|{_START}\d{{1,2}}[/-]\d{{1,2}}[/-](?:{_YEAR}|\d{{2}}){_END}"
        rf"|{_START}{_YEAR}[/.]\d{{1,2}}[/.]\d{{1,2}}{_END}"
        rf"|{_START}\d{{1,2}}-(?i:{months})\.?-{_YEAR}{_END}"
    )
    named = {
        "en": rf"(?i:\b(?:{months})\.? \d{{1,2}}(?:st|nd|rd|th)?(?:,? {_YEAR})?{_END}(?![:/.]\d)"
              rf"|{_START}\d{{1,2}}(?:st|nd|rd|th)? (?:of )?(?:{months})\b\.?(?:,? {_YEAR}{_END})?)",
        "de": rf"{_START}\d{{1,2}}\.\s?(?:(?i:{months})\b\.?(?:\s{_YEAR}{_END})?|\d{{1,2}}\.(?!\d))",
        "es": rf"{_START}\d{{1,2}}º? de (?i:{months})\b\.?(?: del? {_YEAR}{_END})?",
        "pt": rf"{_START}\d{{1,2}}º? de (?i:{months})\b\.?(?: de {_YEAR}{_END})?",
        "fr": rf"{_START}(?:1er|\d{{1,2}})[ \u00a0](?i:{months})(?![\w])\.?(?:[ \u00a0]{_YEAR}{_END})?",
        "it": rf"{_START}\d{{1,2}}º?°? (?i:{months})\b\.?(?: {_YEAR}{_END})?",
        "zh": r"\d{1,2}月\d{1,2}[日号]",
    }  # fmt: skip
    return f"{named.get(language, '(?!)')}|{numeric}"


def _times(language: str) -> str:
    clock = rf"{_START}(?:[01]?\d|2[0-4]):[0-5]\d(?::[0-5]\d)?(?!\d|[:/]\d)"
    halves = r"(?:\s?[AaPp]\.?\s?[Mm]\b\.?(?!\w))"
    hour = r"(?:[01]?\d|2[0-3])"
    extra = {
        "en": rf"{clock}{halves}?|{_START}(?:1[0-2]|0?[1-9])(?:\.[0-5]\d)?{halves}",
        "de": rf"{clock}(?:\s?Uhr\b)?|{_START}{hour}\.[0-5]\d(?=\s?[-–]\s?\d\d?\.[0-5]\d\s?Uhr)"
        rf"|{_START}{hour}(?:\.[0-5]\d)?\s?Uhr\b",
        "fr": rf"{clock}(?:\s?h\b)?|{_START}{hour}\s?h(?:\s?[0-5]\d(?:\s?min\b)?)?{_END}",
        "es": rf"{clock}(?:{halves}|\s?h(?:oras)?\b\.?)?|{_START}(?:1[0-2]|0?[1-9]){halves}"
        rf"|{_START}{hour}(?:h[0-5]\d|(?:[.:][0-5]\d)?\s?h){_END}",
        "pt": rf"{clock}(?:\s?h\b)?|{_START}{hour}h(?:[0-5]\d)?{_END}",
        "it": rf"{clock}|(?<=\bore ){hour}\.[0-5]\d{_END}|(?<=\balle ){hour}\.[0-5]\d{_END}",
        "zh": r"\d{1,2}[:：][0-5]\d(?:[:：][0-5]\d)?|\d{1,2}[点时](?:\d{1,2}分?)?",
    }
    return extra.get(language, clock)


def _ordinals(language: str) -> str:
    return {
        "en": rf"{_START}(?:\d{{1,3}}(?:,\d{{3}})+|\d{{1,6}})(?:st|nd|rd|th){_END}",
        "de": rf"{_START}\d{{1,3}}\.(?=\s[^\W\d_]|\s?[-–]\s?\d{{1,2}}\.|,\s?\d{{1,3}}\.)",
        "es": rf"{_START}\d{{1,3}}(?:\.?[ºª°](?!C)|(?:\.?er|r[oa]|d[oa]|t[oa]|m[oa]|v[oa]|n[oa]){_END})",
        "pt": rf"{_START}\d{{1,3}}\.?[ºª°](?!C)",
        "it": rf"{_START}\d{{1,3}}[ºª°](?!C)",
        "fr": rf"{_START}\d{{1,6}}(?:er|re|ère|e|ème|nde?){_END}",
    }.get(language, "")


def _months(language: str) -> str:
    """Short names of months that stand alone, with their dot: `in Oct.`; not those that are a weekday or a word."""
    full = {name for name in month_names(language) if len(name) > 4}
    short = [name for name in month_names(language) if name not in full | {"mar", "mai", "may", "mag"}]
    capital = language in ("en", "de")
    names = "|".join(name.capitalize() if capital else name for name in short if name.isalpha())
    return rf"(?<![\w.])(?:{names})\.(?!\w)" if names else ""


def _decades(language: str) -> str:
    return {
        "en": rf"{_START}(?:1[1-9]|20)?[1-9]0['’]?s{_END}|{_START}1000?s(?= of\b)",
        "de": rf"{_START}(?:(?:1[1-9]|20)\d0|\d{{1,3}})er{_END}",
    }.get(language, "")


def _years(language: str) -> str:
    if language == "zh":
        return r"(?<!\d)[12]\d{3}(?=年)"
    century = "(?:1[1-9]|20)" if language == "en" else "1[1-9]"
    heads = "|".join(rf"(?<=\b{head})" for head in leads.YEAR.get(language, ()))
    strong = rf"(?=\d)(?:{heads}){century}\d\d{_END}(?![.,]\d)" if heads else ""
    return strong + _or(_WEAK_YEARS if language == "en" else "")


_WEAK_YEARS: Final = (
    r"(?=\d)(?:(?<=\bof )|(?<=\bby )|(?<=\bfrom )|(?<=\bto )|(?<=\bfor ))(?:1[7-9]|20)\d\d(?!\w)(?![.,]\d)"
    r"(?!\s(?!(?:and|or|to|until|is|was|were|will|in|at|on|for|with|the|we|you|it)\b)[^\W\d_])"
)
"""`the class of 2026`, but not `of 1500 people`."""


def _streets(language: str) -> str:
    """Numbers of houses and rooms, which English reads in pairs; postal codes of a place."""
    if language == "en":
        return (
            rf"{_START}\d{{3,4}}(?= (?:[NSEW]\.? )?(?:(?:[A-Z][a-z]+|\d+(?:st|nd|rd|th)) ){{1,3}}(?:{_STREETS})(?!\w))"
            rf"|{_after(_ROOMS, rf'[0-9]{{3,4}}{_END}(?![.,][0-9])')}"
            r"|(?<=, [A-Z]{2} )\d{5}(?:-\d{4})?(?![\w-])"
        )
    if language in ("de", "es", "it"):
        return r"(?<=, )\d{5}(?= [A-ZÄÖÜÁÉÍÓÚ])"
    return ""


_STREETS: Final = (
    "St|Street|Ave|Avenue|Rd|Road|Blvd|Boulevard|Ln|Lane|Dr|Drive|Way|Ct|Court|Pl|Place|Hwy|Highway|Pkwy|Parkway"
    "|Terrace|Circle|Square"
)
_ROOMS: Final = tuple(
    f"{head} "
    for noun in words("Room Suite Apartment Unit Ward Flight Highway Interstate Exit Bus Flat")
    for head in (noun, noun.lower())
)


def _slashes(language: str) -> str:
    pairs = "|".join(re.escape(pair) for pair in sorted(SLASHED.get(language, ()), key=len, reverse=True))
    both = rf"(?<!\w)(?i:{pairs})(?!\w)" if pairs else ""
    if language in ("es", "pt", "it"):
        both += r"|(?<!\w)[^\W\d_]{2,}o/a(?!\w)|(?<!\w)[^\W\d_]{2,}os/as(?!\w)"
    return both


def _periods(language: str) -> str:
    """The stroke of `3 veces/día`, `mg/day`."""
    nouns = "|".join(PERIODS.get(language, ()))
    return rf"(?:(?<=[^\W\d_]{{3}})|(?<=\d[x×]))/(?=(?:{nouns})\b)" if nouns else ""


def _weekdays(language: str) -> str:
    names = sorted(WEEKDAYS.get(language, ()), key=len, reverse=True)
    if not names:
        return ""
    months = "|".join(re.escape(name) for name in month_names(language))
    day = rf"(?:{'|'.join((*names, *(name.capitalize() for name in names)))})\.?"
    return rf"(?<![\w.]){day}\s?[-–—]\s?{day}(?!\w)|(?<![\w.]){day}(?=,?\s(?:\d|(?i:{months})\b))"


def _short_forms(language: str) -> str:
    forms = sorted(SHORT_FORMS.get(language, {}), key=len, reverse=True)
    return r"(?<![\w.])(?:" + "|".join(re.escape(form) for form in forms) + r")(?![^\W\d_])" if forms else ""
