"""How many processes a GPU's measured idle share asks for: what a supervisor tells its operator.

A process leaves the GPU idle for a share of the time in which it has work. Processes that do so independently of each
other leave it idle together for the product of their shares: two of one third, a ninth. That is a model and takes the
GPU's speed for granted, so it says where to try next; the next measurement says whether it held.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from workers.process.gpus.idle import WorkReport, read_reports

IDLE_ENOUGH = 0.1
"""Expected idle share below which another process gains too little."""
LEAST_WORK_S = 60.0
"""Less than this says nothing."""
TELL_EVERY_S = 600.0
MOST_PER_GPU = 8
"""Where memory does not say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedGpu:
    """One GPU that a supervisor serves."""

    name: str
    per_gpu: int
    """Processes on it now."""
    room: int | None
    """How many its memory holds; None where nobody can tell."""
    reports: Path
    """Where they report."""


def processes_for(idle: float, *, per_gpu: int, room: int | None) -> int:
    """Fewest processes that leave the GPU idle for less than `IDLE_ENOUGH`, no more than memory holds.

    `idle`, 0 to 1, was measured with `per_gpu` of them.
    """
    alone = idle ** (1 / per_gpu)
    most = max(per_gpu, MOST_PER_GPU if room is None else room)
    return next((count for count in range(1, most) if alone**count < IDLE_ENOUGH), most)


def advice(gpu: SharedGpu, report: WorkReport) -> tuple[str, bool] | None:
    """(what to tell, whether another number of processes is better); None when too little was seen."""
    if report.work_s < LEAST_WORK_S:
        return None
    idle = min(1.0, max(0.0, report.idle_s / report.work_s))
    wanted = processes_for(idle, per_gpu=gpu.per_gpu, room=gpu.room)
    held = "its memory is unknown" if gpu.room is None else f"memory for {gpu.room}"
    told = f"{gpu.name} was idle {idle:.0%} of the time while there was work; "
    if wanted > gpu.per_gpu:
        return f"{told}--per-gpu {wanted} would use it ({held})", True
    if wanted < gpu.per_gpu:
        return f"{told}--per-gpu {wanted} would do ({held})", True
    if idle >= IDLE_ENOUGH:
        return f"{told}more than --per-gpu {wanted} does not fit ({held})", False
    return f"{told}--per-gpu {wanted} is right", False


class Advisor:
    """Reads what the processes of each GPU report, and tells: seldom while they work, once at the end."""

    def __init__(
        self,
        gpus: list[SharedGpu],
        say: Callable[[str], None],
        *,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._gpus = gpus
        self._say = say
        self._now = now
        self._due = now() + TELL_EVERY_S
        self._told: dict[str, WorkReport] = {}
        """By GPU: what was seen when something was told last."""

    def look(self) -> None:
        """Every `TELL_EVERY_S` at most: of what was seen since, where another number is better."""
        if self._now() < self._due:
            return
        self._due = self._now() + TELL_EVERY_S
        for gpu, total in self._totals().items():
            advised = advice(gpu, total - self._told.get(gpu.name, WorkReport()))
            if advised is not None:
                self._told[gpu.name] = total
                if advised[1]:
                    self._say(advised[0])

    def finish(self) -> None:
        """At the end: of everything that was seen."""
        for gpu, total in self._totals().items():
            advised = advice(gpu, total)
            if advised is not None:
                self._say(advised[0])

    def _totals(self) -> Mapping[SharedGpu, WorkReport]:
        return {gpu: read_reports(gpu.reports) for gpu in self._gpus}
