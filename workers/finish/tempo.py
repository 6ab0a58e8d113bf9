"""Faster or slower at the same pitch: FFmpeg's `atempo` (WSOLA), in a process of its own."""

from __future__ import annotations

import numpy as np

from workers.engines.engine import Pcm
from workers.ffmpeg import in_child

SLOWEST = 0.5
"""Of one filter; slower is two of them."""


def at_tempo(pcm: Pcm, rate_hz: int, tempo: float) -> Pcm:
    """The same words in 1/`tempo` of the time."""
    steps = []
    while tempo < SLOWEST:
        steps.append(SLOWEST)
        tempo /= SLOWEST
    steps.append(tempo)
    body = pcm.astype("<i2", copy=False).tobytes()
    _told, sound = in_child(lambda process: process.ask("tempo", body, rate_hz=rate_hz, steps=steps))
    return np.frombuffer(sound, dtype="<i2").astype(np.int16)
