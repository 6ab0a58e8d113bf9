"""`campaign lexicon` as a person meets it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from campaign.cli import cli


@pytest.fixture
def runner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setenv("CAMPAIGN_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "names.tsv").write_text("# language: en\nwritten\talias\nGP\tG P\n")
    (tmp_path / "names.samples").write_text("A GP~A G P\n")
    return CliRunner()


def ran(runner: CliRunner, *arguments: str) -> str:
    done = runner.invoke(cli, arguments)
    assert done.exit_code == 0, (done.output, done.exception)
    return done.stdout


def test_add_list_show_test_diff_export(runner: CliRunner, tmp_path: Path) -> None:
    assert json.loads(ran(runner, "lexicon", "add", "names.tsv", "--json"))["lexicon"] == "names@1"
    (tmp_path / "names.tsv").write_text("# language: en\nwritten\talias\nGP\tG P\nMRI\tM R I\n")
    assert ran(runner, "lexicon", "add", "names.tsv") == "names@2  2 entries\n"
    assert ran(runner, "lexicon", "add", "names.tsv") == "names@2  2 entries, as it was\n"
    listed = {one["lexicon"] for one in json.loads(ran(runner, "lexicon", "list", "--json"))}
    assert listed >= {"names@1", "names@2", "en-clinic@1"}
    assert "MRI\tM R I" in ran(runner, "lexicon", "show", "names")
    assert "MRI" not in ran(runner, "lexicon", "show", "names@1")
    assert ran(runner, "lexicon", "diff", "names@1", "names") == "+ MRI\tM R I\n"
    assert (
        ran(runner, "lexicon", "test", "names", "names.tsv")
        == "names  1 samples hold\nnames.tsv  1 samples hold\n"
    )
    ran(runner, "lexicon", "export", "names", "--format", "pls", "-o", "out.pls")
    assert ran(runner, "lexicon", "diff", "out.pls", "names") == ""
