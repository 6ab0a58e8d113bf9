"""The edges of a reading: what touches it belongs to it, to its neighbour, or is an error that names the place.

    "Lunch is 12:30-1."   12:30 is touched by a dash with a figure behind it: unless a reading takes all of it, nobody
                          knows what it means

A recogniser takes the first of many shapes that fits and looks no further; this is the look further. A reading with
figures in it owns its edges: no dash, colon, point, stroke, quotation mark, figure, currency sign or unread word for
a size may touch it, but for those that say nothing of its value.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Protocol

from campaign.speech.languages import registry
from campaign.speech.typed import Kind, TypedValue, UnreadableValueError
from campaign.speech.verbalise.currencies import SYMBOLS

SPACE, START, END, LETTER, NEIGHBOUR = "space", "start", "end", "letter", "neighbour"
_NAMES: Final = {
    **dict.fromkeys("-‐‑–—−", "dash"),
    **dict.fromkeys("\"“”„«»‚‘’'‹›「」『』", "quotation mark"),
    **dict.fromkeys("([{（［【", "opening bracket"),
    **dict.fromkeys(")]}）］】", "closing bracket"),
    ".": "full stop",
    ",": "comma",
    ":": "colon",
    ";": "semicolon",
    "/": "stroke",
}
_DASHES: Final = "-‐‑–—−"
_MINUS: Final = "−"
"""Never a mere dash."""
_OPENING: Final = frozenset("([{（［【\"“„«»‚‘'’‹›「『¿¡~≈…_")
_CLOSING: Final = frozenset(")]}）］】\"”“»«’‘'›‹」』!?;…。，、；：！？_")
_POINTS: Final = frozenset(".,:")
_PRIMES: Final = frozenset("'’′″")
_QUOTES: Final = ("'", "’", "‘", "‚", "′")
_UNREAD: Final = frozenset("/$€£¥￥₹¢%‰°^*#@&+=<>~≈±|\\×÷½¼¾⅓⅔⅛⅜⅝⁰¹²³⁴⁵⁶⁷⁸⁹")
"""Signs that change what a number means and that nobody has read."""
_VERSION: Final = re.compile(r"[\d.]+")
_FIGURES: Final = re.compile(r"\d")
_CURRENCY: Final = frozenset(sign for sign in SYMBOLS if not sign[-1].isalnum() and sign[-1] != ".")
_CONTEXT: Final = 12
"""Characters of the surroundings that an error shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edges:
    """What stands at both ends of a reading, by name, for who asks why."""

    left: str
    right: str


class Extent(Protocol):
    """A reading's place in its text."""

    @property
    def start(self) -> int: ...

    @property
    def end(self) -> int: ...

    @property
    def value(self) -> TypedValue: ...


def edges_of(text: str, readings: Sequence[Extent], language: str) -> tuple[Edges, ...]:
    """The edges of each reading, in order; raises `UnreadableValueError` for one that is touched.

    `text` is the whole stretch that the readings were found in.
    """
    starts = {reading.start for reading in readings}
    ends = {reading.end for reading in readings}
    found = []
    for reading in readings:
        left = NEIGHBOUR if reading.start in ends else _left(text, reading)
        right = NEIGHBOUR if reading.end in starts else _right(text, reading, language)
        found.append(Edges(left=left, right=right))
    return tuple(found)


def refuse_touched(value: TypedValue, left: str, right: str) -> None:
    """Raises `UnreadableValueError` where a declared value's field is touched in its template: `-{{ amount }}`.

    Only what would make it another number counts.
    """
    if left[-1:] in _APART and not right[:1].isdecimal() and not right[1:2].isdecimal():
        return
    if not _owns(value):
        return
    sign, before = left[-1:], left[-2:-1]
    is_minus = sign in _DASHES and bool(sign) and (not before or before.isspace() or before in "([")
    if is_minus or sign.isdecimal() or (sign in _POINTS and bool(sign) and before.isdecimal()):
        raise _touching(value, sign, f"{left[-_CONTEXT:]}{value.written}")
    if right[:1].isdecimal() or (right[:1] in (*_POINTS, *_DASHES, "/") and right[1:2].isdecimal()):
        raise _touching(value, right[0], f"{value.written}{right[:_CONTEXT]}")


_APART: Final = ("", " ")


def _touching(value: TypedValue, sign: str, shown: str) -> UnreadableValueError:
    return UnreadableValueError(
        "unclear-value",
        f"{value.written.strip()!r} is touched by {sign!r} in {' '.join(shown.split())!r}, which is no part of it",
        "part the two by a space in the template, or write the sign into the field",
    )


