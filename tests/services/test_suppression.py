"""`campaign suppression` as an operator uses it: lists in any shape, a campaign that runs meanwhile, and the log."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, insert, update

from campaign.operations.suppression import SuppressionAdded, add_persons, everybody
from campaign.report.publish import publish_report
from campaign.submission.insert import insert_chunk
from storage.erasing import erasure
from storage.errors import StoreUnavailableError
from storage.installation import Installation
from storage.names import CampaignId
from storage.persons import person_hash
from storage.queue import campaigns as campaign_rows
from storage.tables import RowStatus, assets
from storage.tables import suppressions as suppression_table
from tests import build
from tests.commands import Done, run
from workers.process.app import assemble

SECRET = "5e" * 32


@pytest.fixture
def home(tmp_path: Path) -> Path:
    build.installation(tmp_path / "home").close()
    return tmp_path / "home"


@pytest.fixture
def installation(home: Path) -> Iterator[Installation]:
    made = build.installation(home)
    yield made
    made.close()


def said(home: Path, *arguments: str | Path) -> Done:
    return run(
        *arguments,
        environment={"CAMPAIGN_HOME": str(home), "CAMPAIGN_SECRET": SECRET, "CAMPAIGN_TEXT_PROCESSES": "1"},
    )


def test_a_list_is_imported_in_any_shape_and_counted(home: Path, tmp_path: Path) -> None:
    shapes = {"a.csv": "name;id\nAna;0017\nBo;b-2\n", "b.jsonl": '{"id": 17}\n"c"\n', "c.txt": "d\n"}
    for name, text in shapes.items():
        (tmp_path / name).write_text(text)
    assert said(home, "suppression", "import", tmp_path / "a.csv").out == "2 ids: 2 added\n"
    assert said(home, "suppression", "import", tmp_path / "b.jsonl").out == "2 ids: 1 added, 1 were there\n"
    assert said(home, "suppression", "import", tmp_path / "c.txt", "--hashed").code == 0
    listed = said(home, "suppression", "list", "--json").json
    assert {one["external_id"] for one in listed} == {"0017", "b-2", "c", None}
    assert said(home, "suppression", "check", "B-2").code == 0
    assert said(home, "suppression", "check", "d", "--json").json == {"suppressed": True}
    missing = said(home, "suppression", "check", "nobody")
    assert (missing.code, missing.out) == (1, "not on the list\n")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("a,b\n1,2\n", "has several columns"),
        ("id\n", "holds no id"),
        ("id\n1\n" + "x" * 10_001, "characters is none"),
    ],
)
def test_what_cannot_be_a_list_adds_nobody(home: Path, tmp_path: Path, text: str, complaint: str) -> None:
    (tmp_path / "bad.csv").write_text(text)
    done = said(home, "suppression", "import", tmp_path / "bad.csv")
    assert (done.code, complaint in done.err) == (3, True), done.err
    assert said(home, "suppression", "list", "--json").json == []


def test_an_export_comes_back_as_a_list(home: Path, tmp_path: Path) -> None:
    said(home, "suppression", "add", "0017", "=cmd()", "--why", "asked by telephone")
    assert said(home, "suppression", "export", tmp_path / "out.csv").code == 0
    rows = list(csv.DictReader((tmp_path / "out.csv").read_text(encoding="utf-8").splitlines()))
    assert {row["id"] for row in rows} == {"0017", "'=cmd()"}
    assert {row["source"] for row in rows} == {"asked by telephone"}
    said(home, "suppression", "remove", "0017", "=cmd()")
    assert said(home, "suppression", "import", tmp_path / "out.csv").out == "2 ids: 2 added\n"
    assert said(home, "suppression", "check", "=cmd()").code == 0
    nowhere = said(home, "suppression", "export", tmp_path / "none" / "out.csv")
    assert (nowhere.code, "cannot be written" in nowhere.err) == (2, True)


def test_the_log_says_who_did_what_and_stays(home: Path) -> None:
    said(home, "suppression", "add", "17")
    said(home, "suppression", "remove", "0017", "--why", "called back")
    assert said(home, "suppression", "remove", "17").out == "0 removed, 1 were not there\n"
    log = said(home, "suppression", "log", "--json").json
    assert [(one["change"], one["external_id"], one["source"]) for one in log] == [
        ("added", "17", "command line"),
        ("removed", "17", "called back"),
    ]
    assert said(home, "suppression", "list", "--json").json == []


def test_who_opts_out_while_a_campaign_runs_gets_nothing(installation: Installation) -> None:
    campaign_id = build.submitted(installation, build.people(4)).campaign.id
    worker = assemble(installation)
    while worker.pipeline.synthesise():
        pass
    done = add_persons(installation, ["PERSON-2"], source="test", actor="test")
    assert (done.added, dict(done.stopped), done.delivered) == (1, {campaign_id: 1}, 0)
    while worker.pipeline.finish():
        pass
    build.worked(installation, campaign_id)
    lines = build.manifest(installation.store, campaign_id)
    assert [line["status"] for line in lines] == ["stored", "suppressed", "stored", "stored"]
    assert lines[1]["error"] == "opted-out"
    assert lines[1]["url"] is None
    document = publish_report(installation, campaign_id).document
    assert document["rows"]["left_out"] == {"opted-out": 1}
    late = add_persons(installation, ["person-1"], source="test", actor="test")
    assert (dict(late.stopped), late.delivered) == ({}, 1)


def test_an_opt_out_that_comes_between_a_claim_and_its_commit_leaves_no_file(
    installation: Installation,
) -> None:
    campaign_id = build.submitted(installation, build.people(3)).campaign.id
    worker = assemble(installation)
    while worker.pipeline.synthesise():
        pass
    put = installation.store.put
    done: list[SuppressionAdded] = []

    def opted_out(key: str, *arguments: object, **named: object) -> object:
        if key.startswith("campaigns/") and not done:
            done.append(add_persons(installation, ["person-1", "person-2"], source="x", actor="x"))
        return put(key, *arguments, **named)  # type: ignore[arg-type]

    installation.store.put = opted_out  # type: ignore[method-assign, assignment]
    while worker.pipeline.finish():
        pass
    installation.store.put = put  # type: ignore[method-assign]
    assert done[0].stopped[campaign_id] == 2
    build.worked(installation, campaign_id)
    erasure.sweep_all(installation.database, installation.store)
    lines = build.manifest(installation.store, campaign_id)
    assert build.statuses(lines) == {"stored": 1, "suppressed": 2}
    files = [key for key in build.objects(installation.store) if key.endswith(".wav")]
    assert [key.removeprefix(f"campaigns/{campaign_id}/") for key in files] == [lines[2]["url"]]


def test_the_last_opt_out_ends_a_campaign_and_its_report_is_there(installation: Installation) -> None:
    campaign_id = build.submitted(installation, build.people(2)).campaign.id
    add_persons(installation, ["person-1", "person-2"], source="test", actor="test")
    with installation.database.read() as connection:
        assert campaign_rows.get(connection, campaign_id).t_reported_ms is not None
    assert build.statuses(build.manifest(installation.store, campaign_id)) == {"suppressed": 2}


def test_previews_and_gates_call_nobody_and_are_not_stopped(home: Path, tmp_path: Path) -> None:
    said(home, "suppression", "add", "1", "text")
    spoken = said(home, "say", "Hello.", "--preset", "demo-voice@1", "-o", tmp_path / "said.wav")
    assert (spoken.code, (tmp_path / "said.wav").stat().st_size > 1000) == (0, True), spoken.err


def test_a_submit_tells_what_its_lists_met(home: Path, tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("id,locale,name\n0017,en,Ana\n18,en,Bo\n")
    (tmp_path / "campaign.toml").write_text(
        'model = "tone"\n[templates]\nen = { text = "Hello {{ name }}." }\n[columns]\nname = "name"\n'
    )
    (tmp_path / "stop.csv").write_text("17\nelse\n")
    said(home, "suppression", "add", "99")
    dry = said(home, "submit", tmp_path / "people.csv", "--suppress", tmp_path / "stop.csv", "--dry-run")
    told = "opt-out list stop.csv: 2 lines, 1 in this file, 1 of these written otherwise, 1 not"
    assert (dry.code, told in dry.out) == (0, True), dry.out + dry.err
    assert "this installation's opt-outs: 1 listed, 0 rows of this file" in dry.out
    done = said(home, "submit", tmp_path / "people.csv", "--suppress", tmp_path / "stop.csv", "--json")
    met = done.json["opt_outs"]
    assert [(one["list"], one["matched"]) for one in met] == [
        ("stop.csv", 1),
        ("this installation's opt-outs", 0),
    ]
    report = json.loads((home / "objects" / "campaigns" / done.json["id"] / "report.json").read_text())
    assert [one["list"] for one in report["rows"]["opt_outs"]] == [1, 2]
    other = said(
        home,
        "submit",
        tmp_path / "people.csv",
        "--suppress",
        tmp_path / "people.csv",
        "--id",
        "x",
        "--dry-run",
    )
    assert other.code == 0
    (tmp_path / "stop.csv").write_text("a\nb\n")
    wrong = said(home, "submit", tmp_path / "people.csv", "--suppress", tmp_path / "stop.csv", "--id", "y")
    assert (wrong.code, "stops nobody" in wrong.err) == (3, True)
    allowed = said(
        home,
        "submit",
        tmp_path / "people.csv",
        "--suppress",
        tmp_path / "stop.csv",
        "--unmatched-lists",
        "allow",
    )
    assert allowed.code == 0, allowed.err


def test_an_erased_person_stays_opted_out_and_leaves_no_id(installation: Installation) -> None:
    from campaign.operations.erase import erase_recipient

    campaign_id = build.submitted(installation, build.people(2)).campaign.id
    add_persons(installation, ["person-1"], source="test", actor="test")
    erase_recipient(installation, "person-1", actor="test")
    (kept,) = everybody(installation)
    assert (kept.external_id, kept.person) == (None, person_hash(installation.secret, "person-1"))
    again = build.submitted(installation, build.people(2), campaign_id=CampaignId("again"), new=True)
    assert again.tally.by_outcome == {"suppressed": 1, "pending": 1}
    assert campaign_id != again.campaign.id


def test_a_row_that_slipped_through_is_stopped_when_a_worker_claims_it(installation: Installation) -> None:
    """Written in the same moment as the opt-out: neither saw the other."""
    campaign_id = build.submitted(installation, build.people(3)).campaign.id
    add_persons(installation, ["person-2"], source="test", actor="test")
    with installation.database.write() as connection:
        connection.execute(
            update(assets).where(assets.c.row == 2).values(status=RowStatus.PENDING, code=None)
        )
    build.worked(installation, campaign_id)
    lines = build.manifest(installation.store, campaign_id)
    assert [line["status"] for line in lines] == ["stored", "suppressed", "stored"]
    assert not [key for key in build.objects(installation.store) if "/" + lines[1]["recipient"] + "/" in key]


def test_who_opts_out_while_the_rows_are_read_is_stopped_before_anybody_works(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = insert_chunk

    def then_opted_out(connection: Connection, *arguments: Any, **named: Any) -> None:
        real(connection, *arguments, **named)
        person = person_hash(installation.secret, "person-2")
        row = {"person": person, "source": "x", "actor": "x", "t_ms": 1}
        connection.execute(insert(suppression_table).values(row))

    monkeypatch.setattr("campaign.submission.draft.insert_chunk", then_opted_out)
    done = build.submitted(installation, build.people(3), start=False)
    with installation.database.read() as connection:
        assert campaign_rows.progress(connection, done.campaign.id).by_status == {
            "pending": 2,
            "suppressed": 1,
        }


def test_more_rows_than_a_claim_takes_may_have_opted_out(installation: Installation) -> None:
    """A batch of nobody is not the end of the campaign: other tools have stopped there."""
    count = 3 * installation.settings.finish_batch
    campaign_id = build.submitted(installation, build.people(count)).campaign.id
    worker = assemble(installation)
    while worker.pipeline.synthesise():
        pass
    out = [f"person-{number}" for number in range(1, count)]
    add_persons(installation, out, source="test", actor="test")
    with installation.database.write() as connection:  # as if their rows had been written in the same moment
        connection.execute(update(assets).where(assets.c.row < count).values(status=RowStatus.PENDING))
    assert worker.pipeline.finish() == 1
    with installation.database.read() as connection:
        statuses = campaign_rows.progress(connection, campaign_id).by_status
    assert statuses == {"suppressed": count - 1, "stored": 1}


def test_a_report_that_cannot_be_written_stops_no_opt_out(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    build.submitted(installation, build.people(2))

    def away(*_: object) -> None:
        raise StoreUnavailableError("the store is away")

    monkeypatch.setattr("campaign.operations.suppression.report_if_due", away)
    done = add_persons(installation, ["person-1", "person-2", *map(str, range(2500))], source="x", actor="x")
    assert (done.lines, done.added, done.stopped.total()) == (2502, 2502, 2)


def test_a_list_that_was_mended_may_come_under_the_same_id(home: Path, tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("id,locale,name\n17,en,Ana\n18,en,Bo\n")
    (tmp_path / "campaign.toml").write_text(
        'model = "tone"\n[templates]\nen = { text = "Hello {{ name }}." }\n'
    )
    command = ("submit", tmp_path / "people.csv", "--id", "mine", "--suppress", tmp_path / "stop.csv")
    for text, code in (("a,b\n1,2\n", 3), ("x\n", 3), ("17\n", 0)):
        (tmp_path / "stop.csv").write_text(text)
        done = said(home, *command)
        assert done.code == code, done.err
