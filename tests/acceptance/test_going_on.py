"""A campaign that is stopped: killed, interrupted, paused, cancelled; and how it goes on. By the program itself."""

from __future__ import annotations

import contextlib
import os
import pty
import re
import signal
import subprocess
from pathlib import Path

from sqlalchemy import func, select

from campaign.cli import exits
from storage.errors import DatabaseError
from storage.session import Database
from storage.tables import RowStatus, assets
from tests import ROOT, build
from tests.acceptance.conftest import BRIEF, COMMAND, Program, eventually, recipients
from tests.waiting import LONGEST_S

SLOW_ROWS = 50
"""Enough to be stopped in the middle by a signal, and few enough to be made to the end."""
ENDLESS_ROWS = 500
"""Of a campaign that is stopped long before its end, however slow a second command may be to start."""


def slow_recipients(program: Program, folder: Path, rows: int = SLOW_ROWS) -> Path:
    """Rows whose files take a while: a minute of shared sound in each, encoded as MP3, few of them at once."""
    program.settings["CAMPAIGN_FINISH_BATCH"] = "4"
    (folder / "hello.txt").write_text(
        "Hello {{ name }}. " + "This goes on and on without an end in sight " * 20 + "."
    )
    (folder / "campaign.toml").write_text(BRIEF.replace('"wav"', '"mp3"'))
    return recipients(folder, rows)


def test_killed_work_goes_on_with_the_same_command_and_makes_nothing_twice(
    program: Program, folder: Path
) -> None:
    path = recipients(folder, 300)
    installed = build.installation(program.home)

    def stored() -> int:
        found = program.home / "objects" / "cache"
        return sum(1 for _ in found.rglob("*") if _.is_file()) if found.exists() else 0

    with program.started("submit", path) as process:
        eventually(lambda: stored() > 40, what="the first sound")
        process.send_signal(signal.SIGKILL)
        process.wait()
    at_kill = set(build.objects(installed.store, "cache/"))
    done = program.run("submit", path, "--json")
    assert done.code == exits.OK, done.err
    assert done.json["rows"]["by_status"] == {"stored": 300}
    lines = build.manifest(installed.store, done.json["id"])
    prefix = f"campaigns/{done.json['id']}/"
    files = {key for key in build.objects(installed.store, prefix) if key.endswith(".wav")}
    named = {prefix + line["url"] for line in lines}
    assert named <= files
    assert all(installed.store.head(prefix + line["url"]).sha256 == line["sha256"] for line in lines)  # type: ignore[union-attr]
    assert len(files - named) <= 3 * installed.settings.finish_batch  # the batches in flight at the kill
    report = program.here().run("report", done.json["id"], "--format", "json").json
    in_flight = installed.settings.synthesis_batch
    assert report["synthesised"]["runs"] <= 301 + in_flight
    assert at_kill <= set(build.objects(installed.store, "cache/"))


def test_submit_killed_at_half_is_resumed_and_no_half_campaign_is_visible(
    program: Program, folder: Path
) -> None:
    program.settings["CAMPAIGN_TEXT_PROCESSES"] = "1"
    path = recipients(folder, 12_000)
    with program.started("submit", path, "--hold") as process:
        eventually(lambda: _drafted(program) >= 1000, what="a part of the rows")
        process.send_signal(signal.SIGKILL)
        process.wait()
    part = _drafted(program)
    assert 0 < part < 12_000
    assert [one["state"] for one in program.here().run("list", "--json").json] == ["draft"]
    assert (
        program.here().run("resume", program.here().run("list", "--json").json[0]["id"]).code
        == exits.CONFLICT
    )
    done = program.run("submit", path, "--hold", "--json")
    assert done.code == exits.OK, done.err
    assert done.json["rows"]["by_status"] == {"pending": 12_000}
    assert done.json["state"] == "validated"


def test_pause_and_resume_from_a_second_shell(program: Program, folder: Path) -> None:
    path = slow_recipients(program, folder, ENDLESS_ROWS)
    with program.started("submit", path, "--id", "mine") as process:
        eventually(lambda: _stored(program) > 2, what="the first files")
        paused = program.here().run("pause", "mine", "--json")
        assert paused.json["state"] == "paused"
        at_pause = paused.json["rows"]["by_status"]["stored"]
        assert process.wait(timeout=LONGEST_S) == exits.OK
    assert _stored(program) == at_pause < ENDLESS_ROWS
    with program.started("resume", "mine"):
        eventually(lambda: _stored(program) > at_pause, what="the next files")


