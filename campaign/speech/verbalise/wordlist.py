"""Word lists written as running text: a linguist reads and edits them more easily than quoted strings."""

from __future__ import annotations


def words(*lines: str) -> frozenset[str]:
    """The words of all lines."""
    return frozenset(" ".join(lines).split())
