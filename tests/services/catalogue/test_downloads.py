"""What has arrived is kept: broken off, damaged, changed, killed, fetched by two, on a full disk."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from campaign.cli import exits
from campaign.errors import FetchError, OutputError
from campaign.registry.catalogue import fetch_files
from campaign.registry.catalogue.keeping import part_of
from tests import ROOT
from tests.commands import run
from tests.servers.disk import disk
from tests.servers.sources import COMMIT, SourceFault, Sources, catalogue_of
from tests.services.catalogue.entries import (
    MODEL,
    RELEASE,
    VOICES,
    Seen,
    entry_of,
)


def test_a_damaged_file_is_fetched_again_and_the_others_are_not(
    server: Sources, packaged: dict[str, Any], tmp_path: Path
) -> None:
    packaged["files"] = packaged["files"][1:]
    for file in packaged["files"]:
        file["sources"].reverse()
    folder = fetch_files(entry_of(tmp_path, packaged), tmp_path / "some")
    (folder / "voices" / "a.dat").write_bytes(b"\0" + VOICES["a"][1:])
    (folder / "voices" / "stray").write_bytes(b"of somebody")
    server.served.clear()
    fetch_files(entry_of(tmp_path, packaged), folder)
    assert server.served == [(f"/hub/maker/model/resolve/{COMMIT}/voices/a.bin", 0)]
    assert {path.name: path.read_bytes() for path in (folder / "voices").iterdir()} == {
        f"{name}.dat": data for name, data in VOICES.items()
    }


@pytest.mark.parametrize("is_unmeasured", [False, True])
def test_a_body_that_breaks_off_goes_on_where_it_did(
    server: Sources, web: dict[str, Any], tmp_path: Path, is_unmeasured: bool
) -> None:
    server.faults[RELEASE] = SourceFault(stops_after=300_000, times=2, is_unmeasured=is_unmeasured)
    seen = Seen()
    fetch_files(entry_of(tmp_path, web), tmp_path / "some", watch=seen)
    assert server.bodies(RELEASE) == [0, 300_000, 600_000]
    assert seen.passed == []


def test_a_server_that_knows_no_ranges_begins_anew(
    server: Sources, web: dict[str, Any], tmp_path: Path
) -> None:
    server.faults[RELEASE] = SourceFault(stops_after=300_000, times=1)
    server.faults[RELEASE].ignores_range = True
    folder = tmp_path / "some"
    downloads = part_of(folder) / "files"
    downloads.mkdir(parents=True)
    (downloads / "model.onnx.arriving").write_bytes(b"something else" * 10)
    fetch_files(entry_of(tmp_path, web), folder)
    assert (folder / "model.onnx").read_bytes() == MODEL


def test_what_lies_there_from_another_file_is_thrown_away_and_fetched_from_the_start(
    server: Sources, web: dict[str, Any], tmp_path: Path
) -> None:
    folder = tmp_path / "some"
    (part_of(folder) / "files").mkdir(parents=True)
    (part_of(folder) / "files" / "model.onnx.arriving").write_bytes(b"?" * 1000)
    seen = Seen()
    fetch_files(entry_of(tmp_path, web), folder, watch=seen)
    assert server.bodies(RELEASE) == [1000, 0]
    assert seen.passed == []


def test_a_file_that_became_another_is_not_joined_to_what_has_arrived(
    server: Sources, web: dict[str, Any], tmp_path: Path
) -> None:
    server.faults[RELEASE] = SourceFault(stops_after=300_000, times=1)
    server.files[RELEASE] = MODEL
    web["files"][0]["sources"] = web["files"][0]["sources"][:1]
    real = server.files[RELEASE]
    server.faults[RELEASE] = SourceFault(stops_after=300_000, times=1_000, ignores_range=True)
    with pytest.raises(FetchError, match="broke off 8 times"):
        fetch_files(entry_of(tmp_path, web), tmp_path / "some")
    arrived = part_of(tmp_path / "some") / "files" / "model.onnx.arriving"
    assert arrived.stat().st_size == 300_000
    del server.faults[RELEASE]
    server.files[RELEASE] = real + b"longer now"
    with pytest.raises(FetchError, match="is another file now"):
        fetch_files(entry_of(tmp_path, web), tmp_path / "some")
    server.files[RELEASE] = real[:1000]
    with pytest.raises(FetchError, match="is shorter than"):
        fetch_files(entry_of(tmp_path, web), tmp_path / "some")


def test_a_killed_get_goes_on_with_what_had_arrived(
    server: Sources, web: dict[str, Any], tmp_path: Path
) -> None:
    gate = threading.Event()
    server.faults[RELEASE] = SourceFault(stops_after=700_000, times=1, gate=gate)
    catalogue = catalogue_of(tmp_path / "catalogue.toml", [web])
    environment = os.environ | {
        "CAMPAIGN_HOME": str(tmp_path / "home"),
        "CAMPAIGN_MODELS": str(tmp_path / "models"),
    }
    words = [*(sys.executable, "-m", "campaign", "voice", "get", "some-voice"), "--catalogue", str(catalogue)]
    with subprocess.Popen(words, env=environment, cwd=ROOT, stderr=subprocess.PIPE) as process:
        assert server.stalled.wait(240)
        arriving = next((tmp_path / "models").glob("*.part")) / "files" / "model.onnx.arriving"
        while not arriving.exists() or arriving.stat().st_size < 600_000:  # what was sent gets there
            assert process.poll() is None
        process.send_signal(signal.SIGKILL)
    gate.set()
    arrived = arriving.stat().st_size
    done = run("voice", "get", "some-voice", "--catalogue", catalogue, environment=environment)
    assert (done.code, server.bodies(RELEASE)) == (0, [0, arrived])


def test_two_at_once_fetch_once(server: Sources, web: dict[str, Any], tmp_path: Path) -> None:
    gate = threading.Event()
    server.faults[RELEASE] = SourceFault(stops_after=700_000, times=1, gate=gate)
    entry = entry_of(tmp_path, web)
    second = Seen()
    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(fetch_files, entry, tmp_path / "some")
        assert server.stalled.wait(240)
        other = pool.submit(fetch_files, entry, tmp_path / "some", watch=second)
        assert second.waited.wait(240)
        gate.set()
        assert one.result() == other.result() == tmp_path / "some"
    assert server.bodies(RELEASE)[0] == 0 and 0 not in server.bodies(RELEASE)[1:]
    assert second.arrived == {}


def test_a_full_disk_says_so_and_the_same_command_goes_on_when_there_is_room(
    server: Sources, web: dict[str, Any], tmp_path: Path
) -> None:
    catalogue = catalogue_of(tmp_path / "catalogue.toml", [web])
    words = ("voice", "get", "some-voice", "--catalogue", catalogue)
    with disk(tmp_path / "disk", size="512k") as small:
        environment = {
            "CAMPAIGN_HOME": str(tmp_path / "home"),
            "CAMPAIGN_MODELS": str(small.folder / "models"),
        }
        done = small.run(*words, environment=environment)
        assert done.code == exits.UNAVAILABLE
        assert "No space left on device" in done.err and "CAMPAIGN_MODELS" in done.err
        small.resize("8m")
        server.served.clear()
        done = small.run(*words, environment=environment)
        assert (done.code, done.err) == (0, "")
        assert server.bodies(RELEASE)[0] > 0


def test_a_folder_that_cannot_be_made_is_told(web: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match=r"File exists.*CAMPAIGN_MODELS"):
        fetch_files(entry_of(tmp_path, web), tmp_path / "file" / "some")
