"""Out of memory: once more, then without the largest budget, then a new process; previews wait for their pack's end."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import torch

from tests.unit.workers.engines.f5.requests import SENTENCES, failure, preset_sound, request, sounds, waveform
from workers.engines.engine import (
    DeviceLostError,
    DeviceMemoryError,
    EngineError,
    Outcome,
    PresetSound,
    SynthesisRequest,
    UrgentBatch,
)
from workers.engines.f5 import F5Engine
from workers.engines.f5.device import DeviceModel
from workers.engines.f5.device.canary import Canary
from workers.engines.f5.loading import ReadyModel
from workers.engines.f5.packing import Budget
from workers.engines.f5.sampler import SamplerInput

BUDGETS = (512, 1024, 2048, 4096)
REFERENCE = 1024
PREVIEW = "A preview."
PREVIEW_SEED, SECOND_SEED = 77, 78
Fails = Callable[[Budget | None, Sequence[int]], bool]


@pytest.fixture(scope="module")
def loaded_engine(tiny_folder: Path, preset: PresetSound) -> Iterator[F5Engine]:
    """With budgets above the reference."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("workers.engines.f5.device.model.FRAMES_LIMIT", REFERENCE)
        engine = F5Engine(location=tiny_folder, frame_budgets=BUDGETS)
        engine.warm([preset])
    yield engine
    engine.close()


@pytest.fixture
def engine(loaded_engine: F5Engine) -> Iterator[F5Engine]:
    """With all its budgets again."""
    device_model = loaded_engine._ready().device_model
    yield loaded_engine
    device_model.listed[:] = [Budget(frames=frames) for frames in BUDGETS]
    device_model.refused.clear()
    loaded_engine.between_steps = loaded_engine.on_outcome = None


@pytest.fixture(scope="module")
def expected(loaded_engine: F5Engine, preset: PresetSound) -> dict[str, str]:
    return sounds(loaded_engine, SENTENCES, preset)


class Runs:
    """Every run of a pack: its budget and its seeds; fails where it is told to."""

    def __init__(self, patch: pytest.MonkeyPatch, fails: Fails, said: str = "CUDA out of memory") -> None:
        self.tried: list[tuple[int | None, tuple[int, ...]]] = []
        honest = DeviceModel.run

        def run(
            model: DeviceModel, samples: Sequence[SamplerInput], *args: Any, **options: Any
        ) -> list[torch.Tensor]:
            budget, seeds = options["budget"], [sample.seed for sample in samples]
            self.tried.append((None if budget is None else budget.frames, tuple(seeds)))
            if fails(budget, seeds):
                raise torch.OutOfMemoryError(said)
            return honest(model, samples, *args, **options)

        patch.setattr(DeviceModel, "run", run)

    @property
    def frames(self) -> list[int | None]:
        return [frames for frames, _ in self.tried]


def times(count: int) -> Fails:
    """The first runs of all."""
    left = [count]

    def fails(_budget: Budget | None, _seeds: Sequence[int]) -> bool:
        left[0] -= 1
        return left[0] >= 0

    return fails


def above(frames: int) -> Fails:
    return lambda budget, _seeds: budget is not None and budget.frames > frames


def budgets_of(engine: F5Engine) -> list[int]:
    return [budget.frames for budget in engine._ready().device_model.budgets]


def digest(outcome: Outcome) -> str:
    return hashlib.sha256(waveform(outcome).pcm.tobytes()).hexdigest()


# a pack


