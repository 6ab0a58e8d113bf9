"""Which frame budgets a device may use: those in which a probe has the bits that it has in the reference budget."""

from __future__ import annotations

import hashlib
import logging

import torch

from workers.engines.engine import EngineError
from workers.engines.f5.device.model import DeviceModel
from workers.engines.f5.packing import Budget
from workers.engines.f5.sampler import Guidance, SamplerInput, Schedule
from workers.engines.f5.weights import FRAMES_LIMIT

log = logging.getLogger(__name__)

PROBE_FRAMES = 331
PROBE_NEIGHBOUR_FRAMES = 613
PROBE_TIMES = (0.0, 0.4, 1.0)


def admit(model: DeviceModel) -> None:
    """Keep the budgets whose bits are the reference budget's; raises `EngineError` when that one cannot run."""
    if not model.budgets:
        return
    reference = next((budget for budget in model.budgets if budget.frames >= FRAMES_LIMIT), model.budgets[-1])
    times = torch.tensor(PROBE_TIMES)
    schedule = Schedule(times=PROBE_TIMES, table=model.network.modulation(times[:-1]))
    try:
        expected = _probe(model, reference, schedule, before=0, after=0)
    except torch.OutOfMemoryError as problem:
        raise EngineError(
            f"{model.device} has not the memory for one utterance of {reference.frames} frames; "
            "raise --max-vram-gib or choose another device"
        ) from problem
    for budget in list(model.budgets):
        if budget not in model.budgets:
            continue  # out of memory: dropped with those above it
        neighbours = min((budget.frames - PROBE_FRAMES) // PROBE_NEIGHBOUR_FRAMES, budget.utterances - 1)
        try:
            same = all(
                _probe(model, budget, schedule, before=before, after=after) == expected
                for before, after in {(0, 0), (0, neighbours), (neighbours, 0)}
            )
        except torch.OutOfMemoryError:
            model.drop(budget, "out of memory at warm-up")
            continue
        if not same:
            model.budgets.remove(budget)
            model.refused[budget.frames] = "other bits than the reference budget"
            log.warning("a budget of %d frames has other bits and is not used", budget.frames)
    if reference not in model.budgets:
        raise EngineError(
            f"{model.device} does not give an utterance the same bits in another place of a batch; "
            "report this with the output of `campaign doctor`"
        )


def _probe(model: DeviceModel, budget: Budget, schedule: Schedule, *, before: int, after: int) -> str:
    """sha256 of the probe's samples with so many neighbours on each side."""
    channels = model.network.mel_channels
    samples = [probe_sample(index, PROBE_NEIGHBOUR_FRAMES, channels) for index in range(before)]
    samples.append(probe_sample(-1, PROBE_FRAMES, channels))
    samples += [probe_sample(1000 + index, PROBE_NEIGHBOUR_FRAMES, channels) for index in range(after)]
    waves = model.run(samples, schedule, Guidance(strength=2.0), budget=budget)
    return hashlib.sha256(waves[before].numpy().tobytes()).hexdigest()


def probe_sample(number: int, frames: int, mel_channels: int) -> SamplerInput:
    """An utterance of nobody, always the same for a number."""
    generator = torch.Generator().manual_seed(number + 7)
    reference = torch.randn(frames // 4, mel_channels, generator=generator) * 2 - 4
    tokens = torch.randint(1, 100, (frames // 8,), generator=generator)
    return SamplerInput(reference=reference, tokens=tokens, frames=frames, seed=number + 7)
