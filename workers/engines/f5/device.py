"""The loaded model on one device: which sizes of pack are admitted there, and packs run on it.

On CUDA every pack is filled up to a budget of a closed list, so that the shapes of all products are those of the
budget. A budget is admitted at warm-up when a probe in it, first and last among neighbours, has the bits that it has
alone in the reference budget. On the CPU an utterance runs in a pack of its own: its shapes are its own, so its bits
are too, and packing gains nothing there (measured, benchmarks/LOG.md); a list of budgets can be given all the same.
"""

from __future__ import annotations

import hashlib
import logging
import platform
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from workers.engines.engine import EngineError
from workers.engines.f5.network import Network
from workers.engines.f5.packing import Budget
from workers.engines.f5.sampler import Guidance, SamplerInput, Schedule, draw
from workers.engines.f5.vocoder import Vocoder, rows_for
from workers.engines.f5.weights import FRAMES_LIMIT, LoadedModel

log = logging.getLogger(__name__)

CUDA_BUDGETS_FRAMES = (1024, 2048, 4096, 8192, 16384, 32768)
"""Of reference and speech; a preview needs the small ones, bulk the large."""
PRECISIONS = {"float32": torch.float32, "bfloat16": torch.bfloat16}
PROBE_FRAMES = 331
PROBE_NEIGHBOUR_FRAMES = 613
PROBE_TIMES = (0.0, 0.4, 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceChoice:
    """Where and how the model runs."""

    device: str
    """`cpu`, `cuda`, `cuda:1`."""
    budgets_frames: tuple[int, ...] | None = None
    """None: the device's own list; () : every utterance alone."""
    max_vram_gib: float | None = None
    compiled: bool | None = None
    """None: on CUDA."""
    precision: str | None = None
    """`float32` or `bfloat16`; None: the device's own."""
    threads: int | None = None
    """On the CPU; None: as many as there are, rounded down to a power of two."""

    @property
    def on_cuda(self) -> bool:
        """Whether it is a GPU of NVIDIA's."""
        return self.device.partition(":")[0] == "cuda"


class DeviceModel:
    """The loaded model on one device. Not thread-safe."""

    def __init__(self, model: LoadedModel, choice: DeviceChoice) -> None:
        """Moves the weights; raises `EngineError` when the device is not there."""
        self.choice = choice
        self.device = _open_device(choice)
        own = "bfloat16" if choice.on_cuda else "float32"
        self.dtype = PRECISIONS[choice.precision or own]
        self.compiled = choice.on_cuda if choice.compiled is None else choice.compiled
        self.network = Network(model.dit, device=self.device, dtype=self.dtype, compiled=self.compiled)
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
        kind = "bf16" if self.dtype == torch.bfloat16 else "f32"
        mode = f"{kind}-{'packs' if self.packs else 'alone'}-{'compiled' if self.compiled else 'eager'}"
        if self.device.type == "cuda":
            name = torch.cuda.get_device_properties(self.device).name.replace(" ", "-")
            cudnn = torch.backends.cudnn.version()  # type: ignore[no-untyped-call]
            return f"{name}-torch{torch.__version__}-cuda{torch.version.cuda}-cudnn{cudnn}-{mode}"
        capability = torch.backends.cpu.get_cpu_capability().replace(" ", "-")
        threads = torch.get_num_threads()
        return f"{platform.machine()}-{capability}-torch{torch.__version__}-{mode}-t{threads}"

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

    # admission

    def admit(self) -> None:
        """Keep the budgets whose bits are the reference budget's; raises `EngineError` when that one cannot run."""
        if not self.budgets:
            return
        reference = next(
            (budget for budget in self.budgets if budget.frames >= FRAMES_LIMIT), self.budgets[-1]
        )
        times = torch.tensor(PROBE_TIMES)
        schedule = Schedule(times=PROBE_TIMES, table=self.network.modulation(times[:-1]))
        try:
            expected = self._probe(reference, schedule, before=0, after=0)
        except torch.OutOfMemoryError as problem:
            raise EngineError(
                f"{self.device} has not the memory for one utterance of {reference.frames} frames; "
                "raise --max-vram-gib or choose another device"
            ) from problem
        for budget in list(self.budgets):
            if budget not in self.budgets:
                continue  # out of memory: dropped with those above it
            neighbours = min((budget.frames - PROBE_FRAMES) // PROBE_NEIGHBOUR_FRAMES, budget.utterances - 1)
            try:
                same = all(
                    self._probe(budget, schedule, before=before, after=after) == expected
                    for before, after in {(0, 0), (0, neighbours), (neighbours, 0)}
                )
            except torch.OutOfMemoryError:
                self.drop(budget, "out of memory at warm-up")
                continue
            if not same:
                self.budgets.remove(budget)
                self.refused[budget.frames] = "other bits than the reference budget"
                log.warning("a budget of %d frames has other bits and is not used", budget.frames)
        if reference not in self.budgets:
            raise EngineError(
                f"{self.device} does not give an utterance the same bits in another place of a batch; "
                "report this with the output of `campaign doctor`"
            )

    def _probe(self, budget: Budget, schedule: Schedule, *, before: int, after: int) -> str:
        """sha256 of the probe's samples with so many neighbours on each side."""
        samples = [self._sample(index, PROBE_NEIGHBOUR_FRAMES) for index in range(before)]
        samples.append(self._sample(-1, PROBE_FRAMES))
        samples += [self._sample(1000 + index, PROBE_NEIGHBOUR_FRAMES) for index in range(after)]
        waves = self.run(samples, schedule, Guidance(strength=2.0), budget=budget)
        return hashlib.sha256(waves[before].numpy().tobytes()).hexdigest()

    def _sample(self, number: int, frames: int) -> SamplerInput:
        generator = torch.Generator().manual_seed(number + 7)
        reference = torch.randn(frames // 4, self.network.mel_channels, generator=generator) * 2 - 4
        tokens = torch.randint(1, 100, (frames // 8,), generator=generator)
        return SamplerInput(reference=reference, tokens=tokens, frames=frames, seed=number + 7)


def _open_device(choice: DeviceChoice) -> torch.device:
    if not choice.on_cuda:
        if choice.device != "cpu":
            raise EngineError(f"no device {choice.device!r}; give cpu, cuda or cuda:N")
        threads = choice.threads or torch.get_num_threads()
        torch.set_num_threads(1 << (threads.bit_length() - 1))
        return torch.device("cpu")
    if not torch.cuda.is_available():
        raise EngineError(
            "no GPU can be used here; `campaign doctor` says why, --device cpu works without one"
        )
    device = torch.device(choice.device if ":" in choice.device else "cuda:0")
    if device.index >= torch.cuda.device_count():
        raise EngineError(f"there is no {device}; this process sees {torch.cuda.device_count()} GPU(s)")
    torch.cuda.set_device(device)
    if torch.cuda.get_device_capability(device) < (8, 0):
        raise EngineError(f"{device} computes no bfloat16; F5 needs an Ampere GPU or newer, or --device cpu")
    torch.backends.cudnn.benchmark = False  # a trial of kernels may choose another one tomorrow
    torch.backends.cudnn.deterministic = True
    torch.backends.cuda.matmul.allow_bf16_reduced_precision_reduction = False
    if choice.max_vram_gib is not None:
        total = torch.cuda.get_device_properties(device).total_memory
        torch.cuda.set_per_process_memory_fraction(min(1.0, choice.max_vram_gib * 2**30 / total), device)
    return device
