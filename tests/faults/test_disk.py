"""Disks that are full or take nothing: under the home, the database, the store, the results, an output, a log."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from campaign.cli import exits
from tests import build
from tests.acceptance.conftest import BRIEF
from tests.servers.disk import Disk, disk

SECRET = {"CAMPAIGN_SECRET": "5e" * 32, "CAMPAIGN_SWEEP_SECONDS": "0.2", "CAMPAIGN_TEXT_PROCESSES": "1"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A campaign to submit, on a disk with room."""
    (tmp_path / "campaign.toml").write_text(BRIEF)
    (tmp_path / "hello.txt").write_text("Hello {{ name }}.")
    build.write_csv(tmp_path / "people.csv", build.people(40))
    return tmp_path


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Disk]:
    with disk(tmp_path / "disk", size="64m") as made:
        yield made


def settings(home: Path, **others: str) -> dict[str, str]:
    return (
        SECRET
        | {"CAMPAIGN_HOME": str(home)}
        | {f"CAMPAIGN_{name.upper()}": value for name, value in others.items()}
    )


@pytest.mark.parametrize("command", [("list",), ("doctor",), ("key", "list"), ("db", "upgrade"), ("worker",)])
def test_a_home_on_a_full_disk_is_told(folder: Path, small: Disk, command: tuple[str, ...]) -> None:
    small.fill()
    done = small.run(*command, environment=settings(small.folder / "home"))
    assert done.code == (exits.UNHEALTHY if command == ("doctor",) else exits.UNAVAILABLE), done
    assert "Traceback" not in done.err
    assert "ree space" in done.err + done.out


@pytest.mark.parametrize("command", [("submit", "people.csv"), ("key", "add", "crm", "--scope", "read")])
def test_a_database_on_a_full_disk_is_told_and_the_same_command_goes_on(
    folder: Path, small: Disk, command: tuple[str, ...]
) -> None:
    home = small.folder / "home"
    asked = [folder / word if word.endswith(".csv") else word for word in command]
    environment = settings(home, object_store=f"file://{folder / 'objects'}")
    assert small.run("list", environment=environment).code == exits.OK
    small.fill()
    done = small.run(*asked, environment=environment)
    assert (done.code, "Free space" in done.err) == (exits.UNAVAILABLE, True), done
    assert small.run("doctor", environment=environment).code == exits.UNHEALTHY
    small.free()
    again = small.run(*asked, environment=environment)
    assert again.code == exits.OK, again


def test_a_store_on_a_full_disk_pauses_the_campaign_and_resume_goes_on(folder: Path, small: Disk) -> None:
    environment = settings(
        folder / "home", object_store=f"file://{small.folder / 'objects'}", max_attempts="2"
    )
    assert small.run("list", environment=environment).code == exits.OK
    small.run("doctor", environment=environment)  # makes the store's folder
    small.fill()
    done = small.run("submit", folder / "people.csv", "--id", "mine", environment=environment)
    assert done.code == exits.UNAVAILABLE, done
    assert "the object store refuses what is made, 2 batches in a row: cache/" in done.out
    assert "No space left on device" in done.out and "free space on its disk" in done.out
    assert "Continue with: campaign resume mine" in done.out
    status = json.loads(small.run("status", "mine", "--json", environment=environment).out)
    assert (status["state"], status["rows"]["by_status"]) == ("paused", {"pending": 40})
    assert "No space left on device" in status["state_reason"]
    small.free()
    resumed = small.run("resume", "mine", "--json", environment=environment)
    assert (resumed.code, json.loads(resumed.out)["rows"]["by_status"]) == (exits.OK, {"stored": 40}), resumed


def test_results_on_a_full_disk_are_told_and_reported_later(folder: Path, small: Disk) -> None:
    """The home holds the operator's lists; database and objects lie elsewhere."""
    home = small.folder / "home"
    elsewhere = {
        "database_url": f"sqlite:///{folder / 'db.sqlite'}",
        "object_store": f"file://{folder / 'objects'}",
    }
    environment = settings(home, **elsewhere)
    small.fill()
    done = small.run("submit", folder / "people.csv", "--id", "mine", environment=environment)
    assert done.code == exits.UNAVAILABLE, done
    assert "recipients-result.csv cannot be written: No space left on device. Free space there" in done.err
    shown = small.run("status", "mine", environment=environment)
    assert "its manifest and report are not out yet" in shown.out
    small.free()
    assert small.run("report", "mine", environment=environment).code == exits.OK
    lines = (small.outside / "home/results/mine/recipients-result.csv").read_text().splitlines()
    assert len(lines) == 41


