"""An engine that costs nothing: a tone as long as the words would take. For benchmarks and tests, never for people.

Its preset table: `{"characters_per_second": 15, "pitch_hz": 220}`; the tone differs by key, so that no two
utterances have the same samples.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from pydantic import Field

from workers.engines.engine import (
    Capabilities,
    EngineError,
    Outcome,
    Pcm,
    PresetSound,
    SynthesisFailure,
    SynthesisRequest,
    Waveform,
)
from workers.engines.imperfect_speech import with_imperfections
from workers.engines.imperfection import AROUND, VoiceTable
from workers.strict import read

TONE_REVISION = 1
RATE_HZ = 24_000
AMPLITUDE = 9_830  # -10.5 dBFS
EDGE_SAMPLES = 240
SECOND_CYCLES = 32
"""Tones are cut from one second of whole cycles, so that making one is a copy."""


class ToneSettings(VoiceTable):
    """What decides a tone."""

    characters_per_second: float = Field(default=15, ge=1, le=100)
    """The text's length over the tone's."""
    pitch_hz: int = Field(default=220, ge=50, le=4000)
    """Of its lowest tone."""


class ToneEngine:
    """Tones at 24 kHz."""

    name = "tone"
    revision = TONE_REVISION
    version = "1"
    numeric_class = "any"
    imperfection_stages = AROUND
    capabilities = Capabilities(
        clones=False,
        languages=frozenset(),
        phoneme_alphabets=frozenset(),
        needs_transcript=False,
        reference_limit_s=None,
        streams=False,
        rate_hz=RATE_HZ,
    )

    def __init__(self) -> None:
        self._seconds: dict[int, Pcm] = {}

    def warm(self, presets: Sequence[PresetSound]) -> None:
        """Check the presets' tables; raises `EngineError`."""
        for preset in presets:
            _settings_of(preset)

    def synthesise(self, batch: Sequence[SynthesisRequest]) -> Sequence[Outcome]:
        """See `Engine.synthesise`."""
        return [self._one(request) for request in batch]

    def close(self) -> None:
        """Nothing is held."""

    def _one(self, request: SynthesisRequest) -> Outcome:
        settings = _settings_of(request.preset)
        return with_imperfections(request, settings.imperfections, lambda plain: self._plain(plain, settings))

    def _plain(self, request: SynthesisRequest, settings: ToneSettings) -> Outcome:
        seconds = max(0.3, len(request.text) / settings.characters_per_second)
        if seconds > request.max_seconds:
            return SynthesisFailure(
                code="too-long", reason=f"{seconds:.1f} s, {request.max_seconds:g} s are allowed"
            )
        pitch_hz = settings.pitch_hz + request.seed % SECOND_CYCLES
        cycle = self._seconds.get(pitch_hz)
        if cycle is None:
            phase = 2 * np.pi * pitch_hz * np.arange(RATE_HZ) / RATE_HZ
            cycle = self._seconds[pitch_hz] = np.rint(AMPLITUDE * np.sin(phase)).astype(np.int16)
        # the last bits of the seed set the length to a sample, so that other keys give other bytes
        samples = int(seconds * RATE_HZ) + request.seed // SECOND_CYCLES % 1024
        pcm = np.resize(cycle, samples)
        ramp = np.linspace(0, 1, EDGE_SAMPLES, dtype=np.float32)
        pcm[:EDGE_SAMPLES] = pcm[:EDGE_SAMPLES] * ramp
        pcm[-EDGE_SAMPLES:] = pcm[-EDGE_SAMPLES:] * ramp[::-1]
        return Waveform(pcm=pcm, rate_hz=RATE_HZ, t_first_ms=0.0, t_last_ms=0.0)


def _settings_of(preset: PresetSound) -> ToneSettings:
    return read(ToneSettings, preset.parameters, where="tone preset", error=EngineError)
