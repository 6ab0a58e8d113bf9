"""From latents to samples: the decoder of Mimi, one utterance at a time, many frames at once.

Same arithmetic as upstream's `MimiModel.decode_from_latent`, in pieces of a fixed number of frames counted from the
utterance's own beginning, so that nothing that is decoded beside it can change a bit. Frames take the place that
streams have in the transformer: convolutions see hundreds of steps at once, with channels innermost. A transposed
convolution whose kernel is two strides long is one product and an addition.

    n frames, w steps, c channels; everything between layers is (1, c, 1, w), channels-last
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from workers.engines.pocket.backbone import Transformer
from workers.engines.pocket.products import CausalConvolution, PackedProduct

PIECE_FRAMES = (4, 20)
"""Decoded at once, so many or so many: the long pieces first, the rest in short ones, the last filled up. 20 are 1.6 s
of sound; what lies between layers stays in the cache of a processor."""
FADE_SHARE = 200
"""The first 1/200 s fades in: a fresh decoder begins with a small step, as upstream found."""


class _Upsampling:
    """A transposed convolution whose kernel is two strides long."""

    def __init__(self, weight: Tensor, bias: Tensor | None, stride: int, steps: tuple[int, ...]) -> None:
        """`weight` is float32 (c, c', 2 * stride), as torch has it; `steps` are how many come at once."""
        channels, self.channels, _ = weight.shape
        self.stride = stride
        matrix = weight.view(channels, self.channels, 2, stride).permute(2, 3, 1, 0)
        self._product = PackedProduct(matrix.reshape(2 * stride * self.channels, channels), row_counts=steps)
        self._bias = bias

    def begin(self, device: torch.device) -> Tensor:
        return torch.zeros(self.stride, self.channels, device=device)

    def __call__(self, steps: Tensor, late: Tensor) -> tuple[Tensor, Tensor]:
        """`late` is what the step before adds to the first."""
        rows = steps[0, :, 0].T
        spread = self._product(rows).view(len(rows), 2, self.stride, self.channels)
        summed = spread[:, 0] if self._bias is None else spread[:, 0] + self._bias
        summed[0] += late
        summed[1:] += spread[:-1, 1]
        return _steps(summed.reshape(-1, self.channels)), spread[-1, 1].clone()


@dataclass(slots=True)
class _Block:
    """A residual block: two convolutions, each after an ELU."""

    first: CausalConvolution
    second: CausalConvolution


@dataclass(slots=True, kw_only=True)
class _Progress:
    """Where the decoding of one utterance is."""

    pasts: list[Any]
    late: Tensor
    keys_values: list[Tensor] = field(default_factory=list)
    steps: int = 0


class Codec:
    """Upstream's decoder."""

    def __init__(self, mimi: Any, deviation: Tensor, mean: Tensor, *, positions: int) -> None:
        """`mimi` is upstream's module and `deviation`, `mean` (l,) its latents', where they will be used."""
        self.device = mean.device
        self._deviation, self._mean = deviation, mean
        self._lift = PackedProduct(mimi.quantizer.output_proj.weight[:, :, 0], row_counts=PIECE_FRAMES)
        upsample = mimi.upsample.convtr.convtr
        self.steps_per_frame = int(upsample.stride[0])
        self._spread = upsample.weight[:, 0].T.view(2, self.steps_per_frame, -1)  # (2, stride, c), by channel
        steps = _times(PIECE_FRAMES, self.steps_per_frame)
        projected = mimi.decoder_transformer
        self._enter = (
            None
            if projected.input_proj is None
            else PackedProduct(projected.input_proj.weight, row_counts=steps)
        )
        leave = projected.output_projs[0]
        self._leave = PackedProduct(leave.weight, row_counts=steps) if hasattr(leave, "weight") else None
        self._transformer = Transformer(
            projected.transformer, positions=positions * self.steps_per_frame, row_counts=steps
        )
        self._layers = _layers_of(mimi.decoder, steps)
        self.rate_hz = int(mimi.sample_rate)

    def decode(self, latents: Tensor) -> Tensor:
        """float32 (n, l) -> (samples,) on the same device."""
        progress = _Progress(
            pasts=[_begin(layer, self.device) for layer in self._layers],
            late=torch.zeros(self._spread.shape[1:], device=self.device),
        )
        short, long = PIECE_FRAMES
        whole = len(latents) // long * long
        filled = functional.pad(latents, (0, 0, 0, -(len(latents) - whole) % short))
        pieces = [*torch.split(filled[:whole], long), *torch.split(filled[whole:], short)]
        samples = torch.cat([self._piece(piece, progress) for piece in pieces if len(piece)])
        samples = samples[: len(samples) * len(latents) // len(filled)]
        fading = min(self.rate_hz // FADE_SHARE, len(samples))
        samples[:fading] *= torch.linspace(0, 1, self.rate_hz // FADE_SHARE, device=self.device)[:fading]
        return samples

    def _piece(self, latents: Tensor, progress: _Progress) -> Tensor:
        rows = self._lift(latents * self._deviation + self._mean)
        spread = rows[:, None, None] * self._spread  # (n, 2, stride, c)
        summed = spread[:, 0]
        summed[0] += progress.late
        summed[1:] += spread[:-1, 1]
        progress.late = spread[-1, 1].clone()
        rows = summed.reshape(-1, rows.shape[-1])
        if self._enter is not None:
            rows = self._enter(rows)
        rows = self._transform(rows, progress)
        if self._leave is not None:
            rows = self._leave(rows)
        steps = _steps(rows)
        for number, layer in enumerate(self._layers):
            steps, progress.pasts[number] = _through(layer, steps, progress.pasts[number])
        return steps.flatten()

    def _transform(self, rows: Tensor, progress: _Progress) -> Tensor:
        transformer, count = self._transformer, len(rows)
        context = transformer.context or progress.steps + count
        positions = torch.arange(progress.steps, progress.steps + count, device=rows.device)
        progress.steps += count
        for number, layer in enumerate(transformer.layers):
            queries, keys, values = transformer.project(layer, rows, positions)
            new = torch.stack([keys, values]).transpose(1, 2)
            if len(progress.keys_values) > number:
                new = torch.cat([progress.keys_values[number], new], dim=2)
                progress.keys_values[number] = new[:, :, -(context - 1) :]
            else:
                progress.keys_values.append(new[:, :, -(context - 1) :])
            seen = _band(count, new.shape[2], context, rows.device)
            attended = functional.scaled_dot_product_attention(
                queries.transpose(0, 1)[None], new[0][None], new[1][None], attn_mask=seen
            )
            rows = transformer.finish(layer, rows, attended[0].transpose(0, 1).reshape(count, -1))
        return rows


def _band(queries: int, keys: int, context: int, device: torch.device) -> Tensor:
    """Which keys each query sees: itself and `context - 1` before it; the last query is the last key."""
    ahead = torch.arange(keys, device=device) - torch.arange(keys - queries, keys, device=device)[:, None]
    return (ahead <= 0) & (ahead > -context)


def _steps(rows: Tensor) -> Tensor:
    """(w, c) -> (1, c, 1, w), channels-last."""
    return rows.view(1, 1, *rows.shape).permute(0, 3, 1, 2)


def _times(counts: tuple[int, ...], factor: int) -> tuple[int, ...]:
    return tuple(count * factor for count in counts)


def _layers_of(decoder: Any, steps: tuple[int, ...]) -> list[CausalConvolution | _Upsampling | _Block | None]:
    """Of upstream's `SEANetDecoder`; None is an ELU."""
    layers: list[CausalConvolution | _Upsampling | _Block | None] = []
    for layer in decoder.model:
        if hasattr(layer, "convtr"):
            stride = int(layer.convtr.stride[0])
            layers.append(_Upsampling(layer.convtr.weight, layer.convtr.bias, stride, steps))
            steps = _times(steps, stride)
        elif hasattr(layer, "conv"):
            layers.append(_convolution(layer, steps))
        elif hasattr(layer, "block"):
            layers.append(_Block(_convolution(layer.block[1], steps), _convolution(layer.block[3], steps)))
        else:
            layers.append(None)
    return layers


def _convolution(layer: Any, steps: tuple[int, ...]) -> CausalConvolution:
    convolution = layer.conv
    return CausalConvolution(
        convolution.weight, convolution.bias, dilation=int(convolution.dilation[0]), steps=steps[-1]
    )


def _begin(layer: CausalConvolution | _Upsampling | _Block | None, device: torch.device) -> Any:
    if layer is None:
        return None
    if isinstance(layer, _Block):
        return layer.first.begin(device), layer.second.begin(device)
    return layer.begin(device)


def _through(
    layer: CausalConvolution | _Upsampling | _Block | None, steps: Tensor, past: Any
) -> tuple[Tensor, Any]:
    if layer is None:
        return functional.elu(steps), None
    if isinstance(layer, _Block):
        inner, first = layer.first(functional.elu(steps), past[0])
        inner, second = layer.second(functional.elu(inner), past[1])
        return steps + inner, (first, second)
    return layer(steps, past)
