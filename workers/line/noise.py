"""Noise around somebody who listens: with the spectrum of many voices, at a stated distance below the speech.

Pink up to 500 Hz and 9 dB an octave quieter above, about as speech is over a minute (Byrne et al. 1994), within the
line's band. It is even in time: babble's own pauses would make the distance to the speech a matter of luck.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from workers.engines.engine import Pcm
from workers.line.chance import bell
from workers.measure.activity import activity

FLAT_BELOW_HZ = 500.0
PINK_DB, STEEP_DB = -3.0, -9.0
"""An octave."""
TAPS = 255
FULL_SCALE = 32_768.0


def speech_shaped(
    samples: int, rate_hz: int, band_hz: tuple[float, float], seed: str
) -> npt.NDArray[np.float64]:
    """(samples,) of noise with power 1."""
    if not samples:
        return np.zeros(0)
    made = np.convolve(bell(seed, "noise", samples + TAPS - 1), _taps(rate_hz, band_hz), mode="valid")
    level = float(np.sqrt((made**2).mean()))
    return made / level


def speech_power(pcm: Pcm, rate_hz: int) -> float:
    """Mean square of the frames that speak (int16 squared), pauses left out; 0 where nothing speaks."""
    active = activity(pcm, rate_hz)
    if not active.speech.any():
        return 0.0
    return float((10 ** (active.levels_db[active.speech] / 10)).mean()) * FULL_SCALE**2


def _taps(rate_hz: int, band_hz: tuple[float, float]) -> npt.NDArray[np.float64]:
    """A symmetrical filter with the spectrum of speech within the band."""
    hz = np.fft.rfftfreq(TAPS - 1, 1 / rate_hz)
    octaves = np.log2(np.maximum(hz, band_hz[0]) / FLAT_BELOW_HZ)
    level_db = np.where(octaves < 0, PINK_DB, STEEP_DB) * octaves
    gains = np.where((hz >= band_hz[0]) & (hz <= band_hz[1]), 10 ** (level_db / 20), 0.0)
    taps = np.roll(np.fft.irfft(gains), (TAPS - 1) // 2)
    shaped: npt.NDArray[np.float64] = np.append(taps, taps[0]) * np.hanning(TAPS)
    return shaped
