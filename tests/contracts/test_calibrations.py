"""Calibrations and scores on both databases: rows that only grow, the newest counts, a voice print can be forgotten."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from storage.history import likenesses
from storage.history.likenesses import CampaignLikeness
from storage.installation import Installation
from storage.names import CampaignId
from storage.records import Campaign
from storage.registry import calibrations as calibration_rows
from storage.registry import presets as preset_rows
from storage.registry.calibrations import Calibration, NewCalibration, vector_digest
from storage.registry.presets import Preset
from storage.tables import calibrations
from storage.tables import likenesses as likeness_rows
from tests import build

VECTOR = (0.6, -0.8)


def preset_of(installed: Installation, version: int = 1) -> Preset:
    with installed.database.read() as connection:
        found = preset_rows.find(connection, "demo-voice", version)
    assert found is not None
    return found


def kept(installed: Installation, **values: Any) -> Calibration:
    content: dict[str, Any] = {
        "preset": preset_of(installed),
        "pin_id": "tone",
        "recogniser": "ears",
        "listening_revision": 1,
        "encoder": "onnx-2-abc",
        "record": {"languages": {"en": {"nats": 1.5}}},
        "vectors": [VECTOR],
    }
    with installed.database.write() as connection:
        return calibration_rows.add(connection, NewCalibration(**(content | values)), actor="ann")


def newest(installed: Installation, *, pin: str = "tone", recogniser: str = "ears", revision: int = 1) -> Any:
    with installed.database.read() as connection:
        return calibration_rows.newest(connection, preset_of(installed), pin, recogniser, revision)


def test_what_was_kept_comes_back_without_its_vectors(installed: Installation) -> None:
    found = kept(installed)
    assert (found.label, found.pin_id, found.recogniser, found.actor) == (
        "demo-voice@1",
        "tone",
        "ears",
        "ann",
    )
    assert found.record == {"languages": {"en": {"nats": 1.5}}}
    assert found.has_vectors and not hasattr(found, "vectors")
    with installed.database.read() as connection:
        assert calibration_rows.vectors(connection, found.digest) == {vector_digest(VECTOR): VECTOR}
        assert calibration_rows.vectors(connection, "0" * 64) == {}


def test_the_newest_of_a_combination_counts_and_the_others_stay(installed: Installation) -> None:
    first = kept(installed)
    second = kept(installed, record={"languages": {}})
    other = kept(installed, recogniser="server", vectors=[])
    assert newest(installed) == second
    assert newest(installed, recogniser="server") == other and not other.has_vectors
    assert newest(installed, pin="espeak") is None
    assert newest(installed, revision=2) is None, "learned by another rule"
    with installed.database.read() as connection:
        assert calibration_rows.of_preset(connection, preset_of(installed)) == [first, second, other]


def test_the_digest_is_of_all_that_was_learned_and_of_the_voice(installed: Installation) -> None:
    first = kept(installed)
    assert kept(installed).digest == first.digest
    others = [
        kept(installed, vectors=[(0.8, -0.6)]),
        kept(installed, vectors=[]),
        kept(installed, record={"languages": {"en": {"nats": 2.0}}}),
        kept(installed, encoder="onnx-2-def"),
        kept(installed, recogniser="server"),
        kept(installed, preset=preset_of(installed, 2)),
    ]
    assert len({first.digest, *(one.digest for one in others)}) == 7
    assert vector_digest(VECTOR) == vector_digest(list(VECTOR)) != vector_digest((0.8, -0.6))


def test_a_forgotten_voice_is_gone_and_what_was_learned_of_words_stays(installed: Installation) -> None:
    found, other = kept(installed), kept(installed, preset=preset_of(installed, 2))
    with installed.database.write() as connection:
        calibration_rows.forget_vectors(connection, preset_of(installed))
    with installed.database.read() as connection:
        assert calibration_rows.vectors(connection, found.digest) == {}
        assert calibration_rows.vectors(connection, other.digest) == {vector_digest(VECTOR): VECTOR}
        gone = select(func.count()).select_from(calibrations).where(calibrations.c.vectors.is_(None))
        assert connection.scalar(gone) == 1, "no row says null in another way"
    assert (newest(installed).digest, newest(installed).has_vectors) == (found.digest, False)


def likeness(preset: str = "demo-voice@1", **values: Any) -> CampaignLikeness:
    content: dict[str, Any] = {
        "preset": preset,
        "calibration": "c" * 64,
        "encoder": "onnx-2-abc",
        "scored": 9,
        "unscored": 1,
        "median": 0.95,
        "lowest": 0.9,
    }
    return CampaignLikeness(**(content | values))


def test_a_campaign_s_scores_take_the_place_of_those_it_had(
    installed: Installation, running: Campaign
) -> None:
    later = build.submitted(installed, build.people(2), build.brief("Goodbye {{ name }}.")).campaign
    with installed.database.write() as connection:
        likenesses.keep(connection, later.id, [likeness(median=0.8)], t_ms=5)
        likenesses.keep(connection, running.id, [likeness(), likeness("other@1")], t_ms=9)
        likenesses.keep(connection, running.id, [likeness(median=None, lowest=None, scored=0)], t_ms=9)
    with installed.database.read() as connection:
        found = likenesses.over_time(connection, "demo-voice@1")
        assert [(one.campaign_id, one.median, one.t_ms) for one in found] == [
            (running.id, None, 9),
            (later.id, 0.8, 5),
        ], "in the order of the campaigns"
        until = likenesses.over_time(connection, "demo-voice@1", until=running.number)
        assert [one.campaign_id for one in until] == [running.id]
        assert likenesses.over_time(connection, "other@1") == []
        assert connection.scalar(select(func.count()).select_from(likeness_rows)) == 2


def test_scores_of_no_campaign_are_refused(installed: Installation) -> None:
    with pytest.raises(IntegrityError), installed.database.write() as connection:
        likenesses.keep(connection, CampaignId("nobody"), [likeness()], t_ms=1)
