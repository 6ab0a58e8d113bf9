"""Evidence and delivery as an operator meets them: each command on one campaign, its words and its exit codes."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from campaign.cli import exits
from tests.acceptance.conftest import ProgramHere

BRIEF = """
name = "spring"
model = "tone"
territories = ["US"]
[templates]
default = "m.txt"
[columns]
name = "name"
[disclosure]
caller = ["City Clinic"]
[finish]
codec = "flac"
marks = ["c2pa"]
"""
SCRIPT = "This is City Clinic with a message in a synthetic voice. Hello {{ name }}. To stop these messages press nine."


@dataclass(frozen=True, slots=True)
class Sent:
    program: ProgramHere
    campaign_id: str
    folder: Path

    def files(self) -> dict[int, Path]:
        """Row to its file."""
        root = self.program.home / "objects" / "campaigns" / self.campaign_id
        lines = [json.loads(line) for line in (root / "manifest.jsonl").read_text().splitlines()]
        return {line["row"]: root / line["url"] for line in lines if line.get("url")}


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Sent:
    folder = tmp_path_factory.mktemp("evidence")
    program = ProgramHere(home=folder / "home")
    made = program.run("marks", "test-certificate", "--out", folder)
    assert made.code == 0, made.err
    for line in made.out.splitlines():
        name, _, value = line.removeprefix("export ").partition("=")
        program.settings[name] = value
    (folder / "m.txt").write_text(SCRIPT)
    (folder / "campaign.toml").write_text(BRIEF)
    (folder / "people.csv").write_text("id,locale,name\np-1,en,Ann\np-2,en,Bea\np-3,en,Cara\n")
    done = program.run("submit", folder / "people.csv", "--id", "spring")
    assert done.code == 0, done.err
    return Sent(program, "spring", folder)


def ok(sent: Sent, *arguments: str | Path) -> str:
    done = sent.program.run(*arguments)
    assert done.code == 0, done.err + done.out
    return done.out


def test_inspect_explains_a_file_and_says_what_was_changed(sent: Sent, tmp_path: Path) -> None:
    file = sent.files()[1]
    assert "the sound is the one described" in ok(sent, "inspect", file)
    document: dict[str, Any] = json.loads(ok(sent, "inspect", file, "--json"))
    assert document["descriptor"]["finish"]["marks"] == ["c2pa"]
    assert len(document["runs"]) == 3
    assert document["c2pa"] is True
    unsigned = tmp_path / "unsigned.flac"
    unsigned.write_bytes(file.read_bytes()[file.read_bytes().index(b"fLaC") :])
    told = sent.program.run("inspect", unsigned)
    assert told.code == exits.UNHEALTHY
    assert "the C2PA manifest that it should carry is missing" in told.out
    other = tmp_path / "changed.flac"
    data = file.read_bytes()
    other.write_bytes(data[: len(data) * 2 // 3])
    done = sent.program.run("inspect", other)
    assert done.code in (exits.INPUT, exits.UNHEALTHY)
    assert done.err + done.out


def test_runs_are_exported_and_compared(sent: Sent, tmp_path: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(ok(sent, "runs", "export", "spring")), delimiter="\t"))
    assert len(rows) == 5
    ok(sent, "runs", "export", "spring", "--format", "parquet", "--out", tmp_path / "runs.parquet")
    told = ok(sent, "runs", "diff", rows[0]["run_id"], rows[1]["run_id"])
    assert "text" in told
    ok(sent, "runs", "export", "spring", "--aligned", tmp_path / "aligned", "--row", "1")
    assert (tmp_path / "aligned" / "row-1.aligned.wav").is_file()
    done = sent.program.run("runs", "export", "spring", "--out", tmp_path / "no" / "where.tsv")
    assert done.code == exits.USAGE
    assert "cannot be written" in done.err


def test_zip_has_names_of_the_operator_s_choice(sent: Sent, tmp_path: Path) -> None:
    ok(sent, "zip", "spring", "--out", tmp_path / "all.zip", "--names", "{id}-{locale}")
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        assert sorted(archive.namelist()) == ["files.csv", "p-1-en.flac", "p-2-en.flac", "p-3-en.flac"]
    refused = sent.program.run("zip", "spring", "--out", tmp_path / "x.zip", "--names", "{locale}")
    assert refused.code == exits.INPUT
    assert "add {row}" in refused.err
    assert sent.program.run("links", "spring").code == exits.UNAVAILABLE


def test_review_reject_remake_evidence_erase_and_purge(sent: Sent, tmp_path: Path) -> None:
    document = json.loads(
        ok(sent, "review", "spring", "--reject", "2", "--accept", "3", "--remake", "--best-of", "2", "--json")
    )
    version = document["remade"][0]["version"]
    assert document["remade"] == [{"row": 2, "version": version, "takes": 2, "opted_out": False}]
    assert [one["row"] for one in document["queue"]] in ([1, 2], [2, 1])

    bundle, key = tmp_path / "spring.zip", tmp_path / "key.pem"
    ok(sent, "evidence", "spring", "--out", bundle)
    key.write_text(ok(sent, "evidence", "key"))
    shown = tmp_path / "row.json"
    shown.write_text(ok(sent, "evidence", "disclose", "spring", "--row", "3"))
    assert "holds" in ok(sent, "evidence", "verify", bundle, "--key", key, "--disclosure", shown)

    erased = json.loads(ok(sent, "erase", "--recipient", "p-1", "--yes", "--json"))
    assert erased["campaigns"]["spring"]["rows"] == 1
    assert erased["still_to_be_removed"] == 0
    assert sorted(sent.files()) == [2, 3]
    manifest = sent.program.home / "objects" / "campaigns" / "spring" / "manifest.jsonl"
    assert "all 3 lines" in ok(sent, "evidence", "verify", bundle, "--key", key, "--manifest", manifest)
    assert sent.program.run("erase", "--recipient", "p-1", "--yes").code == exits.NOT_FOUND
    assert sent.program.run("erase", "--yes").code == exits.USAGE
    assert json.loads(ok(sent, "explain", "spring", "--row", "1", "--json"))["status"] == "erased"

    assert "0 campaigns" in ok(sent, "purge", "--older-than", "1d")
    assert sent.program.run("purge", "--older-than", "soon").code == exits.USAGE
    ok(sent, "erase", "--campaign", "spring", "--yes")
    assert sent.files() == {}
    assert "holds" in ok(sent, "evidence", "verify", bundle, "--key", key)
    assert "b>3</b> erased" in (manifest.parent / "report.html").read_text()


def test_webhooks_to_a_private_address_are_refused_with_the_reason(sent: Sent) -> None:
    program = ProgramHere(
        home=sent.program.home, settings={"CAMPAIGN_WEBHOOK_URLS": '["https://127.0.0.1:9/hook"]'}
    )
    done = program.run("webhooks", "test")
    assert done.code == exits.UNHEALTHY
    assert "no public address" in done.out
    assert program.run("webhooks", "secret").out.startswith("whsec_")
    assert program.run("webhooks", "list").code == 0


def test_marks_that_cannot_be_set_refuse_the_campaign(sent: Sent, tmp_path: Path) -> None:
    program = ProgramHere(home=tmp_path / "home")
    checked = program.run("marks", "check")
    assert checked.code == exits.UNHEALTHY
    assert "no C2PA certificate" in checked.out
    refused = program.run("submit", sent.folder / "people.csv")
    assert refused.code == exits.INPUT
    assert "no C2PA certificate" in refused.err
