"""The sound digest: what makes two presets sound the same, and nothing else."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from storage.canonical import canonical_json
from workers.engines.engine import JsonValue, Pcm


def sound_digest(
    *,
    engine: str,
    parameters: Mapping[str, JsonValue],
    reference: Pcm | None = None,
    reference_rate_hz: int = 0,
    transcript: str = "",
) -> str:
    """sha256 hex over the reference's samples and rate, its transcript and the engine's table. No name enters."""
    samples = b"" if reference is None else reference.astype("<i2").tobytes()
    described = {
        "engine": engine,
        "parameters": parameters,
        "reference_rate_hz": reference_rate_hz,
        "reference_sha256": hashlib.sha256(samples).hexdigest(),
        "transcript": transcript,
    }
    return hashlib.sha256(canonical_json(described).encode()).hexdigest()
