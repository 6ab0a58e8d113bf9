"""Packets of 20 ms on their way: which are lost, in bursts, and what is heard in their place.

Losses follow Gilbert's model: a line is good or bad, and loses what it carries while it is bad, `MEAN_BURST` packets on
average. What is lost is concealed as ITU-T G.711 Appendix I does, in its simple form: the last pitch period is said
again and again, 20 % quieter every 10 ms after the first 10, and silent after 60.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from workers.engines.engine import Pcm
from workers.line.chance import uniform

PACKET_MS = 20
MEAN_BURST = 2.0
"""Packets."""
SHORTEST_PERIOD_MS, LONGEST_PERIOD_MS = 5, 15
"""Of a voice: 200 to 66 Hz, as the appendix has them."""
FULL_MS, FADE_A_MS, SILENT_MS = 10, 0.02, 60


def lost_packets(packets: int, share: float, seed: str) -> npt.NDArray[np.bool_]:
    """(packets,): which are lost, `share` of them on average."""
    ends = 1 / MEAN_BURST
    begins = ends * share / (1 - share)
    lost = np.zeros(packets, np.bool_)
    is_bad = False
    for at, chance in enumerate(uniform(seed, "packets", packets)):
        is_bad = chance >= ends if is_bad else chance < begins
        lost[at] = is_bad
    return lost


def with_losses(pcm: Pcm, rate_hz: int, lost: npt.NDArray[np.bool_]) -> Pcm:
    """What is heard where these packets of int16 mono do not arrive."""
    size = rate_hz * PACKET_MS // 1000
    heard = pcm.copy()
    begun = None
    for at, is_lost in enumerate(lost):
        if not is_lost:
            begun = None
            continue
        first = at * size
        begun = first if begun is None else begun
        end = min(len(pcm), first + size)
        heard[first:end] = _concealed(heard[:begun], rate_hz, first - begun, end - begun)
    return heard


def _concealed(before: Pcm, rate_hz: int, first: int, end: int) -> Pcm:
    """Samples [first, end) of a gap after `before`."""
    period = _last_period(before, rate_hz)
    places = np.arange(first, end)
    ms = 1000 * places / rate_hz
    gain = np.clip(1 - (ms - FULL_MS) * FADE_A_MS, 0, 1) * (ms < SILENT_MS)
    said: Pcm = np.rint(period[places % len(period)] * gain).astype(np.int16)
    return said


def _last_period(before: Pcm, rate_hz: int) -> Pcm:
    """The last pitch period that was heard; silence where nothing was."""
    longest = rate_hz * LONGEST_PERIOD_MS // 1000
    recent = before[-2 * longest :].astype(np.float64)
    if len(recent) < 2 * longest or not recent.any():
        return np.zeros(longest, np.int16)
    template = recent[-longest:]
    best, length = -1.0, longest
    for lag in range(rate_hz * SHORTEST_PERIOD_MS // 1000, longest + 1):
        other = recent[-longest - lag : len(recent) - lag]
        size = float(np.linalg.norm(other))
        alike = float(template @ other) / size if size else -1.0
        if alike > best:
            best, length = alike, lag
    return before[-length:]
