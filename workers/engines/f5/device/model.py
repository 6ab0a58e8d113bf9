"""The loaded model on one device: which sizes of pack are admitted there, and packs run on it.

On CUDA every pack is filled up to a budget of a closed list, so that the shapes of all products are those of the
budget. A budget is admitted at warm-up when a probe in it, first and last among neighbours, has the bits that it has
alone in the reference budget. On the CPU an utterance runs in a pack of its own: its shapes are its own, so its bits
are too, and packing gains nothing there (measured, benchmarks/LOG.md); a list of budgets can be given all the same.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from workers.engines.f5.choice import CUDA_BUDGETS_FRAMES, DeviceChoice, Mode
from workers.engines.f5.device.numeric_class import numeric_class
from workers.engines.f5.device.opening import open_device
from workers.engines.f5.network import Network
from workers.engines.f5.packing import Budget
from workers.engines.f5.sampler import Guidance, SamplerInput, Schedule, draw
from workers.engines.f5.vocoder import Vocoder, rows_for
from workers.engines.f5.weights import LoadedModel

log = logging.getLogger(__name__)

DTYPES = {"float32": torch.float32, "bfloat16": torch.bfloat16, "float16": torch.float16}


class DeviceModel:
    """The loaded model on one device. Not thread-safe."""

    def __init__(self, model: LoadedModel, choice: DeviceChoice) -> None:
        """Moves the weights; raises `EngineError` when the device is not there."""
        self.choice = choice
        self.device = open_device(choice)
        own = "bfloat16" if choice.on_cuda else "float32"
        self.dtype = DTYPES[choice.precision or own]
        self.mode = choice.mode or (Mode.COMPILED if choice.on_cuda else Mode.EAGER)
        self.network = Network(model.dit, device=self.device, dtype=self.dtype, mode=self.mode)
        self.vocoder = Vocoder(
            model.vocoder_backbone,
            model.vocoder_head,
            device=self.device,
            hop_samples=model.architecture.hop_samples,
        )
        default = CUDA_BUDGETS_FRAMES if choice.on_cuda else ()
        listed = default if choice.budgets_frames is None else choice.budgets_frames
        self.budgets = [Budget(frames=frames) for frames in sorted(set(listed))]
        self.packs = bool(self.budgets)
        """Whether utterances share packs here; if not, each runs alone."""
        self.refused: dict[int, str] = {}
        """Budgets that are not used, in frames, and why."""

    @property
    def numeric_class(self) -> str:
        """Device, build and mode within which the same key gives the same bits."""
        return numeric_class(self.device, self.dtype, self.mode, packs=self.packs)

    def run(
        self,
        samples: Sequence[SamplerInput],
        schedule: Schedule,
        guidance: Guidance,
        *,
        budget: Budget | None,
        reshape: Callable[[int, Tensor], Tensor] | None = None,
        between_steps: Callable[[], None] | None = None,
    ) -> list[Tensor]:
        """One wave float32 (samples,) on the CPU for each sample. `reshape(index, mel)` may change a mel in between.

        Raises `torch.OutOfMemoryError` and other RuntimeErrors of the device.
        """
        mels = draw(self.network, samples, schedule, guidance, budget=budget, between_steps=between_steps)
        if reshape is not None:
            mels = [reshape(index, mel) for index, mel in enumerate(mels)]
        if budget is None:
            return [self.vocoder.decode([mel])[0].cpu() for mel in mels]
        rows = rows_for(budget.frames, budget.utterances)
        if (
            sum(len(mel) for mel in mels) > budget.frames
        ):  # a mel was made longer: each alone in the budget's rows
            return [
                self.vocoder.decode([mel], rows=max(rows, rows_for(len(mel), 1)))[0].cpu() for mel in mels
            ]
        return [wave.cpu() for wave in self.vocoder.decode(mels, rows=rows)]

    def drop(self, budget: Budget, why: str) -> None:
        """Use this budget and all larger ones no more."""
        for dropped in [other for other in self.budgets if other.frames >= budget.frames]:
            self.refused[dropped.frames] = why
            self.budgets.remove(dropped)
        log.warning("frame budgets from %d up are no longer used: %s", budget.frames, why)

    def free_memory(self) -> None:
        """Give back what the allocator holds but nobody uses."""
        if self.device.type == "cuda":
            torch.cuda.empty_cache()
