"""A worker put together: what it tells its supervisor, what the warm-up leaves, how it ends with a load under way."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from storage.installation import Installation
from storage.queue.leases import ASSETS, UTTERANCES
from storage.records import Claim
from tests import build
from tests.waiting import LONGEST_S
from workers.engines.engine import DeviceLostError
from workers.process.app import WorkerProcess, assemble
from workers.process.gpus.idle import read_reports
from workers.process.warm_up import WarmUp


@pytest.fixture
def worker(installed: Installation) -> Iterator[WorkerProcess]:
    """Of an installation with a campaign that waits."""
    build.submitted(installed, build.people(3))
    made = assemble(installed)
    yield made
    made.resources.close()


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + LONGEST_S
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_work_is_in_hand_while_utterances_are_and_is_reported_at_the_end(
    worker: WorkerProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[float] = []

    def utilisation() -> float:
        looks.append(0.25)
        return 0.25

    monkeypatch.setattr(worker.resources.telemetry, "utilisation", utilisation)
    reports = tmp_path / "reports"
    reports.mkdir()
    worker.report_idleness(reports)
    watch = worker._idle_watch
    assert watch is not None
    holdings = worker.pipeline.claimer.holdings
    with holdings.holding(ASSETS, [Claim(key="k", attempt=1)]):
        watch.tick()
    assert looks == [], "finishing is the CPU's"
    with holdings.holding(UTTERANCES, [Claim(key="k", attempt=1)]):
        watch.tick()
        time.sleep(0.05)
        watch.tick()
    watch.tick()
    assert len(looks) == 2
    worker.start()
    worker.stop()
    told = read_reports(reports)
    assert told.work_s >= 0.05
    assert told.idle_s == pytest.approx(0.75 * told.work_s)


def test_idleness_is_watched_while_it_works(
    worker: WorkerProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker.resources.telemetry, "utilisation", lambda: 0.0)
    worker.report_idleness(tmp_path)
    with worker.pipeline.claimer.holdings.holding(UTTERANCES, [Claim(key="k", attempt=1)]):
        worker.start()
        try:
            watch = worker._idle_watch
            assert watch is not None
            until(lambda: watch.report.work_s > 0)
        finally:
            worker.threads.stopping.set()
    worker.stop()


def test_all_voices_are_warm_before_the_first_claim(worker: WorkerProcess) -> None:
    told = [voice for voice, _seconds in worker.warm_up()]
    assert told == ["demo-voice@1 on tone"]
    assert worker.resources.voices.is_warm("tone", "demo-voice@1")
    assert worker.still_cold == ()
    assert not worker.is_loading


def test_warm_up_lasts_as_long_as_the_setting_says(
    worker: WorkerProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits: list[float] = []
    begin = WarmUp.__init__

    def noted(warming: WarmUp, voices: object, wanted: object, *, limit_s: float) -> None:
        limits.append(limit_s)
        begin(warming, voices, wanted, limit_s=limit_s)  # type: ignore[arg-type]

    monkeypatch.setattr(WarmUp, "__init__", noted)
    list(worker.warm_up())
    assert limits == [worker.resources.settings.warm_up_seconds] == [180]


def test_device_that_a_late_load_loses_ends_the_worker(
    worker: WorkerProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    problem = DeviceLostError("the device is lost")

    def lose(_pin_id: str, _label: str) -> None:
        time.sleep(0.3)
        raise problem

    monkeypatch.setattr(worker.resources.voices, "warm", lose)
    worker.resources.settings.warm_up_seconds = 0.05
    assert list(worker.warm_up()) == []
    assert worker.still_cold == ("demo-voice@1 on tone",)
    assert worker.is_loading
    with pytest.raises(DeviceLostError):
        worker.wait(lambda: False)
