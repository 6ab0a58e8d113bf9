"""Controlled imperfection, as a preset's table or a template declares it. Off by default.

    {"kind": "breath", "stage": "waveform", "probability": 0.5, "rate": 1, "duration_ms": 300, "seed": 7}

What is made of a declaration is in `flaws.py`.
"""

from __future__ import annotations

import math
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, SerializerFunctionWrapHandler, model_serializer, model_validator

from workers.strict import Several, StrictTable

STAGES_OF = {
    "hesitation": ("text", "mel", "waveform"),
    "breath": ("waveform",),
    "stutter": ("text", "mel", "waveform"),
    "dropout": ("mel", "waveform", "codec"),
    "clipping": ("waveform", "codec"),
    "compression": ("codec",),
}
"""Where each kind can happen, in the order text, mel, waveform, codec."""
AROUND = frozenset({"text", "waveform", "codec"})
"""Stages around any engine: what lies between words and samples is the engine's own."""


def _rounded(value: object) -> object:
    return round(value) if isinstance(value, float) and math.isfinite(value) else value


Rounded = Annotated[int, BeforeValidator(_rounded)]
"""A whole number; presets that were frozen with `300.0` are for good."""


class Imperfection(StrictTable):
    """One declared flaw."""

    kind: Literal["hesitation", "breath", "stutter", "dropout", "clipping", "compression"]
    stage: Literal["text", "mel", "waveform", "codec"]
    """Where it is made."""
    probability: float = Field(ge=0, le=1)
    """That an utterance has it at all."""
    rate: float = Field(default=1.0, ge=0, le=20)
    """How often in such an utterance: per ten words at the text stage, per ten seconds later; at least once."""
    duration_ms: Rounded = Field(default=250, ge=10, le=3000)
    """Of each, after the text stage."""
    bitrate_kbps: Rounded | None = Field(default=None, ge=6, le=128)
    """Of the damaged codec; only at the codec stage."""
    seed: Rounded = Field(default=0, ge=0, le=2**53)
    """Another seed, other places."""

    @model_validator(mode="after")
    def _happens(self) -> Self:
        if self.stage not in STAGES_OF[self.kind]:
            raise ValueError(f"{self.kind} at stage {self.stage!r}; give {' or '.join(STAGES_OF[self.kind])}")
        if (self.stage == "codec") != (self.bitrate_kbps is not None):
            raise ValueError("bitrate_kbps goes with the codec stage, and only with it; correct it")
        if self.kind == "compression" and self.model_fields_set & {"rate", "duration_ms"}:
            raise ValueError("compression is of a whole utterance; leave out rate and duration_ms")
        return self

    @model_serializer(mode="wrap")
    def _as_written(self, dump: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Without defaults: what a key or a digest was made of stays as it is when there are more of them."""
        return {key: value for key, value in dump(self).items() if key in self.model_fields_set}


class VoiceTable(StrictTable):
    """What a preset's table may say for any engine that goes from words to samples in one step."""

    imperfections: Several[Imperfection] = ()
    """Flaws on purpose, docs/presets.md."""

    @model_validator(mode="after")
    def _around_the_engine(self) -> Self:
        for flaw in self.imperfections:
            if flaw.stage not in AROUND:
                others = " or ".join(stage for stage in STAGES_OF[flaw.kind] if stage in AROUND)
                raise ValueError(
                    f"{flaw.kind} at stage {flaw.stage!r}, which this engine does not have; give {others}"
                )
        return self
