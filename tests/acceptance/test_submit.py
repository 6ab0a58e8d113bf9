"""Submitting: ids, errors, sources, sharing; as the program is told on its command line."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from campaign.cli import exits
from tests import build
from tests.acceptance.conftest import Program, ProgramHere, recipients


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """In this process; what the process has to do with it is in the tests that make a `Program`."""
    return ProgramHere(home=tmp_path / "home")


def test_every_row_gets_its_file(tmp_path: Path, folder: Path) -> None:
    program = Program(home=tmp_path / "home")
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
        done = Program(home=program.home).run("submit", "-", *brief, stdin=path.read_bytes())
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
        ("recipients.csv", "id,name\n", "no row below it"),
        ("hello.txt", "Hello {{ name.__class__ }}.", ""),
        ("campaign.toml", "nmae = 1", "there is no key nmae"),
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
