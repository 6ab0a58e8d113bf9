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
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor
from torch.nn import functional

from workers.engines.f5.attention import Sequences, attend
from workers.engines.f5.network import eager
from workers.engines.f5.network.blocks import Modulation, block_of
from workers.engines.f5.network.compiled import CompiledSteps
from workers.engines.f5.network.steps import PlainSteps, PreparedDraw, StepPlan, Steps
from workers.engines.f5.network.streams import Shared
from workers.engines.f5.network.table import ModulationTable, table_of
from workers.engines.f5.packing import Layout
from workers.engines.f5.weights import FRAMES_LIMIT
from workers.engines.options import Mode

if TYPE_CHECKING:
    from workers.engines.f5.network.fused import FusedNetwork
    from workers.engines.f5.network.fused_pack import FusedPack

DROPPED_TEXTS_BYTES = 256 * 2**20
"""Most that kept embeddings of dropped texts may take; the oldest go first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedPack:
    """What stays the same through the steps of one pack."""

    layout: Layout
    sequences: Sequences
    fixed: Tensor
    """(r, d): reference's and text's share of the input projection, with its bias."""
    rotation: Tensor
    """The angle of each row's position in its own sequence: complex64 (r, 1, c / 2) in float32 on the CPU; elsewhere
    float32 (2, r, 1, c / 2), cosine and sine, because the compiler cannot fuse complex numbers."""
    gapped_rows: Tensor
    """int64 (used rows,): where each row lies when gaps as wide as the convolution's reach part the sequences."""
    gapped_length: int
    kept: Tensor
    """bool (1, 1, gapped length): what is no gap."""

    def tensors(self) -> list[Tensor]:
        """Everything on the device."""
        return [self.sequences.cumulative, self.fixed, self.rotation, self.gapped_rows, self.kept]


