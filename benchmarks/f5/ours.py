"""This engine's side. Everything that the benchmarks and `tests/gpu` know of its insides stands here."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import torch
from torch import Tensor

from benchmarks.f5.material import GUIDANCE, SWAY
from workers.engines.f5.choice import CUDA_BUDGETS_FRAMES
from workers.engines.f5.device import DeviceChoice, DeviceModel, Mode, admit
from workers.engines.f5.network.steps import StepPlan
from workers.engines.f5.packing import Budget, pack
from workers.engines.f5.sampler import (
    Guidance,
    PreparedDraw,
    SamplerInput,
    Schedule,
    draw,
    prepare,
    times_of,
)
from workers.engines.f5.upstream import load_upstream
from workers.engines.f5.weights import load, open_folder

SMALL_BUDGETS_FRAMES = (512, 1024)
"""For packs on the CPU, where the engine itself makes none."""


class Ours:
    """The model on one device, loaded; nothing is admitted before `admit`."""

    def __init__(self, folder: Path, choice: DeviceChoice) -> None:
        """Raises `EngineError` where the device or the weights cannot serve."""
        start = time.perf_counter()
        self.device_model = DeviceModel(load(open_folder(folder)), choice)
        self.load_s = time.perf_counter() - start
        self.admission_s: float | None = None
        self._schedules: dict[int, Schedule] = {}

    @property
    def device(self) -> torch.device:
        """Where it runs."""
        return self.device_model.device

    @property
    def mode(self) -> Mode:
        """How it runs."""
        return self.device_model.mode

    @property
    def budgets(self) -> list[Budget]:
        """Those that are left, the smallest first."""
        return list(self.device_model.budgets)

    @property
    def refused(self) -> dict[int, str]:
        """Frames of a budget that is not used -> why."""
        return dict(self.device_model.refused)

    @property
    def numeric_class(self) -> str:
        """Within which bits are promised to be equal."""
        return self.device_model.numeric_class

    def admit(self) -> None:
        """What a worker does at warm-up."""
        start = time.perf_counter()
        admit(self.device_model)
        self.admission_s = time.perf_counter() - start

    def schedule(self, nfe: int) -> Schedule:
        """Upstream's times for so many steps."""
        if nfe not in self._schedules:
            times = times_of(
                nfe, empirical=True, sway=SWAY, get_epss_timesteps=load_upstream().get_epss_timesteps
            )
            table = self.device_model.network.modulation(times[:-1])
            self._schedules[nfe] = Schedule(times=tuple(times.tolist()), table=table)
        return self._schedules[nfe]

    def waves(
        self,
        samples: Sequence[SamplerInput],
        nfe: int,
        budget: Budget | None,
        *,
        guidance: Guidance = GUIDANCE,
        between_steps: Callable[[], None] | None = None,
    ) -> list[Tensor]:
        """One pack, as the engine makes it."""
        return self.device_model.run(
            samples, self.schedule(nfe), guidance, budget=budget, between_steps=between_steps
        )

    def mels(
        self,
        samples: Sequence[SamplerInput],
        nfe: int,
        budget: Budget | None,
        *,
        guidance: Guidance = GUIDANCE,
    ) -> list[Tensor]:
        """Of one pack, before the vocoder: float32 (speech frames, m) on the device."""
        return draw(self.device_model.network, samples, self.schedule(nfe), guidance, budget=budget)

    def packs(self, samples: Sequence[SamplerInput]) -> list[tuple[Budget | None, list[SamplerInput]]]:
        """The samples as the engine would run them."""
        if not self.budgets:
            return [(None, [sample]) for sample in samples]
        packed = pack([sample.frames for sample in samples], self.budgets)
        return [(budget, [samples[member] for member in members]) for budget, members in packed]

    def prepared(self, samples: Sequence[SamplerInput], budget: Budget | None) -> PreparedDraw:
        """A guided pack on the device, before its first step."""
        return prepare(self.device_model.network, samples, frozenset({GUIDANCE.halves}), budget=budget)

    @contextmanager
    def step(self, samples: Sequence[SamplerInput], budget: Budget | None) -> Iterator[Callable[[], None]]:
        """One guided step of a pack, everything before it done, as the mode launches it; to be called often."""
        schedule = self.schedule(4)
        plan = StepPlan(
            table=schedule.table,
            deltas=schedule.deltas,
            guided=GUIDANCE.guides(schedule),
            strength=GUIDANCE.strength,
        )
        with self.device_model.network.steps(self.prepared(samples, budget), plan) as steps:
            yield lambda: steps.advance(0)

    def launched(self, samples: Sequence[SamplerInput], budget: Budget | None) -> Callable[[], Tensor]:
        """One velocity of a guided pack, launched kernel by kernel (not in fused mode): always from the same state."""
        network = self.device_model.network
        pack = self.prepared(samples, budget).packs[GUIDANCE.halves]
        state = torch.randn(
            pack.layout.rows, network.mel_channels, generator=torch.Generator().manual_seed(5)
        )
        noisy, modulation = state.to(self.device), self.schedule(4).table[1]
        return lambda: network.velocity(noisy, pack, modulation)  # type: ignore[arg-type]

    @torch.inference_mode()
    def velocity(
        self, samples: Sequence[SamplerInput], states: Sequence[Tensor], time_: float, *, fill: float
    ) -> list[Tensor]:
        """Conditioned velocities float32 (frames, m) of a pack at one time: a step of length 1, less where it began.

        `fill` is what the state holds in rows beyond the pack.
        """
        network = self.device_model.network
        frames = [sample.frames for sample in samples]
        budget = Budget(frames=sum(frames) + 256)
        packs = prepare(network, samples, frozenset({1}), budget=budget).packs
        began = torch.cat(list(states)).to(self.device)
        plan = StepPlan(
            table=network.modulation(torch.tensor([time_])), deltas=(1.0,), guided=(False,), strength=0.0
        )
        with network.steps(PreparedDraw(packs=packs, noise=began), plan) as steps:
            steps.conditioned()[len(began) :] = fill
            steps.advance(0)
            moved = steps.conditioned()[: len(began)] - began
        return list(torch.split(moved, frames))

    def decode(self, mels: Sequence[Tensor], budget: Budget) -> list[Tensor]:
        """The vocoder on a pack's mels; waves on the CPU."""
        from workers.engines.f5.vocoder import rows_for

        waves = self.device_model.vocoder.decode(mels, rows=rows_for(budget.frames, budget.utterances))
        return [wave.cpu() for wave in waves]

    def operations(self, samples: Sequence[SamplerInput], steps: int) -> float:
        """Floating-point operations: products and attention of both halves; norms and the vocoder left out."""
        network = self.device_model.network
        rows = GUIDANCE.halves * sum(sample.frames for sample in samples)
        squares = GUIDANCE.halves * sum(sample.frames**2 for sample in samples)
        step = 2 * rows * network.weight_parameters_per_row + 4 * squares * network.width * network.depth
        return float(step * steps)


def modes_of(device: str) -> tuple[Mode, ...]:
    """Modes to measure on a device, the engine's favourite last; on a CPU fused where Triton is interpreted."""
    if device.startswith("cuda"):
        return tuple(Mode)
    interpreted = os.environ.get("TRITON_INTERPRET") == "1"
    return (Mode.EAGER, Mode.FUSED) if interpreted else (Mode.EAGER,)


def budgets_of(device: str) -> tuple[int, ...]:
    """Budgets to measure: the engine's own on a GPU, two small ones on the CPU, where it has none."""
    return CUDA_BUDGETS_FRAMES if device.startswith("cuda") else SMALL_BUDGETS_FRAMES


def most_that_fit(budget: Budget, one: SamplerInput) -> int:
    """How many utterances as long as `one` a budget holds; 0 where it is too long."""
    return min(budget.frames // one.frames, budget.utterances)
