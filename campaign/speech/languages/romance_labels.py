"""Readings that the Romance rooms share after a label, in the words of each: places with a letter, balances, numbers
of files, weeks, days with a dash."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from campaign.speech.languages.record import Occurrence, OwnReading
from campaign.speech.languages.shaping import after
from campaign.speech.typed import Kind, TypedValue, UnreadableValueError, in_words, typed

_LETTER: Final = r"\d{1,3}\s?[LWVGFTNJCKHMASghjlmstvwd](?![\w/²³°'’-]|\.\w|\s?\d)"
_AMOUNT: Final = (
    r"(?=\d[\d.,   ]*(?:[€$£%°]|euros?\b|CHF|kWh|m[³3]|pesos|punt|point|pont|[.;]?\s*$))"
    r"(?![^.;\n]*\s[-−–]\s\d)"
)
_DAY: Final = r"(?:[12]\d|3[01]|0?[1-9])"
_MONTH: Final = r"(?:1[0-2]|0?[1-9])"


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """What differs between the rooms that share these readings; heads with the space at their end."""

    places: tuple[str, ...]
    """Before a number whose letter is no unit: `asiento 14 g`."""
    hours: str
    """What `h` and `m` are else, as an error names them."""
    metres: str
    balances: tuple[str, ...]
    """Before an amount that may be less than nothing: `saldo: - 120 €`."""
    numbered: tuple[str, ...]
    """Before a number that a dash parts from what follows: `cuota 3 - 120 €`."""
    month: str
    """What follows a day that has a name of its month, as a regular expression."""
    files: tuple[str, ...] = ()
    """Before a number of a year: `expediente 5/2026`."""
    weeks: tuple[str, ...]
    """Before a week of a year: `semana 12/2026`."""
    of_year: str
    waits: tuple[str, ...]
    """Before a length of time: `plazo de 5 m`."""
    months: str
    """Their word, as an error names it."""
    doses: str
    """What is taken in parts and in numbers, as alternatives of a regular expression."""
    day: tuple[str, ...]
    """Before one day: `el 3-5`."""
    days: tuple[str, ...] = ()
    """Before several: `días 5/6`."""
    day_over: str
    """What follows a whole date, as alternatives of a regular expression: words before a time."""
    rates: str = "m"
    """Letters after `€/` that are two units."""
    rate_words: str
    """Those, as an error names them."""
    metre_words: str
    """What follows `€/m` where it is the metre, as alternatives of a regular expression."""


def _placed(found: Occurrence, also: Mapping[str, str]) -> TypedValue:
    number, letter = found.written[:-1].strip(), found.written[-1]
    if letter in also:
        raise UnreadableValueError(
            "unclear-value",
            f"{found.written!r} is number {number}{letter.upper()}, or {number} {also[letter]}",
            f"write {number}{letter.upper()} for the place, the unit in full else",
        )
    return in_words(found.written, f"{_said(found, number)} {letter.upper()}")


def _said(found: Occurrence, figures: str) -> str:
    return found.language.numerals.cardinal(int(figures), region=found.region)


def _numbered(found: Occurrence) -> TypedValue:
    return in_words(found.written, f"{_said(found, found.written.strip(' -–—'))}, ")


def _filed(found: Occurrence) -> TypedValue:
    number, _, year = found.written.partition("/")
    words = found.language.words
    zero = f"{words.digits[0]} " if number[0] == "0" else ""
    return in_words(found.written, f"{zero}{_said(found, number)} {words.signs['/']} {_said(found, year)}")


def _week(found: Occurrence, link: str) -> TypedValue:
    number, _, year = found.written.partition("/")
    return in_words(found.written, f"{_said(found, number)} {link} {_said(found, year)}")


def _day_or_days(found: Occurrence) -> TypedValue:
    first, last = (int(part) for part in re.split("[-/]", found.written))
    if first < last:
        raise UnreadableValueError(
            "ambiguous-date",
            f"{found.written!r} is day {first} of month {last}, or from {first} to {last}",
            f"write {first}/{last} for the date",
        )
    return typed(Kind.DATE, found.written.replace("-", "/"))


def _waited(found: Occurrence, months: str) -> TypedValue:
    raise UnreadableValueError(
        "unclear-value",
        f"{found.written!r} is minutes, months ({months}) or metres",
        "write min for minutes, the word in full for others",
    )


def _rated(found: Occurrence, words: str) -> TypedValue:
    raise UnreadableValueError(
        "unclear-value", f"{found.written!r} is for each {words}", "write the word in full"
    )


def _share_or_range(found: Occurrence) -> TypedValue:
    first, last = (int(part) for part in found.written.split("/"))
    if first < last:
        raise UnreadableValueError(
            "ambiguous-number",
            f"{found.written!r} is {first} of {last} parts, or from {first} to {last}",
            f"write {first}-{last} for the range",
        )
    return typed(Kind.FRACTION, found.written)


def labelled(labels: Labels) -> tuple[OwnReading, ...]:
    """The readings, in the order in which they are tried."""
    also = {"h": labels.hours, "m": labels.metres}
    signed = "|".join(rf"(?<=\b{head})" for head in labels.balances)
    value = (
        rf"(?:\d{{1,2}}(?:er)?{labels.month}|\d{{1,2}}(?:\s?h(?!\w)|h\d\d|:\d\d)"
        r"|\d[\d.,]*\s?(?:€|euros?\b|\$|CHF)|[€$])"
    )
    day_over = rf"(?=\s*$|[.,;!?)](?!\d)|,?\s(?:{labels.day_over})\s?\d)"
    readings = [
        OwnReading(
            name="share_or_range",
            figures=True,
            shape=rf"(?<![\w.,/-])(?<!\d )[2-9]/\d{{1,2}}(?=\s(?:{labels.doses})\b)",
            before="iso",
            read=_share_or_range,
        ),
        OwnReading(
            name="placed_letter",
            figures=True,
            shape=after(labels.places, _LETTER),
            before="iso",
            read=lambda found: _placed(found, also),
        ),
        OwnReading(
            name="signed_balance",
            shape=rf"(?=[-−–])(?:{signed})[-−–]\s{_AMOUNT}",
            before="clock",
            read=lambda found: in_words(found.written, f"{found.language.words.minus} "),
        ),
        OwnReading(
            name="labelled",
            figures=True,
            shape=after(labels.numbered, rf"\d{{1,4}}\s[-–—]\s(?={value})"),
            before="clock",
            read=_numbered,
        ),
        OwnReading(
            name="week_of_year",
            figures=True,
            shape=after(labels.weeks, r"(?:[1-9]|[1-4]\d|5[0-3])/20\d\d(?![\w/])"),
            before="iso",
            read=lambda found: _week(found, labels.of_year),
        ),
        OwnReading(
            name="filed",
            figures=True,
            shape=after(labels.files, r"(?:0[1-9]|[1-9]\d?)/(?:19|20)\d\d(?![\w/-])"),
            before="iso",
            read=_filed,
        ),
        OwnReading(
            name="day_dash",
            figures=True,
            shape=after(labels.day, rf"{_DAY}-{_MONTH}(?!\d){day_over}"),
            before="iso",
            read=_day_or_days,
        ),
        OwnReading(
            name="days_stroke",
            figures=True,
            shape=after(labels.days, rf"(?:[12]\d|3[01]|[1-9])/(?:1[0-2]|[1-9])(?![\d/]|,\s\d){day_over}"),
            before="iso",
            read=_day_or_days,
        ),
        OwnReading(
            name="metres_or_minutes",
            figures=True,
            shape=after(labels.waits, r"\d{1,3}\s?m(?![\w²³/'’]|\.\w|\s?\d|\s(?:et?|y)\s\d)"),
            before="iso",
            read=lambda found: _waited(found, labels.months),
        ),
        OwnReading(
            name="rate_or_metre",
            figures=True,
            shape=rf"(?<![\w.,])\d[\d.,]*\s?€\s?/\s?[{labels.rates}](?![\w²³]|\.\w|\s(?:{labels.metre_words}))",
            before="moneys",
            read=lambda found: _rated(found, labels.rate_words),
        ),
    ]
    return tuple(reading for reading in readings if reading.shape)
