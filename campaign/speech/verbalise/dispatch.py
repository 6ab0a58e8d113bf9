"""One door to every verbaliser: a typed value and where it stands, to its words."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from campaign.speech.languages.record import NOTHING
from campaign.speech.languages.registry import language
from campaign.speech.typed import Context, Kind, Reading, TypedValue, UnreadableValueError
from campaign.speech.verbalise import (
    calendar,
    clock,
    durations,
    internet,
    money,
    percentages,
    quantities,
    spelling,
    telephone,
)


def _as_written(value: TypedValue, context: Context) -> Reading:
    return Reading(text=value.written)


def _alias(value: TypedValue, context: Context) -> Reading:
    return Reading(text=value.option("words"))


def _never_said(value: TypedValue, context: Context) -> Reading:
    raise UnreadableValueError(
        "flag-said", f"{value.written!r} is a flag, yes or no, and is never said", "ask it in a condition"
    )


def _symbol(value: TypedValue, context: Context) -> Reading:
    room = language(context.language)
    said = room.words.signs.get(value.written) if room is not None else None
    if room is None or said is None:
        raise UnreadableValueError(
            "unspeakable-character", f"{value.written!r} has no name", "write it in words"
        )
    before, then = room.words.signs_before.get(value.written, (NOTHING, ""))
    return Reading(text=then if before.match(context.right) else said)


_READERS: Mapping[Kind, Callable[[TypedValue, Context], Reading]] = {
    Kind.TEXT: _as_written,
    Kind.NAME: _as_written,
    Kind.MONEY: money.money,
    Kind.DATE: calendar.date,
    Kind.TIME: clock.time,
    Kind.YEAR: calendar.year_value,
    Kind.TELEPHONE: telephone.telephone,
    Kind.SPELL: spelling.spell,
    Kind.CODE: spelling.code,
    Kind.DIGITS: spelling.digit_row,
    Kind.ADDRESS: spelling.address,
    Kind.CARDINAL: quantities.counted,
    Kind.ORDINAL: quantities.ranked,
    Kind.UNIT: quantities.unit,
    Kind.FRACTION: quantities.fraction,
    Kind.RANGE: quantities.between,
    Kind.ALIAS: _alias,
    Kind.WORDS: _alias,
    Kind.SYMBOL: _symbol,
    Kind.FLAG: _never_said,
    Kind.DURATION: durations.duration,
    Kind.PERCENT: percentages.percent,
    Kind.EMAIL: internet.email,
    Kind.URL: internet.url,
    Kind.POSTAL: _as_written,
}


MAX_VALUE_CHARACTERS = 100
_OF_ANY_LENGTH = frozenset(
    {Kind.TEXT, Kind.NAME, Kind.ALIAS, Kind.WORDS, Kind.ADDRESS, Kind.EMAIL, Kind.URL, Kind.POSTAL}
)


def read_aloud(value: TypedValue, context: Context) -> Reading:
    """The words for `value`; raises `UnreadableValueError` when it is not what its type says."""
    if value.kind not in _OF_ANY_LENGTH and len(value.written) > MAX_VALUE_CHARACTERS:
        raise UnreadableValueError(
            "value-too-long",
            f"{len(value.written)} characters, the limit of a {value.kind} is {MAX_VALUE_CHARACTERS}",
            "shorten it, or declare the column as text",
        )
    return _READERS[value.kind](value, context)
