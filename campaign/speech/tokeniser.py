"""Typed values found in prose: amounts, dates, times, numbers, codes, addresses, abbreviations, by locale.

What NeMo's grammars read wrongly or not at all (amounts in German, ISO dates in French, codes anywhere)
never reaches them: it is recognised here, most specific pattern first, and verbalised like a declared value.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from campaign.speech.abbreviations import SHORT_FORMS
from campaign.speech.values import Kind, Options, TypedValue
from campaign.speech.verbalise.money import CURRENCIES, SYMBOLS
from campaign.speech.verbalise.numbers import LANGUAGES
from campaign.speech.verbalise.units import UNITS, VULGAR_FRACTIONS
from campaign.speech.verbalise.words import ROUND_THE_CLOCK
from campaign.speech.verbalise.written import month_names, separators

_TRIGGER: Final = re.compile(r"[^\W\d_]\.|\w@|www\.|[&%§€$£¥@#+=/°×<>~½¼¾⅓⅔⅛⅜⅝]|[^\D]|[º ª]\b")
_END: Final = r"(?![\w])"
_START: Final = r"(?<![\w.,])"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A typed value in a text."""

    start: int
    end: int
    value: TypedValue


def find_values(text: str, language: str, region: str = "") -> tuple[Found, ...]:
    """Every typed value in `text`, in order, never overlapping."""
    if language not in LANGUAGES or not _TRIGGER.search(text):
        return ()
    return _find(text, language, region)


@lru_cache(maxsize=8192)
def _find(text: str, language: str, region: str) -> tuple[Found, ...]:
    found: list[Found] = []
    for match in _pattern(language, region).finditer(text):
        value = _value(match, text, language)
        if value is not None:
            found.append(Found(start=match.start(), end=match.end(), value=value))
    return tuple(found)


def _number(language: str, region: str) -> str:
    decimal, group = separators(language, region)
    spaces = "\u00a0\u202f\u2009" + (" " if language in ("fr", "es", "pt", "it") else "")
    groups = "".join(sorted(set(group) | set(spaces) | ({"'", "’"} if region in ("CH", "LI") else set())))
    other = "." if decimal == "," else ","
    return (
        rf"(?:\d{{1,3}}(?:[{re.escape(groups)}]\d{{3}})+(?:{re.escape(decimal)}\d+)?(?!\d)"
        rf"|\d+{re.escape(decimal)}\d+|\d+{re.escape(other)}\d{{1,2}}(?![\d.,]\d|\d)|\d+)"
    )


@lru_cache(maxsize=64)
def _pattern(language: str, region: str) -> re.Pattern[str]:
    number = _number(language, region)
    months = "|".join(sorted((re.escape(name) for name in month_names(language)), key=len, reverse=True))
    signs = "|".join(re.escape(sign) for sign in sorted(SYMBOLS, key=len, reverse=True))
    codes = "|".join(CURRENCIES)
    units = "|".join(re.escape(name) for name in sorted(UNITS, key=len, reverse=True))
    parts = [
        ("address", _ADDRESS),
        ("iso", rf"{_START}\d{{4}}-\d{{2}}-\d{{2}}{_END}|\d{{4}}年\d{{1,2}}月\d{{1,2}}[日号]"),
        ("date", _dates(language, months)),
        ("round", rf"{_START}24/7{_END}"),
        ("time", _times(language)),
        ("telephone", _telephones(language)),
        ("money", rf"(?<![\w.,])[-−]?(?:(?:{signs})\s?{number}|(?:{codes})\s{number}"
                  rf"|{number}(?:,[-–—])?\s?(?:{signs}|元|(?:{codes})\b))(?:,[-–—])?{_END}"),
        ("unit", rf"{_START}[-−]?{number}\s?(?:{units}|%)(?![\w/²³])"),
        ("fraction", rf"{_START}(?:\d+ )?(?:[1-9]/[2-9]|[1-9]/10|1/100){_END}(?![/])"
                     rf"|(?:\d+\s?)?[{''.join(VULGAR_FRACTIONS)}]"),
        ("ordinal", _ordinals(language)),
        ("range", rf"{_START}\d{{1,4}}\s?[–—]\s?\d{{1,4}}{_END}|{_START}\d{{1,3}}-\d{{1,3}}(?![\w-])"),
        ("code", _CODE),
        ("hash", r"#\s?\d+"),
        ("year", _years(language)),
        ("number", rf"{_START}[-−]?{number}{_END}"),
        ("short", _short_forms(language)),
        ("sign", r"(?<=[\w.\s])\s?[&](?=\s?\w)|(?<=\d)\s?[+=×](?=\s?\d)|§"),
    ]  # fmt: skip
    flags = re.ASCII if language == "zh" else re.NOFLAG  # Chinese letters are no part of a number's word
    return re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in parts if pattern), flags)


