"""From what the transformer says of a frame to its latent: a small network that noise runs through.

Same arithmetic as upstream's `SimpleMLPAdaLN` and its decoders. What depends on the time alone is computed once,
and what all blocks take from the transformer's output is one product.

    r streams, z width of the transformer's output, f width of the head, l width of a latent
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from workers.engines.pocket.products import PackedProduct

TIMES_OF = {"lsd": 2, "flow_matching": 1, "drifting": 0, "pointwise": 0}
"""Kinds of head that upstream has, and how many times each is told."""


class Head:
    """(r, z) and noise (r, l) -> latents (r, l)."""

    def __init__(self, network: Any, kind: str) -> None:
        """`network` is upstream's `flow_net`, its weights where they will be used."""
        self.kind = kind
        self._begin = PackedProduct(network.input_proj.weight, network.input_proj.bias)
        self._condition = PackedProduct(network.cond_embed.weight, network.cond_embed.bias)
        final = network.final_layer
        modulations = [
            *(block.adaLN_modulation[1] for block in network.res_blocks),
            final.adaLN_modulation[1],
        ]
        self._modulate = PackedProduct(
            torch.cat([one.weight for one in modulations]), torch.cat([one.bias for one in modulations])
        )
        self._widths = [one.weight.shape[0] for one in modulations]
        self._blocks = [
            (
                (block.in_ln.weight, block.in_ln.bias),
                PackedProduct(block.mlp[0].weight, block.mlp[0].bias),
                PackedProduct(block.mlp[2].weight, block.mlp[2].bias),
            )
            for block in network.res_blocks
        ]
        self._end = PackedProduct(final.linear.weight, final.linear.bias)
        self._time_embed = network.time_embed
        self._times: dict[int, list[Tensor]] = {}

    def decode(self, conditions: Tensor, noise: Tensor, steps: int) -> Tensor:
        """As upstream's decoder of this kind does with so many steps."""
        condition = self._condition(conditions)
        if self.kind == "drifting":
            return self._flow(noise, condition)
        if self.kind == "pointwise":
            return noise + self._flow(noise, condition)
        current = noise
        for time in self._times_of(steps):
            current = current + self._flow(current, condition + time) / steps
        return current

    def _times_of(self, steps: int) -> list[Tensor]:
        if steps not in self._times:
            device = self._time_embed[0].freqs.device
            self._times[steps] = [
                sum(
                    embed(torch.tensor([(step + number) / steps], device=device))
                    for number, embed in enumerate(self._time_embed)
                )
                / TIMES_OF[self.kind]
                for step in range(steps)
            ]
        return self._times[steps]

    def _flow(self, current: Tensor, condition: Tensor) -> Tensor:
        rows = self._begin(current)
        *parts, last = torch.split(self._modulate(functional.silu(condition)), self._widths, dim=-1)
        for (norm, first, second), part in zip(self._blocks, parts, strict=True):
            shift, scale, gate = part.chunk(3, dim=-1)
            inner = functional.layer_norm(rows, rows.shape[-1:], *norm, eps=1e-6) * (1 + scale) + shift
            rows = rows + gate * second(functional.silu(first(inner)))
        shift, scale = last.chunk(2, dim=-1)
        return self._end(functional.layer_norm(rows, rows.shape[-1:], eps=1e-6) * (1 + scale) + shift)
