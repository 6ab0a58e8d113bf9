"""F5's position embedding: two grouped convolutions over a sequence, each with bias and mish, added to what came in.

A row sees rows of its own sequence only, so no gaps are laid between sequences and nothing is gathered or turned
around. cuDNN's grouped convolution takes some 10 ms of a step of 90 for 2 % of its operations.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import triton
import triton.language as tl
from torch import Tensor

ROWS_PER_PROGRAM = 128


@dataclass(frozen=True, slots=True)
class Convolution:
    """One grouped convolution's weights as the kernel reads them."""

    weight: Tensor
    """(g, taps, c in, c out)."""
    bias: Tensor
    """(d,)."""

    @classmethod
    def of(cls, weight: Tensor, bias: Tensor) -> Convolution:
        """From `nn.Conv1d`'s (d, c, taps)."""
        d, c, taps = weight.shape
        return cls(weight.view(d // c, c, c, taps).permute(0, 3, 2, 1).contiguous(), bias)


@triton.jit(do_not_specialize=["rows"])
def _convolve(
    x,
    weight,
    bias,
    first,
    last,
    residual,
    out,
    rows,
    D: tl.constexpr,
    C: tl.constexpr,
    TAPS: tl.constexpr,
    HAS_RESIDUAL: tl.constexpr,
    BLOCK: tl.constexpr,
):
    row = tl.program_id(0) * BLOCK + tl.arange(0, BLOCK)
    group = tl.program_id(1)
    inside = row < rows
    begin = tl.load(first + row, mask=inside, other=0)
    end = tl.load(last + row, mask=inside, other=0)
    channel = tl.arange(0, C)
    total = tl.zeros([BLOCK, C], dtype=tl.float32)
    for tap in range(TAPS):
        seen = row + (tap - TAPS // 2)
        is_seen = (seen >= begin) & (seen < end)
        place = seen.to(tl.int64)[:, None] * D + group * C + channel[None, :]
        a = tl.load(x + place, mask=is_seen[:, None], other=0.0)
        b = tl.load(weight + ((group * TAPS + tap) * C + channel[:, None]) * C + channel[None, :])
        total = tl.dot(a, b, total, input_precision="ieee")
    total += tl.load(bias + group * C + channel)[None, :].to(tl.float32)
    # mish(v) = v tanh(log(1 + e^v)), with exponents that cannot overflow
    softplus = tl.maximum(total, 0.0) + tl.log(1.0 + tl.exp(-tl.abs(total)))
    folded = tl.exp(-2.0 * softplus)
    y = total * (1.0 - folded) / (1.0 + folded)
    y = tl.where((row < end)[:, None], y, 0.0)
    place = row.to(tl.int64)[:, None] * D + group * C + channel[None, :]
    if HAS_RESIDUAL:
        y += tl.load(residual + place, mask=inside[:, None], other=0.0).to(tl.float32)
    tl.store(out + place, y.to(out.dtype.element_ty), mask=inside[:, None])


def convolve(
    x: Tensor, convolution: Convolution, first: Tensor, last: Tensor, residual: Tensor | None = None
) -> Tensor:
    """x (r, d) -> mish(convolution(x)) (r, d), plus `residual`.

    `first` and `last`, int32 (r,): the bounds of each row's sequence; a row outside every sequence has 0 and 0, is
    seen by nobody and gives zero, or its residual.
    """
    rows, d = x.shape
    groups, taps, c, _ = convolution.weight.shape
    out = torch.empty_like(x)
    _convolve[(triton.cdiv(rows, ROWS_PER_PROGRAM), groups)](
        x,
        convolution.weight,
        convolution.bias,
        first,
        last,
        x if residual is None else residual,
        out,
        rows,
        d,
        c,
        taps,
        residual is not None,
        ROWS_PER_PROGRAM,
        num_warps=4,
        num_stages=2 if x.dtype == torch.float32 else 4,  # what a consumer GPU's shared memory holds
    )
    return out


def embed_positions(
    h: Tensor, convolutions: tuple[Convolution, Convolution], first: Tensor, last: Tensor
) -> Tensor:
    """(r, d) -> (r, d): `h` and what two convolutions make of it."""
    inner, outer = convolutions
    return convolve(convolve(h, inner, first, last), outer, first, last, residual=h)
