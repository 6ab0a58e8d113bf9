"""Queries, keys and values: the product, and the rotation of queries and keys by their positions.

`rotated_product` turns them in the product's epilogue, before they are written; `rotate_` turns what is written
already, and norms it where the architecture does.
"""

from __future__ import annotations

import torch
import triton
import triton.language as tl
from torch import Tensor

BLOCKS = (128, 128, 64)
"""Rows, columns and depth of a program's product."""
FLOAT32_BLOCKS = (64, 64, 32)
"""The same where there are no tensor cores to hold it."""
GROUP_ROWS = 8
"""Blocks of rows that share blocks of the matrix while these are in the cache."""


@triton.jit
def _turned(x, cosine, sine):
    """(a, b, 2): pairs of channels, turned by (a, b) angles -> (a, 2 b)."""
    even, odd = tl.split(x)
    both = tl.join(even * cosine - odd * sine, odd * cosine + even * sine)
    return tl.reshape(both, (x.shape[0], x.shape[1] * 2))


@triton.jit(do_not_specialize=["rows"])
def _rotated_product(
    x,
    weight,
    bias,
    first,
    last,
    cosine,
    sine,
    out,
    rows,
    D: tl.constexpr,
    ROTATED: tl.constexpr,
    C: tl.constexpr,
    BM: tl.constexpr,
    BN: tl.constexpr,
    BK: tl.constexpr,
    GROUP: tl.constexpr,
):
    program = tl.program_id(0)
    down, across = tl.cdiv(rows, BM), tl.cdiv(3 * D, BN)
    group = program // (GROUP * across)
    high = min(down - group * GROUP, GROUP)
    row = (group * GROUP + program % (GROUP * across) % high) * BM + tl.arange(0, BM)
    left = (program % (GROUP * across) // high) * BN
    column = left + tl.arange(0, BN)
    inside = row < rows
    total = tl.zeros([BM, BN], dtype=tl.float32)
    for k in range(0, D, BK):
        deep = k + tl.arange(0, BK)
        a = tl.load(
            x + row.to(tl.int64)[:, None] * D + deep[None, :],
            mask=inside[:, None] & (deep < D)[None, :],
            other=0.0,
        )
        b = tl.load(
            weight + column[None, :] * D + deep[:, None],
            mask=(column < 3 * D)[None, :] & (deep < D)[:, None],
            other=0.0,
        )
        total = tl.dot(a, b, total, input_precision="ieee")
    total += tl.load(bias + column, mask=column < 3 * D, other=0.0)[None, :].to(tl.float32)
    begin = tl.load(first + row, mask=inside, other=0)
    end = tl.load(last + row, mask=inside, other=0)
    position = tl.where(row < end, row - begin, 0)
    pair = left + 2 * tl.arange(0, BN // 2)
    is_turned = (pair < 2 * D) & (pair % D < ROTATED)
    angle = position[:, None] * (C // 2) + (pair % C // 2)[None, :]
    y = _turned(
        tl.reshape(total, (BM, BN // 2, 2)),
        tl.load(cosine + angle, mask=is_turned[None, :], other=1.0),
        tl.load(sine + angle, mask=is_turned[None, :], other=0.0),
    )
    place = row.to(tl.int64)[:, None] * (3 * D) + column[None, :]
    tl.store(out + place, y.to(out.dtype.element_ty), mask=inside[:, None] & (column < 3 * D)[None, :])


def rotated_product(
    x: Tensor,
    weight: Tensor,
    bias: Tensor,
    first: Tensor,
    last: Tensor,
    angles: tuple[Tensor, Tensor],
    *,
    heads: int,
    rotated_heads: int,
) -> Tensor:
    """x (r, d), weight (3 d, d) -> (r, 3 d): queries and keys turned, values as they are.

    `first` and `last`: int32 (r,), the bounds of each row's sequence. `angles`: cosine and sine, float32
    (positions, c / 2).
    """
    rows, d = x.shape
    out = x.new_empty(rows, 3 * d)
    c = d // heads
    is_exact = x.dtype == torch.float32
    down, across, deep = FLOAT32_BLOCKS if is_exact else BLOCKS
    _rotated_product[(triton.cdiv(rows, down) * triton.cdiv(3 * d, across),)](
        x,
        weight,
        bias,
        first,
        last,
        *angles,
        out,
        rows,
        d,
        rotated_heads * c,
        c,
        down,
        across,
        deep,
        GROUP_ROWS,
        num_warps=4 if is_exact else 8,
        num_stages=2 if is_exact else 3,
    )
    return out


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
