"""Workers of one machine, a process for each GPU: devices are lost, children are killed, the machine is drained."""

from __future__ import annotations

import os
import signal
import threading
from pathlib import Path

from campaign.cli import exits
from campaign.cli.worker import FINAL
from storage.queue.leases import DEATHS_TO_QUARANTINE
from tests import build
from tests.acceptance.conftest import COMMAND
from tests.faults.checker import CLEAN
from tests.faults.conftest import ROWS, Stage
from tests.faults.test_workers import odd_worker
from tests.waiting import LONGEST_S
from workers.process.supervisor import Child, Supervisor


class Running:
    """A supervisor at work in a thread; its children are real worker processes on the CPU."""

    def __init__(self, stage: Stage, *command: str) -> None:
        environment = stage.program.environment()
        self.supervisor = Supervisor(
            [Child(name=name, command=command, environment=environment) for name in ("GPU-a", "GPU-b")],
            final=FINAL,
            grace_s=5,
            steady_s=1,
        )
        self.told = 0
        self.code: int | None = None
        self._thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        self.code = self.supervisor.run(lambda: self.told)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self.told = 1
        self._thread.join(timeout=LONGEST_S)


def test_row_that_costs_the_device_is_quarantined_and_its_workers_are_started_again(stage: Stage) -> None:
    rows = build.people(ROWS - 1)
    rows.insert(30, {"id": "poison", "locale": "en", "name": "Poison"})
    stage.submit(rows)
    running = Running(stage, *odd_worker(stage, "loses-device"))
    running.start()
    try:
        stage.until(lambda: stage.open_rows() == 0)
    finally:
        running.stop()
    assert running.code == exits.OK
    assert len(running.supervisor.ended) >= DEATHS_TO_QUARANTINE
    assert set(running.supervisor.ended) == {exits.DEVICE_LOST}
    assert stage.verdict(broken={"poison"}) == CLEAN


def test_kill_9_of_one_child_leaves_the_other_at_work_and_brings_a_new_one(stage: Stage) -> None:
    stage.submit(build.people(ROWS))
    running = Running(stage, *COMMAND, "worker")
    running.start()
    try:
        stage.until(lambda: stage.stored() > 20)
        first, second = running.supervisor.pids
        os.kill(first, signal.SIGKILL)
        stage.until(lambda: running.supervisor.starts == 3)
        assert second in running.supervisor.pids
        stage.until(lambda: stage.open_rows() == 0)
    finally:
        running.stop()
    assert running.supervisor.ended == [-signal.SIGKILL]
    assert not Path(f"/proc/{second}").exists()
    assert stage.verdict() == CLEAN
