"""Bad rows by what is the matter with them: a fault is told once, with how many rows have it."""

from __future__ import annotations

from dataclasses import dataclass

from campaign.errors import RowError

MOST_FAULTS = 100
"""Kept of one file; rows with further ones are counted as bad all the same."""


@dataclass(slots=True, kw_only=True)
class RowFault:
    """What is the matter with all rows that have one code in one column."""

    error: RowError
    """Of the first of them; the others may say it of another value."""
    first_row: int
    last_row: int
    rows: int


class RowFaults:
    """The faults of a file, counted over all its rows."""

    def __init__(self) -> None:
        self._by_place: dict[tuple[str | None, str], RowFault] = {}

    def add(self, row: int, error: RowError) -> None:
        """One more bad row."""
        place = error.column, error.code
        if (fault := self._by_place.get(place)) is not None:
            fault.last_row = row
            fault.rows += 1
        elif len(self._by_place) < MOST_FAULTS:
            self._by_place[place] = RowFault(error=error, first_row=row, last_row=row, rows=1)

    def __len__(self) -> int:
        return len(self._by_place)

    @property
    def told(self) -> list[RowFault]:
        """Those of the most rows first, then as they come in the file."""
        return sorted(self._by_place.values(), key=lambda fault: (-fault.rows, fault.first_row))
