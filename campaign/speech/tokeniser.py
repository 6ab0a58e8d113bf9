"""Typed values found in prose: amounts, dates, times, numbers, codes, addresses, abbreviations, by locale.

What NeMo's grammars read wrongly or not at all (amounts in German, ISO dates in French, codes anywhere)
never reaches them: it is recognised here and verbalised like a declared value.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from campaign.speech.abbreviations import NUMERIC_FORMS, SHORT_FORMS
from campaign.speech.patterns import TRIGGER, pattern
from campaign.speech.values import Kind, TypedValue
from campaign.speech.verbalise.numbers import LANGUAGES, cardinal, year
from campaign.speech.verbalise.words import (
    BY_WORDS,
    DECADE_ENDINGS,
    PER_WORDS,
    RANGE_WORDS,
    ROUND_THE_CLOCK,
    TIMES_WORDS,
    WEEKDAYS,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A typed value in a text."""

    start: int
    end: int
    value: TypedValue


def find_values(text: str, language: str, region: str = "") -> tuple[Found, ...]:
    """Every typed value in `text`, in order, never overlapping."""
    if language not in LANGUAGES or not TRIGGER.search(text):
        return ()
    return _find(text, language, region)


@lru_cache(maxsize=8192)
def _find(text: str, language: str, region: str) -> tuple[Found, ...]:
    found: list[Found] = []
    for match in pattern(language, region).finditer(text):
        value = _value(match, text, language)
        if found and (gap := _linked(text, found[-1], match.start(), value, language)) is not None:
            found.append(gap)
        found.append(Found(start=match.start(), end=match.end(), value=value))
    return tuple(found)


_LINKABLE: Final = frozenset(
    {Kind.TIME, Kind.DATE, Kind.MONEY, Kind.UNIT, Kind.YEAR, Kind.CARDINAL, Kind.ORDINAL}
)


def _linked(text: str, before: Found, start: int, value: TypedValue, language: str) -> Found | None:
    """The dash between two values of a kind: `9:00–17:00`."""
    gap = text[before.end : start]
    same = value.kind is before.value.kind or (before.value.kind, value.kind) == (Kind.ORDINAL, Kind.DATE)
    if not same or value.kind not in _LINKABLE or not re.fullmatch(r"\s?[-–—]\s?", gap):
        return None
    return Found(
        start=before.end, end=start, value=_words(gap, RANGE_WORDS[language], padded=language != "zh")
    )


def _typed(kind: Kind, written: str, **options: str) -> TypedValue:
    return TypedValue(kind=kind, written=written, options=tuple(sorted(options.items())))


def _words(written: str, words: str, *, padded: bool = False) -> TypedValue:
    return _typed(Kind.WORDS, written, words=f" {words} " if padded else words)


_PLAIN: Final[dict[str, Kind]] = {
    "address": Kind.ADDRESS,
    "version": Kind.ADDRESS,
    "iso": Kind.DATE,
    "date": Kind.DATE,
    "time": Kind.TIME,
    "iban": Kind.SPELL,
    "telephone": Kind.TELEPHONE,
    "emergency": Kind.DIGITS,
    "groups": Kind.DIGITS,
    "secret": Kind.DIGITS,
    "dotted": Kind.TELEPHONE,
    "daymonth": Kind.DATE,
    "moneys": Kind.RANGE,
    "money": Kind.MONEY,
    "measures": Kind.RANGE,
    "unit": Kind.UNIT,
    "fraction": Kind.FRACTION,
    "ordinal": Kind.ORDINAL,
    "compound": Kind.CARDINAL,
    "leading": Kind.CARDINAL,
    "code": Kind.CODE,
    "hash": Kind.CODE,
    "year": Kind.YEAR,
}


def _value(match: re.Match[str], text: str, language: str) -> TypedValue:
    name = next(name for name, found in match.groupdict().items() if found is not None and name != "half")
    if name in _PLAIN:
        return _typed(_PLAIN[name], match[0])
    return _SPECIAL[name](match[0], text, match, language)


def _round(written: str, text: str, match: re.Match[str], language: str) -> TypedValue:
    return _words(written, ROUND_THE_CLOCK[language])


def _dimensions(written: str, text: str, match: re.Match[str], language: str) -> TypedValue:
    return _typed(Kind.RANGE, written, link=BY_WORDS[language])


def _times(written: str, text: str, match: re.Match[str], language: str) -> TypedValue:
    count = int(re.sub(r"\D", "", written))
    return _words(
        written, TIMES_WORDS[language].format(cardinal(count, language, gender="f", noun=language == "zh"))
    )


