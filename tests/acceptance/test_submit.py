"""Submitting: ids, resuming, errors, sources, sharing; through the program itself."""

from __future__ import annotations

import contextlib
import gzip
import json
import os
import pty
import re
import signal
import subprocess
from pathlib import Path

import pytest
from sqlalchemy import func, select

from campaign.cli import exits
from storage.errors import DatabaseError
from storage.session import Database
from storage.tables import RowStatus, assets
from tests import build
from tests.acceptance.conftest import COMMAND, ROOT, Program, eventually

SLOW_ROWS = 160
ENDLESS_ROWS = 1500
"""Of a campaign that is stopped long before its end, however slow a second command may be to start."""
"""More than are made while a second shell's command starts."""
BRIEF = """
name = "test"
model = "tone"
languages = ["en"]
[templates]
default = "hello.txt"
[columns]
name = "name"
[finish]
codec = "wav"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a brief and a template."""
    made = tmp_path / "asked"
    made.mkdir()
    (made / "campaign.toml").write_text(BRIEF)
    (made / "hello.txt").write_text("Welcome back, friend. Hello {{ name }}.")
    return made


def recipients(folder: Path, count: int, name: str = "recipients.csv") -> Path:
    return build.write_csv(folder / name, build.people(count))


def slow_recipients(folder: Path, rows: int = SLOW_ROWS) -> Path:
    """Rows whose files take a while: a minute of shared sound in each, encoded as MP3."""
    (folder / "hello.txt").write_text(
        "Hello {{ name }}. " + "This goes on and on without an end in sight " * 20 + "."
    )
    (folder / "campaign.toml").write_text(BRIEF.replace('"wav"', '"mp3"'))
    return recipients(folder, rows)


def test_every_row_gets_its_file(program: Program, folder: Path) -> None:
    done = program.run("submit", recipients(folder, 5), "--json")
    assert done.code == exits.OK, done.err
    assert done.json["state"] == "finished"
    assert done.json["rows"]["by_status"] == {"stored": 5}
    lines = build.manifest(build.installation(program.home).store, done.json["id"])
    assert len({line["url"] for line in lines}) == 5


def test_same_id_with_other_content_is_refused_and_new_makes_another(program: Program, folder: Path) -> None:
    first = recipients(folder, 2)
    assert program.run("submit", first, "--id", "mine").code == exits.OK
    other = recipients(folder, 3, "other.csv")
    refused = program.run("submit", other, "--id", "mine")
    assert refused.code == exits.CONFLICT
    assert "--new" in refused.err
    again = program.run("submit", first, "--id", "mine", "--new", "--json")
    assert again.json["id"] == "mine-2"


def test_the_same_sentence_in_two_campaigns_is_synthesised_once(program: Program, folder: Path) -> None:
    program.run("submit", recipients(folder, 4), "--id", "one")
    more = build.write_csv(folder / "more.csv", build.people(6))
    done = program.run("submit", more, "--id", "two")
    assert done.code == exits.OK, done.err
    report = program.run("report", "two", "--format", "json").json
    assert report["synthesised"]["utterances_needed"] == 7
    assert report["synthesised"]["utterances_made"] == 2


def test_on_error_reject_submits_nothing_and_skip_the_rest(program: Program, folder: Path) -> None:
    rows = [*build.people(3), {"id": "bad", "locale": "en", "name": ""}]
    path = build.write_csv(folder / "recipients.csv", rows)
    rejected = program.run("submit", path, "--on-error", "reject")
    assert rejected.code == exits.ROW_ERRORS
    assert "recipients.csv, row 4, column name" in rejected.err
    assert program.run("list", "--json").json == []
    skipped = program.run("submit", path, "--on-error", "skip", "--json")
    assert skipped.code == exits.FINISHED_WITH_ERRORS
    assert skipped.json["rows"]["by_status"] == {"stored": 3, "failed": 1}


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("error", {"stored": 3, "failed": 1}),
        ("keep-first", {"stored": 3, "suppressed": 1}),
        ("keep-all", {"stored": 4}),
    ],
)
def test_duplicates_follow_the_policy(
    program: Program, folder: Path, policy: str, expected: dict[str, int]
) -> None:
    rows = build.people(3)
    path = build.write_csv(folder / "recipients.csv", [*rows, rows[0] | {"name": "Other"}])
    done = program.run("submit", path, "--duplicates", policy, "--json")
    assert done.json["rows"]["by_status"] == expected
    results = Path(done.json["results"])
    assert (results / "duplicates.csv").read_text().splitlines() == ["row,id,first_row", "4,person-1,1"]


def test_suppressed_recipients_get_nothing(program: Program, folder: Path) -> None:
    (folder / "stop.txt").write_text("person-2\n")
    done = program.run("submit", recipients(folder, 3), "--suppress", folder / "stop.txt", "--json")
    assert done.json["rows"]["by_status"] == {"stored": 2, "suppressed": 1}


