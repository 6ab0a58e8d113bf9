"""`campaign doctor` where it needs no server: what F5's kernels would be built with, and where they would be kept."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from campaign.operations import device_health
from tests import ROOT
from tests.servers.disk import disk
from workers.engines.f5.compiler import MEND, Compiler
from workers.process.kernels import CACHES

GPU = object()


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """torch's build, the GPU that NVML sees and the compiler, to be changed."""
    facts: dict[str, object] = {"cuda": True, "gpu": None, "compiler": Compiler(path="/usr/bin/gcc")}

    class Telemetry:
        def __init__(self, _device: str) -> None:
            pass

        def read(self) -> object:
            return facts["gpu"]

    monkeypatch.setattr(device_health, "Telemetry", Telemetry)
    monkeypatch.setattr(device_health, "builds_kernels", lambda: facts["cuda"])
    monkeypatch.setattr(device_health, "find_compiler", lambda: facts["compiler"])
    return facts


def test_a_compiler_that_is_there_is_good(machine: dict[str, object]) -> None:
    (finding,) = device_health.compiler()
    assert (finding.what, finding.level, finding.mend) == ("compiler", "good", "")
    assert "/usr/bin/gcc" in finding.found


@pytest.mark.parametrize(("cuda", "gpu"), [(True, None), (False, GPU), (True, GPU)])
def test_a_compiler_that_is_not_there_is_a_note_with_its_mend(
    machine: dict[str, object], cuda: bool, gpu: object
) -> None:
    machine.update(cuda=cuda, gpu=gpu, compiler=Compiler(path=None, lacks="no C compiler", mend=MEND))
    (finding,) = device_health.compiler()
    assert finding.level == "note"
    assert "no C compiler" in finding.found and "eager" in finding.found
    assert finding.mend.startswith("Install a C compiler")


def test_where_no_kernel_will_be_built_nothing_is_said(machine: dict[str, object], tmp_path: Path) -> None:
    machine.update(cuda=False)
    assert list(device_health.compiler()) == []
    assert list(device_health.kernels(tmp_path / "kernels")) == []
    assert not (tmp_path / "kernels").exists()


@pytest.fixture
def kept(machine: dict[str, object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for kernels, where the operator named none."""
    for variable in CACHES:
        monkeypatch.delenv(variable, raising=False)
    return tmp_path / "kernels"


def test_folder_that_keeps_kernels_is_good(kept: Path) -> None:
    (finding,) = device_health.kernels(kept)
    assert (finding.level, finding.mend) == ("good", "")
    assert f"{kept}/triton" in finding.found
    assert not set(CACHES) & set(os.environ) and not kept.exists(), "looking changes nothing"


def test_folder_that_could_not_be_made_is_bad(kept: Path) -> None:
    (finding,) = device_health.kernels(Path("/proc/1/kernels"))
    assert finding.level == "bad"
    assert "CAMPAIGN_KERNEL_CACHE" in finding.mend


def test_folder_that_no_worker_takes_is_bad_with_its_mend(kept: Path) -> None:
    kept.mkdir(mode=0o777)
    kept.chmod(0o777)
    (finding,) = device_health.kernels(kept)
    assert finding.level == "bad"
    assert f"chmod 700 {kept}" in finding.mend


def test_folder_of_a_filesystem_that_runs_nothing_is_a_note(
    kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with disk(tmp_path / "disk", size="1m") as mounted:
        there = mounted.outside / "not" / "yet"
        monkeypatch.setenv("TRITON_CACHE_DIR", str(there))
        (finding,) = device_health.kernels(kept)
        assert finding.level == "good"
        mounted.forbid_programs()
        (finding,) = device_health.kernels(kept)
    assert finding.level == "note"
    assert f"nothing runs from {there} " in finding.found


def test_looking_for_it_loads_no_torch() -> None:
    script = (
        "import sys\nfrom campaign.operations import device_health\nlist(device_health.compiler())\n"
        "print({'torch', 'triton', 'f5_tts'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout.strip() == "set()"