def _decade(written: str, text: str, match: re.Match[str], language: str) -> TypedValue:
    figures = written.rstrip("ser'’")
    if language == "de":
        return _words(written, cardinal(int(figures), "de") + "er")
    head = f"{cardinal(int(figures[:2]), language)} " if len(figures) == 4 else ""
    tens = cardinal(int(figures[-2:]), language)
    ending = DECADE_ENDINGS[language]
    return _words(written, head + (tens[:-1] + "ies" if ending == "ies" else tens + ending))


def _halves(written: str, text: str, match: re.Match[str], language: str) -> TypedValue:
    word = cardinal(int(match["half"]), language)
    return _words(written, word + ("" if language == "zh" else " ") + word)


def _range(written: str, text: str, match: re.Match[str], language: str) -> TypedValue:
    low, high = (int(part) for part in re.split(r"\s?[-–—]\s?", written))
    leading = re.search(r"(?:^|[-–—])\s?0\d", written)
    return _typed(Kind.RANGE if low < high and not leading else Kind.CODE, written)


def _initials(written: str, text: str, match: re.Match[str], language: str) -> TypedValue:
    return _words(written, " ".join(written.replace(".", "")))


def _plain_number(written: str, text: str, match: re.Match[str], language: str) -> TypedValue:
    figures = written.lstrip("-−")
    if figures.isdigit() and (len(figures) > 9 or (len(figures) > 1 and figures[0] == "0")):
        return _typed(Kind.DIGITS, figures)
    if (
        language == "de"
        and len(figures) <= 2
        and _RANKED.search(text, 0, match.start())
        and text[match.end() :][:1] == "."
    ):
        return _typed(Kind.ORDINAL, written)
    return _typed(Kind.CARDINAL, written)


_RANKED: Final = re.compile(r"\b(?:der|den|dem|am|vom|zum) $")
"""`der 3.` at the end of a sentence."""


def _weekdays(written: str, text: str, match: re.Match[str], language: str) -> TypedValue:
    names = [
        WEEKDAYS[language].get(name) or WEEKDAYS[language][name.lower()]
        for name in re.findall(r"[^\W\d_]+", written)
    ]
    return _words(written, f" {RANGE_WORDS[language]} ".join(names))


def _short(written: str, text: str, match: re.Match[str], language: str) -> TypedValue:
    words = SHORT_FORMS[language][written]
    numbered = re.search(r"\d\s(?:[^\W\d_]+\s)*$", text[: match.start()])
    street = numbered or not text[match.end() :].lstrip()[:1].isupper()
    if language == "en" and written == "St." and street:
        words = "Street"
    return _words(written, words)


def _always(written: str, text: str, match: re.Match[str], language: str) -> TypedValue:
    hours = "vingt-quatre heures sur vingt-quatre" if written.startswith("24") else ""
    days = "sept jours sur sept" if written.endswith("7") else ""
    link = " et " if "et" in written else ", "
    return _words(written, link.join(part for part in (hours, days) if part))


def _numeric(written: str, text: str, match: re.Match[str], language: str) -> TypedValue:
    if language == "de" and written.endswith("str."):
        return _words(written, written.removesuffix("str.") + NUMERIC_FORMS[language]["str."])
    return _words(written, NUMERIC_FORMS[language][written])


def _years(written: str, text: str, match: re.Match[str], language: str) -> TypedValue:
    first, last = re.findall(r"\d+", written)
    link = " " if "/" in written else f" {RANGE_WORDS[language]} "
    return _words(
        written,
        (link.strip() if language == "zh" else link).join(
            (year(int(first), language), year(int(last), language))
        ),
    )


def _slashed(written: str, text: str, match: re.Match[str], language: str) -> TypedValue:
    return _words(written, written.replace("/", " "))


def _per(written: str, text: str, match: re.Match[str], language: str) -> TypedValue:
    after = text[match.end() :].lstrip()
    if language in _PER_DAY and _PER_DAY[language].match(after):
        return _words(written, "al", padded=True)
    return _words(written, PER_WORDS[language], padded=language != "zh")


_PER_DAY: Final = {"es": re.compile(r"(?:mes|año|día)\b"), "it": re.compile(r"(?:mese|giorno)\b")}
"""`20 €/mes` is "veinte euros al mes"."""


def _sign(written: str, text: str, match: re.Match[str], language: str) -> TypedValue:
    return _typed(Kind.SYMBOL, written.strip())


_SPECIAL: Final[dict[str, Callable[[str, str, re.Match[str], str], TypedValue]]] = {
    "round": _round,
    "dimensions": _dimensions,
    "times": _times,
    "decade": _decade,
    "halves": _halves,
    "range": _range,
    "initials": _initials,
    "number": _plain_number,
    "weekdays": _weekdays,
    "short": _short,
    "slashed": _slashed,
    "always": _always,
    "numeric": _numeric,
    "years": _years,
    "per": _per,
    "sign": _sign,
}