class Network:
    """A `DiT` taken apart for packs. Not thread-safe, but for `text_embedding` and `conditions`."""

    def __init__(
        self,
        dit: Any,
        *,
        device: torch.device,
        dtype: torch.dtype,
        mode: Mode = Mode.EAGER,
        float8: bool = False,
    ) -> None:
        """Takes the weights of `dit`, which cannot be used by itself afterwards."""
        self.device = device
        self.dtype = dtype
        self.mode = mode
        first = dit.transformer_blocks[0].attn
        self.heads: int = first.heads
        self.rotated_heads: int | None = first.processor.pe_attn_head
        self.depth = len(dit.transformer_blocks)
        self.width: int = dit.dim
        self._time_embed = dit.time_embed
        self._modulators = [block.attn_norm.linear for block in dit.transformer_blocks]
        self._final_modulator = dit.norm_out.linear
        self._text_embed = dit.text_embed.to(device)
        self._dropped_texts: dict[tuple[int, int], Shared] = {}
        self.inverse_frequencies: Tensor = dit.rotary_embed.inv_freq.cpu()
        self._rotations: dict[bool, Tensor] = {}
        projection = dit.input_embed.proj
        self.mel_channels: int = dit.proj_out.out_features
        m = self.mel_channels
        self.mel_weight = self.own(projection.weight[:, :m])
        self.fixed_weight = self.own(projection.weight[:, m:])
        self.fixed_bias = self.own(projection.bias)
        self.convolutions: list[tuple[Tensor, Tensor, int, int]] = [
            (self.own(layer.weight), self.own(layer.bias), layer.kernel_size[0] // 2, layer.groups)
            for layer in dit.input_embed.conv_pos_embed.conv1d
            if hasattr(layer, "kernel_size")
        ]
        self.gap = max(padding for _, _, padding, _ in self.convolutions)
        self.blocks = [block_of(block, self.own, float8=float8) for block in dit.transformer_blocks]
        self.out_weight = self.own(dit.proj_out.weight)
        self.out_bias = self.own(dit.proj_out.bias)
        self._compiled: dict[int, CompiledSteps] = {}
        self.fused: FusedNetwork | None = None
        """The same weights for fused steps, in that mode."""
        if mode is Mode.FUSED:
            from workers.engines.f5.network.fused import FusedNetwork

            self.fused = FusedNetwork(self)

    def own(self, tensor: Tensor) -> Tensor:
        """The same on the network's device and in its type."""
        return tensor.detach().to(device=self.device, dtype=self.dtype).contiguous()

    def use_eager(self) -> Callable[[], None]:
        """torch's own kernels from now on; call what is returned to take that back."""
        mode, self.mode = self.mode, Mode.EAGER

        def take_back() -> None:
            self.mode = mode

        return take_back

    def stay_eager(self) -> None:
        """torch's own kernels for good; what the other modes held is let go of."""
        self.mode = Mode.EAGER
        self._compiled.clear()
        self.fused = None

    def forget(self, rows: int) -> None:
        """Let go of what is kept of packs of so many rows: what was compiled, buffers, graphs."""
        self._compiled.pop(rows, None)
        if self.fused is not None:
            self.fused.forget(rows)

    @property
    def weight_parameters_per_row(self) -> int:
        """Multiply-adds that each row costs outside attention, for the share of the silicon that is used."""
        blocks = sum(
            product.size for block in self.blocks for product in (block.qkv, block.out, block.up, block.down)
        )
        convolutions = sum(weight.numel() for weight, *_ in self.convolutions)
        return blocks + convolutions + self.mel_weight.numel() + self.out_weight.numel()

    # once for a schedule

    @torch.inference_mode()
    def modulation(self, times: Tensor) -> ModulationTable:
        """times float32 (steps,) on the CPU; 0.3 s full size."""
        embedded = functional.silu(self._time_embed(times))  # (steps, d)
        return table_of(
            [linear(embedded) for linear in self._modulators], self._final_modulator(embedded), self.own
        )

    # once for an utterance

    @torch.inference_mode()
    def text_embedding(self, tokens: Tensor, frames: int, *, dropped: bool) -> Tensor:
        """int64 (tokens,) -> float32 (frames, e). Alone and at its own length: GRN normalises over all frames.

        A dropped text's depends on the two lengths only, and is kept for the next of these.
        """
        if not dropped:
            return self._embedded(tokens, frames, dropped=False)
        lengths = (len(tokens), frames)
        kept = self._dropped_texts.get(lengths)
        if kept is None:
            kept = Shared(self._embedded(tokens, frames, dropped=True))
            while self._dropped_texts and _bytes_of(self._dropped_texts) > DROPPED_TEXTS_BYTES:
                self._dropped_texts.pop(next(iter(self._dropped_texts)), None)
            self._dropped_texts[lengths] = kept
        return kept.here()

    def _embedded(self, tokens: Tensor, frames: int, *, dropped: bool) -> Tensor:
        embedded: Tensor = self._text_embed(tokens[None].to(self.device), seq_len=frames, drop_text=dropped)
        return embedded[0]

    # once for a pack

    @torch.inference_mode()
    def conditions(
        self, layout: Layout, references: Sequence[Tensor], texts: Sequence[Tensor], *, width: int
    ) -> Tensor:
        """(r, width) of references (r_i, m) and texts (frames_i, e) of each sequence of `layout`, in its order."""
        conditions = torch.zeros(layout.rows, width, dtype=self.dtype, device=self.device)
        m = self.mel_channels
        for (start, end), reference, text in zip(layout.bounds, references, texts, strict=True):
            conditions[start : start + len(reference), :m] = reference
            conditions[start:end, m : m + text.shape[1]] = text
        return conditions

    @torch.inference_mode()
    def _prepare(self, layout: Layout, references: Sequence[Tensor], texts: Sequence[Tensor]) -> PreparedPack:
        """references (r_i, m) and texts (frames_i, e) of each sequence of `layout`, in its order."""
        conditions = self.conditions(layout, references, texts, width=self.fixed_weight.shape[1])
        positions = torch.cat([torch.arange(length) for length in layout.lengths])
        positions = functional.pad(positions, (0, layout.rows - layout.used)).to(self.device)
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
            fixed=functional.linear(conditions, self.fixed_weight, self.fixed_bias),
            rotation=self._rotation_table().index_select(-3, positions),
            gapped_rows=gapped.to(self.device),
            gapped_length=gapped_length,
            kept=kept.to(self.device),
        )

    def prepare(
        self, layout: Layout, references: Sequence[Tensor], texts: Sequence[Tensor]
    ) -> PreparedPack | FusedPack:
        """references (r_i, m) and texts (frames_i, e) of each sequence of `layout`, in its order: as the mode's steps
        take them."""
        if self.mode is Mode.FUSED and self.fused is not None:
            return self.fused.prepare(layout, references, texts)
        return self._prepare(layout, references, texts)

    def _rotation_table(self) -> Tensor:
        """Of every position an utterance can have; see `PreparedPack.rotation`."""
        is_complex = self.dtype == torch.float32 and self.device.type == "cpu" and self.mode is Mode.EAGER
        if is_complex not in self._rotations:
            angles = torch.arange(FRAMES_LIMIT)[:, None].float() * self.inverse_frequencies[None]
            self._rotations[is_complex] = (
                torch.polar(torch.ones_like(angles), angles)[:, None]
                if is_complex
                else torch.stack([angles.cos(), angles.sin()])[:, :, None].to(self.device)
            )
        return self._rotations[is_complex]

    # each step

    def steps(self, prepared: PreparedDraw, plan: StepPlan) -> Steps:
        """A pack on its way, in this network's mode."""
        if self.mode is Mode.FUSED and self.fused is not None:
            from workers.engines.f5.network.buffers import FusedSteps

            return FusedSteps(self.fused, prepared, plan)
        return PlainSteps(self, prepared, plan)

    @torch.inference_mode()
    def velocity(self, noisy: Tensor, pack: PreparedPack, step: Modulation) -> Tensor:
        """noisy float32 (r, m), each half of the guidance its own rows -> float32 (r, m)."""
        steps = self._steps_for(pack.layout)
        h = functional.linear(noisy.to(self.dtype), self.mel_weight).add_(pack.fixed)
        h = self._with_positions(h, pack)
        turned = (pack.rotation, self.heads, self.rotated_heads)
        query, key, value = steps.before_attention(h, self.blocks[0], *step.blocks[0][:2], *turned)
        for number, following in enumerate(self.blocks[1:], start=1):
            attended = attend(query, key, value, pack.sequences).flatten(1)
            done, vectors = self.blocks[number - 1], step.blocks[number - 1][2:]
            h, query, key, value = steps.between_attentions(
                h, attended, done, vectors, following, *step.blocks[number][:2], *turned
            )
        attended = attend(query, key, value, pack.sequences).flatten(1)
        velocity: Tensor = steps.leave(
            h,
            attended,
            self.blocks[-1],
            step.blocks[-1][2:],
            step.final_scale,
            step.final_shift,
            self.out_weight,
            self.out_bias,
        )
        return velocity

    def _steps_for(self, layout: Layout) -> Any:
        """The functions of a step: plain ones, or those compiled for this number of rows."""
        if self.mode is not Mode.COMPILED:
            return eager
        if layout.rows not in self._compiled:
            self._compiled[layout.rows] = CompiledSteps()
        return self._compiled[layout.rows]

    def _with_positions(self, h: Tensor, pack: PreparedPack) -> Tensor:
        """(r, d) -> (r, d) plus what two convolutions inside each sequence make of it."""
        used = pack.layout.used
        if len(pack.layout.lengths) == 1 and pack.gapped_length == used:
            y = h.T[None]
        else:
            rows = h.new_zeros(pack.gapped_length, self.width)
            rows[pack.gapped_rows] = h[:used]
            y = rows.T[None]  # (1, d, gapped)
        for weight, bias, padding, groups in self.convolutions:
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


def _bytes_of(kept: dict[tuple[int, int], Shared]) -> int:
    return sum(one.nbytes for one in list(kept.values()))
