"""Which frame budgets a device may use: those in which a probe has the bits that it has in the reference budget.

The probe runs alone, as copies that fill the budget (every tile of rows is some copy's place) and last behind
neighbours of other lengths. Packs with guidance and without have other shapes, so each number of halves is admitted by
itself. The mode is looked at first: where its kernels cannot be built, or compute something else, eager mode goes on.
"""

from __future__ import annotations

import hashlib
import logging
from contextlib import nullcontext
from dataclasses import dataclass

import torch
from torch import Tensor

from workers.engines.engine import DeviceMemoryError, EngineError
from workers.engines.f5.device.building import building
from workers.engines.f5.device.model import GUIDED, DeviceModel
from workers.engines.f5.faults import first_line, in_one_line
from workers.engines.f5.packing import Budget
from workers.engines.f5.sampler import Guidance, SamplerInput, Schedule, noise
from workers.engines.options import Mode

log = logging.getLogger(__name__)

PROBE = -1
PROBE_FRAMES = 331
PROBE_NEIGHBOUR_FRAMES = 613
PROBE_TIMES = (0.0, 0.4, 1.0)
STRENGTHS = {1: 0.0, 2: 2.0}
"""By number of halves."""
BARELY_GUIDED = 1e-4
"""Both halves run, and their difference, which magnifies what is rounded, hardly counts."""
FARTHEST_FROM_EAGER = {torch.bfloat16: 5e-2, torch.float16: 1e-2, torch.float32: 1e-4}
"""Relative L2 of a velocity. What rounding alone makes of it, against float32: 6e-3 (2 layers) to 8e-3 (8) in bfloat16,
7e-4 to 1e-3 in float16, measured with random weights; two ways that round in other places differ by no more than the
sum. A wrong kernel is off by about 1."""


def admit(model: DeviceModel, halves: frozenset[int] = GUIDED) -> None:
    """Prove packs of these numbers of halves, where that was not done; `model.budgets_for` has the result.

    Raises `EngineError` when the reference budget cannot run or contradicts itself, `DeviceMemoryError` when it
    could at warm-up and has no longer the memory.
    """
    if not model.packs:
        return
    with building() if model.mode is Mode.COMPILED else nullcontext():
        _admit_all(model, halves)


def _admit_all(model: DeviceModel, halves: frozenset[int]) -> None:
    wanted, had_memory = halves | model.digests.keys(), bool(model.digests)
    while missing := sorted(wanted - model.digests.keys(), reverse=True):
        try:
            if not model.digests:
                _compare_with_eager(model)
            _admit(model, missing[0])
        except EngineError:
            raise
        except Exception as problem:
            if model.lacked_memory(problem):
                raise _no_memory(model, had_memory=had_memory) from problem
            if model.mode is Mode.EAGER:
                raise EngineError(
                    f"{model.device} cannot speak a probe: {first_line(problem)}; "
                    "report this with the output of `campaign doctor`"
                ) from problem
            model.fall_back(in_one_line(problem))


def distance_from_eager(model: DeviceModel) -> float:
    """Relative L2 between the velocities of the probe's first step in the model's mode and in eager mode."""
    sample = probe_sample(PROBE, PROBE_FRAMES, model.network.mel_channels)
    start = noise(sample.seed, sample.frames, model.network.mel_channels)[len(sample.reference) :]
    schedule = Schedule(times=(0.0, 1.0), table=model.network.modulation(torch.zeros(1)))

    def velocity() -> Tensor:
        guidance = Guidance(strength=BARELY_GUIDED)
        return model.draw([sample], schedule, guidance, budget=model.reference)[0].cpu() - start

    found = velocity()
    with model.eagerly():
        expected = velocity()
    return float((found - expected).norm() / expected.norm())


