"""`campaign submit` and its dry run on the command line: the same refusals, shown the same way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from campaign.cli import exits
from tests.commands import Done, run

BRIEF = """\
model = "tone"
[templates]
default = "t.txt"
[columns]
name = "name"
[finish]
codec = "wav"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "t.txt").write_text("Hello {{ name }}.")
    (tmp_path / "campaign.toml").write_text(BRIEF)
    (tmp_path / "recipients.csv").write_text("id,locale,name\n1,en,Ana\n2,en,\n1,en,Bo\n")
    return tmp_path


def both(folder: Path, *arguments: str) -> tuple[Done, Done]:
    """The dry run, then the submit."""
    environment = {"CAMPAIGN_HOME": str(folder / "home"), "CAMPAIGN_SECRET": "5e" * 32}
    command: tuple[str | Path, ...] = ("submit", folder / "recipients.csv", *arguments)
    return run(*command, "--dry-run", environment=environment), run(*command, environment=environment)


@pytest.mark.parametrize("form", [(), ("--json",)])
def test_bad_rows_that_reject_a_file_are_shown_by_both(folder: Path, form: tuple[str, ...]) -> None:
    dry, real = both(folder, "--on-error", "reject", *form)
    assert (dry.code, real.code) == (exits.ROW_ERRORS, exits.ROW_ERRORS)
    assert dry.err == real.err
    assert dry.err.startswith("2 of 3 rows cannot be spoken")


def test_marks_that_cannot_be_set_are_refused_by_both(folder: Path) -> None:
    brief = folder / "campaign.toml"
    brief.write_text(brief.read_text() + 'marks = ["c2pa"]\n')
    dry, real = both(folder)
    assert (dry.code, real.code) == (exits.INPUT, exits.INPUT)
    assert dry.err == real.err
    assert "finish asks for c2pa" in dry.err


def test_an_unknown_codec_is_an_error_with_the_mend_and_no_traceback(folder: Path) -> None:
    brief = folder / "campaign.toml"
    brief.write_text(brief.read_text().replace('"wav"', '"wax"'))
    dry, real = both(folder)
    assert (dry.code, real.code) == (exits.INPUT, exits.INPUT)
    assert "give one of wav, flac, mp3" in dry.err


def test_a_time_to_start_is_no_hold_and_needs_one_reading(folder: Path) -> None:
    dry, real = both(folder, "--start-at", "2999-01-01 10:00", "--hold")
    assert (dry.code, real.code) == (exits.USAGE, exits.USAGE)
    assert "give one of them" in real.err
    dry, real = both(folder, "--start-at", "2999-01-01 10:00")
    assert (dry.code, "write its offset, or say" in dry.err) == (exits.USAGE, True)
    environment = {"CAMPAIGN_HOME": str(folder / "home"), "CAMPAIGN_SECRET": "5e" * 32}
    zoned = ("--start-at", "2999-01-01 10:00", "--timezone", "Asia/Tokyo", "--dry-run")
    assert run("submit", folder / "recipients.csv", *zoned, environment=environment).code == exits.OK


def dry_run(folder: Path, *arguments: str) -> Done:
    environment = {"CAMPAIGN_HOME": str(folder / "home"), "CAMPAIGN_SECRET": "5e" * 32}
    return run("submit", folder / "recipients.csv", "--dry-run", *arguments, environment=environment)


def test_a_fault_is_shown_once_with_how_many_rows_have_it(folder: Path) -> None:
    rows = [f"{number},en," for number in range(2, 1300)]
    twice = [f"{number},en,Ana" for number in (1, 1, 1, 1, 1)]
    (folder / "recipients.csv").write_text("\n".join(["id,locale,name", "1,en,Ana", *rows, *twice, ""]))
    done = dry_run(folder)
    told = [line.partition("recipients.csv, ")[2] for line in done.err.splitlines() if ", row " in line]
    assert told == [
        "row 2, column name: missing-value: the field 'name' is empty. Fill it in, or declare the column optional "
        "with a fallback. The same fault in 1,297 more rows, to row 1299.",
        "row 1300, column id: duplicate: row 1 has the same id. Remove one, or choose --duplicates keep-first or "
        "keep-all. The same fault in 4 more rows, to row 1304.",
        "row 1300: the same id as row 1",
        "row 1301: the same id as row 1",
        "row 1302: the same id as row 1",
    ]
    (place,) = [line.split()[1] for line in done.out.splitlines() if line.startswith("lists")]
    assert f"1,303 bad rows; all are in {place}/errors.csv\n" in done.err
    assert len((Path(place) / "errors.csv").read_text().splitlines()) == 1304
    assert "... and 2 more rows whose id came before" in done.err
    again = dry_run(folder, "--json").json
    assert again["results"] != place and Path(again["results"], "rows-to-mend.csv").is_file()
    (most, _) = again["faults"]
    assert most == {
        "column": "name",
        "code": "missing-value",
        "rows": 1298,
        "first_row": 2,
        "reason": "the field 'name' is empty",
        "mend": "fill it in, or declare the column optional with a fallback",
    }


def test_of_many_faults_some_are_shown_and_the_others_counted(folder: Path) -> None:
    names = [f"n{number}" for number in range(12)]
    (folder / "t.txt").write_text(" ".join(f"{{{{ {name} }}}}" for name in names))
    (folder / "campaign.toml").write_text(BRIEF.replace('name = "name"\n', ""))
    lines = [
        ",".join([str(row), "en", *("" if row == own else "Ana" for own in range(12))]) for row in range(12)
    ]
    (folder / "recipients.csv").write_text("\n".join([",".join(["id", "locale", *names]), *lines, ""]))
    done = dry_run(folder)
    assert len([line for line in done.err.splitlines() if "missing-value" in line]) == 10
    assert "... and 2 more faults, in 2 rows; all are in" in done.err


def test_a_held_campaign_that_is_given_a_time_is_made_then(folder: Path) -> None:
    environment = {"CAMPAIGN_HOME": str(folder / "home"), "CAMPAIGN_SECRET": "5e" * 32}
    run("submit", folder / "recipients.csv", "--hold", "--id", "mine", environment=environment)
    soon = (datetime.now(UTC) + timedelta(seconds=3)).isoformat()
    done = run("resume", "mine", "--at", soon, environment=environment)
    assert "mine is held until" in done.err and "finished with errors" in done.out
    past = run("resume", "mine", "--at", "2999-01-01T10:00Z", environment=environment)
    assert "only a held one starts at a time" in past.err
