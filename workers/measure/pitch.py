"""Fundamental frequency: YIN (de Cheveigné and Kawahara 2002) with a search for the cheapest path.

librosa's pYIN was measured beside it: the median agrees to 1 %, but the first call compiles for 10 to 30 s and pulls
in scikit-learn; Praat's tracker (parselmouth) is GPL. This takes 20 ms for 5 s, needs numpy alone, and so is measured
in every install.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from workers.engines.engine import Pcm

Floats = npt.NDArray[np.float64]

RATE_HZ = 16_000
HOP_SAMPLES = 160
WINDOW_SAMPLES = 512
"""32 ms, two periods of the lowest voice."""
LOWEST_HZ, HIGHEST_HZ = 60.0, 500.0
CANDIDATES = 5
VOICED_BELOW = 0.2
"""Of the normalised difference, 0 for a perfect period."""
LEAP_COST_PER_OCTAVE = 0.4
QUIET_DB = 35.0
"""Frames so far below the loudest are not looked at."""
FEWEST_VOICED = 16
"""Frames, 160 ms: a median of fewer says nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pitch:
    """Of the voiced frames."""

    median_hz: float
    low_hz: float
    """5th percentile."""
    high_hz: float
    """95th percentile."""

    @property
    def range_semitones(self) -> float:
        """Between low and high."""
        return float(12 * np.log2(self.high_hz / self.low_hz))


def pitch(pcm: Pcm, rate_hz: int) -> Pitch | None:
    """F0 of int16 mono; None where too little is voiced."""
    hertz = track(pcm, rate_hz)
    hertz = hertz[np.isfinite(hertz)]
    if len(hertz) < FEWEST_VOICED:
        return None
    low, median, high = np.percentile(hertz, (5, 50, 95))
    return Pitch(median_hz=float(median), low_hz=float(low), high_hz=float(high))


def track(pcm: Pcm, rate_hz: int) -> Floats:
    """(frames,) of 10 ms, in Hz; NaN where nothing is voiced."""
    import soxr

    wave = soxr.resample(pcm.astype(np.float64) / 32_768, rate_hz, RATE_HZ)
    longest = int(RATE_HZ / LOWEST_HZ)
    span = WINDOW_SAMPLES + longest
    if len(wave) < span:
        return np.empty(0)
    frames = np.lib.stride_tricks.sliding_window_view(wave, span)[::HOP_SAMPLES]
    difference = _normalised_difference(frames, longest)
    lags, costs = _candidates(difference)
    chosen = _cheapest_path(lags, costs)
    rows = np.arange(len(frames))
    hertz = RATE_HZ / lags[rows, chosen]
    power = (frames[:, :WINDOW_SAMPLES] ** 2).mean(axis=1)
    loud = power > power.max(initial=0.0) * 10 ** (-QUIET_DB / 10)
    return np.where(loud & (costs[rows, chosen] < VOICED_BELOW), hertz, np.nan)


def _normalised_difference(frames: Floats, longest: int) -> Floats:
    """(frames, longest + 1): YIN's d' for lags 0 to `longest`, by one FFT a frame."""
    size = 1 << (frames.shape[1] + WINDOW_SAMPLES).bit_length()
    head = frames[:, :WINDOW_SAMPLES]
    correlation = np.fft.irfft(np.fft.rfft(frames, size) * np.conj(np.fft.rfft(head, size)), size, axis=1)[
        :, : longest + 1
    ]
    summed = np.cumsum(np.pad(frames**2, ((0, 0), (1, 0))), axis=1)
    energy = summed[:, WINDOW_SAMPLES : WINDOW_SAMPLES + longest + 1] - summed[:, : longest + 1]
    difference = np.maximum(energy[:, :1] + energy - 2 * correlation, 0.0)
    mean = np.cumsum(difference[:, 1:], axis=1) / np.arange(1, longest + 1)
    out = np.ones_like(difference)
    out[:, 1:] = difference[:, 1:] / np.maximum(mean, 1e-12)
    return out


def _candidates(difference: Floats) -> tuple[Floats, Floats]:
    """(lags, costs), each (frames, CANDIDATES): the deepest valleys, refined by a parabola."""
    shortest = int(RATE_HZ / HIGHEST_HZ)
    inner = difference[:, shortest:-1]
    before, after = difference[:, shortest - 1 : -2], difference[:, shortest + 1 :]
    depth = np.where((inner <= before) & (inner < after), inner, np.inf)
    picked = np.argsort(depth, axis=1)[:, :CANDIDATES]
    rows = np.arange(len(difference))[:, None]
    left, here, right = before[rows, picked], inner[rows, picked], after[rows, picked]
    bend = left - 2 * here + right
    shift = np.where(bend > 1e-12, (left - right) / (2 * np.where(bend > 1e-12, bend, 1.0)), 0.0)
    lags = picked + shortest + np.clip(shift, -0.5, 0.5)
    # of two valleys as deep, the shorter lag is the period and the longer its double
    costs = np.where(np.isfinite(depth[rows, picked]), here, 2.0) + 0.02 * np.log2(lags / shortest)
    return lags, costs


def _cheapest_path(lags: Floats, costs: Floats) -> npt.NDArray[np.intp]:
    """(frames,): which candidate of each frame, so that valleys are deep and leaps are few."""
    octaves = np.log2(lags)
    total = costs[0]
    came = np.zeros(lags.shape, dtype=np.intp)
    for frame in range(1, len(lags)):
        step = total[None, :] + LEAP_COST_PER_OCTAVE * np.abs(
            octaves[frame][:, None] - octaves[frame - 1][None, :]
        )
        came[frame] = step.argmin(axis=1)
        total = step.min(axis=1) + costs[frame]
    path = np.empty(len(lags), dtype=np.intp)
    path[-1] = total.argmin()
    for frame in range(len(lags) - 1, 0, -1):
        path[frame - 1] = came[frame, path[frame]]
    return path
