"""This engine's side. Everything that the benchmarks and `tests/gpu` know of its insides stands here."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path

import torch
from torch import Tensor

from benchmarks.f5.material import GUIDANCE, SWAY
from workers.engines.f5.choice import CUDA_BUDGETS_FRAMES
from workers.engines.f5.device import DeviceChoice, DeviceModel, Mode, admit
from workers.engines.f5.packing import Budget, lay_out, pack
from workers.engines.f5.sampler import Guidance, SamplerInput, Schedule, draw, times_of
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

    def mels(self, samples: Sequence[SamplerInput], nfe: int, budget: Budget | None) -> list[Tensor]:
        """Of one pack, before the vocoder: float32 (speech frames, m) on the device."""
        return draw(self.device_model.network, samples, self.schedule(nfe), GUIDANCE, budget=budget)

    def packs(self, samples: Sequence[SamplerInput]) -> list[tuple[Budget | None, list[SamplerInput]]]:
        """The samples as the engine would run them."""
        if not self.budgets:
            return [(None, [sample]) for sample in samples]
        packed = pack([sample.frames for sample in samples], self.budgets)
        return [(budget, [samples[member] for member in members]) for budget, members in packed]

    def step(self, samples: Sequence[SamplerInput], budget: Budget | None) -> Callable[[], Tensor]:
        """One step of a pack, everything before it done: may be called again and again. As the mode launches it."""
        network = self.device_model.network
        layout = lay_out([sample.frames for sample in samples], halves=GUIDANCE.halves, budget=budget)
        texts = [
            network.text_embedding(sample.tokens, sample.frames, dropped=half == 1)
            for half in range(GUIDANCE.halves)
            for sample in samples
        ]
        references = [
            (sample.reference if half == 0 else sample.reference[:0]).to(self.device)
            for half in range(GUIDANCE.halves)
            for sample in samples
        ]
        prepared = network.prepare(layout, references, texts)
        state = torch.randn(layout.rows, network.mel_channels, generator=torch.Generator().manual_seed(5))
        noisy, modulation = state.to(self.device), self.schedule(4).table[1]
        return lambda: network.velocity(noisy, prepared, modulation)

    def velocity(
        self, samples: Sequence[SamplerInput], states: Sequence[Tensor], time_: float, *, fill: float
    ) -> list[Tensor]:
        """Conditioned velocities float32 (frames, m) of a pack at one time, rows beyond the pack holding `fill`."""
        network = self.device_model.network
        used = sum(sample.frames for sample in samples)
        layout = lay_out([sample.frames for sample in samples], halves=1, budget=Budget(frames=used + 256))
        texts = [network.text_embedding(sample.tokens, sample.frames, dropped=False) for sample in samples]
        prepared = network.prepare(layout, [sample.reference.to(self.device) for sample in samples], texts)
        noisy = torch.full((layout.rows, network.mel_channels), fill, device=self.device)
        noisy[:used] = torch.cat(list(states)).to(self.device)
        [modulation] = network.modulation(torch.tensor([time_]))
        moved = network.velocity(noisy, prepared, modulation)
        return [moved[start:end] for start, end in layout.bounds]

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
    """Modes to measure on a device, the engine's favourite last."""
    return tuple(Mode) if device.startswith("cuda") else (Mode.EAGER,)


def budgets_of(device: str) -> tuple[int, ...]:
    """Budgets to measure: the engine's own on a GPU, two small ones on the CPU, where it has none."""
    return CUDA_BUDGETS_FRAMES if device.startswith("cuda") else SMALL_BUDGETS_FRAMES


def most_that_fit(budget: Budget, one: SamplerInput) -> int:
    """How many utterances as long as `one` a budget holds; 0 where it is too long."""
    return min(budget.frames // one.frames, budget.utterances)
