"""Typed values found in prose: amounts, dates, times, numbers, codes, addresses, abbreviations, by locale.

What NeMo's grammars read wrongly or not at all (amounts in German, ISO dates in French, codes anywhere)
never reaches them: it is recognised here and verbalised like a declared value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from campaign.speech.languages.record import Language
from campaign.speech.languages.registry import codes, spoken
from campaign.speech.typed import Kind, TypedValue, in_words
from campaign.speech.values.meanings import meaning
from campaign.speech.values.patterns import pattern, trigger
from campaign.speech.values.telephones import Span, find_telephones
from campaign.speech.verbalise.quantities import range_word
from campaign.speech.verbalise.written import ascii_digits
from workers.digits import are_digits


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueSpan:
    """A typed value in a text."""

    start: int
    end: int
    value: TypedValue


def find_values(text: str, language: str, region: str = "") -> tuple[ValueSpan, ...]:
    """Every typed value in `text`, in order, never overlapping; raises `UnreadableValueError`."""
    if language not in codes() or not trigger().search(text):
        return ()
    return _find(text, language, region)


@lru_cache(maxsize=8192)
def _find(text: str, language: str, region: str) -> tuple[ValueSpan, ...]:
    room = spoken(language, "a value in prose")
    values: list[ValueSpan] = []
    for start, end, value in _spans(text, room, region):
        if values and (gap := _linked(text, values[-1], start, value, room)) is not None:
            values.append(gap)
        if values and _one_more_year(text, values[-1], start, value, room):
            value = replace(value, kind=Kind.YEAR)
        elif values and _one_more_row(text, values[-1], start, value, room):
            value = replace(value, kind=values[-1].value.kind, options=values[-1].value.options)
        values.append(ValueSpan(start=start, end=end, value=value))
    return tuple(values)


def _spans(text: str, room: Language, region: str) -> Iterator[Span]:
    """Numbers to dial, and between them what the pattern finds."""
    shape, position = pattern(room.code, region), 0
    for number in find_telephones(text, room, region):
        while (match := shape.search(text, position)) and match.start() < number[0]:
            if match.end() > number[0] and not (match := shape.search(text, position, number[0])):
                break
            yield match.start(), match.end(), meaning(match, text, room.code, region)
            position = match.end()
        yield number
        position = number[1]
    for match in shape.finditer(text, position):
        yield match.start(), match.end(), meaning(match, text, room.code, region)


def _one_more_year(text: str, before: ValueSpan, start: int, value: TypedValue, room: Language) -> bool:
    """`in 1905, 1910 and 1920`: what follows a year in a list is a year."""
    if before.value.kind is not Kind.YEAR or value.kind is not Kind.CARDINAL:
        return False
    four = re.fullmatch(r"(?:1[1-9]|20)\d\d", value.written)
    return bool(four and room.shapes.next_year.fullmatch(text[before.end : start]))


_LINKABLE: Final = frozenset(
    {Kind.TIME, Kind.DATE, Kind.MONEY, Kind.UNIT, Kind.YEAR, Kind.CARDINAL, Kind.ORDINAL}
)


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
    same = value.kind is before.value.kind or (before.value.kind, value.kind) == (Kind.ORDINAL, Kind.DATE)
    if not same or value.kind not in _LINKABLE or not re.fullmatch(r"\s?[-–—]\s?", gap):
        return None
    return ValueSpan(
        start=before.end,
        end=start,
        value=in_words(gap, range_word(room, text[: before.start]), padded=bool(room.space)),
    )
