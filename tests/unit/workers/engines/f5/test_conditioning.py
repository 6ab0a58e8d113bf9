"""What a reference is turned into: the same bytes back, for its own preset and weights alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

from tests.unit.workers.engines.f5.requests import RATE_HZ, preset_sound
from workers.engines.engine import EngineError, PresetSound
from workers.engines.f5.conditioning import LONGEST_REFERENCE_S, from_bytes, make, to_bytes
from workers.engines.f5.engine import capabilities_of

PRESET = preset_sound()
HOP = 256


def mel_spec(wave: torch.Tensor) -> torch.Tensor:
    """(1, samples) -> (1, 2, frames): the largest and the mean sample of each frame."""
    frames = wave[0, : wave.shape[1] // HOP * HOP].reshape(-1, HOP)
    return torch.stack((frames.amax(1), frames.mean(1)))[None]


def made(preset: PresetSound, **options: Any) -> Any:
    values: dict[str, Any] = {"rate_hz": RATE_HZ, "target_rms": 0.1, "weights_digest": "w"} | options
    return make(preset, mel_spec, **values)


def test_bytes_give_the_same_conditioning_back() -> None:
    conditioning = made(PRESET)
    again = from_bytes(to_bytes(conditioning), sound_digest=PRESET.sound_digest, weights_digest="w")
    assert torch.equal(again.mel, conditioning.mel)
    assert (again.raised_by, again.seconds) == (conditioning.raised_by, 2.5)


@pytest.mark.parametrize(("sound", "weights"), [("other", "w"), (PRESET.sound_digest, "other")])
def test_another_preset_s_or_other_weights_are_refused(sound: str, weights: str) -> None:
    with pytest.raises(EngineError, match="make it anew"):
        from_bytes(to_bytes(made(PRESET)), sound_digest=sound, weights_digest=weights)


@pytest.mark.parametrize("data", [b"", b"no safetensors", bytes(8), to_bytes(made(PRESET))[:-8]])
def test_what_is_no_conditioning_is_refused(data: bytes) -> None:
    with pytest.raises(EngineError, match="make it anew"):
        from_bytes(data, sound_digest=PRESET.sound_digest, weights_digest="w")


def test_quiet_reference_is_raised_and_a_loud_one_left_as_it_is() -> None:
    assert PRESET.reference is not None
    quiet = (PRESET.reference // 16).astype(np.int16)
    raised_by = made(replace(PRESET, reference=quiet)).raised_by
    assert float((quiet / 32_768).std()) * raised_by == pytest.approx(0.1, rel=0.01)
    assert made(PRESET, target_rms=0.001).raised_by == 1


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"reference": None}, "F5 needs both"),
        ({"transcript": "  "}, "F5 needs both"),
        ({"reference_rate_hz": 22_050}, "the reference has 22050 Hz, the model 24000"),
        ({"reference": np.zeros(2 * RATE_HZ, np.int16)}, "silent; record it again"),
        ({"reference": np.ones(RATE_HZ // 2 - 1, np.int16)}, "best 3 to 6"),
        ({"reference": np.ones(12 * RATE_HZ + RATE_HZ // 10, np.int16)}, "best 3 to 6"),
    ],
)
def test_reference_that_cannot_serve_is_refused_with_the_mend(changed: dict[str, Any], told: str) -> None:
    with pytest.raises(EngineError, match=told):
        made(replace(PRESET, **changed))


def test_engine_promises_no_longer_reference_than_it_takes() -> None:
    assert capabilities_of(None).reference_limit_s == LONGEST_REFERENCE_S