_ADDRESS: Final = (
    r"(?:https?://|www\.)[^\s<>\"]+[\w/]|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
    r"|(?<![\w@.])[a-z\d-]+(?:\.[a-z\d-]+)*\.(?:com|org|net|eu|de|es|fr|it|pt|uk|cn|info|io|gov)(?:/[\w/.-]*\w)?\b"
)
_CODE: Final = (
    r"(?<![\w-])(?=[\w/.-]*\d)(?=[\w/.-]*[A-Za-z])[A-Za-z\d]+(?:[-/.][A-Za-z\d]+)*(?![\w-])"
    r"|(?<![\w-])\d+(?:[-/]\d+)+(?![\w-])"
)


def _telephones(language: str) -> str:
    alone = r"(?<![\w.,/-])"
    parts = [
        r"\+\d[\d\u00a0 ()/.–-]{6,}\d",
        rf"{alone}(?:\(0\d+\)|0\d+)[ /\u00a0-]\d[\d\u00a0 /-]{{3,}}\d(?![\w/-])",
        rf"{alone}\(?[2-9]\d{{2}}\)?[ -]\d{{3}}-\d{{4}}(?![\w-])",
    ]
    if language == "es":
        parts.append(rf"{alone}[6-9]\d{{2}}(?: \d{{3}} \d{{3}}|(?: \d{{2}}){{3}})(?![\w,])")
    if language == "fr":
        parts.append(rf"{alone}0\d{{9}}(?![\w-])")
    return "|".join(parts)


def _dates(language: str, months: str) -> str:
    year = r"\d{4}"
    numeric = (
        rf"{_START}\d{{1,2}}\.\s?\d{{1,2}}\.\s?(?:{year}|\d{{2}}){_END}"
        rf"|{_START}\d{{1,2}}([/-])\d{{1,2}}\2(?:{year}|\d{{2}}){_END}".replace(r"\2", "[/-]").replace(
            "([/-])", "[/-]"
        )
        + rf"|{_START}{year}[/.]\d{{1,2}}[/.]\d{{1,2}}{_END}"
    )
    named = {
        "en": rf"(?i:\b(?:{months})\.? \d{{1,2}}(?:st|nd|rd|th)?(?:,? {year})?{_END}(?![:/.]\d)"
              rf"|{_START}\d{{1,2}}(?:st|nd|rd|th)? (?:of )?(?:{months})\b\.?(?:,? {year}{_END})?)",
        "de": rf"{_START}\d{{1,2}}\.\s?(?:(?i:{months})\b\.?(?:\s{year}{_END})?|\d{{1,2}}\.(?!\d))",
        "es": rf"{_START}\d{{1,2}}º? de (?i:{months})\b(?: del? {year}{_END})?",
        "pt": rf"{_START}\d{{1,2}}º? de (?i:{months})\b(?: de {year}{_END})?",
        "fr": rf"{_START}(?:1er|\d{{1,2}})[ \u00a0](?i:{months})(?![\w])\.?(?:[ \u00a0]{year}{_END})?",
        "it": rf"{_START}\d{{1,2}}º?°? (?i:{months})\b(?: {year}{_END})?",
        "zh": r"\d{1,2}月\d{1,2}[日号]",
    }  # fmt: skip
    return f"{named.get(language, '(?!)')}|{numeric}"


def _times(language: str) -> str:
    clock = rf"{_START}(?:[01]?\d|2[0-4]):[0-5]\d(?::[0-5]\d)?(?!\d|[:/]\d)"
    halves = r"(?:\s?[AaPp]\.?[Mm]\b\.?(?!\w))"
    extra = {
        "en": rf"{clock}{halves}?|{_START}(?:1[0-2]|0?[1-9]){halves}",
        "de": rf"{clock}(?:\s?Uhr\b)?|{_START}(?:[01]?\d|2[0-4])(?:\.[0-5]\d)?\s?Uhr\b",
        "fr": rf"{clock}(?:\s?h\b)?|{_START}(?:[01]?\d|2[0-4])\s?h(?:\s?[0-5]\d)?{_END}",
        "es": rf"{clock}(?:\s?h(?:oras)?\b\.?)?|{_START}(?:[01]?\d|2[0-4])(?:h[0-5]\d|(?:[.:][0-5]\d)?\s?h){_END}",
        "pt": rf"{clock}(?:\s?h\b)?|{_START}(?:[01]?\d|2[0-4])h(?:[0-5]\d)?{_END}",
        "it": rf"{clock}|(?<=\bore )(?:[01]?\d|2[0-4])\.[0-5]\d{_END}|(?<=\balle )(?:[01]?\d|2[0-4])\.[0-5]\d{_END}",
        "zh": r"\d{1,2}[:：][0-5]\d|\d{1,2}[点时](?:\d{1,2}分?)?",
    }
    return extra.get(language, clock)


