"""The voice itself: the mean of what an encoder makes of a speaker's renders, and how much another sound is like it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np

from workers.engines.engine import Pcm
from workers.measure.likeness import SpeakerEncoder, Vector, similarity

SHORTEST_SCORED_S = 4.0
"""Shorter sounds of the very same voice are less like it: 0.92 at 5 s falls to 0.87 at 3 s and 0.58 at 1 s."""
LONGEST_S = 60.0
"""Of a sound that is scored: a voice shows in its first minute, and memory grows with the length."""
MARGIN = 0.05
"""Cosine: so far below the least like of its renders a file is still like the others."""
DIGITS = 5
"""Of a vector as it is kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VoicePrint:
    """Of one speaker in one language, by one encoder."""

    vector: tuple[float, ...]
    """Of length 1, rounded to `DIGITS`."""
    lowest: float
    """Cosine of the render that is least like the others, -1 to 1."""
    median: float


def voice_print(vectors: Sequence[Vector]) -> VoicePrint | None:
    """The print of renders' vectors; None of fewer than two. Each render is held against the mean of the others."""
    if len(vectors) < 2:
        return None
    total = np.sum(vectors, axis=0)
    alike = [similarity(vector, _unit(total - vector)) for vector in vectors]
    return VoicePrint(
        vector=tuple(round(float(value), DIGITS) for value in _unit(total)),
        lowest=round(min(alike), 4),
        median=round(median(alike), 4),
    )


def likeness(encoder: SpeakerEncoder, vector: Sequence[float], pcm: Pcm, rate_hz: int) -> float | None:
    """Cosine of int16 mono to a print; None for what is too short to tell."""
    if len(pcm) < SHORTEST_SCORED_S * rate_hz:
        return None
    embedded = encoder.embed(pcm[: round(LONGEST_S * rate_hz)], rate_hz)
    return round(similarity(embedded, np.asarray(vector, dtype=np.float64)), 4)


def resampled(pcm: Pcm, rate_hz: int, to_hz: int) -> Pcm:
    """Int16 mono at another rate, as a telephone's file has it."""
    import soxr

    wave = soxr.resample(pcm.astype(np.float64), rate_hz, to_hz)
    rounded: Pcm = np.rint(np.clip(wave, -32_768, 32_767)).astype(np.int16)
    return rounded


def _unit(vector: Vector) -> Vector:
    length = float(np.linalg.norm(vector))
    return vector / length if length else vector
