"""Floors of speed, for an idle card: `-m gpu_speed`."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from benchmarks.f5.material import make_samples
from benchmarks.f5.measuring import clock, matmul_rate, median_s
from benchmarks.f5.ours import Ours, most_that_fit
from benchmarks.f5.restart import Probe, sha_elsewhere
from tests.gpu.device import DEVICE, ON_CUDA
from tests.gpu.models import Models, free
from workers.engines.f5.device import DeviceChoice
from workers.engines.f5.packing import Budget

assert DEVICE is not None
pytestmark = [pytest.mark.gpu_speed]
NFE = 16
LEAST_SHARE = 0.35 if ON_CUDA else 0.001
"""Of the matmul rate measured in the same minute, the vocoder and all that lies between packs included."""
MOST_MS = 500.0 if ON_CUDA else 20_000.0
COLD_S, WARM_S = 180.0, 40.0
BULK = Budget(frames=16384 if ON_CUDA else 1024)
REFERENCE_S, CLIP_S, PREVIEW_S = (6.0, 10.0, 2.0) if ON_CUDA else (0.8, 1.2, 0.5)


@pytest.fixture(scope="module")
def ours(models: Models) -> Iterator[Ours]:
    models.close()
    size = "full" if ON_CUDA else "tiny"
    budgets = (1024, BULK.frames)
    loaded = Ours(
        models.folder(size), DeviceChoice(device=str(DEVICE), budgets_frames=tuple(sorted(set(budgets))))
    )
    loaded.admit()
    yield loaded
    free()


def bulk_of(ours: Ours) -> list[object]:
    [one] = make_samples(reference_s=REFERENCE_S, lengths_s=[CLIP_S], utterances=1, seed=1)
    count = most_that_fit(BULK, one)
    return list(make_samples(reference_s=REFERENCE_S, lengths_s=[CLIP_S], utterances=count, seed=1))


def test_a_large_pack_reaches_its_share_of_the_matmul_rate(ours: Ours) -> None:
    members = bulk_of(ours)
    rate = matmul_rate(ours.device, ours.device_model.dtype, 8192 if ON_CUDA else 1024)
    took = median_s(ours.device, lambda: ours.waves(members, NFE, BULK), times=3)  # type: ignore[arg-type]
    share = ours.operations(members, NFE) / took / rate  # type: ignore[arg-type]
    assert share >= LEAST_SHARE


def test_a_preview_beside_bulk_is_heard_in_half_a_second(ours: Ours) -> None:
    [preview] = make_samples(reference_s=REFERENCE_S, lengths_s=[PREVIEW_S], utterances=1, seed=9)
    small = next(budget for budget in ours.budgets if most_that_fit(budget, preview))
    ours.waves([preview], NFE, small)
    waits: list[float] = []

    def between() -> None:
        if len(waits) < 3:
            waits.append(1000 * clock(ours.device, lambda: ours.waves([preview], NFE, small)))

    ours.waves(bulk_of(ours), NFE, BULK, between_steps=between)  # type: ignore[arg-type]
    assert max(waits) < MOST_MS


def test_warm_up_is_bounded(models: Models, ours: Ours, tmp_path: Path) -> None:
    """A process with empty caches, then one with what the first left there; loading included."""
    caches = {
        "TORCHINDUCTOR_CACHE_DIR": str(tmp_path / "inductor"),
        "TRITON_CACHE_DIR": str(tmp_path / "triton"),
    }
    probe = Probe(
        folder=models.folder("full" if ON_CUDA else "tiny"),
        device=str(DEVICE),
        mode=ours.mode,
        budget_frames=BULK.frames,
    )
    for limit_s in (COLD_S, WARM_S):
        start = time.perf_counter()
        sha_elsewhere(probe, limit_s=limit_s, environment=caches)
        assert time.perf_counter() - start < limit_s


def test_the_card_is_idle_but_for_these_tests() -> None:
    if not ON_CUDA:
        pytest.skip("no CUDA device")
    left, total = torch.cuda.mem_get_info()
    assert total - left - torch.cuda.memory_reserved() < 2 * 2**30
