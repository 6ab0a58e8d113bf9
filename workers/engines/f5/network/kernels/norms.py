"""A layer norm with a step's scale and shift, and the addition before it, in one pass over the rows."""

from __future__ import annotations

import torch
import triton
import triton.language as tl
from torch import Tensor

ROWS_PER_PROGRAM = 4


@triton.jit(do_not_specialize=["rows"])
def _add_norm(
    h,
    added,
    gate,
    scale,
    shift,
    normed,
    rows,
    D: tl.constexpr,
    BLOCK: tl.constexpr,
    EPSILON: tl.constexpr,
    HAS_ADDED: tl.constexpr,
    ROWS: tl.constexpr,
):
    row = tl.program_id(0) * ROWS + tl.arange(0, ROWS)
    column = tl.arange(0, BLOCK)
    known = column < D
    inside = (row < rows)[:, None] & known[None, :]
    place = row.to(tl.int64)[:, None] * D + column[None, :]
    x = tl.load(h + place, mask=inside, other=0.0).to(tl.float32)
    if HAS_ADDED:
        gates = tl.load(gate + column, mask=known, other=0.0)[None, :]
        x += tl.load(added + place, mask=inside, other=0.0).to(tl.float32) * gates
        kept = x.to(h.dtype.element_ty)
        tl.store(h + place, kept, mask=inside)
        x = kept.to(tl.float32)
    mean = tl.sum(x, axis=1) / D
    centred = tl.where(known[None, :], x - mean[:, None], 0.0)
    deviation = tl.rsqrt(tl.sum(centred * centred, axis=1) / D + EPSILON)
    y = centred * deviation[:, None] * tl.load(scale + column, mask=known, other=0.0)[None, :]
    y += tl.load(shift + column, mask=known, other=0.0)[None, :]
    tl.store(normed + place, y.to(normed.dtype.element_ty), mask=inside)


def norm(h: Tensor, scale: Tensor, shift: Tensor, *, epsilon: float) -> Tensor:
    """h (r, d); scale and shift float32 (d,) -> the norm (r, d)."""
    return _launched(h, None, scale, scale, shift, epsilon)


def add_norm_(
    h: Tensor, added: Tensor, gate: Tensor, scale: Tensor, shift: Tensor, *, epsilon: float
) -> Tensor:
    """Adds gate x `added` to `h` in its place; -> the norm of the sum (r, d). gate, scale, shift: float32 (d,)."""
    return _launched(h, added, gate, scale, shift, epsilon)


def _launched(
    h: Tensor, added: Tensor | None, gate: Tensor, scale: Tensor, shift: Tensor, epsilon: float
) -> Tensor:
    rows, d = h.shape
    normed = torch.empty_like(h)
    _add_norm[(triton.cdiv(rows, ROWS_PER_PROGRAM),)](
        h,
        h if added is None else added,
        gate,
        scale,
        shift,
        normed,
        rows,
        d,
        triton.next_power_of_2(d),
        epsilon,
        added is not None,
        ROWS_PER_PROGRAM,
        num_warps=4,
    )
    return normed
