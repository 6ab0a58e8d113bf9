"""What goes wrong stays on its row, or ends the engine and blames no row."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
import torch

from tests.unit.workers.engines.f5.requests import SENTENCES, failure, request, sounds, waveform
from workers.engines.engine import (
    DeviceLostError,
    PresetSound,
    SynthesisRequest,
)
from workers.engines.f5 import F5Engine
from workers.engines.f5.device import DeviceModel
from workers.engines.f5.device.canary import Canary
from workers.engines.f5.sampler import SamplerInput


def test_what_cannot_be_said_fails_alone_and_names_the_character(
    alone_engine: F5Engine, preset: PresetSound
) -> None:
    batch = [
        request("Hello ☃.", preset),
        request("Thank you.", preset),
        request("東京", preset, language="ja"),
        request("...", preset),
        request("good day " * 100, preset),
    ]
    snowman, spoken, kanji, nothing, endless = alone_engine.synthesise(batch)
    assert (failure(snowman).code, failure(kanji).code) == ("unspeakable", "unspeakable")
    assert "U+2603" in failure(snowman).reason
    assert "U+6771" in failure(kanji).reason
    assert failure(nothing).code == "unspeakable"
    assert failure(endless).code == "too-long"
    assert np.array_equal(
        waveform(spoken).pcm, waveform(alone_engine.synthesise([request("Thank you.", preset)])[0]).pcm
    )


def test_longer_than_the_request_allows_is_too_long(alone_engine: F5Engine, preset: PresetSound) -> None:
    asked = request(SENTENCES[3], preset)
    short = SynthesisRequest(key=asked.key, spans=asked.spans, preset=preset, seed=1, max_seconds=1.0)
    assert failure(alone_engine.synthesise([short])[0]).code == "too-long"


@pytest.mark.parametrize(
    ("wave", "code"),
    [
        (torch.full((6400,), float("nan")), "not-finite"),
        (torch.zeros(6400), "silent"),
        (torch.ones(100), "wrong-length"),
        (torch.full((6400,), 30.0), "clipped"),
    ],
)
def test_a_sound_that_must_not_be_delivered_fails_its_row_only(
    alone_engine: F5Engine,
    preset: PresetSound,
    monkeypatch: pytest.MonkeyPatch,
    wave: torch.Tensor,
    code: str,
) -> None:
    honest = DeviceModel.run

    def spoilt(
        self: DeviceModel, samples: Sequence[SamplerInput], *args: Any, **options: Any
    ) -> list[torch.Tensor]:
        waves = honest(self, samples, *args, **options)
        return [
            (wave if len(wave) == 100 else torch.full_like(one, float(wave[0]))) if sample.seed == 77 else one
            for sample, one in zip(samples, waves, strict=True)
        ]

    monkeypatch.setattr(DeviceModel, "run", spoilt)
    bad, good = alone_engine.synthesise([request("Hello.", preset, seed=77), request("Thank you.", preset)])
    assert failure(bad).code == code
    assert waveform(good).duration_s > 0.5


def test_a_poisoned_utterance_is_found_by_halving_and_fails_alone(
    packing_engine: F5Engine, preset: PresetSound, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = sounds(packing_engine, SENTENCES, preset)
    honest, sizes = DeviceModel.run, []

    def poisoned(
        self: DeviceModel, samples: Sequence[SamplerInput], *args: Any, **options: Any
    ) -> list[torch.Tensor]:
        sizes.append(len(samples))
        if any(sample.seed == 77 for sample in samples):
            raise RuntimeError("shape of nothing")
        return honest(self, samples, *args, **options)

    monkeypatch.setattr(DeviceModel, "run", poisoned)
    batch = [request(text, preset) for text in SENTENCES]
    batch.insert(2, request("Poison.", preset, seed=77))
    outcomes = list(packing_engine.synthesise(batch))
    assert failure(outcomes.pop(2)).code == "engine-crashed"
    assert [hashlib.sha256(waveform(one).pcm.tobytes()).hexdigest() for one in outcomes] == list(
        expected.values()
    )
    assert sizes[-1] >= 1 and min(sizes) == 1


def test_a_lost_device_ends_the_engine_and_blames_no_row(
    alone_engine: F5Engine, preset: PresetSound, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Told by a launch that fails, not by what was said."""
    is_lost = [False]

    def lost(*_args: Any, **_options: Any) -> list[torch.Tensor]:
        is_lost[0] = True
        raise RuntimeError("something that nobody has read before")

    def launch() -> None:
        if is_lost[0]:
            raise RuntimeError("CUDA error")

    monkeypatch.setattr(alone_engine._ready().device_model, "canary", Canary(launch))
    monkeypatch.setattr(DeviceModel, "run", lost)
    told: list[object] = []
    monkeypatch.setattr(alone_engine, "on_outcome", lambda *one: told.append(one))
    with pytest.raises(DeviceLostError, match=r"nobody has read before.*start the worker again"):
        alone_engine.synthesise([request("Thank you.", preset)])
    assert told == []