def test_bad_rows_that_find_no_room_are_told_and_listed_by_the_same_command_later(
    folder: Path, small: Disk
) -> None:
    rows = [*build.people(3), *({"id": f"bad-{n}", "locale": "en", "name": ""} for n in range(400))]
    build.write_csv(folder / "people.csv", rows)
    elsewhere = {
        "database_url": f"sqlite:///{folder / 'db.sqlite'}",
        "object_store": f"file://{folder / 'objects'}",
    }
    environment = settings(small.folder / "home", **elsewhere)
    small.fill()
    done = small.run("submit", folder / "people.csv", "--id", "mine", environment=environment)
    assert (done.code, "errors.csv cannot be written: No space left" in done.err) == (
        exits.UNAVAILABLE,
        True,
    ), done
    small.free()
    again = small.run("submit", folder / "people.csv", "--id", "mine", environment=environment)
    assert again.code == exits.FINISHED_WITH_ERRORS, again
    lines = (small.outside / "home/results/mine/errors.csv").read_text().splitlines()
    assert len(lines) == 401


def test_an_output_that_finds_no_room_is_told_and_leaves_no_half_file(folder: Path, small: Disk) -> None:
    environment = settings(folder / "home")
    (small.outside / "old.wav").write_bytes(b"old")
    small.fill()
    for name in ("new.wav", "old.wav"):
        done = small.run(
            "say", "Hello there.", "--model", "tone", "-o", small.folder / name, environment=environment
        )
        assert (done.code, "No space left on device" in done.err) == (exits.UNAVAILABLE, True), done
    assert sorted(path.name for path in small.outside.iterdir()) == ["filling", "old.wav"]
    assert (small.outside / "old.wav").read_bytes() == b"old"


def test_a_log_that_takes_nothing_ends_no_campaign(folder: Path, small: Disk) -> None:
    environment = settings(folder / "home")
    command = f"{sys.executable} -m campaign -v submit {folder}/people.csv --id mine"
    done = small.run(shell=f"{command} 2>/dev/full", environment=environment)
    assert (done.code, "40 files" in done.out) == (exits.OK, True), done


def test_a_screen_that_takes_nothing_is_told_and_the_same_command_goes_on(folder: Path, small: Disk) -> None:
    environment = settings(folder / "home")
    command = f"{sys.executable} -m campaign submit {folder}/people.csv --id mine"
    done = small.run(shell=f"{command} >/dev/full", environment=environment)
    assert (done.code, "Traceback" in done.err) == (exits.UNAVAILABLE, False), done
    assert "No space left on device" in done.err
    again = small.run("submit", folder / "people.csv", "--id", "mine", "--json", environment=environment)
    assert json.loads(again.out)["rows"]["by_status"] == {"stored": 40}


def test_a_home_that_is_read_only_can_be_looked_at_and_says_what_it_takes_to_write(
    folder: Path, small: Disk
) -> None:
    environment = settings(small.folder / "home")
    assert (
        small.run("submit", folder / "people.csv", "--id", "mine", environment=environment).code == exits.OK
    )
    small.make_read_only()
    for look in (("list",), ("status", "mine"), ("preset", "list"), ("explain", "mine", "--row", "1")):
        done = small.run(*look, environment=environment)
        assert done.code == exits.OK, done
    for write in (
        ("retry", "mine"),
        ("submit", folder / "people.csv", "--new"),
        ("key", "add", "x", "--scope", "read"),
    ):
        done = small.run(*write, environment=environment)
        if write[0] != "retry":
            assert (done.code, "CAMPAIGN_HOME" in done.err) == (exits.UNAVAILABLE, True), done
        assert "Traceback" not in done.err
    found = small.run("doctor", environment=environment)
    assert found.code == exits.UNHEALTHY
    assert found.out.count("BAD") >= 3, found.out  # home, database, objects
