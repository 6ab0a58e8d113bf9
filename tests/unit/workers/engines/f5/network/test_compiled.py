"""Compiled means compiled: one set of functions for each network and number of rows, and none after warm-up."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch._dynamo.utils import counters

from workers.engines.f5.device.admission import probe_sample
from workers.engines.f5.network import Network
from workers.engines.f5.packing import Budget
from workers.engines.f5.sampler import Guidance, Schedule, draw
from workers.engines.f5.weights import load, open_folder
from workers.engines.options import Mode


def network_of(folder: Path, mode: Mode = Mode.COMPILED) -> Network:
    return Network(load(open_folder(folder)).dit, device=torch.device("cpu"), dtype=torch.float32, mode=mode)


def mel_of(network: Network, budget: Budget, *, strength: float = 2.0) -> torch.Tensor:
    times = (0.0, 0.4, 1.0)
    schedule = Schedule(times=times, table=network.modulation(torch.tensor(times[:-1])))
    sample = probe_sample(1, 61, 100)
    [mel] = draw(network, [sample], schedule, Guidance(strength=strength), budget=budget)
    return mel


@pytest.fixture
def eager_backend(monkeypatch: pytest.MonkeyPatch) -> None:
    """dynamo traces and keeps as ever; what it traced is run as it is, so that no C++ is compiled."""
    compile_with = torch.compile

    def traced(function: object, **options: object) -> object:
        return compile_with(function, backend="eager", **options)  # type: ignore[call-overload]

    monkeypatch.setattr(torch, "compile", traced)


def compiled_so_far() -> int:
    return int(counters["stats"]["unique_graphs"])


@pytest.mark.usefixtures("eager_backend")
def test_every_number_of_rows_is_compiled_however_many_there_are(tiny_folder: Path) -> None:
    """dynamo keeps eight of one code object: a ninth would run eager without a word."""
    network, expected = network_of(tiny_folder), network_of(tiny_folder, Mode.EAGER)
    budgets = [Budget(frames=64 + 16 * number) for number in range(10)]
    before = compiled_so_far()
    for budget in budgets:
        mel = mel_of(network, budget)
        assert float((mel - mel_of(expected, budget)).norm() / mel.norm()) < 1e-6
    # before the first attention, between two, after the last: once for all blocks
    assert compiled_so_far() - before == 3 * len(budgets)


@pytest.mark.usefixtures("eager_backend")
def test_nothing_is_compiled_after_a_budget_has_run_once_and_a_second_model_has_its_own(
    tiny_folder: Path,
) -> None:
    first, second = network_of(tiny_folder), network_of(tiny_folder)
    budget = Budget(frames=128)
    mel_of(first, budget)
    warm = compiled_so_far()
    mel_of(first, budget)
    assert compiled_so_far() == warm
    mel_of(second, budget)
    assert compiled_so_far() == warm + 3
    mel_of(first, budget)
    assert compiled_so_far() == warm + 3


@pytest.mark.usefixtures("eager_backend")
def test_what_cannot_be_compiled_whole_is_an_error_and_never_eager(
    tiny_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from workers.engines.f5.network import eager

    honest = eager.rotated

    def printing(x: torch.Tensor, rotation: torch.Tensor) -> torch.Tensor:
        torch._dynamo.graph_break()
        return honest(x, rotation)

    monkeypatch.setattr(eager, "rotated", printing)
    with pytest.raises(torch._dynamo.exc.Unsupported):
        mel_of(network_of(tiny_folder), Budget(frames=128))


def test_inductors_own_arithmetic_is_near_eager(tiny_folder: Path) -> None:
    budget = Budget(frames=64)
    compiled, eager = (
        mel_of(network_of(tiny_folder), budget),
        mel_of(network_of(tiny_folder, Mode.EAGER), budget),
    )
    assert float((compiled - eager).norm() / eager.norm()) < 1e-5
