"""Many regular expressions tried in their order at every character, those that can match there alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Final

from campaign.speech.values.openings import Chars, Opening, commonness, needs, openings, parsed

_Match = Callable[[str, int, int], "re.Match[str] | None"]
_REMEMBERED: Final = 8192


class _Masks(dict[str, int]):
    """A character to the openings of which a test holds, a bit each; worked out when it is first seen."""

    def __init__(self, tests: Sequence[Callable[[str], bool]]) -> None:
        super().__init__()
        self._tests = tests

    def __missing__(self, character: str) -> int:
        mask = sum(1 << index for index, test in enumerate(self._tests) if test(character))
        self[character] = mask
        return mask


class Recogniser:
    """Named regular expressions; where several match at one place, the first of them is taken."""

    def __init__(self, shapes: Sequence[tuple[str, str]], flags: int) -> None:
        """`shapes` are (name, regular expression): no match of one is empty."""
        self.names = tuple(name for name, _ in shapes)
        self._sources = [f"(?P<{name}>{shape})" for name, shape in shapes]
        self._flags = flags
        self._rows: list[int] = []
        ways: list[Opening] = []
        wanted: tuple[list[Callable[[str], bool]], list[Callable[[str], bool]]] = ([], [])
        self._free = [0, 0]
        for number, source in enumerate(self._sources):
            found, chosen = _read(source, flags)
            for way in found:
                for place, chars in enumerate(chosen):
                    if chars is None:
                        self._free[place] |= 1 << len(ways)
                    wanted[place].append(chars.__contains__ if chars is not None else _never)
                ways.append(way)
                self._rows.append(number)
        self._first = _Masks([way.may_begin for way in ways])
        self._before = _Masks([way.may_follow for way in ways])
        self._needed = (_Masks(wanted[0]), _Masks(wanted[1]))
        self._tried: dict[int, tuple[_Match, ...]] = {}

    def search(self, text: str, start: int = 0, end: int | None = None) -> re.Match[str] | None:
        """The first match at `start` or after it; `end` as of `re.Pattern.search`."""
        return self._search(text, start, len(text) if end is None else end, self._alive(text))

    def finditer(self, text: str, start: int = 0) -> Iterator[re.Match[str]]:
        """All matches, in order."""
        alive, end = self._alive(text), len(text)
        while match := self._search(text, start, end, alive):
            yield match
            start = match.end()

    def _alive(self, text: str) -> int:
        """The openings of those that the text has the characters for."""
        (rarest, rare), (one, other) = self._needed, self._free
        for character in set(text):
            one |= rarest[character]
            other |= rare[character]
        return one & other

    def _search(self, text: str, start: int, end: int, alive: int) -> re.Match[str] | None:
        if not alive:
            return None
        firsts, befores, tried = self._first, self._before, self._tried
        before = text[start - 1] if start else ""
        for position in range(start, end):
            character = text[position]
            if (rows := firsts[character] & befores[before] & alive) != 0:
                for match in tried.get(rows) or self._matches(rows):
                    if (found := match(text, position, end)) is not None:
                        return found
            before = character
        return None

    def _matches(self, rows: int) -> tuple[_Match, ...]:
        """What is to be tried for a set of openings, in order."""
        if len(self._tried) >= _REMEMBERED:
            self._tried.clear()
        numbers = dict.fromkeys(number for index, number in enumerate(self._rows) if rows >> index & 1)
        self._tried[rows] = tuple(_matcher(self._sources[number], self._flags) for number in numbers)
        return self._tried[rows]


@lru_cache(maxsize=4096)
def _read(source: str, flags: int) -> tuple[list[Opening], tuple[Chars | None, Chars | None]]:
    """How a match may begin, and the two rarest of the sets that it needs; regions share most of their shapes."""
    items = parsed(source, flags)
    rare = sorted(needs(items), key=commonness)
    return openings(items), (rare[0] if rare else None, rare[1] if len(rare) > 1 else None)


@lru_cache(maxsize=4096)
def _matcher(source: str, flags: int) -> _Match:
    return re.compile(source, flags).match


def _never(character: str) -> bool:
    return False
