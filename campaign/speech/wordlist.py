"""Word lists written as running text: a linguist reads and edits them more easily than quoted strings."""

from __future__ import annotations


def words(*lines: str) -> frozenset[str]:
    """The words of all lines."""
    return frozenset(" ".join(lines).split())


def phrases(*lines: str) -> frozenset[str]:
    """The phrases of all lines, strokes between them."""
    return frozenset("|".join(lines).split("|"))
