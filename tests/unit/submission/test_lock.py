"""A campaign's lock: what decided its sound by digest, and what on a later day is not as it was."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import update

from campaign.submission import lock as locks
from campaign.submission.lock import differences_from, seal, sealed
from storage.canonical import digest
from storage.installation import Installation
from storage.lock import Lock, LockedEngine, LockedFinish, LockedPin, LockedPreset
from storage.queue import campaigns as campaign_rows
from storage.records import Campaign
from storage.tables import pins, presets
from tests import build
from workers.engines.engine import EngineError


@pytest.fixture
def campaign(installed: Installation) -> Campaign:
    return build.submitted(installed, build.people(1)).campaign


def differences(installed: Installation, campaign: Campaign, **locked: object) -> list[str]:
    """Of a campaign that was locked with something else."""
    changed = replace(campaign, lock=replace(campaign.lock, **locked))  # type: ignore[arg-type]
    with installed.database.read() as connection:
        return list(differences_from(connection, changed))


def test_lock_is_of_the_brief_its_templates_and_its_voice(campaign: Campaign) -> None:
    lock = campaign.lock
    assert lock.templates == {"default": digest("Hello {{ name }}.")}
    assert (lock.preset.label, lock.pin.id, lock.engine.name) == (campaign.preset, "tone", "tone")
    assert lock.grammars.keys() == {"en"}
    assert lock.numeric_classes is None


def test_what_is_installed_as_it_was_has_no_difference(installed: Installation, campaign: Campaign) -> None:
    assert differences(installed, campaign) == []


@pytest.mark.parametrize(
    ("locked", "told"),
    [
        ({"speech_revision": 0}, "text front end: revision 0 then"),
        ({"finish": LockedFinish(digest="x", revision=0)}, "finish: revision 0 then"),
        ({"engine": LockedEngine(name="tone", revision=9)}, "engine tone: revision 9 then, 1 now"),
        ({"grammars": {"en": "0" * 64}}, "grammars of en: different ones are installed"),
        ({"preset": LockedPreset(label="demo-voice@1", sound_digest="x")}, "its sound is different"),
        ({"preset": LockedPreset(label="gone@1", sound_digest="x")}, "preset gone@1: its sound is different"),
        ({"pin": LockedPin(id="gone", digest="x")}, "pin gone: it is a different one"),
    ],
)
def test_what_is_not_as_it_was_is_one_sentence(
    installed: Installation, campaign: Campaign, locked: dict[str, object], told: str
) -> None:
    [difference] = differences(installed, campaign, **locked)
    assert told in difference


def test_engine_that_is_not_installed_any_more_is_told_as_that(
    installed: Installation, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(name: str) -> int:
        raise EngineError(name)

    monkeypatch.setattr(locks, "engine_revision", missing)
    assert differences(installed, campaign) == ["engine tone: revision 1 then, not installed now"]


def test_pin_and_preset_of_the_same_name_with_other_content_are_different(
    installed: Installation, campaign: Campaign
) -> None:
    with installed.database.write() as connection:
        connection.execute(update(pins).where(pins.c.id == "tone").values(digest="0" * 64))
        connection.execute(update(presets).values(sound_digests={"tone": "0" * 64}))
    assert differences(installed, campaign) == [
        f"preset {campaign.preset}: its sound is different",
        "pin tone: it is a different one",
    ]


def test_seal_adds_the_numeric_classes_of_the_files_and_is_kept(
    installed: Installation, campaign: Campaign
) -> None:
    build.worked(installed, campaign.id)
    with installed.database.write() as connection:
        lock = sealed(connection, campaign)
        assert lock == replace(campaign.lock, numeric_classes=("any",))
        seal(connection, campaign, lock)
        assert campaign_rows.get(connection, campaign.id).lock == lock
    assert Lock.from_json(lock.as_json()) == lock
