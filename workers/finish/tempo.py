"""Faster or slower at the same pitch: FFmpeg's `atempo` (WSOLA), from the PyAV wheel."""

from __future__ import annotations

import av
import av.filter
import numpy as np

from workers.engines.engine import Pcm

SLOWEST = 0.5
"""Of one filter; slower is two of them."""


def at_tempo(pcm: Pcm, rate_hz: int, tempo: float) -> Pcm:
    """The same words in 1/`tempo` of the time."""
    graph = av.filter.Graph()
    first = graph.add_abuffer(sample_rate=rate_hz, format="s16", layout="mono")
    steps = []
    while tempo < SLOWEST:
        steps.append(SLOWEST)
        tempo /= SLOWEST
    filters = [graph.add("atempo", str(step)) for step in (*steps, tempo)]
    graph.link_nodes(first, *filters, graph.add("abuffersink")).configure()
    frame = av.AudioFrame.from_ndarray(pcm.reshape(1, -1), format="s16", layout="mono")
    frame.sample_rate = rate_hz
    graph.push(frame)
    graph.push(None)
    blocks = []
    while True:
        try:
            blocks.append(graph.pull().to_ndarray().reshape(-1))
        except (av.error.EOFError, av.error.BlockingIOError):
            break
    return np.concatenate(blocks).astype(np.int16, copy=False) if blocks else pcm[:0]
