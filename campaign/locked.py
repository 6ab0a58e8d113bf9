"""What became of a campaign's lock: sealed at the finish with the numeric classes that made its sound, and held
against what is installed today."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection

from campaign.speech.nemo.normaliser import grammar_digest
from campaign.speech.revision import SPEECH_REVISION
from storage import campaigns as campaign_rows
from storage import made as made_rows
from storage import pins as pin_rows
from storage import presets as preset_rows
from storage.records import Campaign
from workers.engines.engine import EngineError
from workers.engines.registry import engine_revision
from workers.finish import FINISH_REVISION

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
