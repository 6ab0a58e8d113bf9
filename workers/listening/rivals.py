"""Words of values that may be taken for one another: a value is heard only where it is nearer than all of them.

`value_words.toml` has every language's number words and months by what they mean, made from its room, and
`whole_numbers.toml` how it says 0 to 100. "Eleven" for
"eleventh" means the same; "trenta" is no word at all and nearest to "treinta"; "fifty" is a rival of "fifteen", and
nearer to itself.
"""

from __future__ import annotations

import string
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from importlib import resources
from typing import Any

from workers.listening.pronouncing import Pronunciations, edits
from workers.listening.words import folded

MOST_UNLIKE = 0.5
"""Share of sounds: what is farther from what was to be said is not it, rivals or none."""
SHORTEST_INSIDE = 3
"""Letters of a word that is looked for inside another: "duemilaventisette"."""


SIGN = "sign "
"""Begins the meaning of what a joining sign is called: no value may be taken for one."""


class ValueWords:
    """The words of values of one language."""

    def __init__(
        self, by_meaning: Mapping[str, Sequence[str]], numbers: Sequence[Sequence[str]] = ()
    ) -> None:
        """`numbers` are 0, 1, 2 ... as they are said, each in every form."""
        self._numbers = numbers
        self.meanings: dict[str, frozenset[str]] = {}
        self.words: list[str] = []
        self.dot = next(iter(by_meaning.get(".", ())), "")
        """What the dot of an address is called; empty where nobody knows."""
        self.signs = frozenset(
            folded(word)
            for meaning, words in by_meaning.items()
            if meaning.startswith(SIGN)
            for word in words
        )
        """What the signs that join the parts of an address are called."""
        by_meaning = {meaning: words for meaning, words in by_meaning.items() if not meaning.startswith(SIGN)}
        letters = {f"letter {letter}": [letter] for letter in string.ascii_uppercase}
        for meaning, words in {**by_meaning, **letters}.items():
            for word in words:
                self.words.append(word)
                letters_of = self._key(word)
                self.meanings[letters_of] = self.meanings.get(letters_of, frozenset()) | {meaning}

    @staticmethod
    def _key(word: str) -> str:
        return f"letter {word.casefold()}" if len(word) == 1 and word.isascii() else folded(word)

    def of(self, word: str) -> frozenset[str]:
        """What a word means; nothing for one that is in no value."""
        return self.meanings.get(self._key(word), frozenset())

    def number(self, number: int) -> tuple[str, ...]:
        """How a whole number is said, the commonest form first; nothing for one that is not in the table."""
        return tuple(self._numbers[number]) if 0 <= number < len(self._numbers) else ()

    def means_the_same(self, said: Sequence[str], heard: Sequence[str]) -> bool:
        """Whether each word means what the word beside it means: "eleven", "eleventh"."""
        return len(said) == len(heard) > 0 and all(
            folded(one) == folded(other) or self.of(one) & self.of(other)
            for one, other in zip(said, heard, strict=True)
        )

    def rivals(self, said: Sequence[str]) -> Iterator[list[str]]:
        """What might be said in place of some words: with one of them exchanged for each other one, or left out."""
        for at, word in enumerate(said):
            meanings = self.of(word)
            if meanings:
                for other in self.words:
                    if not self.of(other) & meanings:
                        yield [*said[:at], other, *said[at + 1 :]]
            else:
                yield from ([*said[:at], other, *said[at + 1 :]] for other in self._inside(word))
            if len(said) > 1:
                yield [*said[:at], *said[at + 1 :]]

    def _inside(self, word: str) -> Iterator[str]:
        """A compound with one of the words that it is made of exchanged."""
        for part in self.words:
            if len(part) < SHORTEST_INSIDE or part not in word.casefold():
                continue
            for other in self.words:
                if len(other) >= SHORTEST_INSIDE and not self.of(other) & self.of(part):
                    yield word.casefold().replace(part, other, 1)


@lru_cache(maxsize=2)
def _tables(name: str) -> Mapping[str, Any]:
    return tomllib.loads(resources.files(__package__).joinpath(name).read_text(encoding="utf-8"))


@lru_cache(maxsize=64)
def value_words(language: str) -> ValueWords:
    """Of a primary language; one without a room has letters alone."""
    return ValueWords(
        _tables("value_words.toml").get(language, {}), _tables("whole_numbers.toml").get(language, ())
    )


def is_nearest(
    said: Sequence[str], heard: Sequence[str], words: ValueWords, pronunciations: Pronunciations
) -> bool:
    """Whether what was heard sounds like what was to be said, and not more like anything else that a value may be."""
    if words.means_the_same(said, heard):
        return True
    sound = pronunciations.of(heard)
    wanted = pronunciations.of(said)
    distance = edits(wanted, sound)
    if distance == 0:
        return True
    if distance > MOST_UNLIKE * max(len(wanted), len(sound)):
        return False
    others = list(words.rivals(said))
    pronunciations.learn([word for other in others for word in other])
    for other in others:
        rival = pronunciations.of(other)
        if abs(len(rival) - len(sound)) < distance and edits(rival, sound) < distance:
            return False
    return True
