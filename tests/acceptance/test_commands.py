"""Every other command as a person runs it: help, say, preview, doctor, retry, exit codes."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
import soundfile
from click.testing import CliRunner

from campaign.cli import COMMANDS, cli, exits
from campaign.cli.exits import EXIT_TABLE
from tests import ROOT, build
from tests.acceptance.conftest import Program, ProgramHere


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """In this process; what the process has to do with it is in test_submit.py and test_going_on.py."""
    return ProgramHere(home=tmp_path / "home")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_that_says_what_it_does(name: str) -> None:
    done = CliRunner().invoke(cli, [name, "--help"])
    assert done.exit_code == 0, done.output
    assert len(done.output.splitlines()) > 4
    assert "Usage: " in done.output


def test_help_lists_every_command_and_exit_code() -> None:
    text = CliRunner().invoke(cli, ["--help"]).output
    assert [name for name in COMMANDS if f"  {name}" not in text] == []
    assert [code for code in EXIT_TABLE if f"  {code} " not in text] == []


def test_wrong_command_line_is_a_usage_error(program: Program) -> None:
    assert program.run("submit").code == exits.USAGE
    assert program.run("nonsense").code == exits.USAGE
    assert program.run("worker", "--lanes", "fast").code == exits.USAGE


def test_wrong_setting_is_named(program: Program) -> None:
    program.settings["CAMPAIGN_LEASE_SECONDS"] = "soon"
    done = program.run("list")
    assert done.code == exits.USAGE
    assert "lease_seconds" in done.err


def test_say_speaks_one_text_and_the_second_time_makes_nothing(program: Program, tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    first = program.run("say", "Your code is A4-7731 and you owe 12.50 €.", "-o", path)
    assert first.code == exits.OK, first.err
    samples, rate_hz = soundfile.read(path)
    assert len(samples) / rate_hz > 2
    assert np.sqrt(np.mean(samples**2)) > 0.01
    before = path.read_bytes()
    assert program.run("say", "Your code is A4-7731 and you owe 12.50 €.", "-o", path).code == exits.OK
    assert path.read_bytes() == before


def test_say_refuses_what_cannot_be_said_and_writes_no_file(program: Program, tmp_path: Path) -> None:
    done = program.run("say", "שלום", "-o", tmp_path / "a.wav")
    assert done.code == exits.INPUT
    assert "unspeakable-character" in done.err
    assert not (tmp_path / "a.wav").exists()


def test_preview_makes_chosen_rows_with_the_campaigns_own_path(program: Program, tmp_path: Path) -> None:
    recipients = ROOT / "examples" / "recipients.csv"
    done = program.run("preview", recipients, "--row", "2", "--row", "8", "--out", tmp_path / "p")
    assert done.code == exits.OK, done.err
    assert "Zoë O'Connor" in done.out
    assert "missing-value" in done.out
    assert [path.name for path in (tmp_path / "p").iterdir()] == ["row-2.mp3"]
    samples, _ = soundfile.read(io.BytesIO((tmp_path / "p" / "row-2.mp3").read_bytes()))
    assert np.abs(samples).max() > 0.05
    assert program.run("preview", recipients, "--row", "999").code == exits.NOT_FOUND


def test_doctor_is_well_on_the_embedded_default_and_says_what_to_mend_elsewhere(program: Program) -> None:
    well = program.run("doctor", "--json")
    assert well.code == exits.OK, well.out
    assert {one["what"] for one in well.json} >= {
        "program",
        "database",
        "doorbell",
        "objects",
        "espeak",
        "gpu",
        "licences",
    }
    program.settings |= {
        "CAMPAIGN_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
        "CAMPAIGN_REDIS_URL": "redis://127.0.0.1:1/0",
        "CAMPAIGN_OBJECT_STORE": "gopher://x",
    }
    ill = program.run("doctor", "--json")
    assert ill.code == exits.UNHEALTHY
    bad = {one["what"]: one for one in ill.json if one["level"] == "bad"}
    assert set(bad) == {"database", "doorbell", "objects"}
    assert all(one["mend"] for one in bad.values())


def test_redis_beside_sqlite_is_an_error_that_names_both_mends(program: Program) -> None:
    program.settings["CAMPAIGN_REDIS_URL"] = "redis://127.0.0.1:1/0"
    done = program.run("list")
    assert done.code == exits.USAGE
    assert "Set CAMPAIGN_DATABASE_URL to postgresql://..., or unset CAMPAIGN_REDIS_URL." in done.err


def test_doctor_names_a_missing_schema(program: Program, postgres_url: str) -> None:
    program.settings["CAMPAIGN_DATABASE_URL"] = postgres_url
    done = program.run("doctor", "--json")
    assert done.code == exits.UNHEALTHY
    assert any("campaign db upgrade" in one["mend"] for one in done.json)


def test_presets_and_models_that_ship_are_shown(program: Program) -> None:
    assert [one["preset"] for one in program.run("preset", "list", "--json").json] == [
        "demo-voice@1",
        "demo-voice@2",
        "demo-voice-hesitant@1",
    ]
    assert program.run("preset", "show", "demo-voice", "--json").json["preset"] == "demo-voice@2"
    assert {one["pin"] for one in program.run("model", "list", "--json").json} >= {"espeak"}
    assert program.run("model", "show", "none").code == exits.NOT_FOUND
    assert program.run("preset", "show", "none@1").code == exits.NOT_FOUND


def test_retry_with_nothing_to_retry_says_why(program: Program, folder: Path) -> None:
    rows = [*build.people(1), *({"id": f"bad-{number}", "locale": "en", "name": ""} for number in range(2))]
    program.run("submit", build.write_csv(folder / "recipients.csv", rows), "--id", "mine")
    done = program.run("retry", "mine")
    assert "nothing to retry: 2 rows failed before any sound was made" in done.out


def test_secrets_in_files_are_read_and_never_shown(program: Program, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("ab" * 32 + "\n")
    del_secret = {"CAMPAIGN_SECRET_FILE": str(tmp_path / "secret"), "CAMPAIGN_SECRET": ""}
    program.settings |= del_secret
    done = program.run("-v", "-v", "doctor")
    assert done.code == exits.OK, done.out
    assert "ab" * 32 not in done.out + done.err
    assert not (program.home / "secret").exists()
