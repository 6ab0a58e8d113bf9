"""A telephone line: 300 to 3,400 Hz, 8 kHz, mu-law, packets of which some are lost, and noise around the listener.

    sound -> band -> 8 kHz -> mu-law there and back -> lost packets -> noise

The noise is the listener's own, in a street or a kitchen, and so it comes last: codec and losses do not touch it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from workers.engines.engine import Pcm
from workers.finish.g711 import from_ulaw, to_ulaw
from workers.line.noise import speech_power, speech_shaped
from workers.line.packets import PACKET_MS, lost_packets, with_losses

TELEPHONE = "telephone"
"""What a brief calls it."""
LINE_REVISION = 1
"""Raised by hand when the same sound and numbers give another line; guarded by a golden digest."""
RATE_HZ = 8_000
BAND_HZ = (300.0, 3_400.0)
TAPS = 255
LOUDEST = 32_767


@dataclass(frozen=True, slots=True, kw_only=True)
class TelephoneLine:
    """One line's numbers."""

    snr_db: float
    """Of the frames that speak over the noise, both within the band."""
    packet_loss: float
    """Share of the packets, 0 to under 1."""

    def send(self, pcm: Pcm, rate_hz: int, seed: str) -> Pcm:
        """What arrives of int16 mono at any rate: int16 mono at `RATE_HZ`, as long. `seed`: the sound's digest."""
        narrow = from_ulaw(to_ulaw(_in_band(pcm, rate_hz)))
        size = RATE_HZ * PACKET_MS // 1000
        arrived = with_losses(narrow, RATE_HZ, lost_packets(-(-len(narrow) // size), self.packet_loss, seed))
        noise = speech_shaped(len(narrow), RATE_HZ, BAND_HZ, seed)
        level = np.sqrt(speech_power(narrow, RATE_HZ)) * 10 ** (-self.snr_db / 20)
        return _held(arrived + level * noise)


def _in_band(pcm: Pcm, rate_hz: int) -> Pcm:
    """At `RATE_HZ`, by a filter that shifts nothing."""
    import soxr

    wave = pcm.astype(np.float32)
    if rate_hz != RATE_HZ:
        wave = soxr.resample(wave, rate_hz, RATE_HZ, quality="HQ")
    if not len(wave):
        return np.zeros(0, np.int16)
    filtered = np.convolve(wave.astype(np.float64), _band_taps(), mode="full")
    delay = (TAPS - 1) // 2
    return _held(filtered[delay : delay + len(wave)])


@lru_cache(maxsize=1)
def _band_taps() -> npt.NDArray[np.float64]:
    """Windowed sinc, symmetrical."""
    places = np.arange(TAPS) - (TAPS - 1) / 2
    low, high = (2 * hz / RATE_HZ for hz in BAND_HZ)
    taps: npt.NDArray[np.float64] = (
        high * np.sinc(high * places) - low * np.sinc(low * places)
    ) * np.hamming(TAPS)
    return taps


def _held(wave: npt.NDArray[np.float64]) -> Pcm:
    """As int16; a wave that is too loud for it is made quieter as a whole, speech and noise alike."""
    peak = float(np.abs(wave).max(initial=0.0))
    if peak > LOUDEST:
        wave = wave * (LOUDEST / peak)
    held: Pcm = np.rint(wave).astype(np.int16)
    return held
