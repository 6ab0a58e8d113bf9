"""The transformer of Pocket TTS: reads a prompt at a time, goes on a frame for many streams in one product.

Same arithmetic as upstream's `FlowLMModel.backbone`; what is other: weights are read once for all rows, every
stream has a place and a length of its own in the cache, and attention sees one stream at a time. Channels of a head
are laid out with the even ones first, so that turning them by position works on whole halves.

    r streams, t tokens, d width, h heads, g queries that share a key, k key heads, a channels of a head
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from workers.engines.pocket.products import ROW_COUNTS, PackedProduct


@dataclass(frozen=True, slots=True, kw_only=True)
class _Layer:
    norm_1: tuple[Tensor, Tensor]
    queries_keys_values: PackedProduct
    attended: PackedProduct
    norm_2: tuple[Tensor, Tensor]
    widened: PackedProduct
    narrowed: PackedProduct


class Rotation:
    """Cosines and sines of every position: float32 (positions, a / 2)."""

    def __init__(self, channels: int, positions: int, period: float, device: torch.device) -> None:
        half = torch.arange(channels // 2, dtype=torch.float32)
        frequencies = torch.exp(half * (-math.log(period) * 2 / channels))
        angles = torch.arange(positions, dtype=torch.float32)[:, None] * frequencies
        self.cosines, self.sines = angles.cos().to(device), angles.sin().to(device)

    def turn(self, heads: Tensor, positions: Tensor) -> Tensor:
        """(n, heads, a), even channels first, each row at its own position (n,)."""
        cosines, sines = self.cosines[positions][:, None], self.sines[positions][:, None]
        even, odd = heads.chunk(2, dim=-1)
        return torch.cat([even * cosines - odd * sines, even * sines + odd * cosines], dim=-1)


class Transformer:
    """Layers of upstream's `StreamingTransformer`, without its state."""

    def __init__(self, transformer: Any, *, positions: int, row_counts: tuple[int, ...] = ROW_COUNTS) -> None:
        """`transformer` is upstream's module, its weights where they will be used."""
        self._row_counts = row_counts
        first = transformer.layers[0].self_attn
        self.heads, self.key_heads, self.channels = first.num_heads, first.num_kv_heads, first.dim_per_head
        self.context: int | None = transformer.context
        device = first.in_proj.weight.device
        self.device = device
        self.rotation = Rotation(self.channels, positions, transformer.max_period, device)
        self.layers = [self._layer(layer) for layer in transformer.layers]

    def _layer(self, layer: Any) -> _Layer:
        heads = self.heads + 2 * self.key_heads
        projection = layer.self_attn.in_proj.weight
        order = torch.arange(projection.shape[0]).view(heads, self.channels)
        turned = order[: self.heads + self.key_heads].view(-1, self.channels // 2, 2).transpose(1, 2)
        order = torch.cat([turned.reshape(-1), order[self.heads + self.key_heads :].reshape(-1)])
        return _Layer(
            norm_1=(layer.norm1.weight, layer.norm1.bias),
            queries_keys_values=self._product(projection[order.to(projection.device)]),
            attended=self._product(_scaled(layer.self_attn.out_proj.weight, layer.layer_scale_1)),
            norm_2=(layer.norm2.weight, layer.norm2.bias),
            widened=self._product(layer.linear1.weight),
            narrowed=self._product(_scaled(layer.linear2.weight, layer.layer_scale_2)),
        )

    def _product(self, weight: Tensor) -> PackedProduct:
        return PackedProduct(weight, row_counts=self._row_counts)

    def project(self, layer: _Layer, rows: Tensor, positions: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """(n, d) -> queries (n, h, a), keys and values (n, k, a)."""
        count = len(rows)
        normed = functional.layer_norm(rows, rows.shape[-1:], *layer.norm_1, eps=1e-5)
        mixed = layer.queries_keys_values(normed).view(count, -1, self.channels)
        turning = self.heads + self.key_heads
        turned = self.rotation.turn(mixed[:, :turning], positions)
        return turned[:, : self.heads], turned[:, self.heads :], mixed[:, turning:]

    def finish(self, layer: _Layer, rows: Tensor, attended: Tensor) -> Tensor:
        """(n, d) and (n, h * a) -> (n, d)."""
        rows = rows + layer.attended(attended)
        normed = functional.layer_norm(rows, rows.shape[-1:], *layer.norm_2, eps=1e-5)
        return rows + layer.narrowed(functional.gelu(layer.widened(normed), approximate="tanh"))


def _scaled(weight: Tensor, scale: Any) -> Tensor:
    """With upstream's `LayerScale` in it, where there is one."""
    return weight * scale.scale[:, None] if hasattr(scale, "scale") else weight


class Cache:
    """Keys and values of streams that are under way: for each layer float32 (places, 2, k, positions, a)."""

    def __init__(self, transformer: Transformer, *, places: int, positions: int) -> None:
        shape = (places, 2, transformer.key_heads, positions, transformer.channels)
        self.layers = [torch.empty(shape, device=transformer.device) for _ in transformer.layers]
        self.positions = positions


@dataclass(frozen=True, slots=True, kw_only=True)
class Prefix:
    """What a prompt became: float32 (layers, 2, k, positions, a), keys already turned."""

    keys_values: Tensor

    @property
    def positions(self) -> int:
        """How many were read."""
        return self.keys_values.shape[3]


def read_prompt(transformer: Transformer, embedded: Tensor, before: Prefix | None = None) -> Prefix:
    """`embedded` (t, d), read after `before`: only what is new comes out. Alone by construction."""
    count, start = len(embedded), 0 if before is None else before.positions
    rows = embedded
    positions = torch.arange(start, start + count, device=rows.device)
    seen = torch.ones(count, start + count, dtype=torch.bool, device=rows.device).tril(start)
    kept = []
    for number, layer in enumerate(transformer.layers):
        queries, keys, values = transformer.project(layer, rows, positions)
        new = torch.stack([keys, values]).transpose(1, 2)  # (2, k, t, a)
        kept.append(new)
        if number + 1 == len(transformer.layers):
            break  # nobody reads what the last layer makes of a prompt
        whole = new if before is None else torch.cat([before.keys_values[number], new], dim=2)
        rows = transformer.finish(layer, rows, _attend(transformer, queries, whole, seen))
    return Prefix(keys_values=torch.stack(kept).contiguous())


def _attend(transformer: Transformer, queries: Tensor, keys_values: Tensor, seen: Tensor) -> Tensor:
    """queries (t, h, a) of one stream, keys and values (2, k, positions, a) -> (t, h * a)."""
    shared = transformer.heads // transformer.key_heads
    keys, values = keys_values.repeat_interleave(shared, dim=1) if shared > 1 else keys_values
    attended = functional.scaled_dot_product_attention(
        queries.transpose(0, 1)[None], keys[None], values[None], attn_mask=seen
    )
    return attended[0].transpose(0, 1).reshape(len(queries), -1)


def go_on(
    transformer: Transformer, cache: Cache, rows: Tensor, places: Sequence[int], lengths: Sequence[int]
) -> Tensor:
    """One position further for every stream: (r or more, d) -> the same; rows beyond the streams are padding.

    `lengths` are the positions that each has in the cache; what is new is written behind them.
    """
    live, total = len(places), len(rows)
    device = rows.device
    positions = torch.tensor([*lengths, *[0] * (total - live)], device=device)
    at, where = torch.tensor(places, device=device), positions[:live]
    shared = transformer.heads // transformer.key_heads
    attended = rows.new_zeros(total, transformer.heads * transformer.channels)
    by_stream = attended.view(total, transformer.key_heads, shared, transformer.channels)
    for layer, kept in zip(transformer.layers, cache.layers, strict=True):
        queries, keys, values = transformer.project(layer, rows, positions)
        kept[at, :, :, where] = torch.stack([keys[:live], values[:live]], dim=1)
        grouped = queries.reshape(total, transformer.key_heads, shared, transformer.channels)
        for row, (place, length) in enumerate(zip(places, lengths, strict=True)):
            keys_of, values_of = kept[place, :, :, : length + 1]
            by_stream[row] = functional.scaled_dot_product_attention(
                grouped[row][None], keys_of[None], values_of[None]
            )[0]
        rows = transformer.finish(layer, rows, attended)
    return rows
