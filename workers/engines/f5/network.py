"""F5's diffusion transformer over a pack: one velocity for every frame of every sequence in it.

Legend: r rows of the pack, d model width, m mel channels, e text width, h heads, c channels of a head. Per-row work
runs on the whole pack; attention and convolutions see one sequence at a time. Weights come from the `f5-tts`
package's `DiT`; the arithmetic is its forward pass with what does not change between steps taken out of the loop:

* the time is the same for all frames of a step, so the modulation of every block is a table, and a norm with its
  scale and shift is one layer norm with affine parameters;
* the input projection of reference and text is made once a pack; only the noisy mel's part is made each step.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from workers.engines.f5.attention import Sequences, attend
from workers.engines.f5.packing import Layout

NORM_EPSILON = 1e-6
"""Of every layer norm in `f5_tts.model.modules`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One transformer block's weights; queries, keys and values as one product."""

    qkv_weight: Tensor
    qkv_bias: Tensor
    query_norm: Tensor | None
    key_norm: Tensor | None
    out_weight: Tensor
    out_bias: Tensor
    up_weight: Tensor
    up_bias: Tensor
    down_weight: Tensor
    down_bias: Tensor


@dataclass(frozen=True, slots=True, kw_only=True)
class Modulation:
    """What one step's time does to every block: scales have their 1 added."""

    blocks: tuple[tuple[Tensor, ...], ...]
    """Per block: scale and shift before attention, gate after it, scale, shift and gate of the feed-forward."""
    final_scale: Tensor
    final_shift: Tensor


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedPack:
    """What stays the same through the steps of one pack."""

    layout: Layout
    sequences: Sequences
    fixed: Tensor
    """(r, d): reference's and text's share of the input projection, with its bias."""
    rotation: Tensor
    """The angle of each row's position in its own sequence: complex64 (r, 1, c / 2) in float32; in half types
    float32 (2, r, 1, c / 2), cosine and sine, because the compiler cannot fuse complex numbers."""
    gapped_rows: Tensor
    """int64 (used rows,): where each row lies when gaps as wide as the convolution's reach part the sequences."""
    gapped_length: int
    kept: Tensor
    """bool (1, 1, gapped length): what is no gap."""