def test_cancel_from_a_second_shell_ends_it_and_keeps_what_was_delivered(
    program: Program, folder: Path
) -> None:
    path = slow_recipients(program, folder, ENDLESS_ROWS)
    with program.started("submit", path, "--id", "mine") as process:
        eventually(lambda: _stored(program) > 2, what="the first files")
        cancelled = program.run("cancel", "mine", "--json")
        at_cancel = cancelled.json["rows"]["by_status"]
        process.wait(timeout=LONGEST_S)
    after = program.here().run("status", "mine", "--json").json
    assert after["state"] == "cancelled"
    assert after["rows"]["by_status"] == at_cancel
    assert set(at_cancel) == {"stored", "cancelled"}
    assert program.here().run("cancel", "mine").code == exits.OK
    assert program.here().run("resume", "mine").code == exits.CONFLICT
    assert program.run("submit", path, "--id", "mine", "--json").json["state"] == "cancelled"


def test_second_submit_is_made_by_the_worker_of_the_first_and_says_so(program: Program, folder: Path) -> None:
    path = slow_recipients(program, folder, ENDLESS_ROWS)
    with program.started("submit", path, "--id", "mine") as first:
        eventually(lambda: _stored(program) > 0, what="the first file")
        second = program.run("submit", recipients(folder, 2, "other.csv"), "--json")
        assert (second.code, second.json["rows"]["by_status"]) == (exits.OK, {"stored": 2}), second.err
        assert f"process {first.pid} (campaign submit, since " in second.err
        assert first.poll() is None


def test_interrupt_gives_back_and_says_how_to_go_on(program: Program, folder: Path) -> None:
    path = slow_recipients(program, folder)
    with program.started("submit", path, "--id", "mine") as process:
        eventually(lambda: _stored(program) > 2, what="the first files")
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=LONGEST_S) == exits.INTERRUPTED
    assert "the same command continues" in program.logs()
    rows = program.here().run("status", "mine", "--json").json["rows"]["by_status"]
    assert set(rows) == {"stored", "pending"}
    assert program.run("submit", path, "--id", "mine", "--json").json["rows"]["by_status"] == {
        "stored": SLOW_ROWS
    }


def test_progress_with_rate_and_time_to_go_shows_on_a_terminal(program: Program, folder: Path) -> None:
    shown = _on_a_terminal(program, "submit", slow_recipients(program, folder, 30))
    assert "reading recipients.csv" in shown
    assert "rows/s" in shown
    assert "30/30" in shown
    assert re.search(r"\d:\d\d:\d\d", shown)


def _drafted(program: Program) -> int:
    return _count(program, RowStatus.PENDING)


def _stored(program: Program) -> int:
    return _count(program, RowStatus.STORED)


def _count(program: Program, status: RowStatus) -> int:
    """Asset rows of a status, read past the program."""
    path = program.home / "campaign.sqlite"
    if not path.exists():
        return 0
    database = Database(f"sqlite:///{path}")
    try:
        with database.read() as connection:
            query = select(func.count()).select_from(assets).where(assets.c.status == status)
            found: int = connection.execute(query).scalar_one()
            return found
    except DatabaseError:  # the tables are not made yet
        return 0
    finally:
        database.close()


def _on_a_terminal(program: Program, *arguments: str | Path) -> str:
    """What a person at a terminal sees."""
    leader, follower = pty.openpty()
    process = subprocess.Popen(
        [*COMMAND, *map(str, arguments)],
        stdin=follower,
        stdout=follower,
        stderr=follower,
        env=program.environment({"TERM": "xterm", "COLUMNS": "160"}),
        cwd=ROOT,
    )
    os.close(follower)
    shown = b""
    with contextlib.suppress(OSError):  # the terminal closes with the process
        while block := os.read(leader, 65536):
            shown += block
    process.wait(timeout=LONGEST_S)
    os.close(leader)
    return shown.decode(errors="replace")
