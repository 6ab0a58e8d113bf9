"""Mel -> samples through vocos, many utterances at once and none of them heard by another.

Legend: r rows with gaps, w width, n samples of a transform. Sequences lie end to end with gaps as wide as the
convolutions' reach, zero after every layer. On the CPU the inverse Fourier transform is each utterance's own; on a GPU,
where each would cost a plan and a wait, it is the whole pack's: the gaps are as wide as transforms overlap, too.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

GAP_FRAMES = 3
"""Reach of vocos' convolutions: kernels of 7."""
LEAST_ROWS_ON_GPU = 2304
"""Fewer have other bits there: 1,048 rows of the probe against 2,096, on an H200. Time is saved by none of them."""
LEAST_ENVELOPE = 1e-11
"""Where no transform reaches there is nothing to divide by; torch.istft's own bound."""


class Vocoder:
    """vocos taken apart for packs, float32 on any device: it is 2 % of the work. Not thread-safe."""

    def __init__(self, backbone: Any, head: Any, *, device: torch.device, hop_samples: int) -> None:
        self.device = device
        self.hop_samples = hop_samples
        self._backbone = backbone.to(device)
        self._head = head.to(device)
        istft = head.istft
        overlap, rest = divmod(istft.n_fft, istft.hop_length)
        self._transforms_whole_packs = (
            device.type == "cuda"
            and not rest
            and overlap - 1 <= GAP_FRAMES
            and istft.win_length == istft.n_fft
        )

    def samples_of(self, frames: int) -> int:
        """How many samples `frames` become."""
        padding = self._head.istft.padding
        return (frames - 1 if padding == "center" else frames) * self.hop_samples

    @torch.inference_mode()
    def decode(self, mels: Sequence[Tensor], *, rows: int | None = None) -> list[Tensor]:
        """mels float32 (frames, m) -> float32 (samples,) on the CPU each; `rows` fills up to a fixed number."""
        if rows is not None and self.device.type == "cuda":
            rows = max(rows, LEAST_ROWS_ON_GPU)
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
        is_kept = kept.to(self.device)
        spectrum = self._spectrum(packed, is_kept[None, None])
        if self._transforms_whole_packs and rows is not None:
            sound = self._inverse(spectrum, is_kept)
            host = torch.empty(sound.shape, pin_memory=sound.is_cuda).copy_(
                sound
            )  # one copy out, and one wait
            return [self._cut(host, start, len(mel)) for start, mel in zip(starts, mels, strict=True)]
        return [
            self._head.istft(spectrum[None, :, start : start + len(mel)])[0].cpu()
            for start, mel in zip(starts, mels, strict=True)
        ]

    def _inverse(self, spectrum: Tensor, kept: Tensor) -> Tensor:
        """complex64 (bins, r), bool (r,) -> float32 (samples of all rows): overlapping transforms, added in one order.

        What `torch.istft` gives each utterance, before its ends are cut off.
        """
        istft = self._head.istft
        hop, window = istft.hop_length, istft.window
        overlap = istft.n_fft // hop
        parts = torch.fft.irfft(spectrum.T, istft.n_fft, dim=1) * window * kept[:, None]
        shares = window.square().view(overlap, hop)
        sound = parts.new_zeros(len(parts) + overlap - 1, hop)
        envelope = torch.zeros_like(sound)
        for part in range(overlap):
            sound[part : part + len(parts)] += parts[:, part * hop : (part + 1) * hop]
            envelope[part : part + len(parts)] += kept[:, None] * shares[part]
        return torch.where(envelope > LEAST_ENVELOPE, sound / envelope, sound).flatten()

    def _cut(self, sound: Tensor, start: int, frames: int) -> Tensor:
        """One utterance's samples out of the pack's."""
        istft = self._head.istft
        hop = istft.hop_length
        lead = istft.n_fft // 2 if istft.padding == "center" else (istft.win_length - hop) // 2
        begin = start * hop + lead
        return sound[begin : begin + self.samples_of(frames)]

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
