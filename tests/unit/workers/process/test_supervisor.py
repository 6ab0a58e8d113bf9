"""Which GPUs are served, and what becomes of a child that ends."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pynvml
import pytest

from campaign.cli import exits
from workers.errors import NoGpuError
from workers.process.supervisor import Child, Supervisor, chosen_gpus

UUIDS = ["GPU-aaaa", "GPU-bbbb", "GPU-cccc"]


@pytest.fixture
def three_gpus(monkeypatch: pytest.MonkeyPatch) -> None:
    """What NVML says on a machine with three."""
    answers: dict[str, Any] = {
        "nvmlInit": lambda: None,
        "nvmlDeviceGetCount": lambda: len(UUIDS),
        "nvmlDeviceGetHandleByIndex": lambda index: index,
        "nvmlDeviceGetUUID": lambda handle: UUIDS[handle],
    }
    for name, answer in answers.items():
        monkeypatch.setattr(pynvml, name, answer)
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)


@pytest.mark.usefixtures("three_gpus")
@pytest.mark.parametrize(
    ("asked", "chosen"),
    [("all", UUIDS), ("2,0", ["GPU-cccc", "GPU-aaaa"]), ("GPU-bbbb, MIG-1/2", ["GPU-bbbb", "MIG-1/2"])],
)
def test_gpus_are_chosen_by_number_or_uuid(asked: str, chosen: list[str]) -> None:
    assert chosen_gpus(asked) == chosen


@pytest.mark.usefixtures("three_gpus")
def test_only_visible_gpus_are_all_gpus(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "1,GPU-cccc")
    assert chosen_gpus("all") == ["GPU-bbbb", "GPU-cccc"]


@pytest.mark.usefixtures("three_gpus")
@pytest.mark.parametrize("asked", ["3", "x", ""])
def test_gpu_that_is_not_there_is_refused_with_what_there_is(asked: str) -> None:
    with pytest.raises(NoGpuError, match="NVML sees 3"):
        chosen_gpus(asked)


def test_machine_without_a_gpu_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent() -> None:
        raise pynvml.NVMLError(pynvml.NVML_ERROR_LIBRARY_NOT_FOUND)

    monkeypatch.setattr(pynvml, "nvmlInit", absent)
    with pytest.raises(NoGpuError, match="--device cpu"):
        chosen_gpus("all")


def child(code: str) -> Child:
    return Child(name="GPU-aaaa", command=(sys.executable, "-c", code))


def test_child_that_no_restart_mends_ends_the_supervisor_with_its_code() -> None:
    ending = child(f"raise SystemExit({exits.CONFLICT})")
    supervisor = Supervisor([ending, child("import time; time.sleep(60)")], final={exits.CONFLICT}, grace_s=1)
    assert supervisor.run(lambda: 0) == exits.CONFLICT
    assert supervisor.pids == []


def test_child_whose_device_is_lost_is_started_again(tmp_path: Path) -> None:
    marks = tmp_path / "marks"
    code = f"open({str(marks)!r}, 'a').write('x'); raise SystemExit({exits.DEVICE_LOST})"
    supervisor = Supervisor([child(code)], final={exits.CONFLICT}, grace_s=1, steady_s=0)
    assert supervisor.run(lambda: len(supervisor.ended) >= 3) == exits.OK
    assert supervisor.ended == [exits.DEVICE_LOST] * 3
    assert len(marks.read_text()) >= 3


def test_child_that_ignores_sigterm_is_killed_after_the_grace_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workers.process.supervisor.KILL_AFTER_S", 0.5)
    stubborn = child("import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)")
    supervisor = Supervisor([stubborn], final=set(), grace_s=0.5)
    assert supervisor.run(lambda: supervisor.starts) == exits.OK
    assert supervisor.pids == []
