"""MPS where it runs, time slicing elsewhere: the daemon is a script on PATH that notes what it is asked."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from workers.process.gpus import mps
from workers.process.gpus.mps import CONTROL, LOGS, PIPES, shared

DAEMON = """#!/bin/sh
if [ "$1" = -d ]; then asked=-d; else read asked; fi
echo "$asked $CUDA_VISIBLE_DEVICES $CUDA_MPS_PIPE_DIRECTORY $CUDA_MPS_LOG_DIRECTORY" >> {notes}
"""


@pytest.fixture(autouse=True)
def short_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a machine: pytest's own is deep."""
    monkeypatch.setattr("tempfile.tempdir", "/tmp")


@pytest.fixture
def notes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What the daemon was asked; there is one on PATH."""
    notes = tmp_path / "notes"
    install(tmp_path, monkeypatch, DAEMON.format(notes=notes))
    return notes


def install(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    place = folder / "bin" / CONTROL
    place.parent.mkdir(exist_ok=True)
    place.write_text(script)
    place.chmod(0o755)
    monkeypatch.setenv("PATH", f"{place.parent}:{os.environ['PATH']}")
    monkeypatch.delenv(PIPES, raising=False)
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)


def asked(notes: Path) -> list[list[str]]:
    return [line.split() for line in notes.read_text().splitlines()] if notes.exists() else []


def test_daemon_of_a_gpu_runs_in_folders_of_its_own_for_as_long_as_the_processes(notes: Path) -> None:
    lines: list[str] = []
    with shared("GPU-aaaa", per_gpu=2, say=lines.append) as sharing:
        pipes, logs = sharing.environment[PIPES], sharing.environment[LOGS]
        assert sharing.under_mps
        assert asked(notes) == [["-d", "GPU-aaaa", pipes, logs]]
        assert stat.S_IMODE(Path(pipes).stat().st_mode) == 0o700
        assert stat.S_IMODE(Path(pipes).parent.stat().st_mode) == 0o700
        with shared("GPU-bbbb", per_gpu=2, say=lines.append) as other:
            assert other.environment[PIPES] != pipes, "a GPU that fails takes no other along"
    assert asked(notes)[-1] == ["quit", pipes, logs]
    assert not Path(pipes).exists()
    assert lines == ["GPU-aaaa: 2 processes under MPS", "GPU-bbbb: 2 processes under MPS"]


def test_daemon_is_ended_after_a_fault_of_the_supervisor_too(notes: Path) -> None:
    with pytest.raises(KeyboardInterrupt), shared("GPU-aaaa", per_gpu=2, say=lambda _line: None):
        raise KeyboardInterrupt
    assert [line[0] for line in asked(notes)] == ["-d", "quit"]


def test_one_process_needs_no_daemon(notes: Path) -> None:
    lines: list[str] = []
    with shared("GPU-aaaa", per_gpu=1, say=lines.append) as sharing:
        assert (sharing.under_mps, dict(sharing.environment)) == (False, {})
    assert (asked(notes), lines) == ([], [])


def test_operator_s_daemon_is_used_and_left_alone(notes: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PIPES, "/run/mps")
    lines: list[str] = []
    with shared("GPU-aaaa", per_gpu=2, say=lines.append) as sharing:
        assert (sharing.under_mps, dict(sharing.environment)) == (True, {}), "children inherit the variable"
    assert asked(notes) == []
    assert lines == ["GPU-aaaa: 2 processes under the MPS daemon of /run/mps, which is left as it is"]


def test_mig_slice_is_shared_in_turns(notes: Path) -> None:
    lines: list[str] = []
    with shared("MIG-aaaa", per_gpu=2, say=lines.append) as sharing:
        assert (sharing.under_mps, dict(sharing.environment)) == (False, {})
    assert asked(notes) == []
    assert lines == ["MIG-aaaa: 2 processes in turns (time slicing): MPS is not started on a MIG slice"]


def test_without_a_daemon_on_path_one_line_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv(PIPES, raising=False)
    lines: list[str] = []
    with shared("GPU-aaaa", per_gpu=2, say=lines.append) as sharing:
        assert not sharing.under_mps
    assert lines == [f"GPU-aaaa: 2 processes in turns (time slicing): there is no {CONTROL} on PATH"]


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("#!/bin/sh\necho 'An instance\nis running' >&2\nexit 1\n", "ended with 1 (An instance is running)"),
        ("#!/bin/sh\nsleep 30\n", "cannot be started"),
        ("no script", "cannot be started"),
    ],
)
def test_daemon_that_cannot_be_started_leaves_time_slicing(
    script: str, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mps, "TIMEOUT_S", 1.0)
    install(tmp_path, monkeypatch, script)
    lines: list[str] = []
    with shared("GPU-aaaa", per_gpu=2, say=lines.append) as sharing:
        assert (sharing.under_mps, dict(sharing.environment)) == (False, {})
    (line,) = lines
    assert reason in line


def test_folder_too_deep_for_sockets_leaves_time_slicing(
    notes: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deep = tmp_path / ("deep" * 25)
    deep.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(deep))
    lines: list[str] = []
    with shared("GPU-aaaa", per_gpu=2, say=lines.append) as sharing:
        assert (sharing.under_mps, dict(sharing.environment)) == (False, {})
    assert asked(notes) == []
    (line,) = lines
    assert line.endswith("is too long for sockets; set TMPDIR to a shorter folder")


def test_daemon_that_keeps_its_output_open_keeps_nobody_waiting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mps, "TIMEOUT_S", 5.0)
    install(tmp_path, monkeypatch, '#!/bin/sh\nif [ "$1" = -d ]; then sleep 20 & fi\n')
    lines: list[str] = []
    with shared("GPU-aaaa", per_gpu=2, say=lines.append) as sharing:
        assert sharing.under_mps


def test_daemon_that_does_not_end_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    install(tmp_path, monkeypatch, '#!/bin/sh\n[ "$1" = -d ]\n')
    with shared("GPU-aaaa", per_gpu=2, say=lambda _line: None):
        pass
    assert "the MPS daemon of GPU-aaaa may still run" in caplog.text


def test_daemon_of_a_killed_supervisor_is_ended_by_the_next_and_a_living_one_s_is_not(
    notes: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders = tmp_path.with_name("t")  # short enough for sockets, and nobody else's
    folders.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folders))
    code = (
        "import signal; from workers.process.gpus.mps import shared\n"
        "with shared('GPU-aaaa', per_gpu=2, say=lambda line: print(line, flush=True)): signal.pause()"
    )
    killed = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, env=os.environ | {"TMPDIR": str(folders)}
    )
    assert killed.stdout is not None
    with shared("GPU-bbbb", per_gpu=2, say=lambda _line: None) as living:
        assert killed.stdout.readline() == b"GPU-aaaa: 2 processes under MPS\n"
        killed.send_signal(signal.SIGKILL)
        killed.communicate()
        (left,) = [
            folder for folder in folders.iterdir() if str(folder / "pipe") != living.environment[PIPES]
        ]
        with shared("GPU-aaaa", per_gpu=2, say=lambda _line: None):
            assert not left.exists()
            assert Path(living.environment[PIPES]).exists()
            quits = [line[-2:] for line in asked(notes) if line[0] == "quit"]
            assert quits == [[str(left / "pipe"), str(left / "log")]]
    assert list(folders.iterdir()) == []
