"""Whether the days of a column are written in one order: day first or month first, seen over the whole file.

`03/12/2026` is read by the order of its row's region, where people write one; a column in which another row has
`03/25/2026` was written by somebody else, and then the first one is believed wrongly. That is an error before row 1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from campaign.speech.columns import ColumnSpec
from workers.printable import printable

_FIGURES: Final = re.compile(r"\s*(\d{1,2})[/-](\d{1,2})[/-](?:\d{4}|\d{2})(?:[ T]\d.*)?\s*")
_LAST_MONTH: Final = 12
DAY_FIRST, MONTH_FIRST, EITHER = "day first", "month first", "either"


def order_shown(written: str) -> str:
    """Which order a date in figures shows, `EITHER` where it has two readings, empty where it is no such date."""
    match = _FIGURES.fullmatch(written)
    if match is None:
        return ""
    first, second = int(match[1]), int(match[2])
    if first == second or not (first > 0 and second > 0) or min(first, second) > _LAST_MONTH:
        return ""
    if first > _LAST_MONTH:
        return DAY_FIRST
    return MONTH_FIRST if second > _LAST_MONTH else EITHER


@dataclass(slots=True, kw_only=True)
class DateColumn:
    """One column of days without a declared order, while it is read."""

    name: str
    """What the brief calls it."""
    source: str
    """What the file calls it."""
    spec: ColumnSpec
    shown: dict[str, tuple[int, str]] = field(default_factory=dict)
    """By what it shows, the first row and its value."""

    def see(self, row: int, written: str) -> None:
        """One row's value."""
        if order := order_shown(written):
            self.shown.setdefault(order, (row, printable(written.strip())[:_LONGEST_SHOWN]))

    def faults(self) -> Iterator[str]:
        """Why its days cannot be read in one order."""
        monthly = self.shown.get(MONTH_FIRST)
        other = self.shown.get(DAY_FIRST)
        if monthly is None:
            return
        place = f"column {printable(self.source)!r}"
        if other is not None:
            yield (
                f"{place}: row {monthly[0]} has {monthly[1]!r}, the month first, and row {other[0]} {other[1]!r}, "
                "the day first: no one order fits both. Correct one of them, or declare which is right, "
                f'and the other is its row\'s error: {self.name} = "date dmy" or "date mdy".'
            )
        elif (either := self.shown.get(EITHER)) is not None:
            yield (
                f"{place}: row {either[0]} has {either[1]!r}, which has two readings, and row {monthly[0]} "
                f'{monthly[1]!r}, the month first. Declare the order: {self.name} = "date mdy", or "date dmy".'
            )


_LONGEST_SHOWN: Final = 40
