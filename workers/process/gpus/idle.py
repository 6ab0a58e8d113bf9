"""How long a GPU ran nothing while there was work: measured by each worker process, told to its supervisor.

    every quarter of a second, with utterances in hand: how busy was the GPU? -> two sums -> a small file, now and then

Work is in hand from claim to commit, so the pauses between batches count: those are what another process would fill.
NVML tells how much of its last sample period anything ran on the GPU, whoever's it was. With several processes on it
that is all of them together, which is what is asked here. Under MIG it tells nothing, and then nothing is reported.
"""

from __future__ import annotations

import json
import logging
import os
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from workers.process.sweeper import Periodic

log = logging.getLogger(__name__)

LOOK_EVERY_S = 0.25
REPORT_EVERY_S = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkReport:
    """Of one process, since it began."""

    work_s: float = 0.0
    """With utterances in hand, as far as the GPU was seen meanwhile."""
    idle_s: float = 0.0
    """Of those, without anything running on the GPU."""

    def __add__(self, other: WorkReport) -> WorkReport:
        return WorkReport(work_s=self.work_s + other.work_s, idle_s=self.idle_s + other.idle_s)

    def __sub__(self, other: WorkReport) -> WorkReport:
        return WorkReport(work_s=self.work_s - other.work_s, idle_s=self.idle_s - other.idle_s)


class IdleWatch(Periodic):
    """Looks at the GPU while there is work; writes `<folder>/<process number>.json`."""

    def __init__(
        self,
        utilisation: Callable[[], float | None],
        has_work: Callable[[], bool],
        folder: Path,
        *,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        """`utilisation`: 0 to 1, None where nobody can tell."""
        super().__init__("idle-watch", LOOK_EVERY_S)
        self._utilisation = utilisation
        self._has_work = has_work
        self._place = folder / f"{os.getpid()}.json"
        self._now = now
        self._looked_at: float | None = None
        """When, if there was work then."""
        self._reported_at = now()
        self.report = WorkReport()

    def tick(self) -> None:
        """One look; the time since the last one counts when there was work at both."""
        now, before = self._now(), self._looked_at
        self._looked_at = now if self._has_work() else None
        busy = self._utilisation() if self._looked_at is not None else None
        if before is not None and busy is not None:
            elapsed_s = now - before
            self.report += WorkReport(work_s=elapsed_s, idle_s=elapsed_s * (1 - busy))
        if now - self._reported_at >= REPORT_EVERY_S:
            self._reported_at = now
            self.write()

    def write(self) -> None:
        """Tell the supervisor; whole or not at all. Nothing where nothing was seen, or nobody is there any more."""
        if not self.report.work_s:
            return
        fresh = self._place.with_suffix(".new")
        try:
            fresh.write_text(json.dumps(asdict(self.report)))
            fresh.replace(self._place)
        except OSError as exc:
            log.warning("how busy the GPU was cannot be reported: %s", exc)


def read_reports(folder: Path) -> WorkReport:
    """Of all processes that ever wrote there, together; what is no report is left out."""
    total = WorkReport()
    for place in folder.glob("*.json"):
        try:
            told = json.loads(place.read_text())
            total += WorkReport(work_s=float(told["work_s"]), idle_s=float(told["idle_s"]))
        except (OSError, ValueError, TypeError, KeyError):
            continue
    return total
