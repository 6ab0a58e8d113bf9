"""The synthesis key: what decides an utterance's samples, and nothing else (contract 2)."""

from __future__ import annotations

from dataclasses import dataclass

from storage.canonical import digest
from storage.lock import Lock
from workers.engines.engine import PresetSound
from workers.requests import Spec


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """Everything beside the words that decides an utterance's samples."""

    preset_digest: str
    pin_digest: str
    engine: str
    engine_revision: int

    @classmethod
    def of(cls, preset: PresetSound, *, pin_digest: str, engine_revision: int) -> Voice:
        """The voice of a preset on a pin."""
        return cls(
            preset_digest=preset.sound_digest,
            pin_digest=pin_digest,
            engine=preset.engine,
            engine_revision=engine_revision,
        )

    @classmethod
    def under(cls, lock: Lock, preset: str | None) -> Voice:
        """The voice of a campaign's row, by what the row calls its preset."""
        return cls(
            preset_digest=lock.preset_of(preset).sound_digest,
            pin_digest=lock.pin.digest,
            engine=lock.engine.name,
            engine_revision=lock.engine.revision,
        )


def synthesis_key(spec: Spec, voice: Voice) -> str:
    """The digest of what decides an utterance's samples, and of nothing else.

    No campaign, row, package version, batch or time enters: the same words in the same voice are the same key.
    """
    return digest(
        {
            "spec": spec.as_json(),
            "preset": voice.preset_digest,
            "pin": voice.pin_digest,
            "engine": voice.engine,
            "engine_revision": voice.engine_revision,
        }
    )
