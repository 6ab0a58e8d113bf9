"""How words sound, as espeak-ng reads them: equal where two spellings are one sound, and how unlike two are.

A recogniser writes a name as it is written most often ("Shivan" for "Siobhan") and a letter as a word ("Casey" for
"K C"). Each word is read by itself, so that both sides are read alike.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from workers.listening.words import folded

Reader = Callable[[Sequence[tuple[str, str]]], Sequence[str] | None]
"""(language, text) pairs to IPA; None where it cannot read them."""

_NO_SOUND = re.compile(r"[ˈˌ^ːˑ‿ \-]")
MOST_KEPT = 20_000
"""Words whose sounds are remembered."""


class Pronunciations:
    """Words of one language to their sounds, each read once."""

    def __init__(self, language: str, reader: Reader) -> None:
        self._language = language
        self._reader = reader
        self._known: dict[str, str] = {}

    def learn(self, words: Sequence[str]) -> None:
        """Read those that are not known, together."""
        for word in words:
            if len(word) == 1 and word.islower():
                self._known[word] = folded(word)  # alone it would be read as the name of a letter
        unknown = list(dict.fromkeys(word for word in words if word not in self._known))
        if not unknown:
            return
        if len(self._known) > MOST_KEPT:
            self._known.clear()
        read = self._reader([(self._language, word) for word in unknown])
        sounds = unknown if read is None or len(read) != len(unknown) else read
        self._known |= {word: _NO_SOUND.sub("", sound) for word, sound in zip(unknown, sounds, strict=True)}

    def of(self, words: Sequence[str]) -> str:
        """The sounds of words one after the other."""
        self.learn(words)
        return "".join(self._known[word] for word in words)


def edits(one: str, other: str) -> int:
    """Fewest sounds to add, to leave out or to exchange (Levenshtein)."""
    before = list(range(len(other) + 1))
    for row, sound in enumerate(one, 1):
        now = [row]
        for column, another in enumerate(other, 1):
            now.append(min(before[column] + 1, now[-1] + 1, before[column - 1] + (sound != another)))
        before = now
    return before[-1]


def unlikeness(one: str, other: str) -> float:
    """Share of sounds that differ, 0 where both are the same."""
    return edits(one, other) / max(1, len(one), len(other))
