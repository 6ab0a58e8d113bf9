"""Whose turn it is: the most urgent lane first; within it each campaign in turn, a voice for a few batches at a time.

A worker stays with the pin and preset that it spoke with last for a stint, because another one may have to be
loaded; after a stint the campaigns of other voices come first. So a small campaign beside a large one has half of the
worker, and waits `STINT_BATCHES` at most before its first batch.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Mapping, Sequence

from storage.queue.leases import UTTERANCES, Work
from storage.records import Runnable
from storage.tables import Lane
from workers.observability.meters import Meters

STINT_BATCHES = 3
"""Batches with one voice before other voices have their turn."""


class Scheduler:
    """One worker process's memory of whom it served; thread-safe."""

    def __init__(self, meters: Meters, *, lane_threads: Mapping[Lane, int]) -> None:
        """`lane_threads`: most threads at work in a lane at once; a lane left out has no limit."""
        self._meters = meters
        self._limits = dict(lane_threads)
        self._lock = threading.Lock()
        self._served_at: dict[tuple[str, str], float] = {}
        self._voice: tuple[str, str] | None = None
        self._stint = 0
        self._busy: Counter[Lane] = Counter()

    def in_order(self, work: Work, campaigns: Sequence[Runnable]) -> list[Runnable]:
        """Who is asked first, who next."""
        lanes = list(Lane)
        with self._lock:
            kept = self._voice if self._stint < STINT_BATCHES else None
            left = None if kept else self._voice

            def rank(campaign: Runnable) -> tuple[int, bool, bool, float]:
                voice = (campaign.pin_id, campaign.preset)
                speaks = work is UTTERANCES
                return (
                    lanes.index(campaign.lane),
                    speaks and kept is not None and voice != kept,
                    speaks and voice == left,
                    self._served_at.get((work.table.name, campaign.id), 0.0),
                )

            return sorted(campaigns, key=rank)

    def record_claim(self, work: Work, campaign: Runnable) -> None:
        """A batch of this campaign was claimed."""
        with self._lock:
            self._served_at[work.table.name, campaign.id] = time.monotonic()
            if work is not UTTERANCES:
                return
            voice = (campaign.pin_id, campaign.preset)
            if voice == self._voice:
                self._stint += 1
                return
            if self._voice is not None:
                self._meters.add("campaign_voice_swaps")
            self._voice, self._stint = voice, 1

    def enter(self, lane: Lane) -> bool:
        """Whether one more thread may work in this lane; `leave` when it is done."""
        with self._lock:
            if self._busy[lane] >= self._limits.get(lane, self._busy[lane] + 1):
                return False
            self._busy[lane] += 1
            return True

    def leave(self, lane: Lane) -> None:
        """A thread that entered is done."""
        with self._lock:
            self._busy[lane] -= 1
