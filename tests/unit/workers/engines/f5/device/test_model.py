"""The weights on a device: what keeps them from getting there, and which budgets there are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch

from workers.engines.engine import DeviceLostError, EngineError
from workers.engines.f5.choice import CUDA_BUDGETS_FRAMES, DeviceChoice
from workers.engines.f5.device import model as on_device
from workers.engines.f5.device.canary import Canary
from workers.engines.f5.device.model import DeviceModel
from workers.engines.f5.weights import FRAMES_LIMIT, load, open_folder

MEMORY = torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20.00 MiB")


def opened(folder: Path, budgets_frames: tuple[int, ...] = ()) -> DeviceModel:
    return DeviceModel(load(open_folder(folder)), DeviceChoice(device="cpu", budgets_frames=budgets_frames))


@pytest.mark.parametrize("what", ["Network", "Vocoder"])
def test_weights_that_find_no_memory_are_told_with_the_mend(
    tiny_folder: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    def full(*_args: Any, **_options: Any) -> None:
        raise MEMORY

    monkeypatch.setattr(on_device, what, full)
    with pytest.raises(EngineError, match="memory for the weights; raise --max-vram-gib") as refused:
        opened(tiny_folder)
    assert not isinstance(refused.value, DeviceLostError)


@pytest.mark.parametrize(
    ("problem", "kind", "says"),
    [
        (MEMORY, EngineError, "memory for the weights"),
        (
            RuntimeError("CUDA error: CUDA-capable device(s) is/are busy"),
            DeviceLostError,
            "busy.*start the worker",
        ),
    ],
)
def test_a_device_that_does_not_even_begin_is_told(
    tiny_folder: Path, monkeypatch: pytest.MonkeyPatch, problem: Exception, kind: type[Exception], says: str
) -> None:
    def busy(_device: torch.device) -> Canary:
        raise problem

    monkeypatch.setattr(Canary, "on", busy)
    with pytest.raises(kind, match=says) as refused:
        opened(tiny_folder)
    assert type(refused.value) is kind


@pytest.mark.parametrize(
    ("listed", "reference"),
    [
        (CUDA_BUDGETS_FRAMES, FRAMES_LIMIT),
        ((8192, 1024), 8192),
        ((1024, 2048), 2048),
        ((16384, 8192), 8192),
    ],
)
def test_the_reference_is_the_smallest_that_holds_every_utterance_or_the_largest(
    tiny_folder: Path, listed: tuple[int, ...], reference: int
) -> None:
    model = opened(tiny_folder, listed)
    assert model.reference is not None and model.reference.frames == reference
    assert [budget.frames for budget in model.budgets] == sorted(listed)


def test_without_budgets_there_is_no_reference(tiny_folder: Path) -> None:
    model = opened(tiny_folder)
    assert (model.reference, model.packs, model.budgets) == (None, False, [])


def test_a_budget_that_is_dropped_leaves_others_what_has_as_many_rows(
    tiny_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = opened(tiny_folder, (512, 1024, 2048))
    forgotten: list[int] = []
    monkeypatch.setattr(model.network, "forget", forgotten.append)
    model.drop_from(model.listed[-1], "too large")
    assert forgotten == [4096]  # 2048 are those of 2 x 1024 frames
