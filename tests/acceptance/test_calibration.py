"""A voice calibrated and its files scored: Kokoro's speech, whisper-base's ears, the catalogue's encoder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from campaign.cli import exits
from campaign.registry.encoder import ENTRY
from storage.names import CampaignId
from storage.queue import campaigns as campaign_rows
from tests import build
from tests.acceptance.conftest import Done, Program
from tests.acceptance.test_listening import written
from tests.encoders import fetched_models
from tests.models import models_with, without
from workers.likenesses import Likenesses
from workers.measure.voice_print import MARGIN

PROMPTS = """
name = "few"
languages = ["en"]
[templates]
en = { text = "Hello {{ name }}, your bill of {{ amount }} is due on {{ due }}. Thank you very much." }
[columns]
name = "name"
amount = "money"
due = "date iso"
"""
ROWS = """id,locale,name,amount,due
1,en-US,Amelia Stone,USD 17.10,2027-03-04
2,en-US,James Carter,USD 48.30,2027-05-11
3,en-US,Priya Patel,USD 130.45,2027-08-23
"""
OTHER_VOICE = '[voices]\nen = "am_michael"\n'


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Program:
    folder = tmp_path_factory.mktemp("calibration")
    models = models_with(folder / "models", "kokoro", "whisper-base")
    (place,) = (one for one in fetched_models().glob(f"{ENTRY}-*") if one.is_dir())
    (models / place.name).symlink_to(place)
    program = Program(home=folder / "home", settings={"CAMPAIGN_MODELS": str(models)}).here()
    got = program.run("voice", "get", "kokoro")
    assert got.code == 0, got.err
    return program


@pytest.fixture(scope="module")
def calibrated(program: Program, tmp_path_factory: pytest.TempPathFactory) -> Done:
    folder = tmp_path_factory.mktemp("prompts") / "few-1"
    folder.mkdir()
    (folder / "campaign.toml").write_text(PROMPTS)
    (folder / "prompts.csv").write_text(ROWS)
    return program.run("preset", "calibrate", "demo-voice@2", "--prompts", folder, "--json")


def submitted(program: Program, folder: Path, name: str, preset: str = "", *, count: int = 3) -> Any:
    """The campaign's manifest, what listening says of each row."""
    path = written(folder / name, count=count)
    done = program.run("submit", path, "--id", name, *(("--preset", preset) if preset else ()))
    assert done.code == exits.OK, done.err
    return [one["listening"] for one in build.manifest(build.installation(program.home).store, name)]


def test_a_handful_of_sentences_calibrates_a_voice(program: Program, calibrated: Done) -> None:
    assert calibrated.code == exits.OK, calibrated.err
    found = calibrated.json
    assert (found["preset"], found["pin"], found["measured"]) == ("demo-voice@2", "kokoro", ["en"])
    learned = found["record"]["languages"]["en"]
    assert learned["sentences"] == 6
    assert set(learned["heard"]) == {"date", "money", "name"} and not learned["beyond"]
    assert learned["print"]["lowest"] > 0.85
    assert "vectors" not in calibrated.out, "a voice leaves the database nowhere"
    shown = program.run("preset", "show", "demo-voice@2").out
    assert found["digest"][:16] in shown and "voice print, of 3 renders" in shown


def test_every_file_is_scored_and_another_voice_is_farther(
    program: Program, calibrated: Done, tmp_path: Path
) -> None:
    print_of = calibrated.json["record"]["languages"]["en"]["print"]
    heard = submitted(program, tmp_path, "own")
    assert all(
        one["verdict"] == "heard" and one["likeness"] > print_of["lowest"] - MARGIN for one in heard
    ), heard
    installed = build.installation(program.home)
    document = json.loads(installed.store.get("campaigns/own/report.json"))
    (voice,) = document["listening"]["voices"]["presets"]
    assert (voice["preset"], voice["scored"], voice["unscored"], voice["below"]) == ("demo-voice@2", 3, 0, 0)
    assert voice["lowest"] == min(one["likeness"] for one in heard)
    drift = program.run("preset", "drift", "demo-voice@2", "--json").json
    assert [(one["campaign"], one["scored"]) for one in drift["campaigns"]] == [("own", 3)]

    table = tmp_path / "other.toml"
    table.write_text(OTHER_VOICE)
    added = program.run("preset", "add", "other", "--engine", "kokoro", "--engine-table", table)
    assert added.code == exits.OK, added.err
    others = submitted(program, tmp_path, "other", "other@1", count=1)
    assert all("likeness" not in one for one in others), "nobody calibrated it"
    with installed.database.read() as connection:
        lock = campaign_rows.get(connection, CampaignId("own")).lock
    assert lock.listening is not None
    calibration = lock.listening.calibrations["demo-voice@2"]
    models = Path(program.settings["CAMPAIGN_MODELS"])
    scorer = Likenesses(installed.settings.model_copy(update={"models": models}), installed.database)
    for line in build.manifest(installed.store, "other"):
        score = scorer.score(installed.store.get(f"campaigns/other/{line['url']}"), "en", calibration)
        assert score is not None and score < print_of["lowest"] - 0.2


def test_a_worker_without_the_encoder_delivers_and_says_how_many_have_no_score(
    program: Program, calibrated: Done, tmp_path: Path
) -> None:
    held = program.run("submit", written(tmp_path / "blind", count=2), "--id", "blind", "--hold")
    assert held.code == exits.OK, held.err
    without(Path(program.settings["CAMPAIGN_MODELS"]), ENTRY)
    done = program.run("resume", "blind")
    assert done.code == exits.OK, done.err
    assert "encoder not here" in done.err
    installed = build.installation(program.home)
    lines = build.manifest(installed.store, "blind")
    assert [(one["status"], one["listening"]["likeness"]) for one in lines] == [("stored", None)] * 2
    (voice,) = json.loads(installed.store.get("campaigns/blind/report.json"))["listening"]["voices"][
        "presets"
    ]
    assert (voice["scored"], voice["unscored"]) == (0, 2)