def test_a_passing_want_of_memory_costs_one_more_try_and_nothing_else(
    engine: F5Engine, preset: PresetSound, expected: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    runs, freed = Runs(monkeypatch, times(1)), list[int]()
    monkeypatch.setattr(DeviceModel, "free_memory", lambda _self: freed.append(len(runs.tried)))
    assert sounds(engine, SENTENCES, preset) == expected
    assert runs.tried[0] == runs.tried[1], "the same pack"
    assert freed == [1], "after memory was given back"
    assert budgets_of(engine) == list(BUDGETS)


def test_the_largest_budget_goes_first_and_the_same_pack_is_tried_again(
    engine: F5Engine, preset: PresetSound, expected: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = Runs(monkeypatch, times(2))
    assert sounds(engine, SENTENCES[:1], preset) == {SENTENCES[0]: expected[SENTENCES[0]]}
    assert runs.frames == [512, 512, 512]
    assert budgets_of(engine) == [512, 1024, 2048]


def test_what_was_in_a_dropped_budget_is_packed_anew_and_the_rest_of_the_batch_too(
    engine: F5Engine, preset: PresetSound, expected: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = Runs(monkeypatch, above(1024))
    texts = [*SENTENCES, "One more, that is its own.", *(f"{text} Again." for text in SENTENCES)]
    found = sounds(engine, texts, preset)
    assert {text: found[text] for text in SENTENCES} == expected
    assert budgets_of(engine) == [512, 1024]
    assert [frames for frames in runs.frames if frames == 4096] == [4096, 4096], (
        "dropped means never tried again"
    )
    runs.tried.clear()
    assert sounds(engine, SENTENCES, preset) == expected
    assert set(runs.frames) <= {512, 1024}


def test_a_dropped_budget_gives_back_what_it_held(
    engine: F5Engine, preset: PresetSound, monkeypatch: pytest.MonkeyPatch
) -> None:
    released: list[int] = []
    monkeypatch.setattr(DeviceModel, "release", lambda _self, budget: released.append(budget.frames))
    Runs(monkeypatch, times(3))
    sounds(engine, SENTENCES[:1], preset)
    assert released == [4096, 2048]


@pytest.mark.parametrize("text", [SENTENCES[0], SENTENCES[3]], ids=["below the reference", "in it"])
def test_where_the_reference_would_go_a_new_process_is_asked_for_and_no_row_is_blamed(
    engine: F5Engine, preset: PresetSound, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    told: list[Outcome] = []
    engine.on_outcome = lambda _request, outcome: told.append(outcome)
    runs = Runs(monkeypatch, lambda *_: True)
    with pytest.raises(DeviceMemoryError, match=r"no longer the memory.*Start the worker again"):
        engine.synthesise([request(text, preset)])
    assert told == []
    assert budgets_of(engine) == [512, 1024], "never without the reference, and never without any"
    assert len(runs.tried) == 4


def test_memory_that_comes_back_is_found_again(
    engine: F5Engine, preset: PresetSound, expected: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a first version did not: one error on the smallest budget, and every later row failed."""
    with monkeypatch.context() as patch:
        Runs(patch, lambda *_: True)
        with pytest.raises(DeviceMemoryError):
            engine.synthesise([request(SENTENCES[0], preset)])
    assert sounds(engine, SENTENCES, preset) == expected


@pytest.mark.parametrize(
    "said", ["GET was unable to find an engine to execute this computation", "CUDA error: out of memory"]
)
def test_other_wordings_are_memory_too(
    engine: F5Engine,
    preset: PresetSound,
    expected: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    said: str,
) -> None:
    Runs(monkeypatch, times(1), said)
    assert sounds(engine, SENTENCES, preset) == expected


def test_on_the_cpu_each_alone_is_tried_twice_and_may_be_tried_elsewhere(
    alone_engine: F5Engine, preset: PresetSound, monkeypatch: pytest.MonkeyPatch
) -> None:
    hurt = request(SENTENCES[0], preset, seed=PREVIEW_SEED)
    runs = Runs(monkeypatch, lambda _budget, seeds: PREVIEW_SEED in seeds)
    lost, spoken = alone_engine.synthesise([hurt, request(SENTENCES[2], preset)])
    assert (failure(lost).code, failure(lost).retryable) == ("out-of-memory", True)
    waveform(spoken)
    assert [seeds for _, seeds in runs.tried].count((PREVIEW_SEED,)) == 2


def test_a_preset_that_finds_no_memory_for_its_tables_blames_no_row(
    engine: F5Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest, left = ReadyModel.voice, [1]

    def starved(self: ReadyModel, *args: Any) -> Any:
        left[0] -= 1
        if left[0] >= 0:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return honest(self, *args)

    monkeypatch.setattr(ReadyModel, "voice", starved)
    waveform(engine.synthesise([request(SENTENCES[0], preset_sound(name="late", nfe=3))])[0])
    left[0] = 2
    with pytest.raises(DeviceMemoryError, match="tables of preset later"):
        engine.synthesise([request(SENTENCES[0], preset_sound(name="later", nfe=2))])


# a preview beside a pack


class Previews:
    """Urgent batches, each of one request, given out one at a time; what was delivered, in order."""

    def __init__(self, engine: F5Engine, *batches: Sequence[SynthesisRequest]) -> None:
        self.waiting = list(batches)
        self.delivered: list[tuple[tuple[int, ...], Sequence[Outcome]]] = []
        self.events: list[str] = []
        engine.between_steps = self._next
        engine.on_outcome = lambda one, _outcome: self.events.append(f"told {one.text}")

    def _next(self) -> UrgentBatch | None:
        if not self.waiting:
            return None
        requests = self.waiting.pop(0)
        seeds = tuple(one.seed for one in requests)
        self.events.append(f"taken {seeds}")

        def deliver(outcomes: Sequence[Outcome]) -> None:
            self.events.append(f"delivered {seeds}")
            self.delivered.append((seeds, outcomes))

        return UrgentBatch(requests=requests, deliver=deliver)


@pytest.fixture(params=["packs", "alone"])
def either_engine(
    request: pytest.FixtureRequest, engine: F5Engine, alone_engine: F5Engine
) -> Iterator[F5Engine]:
    chosen = engine if request.param == "packs" else alone_engine
    yield chosen
    chosen.between_steps = chosen.on_outcome = None


def preview(preset: PresetSound, seed: int = PREVIEW_SEED) -> SynthesisRequest:
    return request(PREVIEW, preset, seed=seed)


def beside(engine: F5Engine) -> Fails:
    """What runs between the steps of another pack."""
    return lambda *_: engine.is_between_steps


def test_a_preview_without_room_is_spoken_when_the_pack_has_ended(
    either_engine: F5Engine, preset: PresetSound, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = either_engine
    alone = digest(engine.synthesise([preview(preset)])[0])
    quiet = sounds(engine, SENTENCES, preset)
    runs, previews = Runs(monkeypatch, beside(engine)), Previews(engine, [preview(preset)])
    assert sounds(engine, SENTENCES, preset) == quiet, "the bulk is unharmed"
    assert [(seeds, [digest(one) for one in outcomes]) for seeds, outcomes in previews.delivered] == [
        ((PREVIEW_SEED,), [alone])
    ]
    assert previews.events.count(f"told {PREVIEW}") == 1
    spoken = [seeds == (PREVIEW_SEED,) for _, seeds in runs.tried]
    assert spoken[:4] == [False, True, True, True], "before the second pack, after two tries beside the first"
    assert sum(spoken) == 3
    assert engine._put_off == type(engine._put_off)()


def test_a_preview_without_room_drops_no_budget_of_the_pack_that_it_interrupts(
    engine: F5Engine, preset: PresetSound, monkeypatch: pytest.MonkeyPatch
) -> None:
    Runs(monkeypatch, beside(engine))
    Previews(engine, [preview(preset)])
    sounds(engine, SENTENCES, preset)
    assert budgets_of(engine) == list(BUDGETS)


def test_a_second_preview_waits_behind_the_first(
    engine: F5Engine, preset: PresetSound, monkeypatch: pytest.MonkeyPatch
) -> None:
    Runs(monkeypatch, lambda _budget, seeds: engine.is_between_steps and PREVIEW_SEED in seeds)
    previews = Previews(engine, [preview(preset)], [preview(preset, SECOND_SEED)])
    texts = [
        *SENTENCES,
        *(f"{text} Again." for text in SENTENCES),
        *(f"{text} And again." for text in SENTENCES),
    ]
    sounds(engine, texts, preset)
    order = [event for event in previews.events if "told" not in event]
    assert order == [
        f"taken ({PREVIEW_SEED},)",
        f"delivered ({PREVIEW_SEED},)",
        f"taken ({SECOND_SEED},)",
        f"delivered ({SECOND_SEED},)",
    ]


def test_what_of_a_preview_was_spoken_is_not_spoken_again(
    engine: F5Engine, preset: PresetSound, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = preset_sound(name="other", nfe=3)
    engine.warm([other])
    hurt = SynthesisRequest(key="0" * 64, spans=preview(other).spans, preset=other, seed=SECOND_SEED)
    Runs(monkeypatch, lambda _budget, seeds: engine.is_between_steps and SECOND_SEED in seeds)
    previews = Previews(engine, [preview(preset), hurt])
    sounds(engine, SENTENCES[:2], preset)
    (delivered,) = previews.delivered
    assert [waveform(one).notes["nfe"] for one in delivered[1]] == [4, 3]
    assert previews.events.count(f"told {PREVIEW}") == 2, "once for each of the two"


@pytest.mark.parametrize("said", ["shape of nothing", "CUDA out of memory"])
def test_a_preview_that_waits_is_delivered_once_though_the_pack_fails(
    engine: F5Engine, preset: PresetSound, monkeypatch: pytest.MonkeyPatch, said: str
) -> None:
    """The pack fails in the step after the preview was put off."""
    Runs(monkeypatch, beside(engine))
    previews, hurt = Previews(engine, [preview(preset)]), DeviceModel.run
    failed: list[int] = []

    def run(
        model: DeviceModel, samples: Sequence[SamplerInput], *args: Any, **options: Any
    ) -> list[torch.Tensor]:
        waves = hurt(model, samples, *args, **options)
        if engine._put_off and not failed:
            failed.append(len(samples))
            raise RuntimeError(said)
        return waves

    monkeypatch.setattr(DeviceModel, "run", run)
    found = sounds(engine, SENTENCES, preset)
    assert failed and len(found) == len(SENTENCES)
    assert [seeds for seeds, _ in previews.delivered] == [(PREVIEW_SEED,)]


def test_a_preview_that_waits_is_given_back_with_a_device_that_is_lost(
    engine: F5Engine, preset: PresetSound, expected: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    Runs(monkeypatch, beside(engine))
    previews, hurt = Previews(engine, [preview(preset)]), DeviceModel.run
    device_model = engine._ready().device_model
    kept, is_dead = device_model.canary, [False]

    def launch() -> None:
        if is_dead[0]:
            raise RuntimeError("CUDA error: unspecified launch failure")

    def run(
        model: DeviceModel, samples: Sequence[SamplerInput], *args: Any, **options: Any
    ) -> list[torch.Tensor]:
        waves = hurt(model, samples, *args, **options)
        is_dead[0] = True
        raise RuntimeError(f"CUDA error: unspecified launch failure in {len(waves)}")

    with monkeypatch.context() as patch:
        patch.setattr(DeviceModel, "run", run)
        device_model.canary = Canary(launch)
        with pytest.raises(DeviceLostError):
            engine.synthesise([request(text, preset) for text in SENTENCES])
        device_model.canary = kept
    assert previews.delivered == []
    engine.between_steps = None
    assert sounds(engine, SENTENCES, preset) == expected
    assert previews.delivered == [], "its claims are others' by now"


def test_a_preview_that_still_finds_no_memory_alone_ends_the_process_as_a_pack_does(
    engine: F5Engine, preset: PresetSound, monkeypatch: pytest.MonkeyPatch
) -> None:
    Runs(monkeypatch, lambda _budget, seeds: PREVIEW_SEED in seeds)
    previews = Previews(engine, [preview(preset)])
    with pytest.raises(DeviceMemoryError):
        engine.synthesise([request(text, preset) for text in SENTENCES])
    assert previews.delivered == []


def test_a_preview_whose_shapes_were_never_proved_waits_for_the_packs_end(
    engine: F5Engine, preset: PresetSound, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To prove them takes memory and may change the mode under the pack's feet."""
    device_model, unguided = engine._ready().device_model, preset_sound(name="free", cfg_strength=0.0)
    assert device_model.digests.keys() == {2}
    admitted: list[bool] = []
    honest = engine._admit

    def admit(voice: Any) -> None:
        admitted.append(engine.is_between_steps and 1 in voice.halves)
        honest(voice)

    monkeypatch.setattr(engine, "_admit", admit)
    previews = Previews(engine, [preview(unguided)])
    sounds(engine, SENTENCES[:2], preset)
    assert True in admitted and device_model.digests.keys() == {1, 2}
    assert [seeds for seeds, _ in previews.delivered] == [(PREVIEW_SEED,)]
    device_model.digests.pop(1)


def test_a_preview_whose_tables_find_no_memory_beside_a_pack_waits_too(
    engine: F5Engine, preset: PresetSound, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest, late = ReadyModel.voice, preset_sound(name="tables", nfe=5)

    def starved(self: ReadyModel, *args: Any) -> Any:
        if engine.is_between_steps:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return honest(self, *args)

    monkeypatch.setattr(ReadyModel, "voice", starved)
    previews = Previews(engine, [preview(late)])
    looked = engine.between_steps
    assert looked is not None

    def warm_and_look() -> UrgentBatch | None:
        engine.warm([late])  # as the worker does while it takes a preview
        return looked()

    engine.between_steps = warm_and_look
    sounds(engine, SENTENCES[:2], preset)
    ((_, outcomes),) = previews.delivered
    assert waveform(outcomes[0]).notes["nfe"] == 5


def test_a_voice_that_is_warmed_beside_a_pack_proves_nothing_there(
    engine: F5Engine, preset: PresetSound
) -> None:
    device_model = engine._ready().device_model
    device_model.digests.pop(1, None)
    engine.is_between_steps = True
    try:
        engine.warm([preset_sound(name="freer", cfg_strength=0.0, nfe=3)])
    finally:
        engine.is_between_steps = False
    assert device_model.digests.keys() == {2}


def test_a_preview_that_cannot_be_delivered_after_the_pack_is_not_the_bulks_fault(
    engine: F5Engine, preset: PresetSound, monkeypatch: pytest.MonkeyPatch
) -> None:
    Runs(monkeypatch, beside(engine))

    def broken(_outcomes: Sequence[Outcome]) -> None:
        raise RuntimeError("no connection")

    batches = [UrgentBatch(requests=[preview(preset)], deliver=broken)]
    engine.between_steps = lambda: batches.pop() if batches else None
    with pytest.raises(EngineError, match="preview could not be delivered"):
        engine.synthesise([request(text, preset) for text in SENTENCES])
