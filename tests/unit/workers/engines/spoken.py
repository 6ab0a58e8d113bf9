"""Requests for engine tests."""

from __future__ import annotations

import hashlib
from typing import Any

from workers.engines.engine import (
    Outcome,
    PresetSound,
    SpokenSpan,
    SynthesisFailure,
    SynthesisRequest,
    Waveform,
)
from workers.presets.shipped import shipped_preset
from workers.presets.sound import sound_digest

HELLO = "Hello Maria, your appointment is on the third of May."


def demo_voice(engine: str = "espeak") -> PresetSound:
    """The preset that ships."""
    return shipped_preset("demo-voice", 1, engine=engine)


def preset(engine: str = "espeak", **parameters: Any) -> PresetSound:
    """One with a table of the test's own."""
    digest = sound_digest(engine=engine, parameters=parameters)
    return PresetSound(name="t", version=1, sound_digest=digest, engine=engine, parameters=parameters)


def request(*spans: tuple[str, str] | SpokenSpan, seed: int = 1, **fields: Any) -> SynthesisRequest:
    """Spans as (language, text)."""
    made = tuple(s if isinstance(s, SpokenSpan) else SpokenSpan(language=s[0], text=s[1]) for s in spans)
    fields.setdefault("preset", demo_voice())
    return SynthesisRequest(key="0" * 64, spans=made, seed=seed, **fields)


def sound(outcome: Outcome) -> Waveform:
    """The waveform, or a failing test that says why there is none."""
    assert isinstance(outcome, Waveform), outcome
    return outcome


def failure(outcome: Outcome) -> SynthesisFailure:
    """The failure, or a failing test."""
    assert isinstance(outcome, SynthesisFailure), f"{outcome} was made"
    return outcome


def sha256(outcome: Outcome) -> str:
    """Of the samples."""
    return hashlib.sha256(sound(outcome).pcm.astype("<i2").tobytes()).hexdigest()
