"""An adapter and an utterance for it, without a server."""

from __future__ import annotations

from typing import Any

import numpy as np

from workers.engines.engine import PresetSound, SpokenSpan, SynthesisRequest

RECORDING = (np.sin(np.arange(24_000) / 20) * 8_000).astype(np.int16)
ENDPOINT = {"url": "http://gpu-7:8000"}


def voice(engine: str, *, cloned: bool = False, **parameters: Any) -> PresetSound:
    """A preset, with a recording or without."""
    return PresetSound(
        name="voice",
        version=1,
        sound_digest="d" * 64,
        engine=engine,
        parameters=parameters,
        reference=RECORDING if cloned else None,
        reference_rate_hz=24_000 if cloned else 0,
        transcript="What it says." if cloned else "",
    )


def utterance(preset: PresetSound, *spans: tuple[str, str], seed: int = 7) -> SynthesisRequest:
    """Spans as (language, text)."""
    made = tuple(SpokenSpan(language=language, text=text) for language, text in spans or [("en", "Hello.")])
    return SynthesisRequest(key="0" * 64, spans=made, preset=preset, seed=seed)
