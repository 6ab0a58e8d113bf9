"""Campaigns of a calibrated voice: the lock decides, shared judgements know by what bounds, files are scored."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from campaign.registry.calibrations import CalibrationRecord, LanguageRecord, PrintRecord
from campaign.report.publish import publish_report
from storage.history import likenesses
from storage.installation import Installation
from storage.names import CampaignId
from storage.queue import campaigns as campaign_rows
from storage.registry import calibrations as calibration_rows
from storage.registry import presets as preset_rows
from storage.registry.calibrations import Calibration, NewCalibration, vector_digest
from storage.resources import data_folder
from tests import build
from tests.encoders import PitchEncoder
from tests.hearing import LISTENING, Ears, listened_to
from workers.likenesses import Likenesses

TEMPLATE = "Welcome back, friend. Hello {{ name }}. Your balance is {{ amount }} today."
VECTOR = (1.0, 0.0)


@pytest.fixture
def installed(tmp_path: Path) -> Iterator[Installation]:
    with closing(build.installation(tmp_path / "home")) as made:
        yield made


@pytest.fixture
def ears(monkeypatch: pytest.MonkeyPatch) -> Ears:
    heard = listened_to(monkeypatch)
    heard.instead["forty"] = "fourteen"
    return heard


@pytest.fixture
def encoder(monkeypatch: pytest.MonkeyPatch) -> PitchEncoder:
    made = PitchEncoder()
    monkeypatch.setattr(Likenesses, "_opened", lambda *_: made)
    return made


def calibrated(
    installed: Installation, *beyond: str, lowest: float = 0.9, vectors: bool = True
) -> Calibration:
    held_against = PrintRecord(digest=vector_digest(VECTOR), lowest=lowest, median=0.95, renders=12)
    language = LanguageRecord(
        nats=2.0,
        unlike_sounds=0.4,
        beyond=list(beyond),
        sentences=24,
        heard={"money": (1, 6)},
        print=held_against if vectors else None,
    )
    record = CalibrationRecord(prompts="p", encoder_file="e/encoder.onnx", languages={"en": language})
    with installed.database.write() as connection:
        preset = preset_rows.find(connection, "demo-voice", 1)
        assert preset is not None
        new = NewCalibration(
            preset=preset,
            pin_id="tone",
            recogniser=LISTENING.recogniser,
            listening_revision=LISTENING.revision,
            encoder="onnx-2-pitch",
            record=record.model_dump(mode="json"),
            vectors=[VECTOR] if vectors else [],
        )
        return calibration_rows.add(connection, new, actor="test")


def submitted(installed: Installation, name: str, count: int = 3) -> CampaignId:
    rows = [{**one, "amount": f"${40 + 10 * number}"} for number, one in enumerate(build.people(count))]
    asked = build.brief(TEMPLATE, name=name, columns={"name": "name", "amount": "money USD"})
    return build.submitted(installed, rows, asked, campaign_id=CampaignId(name)).campaign.id


def lines(installed: Installation, name: str) -> list[Any]:
    return [one.get("listening") for one in build.manifest(installed.store, name)]


def report(installed: Installation, name: str) -> Any:
    document = json.loads(installed.store.get(f"campaigns/{name}/report.json"))
    jsonschema.validate(document, json.loads((data_folder("schemas") / "report.schema.json").read_text()))
    return document


def test_a_kind_beyond_who_listens_holds_no_file_and_the_lock_decides(
    installed: Installation, ears: Ears
) -> None:
    build.worked(installed, submitted(installed, "before"))
    assert [one["verdict"] for one in lines(installed, "before")] == ["misheard", "heard", "heard"]

    found = calibrated(installed, "money")
    name = submitted(installed, "after")
    calibrated(installed)  # a newer one, for campaigns that are submitted from now on
    build.worked(installed, name)
    assert [(one["verdict"], one["values"]) for one in lines(installed, "after")] == [
        ("heard", [1, 2]),
        ("heard", [2, 2]),
        ("heard", [2, 2]),
    ]
    lock = json.loads(installed.store.get("campaigns/after/campaign.lock"))
    (locked,) = lock["listening"]["calibrations"].values()
    assert locked["digest"] == found.digest
    assert locked["languages"] == {"en": {"nats": 2.0, "unlike_sounds": 0.4, "beyond": ["money"]}}
    assert locked["prints"]["en"]["digest"] == vector_digest(VECTOR)
    assert "[1.0" not in json.dumps(lock), "the voice itself is in no lock"

    build.worked(installed, submitted(installed, "later"))
    assert [one["verdict"] for one in lines(installed, "later")] == ["misheard", "heard", "heard"]


def test_each_row_is_judged_by_the_calibration_of_its_own_voice(installed: Installation, ears: Ears) -> None:
    found = calibrated(installed, "money")
    rows = [
        {**one, "amount": "$40", "voice": voice}
        for one, voice in zip(build.people(2), ("", "other"), strict=True)
    ]
    asked = build.brief(
        TEMPLATE,
        columns={"name": "name", "amount": "money USD"},
        presets={"other": "demo-voice@2"},
        preset_column="voice",
    )
    campaign = build.submitted(installed, rows, asked, campaign_id=CampaignId("voices")).campaign
    assert campaign.lock.listening is not None
    locked = campaign.lock.listening.calibrations
    assert {label: one.digest for label, one in locked.items()} == {"demo-voice@1": found.digest}
    build.worked(installed, campaign.id)
    heard = lines(installed, "voices")
    assert [one["verdict"] for one in heard] == ["heard", "misheard"]
    assert ["likeness" in one for one in heard] == [True, False]


def test_what_was_judged_by_other_bounds_is_judged_again_and_then_shared(
    installed: Installation, ears: Ears
) -> None:
    def judged(name: str) -> int:
        before = len(ears.heard)
        build.worked(installed, submitted(installed, name))
        return len(ears.heard) - before

    distinct = judged("first")
    assert distinct >= 7 and judged("second") == 0
    calibrated(installed, "money")
    assert (judged("third"), judged("fourth")) == (distinct, 0)


def test_files_are_scored_in_manifest_report_and_over_time(
    installed: Installation, ears: Ears, encoder: PitchEncoder
) -> None:
    ears.instead.clear()
    found = calibrated(installed, lowest=-0.9)
    for name in ("one", "two"):
        build.worked(installed, submitted(installed, name))
    scores = [one["likeness"] for one in lines(installed, "two")]
    assert all(-1 <= score <= 1 for score in scores)
    voices = report(installed, "two")["listening"]["voices"]
    (voice,) = voices["presets"]
    assert (voice["preset"], voice["calibration"]) == ("demo-voice@1", found.digest)
    assert (voice["scored"], voice["unscored"], voice["below"]) == (3, 0, 0)
    assert voice["lowest"] == pytest.approx(min(scores))
    assert sorted(voices["least_alike"], key=lambda one: one["likeness"]) == voices["least_alike"]
    assert {one["row"] for one in voices["least_alike"]} == {1, 2, 3}
    assert [one["campaign"] for one in voice["over_time"]] == ["one", "two"]
    page = installed.store.get("campaigns/two/report.html").decode()
    assert "The voice itself" in page and "campaign preset drift demo-voice@1" in page
    before = installed.store.get("campaigns/one/report.json")
    publish_report(installed, CampaignId("one"))
    assert installed.store.get("campaigns/one/report.json") == before, "what came later is not of it"
    with installed.database.read() as connection:
        past = likenesses.over_time(connection, "demo-voice@1")
    assert [(one.campaign_id, one.scored) for one in past] == [("one", 3), ("two", 3)]


def test_without_its_encoder_files_go_out_unscored_and_are_counted(
    installed: Installation, ears: Ears, caplog: pytest.LogCaptureFixture
) -> None:
    ears.instead.clear()
    calibrated(installed)
    with caplog.at_level(logging.WARNING, logger="workers.likenesses"):
        build.worked(installed, submitted(installed, "unscored"))
    assert [one["likeness"] for one in lines(installed, "unscored")] == [None] * 3
    told = [one.getMessage() for one in caplog.records if "encoder not here" in one.getMessage()]
    assert len(told) == 1 and "campaign voice get speaker-encoder" in told[0]
    (voice,) = report(installed, "unscored")["listening"]["voices"]["presets"]
    assert (voice["scored"], voice["unscored"], voice["median"]) == (0, 3, None)


def test_a_print_that_was_forgotten_scores_nothing(
    installed: Installation, ears: Ears, encoder: PitchEncoder
) -> None:
    ears.instead.clear()
    calibrated(installed)
    name = submitted(installed, "forgotten")
    with installed.database.write() as connection:
        preset = preset_rows.find(connection, "demo-voice", 1)
        assert preset is not None
        calibration_rows.forget_vectors(connection, preset)
    build.worked(installed, name)
    assert [one["likeness"] for one in lines(installed, "forgotten")] == [None] * 3
    build.worked(installed, submitted(installed, "next"))
    assert all("likeness" not in one for one in lines(installed, "next"))
    assert "voices" not in report(installed, "next")["listening"]
    with installed.database.read() as connection:
        lock = campaign_rows.get(connection, CampaignId("next")).lock
    assert lock.listening is not None and lock.listening.calibrations["demo-voice@1"].prints == {}
