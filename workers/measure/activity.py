"""Where a recording speaks: frame levels, and the two thresholds that other measures rest on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from workers.engines.engine import Pcm

FRAME_MS = 20
FLOOR_DB = -96.3
"""16 bits hold no quieter sound."""
QUIETEST_SPEECH_DB = -80.0
SPEECH_BELOW_LOUD_DB = 30.0
"""A frame this much below the loud ones is no speech."""
LOUD_PERCENTILE = 95
NOISE_PERCENTILE = 5
MAX_SNR_DB = 96.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """Levels of a recording's frames of `FRAME_MS`."""

    levels_db: npt.NDArray[np.float64]
    """(frames,), RMS in dBFS, at least `FLOOR_DB`."""
    threshold_db: float
    """Above it is speech."""

    @property
    def speech(self) -> npt.NDArray[np.bool_]:
        """(frames,): which frames speak."""
        return self.levels_db > self.threshold_db

    @property
    def speech_s(self) -> float:
        """Seconds of speech, pauses left out."""
        return float(self.speech.sum()) * FRAME_MS / 1000


def activity(pcm: Pcm, rate_hz: int) -> Activity:
    """Levels of int16 mono; a recording shorter than a frame has none."""
    size = rate_hz * FRAME_MS // 1000
    frames = len(pcm) // size
    power = (pcm[: frames * size].reshape(frames, size).astype(np.float64) ** 2).mean(axis=1) / 32_768**2
    levels = 10 * np.log10(np.maximum(power, 10 ** (FLOOR_DB / 10)))
    loud = float(np.percentile(levels, LOUD_PERCENTILE)) if frames else FLOOR_DB
    return Activity(levels_db=levels, threshold_db=max(loud - SPEECH_BELOW_LOUD_DB, QUIETEST_SPEECH_DB))


def snr_db(pcm: Pcm, rate_hz: int) -> float | None:
    """Level of the speech over that of the quietest frames, in dB; None where nothing is quiet or nothing speaks.

    The noise is the 5th percentile of the frames; a recording without a pause has no frame of noise alone, and then
    this is a lower bound. 96 dB is the most that 16 bits can show.
    """
    active = activity(pcm, rate_hz)
    if not active.speech.any():
        return None
    speech = 10 * np.log10((10 ** (active.levels_db[active.speech] / 10)).mean())
    noise = float(np.percentile(active.levels_db, NOISE_PERCENTILE))
    return min(MAX_SNR_DB, float(speech) - noise)


def pauses(pcm: Pcm, rate_hz: int, *, at_least_ms: int) -> list[tuple[int, int]]:
    """(first sample, one past the last) of every stretch without speech that lasts so long."""
    active = activity(pcm, rate_hz)
    quiet = np.concatenate(([False], ~active.speech, [False])).astype(np.int8)
    edges = np.flatnonzero(np.diff(quiet))
    size = rate_hz * FRAME_MS // 1000
    return [
        (int(first) * size, int(last) * size)
        for first, last in zip(edges[::2], edges[1::2], strict=True)
        if (last - first) * FRAME_MS >= at_least_ms
    ]
