"""`campaign check`: the whole picture of a file, and what a person on a terminal is asked."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from campaign.cli import cli
from campaign.cli import recipients as cli_recipients
from tests import ROOT
from tests.commands import run

TEXT = "id;First Name;due;amount;note;\n1;Ann;03/04/2026;12,50;x;\n2;Bo;05/06/2026;NULL;;\n;;;;;\n"


def written(folder: Path, text: str = TEXT, brief: str = "") -> Path:
    path = folder / "people.csv"
    path.write_text(text)
    if brief:
        (folder / "campaign.toml").write_text(brief)
    return path


def test_a_file_alone_is_shown_with_what_has_two_readings(tmp_path: Path) -> None:
    done = run("check", written(tmp_path))
    assert done.code == 0
    for said in (
        "people.csv: semicolons (1 empty column, 1 empty row left out)",
        "2 rows",
        "due can be read as date dmy or date mdy: say which in [columns] of a brief",
        "campaign init ",
    ):
        assert said in done.out
    lines = {line.split()[0]: line for line in done.out.splitlines() if line.startswith("  ")}
    assert "name" in lines["First"] and "Ann" in lines["First"]
    assert "█████ " in lines["amount"] and "██████" not in lines["amount"]


def test_held_against_a_brief_it_says_what_stops_and_what_is_at_risk(tmp_path: Path) -> None:
    brief = '[templates]\ndefault = { text = "Hi {{ first_name }}, {{ amount }} {{ nothing }}.", language = "en" }\n'
    path = written(tmp_path, brief=brief + '[columns]\namount = "money EUR"\n')
    refused = run("check", path)
    assert refused.code == 3 and "no column 'nothing'" in refused.out and "next" not in refused.out
    written(tmp_path, brief=brief.replace(" {{ nothing }}", "") + '[columns]\namount = "money EUR"\n')
    fits = run("check", path)
    assert fits.code == 0
    assert "1 column that nothing needs" in fits.out or "2 columns that nothing needs" in fits.out
    assert "risk       amount: row 2: " in fits.out
    assert "as first_name" in fits.out and "--dry-run" in fits.out


def test_as_json_it_is_the_same(tmp_path: Path) -> None:
    seen = run("check", written(tmp_path), "--json").json
    assert (seen["rows"], seen["found"]) == (2, "semicolons (1 empty column, 1 empty row left out)")
    columns = {column["name"]: column for column in seen["columns"]}
    assert columns["id"]["role"] == "id"
    assert columns["First Name"]["variable"] == "first_name"
    assert columns["due"]["types"] == ["date dmy", "date mdy"]
    assert (columns["amount"]["filled"], columns["amount"]["empty"]) == (1, 1)
    assert seen["faults"] == []


def test_a_spreadsheet_and_its_sheet_are_shown() -> None:
    path = ROOT / "tests/data/spreadsheets/people.ods"
    assert "ods, sheet 'Patienten' and not 'Andere'" in run("check", path).out
    assert run("check", path, "--sheet", "Nowhere").code == 3


@pytest.mark.parametrize(("answer", "code"), [("y\n", 0), ("n\n", 3)])
def test_on_a_terminal_a_person_is_asked_whether_a_guess_is_right(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: str, code: int
) -> None:
    path = tmp_path / "people.csv"
    path.write_bytes("id,name\n1,Jürgen\n2,Zoë\n".encode("cp1252"))
    assert "--encoding cp1252" in run("check", path).err
    monkeypatch.setattr(cli_recipients, "is_answered", lambda: True)
    asked = CliRunner().invoke(cli, ["check", str(path)], input=answer)
    assert "As cp1252 it holds Jürgen, Zoë." in asked.stderr
    assert ("Jürgen" in asked.stdout) == (code == 0)
    assert (asked.exception is None) == (code == 0)
