"""A preset and requests with made-up speech: noise shaped like syllables, as long as its transcript would take."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np

from workers.engines.engine import (
    JsonValue,
    Outcome,
    PresetSound,
    SpokenSpan,
    SynthesisFailure,
    SynthesisRequest,
    Waveform,
)
from workers.engines.f5 import F5Engine

RATE_HZ = 24_000
TRANSCRIPT = "Some call me nature, others call me mother nature."
SENTENCES = (
    "Hello Maria.",
    "Your appointment is tomorrow at three in the afternoon, please bring your card.",
    "Thank you.",
    "If you cannot come, call us before noon on Friday and we will find another day for you, whichever suits you.",
    "Good bye and have a nice day.",
    "The number is four seven one, nine two five.",
)


def preset_sound(*, seconds: float = 2.5, name: str = "nature", **parameters: JsonValue) -> PresetSound:
    table: dict[str, JsonValue] = {"nfe": 4, **parameters}
    generator = np.random.default_rng(11)
    wave = generator.normal(0, 0.1, int(seconds * RATE_HZ)) * (
        1 + np.sin(np.arange(int(seconds * RATE_HZ)) / 900)
    )
    reference = np.rint(np.clip(wave, -1, 1) * 32767).astype(np.int16)
    digest = hashlib.sha256(reference.tobytes() + repr(sorted(table.items())).encode()).hexdigest()
    return PresetSound(
        name=name,
        version=1,
        sound_digest=digest,
        engine="f5",
        parameters=table,
        reference=reference,
        reference_rate_hz=RATE_HZ,
        transcript=TRANSCRIPT,
    )


def request(
    text: str, preset: PresetSound, *, language: str = "en", seed: int | None = None
) -> SynthesisRequest:
    key = hashlib.sha256(f"{language} {text}".encode()).hexdigest()
    return SynthesisRequest(
        key=key,
        spans=(SpokenSpan(text=text, language=language),),
        preset=preset,
        seed=int(key[:15], 16) if seed is None else seed,
    )


def sounds(engine: F5Engine, texts: Sequence[str], preset: PresetSound) -> dict[str, str]:
    """Text -> sha256 of its samples."""
    found = {}
    for text, outcome in zip(
        texts, engine.synthesise([request(text, preset) for text in texts]), strict=True
    ):
        assert isinstance(outcome, Waveform), outcome
        found[text] = hashlib.sha256(outcome.pcm.tobytes()).hexdigest()
    return found


def failure(outcome: Outcome) -> SynthesisFailure:
    assert isinstance(outcome, SynthesisFailure), outcome
    return outcome


def waveform(outcome: Outcome) -> Waveform:
    assert isinstance(outcome, Waveform), outcome
    return outcome