class Network:
    """A `DiT` taken apart for packs. Not thread-safe."""

    def __init__(self, dit: Any, *, device: torch.device, dtype: torch.dtype, compiled: bool = False) -> None:
        """Takes the weights of `dit`, which cannot be used by itself afterwards."""
        self.device = device
        self.dtype = dtype
        first = dit.transformer_blocks[0].attn
        self.heads: int = first.heads
        self.rotated_heads: int | None = first.processor.pe_attn_head
        self.depth = len(dit.transformer_blocks)
        self.width: int = dit.dim
        self._time_embed = dit.time_embed
        self._modulators = [block.attn_norm.linear for block in dit.transformer_blocks]
        self._final_modulator = dit.norm_out.linear
        self._text_embed = dit.text_embed.to(device)
        self._inverse_frequencies = dit.rotary_embed.inv_freq
        projection = dit.input_embed.proj
        self.mel_channels: int = dit.proj_out.out_features
        m = self.mel_channels
        self._mel_weight = self._own(projection.weight[:, :m])
        self._fixed_weight = self._own(projection.weight[:, m:])
        self._fixed_bias = self._own(projection.bias)
        self._convolutions: list[tuple[Tensor, Tensor, int, int]] = [
            (self._own(layer.weight), self._own(layer.bias), layer.kernel_size[0] // 2, layer.groups)
            for layer in dit.input_embed.conv_pos_embed.conv1d
            if hasattr(layer, "kernel_size")
        ]
        self.gap = max(padding for _, _, padding, _ in self._convolutions)
        self._blocks = [self._block(block) for block in dit.transformer_blocks]
        self._out_weight = self._own(dit.proj_out.weight)
        self._out_bias = self._own(dit.proj_out.bias)
        self._before: Callable[..., tuple[Tensor, Tensor, Tensor]] = _before_attention
        self._after: Callable[..., Tensor] = _after_attention
        if compiled:
            self._before = torch.compile(_before_attention, dynamic=False)
            self._after = torch.compile(_after_attention, dynamic=False)

    def use_eager(self) -> Callable[[], None]:
        """Plain kernels from now on; call what is returned to take that back."""
        before, after = self._before, self._after
        self._before, self._after = _before_attention, _after_attention

        def take_back() -> None:
            self._before, self._after = before, after

        return take_back

    def _own(self, tensor: Tensor) -> Tensor:
        return tensor.detach().to(device=self.device, dtype=self.dtype).contiguous()

    def _block(self, block: Any) -> Block:
        attention, up, down = block.attn, block.ff.ff[0][0], block.ff.ff[2]
        own = Block(
            qkv_weight=self._own(
                torch.cat(
                    [projection.weight for projection in (attention.to_q, attention.to_k, attention.to_v)]
                )
            ),
            qkv_bias=self._own(
                torch.cat(
                    [projection.bias for projection in (attention.to_q, attention.to_k, attention.to_v)]
                )
            ),
            query_norm=None if attention.q_norm is None else self._own(attention.q_norm.weight),
            key_norm=None if attention.k_norm is None else self._own(attention.k_norm.weight),
            out_weight=self._own(attention.to_out[0].weight),
            out_bias=self._own(attention.to_out[0].bias),
            up_weight=self._own(up.weight),
            up_bias=self._own(up.bias),
            down_weight=self._own(down.weight),
            down_bias=self._own(down.bias),
        )
        for spent in (attention.to_q, attention.to_k, attention.to_v):  # copied into one; free the originals
            spent.weight = None
        return own

    @property
    def weight_parameters_per_row(self) -> int:
        """Multiply-adds that each row costs outside attention, for the share of the silicon that is used."""
        blocks = sum(
            block.qkv_weight.numel()
            + block.out_weight.numel()
            + block.up_weight.numel()
            + block.down_weight.numel()
            for block in self._blocks
        )
        convolutions = sum(weight.numel() for weight, *_ in self._convolutions)
        return blocks + convolutions + self._mel_weight.numel() + self._out_weight.numel()

    # once for a schedule

    @torch.inference_mode()
    def modulation(self, times: Tensor) -> list[Modulation]:
        """times float32 (steps,) on the CPU -> one `Modulation` for each; on the CPU, 0.3 s full size."""
        embedded = functional.silu(self._time_embed(times))  # (steps, d)
        tables = [linear(embedded).view(len(times), 6, -1) for linear in self._modulators]
        final = self._final_modulator(embedded).view(len(times), 2, -1)
        steps = []
        for step in range(len(times)):
            rows = []
            for table in tables:
                shift, scale, gate, ff_shift, ff_scale, ff_gate = table[step]
                vectors = (1 + scale, shift, gate, 1 + ff_scale, ff_shift, ff_gate)
                rows.append(tuple(self._own(vector) for vector in vectors))
            scale, shift = final[step]
            steps.append(
                Modulation(blocks=tuple(rows), final_scale=self._own(1 + scale), final_shift=self._own(shift))
            )
        return steps

    # once for an utterance

    @torch.inference_mode()
    def text_embedding(self, tokens: Tensor, frames: int, *, dropped: bool) -> Tensor:
        """int64 (tokens,) -> float32 (frames, e). Alone and at its own length: GRN normalises over all frames."""
        embedded: Tensor = self._text_embed(tokens[None].to(self.device), seq_len=frames, drop_text=dropped)
        return embedded[0]

    # once for a pack

    @torch.inference_mode()
    def prepare(self, layout: Layout, references: Sequence[Tensor], texts: Sequence[Tensor]) -> PreparedPack:
        """references (r_i, m) and texts (frames_i, e) of each sequence of `layout`, in its order."""
        conditions = torch.zeros(
            layout.rows, self._fixed_weight.shape[1], dtype=self.dtype, device=self.device
        )
        for (start, end), reference, text in zip(layout.bounds, references, texts, strict=True):
            conditions[start : start + len(reference), : self.mel_channels] = reference
            conditions[start:end, self.mel_channels :] = text
        positions = torch.cat([torch.arange(length) for length in layout.lengths])
        positions = functional.pad(positions, (0, layout.rows - layout.used))
        angles = positions[:, None].float() * self._inverse_frequencies.cpu()[None]
        if self.dtype == torch.float32:
            rotation = torch.polar(torch.ones_like(angles), angles)[:, None]
        else:
            rotation = torch.stack([angles.cos(), angles.sin()])[:, :, None]
        starts = [number * self.gap for number in range(len(layout.lengths))]
        gapped = torch.cat(
            [
                torch.arange(start + shift, end + shift)
                for (start, end), shift in zip(layout.bounds, starts, strict=True)
            ]
        )
        gapped_length = layout.rows + (layout.places - 1) * self.gap
        kept = torch.zeros(1, 1, gapped_length, dtype=torch.bool)
        kept[..., gapped] = True
        return PreparedPack(
            layout=layout,
            sequences=Sequences.of(layout, self.device),
            fixed=functional.linear(conditions, self._fixed_weight, self._fixed_bias),
            rotation=rotation.to(self.device),
            gapped_rows=gapped.to(self.device),
            gapped_length=gapped_length,
            kept=kept.to(self.device),
        )

    # each step

    @torch.inference_mode()
    def velocity(self, noisy: Tensor, pack: PreparedPack, step: Modulation) -> Tensor:
        """noisy float32 (r, m), each half of the guidance its own rows -> float32 (r, m)."""
        h = functional.linear(noisy.to(self.dtype), self._mel_weight).add_(pack.fixed)
        h = self._with_positions(h, pack)
        for block, modulation in zip(self._blocks, step.blocks, strict=True):
            query, key, value = self._before(
                h, block, modulation[0], modulation[1], pack.rotation, self.heads, self.rotated_heads
            )
            attended = attend(query, key, value, pack.sequences)
            h = self._after(h, attended.flatten(1), block, *modulation[2:])
        h = functional.layer_norm(h, (self.width,), step.final_scale, step.final_shift, NORM_EPSILON)
        return functional.linear(h, self._out_weight, self._out_bias).float()

    def _with_positions(self, h: Tensor, pack: PreparedPack) -> Tensor:
        """(r, d) -> (r, d) plus what two convolutions inside each sequence make of it."""
        used = pack.layout.used
        if len(pack.layout.lengths) == 1 and pack.gapped_length == used:
            y = h.T[None]
        else:
            rows = h.new_zeros(pack.gapped_length, self.width)
            rows[pack.gapped_rows] = h[:used]
            y = rows.T[None]  # (1, d, gapped)
        for weight, bias, padding, groups in self._convolutions:
            y = functional.conv1d(y, weight, bias, padding=padding, groups=groups)
            y = functional.mish(y) * pack.kept  # mish(0) = 0: a gap stays a gap
        convolved = y[0].T
        if pack.gapped_length != used:
            convolved = convolved[pack.gapped_rows]
        if used == len(h):
            return h + convolved
        h = h.clone()
        h[:used] += convolved
        return h


def _before_attention(
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
    projected = functional.linear(normed, block.qkv_weight, block.qkv_bias).view(len(h), 3, heads, -1)
    query, key, value = projected.unbind(1)
    if block.query_norm is not None:
        query = functional.rms_norm(query, query.shape[-1:], block.query_norm, NORM_EPSILON)
    if block.key_norm is not None:
        key = functional.rms_norm(key, key.shape[-1:], block.key_norm, NORM_EPSILON)
    if rotated_heads is None:
        return _rotated(query, rotation), _rotated(key, rotation), value
    return (
        torch.cat([_rotated(query[:, :rotated_heads], rotation), query[:, rotated_heads:]], dim=1),
        torch.cat([_rotated(key[:, :rotated_heads], rotation), key[:, rotated_heads:]], dim=1),
        value,
    )


def _rotated(x: Tensor, rotation: Tensor) -> Tensor:
    """(r, h, c): neighbouring channels are a pair, turned by the row's angle (rotary embedding)."""
    pairs = x.float().view(*x.shape[:-1], -1, 2)
    if rotation.is_complex():
        return torch.view_as_real(torch.view_as_complex(pairs) * rotation).flatten(-2)
    cosine, sine = rotation.unbind(0)
    even, odd = pairs.unbind(-1)
    turned = torch.stack([even * cosine - odd * sine, odd * cosine + even * sine], dim=-1)
    return turned.flatten(-2).to(x.dtype)


def _after_attention(
    h: Tensor, attended: Tensor, block: Block, gate: Tensor, scale: Tensor, shift: Tensor, ff_gate: Tensor
) -> Tensor:
    """(r, d) and what attention gave -> (r, d) after the block's feed-forward."""
    h = torch.addcmul(h, functional.linear(attended, block.out_weight, block.out_bias), gate)
    normed = functional.layer_norm(h, (h.shape[-1],), scale, shift, NORM_EPSILON)
    up = functional.gelu(functional.linear(normed, block.up_weight, block.up_bias), approximate="tanh")
    return torch.addcmul(h, functional.linear(up, block.down_weight, block.down_bias), ff_gate)
