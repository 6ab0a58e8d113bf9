"""Workers of one machine, processes for each GPU: devices are lost, children are killed, the machine is drained."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from pathlib import Path

import pytest

from campaign.cli import exits
from campaign.cli.worker import FINAL
from storage.queue.leases import DEATHS_TO_QUARANTINE
from tests import ROOT, build
from tests.acceptance.conftest import COMMAND
from tests.faults.checker import CLEAN
from tests.faults.conftest import ROWS, Stage
from tests.faults.test_workers import odd_worker
from tests.waiting import LONGEST_S
from workers.process.gpus.mps import CONTROL, LOGS, PIPES
from workers.process.supervisor import Child, Supervisor


class Running:
    """A supervisor at work in a thread; its children are real worker processes on the CPU."""

    def __init__(self, stage: Stage, *command: str) -> None:
        environment = stage.program.environment()
        self.supervisor = Supervisor(
            [Child(name=name, command=command, environment=environment) for name in ("GPU-a", "GPU-b")],
            final=FINAL,
            lost=exits.DEVICE_LOST,
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


NVML = '''
"""NVML of a machine with one GPU of 80 GiB, which tells little more."""
import collections

class NVMLError(Exception): pass

NVML_CLOCK_SM = NVML_DEVICE_MIG_ENABLE = 1
Memory = collections.namedtuple("Memory", "total used")

def nvmlInit(): pass
def nvmlDeviceGetCount(): return 1
def nvmlDeviceGetHandleByIndex(index): return "GPU-aaaa"
def nvmlDeviceGetHandleByUUID(uuid): return uuid
def nvmlDeviceGetUUID(handle): return handle
def nvmlDeviceGetName(handle): return "Stand-in"
def nvmlSystemGetDriverVersion(): return "1"
def nvmlDeviceGetMemoryInfo(handle): return Memory(80 << 30, 1 << 30)

def __getattr__(name):
    if not name.startswith("nvml"): raise AttributeError(name)
    def refuse(*_): raise NVMLError(name)
    return refuse
'''
DAEMON = """#!/bin/sh
if [ "$1" = -d ]; then asked=-d; else read asked; fi
echo "$asked $CUDA_VISIBLE_DEVICES $CUDA_MPS_PIPE_DIRECTORY $CUDA_MPS_LOG_DIRECTORY" >> {notes}
"""


@pytest.fixture
def notes(stage: Stage, tmp_path: Path) -> Path:
    """What the MPS daemon of a machine with one GPU was asked: stand-ins for NVML and the daemon."""
    place = tmp_path / "machine"
    place.mkdir()
    (place / "pynvml.py").write_text(NVML)
    (place / CONTROL).write_text(DAEMON.format(notes=place / "notes"))
    (place / CONTROL).chmod(0o755)
    stage.program.settings |= {
        "PYTHONPATH": f"{place}{os.pathsep}{ROOT}",
        "PATH": f"{place}{os.pathsep}{os.environ['PATH']}",
    }
    return place / "notes"


def children_of(pid: int) -> dict[int, dict[str, str]]:
    """Worker processes below a supervisor, with what was put into their environment."""
    found = {}
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        with contextlib.suppress(ProcessLookupError, FileNotFoundError):  # it ended meanwhile
            entries = Path(f"/proc/{child}/environ").read_bytes().split(b"\0")
            found[int(child)] = dict(entry.decode().partition("=")[::2] for entry in entries if entry)
    return found


def test_replicas_of_a_gpu_work_under_mps_fall_together_and_are_drained(stage: Stage, notes: Path) -> None:
    stage.submit(build.people(ROWS))
    supervisor = stage.start(*COMMAND, "worker", "--gpus", "all", "--per-gpu", "2")
    stage.until(lambda: stage.stored() > 20)
    before = children_of(supervisor.pid)
    assert len(before) == 2
    asked, gpu, pipes, logs = notes.read_text().split()
    assert (asked, gpu) == ("-d", "GPU-aaaa")
    for environment in before.values():
        assert (environment[PIPES], environment[LOGS]) == (pipes, logs)
        assert environment["CUDA_VISIBLE_DEVICES"] == "GPU-aaaa"
    assert [Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")[-3:-1] for pid in before] == [
        [b"--max-vram-gib", b"36.0"]
    ] * 2
    os.kill(next(iter(before)), signal.SIGKILL)
    stage.until(lambda: len(after := children_of(supervisor.pid)) == 2 and after.keys().isdisjoint(before))
    stage.until(lambda: stage.open_rows() == 0)
    supervisor.send_signal(signal.SIGTERM)
    assert supervisor.wait(LONGEST_S) == exits.OK
    assert [line.split()[0] for line in notes.read_text().splitlines()] == ["-d", "quit"]
    assert not Path(pipes).exists()
    assert "GPU-aaaa: 2 processes under MPS" in stage.logs()
    assert stage.verdict() == CLEAN


def test_sigterm_in_the_middle_of_a_load_ends_the_worker_at_once(stage: Stage) -> None:
    stage.submit(build.people(3))
    worker = stage.start(*odd_worker(stage, "warms-endlessly"))
    stage.until(lambda: "loading" in stage.logs())
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(LONGEST_S) == exits.OK
    assert stage.logs() == "loading for 1 presets\n"


def test_voice_that_loads_for_too_long_keeps_no_other_waiting(stage: Stage) -> None:
    stage.program.settings["CAMPAIGN_WARM_UP_SECONDS"] = "1"
    stage.submit(build.people(3), "slow")
    stage.submit(build.people(3, prefix="other"), "quick", model="espeak")
    worker = stage.start(*odd_worker(stage, "warms-endlessly"))
    stage.until(lambda: stage.open_rows("quick") == 0)
    assert stage.stored("slow") == 0
    assert "loading takes longer than 1 s" in stage.logs()
    assert "still to be loaded: demo-voice@1 on tone" in stage.logs()
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(LONGEST_S) == exits.OK, "a load that goes on does not spoil the end"


@pytest.mark.parametrize("limit_s", ["180", "0.5"])
def test_device_that_is_lost_in_the_warm_up_ends_the_worker_for_another(stage: Stage, limit_s: str) -> None:
    stage.program.settings["CAMPAIGN_WARM_UP_SECONDS"] = limit_s
    stage.submit(build.people(3))
    worker = stage.start(*odd_worker(stage, "loses-device-late"))
    assert worker.wait(LONGEST_S) == exits.DEVICE_LOST
    assert ("loading takes longer" in stage.logs()) == (limit_s == "0.5")
