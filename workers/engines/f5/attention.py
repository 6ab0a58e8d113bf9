"""Attention inside each sequence of a pack: one function, two implementations.

Legend: r rows, h heads, c channels of a head. Neither implementation lets a sequence see its neighbours or its own
length rounded up: a padding mask gives other bits than the sequence alone (measured), so there is none.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import scaled_dot_product_attention

from workers.engines.f5.packing import Layout

VARLEN_DTYPES = (torch.bfloat16, torch.float16)
"""What the flash kernel behind `varlen_attn` takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sequences:
    """The bounds of a pack's sequences, as the kernels want them."""

    bounds: tuple[tuple[int, int], ...]
    rows: int
    cumulative: Tensor
    """int32 (sequences + 1,) on the device."""
    longest: int

    @classmethod
    def of(cls, layout: Layout, device: torch.device) -> Sequences:
        """From a layout."""
        edges = [0, *(end for _, end in layout.bounds)]
        return cls(
            bounds=layout.bounds,
            rows=layout.rows,
            cumulative=torch.tensor(edges, dtype=torch.int32, device=device),
            longest=max(layout.lengths),
        )


def attend(query: Tensor, key: Tensor, value: Tensor, sequences: Sequences) -> Tensor:
    """(r, h, c) each -> (r, h, c); rows outside every sequence are zero."""
    if is_varlen(query):
        attended = varlen(query, key, value, sequences.cumulative, sequences.longest)
    else:
        attended = one_by_one(query, key, value, sequences.bounds)
    attended[sequences.bounds[-1][1] :] = 0
    return attended


def is_varlen(query: Tensor) -> bool:
    """Whether the flash kernel takes it."""
    return query.is_cuda and query.dtype in VARLEN_DTYPES


def varlen(query: Tensor, key: Tensor, value: Tensor, cumulative: Tensor, longest: int) -> Tensor:
    """(r, h, c) each -> (r, h, c). `cumulative` may end before r: the rows after it are not written.

    `longest` may be more than the longest sequence has: it decides how many blocks are started, not what they give.
    """
    from torch.nn.attention.varlen import varlen_attn

    attended = varlen_attn(query, key, value, cumulative, cumulative, longest, longest)
    return attended if isinstance(attended, Tensor) else attended[0]


def one_by_one(query: Tensor, key: Tensor, value: Tensor, bounds: tuple[tuple[int, int], ...]) -> Tensor:
    """(r, h, c) each -> (r, h, c), one sequence after another; rows outside every sequence are not written."""
    q, k, v = query.transpose(0, 1), key.transpose(0, 1), value.transpose(0, 1)  # (h, r, c)
    whole = torch.empty_like(query)
    for start, end in bounds:
        part = scaled_dot_product_attention(
            q[None, :, start:end], k[None, :, start:end], v[None, :, start:end]
        )
        whole[start:end] = part[0].transpose(0, 1)
    return whole
