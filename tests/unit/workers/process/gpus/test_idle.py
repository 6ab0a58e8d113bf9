"""How long a GPU ran nothing while there was work, measured and reported."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from workers.process.gpus.idle import REPORT_EVERY_S, IdleWatch, WorkReport, read_reports


class Watched:
    """A watch on a clock, a GPU and a queue of the test's."""

    def __init__(self, folder: Path) -> None:
        self.now_s = 0.0
        self.busy: float | None = 0.0
        self.has_work = True
        self.watch = IdleWatch(lambda: self.busy, lambda: self.has_work, folder, now=lambda: self.now_s)

    def tick(self, after_s: float) -> WorkReport:
        self.now_s += after_s
        self.watch.tick()
        return self.watch.report


def test_idle_is_what_the_gpu_did_not_run_while_there_was_work(tmp_path: Path) -> None:
    watched = Watched(tmp_path)
    assert watched.tick(0) == WorkReport()
    watched.busy = 0.75
    assert watched.tick(2) == WorkReport(work_s=2, idle_s=0.5)
    watched.busy = 1.0
    assert watched.tick(2) == WorkReport(work_s=4, idle_s=0.5)


def test_time_without_work_does_not_count(tmp_path: Path) -> None:
    watched = Watched(tmp_path)
    watched.tick(0)
    watched.has_work = False
    assert watched.tick(5) == WorkReport()
    watched.has_work = True
    assert watched.tick(100) == WorkReport(), "there was none at the look before"
    assert watched.tick(1) == WorkReport(work_s=1, idle_s=1)


def test_gpu_that_tells_nothing_is_not_taken_for_idle(tmp_path: Path) -> None:
    watched = Watched(tmp_path)
    watched.busy = None
    watched.tick(0)
    assert watched.tick(2 * REPORT_EVERY_S) == WorkReport()
    assert list(tmp_path.iterdir()) == []


def test_report_is_written_now_and_then_and_read_by_whoever_supervises(tmp_path: Path) -> None:
    watched = Watched(tmp_path)
    watched.tick(0)
    watched.tick(REPORT_EVERY_S - 1)
    assert read_reports(tmp_path) == WorkReport()
    watched.tick(1)
    assert read_reports(tmp_path) == WorkReport(work_s=REPORT_EVERY_S, idle_s=REPORT_EVERY_S)
    assert [path.name for path in tmp_path.iterdir()] == [f"{os.getpid()}.json"], "nothing half-written stays"


def test_supervisor_that_is_gone_keeps_no_worker_from_ending(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    watched = Watched(tmp_path / "gone")
    watched.tick(0)
    watched.tick(1)
    watched.watch.write()
    assert "cannot be reported" in caplog.text
