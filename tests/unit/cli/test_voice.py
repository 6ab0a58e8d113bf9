"""`campaign voice list --speakers` and `campaign say --voice` as a person meets them."""

from __future__ import annotations

from pathlib import Path

import pytest
import soundfile

from campaign.cli import exits
from tests import build
from tests.commands import run
from tests.speakers import add_kokoro


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CAMPAIGN_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("CAMPAIGN_SECRET", "5e" * 32)
    return tmp_path


def test_speakers_are_listed_with_language_gender_grade_and_licence(home: Path) -> None:
    lines = run("voice", "list", "--speakers").out.splitlines()
    assert len(lines) == 41
    [heart] = [line.split() for line in lines if line.startswith("af_heart")]
    assert heart[:6] == ["af_heart", "en-US", "female", "A", "Apache-2.0", "kokoro,"]
    spanish = run("voice", "list", "--speakers", "--language", "es", "--json").json
    assert [one["name"] for one in spanish] == ["ef_dora", "em_alex", "em_santa"]
    assert {(one["licence"], one["model"], one["gender"]) for one in spanish} >= {
        ("Apache-2.0", "kokoro", "male")
    }
    nobody = run("voice", "list", "--speakers", "--language", "de")
    assert (nobody.code, nobody.out, "speaks de" in nobody.err) == (exits.OK, "", True)
    assert run("voice", "list", "--language", "es").code == exits.USAGE


def test_a_speaker_is_heard_by_name_and_the_second_time_nothing_is_made(
    home: Path, kokoro_folder: Path
) -> None:
    missing = run("say", "--voice", "ff_siwis", "Oui.", "-o", home / "a.wav")
    assert (missing.code, "campaign voice get kokoro" in missing.err) == (exits.NOT_FOUND, True)
    made = build.installation(home / "home")
    add_kokoro(made, kokoro_folder)
    made.close()
    first = run("say", "--voice", "ff_siwis", "Oui, madame.", "-o", home / "a.wav")
    assert first.code == exits.OK, first.err
    assert "kokoro-ff-siwis@1  added, Apache-2.0" in first.err
    samples, rate_hz = soundfile.read(home / "a.wav")
    assert 0.4 < len(samples) / rate_hz < 3
    data = (home / "a.wav").read_bytes()
    again = run("say", "--voice", "ff_siwis", "Oui, madame.", "-o", home / "a.wav")
    assert (again.code, "added" in again.err, (home / "a.wav").read_bytes() == data) == (
        exits.OK,
        False,
        True,
    )
    assert "kokoro-ff-siwis@1" in run("preset", "list").out
    both = run("say", "--voice", "ff_siwis", "--preset", "demo-voice@1", "Oui.", "-o", home / "c.wav")
    assert both.code == exits.USAGE
