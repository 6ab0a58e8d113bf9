"""Against upstream with the same noise, and against definitions in float64."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from benchmarks.f5.material import sample_of
from benchmarks.f5.ours import Ours
from benchmarks.f5.sound import relative_l2
from benchmarks.f5.upstream import exact_float32
from tests.gpu.device import ON_CUDA
from tests.gpu.models import MODES, Models, choice_of, definition
from workers.engines.f5.device import Mode
from workers.engines.f5.packing import Budget
from workers.engines.f5.sampler import SamplerInput

LENGTHS = (331, 700, 1024) if ON_CUDA else (90, 131, 200)
BUDGET = Budget(frames=4096 if ON_CUDA else 512)
MOST = {"float32": 1e-5, "bfloat16": 1e-2, "float16": 2e-3}
"""Relative L2 of a mel from float32."""
MOST_OF_A_STEP = {"float32": 1e-5, "bfloat16": 2e-2, "float16": 3e-3}
"""Relative L2 of one velocity from float64."""
HALVES = [
    (mode, precision)
    for mode in MODES
    for precision in ("bfloat16", "float16")
    if ON_CUDA
    or (mode, precision) != (Mode.FUSED, "bfloat16")  # Triton's interpreter multiplies its raw bits
]


def some(lengths: tuple[int, ...] = LENGTHS) -> list[SamplerInput]:
    return [sample_of(frames, number=number) for number, frames in enumerate(lengths)]


@pytest.mark.parametrize("nfe", [7, 16, 32])
def test_equal_to_upstream_in_float32(models: Models, nfe: int) -> None:
    samples = some()
    ours = models.ours(precision="float32")
    with exact_float32():
        theirs = models.theirs(torch.float32)
        packed = ours.mels(samples, nfe, BUDGET)
        for sample, mel in zip(samples, packed, strict=True):
            expected = theirs.mel(sample, nfe)
            assert relative_l2(mel, expected) < MOST["float32"]
            [alone] = ours.mels([sample], nfe, None)
            assert relative_l2(alone, expected) < MOST["float32"]


@pytest.mark.gpu
def test_the_engine_itself_switches_tf32_off(models: Models) -> None:
    """What the tests here switch off for upstream is off in a worker, too."""
    torch.backends.cudnn.allow_tf32 = torch.backends.cuda.matmul.allow_tf32 = True
    try:
        models.ours()
        assert not torch.backends.cuda.matmul.allow_tf32
        assert not torch.backends.cudnn.allow_tf32
    finally:
        torch.backends.cudnn.allow_tf32 = torch.backends.cuda.matmul.allow_tf32 = False


@pytest.mark.parametrize(("mode", "precision"), HALVES)
def test_half_precision_is_near_float32(models: Models, mode: Mode, precision: str) -> None:
    samples, nfe = some(), 32 if ON_CUDA else 4
    mels = models.ours(mode, precision=precision).mels(samples, nfe, BUDGET)
    with exact_float32():
        theirs = models.theirs(torch.float32)
        expected = [theirs.mel(sample, nfe) for sample in samples]
    distances = list(map(relative_l2, mels, expected))
    assert max(distances) < MOST[precision]
    assert min(distances) > MOST["float32"]  # it was computed in that precision at all
    if precision == "float16":
        half = models.theirs(torch.float16)
        upstream = max(
            relative_l2(half.mel(sample, nfe), mel) for sample, mel in zip(samples, expected, strict=True)
        )
        assert max(distances) < 3 * upstream


def velocities(
    models: Models, what: str, mode: Mode, precision: str, fill: float
) -> tuple[list[Tensor], list[Tensor]]:
    """(found, by definition) for a pack of unequal lengths, the bounds drawn at random."""
    drawn = torch.Generator().manual_seed(8)
    lengths = tuple(int(number) for number in torch.randint(33, 260, (7,), generator=drawn))
    samples = some(lengths)
    states = [torch.randn(sample.frames, 100, generator=drawn) for sample in samples]
    folder, moment = models.only(what), 0.37
    by_definition = definition(folder)
    expected = [
        by_definition(state, sample.reference, sample.tokens, moment)
        for state, sample in zip(states, samples, strict=True)
    ]
    ours = Ours(folder, choice_of(mode, precision=precision))
    with exact_float32():
        return ours.velocity(samples, states, moment, fill=fill), expected


PIECES = [(Mode.EAGER, "float32"), *HALVES]


@pytest.mark.parametrize(("mode", "precision"), PIECES)
@pytest.mark.parametrize("what", ["position", "attention"])
def test_a_piece_of_a_step_is_its_definition(models: Models, what: str, mode: Mode, precision: str) -> None:
    """The position convolution alone, and attention alone, each inside its own sequence: beside float64."""
    found, expected = velocities(models, what, mode, precision, fill=0.0)
    for one, other in zip(found, expected, strict=True):
        assert relative_l2(one, other) < MOST_OF_A_STEP[precision]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("what", ["position", "attention"])
def test_rows_beyond_the_pack_reach_nothing(models: Models, what: str, mode: Mode) -> None:
    precision = "bfloat16" if ON_CUDA else "float32"
    clean, _ = velocities(models, what, mode, precision, fill=0.0)
    poisoned, _ = velocities(models, what, mode, precision, fill=math.nan)
    for one, other in zip(clean, poisoned, strict=True):
        assert torch.equal(one, other)


def test_the_measure_of_a_piece_is_sharp(models: Models) -> None:
    """A convolution that saw its neighbour, or attention that did, would be far outside."""
    found, expected = velocities(models, "position", Mode.EAGER, "float32", fill=0.0)
    shifted = [torch.roll(one, 1, dims=0) for one in found]
    assert min(map(relative_l2, shifted, expected)) > 10 * MOST_OF_A_STEP["bfloat16"]
