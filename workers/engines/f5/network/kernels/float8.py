"""Rows rounded to e4m3, each with its own scale, in one pass."""

from __future__ import annotations

import torch
import triton
import triton.language as tl
from torch import Tensor

from workers.engines.f5.network.products import FLOAT8, FLOAT8_LARGEST, LEAST_LARGEST


@triton.jit
def _quantise(
    x, rounded, scales, K: tl.constexpr, BLOCK: tl.constexpr, LARGEST: tl.constexpr, LEAST: tl.constexpr
):
    row = tl.program_id(0)
    column = tl.arange(0, BLOCK)
    inside = column < K
    place = row.to(tl.int64) * K + column
    exact = tl.load(x + place, mask=inside, other=0.0).to(tl.float32)
    scale = tl.maximum(tl.max(tl.abs(exact), axis=0), LEAST) / LARGEST
    y = tl.minimum(tl.maximum(exact / scale, -LARGEST), LARGEST)
    tl.store(rounded + place, y.to(rounded.dtype.element_ty), mask=inside)
    tl.store(scales + row, scale)


def quantise_rows(rows: Tensor) -> tuple[Tensor, Tensor]:
    """See `products.quantised`."""
    r, k = rows.shape
    rounded = torch.empty(r, k, dtype=FLOAT8, device=rows.device)
    scales = torch.empty(r, 1, dtype=torch.float32, device=rows.device)
    _quantise[(r,)](
        rows, rounded, scales, k, triton.next_power_of_2(k), FLOAT8_LARGEST, LEAST_LARGEST, num_warps=4
    )
    return rounded, scales
