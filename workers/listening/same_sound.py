"""Whether a stretch of a delivered file is the sound of an utterance that was judged before.

A codec, a gain and a telephone's filter change every sample and leave the loudness over time as it was. So the levels
of 10 ms are compared, wherever the stretch begins within `LARGEST_SHIFT_MS`.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from workers.engines.engine import Pcm

FRAME_MS = 10
LARGEST_SHIFT_MS = 400
"""Quiet ends are cut, and a codec begins late."""
RANGE_DB = 40.0
"""Below the loudest frame; what is quieter is silence on both sides."""
LEAST_ALIKE = 0.9
"""Correlation of the levels."""
LEAST_FRAMES = 10


def is_same_sound(delivered: Pcm, delivered_rate_hz: int, made: Pcm, made_rate_hz: int) -> bool:
    """Compare int16 mono of any two rates."""
    heard, said = _levels(delivered, delivered_rate_hz), _levels(made, made_rate_hz)
    said = _spoken(said)
    heard = _spoken(heard)
    if len(said) < LEAST_FRAMES or len(heard) < LEAST_FRAMES:
        return False
    if abs(len(said) - len(heard)) * FRAME_MS > LARGEST_SHIFT_MS:
        return False
    shortest = min(len(said), len(heard))
    best = -1.0
    for shift in range(-3, abs(len(said) - len(heard)) + 4):
        one, other = (said, heard) if len(said) <= len(heard) else (heard, said)
        part = other[max(0, shift) : max(0, shift) + shortest]
        best = max(best, _correlation(one[max(0, -shift) : max(0, -shift) + len(part)], part))
    return best >= LEAST_ALIKE


def _levels(pcm: Pcm, rate_hz: int) -> npt.NDArray[np.float64]:
    """(frames,) in dB, 0 at the bottom of what counts."""
    size = rate_hz * FRAME_MS // 1000
    frames = len(pcm) // size
    power = (pcm[: frames * size].reshape(frames, size).astype(np.float64) ** 2).mean(axis=1)
    levels = 10 * np.log10(np.maximum(power, 1e-6))
    loudest = levels.max(initial=-60.0)
    above: npt.NDArray[np.float64] = np.maximum(levels - loudest + RANGE_DB, 0.0)
    return above


def _spoken(levels: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Without the quiet ends."""
    loud = np.flatnonzero(levels > 10.0)
    return levels[loud[0] : loud[-1] + 1] if len(loud) else levels[:0]


def _correlation(one: npt.NDArray[np.float64], other: npt.NDArray[np.float64]) -> float:
    length = min(len(one), len(other))
    if length < LEAST_FRAMES:
        return -1.0
    one, other = one[:length] - one[:length].mean(), other[:length] - other[:length].mean()
    size = float(np.linalg.norm(one) * np.linalg.norm(other))
    return float(one @ other) / size if size else -1.0
