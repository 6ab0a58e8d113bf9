"""A budget is used where a probe has the reference's bits, alone, in every place and behind others; a mode where it
computes what eager mode does."""

from __future__ import annotations

import logging
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from triton.runtime.errors import OutOfResources

from tests.unit.workers.engines.f5.requests import SENTENCES, failure, preset_sound, request, waveform
from workers.engines.engine import DeviceLostError, DeviceMemoryError, EngineError
from workers.engines.f5 import F5Engine
from workers.engines.f5.device import DeviceChoice, DeviceModel, Mode, admit
from workers.engines.f5.device import admission as admitting
from workers.engines.f5.device.admission import PROBE_FRAMES, distance_from_eager
from workers.engines.f5.device.canary import Canary
from workers.engines.f5.network import eager
from workers.engines.f5.packing import Budget, Layout, lay_out
from workers.engines.f5.sampler import Guidance, SamplerInput
from workers.engines.f5.weights import load, open_folder

BOTH = frozenset({1, 2})
UNGUIDED = frozenset({1})
Spoils = Callable[[Budget, Guidance, list[torch.Tensor]], list[torch.Tensor]]


@pytest.fixture(autouse=True)
def small_reference(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that there are budgets above it."""
    monkeypatch.setattr("workers.engines.f5.device.model.FRAMES_LIMIT", 1024)


@pytest.fixture
def device_model(tiny_folder: Path) -> DeviceModel:
    return DeviceModel(
        load(open_folder(tiny_folder)), DeviceChoice(device="cpu", budgets_frames=(512, 1024, 2048))
    )


def frames_of(budgets: Sequence[Budget]) -> list[int]:
    return [budget.frames for budget in budgets]


class Runs:
    """Every probe that ran, and what is done to it."""

    def __init__(self, patch: pytest.MonkeyPatch, spoils: Spoils | None = None) -> None:
        self.packs: list[tuple[int, int, tuple[int, ...]]] = []
        """(budget, halves, lengths)."""
        honest = DeviceModel.run

        def run(
            model: DeviceModel,
            samples: Sequence[SamplerInput],
            schedule: Any,
            guidance: Guidance,
            **options: Any,
        ) -> list[torch.Tensor]:
            budget = options["budget"]
            self.packs.append((budget.frames, guidance.halves, tuple(sample.frames for sample in samples)))
            waves = honest(model, samples, schedule, guidance, **options)
            return waves if spoils is None else spoils(budget, guidance, waves)

        patch.setattr(DeviceModel, "run", run)


def raising(problem: Exception, *, frames: int, halves: int = 2) -> Spoils:
    """In budgets of so many frames and more."""

    def spoils(budget: Budget, guidance: Guidance, waves: list[torch.Tensor]) -> list[torch.Tensor]:
        if budget.frames >= frames and guidance.halves == halves:
            raise problem
        return waves

    return spoils


# budgets


def test_a_budget_is_filled_with_copies_of_the_probe_and_crowded_with_others(
    device_model: DeviceModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = Runs(monkeypatch)
    admit(device_model)
    assert frames_of(device_model.budgets) == [512, 1024, 2048]
    for frames, copies in ((512, 1), (1024, 3), (2048, 6)):
        tried = [lengths for budget, _, lengths in runs.packs if budget == frames]
        assert (PROBE_FRAMES,) in tried
        assert (PROBE_FRAMES,) * copies in tried
        crowded = tried[-1]
        assert crowded[-1] == PROBE_FRAMES and crowded[0] != PROBE_FRAMES
        assert sum(crowded) == frames, "every row is somebody's"


@pytest.mark.parametrize("place", range(6))
def test_other_bits_in_a_single_place_are_found(
    device_model: DeviceModel, monkeypatch: pytest.MonkeyPatch, place: int
) -> None:
    def spoils(budget: Budget, _guidance: Guidance, waves: list[torch.Tensor]) -> list[torch.Tensor]:
        if budget.frames == 2048 and len(waves) == 6:
            waves[place] = waves[place] + 1e-7
        return waves

    Runs(monkeypatch, spoils)
    admit(device_model)
    assert frames_of(device_model.budgets) == [512, 1024]
    assert "other bits" in device_model.refused[2048]


def test_other_bits_behind_others_alone_are_found(
    device_model: DeviceModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    def spoils(budget: Budget, _guidance: Guidance, waves: list[torch.Tensor]) -> list[torch.Tensor]:
        if budget.frames == 512 and len(waves) == 2:
            waves[-1] = waves[-1] + 1e-7
        return waves

    Runs(monkeypatch, spoils)
    admit(device_model)
    assert frames_of(device_model.budgets) == [1024, 2048]


def test_a_device_that_depends_on_the_place_in_the_batch_is_refused(
    device_model: DeviceModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    Runs(monkeypatch, lambda _b, _g, waves: [wave + 1e-6 * place for place, wave in enumerate(waves)])
    with pytest.raises(EngineError, match="another place of a batch"):
        admit(device_model)


def test_a_budget_too_small_to_be_proved_is_not_used(tiny_folder: Path) -> None:
    model = DeviceModel(
        load(open_folder(tiny_folder)), DeviceChoice(device="cpu", budgets_frames=(256, 1024))
    )
    admit(model)
    assert frames_of(model.budgets) == [1024]


# with and without guidance


def test_packs_without_guidance_are_admitted_by_themselves_and_only_when_asked(
    device_model: DeviceModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    def spoils(budget: Budget, guidance: Guidance, waves: list[torch.Tensor]) -> list[torch.Tensor]:
        off = 1e-7 if (budget.frames, guidance.halves) == (2048, 1) else 0.0
        return [wave + off for wave in waves]

    runs = Runs(monkeypatch, spoils)
    admit(device_model)
    assert {halves for _, halves, _ in runs.packs} == {2}
    assert device_model.digests.keys() == {2}
    runs.packs.clear()
    admit(device_model, BOTH)
    assert {halves for _, halves, _ in runs.packs} == {1}, "what is proved is not proved again"
    assert frames_of(device_model.budgets) == [512, 1024, 2048]
    assert frames_of(device_model.budgets_for(UNGUIDED)) == [512, 1024]
    assert frames_of(device_model.budgets_for(BOTH)) == [512, 1024]
    assert device_model.digests[1] != device_model.digests[2]


def test_the_engine_proves_a_voice_without_guidance_when_it_is_made_ready_and_packs_it_so(
    tiny_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def spoils(budget: Budget, guidance: Guidance, waves: list[torch.Tensor]) -> list[torch.Tensor]:
        off = 1e-7 if (budget.frames, guidance.halves) == (512, 1) else 0.0
        return [wave + off for wave in waves]

    runs = Runs(monkeypatch, spoils)
    engine = F5Engine(location=tiny_folder, frame_budgets=(512, 1024))
    engine.warm([preset_sound()])
    assert {halves for _, halves, _ in runs.packs} == {2}
    free = preset_sound(name="free", cfg_strength=0.0)
    engine.warm([free])
    assert {halves for _, halves, _ in runs.packs} == {1, 2}
    runs.packs.clear()
    waveform(engine.synthesise([request(SENTENCES[0], free)])[0])
    waveform(engine.synthesise([request(SENTENCES[0], preset_sound())])[0])
    assert [(budget, halves) for budget, halves, _ in runs.packs] == [(1024, 1), (512, 2)]


def test_a_voice_whose_shapes_contradict_themselves_is_unusable_and_others_go_on(
    tiny_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def spoils(_budget: Budget, guidance: Guidance, waves: list[torch.Tensor]) -> list[torch.Tensor]:
        return [wave + 1e-6 * place * (guidance.halves == 1) for place, wave in enumerate(waves)]

    Runs(monkeypatch, spoils)
    engine = F5Engine(location=tiny_folder, frame_budgets=(1024,))
    free = preset_sound(name="free", cfg_strength=0.0)
    lost, spoken = engine.synthesise([request(SENTENCES[0], free), request(SENTENCES[0], preset_sound())])
    assert failure(lost).code == "preset-unusable" and "same bits" in failure(lost).reason
    waveform(spoken)


# memory

SAID = (
    torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB"),
    RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`"),
    RuntimeError("GET was unable to find an engine to execute this computation"),
    RuntimeError("cuFFT error: CUFFT_ALLOC_FAILED"),
)


@pytest.mark.parametrize("problem", SAID, ids=str)
def test_a_budget_without_the_memory_is_dropped_with_the_larger_ones(
    tiny_folder: Path, monkeypatch: pytest.MonkeyPatch, problem: Exception
) -> None:
    choice = DeviceChoice(device="cpu", budgets_frames=(1024, 1536, 2048))
    model = DeviceModel(load(open_folder(tiny_folder)), choice)
    runs = Runs(monkeypatch, raising(problem, frames=1536))
    admit(model)
    assert frames_of(model.budgets) == [1024]
    assert model.refused == dict.fromkeys((1536, 2048), "out of memory at warm-up")
    proved = [budget for budget, _, _ in runs.packs[1:]]  # after the reference: the largest first
    assert proved == sorted(proved, reverse=True)


@pytest.mark.parametrize("problem", SAID, ids=str)
@pytest.mark.parametrize("frames", [512, 1024])
def test_without_the_memory_for_the_reference_the_engine_cannot_be_used(
    device_model: DeviceModel, monkeypatch: pytest.MonkeyPatch, problem: Exception, frames: int
) -> None:
    Runs(monkeypatch, raising(problem, frames=frames))
    with pytest.raises(EngineError, match="1024 frames; raise --max-vram-gib") as refused:
        admit(device_model)
    assert not isinstance(refused.value, DeviceLostError)


def test_a_budget_below_the_reference_is_not_dropped_for_memory(
    device_model: DeviceModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or the reference would go with it, which has more."""

    def spoils(budget: Budget, _guidance: Guidance, waves: list[torch.Tensor]) -> list[torch.Tensor]:
        if budget.frames == 512:
            raise SAID[0]
        return waves

    Runs(monkeypatch, spoils)
    with pytest.raises(EngineError, match="has not the memory"):
        admit(device_model)
    assert frames_of(device_model.listed) == [512, 1024, 2048]


def test_memory_that_went_since_warm_up_asks_for_a_new_process(
    device_model: DeviceModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    admit(device_model)
    Runs(monkeypatch, raising(SAID[0], frames=0, halves=1))
    with pytest.raises(DeviceMemoryError, match="Start the worker again"):
        admit(device_model, BOTH)


def test_a_device_that_is_lost_at_warm_up_is_no_want_of_memory(
    device_model: DeviceModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_lost = [False]

    def launch() -> None:
        if is_lost[0]:
            raise RuntimeError("CUDA error")

    def spoils(*_args: Any) -> list[torch.Tensor]:
        is_lost[0] = True
        raise SAID[0]

    device_model.canary = Canary(launch)
    Runs(monkeypatch, spoils)
    with pytest.raises(DeviceLostError, match="is lost") as lost:
        admit(device_model)
    assert not isinstance(lost.value, DeviceMemoryError)


# modes


@pytest.fixture
def compiled_model(tiny_folder: Path, monkeypatch: pytest.MonkeyPatch) -> DeviceModel:
    """Says that it is compiled; its functions are plain, and a test may change them."""
    monkeypatch.setattr(torch, "compile", lambda function, **_options: function)
    choice = DeviceChoice(device="cpu", budgets_frames=(1024, 2048), mode=Mode.COMPILED)
    return DeviceModel(load(open_folder(tiny_folder)), choice)


def break_kernels(model: DeviceModel, breaks: Callable[[torch.Tensor], torch.Tensor]) -> None:
    """In the model's own mode, not in eager."""
    honest = model.network._steps_for

    def broken(layout: Layout) -> Any:
        steps = honest(layout)
        if steps is eager:
            return steps

        def between(*args: Any) -> tuple[torch.Tensor, ...]:
            h, *projected = steps.between_attentions(*args)
            return breaks(h), *projected

        return SimpleNamespace(
            before_attention=steps.before_attention,
            between_attentions=between,
            leave=lambda *args: breaks(steps.leave(*args)),
        )

    model.network._steps_for = broken  # type: ignore[method-assign]


NOT_BUILT: Sequence[Exception] = (
    RuntimeError("Failed to find C compiler. Please specify via CC environment variable"),
    subprocess.CalledProcessError(1, ["/usr/bin/gcc"]),
    FileNotFoundError("ptxas"),
    ImportError("cuda_utils.so: failed to map segment from shared object"),
    OutOfResources(262144, 232448, "shared memory"),
    torch._dynamo.exc.TorchDynamoException("graph break"),
    RuntimeError("backend='inductor' raised:\nOSError: /kernels/launcher.so: file too short"),
)


@pytest.mark.parametrize("problem", NOT_BUILT, ids=lambda problem: type(problem).__name__)
def test_kernels_that_cannot_be_built_leave_eager_mode_and_it_is_said(
    compiled_model: DeviceModel,
    device_model: DeviceModel,
    problem: Exception,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fails(_h: torch.Tensor) -> torch.Tensor:
        raise problem

    break_kernels(compiled_model, fails)
    with caplog.at_level(logging.WARNING):
        admit(compiled_model)
    assert compiled_model.mode is Mode.EAGER
    assert "packs-eager" in compiled_model.numeric_class
    assert "goes on in eager mode" in caplog.text and type(problem).__name__ in caplog.text
    assert str(problem).splitlines()[-1] in caplog.text, "what a compiler says is in its last line"
    assert "empty the folder of compiled kernels" in caplog.text
    assert frames_of(compiled_model.budgets) == [1024, 2048]
    admit(device_model)
    assert compiled_model.digests == device_model.digests


def test_a_sound_names_the_class_it_was_made_in_when_kernels_fail_in_the_middle_of_a_batch(
    tiny_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where those of packs without guidance are first built then, and cannot be."""
    monkeypatch.setattr(torch, "compile", lambda function, **_options: function)
    engine = F5Engine(location=tiny_folder, frame_budgets=(1024, 2048), mode=Mode.COMPILED)
    guided, unguided = preset_sound(), preset_sound(cfg_strength=0.0)
    engine.warm([guided])
    compiled = engine.numeric_class
    network = engine._ready().device_model.network
    honest = network._steps_for

    def fails(layout: Layout) -> Any:
        if network.mode is Mode.COMPILED and not layout.is_guided:
            raise RuntimeError("ptxas fatal")
        return honest(layout)

    monkeypatch.setattr(network, "_steps_for", fails)
    first, second = map(
        waveform, engine.synthesise([request(SENTENCES[0], guided), request("Yes.", unguided)])
    )
    assert "packs-compiled" in compiled
    assert first.numeric_class == compiled
    assert second.numeric_class == engine.numeric_class
    assert "packs-eager" in engine.numeric_class
    engine.close()


def test_a_mode_that_would_be_built_for_every_length_is_refused(tiny_folder: Path) -> None:
    with pytest.raises(EngineError, match="cannot run compiled without frame budgets"):
        DeviceModel(load(open_folder(tiny_folder)), DeviceChoice(device="cpu", mode=Mode.COMPILED))


@pytest.mark.parametrize(
    "breaks",
    [lambda h: h.abs(), lambda h: h.roll(1, 0), lambda h: h * float("nan")],
    ids=["signs", "rows", "nan"],
)
def test_kernels_that_compute_something_else_are_not_used(
    compiled_model: DeviceModel,
    breaks: Callable[[torch.Tensor], torch.Tensor],
    caplog: pytest.LogCaptureFixture,
) -> None:
    break_kernels(compiled_model, breaks)
    with caplog.at_level(logging.WARNING):
        admit(compiled_model)
    assert compiled_model.mode is Mode.EAGER
    assert "from eager mode's, 1e-04 are allowed" in caplog.text


def test_kernels_that_round_in_another_place_are_used(compiled_model: DeviceModel) -> None:
    break_kernels(compiled_model, lambda h: h * (1 + 1e-6))
    assert 1e-8 < distance_from_eager(compiled_model) < 1e-4
    admit(compiled_model)
    assert compiled_model.mode is Mode.COMPILED
    assert "packs-compiled" in compiled_model.numeric_class


def test_looking_at_eager_mode_does_not_stay_in_it(compiled_model: DeviceModel) -> None:
    break_kernels(compiled_model, torch.abs)
    own = compiled_model.network.mode
    assert distance_from_eager(compiled_model) > 0.1
    assert compiled_model.network.mode is own is Mode.COMPILED


@pytest.mark.parametrize("precision", ["bfloat16", "float16"])
def test_rounding_of_half_types_stays_far_under_the_bound(
    tiny_folder: Path, precision: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every block's state rounded once more is what another order of operations may do."""
    monkeypatch.setattr(torch, "compile", lambda function, **_options: function)
    choice = DeviceChoice(device="cpu", budgets_frames=(1024,), mode=Mode.COMPILED, precision=precision)
    model = DeviceModel(load(open_folder(tiny_folder)), choice)
    unit = torch.finfo(model.dtype).eps
    break_kernels(
        model,
        lambda h: (
            h * (1 + unit * torch.randn(h.shape, generator=torch.Generator().manual_seed(1))).to(h.dtype)
        ),
    )
    assert 0 < distance_from_eager(model) < admitting.FARTHEST_FROM_EAGER[model.dtype] / 3


def test_kernels_that_fail_without_guidance_alone_lead_to_eager_mode_for_all(
    compiled_model: DeviceModel, device_model: DeviceModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    admit(compiled_model)

    def spoils(_budget: Budget, guidance: Guidance, waves: list[torch.Tensor]) -> list[torch.Tensor]:
        if guidance.halves == 1 and compiled_model.mode is Mode.COMPILED:
            raise subprocess.CalledProcessError(1, ["/usr/bin/gcc"])
        return waves

    runs = Runs(monkeypatch, spoils)
    admit(compiled_model, BOTH)
    assert compiled_model.mode is Mode.EAGER
    assert {halves for _, halves, _ in runs.packs} == {1, 2}, (
        "what was proved in the other mode is proved anew"
    )
    assert compiled_model.digests.keys() == {1, 2}


def test_what_fails_in_eager_mode_is_told(device_model: DeviceModel, monkeypatch: pytest.MonkeyPatch) -> None:
    Runs(monkeypatch, raising(ValueError("no such shape"), frames=0))
    with pytest.raises(EngineError, match="cannot speak a probe: no such shape"):
        admit(device_model)


# numeric class


def test_the_class_of_packs_holds_what_decides_their_bits(device_model: DeviceModel) -> None:
    assert "ref1024-unproved" in device_model.numeric_class
    admit(device_model)
    named = device_model.numeric_class
    assert f"-f32-packs-eager-ref1024-{device_model.digests[2][:8]}-t1" in named
    for part in ("torch2", "-f5tts1", "-vocos0"):
        assert part in named
    assert "triton" not in named


def test_other_weights_or_another_reference_are_another_class(tiny_folder: Path) -> None:
    def named(budgets: tuple[int, ...], *, other: bool = False) -> str:
        model = DeviceModel(
            load(open_folder(tiny_folder)), DeviceChoice(device="cpu", budgets_frames=budgets)
        )
        if other:
            model.network.out_bias = model.network.out_bias + 1e-3
        admit(model)
        return model.numeric_class

    assert named((512, 1024)) == named((1024,))
    assert len({named((1024,)), named((2048,)), named((1024,), other=True)}) == 3


def test_the_class_of_each_alone_is_what_stored_runs_have(tiny_folder: Path) -> None:
    model = DeviceModel(load(open_folder(tiny_folder)), DeviceChoice(device="cpu"))
    admit(model)
    capability = torch.backends.cpu.get_cpu_capability().replace(" ", "-")
    assert model.numeric_class.endswith(f"-{capability}-torch{torch.__version__}-f32-alone-eager-t1")


def test_a_network_goes_back_to_plain_functions_and_forth(compiled_model: DeviceModel) -> None:
    network, layout = compiled_model.network, lay_out([100], halves=2, budget=Budget(frames=1024))
    compiled = network._steps_for(layout)
    take_back = network.use_eager()
    assert network._steps_for(layout) is eager
    take_back()
    assert network._steps_for(layout) is compiled is not eager
