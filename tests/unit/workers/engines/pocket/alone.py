"""Upstream alone, speaking with the noise that we draw: what ours is held against."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from workers.engines.engine import PresetSound, SynthesisRequest
from workers.engines.pocket import PocketEngine
from workers.engines.pocket.streams import Stream
from workers.engines.pocket.utterances import PocketUtterance


def streams_of(engine: PocketEngine, request: SynthesisRequest) -> list[Stream]:
    """What the engine makes of a request, before anything is spoken."""
    prepared = engine._prepare(request, 0)
    assert isinstance(prepared, PocketUtterance), prepared
    return list(prepared.streams)


def upstream_voice(tts: Any, preset: PresetSound) -> Any:
    """Upstream's state after it has heard the reference."""
    assert preset.reference is not None
    wave = torch.from_numpy(preset.reference.astype(np.float32) / 32768)
    return tts.get_state_for_audio_prompt(wave[None])


def speak_alone(tts: Any, state: Any, text: str, noises: list[Tensor], **options: Any) -> Tensor:
    """float32 (samples,): upstream's public way, a part of the text at a time, with the noise handed in."""
    with pytest.MonkeyPatch.context() as patch, _fed(patch, noises):
        spoken: Tensor = tts.generate_audio(state, text, **options)
        return spoken


@contextmanager
def _fed(patch: pytest.MonkeyPatch, noises: list[Tensor]) -> Iterator[None]:
    """In place of torch's: nothing for a part's prompt, whose sample upstream throws away; then a row a frame."""
    rows: list[Tensor | None] = []
    for noise in noises:
        rows += [None, *noise]
    remaining = iter(rows)

    def fill(tensor: Tensor, mean: float = 0.0, std: float = 1.0) -> Tensor:
        row = next(remaining)
        return tensor.zero_() if row is None else tensor.copy_(row[None])

    patch.setattr(torch.nn.init, "normal_", fill)
    yield
