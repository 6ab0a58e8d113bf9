"""What a preset's reference is turned into, once: what the transformer keeps of the speaker, as safetensors.

`to_bytes` and `from_bytes` let whoever owns storage keep it per (preset, pin, numeric class). The bytes carry the
digests they were made from and are refused for any other preset or weights.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np

from workers.documents import read_document
from workers.engines.engine import EngineError, PresetSound

if TYPE_CHECKING:
    from torch import Tensor

    from workers.engines.pocket.backbone import Prefix

FORMAT = "campaign-pocket-conditioning-1"
SHORTEST_REFERENCE_S, LONGEST_REFERENCE_S = 1.0, 30.0
"""Upstream cuts at 30 s."""


def reference_wave(preset: PresetSound, rate_hz: int) -> Tensor:
    """float32 (samples,), [-1, 1]; raises `EngineError` when it cannot serve."""
    import torch

    name = f"preset {preset.name}@{preset.version}"
    if preset.reference is None:
        raise EngineError(f"{name} has no reference recording; Pocket TTS needs one of the speaker")
    if preset.reference_rate_hz != rate_hz:
        raise EngineError(
            f"{name}: the reference has {preset.reference_rate_hz} Hz, the model {rate_hz}; "
            "add a version made for it"
        )
    seconds = len(preset.reference) / rate_hz
    if not SHORTEST_REFERENCE_S <= seconds <= LONGEST_REFERENCE_S:
        raise EngineError(
            f"{name}: the reference has {seconds:.1f} s; give {SHORTEST_REFERENCE_S:g} to "
            f"{LONGEST_REFERENCE_S:g}, best 5 to 12"
        )
    wave = torch.from_numpy(preset.reference.astype(np.float32) / 32768)
    if float(wave.square().mean().sqrt()) < 1e-4:
        raise EngineError(f"{name}: the reference is silent; record it again")
    return wave


def to_bytes(prefix: Prefix, *, sound_digest: str, weights_digest: str) -> bytes:
    """A safetensors file."""
    from safetensors.torch import save

    facts = json.dumps([FORMAT, sound_digest, weights_digest])
    # one entry: safetensors writes several in an order of its own, another each time
    return save({"keys_values": prefix.keys_values.cpu()}, metadata={"made_from": facts})


def from_bytes(data: bytes, *, shape: tuple[int, ...], sound_digest: str, weights_digest: str) -> Prefix:
    """The inverse of `to_bytes`, on the CPU; `shape` is what it must have, without its positions.

    Raises `EngineError` when it is another preset's, other weights' or no such file.
    """
    from safetensors import SafetensorError
    from safetensors.torch import load

    from workers.engines.pocket.backbone import Prefix

    try:
        head: Any = read_document(data[8 : 8 + int.from_bytes(data[:8], "little")])
        described = read_document(head["__metadata__"]["made_from"])
        keys_values = load(data)["keys_values"]
        found = (*keys_values.shape[:3], *keys_values.shape[4:])
    except (SafetensorError, ValueError, KeyError, TypeError, AttributeError) as problem:
        raise EngineError(f"this is no stored conditioning ({problem}); make it anew") from problem
    if described != [FORMAT, sound_digest, weights_digest] or found != shape:
        raise EngineError("this conditioning was made from another preset or other weights; make it anew")
    return Prefix(keys_values=keys_values)
