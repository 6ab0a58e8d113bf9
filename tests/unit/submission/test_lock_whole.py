"""A campaign's lock: what it fixes, and what differs from it on a later day."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import delete, update

from campaign.brief import LoadedBrief
from campaign.registry.lexicons import add_lexicon
from campaign.speech.lexicon.files import read_lexicon
from campaign.speech.nemo.normaliser import grammar_digest
from campaign.speech.revision import SPEECH_REVISION
from campaign.speech.templates import TemplateSource
from campaign.submission.lock import differences_from, lock_of, seal, sealed
from campaign.submission.prepare import prepare_brief
from storage.canonical import digest
from storage.installation import Installation
from storage.lock import Lock, LockedEngine, LockedFinish, LockedPin, LockedPreset
from storage.names import CampaignId
from storage.queue import campaigns as campaign_rows
from storage.records import Campaign
from storage.registry import pins as pin_rows
from storage.registry import presets as preset_rows
from storage.tables import pins, presets
from tests import build
from workers.engines.registry import engine_revision
from workers.finish import FINISH_REVISION, FinishProfile


@pytest.fixture
def installed(tmp_path: Path) -> Iterator[Installation]:
    made = build.installation(tmp_path / "home")
    yield made
    made.close()


@pytest.fixture
def campaign(installed: Installation) -> Campaign:
    return build.submitted(installed, build.people(1), campaign_id="one", start=False).campaign


def test_a_lock_holds_the_digest_of_all_that_decides_the_sound(
    installed: Installation, tmp_path: Path
) -> None:
    path = tmp_path / "names.tsv"
    path.write_text("written\talias\nGP\tG P\n")
    file = read_lexicon(path)
    add_lexicon(installed.database, file, name=None, actor="test")
    swedish = TemplateSource(name="sv.txt", text="Hej {{ name }}.", language="sv")
    asked = build.brief(languages=("en", "sv"), lexicons=("names",))
    asked = asked.model_copy(update={"templates": {**asked.templates, "sv": swedish}})
    prepared = prepare_brief(installed, LoadedBrief(brief=asked, suppress=()), allow_slow=True)
    with installed.database.read() as connection:
        demo, tone = preset_rows.find(connection, "demo-voice", 1), pin_rows.get(connection, "tone")
    assert demo is not None
    assert lock_of(prepared) == Lock(
        brief=prepared.brief.digest,
        templates={"default": digest("Hello {{ name }}."), "sv": digest("Hej {{ name }}.")},
        lexicons={"names@1": file.rules.digest},
        grammars={"en": grammar_digest("en")},
        preset=LockedPreset(label="demo-voice@1", sound_digest=demo.sound_digests["tone"]),
        pin=LockedPin(id="tone", digest=tone.digest),
        engine=LockedEngine(name="tone", revision=engine_revision("tone")),
        speech_revision=SPEECH_REVISION,
        finish=LockedFinish(
            digest=FinishProfile.from_mapping({"codec": "wav"}).digest, revision=FINISH_REVISION
        ),
    )


def test_a_seal_adds_the_numeric_classes_of_what_was_made(installed: Installation) -> None:
    campaign = build.submitted(installed, build.people(1), campaign_id="one").campaign
    with installed.database.read() as connection:
        assert sealed(connection, campaign).numeric_classes == ()
    build.worked(installed, "one")
    with installed.database.read() as connection:
        assert sealed(connection, campaign) == replace(campaign.lock, numeric_classes=("any",))


def test_a_seal_is_kept_where_it_changes_the_lock(installed: Installation, campaign: Campaign) -> None:
    lock = replace(campaign.lock, numeric_classes=("avx2",))
    with installed.database.write() as connection:
        seal(connection, campaign, lock)
        assert campaign_rows.get(connection, CampaignId("one")).lock == lock


def differences(installed: Installation, campaign: Campaign) -> list[str]:
    with installed.database.read() as connection:
        return list(differences_from(connection, campaign))


def test_nothing_differs_on_the_day_of_the_submit(installed: Installation, campaign: Campaign) -> None:
    assert differences(installed, campaign) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            lambda lock: replace(lock, speech_revision=0),
            f"text front end: revision 0 then, {SPEECH_REVISION} now",
        ),
        (
            lambda lock: replace(lock, finish=replace(lock.finish, revision=0)),
            f"finish: revision 0 then, {FINISH_REVISION} now",
        ),
        (
            lambda lock: replace(lock, engine=replace(lock.engine, revision=0)),
            f"engine tone: revision 0 then, {engine_revision('tone')} now",
        ),
        (
            lambda lock: replace(lock, grammars={**lock.grammars, "de": "0" * 64}),
            "grammars of de: different ones are installed",
        ),
        (
            lambda lock: replace(lock, preset=LockedPreset(label="demo-voice@1", sound_digest="0" * 64)),
            "preset demo-voice@1: its sound is different",
        ),
        (
            lambda lock: replace(lock, pin=LockedPin(id="tone", digest="0" * 64)),
            "pin tone: it is a different one",
        ),
    ],
)
def test_each_thing_that_differs_is_one_sentence(
    installed: Installation, campaign: Campaign, change: Callable[[Lock], Lock], said: str
) -> None:
    assert differences(installed, replace(campaign, lock=change(campaign.lock))) == [said]


def test_what_is_gone_is_different(installed: Installation, campaign: Campaign) -> None:
    lock = replace(campaign.lock, engine=LockedEngine(name="gone", revision=3))
    assert differences(installed, replace(campaign, lock=lock))[0] == (
        "engine gone: revision 3 then, not installed now"
    )
    with installed.database.write() as connection:
        connection.execute(update(presets).values(version=7).where(presets.c.version == 1))
        connection.execute(delete(pins).where(pins.c.id == "tone"))
    assert differences(installed, campaign) == [
        "preset demo-voice@1: its sound is different",
        "pin tone: it is a different one",
    ]
