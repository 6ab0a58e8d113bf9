"""Queries and keys turned by their positions, and normed before that where the architecture does.

In the epilogue of their product it would spare this pass, but a product of this package's own runs at a third of
cuBLAS' rate (benchmarks/LOG.md).
"""

from __future__ import annotations

import torch
import triton
import triton.language as tl
from torch import Tensor


@triton.jit
def _turned(x, cosine, sine):
    """(a, b, 2): pairs of channels, turned by (a, b) angles -> (a, 2 b)."""
    even, odd = tl.split(x)
    both = tl.join(even * cosine - odd * sine, odd * cosine + even * sine)
    return tl.reshape(both, (x.shape[0], x.shape[1] * 2))


@triton.jit
def _rotate(
    qkv,
    first,
    last,
    cosine,
    sine,
    query_norm,
    key_norm,
    HEADS: tl.constexpr,
    ROTATED: tl.constexpr,
    C: tl.constexpr,
    BLOCK: tl.constexpr,
    EPSILON: tl.constexpr,
    HAS_NORM: tl.constexpr,
):
    row = tl.program_id(0)
    begin, end = tl.load(first + row), tl.load(last + row)
    position = tl.where(row < end, row - begin, 0)
    head = tl.arange(0, BLOCK)
    channel = tl.arange(0, C)
    inside = (head < 2 * HEADS)[:, None]
    place = row.to(tl.int64) * (3 * HEADS * C) + head[:, None] * C + channel[None, :]
    x = tl.load(qkv + place, mask=inside, other=0.0).to(tl.float32)
    if HAS_NORM:
        deviation = tl.rsqrt(tl.sum(x * x, axis=1) / C + EPSILON)
        scale = tl.where(
            (head < HEADS)[:, None],
            tl.load(query_norm + channel)[None, :].to(tl.float32),
            tl.load(key_norm + channel)[None, :].to(tl.float32),
        )
        x = x * deviation[:, None] * scale
    is_turned = inside & (head % HEADS < ROTATED)[:, None]
    angle = position * (C // 2) + tl.arange(0, C // 2)[None, :] + tl.zeros([BLOCK, 1], dtype=tl.int32)
    y = _turned(
        tl.reshape(x, (BLOCK, C // 2, 2)),
        tl.load(cosine + angle, mask=is_turned, other=1.0),
        tl.load(sine + angle, mask=is_turned, other=0.0),
    )
    tl.store(qkv + place, y.to(qkv.dtype.element_ty), mask=inside)


def rotate_(
    qkv: Tensor,
    first: Tensor,
    last: Tensor,
    angles: tuple[Tensor, Tensor],
    norms: tuple[Tensor, Tensor] | None,
    *,
    heads: int,
    rotated_heads: int,
    epsilon: float,
) -> Tensor:
    """qkv (r, 3 d) -> the same, queries and keys turned in their place, before that normed by `norms` (c,) each."""
    rows = len(qkv)
    c = qkv.shape[1] // (3 * heads)
    query_norm, key_norm = norms or (qkv, qkv)
    _rotate[(rows,)](
        qkv,
        first,
        last,
        *angles,
        query_norm,
        key_norm,
        heads,
        rotated_heads,
        c,
        triton.next_power_of_2(2 * heads),
        epsilon,
        norms is not None,
        num_warps=4,
    )
    return qkv


def angles_of(inverse_frequencies: Tensor, positions: int) -> tuple[Tensor, Tensor]:
    """float32 (c / 2,) -> cosine and sine of each position's angles, float32 (positions, c / 2)."""
    angles = torch.arange(positions)[:, None].float() * inverse_frequencies.cpu()[None]
    return angles.cos(), angles.sin()