def _ordinals(language: str) -> str:
    return {
        "en": rf"{_START}\d+(?:st|nd|rd|th){_END}",
        "de": rf"{_START}\d{{1,3}}\.(?=\s[^\W\d_])",
        "es": rf"{_START}\d{{1,3}}\.?[ºª°](?!C)",
        "pt": rf"{_START}\d{{1,3}}\.?[ºª°](?!C)",
        "it": rf"{_START}\d{{1,3}}[ºª°](?!C)",
        "fr": rf"{_START}\d{{1,3}}(?:er|re|ère|e|ème|nde?){_END}",
    }.get(language, "")


def _years(language: str) -> str:
    if language != "en":
        return ""
    return (
        rf"(?<=\b[Ii]n )(?:19|20)\d\d{_END}|(?<=\bsince )(?:19|20)\d\d{_END}|(?<=\byear )(?:19|20)\d\d{_END}"
    )


def _short_forms(language: str) -> str:
    forms = sorted(SHORT_FORMS.get(language, {}), key=len, reverse=True)
    return r"(?<![\w.])(?:" + "|".join(re.escape(form) for form in forms) + r")(?!\w)" if forms else ""


def _typed(kind: Kind, written: str, **options: str) -> TypedValue:
    pairs: Options = tuple(sorted(options.items()))
    return TypedValue(kind=kind, written=written, options=pairs)


_PLAIN: Final[dict[str, Kind]] = {
    "address": Kind.ADDRESS,
    "iso": Kind.DATE,
    "date": Kind.DATE,
    "time": Kind.TIME,
    "telephone": Kind.TELEPHONE,
    "money": Kind.MONEY,
    "unit": Kind.UNIT,
    "fraction": Kind.FRACTION,
    "ordinal": Kind.ORDINAL,
    "year": Kind.YEAR,
}


def _value(match: re.Match[str], text: str, language: str) -> TypedValue | None:
    name, written = match.lastgroup or "", match[0]
    if name in _PLAIN:
        return _typed(_PLAIN[name], written)
    return _SPECIAL[name](written, text, match, language)


def _round(written: str, text: str, match: re.Match[str], language: str) -> TypedValue:
    return _typed(Kind.WORDS, written, words=ROUND_THE_CLOCK[language])


def _code(written: str, text: str, match: re.Match[str], language: str) -> TypedValue:
    return _typed(Kind.CODE, written)


def _hash(written: str, text: str, match: re.Match[str], language: str) -> TypedValue:
    return _typed(Kind.CODE, written)


def _range(written: str, text: str, match: re.Match[str], language: str) -> TypedValue:
    low, high = (int(part) for part in re.split(r"\s?[-–—]\s?", written))
    leading = re.search(r"(?:^|[-–—])\s?0\d", written)
    return _typed(Kind.RANGE if low < high and not leading else Kind.CODE, written)


def _plain_number(written: str, text: str, match: re.Match[str], language: str) -> TypedValue:
    figures = written.lstrip("-−")
    if figures.isdigit() and (len(figures) > 9 or (len(figures) > 1 and figures[0] == "0")):
        return _typed(Kind.DIGITS, figures)
    return _typed(Kind.CARDINAL, written)


def _short(written: str, text: str, match: re.Match[str], language: str) -> TypedValue | None:
    words = SHORT_FORMS[language][written]
    if language == "en" and written == "St." and not text[match.end() :].lstrip()[:1].isupper():
        words = "Street"
    return _typed(Kind.WORDS, written, words=words)


def _sign(written: str, text: str, match: re.Match[str], language: str) -> TypedValue:
    return _typed(Kind.SYMBOL, written.strip())


_SPECIAL: Final[dict[str, Callable[[str, str, re.Match[str], str], TypedValue | None]]] = {
    "round": _round,
    "code": _code,
    "hash": _hash,
    "range": _range,
    "number": _plain_number,
    "short": _short,
    "sign": _sign,
}
