"""Sounds for finish tests."""

from __future__ import annotations

import hashlib

import numpy as np

from workers.engines.engine import Pcm
from workers.finish import Part

RATE_HZ = 24_000
WIDTH = 12
"""Samples averaged: turns white noise into something duller."""


def sine(seconds: float, *, rate_hz: int = RATE_HZ, frequency_hz: float = 997.0, dbfs: float = -12.0) -> Pcm:
    """A sine with its peak at `dbfs`."""
    time_s = np.arange(round(seconds * rate_hz)) / rate_hz
    return np.rint(32_767 * 10 ** (dbfs / 20) * np.sin(2 * np.pi * frequency_hz * time_s)).astype(np.int16)


def silence(seconds: float, *, rate_hz: int = RATE_HZ) -> Pcm:
    """Zeros."""
    return np.zeros(round(seconds * rate_hz), np.int16)


def babble(seconds: float, *, rate_hz: int = RATE_HZ, seed: int = 1, peak: int = 20_000) -> Pcm:
    """Noise that swells and falls four times a second, as speech does; the same for the same seed."""
    samples = round(seconds * rate_hz)
    # whole numbers all the way, so that golden sounds depend on no library's generator or rounding
    noise = np.frombuffer(hashlib.shake_256(bytes([seed])).digest(2 * (samples + WIDTH)), "<i2").astype(
        np.int64
    )
    total = np.cumsum(noise)
    smooth = total[WIDTH:] - total[:-WIDTH]
    period = rate_hz // 4
    swell = np.abs(np.arange(samples) % period - period // 2) + period // 10
    sound = smooth * swell
    scaled: Pcm = (sound * peak // np.abs(sound).max()).astype(np.int16)
    return scaled


def part(pcm: Pcm, *, rate_hz: int = RATE_HZ, pause_after_ms: int | None = None) -> Part:
    """One utterance."""
    return Part(pcm=pcm, rate_hz=rate_hz, pause_after_ms=pause_after_ms)
