"""A layer norm with a step's scale and shift, and the addition before it, in one pass over the rows."""

from __future__ import annotations

import torch
import triton
import triton.language as tl
from torch import Tensor


@triton.jit
def _add_norm(
    h,
    added,
    gate,
    scale,
    shift,
    normed,
    D: tl.constexpr,
    BLOCK: tl.constexpr,
    EPSILON: tl.constexpr,
    HAS_ADDED: tl.constexpr,
):
    column = tl.arange(0, BLOCK)
    inside = column < D
    place = tl.program_id(0).to(tl.int64) * D + column
    x = tl.load(h + place, mask=inside, other=0.0).to(tl.float32)
    if HAS_ADDED:
        x += tl.load(added + place, mask=inside, other=0.0).to(tl.float32) * tl.load(
            gate + column, mask=inside, other=0.0
        )
        kept = x.to(h.dtype.element_ty)
        tl.store(h + place, kept, mask=inside)
        x = kept.to(tl.float32)
    mean = tl.sum(x, axis=0) / D
    centred = tl.where(inside, x - mean, 0.0)
    deviation = tl.rsqrt(tl.sum(centred * centred, axis=0) / D + EPSILON)
    y = centred * deviation * tl.load(scale + column, mask=inside, other=0.0)
    y += tl.load(shift + column, mask=inside, other=0.0)
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
    _add_norm[(rows,)](
        h,
        h if added is None else added,
        gate,
        scale,
        shift,
        normed,
        d,
        triton.next_power_of_2(d),
        epsilon,
        added is not None,
        num_warps=4,
    )
    return normed
