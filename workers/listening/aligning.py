"""What was heard laid beside what was to be said: where both say the same, and the stretches where they part.

Words are compared by their letters, however they are cut: "T L" is "TL", "duemilaventisette" is "due mila ventisette",
"forty-five" is "forty five". What parts them is the cheapest way from one side to the other (Levenshtein over words,
with blocks of up to `LONGEST_BLOCK` words that have the same letters).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workers.listening.words import Word, joined

LONGEST_BLOCK = 5
"""Words of one side that are fewer of the other."""


@dataclass(frozen=True, slots=True)
class Divergence:
    """A stretch where the sides part: words [begun, ended) were to be said, words [heard_begun, heard_ended) heard."""

    begun: int
    ended: int
    heard_begun: int
    heard_ended: int

    @property
    def said(self) -> int:
        """Words that were to be said."""
        return self.ended - self.begun

    @property
    def errors(self) -> int:
        """As word error rates count them."""
        return max(self.said, self.heard_ended - self.heard_begun)


def divergences(said: Sequence[Word], heard: Sequence[Word]) -> list[Divergence]:
    """Every stretch where what was heard is not what was to be said, in order; none where all is the same."""
    rows, columns = len(said) + 1, len(heard) + 1
    cost = [[0.0] * columns for _ in range(rows)]
    came = [[(0, 0)] * columns for _ in range(rows)]
    for row in range(rows):
        for column in range(columns):
            if row or column:
                cost[row][column], came[row][column] = _cheapest(said, heard, cost, row, column)
    matched = []
    row, column = rows - 1, columns - 1
    while row or column:
        rows_back, columns_back = came[row][column]
        if rows_back and columns_back and cost[row - rows_back][column - columns_back] == cost[row][column]:
            matched.append((row - rows_back, row, column - columns_back, column))
        row, column = row - rows_back, column - columns_back
    parted, at, heard_at = [], 0, 0
    for begun, ended, heard_begun, heard_ended in [*reversed(matched), (rows - 1, 0, columns - 1, 0)]:
        if begun > at or heard_begun > heard_at:
            parted.append(Divergence(at, begun, heard_at, heard_begun))
        at, heard_at = ended, heard_ended
    return parted


def _cheapest(
    said: Sequence[Word], heard: Sequence[Word], cost: Sequence[Sequence[float]], row: int, column: int
) -> tuple[float, tuple[int, int]]:
    """(cost, words of each side) of the last step to a place."""
    found = []
    if row and column:
        if said[row - 1].letters == heard[column - 1].letters:
            return cost[row - 1][column - 1], (1, 1)
        found.append((cost[row - 1][column - 1] + 1.0, (1, 1)))
        for rows_back, columns_back in _blocks(said, heard, row, column):
            found.append((cost[row - rows_back][column - columns_back], (rows_back, columns_back)))
    if row:
        found.append((cost[row - 1][column] + 1.0, (1, 0)))
    if column:
        found.append((cost[row][column - 1] + 1.0, (0, 1)))
    return min(found)


def _blocks(said: Sequence[Word], heard: Sequence[Word], row: int, column: int) -> list[tuple[int, int]]:
    """Blocks that end here and have the same letters."""
    same = []
    for rows_back in range(1, min(LONGEST_BLOCK, row) + 1):
        wanted = joined(said[row - rows_back : row])
        for columns_back in range(1, min(LONGEST_BLOCK, column) + 1):
            if rows_back + columns_back == 2:
                continue
            if joined(heard[column - columns_back : column]) == wanted:
                same.append((rows_back, columns_back))
    return same
