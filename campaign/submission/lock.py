"""What a campaign fixes at submit: the front end's whole configuration, and a digest of everything that decides
its sound, so that a later day can say what has changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection

from campaign.brief import Brief, Purpose
from campaign.errors import BriefError
from campaign.registry.lexicons import abilities_of, campaign_lexicon
from campaign.registry.voice import ChosenVoice
from campaign.speech.disclosure import Disclosure, disclosure_of
from campaign.speech.front_end import FrontEndConfig
from campaign.speech.lexicon.matching import LabelledRules
from campaign.speech.nemo.normaliser import GRAMMAR_LANGUAGES, grammar_digest
from campaign.speech.revision import SPEECH_REVISION
from campaign.submission.preflight import template_languages
from storage.canonical import digest
from storage.history import made as made_rows
from storage.queue import campaigns as campaign_rows
from storage.records import Campaign
from storage.registry import pins as pin_rows
from storage.registry import presets as preset_rows
from storage.settings import Settings
from workers.engines.engine import Capabilities, EngineError
from workers.engines.registry import engine_revision
from workers.finish import FINISH_REVISION, FinishProfile

FIRST_CHARACTERS = 60
"""About four seconds: a longer first sentence is parted where somebody listens while it is made."""


def front_end_config(
    brief: Brief, chosen: ChosenVoice, settings: Settings, lexicons: Sequence[LabelledRules]
) -> FrontEndConfig:
    """The text front end of a campaign; `lexicons` are those that its brief fixes."""
    return FrontEndConfig(
        templates=dict(brief.templates),
        columns=brief.column_specs(),
        languages=brief.languages,
        vocabulary=_characters(chosen.capabilities) or None,
        lexicon=campaign_lexicon(lexicons, chosen),
        abilities=abilities_of(chosen),
        grammar_cache_dir=settings.home / "grammars",
        leftover=brief.leftover,
        disclosure=brief_disclosure(brief),
        max_first_characters=FIRST_CHARACTERS if brief.is_streamed else None,
    )


def _characters(capabilities: Capabilities) -> frozenset[str]:
    return frozenset(chr(code) for first, last in capabilities.characters for code in range(first, last + 1))


def brief_disclosure(brief: Brief) -> Disclosure | None:
    """What each script of a brief must say of itself; raises `BriefError`."""
    return disclosure_of(
        brief.disclosure,
        territories=brief.territories,
        languages=template_languages(brief),
        commercial=brief.purpose == Purpose.COMMERCIAL,
    )


def refuse_unmarkable(settings: Settings, profile: FinishProfile) -> None:
    """Raise `BriefError` where files cannot be marked as the profile asks."""
    from workers.permission.marking import marker_of, problem_of

    if profile.marks and (problem := problem_of(marker_of(settings), profile)):
        raise BriefError(f"finish asks for {', '.join(profile.marks)}: {problem}")


def lock_of(
    brief: Brief, chosen: ChosenVoice, profile: FinishProfile, lexicons: Sequence[LabelledRules]
) -> dict[str, Any]:
    """The digests that a campaign keeps, JSON-ready."""
    grammars = {
        language: grammar_digest(language) for language in brief.languages if language in GRAMMAR_LANGUAGES
    }
    return {
        "brief": brief.digest,
        "templates": {locale: digest(one.text) for locale, one in brief.templates.items()},
        "lexicons": {one.label: one.rules.digest for one in lexicons},
        "grammars": grammars,
        "preset": {"label": chosen.preset.label, "sound_digest": chosen.voice.preset_digest},
        "pin": {"id": chosen.pin.id, "digest": chosen.pin.digest},
        "engine": {"name": chosen.voice.engine, "revision": chosen.voice.engine_revision},
        "speech_revision": SPEECH_REVISION,
        "finish": {"digest": profile.digest, "revision": FINISH_REVISION},
    }


LOCK_FILE = "campaign.lock"
"""Beside the campaign's files."""


def sealed(connection: Connection, campaign: Campaign) -> dict[str, Any]:
    """The lock with the numeric classes of the runs whose sound the current files hold."""
    return {**campaign.lock, "numeric_classes": made_rows.numeric_classes(connection, campaign.id)}


def seal(connection: Connection, campaign: Campaign, lock: dict[str, Any]) -> None:
    """Keep a sealed lock."""
    if lock != dict(campaign.lock):
        campaign_rows.keep_lock(connection, campaign.id, lock)


def differences_from(connection: Connection, campaign: Campaign) -> Iterator[str]:
    """What is not as it was locked, one sentence each."""
    lock = campaign.lock
    revisions = (
        ("text front end", lock["speech_revision"], SPEECH_REVISION),
        ("finish", lock["finish"]["revision"], FINISH_REVISION),
        (f"engine {lock['engine']['name']}", lock["engine"]["revision"], _installed(lock["engine"]["name"])),
    )
    for what, then, now in revisions:
        if then != now:
            yield f"{what}: revision {then} then, {now or 'not installed'} now"
    for language, then in lock["grammars"].items():
        if grammar_digest(language) != then:
            yield f"grammars of {language}: other ones are installed"
    name, _, version = lock["preset"]["label"].partition("@")
    preset = preset_rows.find(connection, name, int(version))
    found = None if preset is None else preset.sound_digests.get(lock["engine"]["name"])
    if found != lock["preset"]["sound_digest"]:
        yield f"preset {lock['preset']['label']}: its sound is another one"
    pin = pin_rows.find(connection, lock["pin"]["id"])
    if pin is None or pin.digest != lock["pin"]["digest"]:
        yield f"pin {lock['pin']['id']}: it is another one"


def _installed(engine: str) -> int | None:
    try:
        return engine_revision(engine)
    except EngineError:
        return None
