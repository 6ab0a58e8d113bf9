"""`campaign review`, `retry` and `status` of files that are held."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from campaign.cli import exits
from campaign.submission.listening import COST_CPU_S, OPINION_COST_CPU_S, choose_listening
from storage.lock import LockedOpinion
from storage.names import CampaignId
from tests import build
from tests.commands import run
from tests.hearing import Ears, listened_to

TEMPLATE = "Hello {{ name }}. Your balance is {{ amount }} today."


@pytest.fixture
def ears(monkeypatch: pytest.MonkeyPatch) -> Ears:
    return listened_to(monkeypatch)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """That of every command."""
    monkeypatch.setenv("CAMPAIGN_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("CAMPAIGN_SECRET", "5e" * 32)
    return tmp_path / "home"


@pytest.fixture
def held(home: Path, ears: Ears) -> Iterator[CampaignId]:
    """A campaign whose first file is held."""
    ears.instead["forty"] = "fourteen"
    with closing(build.installation(home)) as made:
        rows = [
            {**one, "amount": f"${amount}"} for one, amount in zip(build.people(2), (40, 50), strict=True)
        ]
        asked = build.brief(TEMPLATE, columns={"name": "name", "amount": "money USD"})
        campaign_id = build.submitted(made, rows, asked).campaign.id
        build.worked(made, campaign_id)
    yield campaign_id


def test_a_held_file_is_shown_with_its_difference_and_delivered_when_accepted(held: CampaignId) -> None:
    shown = run("review", held, "--sample", "0")
    assert shown.code == exits.OK
    assert "1 file is held" in shown.out
    assert "said   Your balance is forty dollars today." in shown.out
    assert "heard  Your balance is fourteen dollars today." in shown.out
    assert "money amount: forty -> fourteen" in shown.out
    assert "file://" in shown.out
    document = run("review", held, "--json").json
    assert document["held"] == 1
    assert document["queue"][0]["held"] == "not-heard"
    [stretch] = document["queue"][0]["sentences"][1]["stretches"]
    assert (stretch["said"], stretch["heard"], stretch["column"]) == ("forty", "fourteen", "amount")
    accepted = run("review", held, "--accept", "1", "--json").json
    assert accepted["held"] == 0
    status = run("status", held, "--json").json
    assert (status["state"], status["rows"]["by_status"]) == ("finished", {"stored": 2})
    assert "manifest" in status, "the report is out again"


def test_a_held_file_is_played_and_asked_for(held: CampaignId, monkeypatch: pytest.MonkeyPatch) -> None:
    played: list[Path] = []
    monkeypatch.setattr("campaign.cli.preview.play_file", played.append)
    monkeypatch.setattr("click.prompt", lambda *_, **__: "r")
    assert run("review", held, "--listen", "--sample", "0").code == exits.OK
    assert [path.suffix for path in played] == [".wav"]
    assert run("review", held, "--json", "--sample", "0").json["queue"] == []
    assert run("status", held, "--json").json["state"] == "finished_with_errors"


def test_a_dry_run_says_who_will_listen_and_what_it_takes(
    home: Path, monkeypatch: pytest.MonkeyPatch, ears: Ears
) -> None:
    asked = home.parent / "campaign.toml"
    template = "Hello {{ name }}, how are you?"
    asked.write_text(
        f'model = "tone"\npreset = "demo-voice@1"\n[templates]\ndefault = "en"\n'
        f'en = {{ text = "{template}" }}\n[columns]\nname = "name"\n'
    )
    build.write_csv(home.parent / "people.csv", build.people(20))
    command = ("submit", home.parent / "people.csv", "--dry-run")
    found = run(*command, "--json").json
    seconds = found["seconds_to_deliver"]
    assert found["listening"] == {
        "recogniser": "ears",
        "share": 1.0,
        "seconds_to_hear": seconds,
        "cpu_seconds": seconds * COST_CPU_S,
        "why_not": "",
        "opinion": "",
        "opinion_cpu_seconds": 0.0,
        "line": "",
        "second": "",
        "uncalibrated": ["demo-voice@1"],
        "calibrate": "campaign preset calibrate demo-voice@1 --pin tone --languages en",
    }
    assert "none for demo-voice@1, judged by what ships: campaign preset calibrate" in run(*command).out
    assert "ears hears all files: at most" in run(*command).out
    listened_to(monkeypatch, opinion=LockedOpinion(name="critic-1", file="critic/model.onnx"))
    rated = run(*command, "--json").json["listening"]
    assert (rated["opinion"], rated["opinion_cpu_seconds"]) == ("critic-1", seconds * OPINION_COST_CPU_S)
    assert f"critic-1 rates them, {seconds * OPINION_COST_CPU_S:,.0f} CPU s" in run(*command).out
    listened_to(monkeypatch, share=0.05)
    assert run(*command, "--json").json["listening"]["seconds_to_hear"] == pytest.approx(0.05 * seconds)
    assert "ears hears 5 % of the files" in run(*command).out
    monkeypatch.setattr("campaign.submission.prepare.choose_listening", choose_listening)
    with asked.open("a") as brief:
        brief.write('[listen]\nfiles = "off"\n')
    assert "nobody listens to the files: the brief says so" in run(*command).out
    assert run(*command, "--json").json["listening"]["why_not"] == "the brief says so"


def test_a_retry_says_what_is_for_the_review(held: CampaignId) -> None:
    retried = run("retry", held)
    assert retried.code == exits.FINISHED_WITH_ERRORS
    assert f"campaign review {held}" in retried.out
    assert "the same file is made and heard again" in retried.out
    assert run("review", held, "--json").json["queue"][0]["version"] == 2
