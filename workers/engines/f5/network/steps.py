"""A pack on its way through the steps: what is made before the first, and one step after another.

Legend: r rows of the pack, m mel channels.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, Self

import torch
from torch import Tensor

from workers.engines.f5.network.table import ModulationTable
from workers.engines.f5.packing import Layout

if TYPE_CHECKING:
    from workers.engines.f5.network.fused_pack import FusedPack
    from workers.engines.f5.network.network import Network, PreparedPack


@dataclass(frozen=True, slots=True, kw_only=True)
class StepPlan:
    """What the steps of a pack are."""

    table: ModulationTable
    deltas: tuple[float, ...]
    """How far each goes."""
    guided: tuple[bool, ...]
    """Of each, whether the text pulls: a guided step runs every utterance twice."""
    strength: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedDraw:
    """A pack on the device, before its first step."""

    packs: Mapping[int, PreparedPack | FusedPack]
    """By halves, 2 for guided steps and 1 for others: what the network made of the pack for them."""
    noise: Tensor
    """float32 (frames of the utterances, m)."""
    ready: torch.cuda.Event | None = None
    """Passed when all of this is on the device; None where nothing is to be waited for."""

    @property
    def layouts(self) -> dict[int, Layout]:
        """By halves. The conditioned half lies at the same rows in both."""
        return {halves: pack.layout for halves, pack in self.packs.items()}

    def tensors(self) -> list[Tensor]:
        """Everything on the device."""
        return [self.noise, *(tensor for pack in self.packs.values() for tensor in pack.tensors())]


class Steps(Protocol):
    """A pack on its way; a context that holds what its mode needs of the device."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def advance(self, step: int) -> None:
        """Go step number `step` of the plan; called once for each, in order."""
        ...

    def conditioned(self) -> Tensor:
        """float32 (r, m): the state of the conditioned half from row 0 on."""
        ...


class PlainSteps:
    """Steps in torch's own operations, or in those that were compiled from them."""

    def __init__(self, network: Network, prepared: PreparedDraw, plan: StepPlan) -> None:
        self._network = network
        self._packs: dict[int, PreparedPack] = dict(prepared.packs)  # type: ignore[arg-type]
        self._plan = plan
        self._used = len(prepared.noise)
        # the state's rows are the pack's, fill included: one shape a budget
        most = max(self._packs)
        self._state = prepared.noise.new_zeros(self._packs[most].layout.rows, network.mel_channels)
        for half in range(most):
            self._state[half * self._used : (half + 1) * self._used] = prepared.noise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None

    def advance(self, step: int) -> None:
        """See `Steps`."""
        used, plan, state = self._used, self._plan, self._state
        pack = self._packs[2 if plan.guided[step] else 1]
        velocity = self._network.velocity(state[: pack.layout.rows], pack, plan.table[step])
        moved = velocity[:used]
        if plan.guided[step]:
            moved = moved + (moved - velocity[used : 2 * used]) * plan.strength
        state[:used].add_(moved, alpha=plan.deltas[step])
        if 2 in self._packs:
            state[used : 2 * used] = state[:used]

    def conditioned(self) -> Tensor:
        """See `Steps`."""
        return self._state
