"""Times of day as a native speaker reads them."""

from __future__ import annotations

import re

from campaign.speech.languages.record import Clock
from campaign.speech.languages.registry import lacking, spoken
from campaign.speech.typed import Context, Reading, TypedValue
from campaign.speech.verbalise.numbers import cardinal
from campaign.speech.verbalise.written import parse_time

_HALVES = re.compile(r"[aApP]\.?\s?[mM]")


def time(value: TypedValue, context: Context) -> Reading:
    """A time of day; option `clock` says that `2:30` may be by the clock of twelve hours."""
    clock = clock_of(context.language)
    if bare := value.option("hour"):
        return Reading(text=_bare(int(bare), value.option("place"), context))
    hour, minute, second = parse_time(value.written)
    said = clock.by_halves if clock.by_halves and _HALVES.search(value.written) else clock.said
    words = said(hour, minute, region=context.region)
    if clock.half_open is not None and value.option("clock"):
        words = clock.half_open(value.written.strip(), context.right) or words
    eaten = clock.repeated(words, context.right)
    return Reading(
        text=words + (clock.seconds(second, region=context.region) if second else ""), eats_right=eaten
    )


def _bare(hour: int, place: str, context: Context) -> str:
    """An hour whose other figures stand at the other end of a range: "nine to five", "neun bis siebzehn Uhr"."""
    clock = clock_of(context.language)
    if place == "first" or (clock.half_open is not None and hour <= _NOON):
        return cardinal(hour, context.language, gender="f", region=context.region)
    return clock.said(hour, 0, region=context.region)


_NOON = 12


def clock_of(language: str) -> Clock:
    """The clock of a language; raises `UnreadableValueError` where it has none."""
    room = spoken(language, "a time of day")
    if room.clock is None:
        raise lacking(room, "times of day")
    return room.clock
