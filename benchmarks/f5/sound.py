"""What can be said of the sound: distances from float32, and whether it is the same at every place of a pack."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from benchmarks.f5.material import sample_of
from benchmarks.f5.ours import Ours
from workers.engines.f5.packing import Budget
from workers.engines.f5.sampler import SamplerInput

PROBE_FRAMES = 331
NEIGHBOUR_FRAMES = 613
NFE = 4
"""Steps of a comparison of bits: other bits show in the first."""


def sha(tensor: Tensor) -> str:
    """16 digits of the sha256 of a tensor's own bytes."""
    plain = tensor.detach().cpu().contiguous()
    return hashlib.sha256(plain.view(torch.uint8).numpy().tobytes()).hexdigest()[:16]


def relative_l2(found: Tensor, expected: Tensor) -> float:
    """|found - expected| / |expected|, in float64."""
    if found.shape != expected.shape:
        raise ValueError(f"{tuple(found.shape)} beside {tuple(expected.shape)}")
    found, expected = found.double().cpu(), expected.double().cpu()
    return float((found - expected).norm() / expected.norm())


def places(budget: Budget, *, long_frames: int) -> dict[str, tuple[list[SamplerInput], list[int]]]:
    """Name of a place -> (a pack, where the probe stands in it): alone, first, last, among others, only copies."""
    probe = sample_of(PROBE_FRAMES, number=1)
    room = budget.frames - PROBE_FRAMES
    beside = max(0, min(room // NEIGHBOUR_FRAMES, budget.utterances - 1))
    others = [sample_of(NEIGHBOUR_FRAMES, number=100 + n) for n in range(beside)]
    longest = min(long_frames, room)
    long = (
        [sample_of(longest, number=200 + n) for n in range(min(room // longest, budget.utterances - 1))]
        if longest > PROBE_FRAMES
        else []
    )
    copies = min(budget.frames // PROBE_FRAMES, budget.utterances)
    return {
        "alone": ([probe], [0]),
        "first": ([probe, *others], [0]),
        "last": ([*others, probe], [beside]),
        "middle": ([*others[: beside // 2], probe, *others[beside // 2 :]], [beside // 2]),
        "beside long": ([*long, probe], [len(long)]),
        "copies": ([probe] * copies, list(range(copies))),
    }


def bits_everywhere(ours: Ours, budget: Budget, *, long_frames: int) -> dict[str, list[str]]:
    """Name of a place -> the different sha of the probe's wave there: one, and everywhere the same, is the promise."""
    found = {}
    for name, (members, stands) in places(budget, long_frames=long_frames).items():
        waves = ours.waves(members, NFE, budget)
        found[name] = sorted({sha(waves[place]) for place in stands})
    return found


def probe_sha(ours: Ours, budget: Budget | None) -> str:
    """Of the probe alone."""
    return sha(ours.waves([sample_of(PROBE_FRAMES, number=1)], NFE, budget)[0])


def one_sha(found: Mapping[str, Sequence[str]]) -> bool:
    """Whether all places have one sound."""
    return len({digest for digests in found.values() for digest in digests}) == 1