@pytest.mark.parametrize("kind", ["stdin", "gz", "jsonl"])
def test_other_sources_are_read(program: Program, folder: Path, kind: str) -> None:
    path = recipients(folder, 2)
    brief = ("--brief", folder / "campaign.toml", "--json")
    if kind == "stdin":
        done = program.run("submit", "-", *brief, stdin=path.read_bytes())
    elif kind == "gz":
        packed = folder / "r.csv.gz"
        packed.write_bytes(gzip.compress(path.read_bytes()))
        done = program.run("submit", packed, *brief)
    else:
        lines = folder / "r.jsonl"
        lines.write_text("".join(json.dumps(row) + "\n" for row in build.people(2)))
        done = program.run("submit", lines, *brief)
    assert done.code == exits.OK, done.err
    assert done.json["rows"]["by_status"] == {"stored": 2}


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("recipients.csv", 'id,name\n1,"Ann\n', "quotation mark"),
        ("recipients.csv", "", "no header"),
        ("recipients.csv", "id,name\n", "no rows"),
        ("hello.txt", "Hello {{ name.__class__ }}.", ""),
        ("campaign.toml", "nmae = 1", "no such key"),
    ],
)
def test_bad_file_brief_or_template_stops_before_the_first_row(
    program: Program, folder: Path, name: str, content: str, said: str
) -> None:
    path = recipients(folder, 2)
    (folder / name).write_text(content)
    done = program.run("submit", path)
    assert done.code == exits.INPUT, done.err
    assert said in done.err
    assert [one for one in program.run("list", "--json").json if one["state"] != "draft"] == []


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
    report = program.run("report", done.json["id"], "--format", "json").json
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
    assert [one["state"] for one in program.run("list", "--json").json] == ["draft"]
    assert program.run("resume", program.run("list", "--json").json[0]["id"]).code == exits.CONFLICT
    done = program.run("submit", path, "--hold", "--json")
    assert done.code == exits.OK, done.err
    assert done.json["rows"]["by_status"] == {"pending": 12_000}
    assert done.json["state"] == "validated"


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


def test_pause_and_resume_from_a_second_shell(program: Program, folder: Path) -> None:
    path = slow_recipients(folder)
    with program.started("submit", path, "--id", "mine") as process:
        eventually(lambda: _stored(program) > 2, what="the first files")
        paused = program.run("pause", "mine", "--json")
        assert paused.json["state"] == "paused"
        at_pause = paused.json["rows"]["by_status"]["stored"]
        assert process.wait(timeout=30) == exits.OK
    assert _stored(program) == at_pause < SLOW_ROWS
    done = program.run("resume", "mine", "--json")
    assert done.json["rows"]["by_status"] == {"stored": SLOW_ROWS}


def test_cancel_from_a_second_shell_ends_it_and_keeps_what_was_delivered(
    program: Program, folder: Path
) -> None:
    path = slow_recipients(folder, ENDLESS_ROWS)
    with program.started("submit", path, "--id", "mine") as process:
        eventually(lambda: _stored(program) > 2, what="the first files")
        cancelled = program.run("cancel", "mine", "--json")
        at_cancel = cancelled.json["rows"]["by_status"]
        process.wait(timeout=30)
    after = program.run("status", "mine", "--json").json
    assert after["state"] == "cancelled"
    assert after["rows"]["by_status"] == at_cancel
    assert set(at_cancel) == {"stored", "cancelled"}
    assert program.run("cancel", "mine").code == exits.OK
    assert program.run("resume", "mine").code == exits.CONFLICT
    assert program.run("submit", path, "--id", "mine", "--json").json["state"] == "cancelled"


def test_second_worker_on_the_same_sqlite_file_is_refused(program: Program, folder: Path) -> None:
    path = slow_recipients(folder, ENDLESS_ROWS)
    with program.started("submit", path, "--id", "mine"):
        eventually(lambda: _stored(program) > 0, what="the first file")
        refused = program.run("submit", recipients(folder, 2, "other.csv"))
        assert refused.code == exits.CONFLICT
        assert "another process works on" in refused.err


def test_interrupt_gives_back_and_says_how_to_go_on(program: Program, folder: Path) -> None:
    path = slow_recipients(folder)
    with program.started("submit", path, "--id", "mine") as process:
        eventually(lambda: _stored(program) > 2, what="the first files")
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) == exits.INTERRUPTED
    assert "the same command goes on" in program.logs()
    rows = program.run("status", "mine", "--json").json["rows"]["by_status"]
    assert set(rows) == {"stored", "pending"}
    assert program.run("submit", path, "--id", "mine", "--json").json["rows"]["by_status"] == {
        "stored": SLOW_ROWS
    }


def test_hold_waits_for_resume(program: Program, folder: Path) -> None:
    held = program.run("submit", recipients(folder, 2), "--id", "mine", "--hold", "--json")
    assert held.json["rows"]["by_status"] == {"pending": 2}
    assert program.run("resume", "mine", "--json").json["rows"]["by_status"] == {"stored": 2}


def test_unknown_campaign_is_not_found(program: Program) -> None:
    for command in (
        ("status", "none"),
        ("pause", "none"),
        ("report", "none"),
        ("explain", "none", "--row", "1"),
    ):
        done = program.run(*command)
        assert done.code == exits.NOT_FOUND
        assert "campaign list" in done.err


def test_every_state_changing_command_leaves_an_audit_row(program: Program, folder: Path) -> None:
    from storage.history import audit

    path = recipients(folder, 2)
    program.run("submit", path, "--id", "mine", "--hold")
    program.run("resume", "mine")
    with build.installation(program.home).database.read() as connection:
        actions = [row["action"] for row in audit.of(connection, "mine")]
    assert actions == ["submit", "resume"]


def test_progress_with_rate_and_time_to_go_shows_on_a_terminal(program: Program, folder: Path) -> None:
    shown = _on_a_terminal(program, "submit", slow_recipients(folder))
    assert "reading recipients.csv" in shown
    assert "rows/s" in shown
    assert f"{SLOW_ROWS}/{SLOW_ROWS}" in shown
    assert re.search(r"\d:\d\d:\d\d", shown)


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
    process.wait(timeout=60)
    os.close(leader)
    return shown.decode(errors="replace")
