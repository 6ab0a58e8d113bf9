"""A campaign's lock: made at submit, sealed at the finish, and held against what is installed on a later day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from campaign.registry.voice import OWN, ChosenVoice
from campaign.speech.conventions import NO_CONVENTIONS, Conventions
from campaign.speech.nemo.normaliser import grammar_digest, grammar_languages
from campaign.speech.revision import SPEECH_REVISION
from campaign.submission.prepare import Prepared
from storage.canonical import digest
from storage.history import origins
from storage.lock import Lock, LockedConventions, LockedEngine, LockedFinish, LockedPin, LockedPreset
from storage.queue import campaigns as campaign_rows
from storage.records import Campaign
from storage.registry import pins as pin_rows
from storage.registry import presets as preset_rows
from storage.session import Connection
from workers.engines.engine import EngineError
from workers.engines.registry import engine_revision
from workers.finish import FINISH_REVISION
from workers.languages import primary

LOCK_FILE = "campaign.lock"
"""Beside the campaign's files."""


def lock_of(prepared: Prepared) -> Lock:
    """The digests that a campaign keeps."""
    brief, chosen = prepared.brief, prepared.chosen
    return Lock(
        brief=brief.digest,
        templates={locale: digest(source.text) for locale, source in brief.templates.items()},
        lexicons={lexicon.label: lexicon.rules.digest for lexicon in prepared.rules},
        grammars={
            language: grammar_digest(language)
            for language in dict.fromkeys(map(primary, brief.languages))
            if language in grammar_languages()
        },
        preset=_locked(chosen),
        pin=LockedPin(id=chosen.pin.id, digest=chosen.pin.digest),
        engine=LockedEngine(name=chosen.voice.engine, revision=chosen.voice.engine_revision),
        speech_revision=SPEECH_REVISION,
        finish=LockedFinish(digest=prepared.profile.digest, revision=FINISH_REVISION),
        row_presets={voice: _locked(one) for voice, one in prepared.voices.items() if voice != OWN},
        conventions=_locked_conventions(prepared.conventions),
        listening=prepared.listening.locked,
    )


def _locked(chosen: ChosenVoice) -> LockedPreset:
    return LockedPreset(label=chosen.preset.label, sound_digest=chosen.voice.preset_digest)


def _locked_conventions(conventions: Conventions) -> LockedConventions | None:
    if conventions == NO_CONVENTIONS:
        return None
    return LockedConventions(
        numbers=dict(sorted(conventions.numbers.items())), reference_date=conventions.reference_date
    )


def conventions_of(lock: Lock) -> Conventions:
    """How a campaign's columns are read, as it was found when it was submitted."""
    if lock.conventions is None:
        return NO_CONVENTIONS
    return Conventions(numbers=lock.conventions.numbers, reference_date=lock.conventions.reference_date)


def sealed(connection: Connection, campaign: Campaign) -> Lock:
    """The lock with the numeric classes of the runs whose sound the current files hold."""
    classes = origins.numeric_classes(connection, campaign.id)
    return replace(campaign.lock, numeric_classes=tuple(classes))


def seal(connection: Connection, campaign: Campaign, lock: Lock) -> None:
    """Keep a sealed lock."""
    if lock != campaign.lock:
        campaign_rows.replace_lock(connection, campaign.id, lock)


def differences_from(connection: Connection, campaign: Campaign) -> Iterator[str]:
    """What is not as it was locked, one sentence each."""
    lock = campaign.lock
    revisions = (
        ("text front end", lock.speech_revision, SPEECH_REVISION),
        ("finish", lock.finish.revision, FINISH_REVISION),
        (f"engine {lock.engine.name}", lock.engine.revision, _installed(lock.engine.name)),
    )
    for what, then, now in revisions:
        if then != now:
            yield f"{what}: revision {then} then, {now or 'not installed'} now"
    for language, locked_digest in lock.grammars.items():
        if grammar_digest(language) != locked_digest:
            yield f"grammars of {language}: different ones are installed"
    for locked in lock.presets.values():
        name, _, version = locked.label.partition("@")
        preset = preset_rows.find(connection, name, int(version))
        sound_digest = None if preset is None else preset.sound_digests.get(lock.engine.name)
        if sound_digest != locked.sound_digest:
            yield f"preset {locked.label}: its sound is different"
    pin = pin_rows.find(connection, lock.pin.id)
    if pin is None or pin.digest != lock.pin.digest:
        yield f"pin {lock.pin.id}: it is a different one"


def _installed(engine: str) -> int | None:
    try:
        return engine_revision(engine)
    except EngineError:
        return None
