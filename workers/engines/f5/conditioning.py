"""What a preset's reference is turned into, once: its mel and how it was levelled, kept as safetensors.

`to_bytes` and `from_bytes` let whoever owns storage keep it per (preset, pin): loading it takes milliseconds. The
bytes carry the digests they were made from and are refused for any other preset or weights.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from workers.documents import read_document
from workers.engines.engine import EngineError, PresetSound

if TYPE_CHECKING:
    from torch import Tensor

FORMAT = "campaign-f5-conditioning-1"
LONGEST_REFERENCE_S = 12.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditioning:
    """One preset's, for one set of weights."""

    mel: Tensor
    """float32 (frames, m) on the CPU."""
    raised_by: float
    """What the reference was multiplied by; the sound is divided by it again."""
    seconds: float
    """Of the reference."""
    sound_digest: str
    weights_digest: str


def make(
    preset: PresetSound, mel_spec: Any, *, rate_hz: int, target_rms: float, weights_digest: str
) -> Conditioning:
    """From the reference recording; raises `EngineError` when it cannot serve. 10-30 ms."""
    import torch

    if preset.reference is None or not preset.transcript.strip():
        raise EngineError(
            f"preset {preset.name}@{preset.version} has no reference recording or transcript; F5 needs both"
        )
    if preset.reference_rate_hz != rate_hz:
        raise EngineError(
            f"preset {preset.name}@{preset.version}: the reference has {preset.reference_rate_hz} Hz, "
            f"the model {rate_hz}; add a version made for it"
        )
    seconds = len(preset.reference) / rate_hz
    if not 0.5 <= seconds <= LONGEST_REFERENCE_S:
        raise EngineError(
            f"preset {preset.name}@{preset.version}: the reference has {seconds:.1f} s; "
            f"give 0.5 to {LONGEST_REFERENCE_S:g}, best 3 to 6"
        )
    wave = torch.from_numpy(preset.reference.astype(np.float32) / 32768)
    rms = float(wave.square().mean().sqrt())
    if rms < 1e-4:
        raise EngineError(f"preset {preset.name}@{preset.version}: the reference is silent; record it again")
    raised_by = max(1.0, target_rms / rms)
    with torch.inference_mode():
        mel = mel_spec((wave * raised_by)[None])[0].T.contiguous()
    return Conditioning(
        mel=mel,
        raised_by=raised_by,
        seconds=seconds,
        sound_digest=preset.sound_digest,
        weights_digest=weights_digest,
    )


def to_bytes(conditioning: Conditioning) -> bytes:
    """A safetensors file."""
    from safetensors.torch import save

    facts = {
        "format": FORMAT,
        "sound_digest": conditioning.sound_digest,
        "weights_digest": conditioning.weights_digest,
        "facts": json.dumps({"raised_by": conditioning.raised_by, "seconds": conditioning.seconds}),
    }
    return save({"mel": conditioning.mel}, metadata=facts)


def from_bytes(data: bytes, *, sound_digest: str, weights_digest: str) -> Conditioning:
    """The inverse of `to_bytes`; raises `EngineError` when it is another preset's, other weights' or no such file."""
    from safetensors import SafetensorError
    from safetensors.torch import load

    try:
        head: Any = read_document(data[8 : 8 + int.from_bytes(data[:8], "little")])
        header = head["__metadata__"]
        described = (header["format"], header["sound_digest"], header["weights_digest"])
        facts: Any = read_document(header["facts"])
        raised_by, seconds = float(facts["raised_by"]), float(facts["seconds"])
        mel = load(data)["mel"]
    except (SafetensorError, ValueError, KeyError, TypeError, AttributeError) as problem:
        raise EngineError(f"this is no stored conditioning ({problem}); make it anew") from problem
    if described != (FORMAT, sound_digest, weights_digest):
        raise EngineError("this conditioning was made from another preset or other weights; make it anew")
    return Conditioning(
        mel=mel,
        raised_by=raised_by,
        seconds=seconds,
        sound_digest=sound_digest,
        weights_digest=weights_digest,
    )
