"""The loaded model on one device: which sizes of pack are admitted there, and packs run on it.

On CUDA every pack is filled up to a budget of a closed list, so that the shapes of all products are those of the
budget. `admission` says which budgets are used. On the CPU an utterance runs in a pack of its own: its shapes are its
own, so its bits are too, and packing gains nothing there (measured, benchmarks/LOG.md); a list of budgets can be given
all the same.
"""

from __future__ import annotations

import gc
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext

import torch
from torch import Tensor

from workers.engines.engine import DeviceLostError, DeviceMemoryError, EngineError
from workers.engines.f5.choice import DeviceChoice
from workers.engines.f5.device.ahead import PackAhead
from workers.engines.f5.device.canary import Canary
from workers.engines.f5.device.modes import mode_of
from workers.engines.f5.device.numeric_class import Proof, numeric_class
from workers.engines.f5.device.opening import accept_slow_float32, check_float8, open_device
from workers.engines.f5.faults import first_line, is_out_of_memory
from workers.engines.f5.network import Network
from workers.engines.f5.network.capturing import DEVICE_WIDE
from workers.engines.f5.packing import Budget
from workers.engines.f5.sampler import Guidance, SamplerInput, Schedule, draw
from workers.engines.f5.vocoder import Vocoder, rows_for
from workers.engines.f5.weights import FRAMES_LIMIT, LoadedModel
from workers.engines.options import Mode

log = logging.getLogger(__name__)

DTYPES = {"float32": torch.float32, "bfloat16": torch.bfloat16, "float16": torch.float16}
GUIDED = frozenset({2})
"""Numbers of halves of a pack with guidance in every step."""


