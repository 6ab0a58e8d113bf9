"""A kill while inductor builds leaves nothing that a later process would load."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests import ROOT
from workers.engines.f5.device import building as building_module
from workers.engines.f5.device.building import GATE, building

BUILDS = """
import signal, sys
from pathlib import Path
from workers.engines.f5.device.building import building
with building():
    Path(sys.argv[1]).write_bytes(b"half")
    print("building", flush=True)
    signal.pause()
"""


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Inductor's, with a library that was built long ago."""
    folder = tmp_path / "inductor"
    (folder / "ab").mkdir(parents=True)
    (folder / "ab" / "old.so").write_bytes(b"whole")
    os.utime(folder / "ab" / "old.so", (1e9, 1e9))
    monkeypatch.setenv("TORCHINDUCTOR_CACHE_DIR", str(folder))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return folder


def starts_to_build(library: Path) -> subprocess.Popen[bytes]:
    process = subprocess.Popen([sys.executable, "-c", BUILDS, str(library)], stdout=subprocess.PIPE, cwd=ROOT)
    assert process.stdout is not None
    assert process.stdout.readline() == b"building\n"
    return process


def kill(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGKILL)
    process.communicate()


def files(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.rglob("*") if file.is_file())


def test_what_was_being_built_is_removed_and_what_was_there_before_is_not(
    cache: Path, caplog: pytest.LogCaptureFixture
) -> None:
    kill(starts_to_build(cache / "ab" / "half.so"))
    assert len(files(cache)) == 4, "both libraries, the gate and a mark"
    with caplog.at_level(logging.WARNING), building():
        assert {GATE, "old.so"} < set(files(cache))
        assert "half.so" not in files(cache)
    assert files(cache) == [GATE, "old.so"]
    assert "killed while it built kernels" in caplog.text and "(1 files)" in caplog.text
    caplog.clear()
    with caplog.at_level(logging.WARNING), building():
        (cache / "ab" / "new.so").write_bytes(b"whole")
    with building():
        pass
    assert files(cache) == [GATE, "new.so", "old.so"], "who ended well leaves what was built"
    assert caplog.messages == []


def test_headers_beside_the_cache_are_built_anew_too(cache: Path, tmp_path: Path) -> None:
    from torch._inductor.runtime.cache_dir_utils import default_cache_dir

    headers = Path(default_cache_dir()) / "precompiled_headers"
    assert tmp_path in headers.parents
    headers.mkdir(parents=True)
    kill(starts_to_build(headers / "header.gch"))
    with building():
        pass
    assert files(headers) == []


def test_others_that_build_meanwhile_are_waited_for_before_anything_is_removed(cache: Path) -> None:
    living = starts_to_build(cache / "living.so")
    kill(starts_to_build(cache / "half.so"))
    waiting = subprocess.Popen(
        [sys.executable, "-c", BUILDS, str(cache / "mine.so")], stdout=subprocess.PIPE, cwd=ROOT
    )
    with pytest.raises(subprocess.TimeoutExpired):
        waiting.wait(timeout=4)
    assert {"living.so", "half.so"} <= set(files(cache)) and "mine.so" not in files(cache)
    kill(living)
    assert waiting.stdout is not None
    assert waiting.stdout.readline() == b"building\n"
    assert not {"living.so", "half.so"} & set(files(cache)), "it was killed, too"
    kill(waiting)


def test_others_that_build_are_not_waited_for_where_nobody_was_killed(cache: Path) -> None:
    living = starts_to_build(cache / "living.so")
    with building():
        assert "living.so" in files(cache)
    kill(living)


def test_one_that_ended_well_while_its_mark_was_looked_at_was_not_killed(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mark = cache / f"{building_module.MARK}other"
    mark.touch()

    def ends(_stream: object) -> bool:
        mark.unlink()
        return True

    monkeypatch.setattr(building_module, "_is_free", ends)
    with building():
        pass
    assert files(cache) == [GATE, "old.so"]


def test_a_user_without_a_name_stops_nobody_here(
    cache: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """`keep_kernels` gives one; without it torch, which asks for the name of its own folder, builds nothing."""
    for variable in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setattr("os.getuid", lambda: 2**31 - 7)
    ran = []
    with caplog.at_level(logging.WARNING), building():
        ran.append(True)
    assert ran and "kernels cannot be kept" in caplog.text


def test_a_folder_that_takes_nothing_stops_nobody(
    cache: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("TORCHINDUCTOR_CACHE_DIR", "/proc/none")
    ran = []
    with caplog.at_level(logging.WARNING), building():
        ran.append(True)
    assert ran
    assert "kernels cannot be kept" in caplog.text
