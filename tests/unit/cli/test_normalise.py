"""`campaign normalise` and `campaign names` as a person or a pipe meets them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from campaign.cli import cli
from tests.build import write_csv


@pytest.fixture
def runner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setenv("CAMPAIGN_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    return CliRunner()


def normalised(runner: CliRunner, text: bytes, *options: str) -> Result:
    return runner.invoke(cli, ["normalise", *options], input=text)


def test_each_line_in_is_a_line_out(runner: CliRunner) -> None:
    done = normalised(runner, "Pay €20.\n\nÇa va\n".encode(), "--lang", "en")
    assert (done.stdout, done.exit_code) == ("Pay twenty euros.\n\nÇa va\n", 0)


def test_a_bad_line_is_empty_and_named_and_the_others_go_on(runner: CliRunner) -> None:
    done = normalised(runner, b"one\nx\xff\nthree\n", "--lang", "en")
    assert (done.stdout, done.exit_code) == ("one\n\nthree\n", 6)
    assert done.stderr.startswith("line 2: forbidden-character: ")


def test_explain_shows_spans_with_reasons(runner: CliRunner) -> None:
    done = normalised(runner, b"Pay 20 EUR\n", "--lang", "de", "--explain")
    assert (
        "[de] 20 EUR -> zwanzig Euro  (money; template, verbaliser, line; money between space and end)"
        in done.stdout
    )


def test_lexicon_and_engine_decide_what_can_be_said(runner: CliRunner, tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_text("written\tipa\nSiân\tʃɑːn\n", encoding="utf-8")
    line = "Siân\n".encode()
    assert normalised(runner, line, "--lang", "en", "--lexicon", "a.tsv").stdout == "Siân{ipa ʃɑːn}\n"
    spoken = normalised(runner, line, "--lang", "en", "--lexicon", "a.tsv", "--engine", "tone")
    assert (spoken.exit_code, "lexicon-unsupported" in spoken.stderr) == (6, True)


def test_names_are_ranked_with_reasons_and_lines_to_fix_them(runner: CliRunner, tmp_path: Path) -> None:
    names = ["Anna Smith", "Łukasz Ng", "דוד", "Anna Smith", "Siân", "DeVries 2"]
    write_csv(
        tmp_path / "r.csv", [{"id": str(i), "locale": "en", "name": one} for i, one in enumerate(names)]
    )
    (tmp_path / "t.txt").write_text("Hello {{ name }}.")
    (tmp_path / "names.tsv").write_text("written\talias\nSiân\tShahn\n", encoding="utf-8")
    (tmp_path / "campaign.toml").write_text(
        'lexicons = ["names.tsv"]\n[templates]\ndefault = "t.txt"\n[columns]\nname = "name"\n'
    )
    done = runner.invoke(cli, ["names", "r.csv", "--json", "--tsv", "fix.tsv"])
    ranked = {one["value"]: one for one in json.loads(done.stdout)}
    codes = {value: {reason["code"] for reason in one["reasons"]} for value, one in ranked.items()}
    assert next(iter(ranked)) == "דוד"
    assert codes["דוד"] == {"cannot-be-said"}
    assert codes["Łukasz Ng"] == {"unusual-letter", "very-short", "no-vowel"}
    assert codes["DeVries 2"] >= {"mixed-case", "rewritten"}
    assert (codes["Anna Smith"], ranked["Anna Smith"]["rows"], ranked["Siân"]["in_lexicon"]) == (
        set(),
        2,
        True,
    )
    assert (tmp_path / "fix.tsv").read_text(encoding="utf-8").splitlines()[:2] == ["written\talias", "דוד\t"]


def test_names_are_spoken_into_numbered_files(runner: CliRunner, tmp_path: Path) -> None:
    write_csv(tmp_path / "r.csv", [{"id": "1", "locale": "en", "who": "Łukasz Ng"}])
    (tmp_path / "t.txt").write_text("Hello {{ who }}.")
    done = runner.invoke(cli, ["names", "r.csv", "--template", "t.txt", "--column", "who", "--say", "1"])
    assert done.exit_code == 0, done.output
    assert (tmp_path / "names" / "name-001.wav").read_bytes()[:4] == b"RIFF"


def test_names_without_a_name_column_says_how_to_name_one(runner: CliRunner, tmp_path: Path) -> None:
    write_csv(tmp_path / "r.csv", [{"id": "1", "who": "Ana"}])
    (tmp_path / "t.txt").write_text("Hello {{ who }}.")
    done = runner.invoke(cli, ["names", "r.csv", "--template", "t.txt"])
    assert "give --column" in str(done.exception)


def test_the_fast_decoder_is_active_here() -> None:
    from campaign.speech.nemo.kernel import slow_because

    assert slow_because() is None


def test_submit_refuses_a_slow_decoder_unless_it_is_allowed(tmp_path: Path) -> None:
    write_csv(tmp_path / "r.csv", [{"id": "1", "locale": "en", "name": "Ana"}])
    (tmp_path / "t.txt").write_text("Hello {{ name }}, 5th.")
    environment = os.environ | {"NUMBA_DISABLE_JIT": "1", "CAMPAIGN_HOME": str(tmp_path / "home")}
    command = [sys.executable, "-m", "campaign", "submit", "r.csv", "--template", "t.txt", "--model", "tone"]
    refused = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert (refused.returncode, "--allow-slow" in refused.stderr) == (3, True)
    allowed = subprocess.run(
        [*command, "--allow-slow", "--json"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    document = json.loads(allowed.stdout)
    assert document["state"] == "finished"
    assert document["preflight"]["by_language"] == {"en": 1}


def test_plain_python_decodes_the_same_where_numba_is_missing() -> None:
    code = (
        "import sys\nsys.modules['numba'] = None\n"
        "from campaign.speech.nemo.normaliser import SentenceNormaliser\n"
        "from campaign.speech.nemo.kernel import slow_because\n"
        "print(slow_because())\n"
        "print(SentenceNormaliser.load('fr', cache_dir=None).normalise('le 21 mai'))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    reason, words = done.stdout.splitlines()
    assert reason.startswith("numba cannot be loaded")
    assert words == "le vingt et un mai"
