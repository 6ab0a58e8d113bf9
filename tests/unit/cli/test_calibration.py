"""`campaign preset drift` and what `preset show` has of calibrations, as an operator meets them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from campaign.cli import exits
from storage.history import likenesses
from storage.history.likenesses import CampaignLikeness
from storage.installation import Installation
from tests import build
from tests.commands import run


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Installation]:
    monkeypatch.setenv("CAMPAIGN_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("CAMPAIGN_SECRET", "5e" * 32)
    with closing(build.installation(tmp_path / "home")) as made:
        yield made


def scored(installed: Installation, number: int, median: float | None, *, calibration: str = "a") -> str:
    asked = build.brief(f"Hello {{{{ name }}}}, {'again ' * number}.")
    campaign = build.submitted(installed, build.people(1), asked).campaign
    found = CampaignLikeness(
        preset="demo-voice@1",
        calibration=calibration * 64,
        encoder="onnx-2-abc",
        scored=0 if median is None else 5,
        unscored=2,
        median=median,
        lowest=None if median is None else median - 0.1,
    )
    with installed.database.write() as connection:
        likenesses.keep(connection, campaign.id, [found], t_ms=1_764_547_200_000 + number)
    return campaign.id


def test_a_voice_over_its_campaigns_in_words_numbers_and_a_chart(
    installed: Installation, tmp_path: Path
) -> None:
    ids = [scored(installed, 1, 0.95), scored(installed, 2, None), scored(installed, 3, 0.75)]
    told = run("preset", "drift", "demo-voice@1").out.splitlines()
    assert [line.split()[2] for line in told] == ids
    assert "median 0.950  lowest 0.850  5 files, 2 not scored  print aaaaaaaa" in told[0]
    assert "no scores" in told[1]
    document = run("preset", "drift", "demo-voice@1", "--json").json
    assert (document["preset"], [one["median"] for one in document["campaigns"]]) == (
        "demo-voice@1",
        [0.95, None, 0.75],
    )
    chart = tmp_path / "drift.svg"
    assert run("preset", "drift", "demo-voice@1", "--chart", chart).code == exits.OK
    assert chart.read_text().startswith("<svg")


def test_one_print_s_campaigns_are_drawn_and_too_few_are_said(
    installed: Installation, tmp_path: Path
) -> None:
    nothing = run("preset", "drift", "demo-voice@1")
    assert nothing.code == exits.OK
    assert "campaign preset calibrate demo-voice@1" in nothing.out
    scored(installed, 1, 0.95)
    scored(installed, 2, 0.9, calibration="b")
    refused = run("preset", "drift", "demo-voice@1", "--chart", tmp_path / "drift.svg")
    assert refused.code not in (exits.OK, exits.CRASH)
    assert "fewer than two campaigns have scores by one print of demo-voice@1" in refused.err
    assert not (tmp_path / "drift.svg").exists()


def test_a_preset_that_nobody_calibrated_says_how(installed: Installation) -> None:
    assert "none: campaign preset calibrate demo-voice@2" in run("preset", "show", "demo-voice@2").out
    assert run("preset", "show", "demo-voice@2", "--json").json["calibrations"] == []


def test_languages_that_are_none_are_refused_with_how_they_are_written(installed: Installation) -> None:
    refused = run("preset", "calibrate", "demo-voice@2", "--languages", "en,not a language")
    assert refused.code == exits.USAGE
    assert "Write them as en,fr." in refused.err
