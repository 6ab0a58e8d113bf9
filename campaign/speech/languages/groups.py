"""A whole number parted into the groups that a language names: thousands, millions; or ten thousands."""

from __future__ import annotations


def groups(number: int, size: int = 1000) -> list[tuple[int, int]]:
    """(group, which one counted from the right), the highest first, without those that are zero."""
    found: list[tuple[int, int]] = []
    place = 0
    while number:
        number, group = divmod(number, size)
        if group:
            found.append((group, place))
        place += 1
    return found[::-1]
