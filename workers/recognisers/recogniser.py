"""What every recogniser is: sound in, the words that it hears out; and, where it can, how likely given words are.

A recogniser is never told what was to be said: what it hears must be evidence. `weigh` answers another question, asked
only after it has heard something else: which of two sentences the sound is more likely to be.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np

from workers.engines.engine import EngineError, Pcm

RATE_HZ = 16_000
"""What all of them hear."""
EDGE_S = 0.25
"""Silence put around an utterance: decoders lose words at hard edges."""
LONGEST_RATIO = 2.4
"""Letters over their compressed length, above which a transcript says one thing again and again (Whisper's own)."""
SHORTEST_LETTERS = 60
"""Shorter text compresses to more than it is."""
MOST_REPEATS = 4
"""Of several words in a row, one after the other. "Zero zero zero zero zero" is in telephone numbers."""
MOST_REPEATED_WORDS = 8
"""Of one word."""


class RecogniserAwayError(EngineError):
    """Nobody hears anything now; later somebody may. It says nothing of the sound."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What one recogniser made of one sound."""

    text: str
    """Empty where it understood nothing."""
    looped: bool = False
    """It went round in circles: nothing is known of the sound then."""
    was_held: bool = False
    """It went round in circles until it was forbidden to: what is really said again and again is not in the text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WordTime:
    """When a word was said, in ms from the first sample."""

    begun_ms: float
    ended_ms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldLanguage:
    """Which language a sound is in."""

    language: str
    """Primary."""
    probability: float


class Recogniser(Protocol):
    """Sound to words. Not thread-safe."""

    @property
    def name(self) -> str:
        """Kind, model and version; what is heard is compared only under one name."""
        ...

    def understands(self, language: str) -> bool:
        """Whether it was made for this primary language."""
        ...

    def hear(self, pcm: Pcm, rate_hz: int, language: str, *, attempt: int = 0) -> Heard:
        """What int16 mono says: the same words for the same sound and attempt.

        Raises `EngineError`, and `RecogniserAwayError` where waiting helps.

        Further attempts hear it in other ways, where there are others.
        """
        ...

    def close(self) -> None:
        """Give processes and memory back. Idempotent."""
        ...


@runtime_checkable
class WeighingRecogniser(Protocol):
    """A recogniser that says how likely words are, and when they were said."""

    def weigh(self, pcm: Pcm, rate_hz: int, language: str, texts: Sequence[str]) -> Sequence[float]:
        """The log likelihood of each text, in nats: compared with one another, for one sound."""
        ...

    def place(self, pcm: Pcm, rate_hz: int, language: str, text: str) -> Sequence[WordTime]:
        """When each word of `text`, parted at white space, was said, taking for granted that it was."""
        ...


@runtime_checkable
class LanguageRecogniser(Protocol):
    """A recogniser that tells languages apart."""

    def language_of(self, pcm: Pcm, rate_hz: int) -> ToldLanguage:
        """The likeliest one of int16 mono. Raises `EngineError`."""
        ...


def is_loop(text: str) -> bool:
    """Whether a transcript is a decoder's going round in circles, by its compression and its repeated words."""
    data = text.encode()
    if len(data) >= SHORTEST_LETTERS and len(data) / len(zlib.compress(data)) > LONGEST_RATIO:
        return True
    words = re.findall(r"\w+", text.casefold())
    for size in range(1, 1 + len(words) // MOST_REPEATS):
        most = MOST_REPEATED_WORDS if size == 1 else MOST_REPEATS
        repeats = 1
        for at in range(size, len(words) - size + 1, size):
            repeats = repeats + 1 if words[at : at + size] == words[at - size : at] else 1
            if repeats >= most:
                return True
    return False


LONGEST_PART_S = 28.0
"""What is heard at once: Whisper hears half a minute."""
QUIET_FRAME_MS = 30


def parts_of(wave: Pcm) -> list[Pcm]:
    """Sound of `RATE_HZ` cut where it is quietest, so that no part is longer than `LONGEST_PART_S`."""
    longest = int(LONGEST_PART_S * RATE_HZ)
    if len(wave) <= longest:
        return [wave]
    frame = RATE_HZ * QUIET_FRAME_MS // 1000
    first, last = longest // 2, longest
    levels = np.abs(wave[first : first + (last - first) // frame * frame].astype(np.int32)).reshape(-1, frame)
    cut = first + int(levels.sum(axis=1).argmin()) * frame + frame // 2
    return [wave[:cut], *parts_of(wave[cut:])]


def as_heard(pcm: Pcm, rate_hz: int) -> Pcm:
    """int16 at `RATE_HZ` with silence around it."""
    import soxr

    wave = pcm
    if rate_hz != RATE_HZ:
        wave = np.rint(soxr.resample(pcm.astype(np.float32), rate_hz, RATE_HZ))
        wave = wave.clip(-32_768, 32_767).astype(np.int16)
    edge = np.zeros(int(EDGE_S * RATE_HZ), np.int16)
    return np.concatenate((edge, wave, edge))
