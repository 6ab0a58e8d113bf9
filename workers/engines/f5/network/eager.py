"""The arithmetic of one step in torch's own operations: the definition that every other mode is held to.

Legend: r rows of the pack, d model width, h heads, c channels of a head.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional

from workers.engines.f5.network.blocks import Block

NORM_EPSILON = 1e-6
"""Of every layer norm in `f5_tts.model.modules`."""


def before_attention(
    h: Tensor,
    block: Block,
    scale: Tensor,
    shift: Tensor,
    rotation: Tensor,
    heads: int,
    rotated_heads: int | None,
) -> tuple[Tensor, Tensor, Tensor]:
    """(r, d) -> queries, keys, values (r, h, c)."""
    normed = functional.layer_norm(h, (h.shape[-1],), scale, shift, NORM_EPSILON)
    projected = block.qkv(normed).view(len(h), 3, heads, -1)
    query, key, value = projected.unbind(1)
    if block.query_norm is not None:
        query = functional.rms_norm(query, query.shape[-1:], block.query_norm, NORM_EPSILON)
    if block.key_norm is not None:
        key = functional.rms_norm(key, key.shape[-1:], block.key_norm, NORM_EPSILON)
    if rotated_heads is None:
        return rotated(query, rotation), rotated(key, rotation), value
    return (
        torch.cat([rotated(query[:, :rotated_heads], rotation), query[:, rotated_heads:]], dim=1),
        torch.cat([rotated(key[:, :rotated_heads], rotation), key[:, rotated_heads:]], dim=1),
        value,
    )


def after_attention(h: Tensor, attended: Tensor, block: Block, vectors: Sequence[Tensor]) -> Tensor:
    """(r, d) and what attention gave -> (r, d) after the block's feed-forward. `vectors`: gate, scale, shift, gate."""
    gate, scale, shift, ff_gate = vectors
    h = torch.addcmul(h, block.out(attended), gate)
    normed = functional.layer_norm(h, (h.shape[-1],), scale, shift, NORM_EPSILON)
    up = functional.gelu(block.up(normed), approximate="tanh")
    return torch.addcmul(h, block.down(up), ff_gate)


def between_attentions(
    h: Tensor,
    attended: Tensor,
    block: Block,
    vectors: Sequence[Tensor],
    following: Block,
    scale: Tensor,
    shift: Tensor,
    rotation: Tensor,
    heads: int,
    rotated_heads: int | None,
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """From one block's attention to the next one's: (r, d) and its queries, keys, values."""
    h = after_attention(h, attended, block, vectors)
    return h, *before_attention(h, following, scale, shift, rotation, heads, rotated_heads)


def leave(
    h: Tensor,
    attended: Tensor,
    block: Block,
    vectors: Sequence[Tensor],
    final_scale: Tensor,
    final_shift: Tensor,
    weight: Tensor,
    bias: Tensor,
) -> Tensor:
    """After the last attention: float32 (r, m)."""
    h = after_attention(h, attended, block, vectors)
    h = functional.layer_norm(h, (h.shape[-1],), final_scale, final_shift, NORM_EPSILON)
    return functional.linear(h, weight, bias).float()


def rotated(x: Tensor, rotation: Tensor) -> Tensor:
    """(r, h, c): neighbouring channels are a pair, turned by the row's angle (rotary embedding)."""
    pairs = x.float().view(*x.shape[:-1], -1, 2)
    if rotation.is_complex():
        return torch.view_as_real(torch.view_as_complex(pairs) * rotation).flatten(-2)
    cosine, sine = rotation.unbind(0)
    even, odd = pairs.unbind(-1)
    turned = torch.stack([even * cosine - odd * sine, odd * cosine + even * sine], dim=-1)
    return turned.flatten(-2).to(x.dtype)
