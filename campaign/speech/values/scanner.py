"""Many regular expressions tried in their order at every character, those that can match there alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Final

from campaign.speech.values.openings import Chars, Opening, commonness, landmarks, needs, openings, parsed

_Match = Callable[[str, int, int], "re.Match[str] | None"]
_REMEMBERED: Final = 8192


class _Masks(dict[str, int]):
    """A character to the openings of which a test holds, a bit each; worked out when the first of its kind is seen."""

    def __init__(self, tests: Sequence[Callable[[str], bool]], kind: Callable[[str], object]) -> None:
        super().__init__()
        self._tests, self._kind = tests, kind
        self._of_kind: dict[object, int] = {}

    def __missing__(self, character: str) -> int:
        kind = self._kind(character)
        if (mask := self._of_kind.get(kind)) is None:
            mask = sum(1 << index for index, test in enumerate(self._tests) if test(character))
            self._of_kind[kind] = mask
        self[character] = mask
        return mask


class Scanner:
    """Named regular expressions; where several match at one place, the first of them is taken."""

    def __init__(self, shapes: Sequence[tuple[str, str]], flags: int) -> None:
        """`shapes` are (name, regular expression): no match of one is empty."""
        self.names = tuple(name for name, _ in shapes)
        self._sources = [f"(?P<{name}>{shape})" for name, shape in shapes]
        self._flags = flags
        self._rows: list[int] = []
        ways: list[Opening] = []
        wanted: list[Callable[[str], bool]] = []
        self._free = 0
        self._named: set[tuple[int, int]] = set()
        for number, source in enumerate(self._sources):
            found, rarest, named = _read(source, flags)
            self._named |= named
            for way in found:
                if rarest is None:
                    self._free |= 1 << len(ways)
                wanted.append(rarest.__contains__ if rarest is not None else _never)
                ways.append(way)
                self._rows.append(number)
        self._first = _Masks([way.may_begin for way in ways], self._kind)
        self._before = _Masks([way.may_follow for way in ways], self._kind)
        self._needed = _Masks(wanted, self._kind)
        self._tried: dict[int, tuple[_Match, ...]] = {}

    def _kind(self, character: str) -> object:
        """What is the same for characters that no shape tells apart."""
        if character.isascii() or character != character.lower() or character != character.upper():
            return character
        code = ord(character)
        return (
            character.isdecimal(),
            character.isspace(),
            character.isalnum(),
            *(pair for pair in self._named if pair[0] <= code <= pair[1]),
        )

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
        alive, needed = self._free, self._needed
        for character in set(text):
            alive |= needed[character]
        return alive

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
        matches = tuple(_matcher(self._sources[number], self._flags) for number in numbers)
        self._tried[rows] = matches
        return matches


@lru_cache(maxsize=4096)
def _read(source: str, flags: int) -> tuple[list[Opening], Chars | None, frozenset[tuple[int, int]]]:
    """How a match may begin, the rarest of the sets that it needs, and what it names beyond ASCII; regions share most
    of their shapes."""
    items = parsed(source, flags)
    named = frozenset(pair for pair in landmarks(items) if pair[1] >= _ASCII)
    return openings(items), min(needs(items), key=commonness, default=None), named


_ASCII: Final = 0x80


@lru_cache(maxsize=4096)
def _matcher(source: str, flags: int) -> _Match:
    return re.compile(source, flags).match


def _never(character: str) -> bool:
    return False
