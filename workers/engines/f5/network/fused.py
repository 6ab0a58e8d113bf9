"""A step with this package's own kernels, replayed as one CUDA graph for each frame budget: it costs Python one call.

A budget has one set of buffers (buffers.py). While these hold a pack, a second pack of the same budget (a preview
between the steps of bulk) has a second set.

Legend: r rows of the pack, d model width, m mel channels (padded to a multiple of 32), s steps.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import torch
from torch import Tensor
from torch.nn import functional

from workers.engines.f5.network.blocks import VECTORS_PER_BLOCK, Block
from workers.engines.f5.network.buffers import StepBuffers
from workers.engines.f5.network.capturing import Capture, GraphPool
from workers.engines.f5.network.eager import NORM_EPSILON
from workers.engines.f5.network.fused_pack import FusedPack, describe_rows
from workers.engines.f5.network.kernels.attention import attend
from workers.engines.f5.network.kernels.float8 import quantise_rows
from workers.engines.f5.network.kernels.norms import add_norm_, norm
from workers.engines.f5.network.kernels.position_convolution import Convolution, embed_positions
from workers.engines.f5.network.kernels.rotation import angles_of, rotate_
from workers.engines.f5.network.products import Float8Product, Product
from workers.engines.f5.network.table import ModulationTable
from workers.engines.f5.packing import Layout
from workers.engines.f5.weights import FRAMES_LIMIT

if TYPE_CHECKING:
    from workers.engines.f5.network.network import Network

ALIGNED = 32
"""Widths of products are padded to a multiple of it: 200 bytes a row are no multiple of 16, which fast kernels want."""
LEAST_STEPS = 64
"""Steps that the table on the device has room for, or the next power of two."""


class FusedNetwork:
    """A network's weights as the fused kernels read them, its steps' table on the device, its budgets' buffers."""

    def __init__(self, network: Network) -> None:
        """Pads the network's weights and moves what its kernels read."""
        self.network = network
        device, dtype = network.device, network.dtype
        m, fixed = network.mel_channels, network.fixed_weight.shape[1]
        self.channels = _aligned(m)
        self.fixed_width = _aligned(fixed)
        self.mel_weight = functional.pad(network.mel_weight, (0, self.channels - m))
        self.fixed_weight = functional.pad(network.fixed_weight, (0, self.fixed_width - fixed))
        self.out_weight = functional.pad(network.out_weight, (0, 0, 0, self.channels - m))
        self.out_bias = functional.pad(network.out_bias, (0, self.channels - m))
        inner, outer = (Convolution.of(weight, bias) for weight, bias, _, _ in network.convolutions)
        self.convolutions = (inner, outer)
        cosine, sine = angles_of(network.inverse_frequencies, FRAMES_LIMIT)
        self.angles = (cosine.to(device), sine.to(device))
        self.vectors = torch.empty(0, device=device)
        """float32 (s, vectors of a step, d)."""
        self.deltas = torch.empty(0, device=device)
        self.blocks = [_with_own_rounding(block) for block in network.blocks]
        self._loaded: ModulationTable | None = None
        self._loaded_deltas: tuple[float, ...] = ()
        self._buffers: dict[tuple[int, int, bool], list[StepBuffers]] = {}
        self.dtype = dtype
        self.capture: Capture | None = GraphPool() if device.type == "cuda" else None

    # once for a pack

    @torch.inference_mode()
    def prepare(self, layout: Layout, references: Sequence[Tensor], texts: Sequence[Tensor]) -> FusedPack:
        """See `Network.prepare`."""
        network = self.network
        conditions = network.conditions(layout, references, texts, width=self.fixed_width)
        halves = 2 if layout.is_guided else 1
        rows = describe_rows(layout, halves=halves)
        pinned = network.device.type == "cuda"
        return FusedPack(
            layout=layout,
            fixed=functional.linear(conditions, self.fixed_weight, network.fixed_bias),
            **{
                name: (tensor.pin_memory() if pinned else tensor).to(network.device, non_blocking=True)
                for name, tensor in rows.items()
            },
        )

    # a pack on its way

    def load(self, table: ModulationTable, deltas: tuple[float, ...]) -> None:
        """Have a schedule's table on the device, where the graphs read it; nothing when it is there."""
        if self._loaded is table and self._loaded_deltas == deltas:
            return
        self._loaded = None  # until all of it is there
        stacked = table.stacked(self.network.device)
        if len(stacked) > len(self.vectors):
            room = max(LEAST_STEPS, 1 << (len(stacked) - 1).bit_length())
            vectors = torch.zeros(room, *stacked.shape[1:], device=self.network.device)
            deltas_there = torch.zeros(room, device=self.network.device)
            for buffers in self._buffers.values():
                for one in buffers:
                    one.graphs.clear()  # they read the table that was there before
            self.vectors, self.deltas = vectors, deltas_there
        self.vectors[: len(stacked)] = stacked
        self.deltas[: len(deltas)] = torch.tensor(deltas).to(self.network.device)
        self._loaded, self._loaded_deltas = table, deltas

    def buffers_for(self, layout: Layout) -> StepBuffers:
        """A set of buffers that holds no pack at the moment."""
        # a guided budget's rows are those of one twice as large without guidance, whose steps are others
        kept = self._buffers.setdefault((layout.rows, layout.places, layout.is_guided), [])
        free = next((one for one in kept if not one.is_taken), None)
        if free is None:
            free = StepBuffers(self, layout)
            kept.append(free)
        free.is_taken = True
        return free

    def forget(self, rows: int) -> None:
        """Let go of the buffers and graphs of packs of so many rows."""
        for key in [key for key in self._buffers if key[0] == rows]:
            del self._buffers[key]

    def rows_held(self) -> list[int]:
        """Of each set of buffers, sorted."""
        return sorted(rows for (rows, *_), kept in self._buffers.items() for _ in kept)

    @torch.inference_mode()
    def step(self, buffers: StepBuffers, attention: tuple[int, int]) -> None:
        """One step in the buffers: `state` goes on by one delta, `number` by one.

        `attention`: the most sequences, and the longest, that this step is launched for.
        """
        network, heads = self.network, self.network.heads
        sequences, longest = attention
        first, last = buffers.first, buffers.last
        rotated_heads = heads if network.rotated_heads is None else network.rotated_heads
        vectors = self.vectors.index_select(0, buffers.number)[0]
        h = torch.addmm(buffers.fixed, buffers.state.to(self.dtype), self.mel_weight.t())
        h = embed_positions(h, self.convolutions, first, last)
        normed = norm(h, vectors[0], vectors[1], epsilon=NORM_EPSILON)
        for number, block in enumerate(self.blocks):
            mine = vectors[number * VECTORS_PER_BLOCK :]
            qkv = rotate_(
                block.qkv(normed),
                first,
                last,
                self.angles,
                None
                if block.query_norm is None or block.key_norm is None
                else (block.query_norm, block.key_norm),
                heads=heads,
                rotated_heads=rotated_heads,
                epsilon=NORM_EPSILON,
            )
            query, key, value = qkv.view(len(h), 3, heads, -1).unbind(1)
            attended = attend(query, key, value, buffers.cumulative[: sequences + 1], longest)
            normed = add_norm_(
                h, block.out(attended.flatten(1)), mine[2], mine[3], mine[4], epsilon=NORM_EPSILON
            )
            # the vectors after a block's own are the next block's scale and shift, and at the end the final ones
            added = block.down(block.up.with_gelu(normed))
            normed = add_norm_(h, added, mine[5], mine[6], mine[7], epsilon=NORM_EPSILON)
        velocity = functional.linear(normed, self.out_weight, self.out_bias).float()
        moved = velocity.index_select(0, buffers.conditioned)
        if buffers.halves == 2:
            pulled = moved - velocity.index_select(0, buffers.unconditioned)
            moved = moved + pulled * buffers.strength
        buffers.state.add_(moved * self.deltas.index_select(0, buffers.number))
        buffers.number.add_(1)


def _with_own_rounding(block: Block) -> Block:
    """Products of eight bits round their rows in one pass."""

    def own(product: Product) -> Product:
        return replace(product, quantise=quantise_rows) if isinstance(product, Float8Product) else product

    return replace(block, qkv=own(block.qkv), out=own(block.out), up=own(block.up), down=own(block.down))


def _aligned(width: int) -> int:
    return -(-width // ALIGNED) * ALIGNED
