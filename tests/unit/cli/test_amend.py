"""`campaign amend` on the command line, and which command the others name for which rows."""

from __future__ import annotations

from pathlib import Path

import pytest

from campaign.cli import exits
from tests.commands import Done, run

BRIEF = """\
model = "tone"
[templates]
default = "t.txt"
[columns]
amount = "money EUR"
[finish]
codec = "wav"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "t.txt").write_text("Hello {{ name }}, you owe {{ amount }}.")
    (tmp_path / "campaign.toml").write_text(BRIEF)
    (tmp_path / "recipients.csv").write_text("id,locale,name,amount\n1,en,Ana,1.00\n2,en,Bo,x\n")
    return tmp_path


def command(folder: Path, *arguments: str | Path) -> Done:
    environment = {"CAMPAIGN_HOME": str(folder / "home"), "CAMPAIGN_SECRET": "5e" * 32}
    return run(*arguments, environment=environment)


def test_the_mend_that_a_finish_line_names_works(folder: Path) -> None:
    sent = command(folder, "submit", folder / "recipients.csv", "--id", "mine")
    assert sent.code == exits.FINISHED_WITH_ERRORS
    told = next(line for line in sent.out.splitlines() if "campaign amend" in line)
    mend = Path(told.rpartition(" ")[2])
    mend.write_text(mend.read_text().replace("2,en,Bo,x", "2,en,Bo,7.50"))
    dry = command(folder, "amend", "mine", mend, "--dry-run", "--json")
    assert (dry.code, dry.json["rows"], dry.json["refused"]) == (exits.OK, {"pending": 1}, 0)
    done = command(folder, "amend", "mine", mend)
    assert (done.code, "2 files" in done.out) == (exits.OK, True)
    assert not mend.exists()


def test_each_command_names_the_others_for_what_is_theirs(folder: Path) -> None:
    command(folder, "submit", folder / "recipients.csv", "--id", "mine")
    assert "1 rows failed before any sound" in command(folder, "retry", "mine").out
    resumed = command(folder, "resume", "mine")
    assert resumed.code == exits.CONFLICT
    assert "campaign retry mine" in resumed.err
    assert "campaign amend mine" in resumed.err
    assert command(folder, "status", "mine", "--json").json["refused"] == 1


def test_what_is_still_wrong_is_told_and_the_json_is_one_document(folder: Path) -> None:
    command(folder, "submit", folder / "recipients.csv", "--id", "mine")
    done = command(folder, "amend", "mine", folder / "home/results/mine/rows-to-mend.csv", "--json")
    assert done.code == exits.FINISHED_WITH_ERRORS
    assert done.json["amended"]["problems"][0]["code"] == "not-money"