def is_joint(text: str, left: TypedValue, right: TypedValue) -> bool:
    """Whether `text` between two values is the dash of a range."""
    return left.kind is right.kind and left.kind in LINKABLE and _JOINT.fullmatch(text) is not None


LINKABLE: Final = frozenset(
    {Kind.TIME, Kind.DATE, Kind.MONEY, Kind.UNIT, Kind.YEAR, Kind.CARDINAL, Kind.ORDINAL}
)
"""Kinds of which two with a dash between are a range."""
_JOINT: Final = re.compile(r"\s?[-–—]\s?")
JOINTS: Final = frozenset("-–—")
"""Dashes of a range, without the spaces beside them."""


def _owns(value: TypedValue) -> bool:
    """Whether what touches it could change it: it has figures, and is no joint or address."""
    if value.kind is Kind.SYMBOL or (value.kind is Kind.ADDRESS and not _VERSION.fullmatch(value.written)):
        return False
    return _FIGURES.search(value.written) is not None


def _left(text: str, reading: Extent) -> str:
    if reading.start == 0:
        return START
    sign, before = text[reading.start - 1], text[max(0, reading.start - 2) : reading.start - 1]
    if _owns(reading.value):
        if sign == " " and before == _MINUS:
            raise _touched(text, reading, before, reading.start - 2)
        if _touches_left(sign, before):
            raise _touched(text, reading, sign, reading.start - 1)
    return _name(sign)


def _touches_left(sign: str, before: str) -> bool:
    if sign in _DASHES:  # `A-5` is joined, `-5` is less than nothing
        return sign == _MINUS or not before or not (before.isalpha() or before in _CLOSING)
    if sign in _POINTS:
        return before.isdecimal()
    return sign.isdecimal() or sign in _UNREAD


def _right(text: str, reading: Extent, language: str) -> str:
    if reading.end == len(text):
        return END
    sign = text[reading.end]
    if _owns(reading.value):
        if _touches_right(text, reading):
            raise _touched(text, reading, sign, reading.end)
        if word := _size_word(text, reading, language):
            raise _touched(text, reading, word, reading.end)
    return _name(sign)


def _touches_right(text: str, reading: Extent) -> bool:
    sign, after = text[reading.end], text[reading.end + 1 : reading.end + 2]
    figure_last = reading.value.written[-1:].isdecimal()
    if sign in _DASHES:
        range_goes_on = after.isspace() and text[reading.end + 2 : reading.end + 3].isdecimal()
        is_minus = reading.value.kind is Kind.MONEY and not after.isalpha()  # `12,50-` of an account
        return after.isdecimal() or after in _CURRENCY or range_goes_on or is_minus
    if sign in _POINTS:
        return figure_last and after.isdecimal()
    if sign == '"':
        return text.count('"', 0, reading.start) % 2 == 0
    if sign in _PRIMES:
        return figure_last and not after.isalpha() and not _is_quoted(text, reading)
    return sign.isdecimal() or sign in _UNREAD


def _is_quoted(text: str, reading: Extent) -> bool:
    return text[reading.start - 1 : reading.start] in _QUOTES


def _name(sign: str) -> str:
    if sign.isspace():
        return SPACE
    if sign.isalpha():
        return LETTER
    return _NAMES.get(sign, sign)


@lru_cache(maxsize=1)
def _sizes() -> re.Pattern[str]:
    """Words such as million of any language, those that are no common word of another."""
    names = {
        name
        for code in registry.codes()
        if (room := registry.language(code)) is not None and room.money is not None
        for name in room.money.magnitudes
        if len(name.rstrip(".")) >= _SHORTEST_SIZE and name.rstrip(".").isalpha()
    }
    listed = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    return re.compile(rf"\s?({listed})(?![^\W\d_])")


_SHORTEST_SIZE: Final = 3


def _size_word(text: str, reading: Extent, language: str) -> str:
    """A size word after an amount that is not read with it: `$2.5 Mrd`; in a language's own prose it is a word."""
    if reading.value.kind is not Kind.MONEY:
        return ""
    match = _sizes().match(text, reading.end)
    return match[1] if match else ""


def _touched(text: str, reading: Extent, sign: str, place: int) -> UnreadableValueError:
    low, high = max(0, min(reading.start, place) - _CONTEXT), max(reading.end, place + 1) + _CONTEXT
    shown = " ".join(text[low:high].split())
    return UnreadableValueError(
        "unclear-value",
        f"{reading.value.written.strip()!r} is touched by {sign!r} in {shown!r}, which is no part of it",
        "write the value in full, or in words, or part the two by a space",
    )
