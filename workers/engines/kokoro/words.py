"""Which words the model's letters are, and when each is heard.

espeak-ng says some words in one (`in the` is `ɪnðə`). The model says how many frames each letter lasts, so a group has
a beginning and an end to 25 ms; words said in one share theirs by the length of their sounds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from itertools import accumulate, pairwise

from workers.engines.kokoro.letters import STOPS, STRESS

FRAME_SAMPLES = 600
"""Of one step of the model's durations, at 24 kHz."""
MOST_IN_ONE = 4
"""Words that espeak-ng says in one."""
_REDUCED = {"ɐ": "ə", "ᵊ": "ə", **dict.fromkeys("ː^-\u0303", "")}
MOST_ASTRAY = 6
"""How far a word may lie from where it would be if all were said in one equally often."""


@dataclass(frozen=True, slots=True)
class Group:
    """Letters that stand together, and how many of the text's words they are; 0 for the rest of a word before."""

    letters: str
    words: int = 1
    shares: tuple[float, ...] = ()
    """Of the group's time, one for each word; empty: even."""

    @property
    def ending(self) -> str:
        """The signs after its sounds."""
        return self.letters[len(self.letters.rstrip("".join(STOPS))) :]

    def with_beginning(self, signs: str) -> Group:
        """After these."""
        return Group(signs + self.letters, self.words, self.shares)

    def with_ending(self, signs: str) -> Group:
        """Followed by these."""
        return Group(self.letters + signs, self.words, self.shares)


def grouped(
    sounds: Sequence[str], words: Sequence[str], alone: Callable[[Sequence[str]], list[str]]
) -> list[Group]:
    """`sounds`, as espeak-ng parted them, with the words that each is. `alone` says how words sound by themselves."""
    if not sounds:
        return []
    if len(sounds) == len(words):
        return [Group(sound) for sound in sounds]
    by_themselves = tuple(map(_bare, alone(words)))
    counts = _shared_out(tuple(map(_bare, sounds)), by_themselves)
    sizes = [max(1, len(sound)) for sound in by_themselves]
    made, at = [], 0
    for sound, count in zip(sounds, counts, strict=True):
        mine = sizes[at : at + count]
        made.append(Group(sound, count, tuple(size / sum(mine) for size in mine)))
        at += count
    return made


def word_times_ms(groups: Iterable[Group], durations: Sequence[float], rate_hz: int) -> list[tuple[int, int]]:
    """(from, to) of each word; `durations` are the model's frames: of its start, of each letter, of its end."""
    starts = [0.0, *accumulate(durations)]
    times: list[tuple[int, int]] = []
    at = 1
    for group in groups:
        sounding = [n for n, letter in enumerate(group.letters) if letter not in STOPS]
        if sounding:
            first, last = starts[at + sounding[0]], starts[at + sounding[-1] + 1]
            if group.words == 0 and times:
                times[-1] = (times[-1][0], _ms(last, rate_hz))
            shares = group.shares or (1.0 / max(1, group.words),) * group.words
            edges = [first + share * (last - first) for share in accumulate(shares, initial=0.0)]
            times += [(_ms(begun, rate_hz), _ms(ended, rate_hz)) for begun, ended in pairwise(edges)]
        at += len(group.letters)
    return times


def _ms(frames: float, rate_hz: int) -> int:
    return round(1000 * frames * FRAME_SAMPLES / rate_hz)


def _bare(sound: str) -> str:
    """Without what a word loses or gains in a sentence."""
    return "".join(_REDUCED.get(letter, letter) for letter in sound if letter not in STRESS)


def _shared_out(sounds: tuple[str, ...], words: tuple[str, ...]) -> list[int]:
    """How many words each sound is, all words in order: the likeliest way; rests of a word are 0."""

    @cache
    def best(sound: int, word: int) -> tuple[float, tuple[int, ...]]:
        if sound == len(sounds):
            return (0.0, ()) if word == len(words) else (-1e9, ())
        ways = []
        for count in range(MOST_IN_ONE + 1):
            if word + count > len(words) or (count == 0 and word == 0):
                continue
            if abs(word - sound * len(words) / len(sounds)) > MOST_ASTRAY:
                continue
            likeness = _likeness(sounds[sound], "".join(words[word : word + count])) if count else 0.0
            rest, counts = best(sound + 1, word + count)
            ways.append((likeness * max(1, len(sounds[sound])) + rest, (count, *counts)))
        return max(ways, default=(-1e9, ()))

    score, counts = best(0, 0)
    if score < 0 or len(counts) != len(sounds):  # more words than sounds could be: all the rest on the last
        even = [min(1, len(words))] * min(len(sounds), len(words))
        even += [0] * (len(sounds) - len(even))
        even[-1] += len(words) - sum(even)
        return even
    return list(counts)


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()
