"""What a pack is to the fused kernels: where each row's sequence lies, and which rows are halves of one frame.

Legend: r rows of the pack, d model width.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from workers.engines.f5.packing import Layout


@dataclass(frozen=True, slots=True, kw_only=True)
class FusedPack:
    """What stays the same through the steps of one pack."""

    layout: Layout
    fixed: Tensor
    """(r, d): reference's and text's share of the input projection, with its bias."""
    first: Tensor
    """int32 (r,): the first row of each row's sequence."""
    last: Tensor
    """int32 (r,): the row after its last; 0 for rows outside every sequence."""
    cumulative: Tensor
    """int32 (places + 1,): where each sequence begins; places that are not taken have no rows."""
    conditioned: Tensor
    """int64 (r,): the row that holds the same frame conditioned; 0 for rows outside every sequence."""
    unconditioned: Tensor
    """int64 (r,): the row that holds it unconditioned; the same as `conditioned` without guidance."""

    def tensors(self) -> list[Tensor]:
        """Everything on the device."""
        return [
            self.fixed,
            self.first,
            self.last,
            self.cumulative,
            self.conditioned,
            self.unconditioned,
        ]


def describe_rows(layout: Layout, *, halves: int) -> dict[str, Tensor]:
    """`first`, `last`, `cumulative`, `conditioned` and `unconditioned` of a layout, on the CPU."""
    first = torch.zeros(layout.rows, dtype=torch.int32)
    last = torch.zeros(layout.rows, dtype=torch.int32)
    for start, end in layout.bounds:
        first[start:end], last[start:end] = start, end
    cumulative = torch.full((layout.places + 1,), layout.used, dtype=torch.int32)
    cumulative[0] = 0
    for number, (_, end) in enumerate(layout.bounds, start=1):
        cumulative[number] = end
    half = layout.used // halves
    conditioned = torch.zeros(layout.rows, dtype=torch.int64)
    conditioned[: layout.used] = torch.arange(half).repeat(halves)
    unconditioned = conditioned.clone()
    unconditioned[: layout.used] += half * (halves - 1)
    return {
        "first": first,
        "last": last,
        "cumulative": cumulative,
        "conditioned": conditioned,
        "unconditioned": unconditioned,
    }
