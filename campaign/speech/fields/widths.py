"""Values that are shorter than all others of their column: a spreadsheet has taken their zeros away, it seems.

    widths = Widths(columns)
    for row in rows: widths.add(row.number, row.fields)
    widths.warnings()  # ["lost-zero in 'code': 3 values have fewer figures than the other 997, which have 5; ..."]

Only a whole file can tell, so it is counted beside the rows; memory does not grow with them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Final

from campaign.speech.columns import ColumnSpec
from campaign.speech.fields.cleaning import cleaned
from campaign.speech.fields.spreadsheets import LOST_ZERO
from campaign.speech.typed import Kind
from workers.digits import are_digits

_USUAL_SHARE: Final = 0.9
"""Of a column's values that have one width, for the others to be short."""
_FEWEST: Final = 10
"""Values that show a width."""
_LONGEST: Final = 32
_KINDS: Final = frozenset({Kind.DIGITS, Kind.SPELL})


class Widths:
    """How many figures the values of `digits` and `spell` columns have."""

    def __init__(self, columns: Mapping[str, ColumnSpec]) -> None:
        self._counts: dict[str, Counter[int]] = {
            name: Counter() for name, spec in columns.items() if spec.kind in _KINDS
        }
        self._first: dict[tuple[str, int], int] = {}

    def add(self, row: int, fields: Mapping[str, str]) -> None:
        """One row's fields, by the names that the brief declares."""
        for column, widths in self._counts.items():
            text = cleaned(fields.get(column, "")).text
            if are_digits(text) and len(text) <= _LONGEST:
                widths[len(text)] += 1
                self._first.setdefault((column, len(text)), row)

    def warnings(self) -> list[str]:
        """One for each column in which nearly all values have one width and a few are shorter."""
        told: list[str] = []
        for column, widths in self._counts.items():
            if widths.total() < _FEWEST:
                continue
            usual, many = widths.most_common(1)[0]
            short = {width: count for width, count in widths.items() if width < usual}
            if many < _USUAL_SHARE * widths.total() or not short:
                continue
            row = min(self._first[column, width] for width in short)
            told.append(
                f"{LOST_ZERO} in {column!r}: {sum(short.values()):,} values have fewer figures than the other "
                f"{many:,}, which have {usual}; the first in row {row}"
            )
        return told
