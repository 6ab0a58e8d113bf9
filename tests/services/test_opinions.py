"""How people would rate files: the catalogue's predictor itself, fetched once a machine, at work and in reports."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest

from campaign.errors import BriefError, ConflictError
from campaign.gate.rule import rule_of
from campaign.gate.tools import GateTools, open_tools
from campaign.registry.opinions import find_opinion, opinion_is_here, opinion_places
from campaign.rerender.review import queue
from campaign.submission import listening as choosing
from storage.history import delivery
from storage.installation import Installation
from storage.lock import LockedOpinion
from storage.names import CampaignId
from storage.resources import data_folder
from storage.settings import Settings
from tests import build, voices
from tests.hearing import listened_to
from tests.models import models_with, without
from tests.unit.gate import gates
from workers.engines.engine import EngineError
from workers.measure.distillmos import DistillMos
from workers.opinions import Opinions

TORCHS = {2.6: 2.13506, 7.0: 1.37638}
"""Seconds of `buzz` to what distillmos 0.9.1 says of it on torch 2.13; up to 7.68 s the windows are its own."""
RATE_HZ = 16_000


@pytest.fixture
def models(tmp_path: Path) -> Path:
    return models_with(tmp_path / "models", "distillmos")


@pytest.fixture
def predictor(models: Path) -> DistillMos:
    found = find_opinion(Settings(models=models))
    assert found is not None
    return found


@pytest.fixture
def installed(tmp_path: Path, models: Path) -> Iterator[Installation]:
    with closing(build.installation(tmp_path / "home", models=models)) as made:
        yield made


def buzz(seconds: float) -> np.ndarray[Any, np.dtype[np.int16]]:
    time_s = np.arange(int(seconds * RATE_HZ)) / RATE_HZ
    phase = 2 * np.pi * (110 * time_s + 15 * time_s * time_s)
    wave = sum(np.sin(number * phase) / number for number in range(1, 20))
    return np.asarray(6000 * wave * (0.6 + 0.4 * np.sin(2 * np.pi * 3 * time_s)), dtype=np.int16)


@pytest.mark.parametrize(("seconds", "torchs"), TORCHS.items())
def test_its_opinions_are_torchs(predictor: DistillMos, seconds: float, torchs: float) -> None:
    assert predictor.rate(buzz(seconds), RATE_HZ) == pytest.approx(torchs, abs=1e-3)


def test_silence_has_no_opinion_and_longer_sound_has_one_of_all_of_it(predictor: DistillMos) -> None:
    assert predictor.rate(np.zeros(RATE_HZ, np.int16), RATE_HZ) is None
    (good,) = voices.spoken([voices.TEXT * 3])
    noise = np.random.default_rng(0).normal(0, 6_000, len(good)).astype(np.int16)
    begun, ended = (
        predictor.rate(np.concatenate(both), voices.RATE_HZ) for both in ((noise, good), (good, noise))
    )
    whole = predictor.rate(good, voices.RATE_HZ)
    assert whole is not None and begun is not None and ended is not None
    assert max(begun, ended) < whole, "the bad half counts, first or last"


def test_a_copy_that_is_not_it_is_told(models: Path) -> None:
    settings = Settings(models=models)
    place = settings.kept_models / opinion_places(settings)[0]
    data = place.read_bytes()
    folder = place.parent
    folder.unlink()
    folder.mkdir()
    place.write_bytes(data[:-4] + b"\x00\x00\x00\x00")
    with pytest.raises(EngineError, match="distillmos"):
        find_opinion(settings)


# who rates a campaign's files


def sent(installed: Installation, patch: pytest.MonkeyPatch, count: int = 4, **listen: Any) -> CampaignId:
    """Of which the second file is misheard."""
    opinion = LockedOpinion(**dict(zip(("file", "name"), opinion_places(installed.settings), strict=True)))
    ears = listened_to(patch, opinion=listen.pop("opinion", opinion))
    ears.instead["fifty"] = "fifteen"
    rows = [{**one, "amount": f"${40 + 10 * number}"} for number, one in enumerate(build.people(count))]
    asked = build.brief(
        "Hello {{ name }}. Your balance is {{ amount }} today.",
        columns={"name": "name", "amount": "money USD"},
        model="espeak",
    )
    campaign_id = build.submitted(installed, rows, asked).campaign.id
    build.worked(installed, campaign_id)
    return campaign_id


def test_every_file_that_is_listened_to_is_rated_and_the_lowest_are_heard_first(
    installed: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign_id = sent(installed, monkeypatch)
    lines = build.manifest(installed.store, campaign_id)
    opinions = {line["row"]: line["listening"]["opinion"] for line in lines}
    assert opinions.keys() == {1, 2, 3, 4}, "the held one, too"
    assert all(1.2 < one < 3.5 for one in opinions.values()), opinions
    assert len(set(opinions.values())) == 4
    document = json.loads(installed.store.get(f"campaigns/{campaign_id}/report.json"))
    jsonschema.validate(document, json.loads((data_folder("schemas") / "report.schema.json").read_text()))
    told = document["listening"]["opinions"]
    assert (
        told["by"]
        == document["lock"]["listening"]["opinion"]["name"]
        == opinion_places(installed.settings)[1]
    )
    lowest = min(opinions, key=lambda row: opinions[row])
    assert told["files"] == 4
    assert told["by_language"]["en"]["lowest"][0] == {"row": lowest, "opinion": round(opinions[lowest], 2)}
    assert (
        "How people would rate them" in installed.store.get(f"campaigns/{campaign_id}/report.html").decode()
    )
    waiting = queue(installed, campaign_id)
    assert [one.held for one in waiting] == ["not-heard", "", "", ""]
    delivered = {row: opinion for row, opinion in opinions.items() if row != 2}
    assert waiting[1].row == min(delivered, key=lambda row: delivered[row])
    assert "lowest rated" in waiting[1].why or "lower than usual" in waiting[1].why


def test_without_a_predictor_files_are_as_they_always_were(
    installed: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign_id = sent(installed, monkeypatch, opinion=None)
    document = json.loads(installed.store.get(f"campaigns/{campaign_id}/report.json"))
    assert "opinions" not in document["listening"] and "opinion" not in document["lock"]["listening"]
    assert all(
        line["listening"].keys() == {"verdict", "values"}
        for line in build.manifest(installed.store, campaign_id)
    )


def test_a_worker_without_the_predictor_delivers_and_says_so_once(
    installed: Installation, models: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    without(models, "distillmos")
    with caplog.at_level(logging.WARNING):
        campaign_id = sent(installed, monkeypatch)
    with installed.database.read() as connection:
        rows = list(delivery.rows(connection, campaign_id))
    assert [row.status for row in rows] == ["stored", "failed", "stored", "stored"], "the second is held"
    assert all(row.listening is not None and row.listening.opinion is None for row in rows)
    said = [one for one in caplog.messages if "no predicted opinion" in one]
    assert len(said) == 1 and "campaign voice get distillmos" in said[0]


def test_another_predictor_than_the_locks_rates_nothing(
    models: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file, _name = opinion_places(Settings(models=models))
    rating = Opinions(Settings(models=models))
    assert rating.of(b"", LockedOpinion(name="distillmos-1-other", file=file)) is None
    assert "files are rated by distillmos-1-other, and here is distillmos-1-" in caplog.text


def decided(
    installed: Installation, patch: pytest.MonkeyPatch, *, model: str = "whisper", **listen: Any
) -> LockedOpinion | None:
    from campaign.brief import LoadedBrief
    from campaign.submission.prepare import resolve_brief

    patch.setattr(choosing, "_problem", lambda *_: "")
    patch.setattr(choosing, "_recogniser", lambda *_: (model, "ears"))
    brief = build.brief(preset="demo-voice@1", listen={"files": "all"} | listen)
    locked = resolve_brief(installed, LoadedBrief(brief=brief, suppress=())).listening.locked
    assert locked is not None
    return locked.opinion


def test_who_rates_is_decided_with_who_listens(
    installed: Installation, models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert opinion_is_here(installed.settings)
    here = decided(installed, monkeypatch)
    assert here is not None and here.name == opinion_places(installed.settings)[1]
    assert decided(installed, monkeypatch, quality="off") is None
    assert decided(installed, monkeypatch, model="") is None, "a server hears: nothing here would take less"
    assert decided(installed, monkeypatch, model="", quality="all") == here
    without(models, "distillmos")
    assert decided(installed, monkeypatch) is None
    with pytest.raises(BriefError, match="campaign voice get distillmos"):
        decided(installed, monkeypatch, quality="all")
    with pytest.raises(BriefError, match="none are: the brief says so"):
        decided(installed, monkeypatch, files="off", quality="all")


# a gate


def test_both_sides_of_a_gate_are_rated_by_one_predictor(installed: Installation, models: Path) -> None:
    rule = rule_of({"swap": "distillmos >= baseline_distillmos"}, "test")
    opened = open_tools(installed.settings, GateTools(), rule, sides=())
    assert opened.opinion is not None and opened.opinion.name == opinion_places(installed.settings)[1]
    side = replace(gates.side("espeak", [gates.measured("en-01")]), opinion=opened.opinion.name, encoder="")
    assert open_tools(installed.settings, GateTools(), rule, sides=[side]).opinion is not None
    without(models, "distillmos")
    assert open_tools(installed.settings, GateTools(), rule, sides=()).opinion is None
    with pytest.raises(ConflictError, match="campaign voice get distillmos"):
        open_tools(installed.settings, GateTools(), rule, sides=[side])
