"""Typed values found in prose: amounts, dates, times, numbers, codes, addresses, abbreviations, by locale.

What NeMo's grammars read wrongly or not at all (amounts in German, ISO dates in French, codes anywhere)
never reaches them: it is recognised here and verbalised like a declared value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from campaign.speech.languages.record import Language
from campaign.speech.languages.registry import codes, spoken
from campaign.speech.typed import Kind, TypedValue, in_words
from campaign.speech.values.meanings import parts, reading_of
from campaign.speech.values.patterns import scanner, trigger
from campaign.speech.values.seams import LINKABLE, Edges, edges_of
from campaign.speech.values.telephones import find_telephones
from campaign.speech.verbalise.quantities import range_word
from campaign.speech.verbalise.written import ascii_digits
from workers.digits import are_digits


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueSpan:
    """A typed value in a text."""

    start: int
    end: int
    value: TypedValue
    reading: str = ""
    """The shape that found it."""
    edges: Edges | None = None
    """What it owns at both ends; None where nobody asked."""


def find_values(text: str, language: str, region: str = "") -> tuple[ValueSpan, ...]:
    """Every typed value in `text`, in order, never overlapping; raises `UnreadableValueError`."""
    if language not in codes() or not trigger().search(text):
        return ()
    return _find(text, language, region)


@lru_cache(maxsize=8192)
def with_edges(text: str, language: str, region: str = "") -> tuple[ValueSpan, ...]:
    """As `find_values`, each with its edges; raises `UnreadableValueError` for a value that something touches."""
    found = find_values(text, language, region)
    edges = edges_of(text, found, language) if found else ()
    return tuple(replace(span, edges=edge) for span, edge in zip(found, edges, strict=True))


@lru_cache(maxsize=8192)
def _find(text: str, language: str, region: str) -> tuple[ValueSpan, ...]:
    room = spoken(language, "a value in prose")
    values: list[ValueSpan] = []
    for start, end, value, name in _spans(text, room, region):
        if values and (gap := _linked(text, values[-1], start, value, room)) is not None:
            values.append(gap)
        if values and _one_more_year(text, values[-1], start, value, room):
            value = replace(value, kind=Kind.YEAR)
        elif values and _one_more_day(values, value, room, region):
            value = replace(value, kind=Kind.DATE)
        elif values and _one_more_row(text, values[-1], start, value, room):
            value = replace(value, kind=values[-1].value.kind, options=values[-1].value.options)
        values.append(ValueSpan(start=start, end=end, value=value, reading=name))
    return tuple(values)


def _spans(text: str, room: Language, region: str) -> Iterator[tuple[int, int, TypedValue, str]]:
    """(start, end, value, reading) of numbers to dial, and between them of what the pattern finds."""
    shape, position = scanner(room.code, region), 0
    for number in find_telephones(text, room, region):
        while (match := shape.search(text, position)) and match.start() < number[0]:
            if match.end() > number[0] and not (match := shape.search(text, position, number[0])):
                break
            yield from _parts(match, text, room, region)
            position = match.end()
        yield *number, "telephone"
        position = number[1]
    for match in shape.finditer(text, position):
        yield from _parts(match, text, room, region)


def _parts(
    match: re.Match[str], text: str, room: Language, region: str
) -> Iterator[tuple[int, int, TypedValue, str]]:
    name = reading_of(match)
    return ((*part, name) for part in parts(match, text, room.code, region))


def _one_more_year(text: str, before: ValueSpan, start: int, value: TypedValue, room: Language) -> bool:
    """`in 1905, 1910 and 1920`: what follows a year in a list is a year."""
    if before.value.kind is not Kind.YEAR or value.kind is not Kind.CARDINAL:
        return False
    four = re.fullmatch(r"(?:1[1-9]|20)\d\d", value.written)
    return bool(four and room.shapes.next_year.fullmatch(text[before.end : start]))


def _one_more_day(before: Sequence[ValueSpan], value: TypedValue, room: Language, region: str) -> bool:
    """`on 28/12 instead of 25/12`: what is written as a day was before, and can be one, is a day."""
    if (
        value.kind is not Kind.CODE
        or (match := _DAY.fullmatch(value.written)) is None
        or room.calendar is None
    ):
        return False
    order = room.calendar.orders.get(region, room.calendar.order)
    day, month = (match[1], match[2]) if order != "mdy" else (match[2], match[1])
    can_be = 0 < int(day) <= _LONGEST_MONTH and 0 < int(month) <= _MONTHS
    return can_be and any(span.value.kind is Kind.DATE and "/" in span.value.written for span in before)


_DAY: Final = re.compile(r"(\d{1,2})/(\d{1,2})")
_LONGEST_MONTH: Final = 31
_MONTHS: Final = 12
_STROKES: Final = {Kind.MONEY: "sign", Kind.UNIT: "per", Kind.DATE: "joint", Kind.ORDINAL: "joint"}
"""What a stroke between two values of a kind is: `$250K/$500K`, `10 mg/5 ml`, `5./6. Juni`."""
_COMMA: Final = re.compile(r", |、|，")


def _one_more_row(text: str, before: ValueSpan, start: int, value: TypedValue, room: Language) -> bool:
    """`call 999 or 111`: what follows a row of digits in a list is one."""
    short = before.value.kind is Kind.TELEPHONE and are_digits(ascii_digits(before.value.written))
    if not (before.value.kind is Kind.DIGITS or short) or value.kind is not Kind.CARDINAL:
        return False
    gap = text[before.end : start]
    return bool(
        re.fullmatch(r"\d{3,6}", value.written)
        and (_COMMA.fullmatch(gap) or gap.strip() == room.words.either)
    )


def _linked(text: str, before: ValueSpan, start: int, value: TypedValue, room: Language) -> ValueSpan | None:
    """The dash between two values of a kind: `9:00–17:00`."""
    gap = text[before.end : start]
    is_day = before.value.kind is Kind.DATE or before.reading.endswith("_date")
    if gap == " " and is_day and value.kind is Kind.TIME and room.space:
        return ValueSpan(start=before.end, end=start, value=in_words(gap, room.words.pause))
    same = value.kind is before.value.kind or (before.value.kind, value.kind) == (Kind.ORDINAL, Kind.DATE)
    if not same or value.kind not in LINKABLE:
        return None
    if gap == "/" and (word := _STROKES.get(value.kind)):
        words = getattr(room.words, word) if word != "sign" else room.words.signs["/"]
        return ValueSpan(start=before.end, end=start, value=in_words(gap, words, padded=bool(room.space)))
    if not re.fullmatch(r"\s?[-–—]\s?", gap):
        return None
    return ValueSpan(
        start=before.end,
        end=start,
        value=in_words(gap, range_word(room, text[: before.start]), padded=bool(room.space)),
    )