def probe_sample(number: int, frames: int, mel_channels: int) -> SamplerInput:
    """An utterance of nobody, always the same for a number."""
    generator = torch.Generator().manual_seed(number + 7)
    reference = torch.randn(frames // 4, mel_channels, generator=generator) * 2 - 4
    tokens = torch.randint(1, 100, (frames // 8,), generator=generator)
    return SamplerInput(reference=reference, tokens=tokens, frames=frames, seed=number + 7)


def _compare_with_eager(model: DeviceModel) -> None:
    if model.mode is Mode.EAGER:
        return
    distance, bound = distance_from_eager(model), FARTHEST_FROM_EAGER[model.dtype]
    if distance <= bound:
        log.info("%s is %.1e from eager mode", model.mode, distance)
    else:  # no number, too
        model.fall_back(f"its first step is {distance:.1e} from eager mode's, {bound:.0e} are allowed")


def _admit(model: DeviceModel, halves: int) -> None:
    assert model.reference is not None
    times = torch.tensor(PROBE_TIMES)
    schedule = Schedule(times=PROBE_TIMES, table=model.network.modulation(times[:-1]))
    run = _Probe(model, schedule, Guidance(strength=STRENGTHS[halves]))
    expected = run.digests(model.reference, [PROBE_FRAMES])[-1]
    for budget in reversed(model.listed[:]):  # the largest first: what it held is room for the others
        try:
            same = run.is_proved(budget, expected)
        except Exception as problem:
            if budget.frames <= model.reference.frames or not model.lacked_memory(problem):
                raise
        else:
            if not same:
                model.refuse(budget, halves)
            continue
        model.drop_from(budget, "out of memory at warm-up")
    if model.reference not in model.budgets_for(frozenset({halves})):
        raise EngineError(
            f"{model.device} does not give an utterance the same bits in another place of a batch; "
            "report this with the output of `campaign doctor`"
        )
    model.digests[halves] = expected


def _no_memory(model: DeviceModel, *, had_memory: bool) -> EngineError:
    frames = model.reference.frames if model.reference is not None else PROBE_FRAMES
    if had_memory:
        return DeviceMemoryError(
            f"{model.device} has no longer the memory for {frames} frames at once. "
            "Start the worker again; if this comes back, end what else uses the device"
        )
    return EngineError(
        f"{model.device} has not the memory for one utterance of {frames} frames; "
        "raise --max-vram-gib or choose another device"
    )


@dataclass(frozen=True, slots=True)
class _Probe:
    """The probe in packs with this guidance."""

    model: DeviceModel
    schedule: Schedule
    guidance: Guidance

    def is_proved(self, budget: Budget, expected: str) -> bool:
        """Whether the probe has the expected samples everywhere in this budget."""
        copies = min(budget.frames // PROBE_FRAMES, budget.utterances)
        if copies == 0:
            return False  # too small to be proved
        crowded = [*_neighbours(budget), PROBE_FRAMES]
        return (
            self.digests(budget, [PROBE_FRAMES]) == [expected]
            and self.digests(budget, [PROBE_FRAMES] * copies) == [expected] * copies
            and self.digests(budget, crowded)[-1] == expected
        )

    def digests(self, budget: Budget, frames: list[int]) -> list[str]:
        """sha256 of each one's samples; those as long as the probe are the probe."""
        channels = self.model.network.mel_channels
        samples = [
            probe_sample(PROBE if length == PROBE_FRAMES else index, length, channels)
            for index, length in enumerate(frames)
        ]
        waves = self.model.run(samples, self.schedule, self.guidance, budget=budget)
        return [hashlib.sha256(wave.numpy().tobytes()).hexdigest() for wave in waves]


def _neighbours(budget: Budget) -> list[int]:
    """Frames of those that stand before the probe until the budget is full: long ones, then what is left."""
    places, left = budget.utterances - 1, budget.frames - PROBE_FRAMES
    neighbours = [PROBE_NEIGHBOUR_FRAMES] * min(left // PROBE_NEIGHBOUR_FRAMES, places)
    left -= sum(neighbours)
    if len(neighbours) < places and left >= 16 and left != PROBE_FRAMES:
        neighbours.append(left)
    return neighbours
