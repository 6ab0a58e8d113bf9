"""What goes wrong stays on its row, or ends the engine and blames no row."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from tests.unit.workers.engines.f5.requests import SENTENCES, failure, request, sounds, waveform
from workers.engines.engine import (
    DeviceLostError,
    EngineError,
    PresetSound,
    SynthesisRequest,
)
from workers.engines.f5 import F5Engine
from workers.engines.f5.device import DeviceModel
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


def test_out_of_memory_steps_down_the_budgets_and_remembers(
    tiny_folder: Path, preset: PresetSound, packing_engine: F5Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = F5Engine(location=tiny_folder, frame_budgets=(1024, 2048, 4096))
    engine.warm([preset])
    honest, tried = DeviceModel.run, []

    def small(
        self: DeviceModel, samples: Sequence[SamplerInput], *args: Any, **options: Any
    ) -> list[torch.Tensor]:
        tried.append(options["budget"].frames)
        if options["budget"].frames > 1024:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return honest(self, samples, *args, **options)

    monkeypatch.setattr(DeviceModel, "run", small)
    assert sounds(engine, SENTENCES, preset) == sounds_of(packing_engine, monkeypatch, honest, preset)
    assert max(tried) > 1024
    tried.clear()
    monkeypatch.setattr(DeviceModel, "run", small)
    sounds(engine, SENTENCES, preset)
    assert max(tried) == 1024


def sounds_of(
    engine: F5Engine, patch: pytest.MonkeyPatch, honest: Any, preset: PresetSound
) -> dict[str, str]:
    patch.setattr(DeviceModel, "run", honest)
    return sounds(engine, SENTENCES, preset)


def test_one_that_fits_no_budget_any_more_may_be_tried_elsewhere(
    alone_engine: F5Engine, preset: PresetSound, monkeypatch: pytest.MonkeyPatch
) -> None:
    def starved(*_args: Any, **_options: Any) -> list[torch.Tensor]:
        raise torch.OutOfMemoryError("CUDA out of memory")

    monkeypatch.setattr(DeviceModel, "run", starved)
    outcome = failure(alone_engine.synthesise([request("Thank you.", preset)])[0])
    assert (outcome.code, outcome.retryable) == ("out-of-memory", True)


def test_a_lost_device_ends_the_engine_and_blames_no_row(
    alone_engine: F5Engine, preset: PresetSound, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(*_args: Any, **_options: Any) -> list[torch.Tensor]:
        raise RuntimeError("CUDA error: an illegal memory access was encountered")

    monkeypatch.setattr(DeviceModel, "run", lost)
    with pytest.raises(DeviceLostError, match="start the worker again"):
        alone_engine.synthesise([request("Thank you.", preset)])


def test_a_budget_with_other_bits_is_not_used(
    tiny_folder: Path, preset: PresetSound, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = DeviceModel.run

    def another_kernel(
        self: DeviceModel, samples: Sequence[SamplerInput], *args: Any, **options: Any
    ) -> list[torch.Tensor]:
        off = 1e-7 if options["budget"].frames == 2048 else 0.0
        return [wave + off for wave in honest(self, samples, *args, **options)]

    monkeypatch.setattr(DeviceModel, "run", another_kernel)
    engine = F5Engine(location=tiny_folder, frame_budgets=(1024, 2048, 4096))
    engine.warm([preset])
    device_model = engine._ready().device_model
    assert [one.frames for one in device_model.budgets] == [1024, 4096]
    assert "other bits" in device_model.refused[2048]


def test_a_device_that_depends_on_the_place_in_the_batch_is_refused(
    tiny_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = DeviceModel.run

    def by_place(
        self: DeviceModel, samples: Sequence[SamplerInput], *args: Any, **options: Any
    ) -> list[torch.Tensor]:
        return [wave + 1e-6 * place for place, wave in enumerate(honest(self, samples, *args, **options))]

    monkeypatch.setattr(DeviceModel, "run", by_place)
    with pytest.raises(EngineError, match="another place of a batch"):
        F5Engine(location=tiny_folder, frame_budgets=(1024,)).warm([])
