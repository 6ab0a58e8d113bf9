"""How many threads a bell from outside wakes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.tables import Lane
from tests import build
from workers.process.app import assemble
from workers.process.threads import WorkerThreads

THREADS = 4


@pytest.fixture
def threads(tmp_path: Path) -> Iterator[WorkerThreads]:
    """Of a worker that is not started: its bells wait."""
    installed = build.installation(tmp_path, finish_threads=THREADS - 1)
    worker = assemble(installed)
    yield worker.threads
    worker.resources.close()
    installed.close()


def test_bulk_wakes_all_idle_threads_and_a_preview_one(threads: WorkerThreads) -> None:
    threads.wake(Lane.BULK)
    threads.wake(Lane.PREVIEW)
    assert [threads.bell.waiting(lane) for lane in (Lane.PREVIEW, Lane.BULK)] == [1, THREADS]


def test_many_bells_leave_no_more_waiting_than_threads_may_answer(threads: WorkerThreads) -> None:
    for _ in range(100):
        threads.wake(Lane.BULK)
        threads.wake(Lane.PREVIEW)
    assert [threads.bell.waiting(lane) for lane in (Lane.PREVIEW, Lane.BULK)] == [1, THREADS]


def test_one_bell_waits_for_whoever_is_done_first_when_all_are_busy(
    threads: WorkerThreads, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(threads, "_busy", THREADS)
    for _ in range(100):
        threads.wake(Lane.BULK)
    assert threads.bell.waiting(Lane.BULK) == 1
