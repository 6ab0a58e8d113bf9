"""Both implementations of attention are one function: the GPU's is run here on a stand-in for its kernel."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import Tensor

from workers.engines.f5 import attention
from workers.engines.f5.attention import Sequences, attend
from workers.engines.f5.device import DeviceChoice, DeviceModel
from workers.engines.f5.device.admission import probe_sample
from workers.engines.f5.packing import Budget, lay_out
from workers.engines.f5.sampler import Guidance, SamplerInput, Schedule, draw
from workers.engines.f5.weights import load, open_folder


def varlen_by_definition(
    query: Tensor, key: Tensor, value: Tensor, cu_q: Tensor, cu_k: Tensor, longest_q: int, longest_k: int
) -> Tensor:
    """What `torch.nn.attention.varlen.varlen_attn` is documented to give, in plain steps."""
    assert torch.equal(cu_q, cu_k) and cu_q.dtype == torch.int32
    assert int(cu_q.diff().max()) <= longest_q == longest_k and len(query) >= int(cu_q[-1])
    whole = torch.full_like(query, torch.nan)  # what the kernel does not write may be anything
    for start, end in zip(cu_q[:-1].tolist(), cu_q[1:].tolist(), strict=True):
        q, k, v = (one[start:end].transpose(0, 1).double() for one in (query, key, value))
        weights = (q @ k.transpose(1, 2) / query.shape[-1] ** 0.5).softmax(-1)
        whole[start:end] = (weights @ v).transpose(0, 1).to(query.dtype)
    return whole


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> None:
    import torch.nn.attention.varlen as kernel

    monkeypatch.setattr(kernel, "varlen_attn", varlen_by_definition)


@pytest.mark.usefixtures("stand_in")
@pytest.mark.parametrize("budget", [None, Budget(frames=512)])
def test_the_varlen_way_and_the_one_by_one_way_agree(
    budget: Budget | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    layout = lay_out([130, 77, 201], halves=2, budget=budget)
    generator = torch.Generator().manual_seed(2)
    q, k, v = torch.randn(layout.rows, 3, 4, 32, generator=generator).unbind(1)
    sequences = Sequences.of(layout, torch.device("cpu"))
    one_by_one = attend(q, k, v, sequences)
    with monkeypatch.context() as patch:
        patch.setattr(attention, "is_varlen", lambda _query: True)
        varlen = attend(q, k, v, sequences)
    assert varlen.shape == one_by_one.shape
    assert torch.allclose(varlen, one_by_one, atol=1e-5)
    assert not varlen[layout.used :].any() and not one_by_one[layout.used :].any()


def test_no_sequence_sees_its_neighbours() -> None:
    layout = lay_out([50, 60], halves=1, budget=None)
    sequences = Sequences.of(layout, torch.device("cpu"))
    q, k, v = torch.randn(layout.rows, 3, 2, 16).unbind(1)
    before = attend(q, k, v, sequences)
    v = v.clone()
    v[50:] = 1e6
    assert torch.equal(attend(q, k, v, sequences)[:50], before[:50])


@pytest.mark.usefixtures("stand_in")
def test_the_gpus_arithmetic_in_bfloat16_is_near_and_has_its_own_bits_everywhere(
    tiny_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half precision, real rotations, varlen attention and filled budgets together, as on CUDA."""
    monkeypatch.setattr(attention, "is_varlen", lambda _query: True)
    opened = open_folder(tiny_folder)
    times = torch.tensor([0.0, 0.3, 1.0])
    found = {}
    for precision in ("float32", "bfloat16"):
        device_model = DeviceModel(
            load(opened), DeviceChoice(device="cpu", budgets_frames=(1024,), precision=precision, threads=1)
        )
        schedule = Schedule(times=tuple(times.tolist()), table=device_model.network.modulation(times[:-1]))
        samples = [probe_sample(number, 250 + 40 * number, 100) for number in range(3)]

        def bits(
            order: int,
            device_model: DeviceModel = device_model,
            samples: list[SamplerInput] = samples,
            schedule: Schedule = schedule,
        ) -> list[Tensor]:
            budget = device_model.budgets[0]
            return draw(
                device_model.network, samples[::order], schedule, Guidance(strength=2.0), budget=budget
            )[::order]

        found[precision] = bits(1)
        assert all(torch.equal(a, b) for a, b in zip(found[precision], bits(-1), strict=True))
    for exact, near in zip(found["float32"], found["bfloat16"], strict=True):
        assert 1e-5 < float((exact - near).norm() / exact.norm()) < 2e-2
