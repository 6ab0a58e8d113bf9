"""The products of the transformer: in the network's own type, or with both sides rounded to eight bits.

Legend: r rows, k and n a product's widths.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

import torch
from torch import Tensor
from torch.nn import functional

FLOAT8 = torch.float8_e4m3fn
FLOAT8_LARGEST = 448.0
"""Largest value of e4m3."""
LEAST_LARGEST = 1e-12
"""A row of zeros has a scale, too."""


class Product(Protocol):
    """(r, k) -> (r, n): a matrix and a bias."""

    def __call__(self, rows: Tensor) -> Tensor:
        """rows (r, k) -> (r, n) in the network's type."""
        ...

    def with_gelu(self, rows: Tensor) -> Tensor:
        """The same through GELU (tanh's form)."""
        ...

    @property
    def size(self) -> int:
        """k x n: multiply-adds that a row costs."""
        ...


@dataclass(frozen=True, slots=True)
class PlainProduct:
    """In the network's own type."""

    weight: Tensor
    """(n, k)."""
    bias: Tensor
    """(n,)."""

    def __call__(self, rows: Tensor) -> Tensor:
        """See `Product`."""
        return functional.linear(rows, self.weight, self.bias)

    def with_gelu(self, rows: Tensor) -> Tensor:
        """See `Product`. On CUDA in the product's own epilogue (cublasLt's), which spares a pass over the rows."""
        if rows.is_cuda and rows.dtype != torch.float32:
            return torch._addmm_activation(self.bias, rows, self.weight.t(), use_gelu=True)
        return functional.gelu(functional.linear(rows, self.weight, self.bias), approximate="tanh")

    @property
    def size(self) -> int:
        """See `Product`."""
        return self.weight.numel()


@dataclass(frozen=True, slots=True)
class Float8Product:
    """Both sides rounded to e4m3, each row (of what comes in, of the matrix) with a scale of its own.

    A row's scale is its own largest value's, so that a row's bits know nothing of the rows beside it.
    """

    weight: Tensor
    """e4m3 (n, k)."""
    scale: Tensor
    """float32 (n, 1)."""
    bias: Tensor
    """(n,)."""
    quantise: Callable[[Tensor], tuple[Tensor, Tensor]] = field(default_factory=lambda: quantised)
    """What rounds the rows; see `quantised`."""

    @classmethod
    def of(cls, weight: Tensor, bias: Tensor) -> Float8Product:
        """weight float (n, k)."""
        rounded, scale = quantised(weight)
        return cls(rounded, scale, bias)

    def __call__(self, rows: Tensor) -> Tensor:
        """See `Product`. Off CUDA the rounded values are multiplied in float32: the same but for the sums' order."""
        rounded, scale = self.quantise(rows)
        if rows.is_cuda:
            return torch._scaled_mm(
                rounded,
                self.weight.t(),
                scale,
                self.scale.t(),
                bias=self.bias,
                out_dtype=self.bias.dtype,
                use_fast_accum=True,
            )
        exact = functional.linear(rounded.float(), self.weight.float()) * scale * self.scale.t()
        return (exact + self.bias.float()).to(self.bias.dtype)

    def with_gelu(self, rows: Tensor) -> Tensor:
        """See `Product`."""
        return functional.gelu(self(rows), approximate="tanh")

    @property
    def size(self) -> int:
        """See `Product`."""
        return self.weight.numel()


def quantised(rows: Tensor) -> tuple[Tensor, Tensor]:
    """float (r, k) -> e4m3 (r, k) and float32 (r, 1): what each row is multiplied by to be itself again."""
    exact = rows.float()
    scale = exact.abs().amax(dim=1, keepdim=True).clamp(min=LEAST_LARGEST) / FLOAT8_LARGEST
    return (exact / scale).clamp(-FLOAT8_LARGEST, FLOAT8_LARGEST).to(FLOAT8), scale
