"""Mel -> samples through vocos, many utterances at once and none of them heard by another.

Legend: r rows with gaps, w width. Sequences lie end to end with gaps as wide as the convolutions' reach, zero after
every layer; the inverse Fourier transform is each utterance's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

GAP_FRAMES = 3
"""Reach of vocos' convolutions: kernels of 7."""


class Vocoder:
    """vocos taken apart for packs, float32 on any device: it is 2 % of the work. Not thread-safe."""

    def __init__(self, backbone: Any, head: Any, *, device: torch.device, hop_samples: int) -> None:
        self.device = device
        self.hop_samples = hop_samples
        self._backbone = backbone.to(device)
        self._head = head.to(device)

    def samples_of(self, frames: int) -> int:
        """How many samples `frames` become."""
        padding = self._head.istft.padding
        return (frames - 1 if padding == "center" else frames) * self.hop_samples

    @torch.inference_mode()
    def decode(self, mels: Sequence[Tensor], *, rows: int | None = None) -> list[Tensor]:
        """mels float32 (frames, m) -> float32 (samples,) each; `rows` fills up to a fixed number."""
        starts, length = [], 0
        for mel in mels:
            starts.append(length)
            length += len(mel) + GAP_FRAMES
        if rows is None:
            length -= GAP_FRAMES
        elif length > rows:
            raise ValueError(f"{length} rows do not fit {rows}")
        else:
            length = rows
        packed = torch.zeros(length, mels[0].shape[1], device=self.device)
        kept = torch.zeros(length, dtype=torch.bool)
        for start, mel in zip(starts, mels, strict=True):
            packed[start : start + len(mel)] = mel
            kept[start : start + len(mel)] = True
        spectrum = self._spectrum(packed, kept.to(self.device)[None, None])
        return [
            self._head.istft(spectrum[None, :, start : start + len(mel)])[0]
            for start, mel in zip(starts, mels, strict=True)
        ]

    def _spectrum(self, packed: Tensor, kept: Tensor) -> Tensor:
        """(r, m) -> complex64 (bins, r)."""
        body = self._backbone
        x = body.norm(self._embedded(packed)[None]).transpose(1, 2) * kept
        for block in body.convnext:
            x = block(x) * kept
        x = body.final_layer_norm(x.transpose(1, 2))
        magnitude, phase = self._head.out(x)[0].T.chunk(2, dim=0)
        magnitude = torch.exp(magnitude).clip(max=1e2)  # vocos' own safeguard
        return torch.complex(magnitude * torch.cos(phase), magnitude * torch.sin(phase))

    def _embedded(self, packed: Tensor) -> Tensor:
        """(r, m) -> (r, w): vocos' first convolution as one product: oneDNN's has other bits at other r."""
        layer = self._backbone.embed
        reach = layer.kernel_size[0]
        windows = functional.pad(packed, (0, 0, reach // 2, reach // 2)).unfold(0, reach, 1)  # (r, m, reach)
        return functional.linear(windows.flatten(1), layer.weight.flatten(1), layer.bias)


def rows_for(frames: int, utterances: int) -> int:
    """The fixed number of rows of a budget."""
    return frames + utterances * GAP_FRAMES
