"""A preset and requests for the pocket engine."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np

from tests.unit.workers.engines.f5.requests import failure, request, waveform
from workers.engines.engine import JsonValue, PresetSound, SynthesisRequest
from workers.engines.pocket import PocketEngine

__all__ = ["SENTENCES", "failure", "request", "sounds", "speaker", "waveform"]

SENTENCES = (
    "Your appointment is at noon.",
    "Please bring the blue card.",
    "If you cannot come, call us by Friday.",
    "We wish you a nice day.",
    "The house on the hill is yours, take the key.",
    "Nobody knows why the bell rang twice.",
)


def speaker(
    *, seconds: float = 2.5, name: str = "kira", eos_threshold: float = 1.5, **parameters: JsonValue
) -> PresetSound:
    """Noise shaped like syllables; with random weights this threshold ends utterances after 10 to 34 frames."""
    parameters = {"eos_threshold": eos_threshold, **parameters}
    generator = np.random.default_rng(11)
    count = int(seconds * 24_000)
    wave = generator.normal(0, 0.1, count) * (1 + np.sin(np.arange(count) / 900))
    reference = np.rint(np.clip(wave, -1, 1) * 32767).astype(np.int16)
    digest = hashlib.sha256(
        reference.tobytes() + repr((name, sorted(parameters.items()))).encode()
    ).hexdigest()
    return PresetSound(
        name=name,
        version=1,
        sound_digest=digest,
        engine="pocket",
        parameters=parameters,
        reference=reference,
        reference_rate_hz=24_000,
    )


def sounds(engine: PocketEngine, requests: Sequence[SynthesisRequest]) -> list[str]:
    """sha256 of each one's samples."""
    return [hashlib.sha256(waveform(one).pcm.tobytes()).hexdigest() for one in engine.synthesise(requests)]