class DeviceModel:
    """The loaded model on one device. Not thread-safe."""

    def __init__(self, model: LoadedModel, choice: DeviceChoice) -> None:
        """Moves the weights; raises `EngineError` when the device is not there or cannot do what was chosen."""
        self.choice = choice
        self.mode = mode_of(choice)
        self.device = open_device(choice)
        self.canary = _canary_on(self.device)
        own = "bfloat16" if choice.on_cuda else "float32"
        self.dtype = DTYPES[choice.precision or own]
        if self.mode is not Mode.EAGER and self.dtype == torch.float32:
            accept_slow_float32()
        float8 = model.architecture.float8
        if float8:
            check_float8(self.device, self.dtype)
        try:
            self.network = Network(
                model.dit, device=self.device, dtype=self.dtype, mode=self.mode, float8=float8
            )
            self.vocoder = Vocoder(
                model.vocoder_backbone,
                model.vocoder_head,
                device=self.device,
                hop_samples=model.architecture.hop_samples,
            )
        except RuntimeError as problem:
            if not self.lacked_memory(problem):
                raise
            raise _no_room_on(self.device) from problem
        self.float8 = float8
        self.ahead = PackAhead(self.network) if choice.on_cuda else None
        """Prepares the next pack; None on the CPU, which has no time for it."""
        self.listed = [Budget(frames=frames) for frames in choice.budgets]
        """Budgets that there is the memory for, the smallest first."""
        self.packs = bool(self.listed)
        """Whether utterances share packs here; if not, each runs alone."""
        holding_all = [budget for budget in self.listed if budget.frames >= FRAMES_LIMIT]
        self.reference = next(iter(holding_all or self.listed[-1:]), None)
        """The budget whose bits are right: the smallest that holds every utterance, or the largest there is."""
        self.digests: dict[int, str] = {}
        """For each number of halves that was admitted, the sha256 of the probe's samples."""
        self.other_bits: dict[int, set[Budget]] = {}
        """For each number of halves, the budgets that gave the probe other samples than the reference did."""
        self.refused: dict[int, str] = {}
        """Budgets that are not used, in frames, and why."""

    @property
    def budgets(self) -> list[Budget]:
        """Those of packs with guidance, the smallest first."""
        return self.budgets_for(GUIDED)

    def budgets_for(self, halves: frozenset[int]) -> list[Budget]:
        """Those that may be used for packs of these numbers of halves, the smallest first."""
        refused = set().union(*(self.other_bits.get(number, set()) for number in halves))
        return [budget for budget in self.listed if budget not in refused]

    @property
    def numeric_class(self) -> str:
        """Device, build and mode within which the same key gives the same bits."""
        proof = None
        if self.reference is not None:
            proof = Proof(reference_frames=self.reference.frames, digest=self.digests.get(2, ""))
        return numeric_class(self.device, self.dtype, self.mode, proof, float8=self.float8)

    def run(
        self,
        samples: Sequence[SamplerInput],
        schedule: Schedule,
        guidance: Guidance,
        *,
        budget: Budget | None,
        reshape: Callable[[int, Tensor], Tensor] | None = None,
        between_steps: Callable[[], None] | None = None,
        following: tuple[Budget, Sequence[SamplerInput]] | None = None,
    ) -> list[Tensor]:
        """One wave float32 (samples,) on the CPU for each sample. `reshape(index, mel)` may change a mel in between.

        `following` is the pack of the next call, of the same schedule and guidance: prepared while this one runs, where
        the device and not the processor is what is waited for.

        Raises `torch.OutOfMemoryError` and other RuntimeErrors of the device: `lacked_memory` tells them apart.
        """
        mels = self.draw(
            samples, schedule, guidance, budget=budget, between_steps=between_steps, following=following
        )
        if reshape is not None:
            mels = [reshape(index, mel) for index, mel in enumerate(mels)]
        if budget is None:
            return [self.vocoder.decode([mel])[0] for mel in mels]
        rows = rows_for(budget.frames, budget.utterances)
        if (
            sum(len(mel) for mel in mels) > budget.frames
        ):  # a mel was made longer: each alone in the budget's rows
            return [self.vocoder.decode([mel], rows=max(rows, rows_for(len(mel), 1)))[0] for mel in mels]
        return self.vocoder.decode(mels, rows=rows)

    def draw(
        self,
        samples: Sequence[SamplerInput],
        schedule: Schedule,
        guidance: Guidance,
        *,
        budget: Budget | None,
        between_steps: Callable[[], None] | None = None,
        following: tuple[Budget, Sequence[SamplerInput]] | None = None,
    ) -> list[Tensor]:
        """See `sampler.draw`: the mels, on the device, in the mode."""
        prepared, halves = None, guidance.halves_in(schedule)
        with self._chosen():
            if self.ahead is not None:
                prepared = self.ahead.take(samples, halves, budget=budget)
                if following is not None:
                    self.ahead.begin(following[1], halves, budget=following[0])
            return draw(
                self.network,
                samples,
                schedule,
                guidance,
                budget=budget,
                between_steps=between_steps,
                prepared=prepared,
            )

    def _chosen(self) -> AbstractContextManager[object]:
        """A thread has a device of its own, on which Triton launches whatever its tensors' device is."""
        return torch.cuda.device(self.device) if self.device.type == "cuda" else nullcontext()

    def close(self) -> None:
        """End what runs beside. Idempotent."""
        self._forget_ahead()

    # what goes wrong

    def lacked_memory(self, problem: BaseException) -> bool:
        """Whether an error of a run was want of memory. Raises `DeviceLostError` when nothing runs any more."""
        if not self.canary.is_alive():
            raise DeviceLostError(
                f"{self.device} is lost ({first_line(problem)}); start the worker again"
            ) from problem
        return is_out_of_memory(problem)

    def free_memory(self) -> None:
        """Give back what the allocator and the libraries hold but nobody uses, and the pack that was prepared ahead."""
        self._forget_ahead()
        gc.collect()  # an error's frames hold the tensors of its pack
        if self.device.type == "cuda":
            with DEVICE_WIDE:
                torch.backends.cuda.cufft_plan_cache[self.device.index].clear()
                torch.cuda.empty_cache()

    def _forget_ahead(self) -> None:
        if self.ahead is not None:
            self.ahead.forget()

    def drop_largest(self, why: str) -> None:
        """Use the largest budget no more; raises `DeviceMemoryError` where the reference would go."""
        largest = self.listed[-1]
        if largest == self.reference:
            raise DeviceMemoryError(
                f"{self.device} has no longer the memory for {largest.frames} frames at once ({why}). "
                "Start the worker again; if this comes back, end what else uses the device or give it a larger one"
            )
        self.drop_from(largest, why)

    def drop_from(self, budget: Budget, why: str) -> None:
        """Use this budget and all larger ones no more."""
        for dropped in [other for other in self.listed if other.frames >= budget.frames]:
            self.refused[dropped.frames] = why
            self.listed.remove(dropped)
            self.release(dropped)
        self.free_memory()
        log.warning("frame budgets from %d up are no longer used: %s", budget.frames, why)

    def release(self, budget: Budget) -> None:
        """Give back what is held for a budget alone: what was compiled for it, its buffers and graphs."""
        used = {halves * other.frames for other in self.listed for halves in (1, 2)}
        for rows in {budget.frames, 2 * budget.frames} - used:
            self.network.forget(rows)

    def refuse(self, budget: Budget, halves: int) -> None:
        """Not to be used for packs of so many halves: its bits are not the reference's."""
        self.other_bits.setdefault(halves, set()).add(budget)
        guided = "" if halves in GUIDED else " without guidance"
        self.refused.setdefault(budget.frames, f"other bits than the reference budget{guided}")
        log.warning("a budget of %d frames has other bits%s and is not used", budget.frames, guided)

    # modes

    def fall_back(self, why: str) -> None:
        """Go on in eager mode; what was admitted in the other must be admitted again."""
        log.warning(
            "F5 goes on in eager mode on %s, slower than %s: %s. Where this comes back, empty the folder of compiled "
            "kernels (CAMPAIGN_KERNEL_CACHE) and start the worker again",
            self.device,
            self.mode,
            why,
        )
        self._forget_ahead()
        self.network.stay_eager()
        self.mode = Mode.EAGER
        self.digests.clear()
        self.other_bits.clear()
        listed = {budget.frames for budget in self.listed}
        self.refused = {frames: reason for frames, reason in self.refused.items() if frames not in listed}

    @contextmanager
    def eagerly(self) -> Iterator[None]:
        """Runs inside are eager, whatever the mode."""
        self._forget_ahead()
        take_back = self.network.use_eager()
        try:
            yield
        finally:
            take_back()


def _canary_on(device: torch.device) -> Canary:
    """The first thing that a device does; what it cannot do for others' sake now, a new process may do later."""
    try:
        return Canary.on(device)
    except RuntimeError as problem:
        if is_out_of_memory(problem):
            raise _no_room_on(device) from problem
        raise DeviceLostError(
            f"{device} cannot be used ({first_line(problem)}); start the worker again, `nvidia-smi` says more"
        ) from problem


def _no_room_on(device: torch.device) -> EngineError:
    return EngineError(
        f"{device} has not the memory for the weights; raise --max-vram-gib, end what else uses it or choose another"
    )
