"""A `DiT`'s weights as the network holds them: one record a transformer block, and what a step's time does to it.

Legend: r rows of a pack, d model width.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from workers.engines.f5.network.products import Float8Product, PlainProduct, Product

VECTORS_PER_BLOCK = 6
"""Of a step's modulation: scale and shift before attention, gate after it; scale, shift, gate of the feed-forward."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One transformer block; queries, keys and values as one product."""

    qkv: Product
    query_norm: Tensor | None
    key_norm: Tensor | None
    out: Product
    up: Product
    down: Product


@dataclass(frozen=True, slots=True, kw_only=True)
class Modulation:
    """What one step's time does to every block: scales have their 1 added."""

    blocks: tuple[tuple[Tensor, ...], ...]
    """Per block `VECTORS_PER_BLOCK` of (d,)."""
    final_scale: Tensor
    final_shift: Tensor


def block_of(block: Any, own: Callable[[Tensor], Tensor], *, float8: bool) -> Block:
    """From one of a `DiT`'s; its projections cannot be used afterwards. `own` moves a tensor to device and type."""
    attention, up, down = block.attn, block.ff.ff[0][0], block.ff.ff[2]
    projections = (attention.to_q, attention.to_k, attention.to_v)
    weight = torch.cat([projection.weight for projection in projections])
    bias = torch.cat([projection.bias for projection in projections])

    def product(weight: Tensor, bias: Tensor) -> Product:
        if float8:
            return Float8Product.of(weight.detach().to(own(bias).device), own(bias))
        return PlainProduct(own(weight), own(bias))

    made = Block(
        qkv=product(weight, bias),
        query_norm=None if attention.q_norm is None else own(attention.q_norm.weight),
        key_norm=None if attention.k_norm is None else own(attention.k_norm.weight),
        out=product(attention.to_out[0].weight, attention.to_out[0].bias),
        up=product(up.weight, up.bias),
        down=product(down.weight, down.bias),
    )
    for spent in projections:  # copied into one; free the originals
        spent.weight = None
    return made
