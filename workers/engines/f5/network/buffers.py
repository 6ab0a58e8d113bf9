"""Where the fused steps of one budget read and write, and packs on their way through them.

Everything that a graph reads lies at one place for good: a pack is copied into the buffers of its budget, and the
step's number, by which the modulation is looked up on the device, is counted there.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING, Self

import torch
from torch import Tensor

from workers.engines.f5.faults import first_line, is_out_of_memory
from workers.engines.f5.network.capturing import Capture, Graph
from workers.engines.f5.network.fused_pack import FusedPack
from workers.engines.f5.network.steps import PreparedDraw, StepPlan
from workers.engines.f5.packing import Layout

if TYPE_CHECKING:
    from workers.engines.f5.network.fused import FusedNetwork

log = logging.getLogger(__name__)

LONGEST_STEP = 512
"""A graph is for longest sequences up to a multiple of it: more would start blocks that have nothing to do."""
MOST_REFUSALS = 3
"""A capture that fails is tried again with the next pack: another thread's wait for the whole device fails it, too."""


class StepBuffers:
    """What the graphs of one budget read and write, at its place for good."""

    def __init__(self, owner: FusedNetwork, layout: Layout) -> None:
        network = owner.network
        rows, device = layout.rows, network.device
        self.halves = 2 if layout.is_guided else 1
        self.state = torch.zeros(rows, owner.channels, device=device)
        self.fixed = torch.zeros(rows, network.width, dtype=network.dtype, device=device)
        self.first = torch.zeros(rows, dtype=torch.int32, device=device)
        self.last = torch.zeros(rows, dtype=torch.int32, device=device)
        self.cumulative = torch.zeros(layout.places + 1, dtype=torch.int32, device=device)
        self.conditioned = torch.zeros(rows, dtype=torch.int64, device=device)
        self.unconditioned = torch.zeros(rows, dtype=torch.int64, device=device)
        self.strength = torch.zeros(1, device=device)
        self.number = torch.zeros(1, dtype=torch.int64, device=device)
        self.graphs: dict[tuple[int, int], Graph] = {}
        self.is_taken = False
        self._owner = owner
        self._attention = (0, 0)
        self._refusals = 0
        self._is_refused = False
        self._was_told = False

    def load(self, pack: FusedPack, strength: float) -> None:
        """Copy a pack in."""
        self.fixed.copy_(pack.fixed)
        self.first.copy_(pack.first)
        self.last.copy_(pack.last)
        self.cumulative.copy_(pack.cumulative)
        self.conditioned.copy_(pack.conditioned)
        self.unconditioned.copy_(pack.unconditioned)
        self.strength.fill_(strength)
        self._is_refused = self._refusals >= MOST_REFUSALS
        sequences = len(pack.layout.bounds)
        longest = max(pack.layout.lengths)
        self._attention = (
            min(1 << (sequences - 1).bit_length(), pack.layout.places),
            -(-longest // LONGEST_STEP) * LONGEST_STEP,
        )

    def advance(self) -> None:
        """One step: replayed, or launched where there is no graph yet or none can be."""
        graph = self.graphs.get(self._attention)
        if graph is not None:
            graph.replay()
            return
        launch = partial(self._owner.step, self, self._attention)
        launch()
        if self._owner.capture is not None and not self._is_refused:
            self._keep(launch, self._owner.capture)

    def _keep(self, launch: Callable[[], None], capture: Capture) -> None:
        """Keep what was just launched as a graph. Its bits are those of launching: admission holds both together."""
        try:
            self.graphs[self._attention] = capture(launch)
        except RuntimeError as problem:
            self._is_refused = True
            self._refusals += not is_out_of_memory(problem)
            if not self._was_told:
                log.warning(
                    "steps of %d rows are launched kernel by kernel: they could not be captured (%s)",
                    len(self.state),
                    first_line(problem),
                )
            self._was_told = True
        else:
            self._was_told = False


class FusedSteps:
    """A pack on its way; see `Steps`."""

    def __init__(self, fused: FusedNetwork, prepared: PreparedDraw, plan: StepPlan) -> None:
        self._fused = fused
        self._plan = plan
        self._prepared = prepared
        self._buffers: dict[int, StepBuffers] = {}
        self._halves = max(prepared.packs)

    def __enter__(self) -> Self:
        try:
            self._load()
        except BaseException:
            self._give_back()
            raise
        return self

    def _load(self) -> None:
        for halves, pack in self._prepared.packs.items():
            assert isinstance(pack, FusedPack)
            self._buffers[halves] = buffers = self._fused.buffers_for(pack.layout)
            buffers.load(pack, self._plan.strength)
        state, noise = self._buffers[self._halves].state, self._prepared.noise
        state.zero_()
        for half in range(self._halves):
            state[half * len(noise) : (half + 1) * len(noise), : noise.shape[1]] = noise

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._give_back()

    def _give_back(self) -> None:
        for buffers in self._buffers.values():
            buffers.is_taken = False

    def advance(self, step: int) -> None:
        """See `Steps`."""
        plan = self._plan
        self._fused.load(plan.table, plan.deltas)  # a preview may have had another one since the last step
        halves = 2 if plan.guided[step] else 1
        buffers = self._buffers[halves]
        if halves != self._halves:
            self._hand_over(self._buffers[self._halves], buffers)
        if step == 0 or halves != self._halves:
            buffers.number.fill_(step)
        self._halves = halves
        buffers.advance()

    def _hand_over(self, given: StepBuffers, taken: StepBuffers) -> None:
        """The conditioned half lies at the same rows in both; the other half begins as its copy."""
        taken.state.copy_(given.state.index_select(0, taken.conditioned))

    def conditioned(self) -> Tensor:
        """See `Steps`."""
        state: Tensor = self._buffers[self._halves].state[:, : self._fused.network.mel_channels]
        return state
