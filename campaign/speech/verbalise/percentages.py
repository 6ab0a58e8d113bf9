"""Percentages: `12`, `12.5`, `12 %`; a fraction of one where its column says so."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from typing import Final

from campaign.speech.languages import registry
from campaign.speech.typed import Context, Reading, TypedValue, UnreadableValueError
from campaign.speech.verbalise.quantities import unit
from campaign.speech.verbalise.written import ascii_digits, parse_number

FRACTION: Final = "fraction"
"""Option `of`: 0.125 is twelve point five percent."""
LARGEST_FRACTION: Final = 10
"""Of one: above it a fraction looks like a percentage."""


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """(a percentage as any language writes it, what a template may write after one)."""
    rooms = (registry.language(code) for code in sorted(registry.codes()))
    words = "|".join(re.escape(room.words.percent) for room in rooms if room is not None)
    written = re.compile(rf"([+\-−]?)\s?([\d.,][\d.,'’\s]*?)\s?(%|％|{words})?", re.I)
    return written, re.compile(rf"\s?(?:[%％]|(?:{words})(?!\w))")


def percent(value: TypedValue, context: Context) -> Reading:
    """A percentage; option `of` says what a number without its sign is a fraction of."""
    written, after = _patterns()
    match = written.fullmatch(ascii_digits(value.written.strip()))
    if match is None:
        raise UnreadableValueError(
            "not-a-percentage", f"{value.written!r} is not a percentage", "write it as 12.5 or 12.5 %"
        )
    number = value.option("number")
    figures = ("" if match[1] == "+" else match[1]) + match[2]
    if value.option("of") == FRACTION and not match[3]:
        share = parse_number(figures, context.language, context.region, number)
        if abs(share) > LARGEST_FRACTION:
            raise UnreadableValueError(
                "not-a-percentage",
                f"{value.written!r} is {share} percent, or {share * 100} percent as the fraction that its column "
                "declares",
                "write percentages with their sign, or fractions such as 0.125",
            )
        figures, number = f"{(share * 100).normalize():f}", "1234.5"
    measured = replace(value, written=f"{figures} %", options=(("number", number),))
    repeated = after.match(context.right)
    said = unit(measured, replace(context, right="")).text
    return Reading(text=said, eats_right=repeated.end() if repeated else 0)
