"""What the times of a schedule do to every block: a table, because the time is the same for all frames of a step.

Legend: s steps, b blocks, d model width.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from workers.engines.f5.network.blocks import VECTORS_PER_BLOCK, Modulation


class ModulationTable:
    """Made once a schedule, in float32; read by torch's own kernels step by step, by the fused ones on the device."""

    def __init__(self, vectors: Tensor, final: Tensor, own: Callable[[Tensor], Tensor]) -> None:
        """vectors (s, b, `VECTORS_PER_BLOCK`, d) and final (s, 2, d), float32 on the CPU, scales with their 1 added.

        `own` moves a tensor to the network's device and type.
        """
        self._vectors = vectors
        self._final = final
        self._own = own
        self._steps: dict[int, Modulation] = {}
        self._stacked: Tensor | None = None

    def __len__(self) -> int:
        return len(self._vectors)

    def __getitem__(self, step: int) -> Modulation:
        """One step's, in the network's own type."""
        if step not in self._steps:
            scale, shift = self._final[step]
            self._steps[step] = Modulation(
                blocks=tuple(
                    tuple(self._own(vector) for vector in vectors) for vectors in self._vectors[step]
                ),
                final_scale=self._own(scale),
                final_shift=self._own(shift),
            )
        return self._steps[step]

    def stacked(self, device: torch.device) -> Tensor:
        """float32 (s, b x `VECTORS_PER_BLOCK` + 2, d): every vector of a step, the final two last. Made once."""
        if self._stacked is None:
            self._stacked = torch.cat([self._vectors.flatten(1, 2), self._final], dim=1).to(device)
        return self._stacked


def table_of(modulators: list[Tensor], final: Tensor, own: Callable[[Tensor], Tensor]) -> ModulationTable:
    """From what upstream's modulators give: (s, 6 d) for each block, (s, 2 d) at the end; they add the 1 later."""
    steps = len(final)
    vectors = torch.stack([table.view(steps, VECTORS_PER_BLOCK, -1) for table in modulators], dim=1)
    shift, scale, gate, ff_shift, ff_scale, ff_gate = vectors.unbind(2)
    scale_last, shift_last = final.view(steps, 2, -1).unbind(1)
    return ModulationTable(
        torch.stack([1 + scale, shift, gate, 1 + ff_scale, ff_shift, ff_gate], dim=2),
        torch.stack([1 + scale_last, shift_last], dim=1),
        own,
    )
