"""A row's product with a matrix, and a causal convolution: laid out once, blind to the rows beside it.

On the CPU a product is oneDNN's convolution of width one over weights that were laid out for it at loading. MKL's
product, which torch takes for `functional.linear`, lays its operands out at every call, half its time at these
sizes, and sums a row otherwise when it has fewer than four beside it. Elsewhere torch's own product is taken. What
holds on a machine is not believed but proved there, proof.py.

    r rows, k width before, n width after; w steps of time, c channels: (1, c, 1, w), channels-last
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

_ONE = [1, 1]
_NONE = [0, 0]
ROW_COUNTS = (4, 8, 16, 32)
"""Of a product: others are filled up or cut. For a number that does not suit how the weights were laid out (one row; 48
rows of 4096) oneDNN takes a kernel that is a hundred times slower."""


def packs(device: torch.device) -> bool:
    """Whether weights can be laid out once for oneDNN."""
    return device.type == "cpu" and torch.backends.mkldnn.is_available()  # type: ignore[no-untyped-call]


class PackedProduct:
    """rows (r, k) -> (r, n)."""

    def __init__(
        self, weight: Tensor, bias: Tensor | None = None, *, row_counts: tuple[int, ...] = ROW_COUNTS
    ) -> None:
        """`weight` is float32 (n, k), `bias` (n,); on the device where it will be used. `row_counts` ascend."""
        self._row_counts = row_counts
        self.width = weight.shape[0]
        self._bias = None if bias is None else bias.contiguous()
        self._packed = packs(weight.device)
        self._weight = (
            _packed(weight[:, :, None, None], row_counts[-1], 1) if self._packed else weight.contiguous()
        )

    def __call__(self, rows: Tensor) -> Tensor:
        if not self._packed:
            return functional.linear(rows, self._weight, self._bias)
        most = self._row_counts[-1]
        if len(rows) > most:
            return torch.cat([self(part) for part in torch.split(rows, most)])
        count = len(rows)
        total = next(one for one in self._row_counts if one >= count)
        filled = rows if total == count else functional.pad(rows, (0, 0, 0, total - count))
        image = filled.contiguous().view(1, 1, total, -1).permute(0, 3, 1, 2)
        products = _convolved(image, self._weight, self._bias, 1)
        return products.permute(0, 2, 3, 1).view(total, self.width)[:count]


class CausalConvolution:
    """(1, c, 1, w) -> (1, c', 1, w), each step seeing itself and those before it; stateless, the past is handed in."""

    def __init__(self, weight: Tensor, bias: Tensor | None, *, dilation: int, steps: int) -> None:
        """`weight` is float32 (c', c, width); `steps` is about how many will come at once."""
        self.past_steps = (weight.shape[2] - 1) * dilation
        self.channels = weight.shape[1]
        self._dilation = dilation
        self._bias = None if bias is None else bias.contiguous()
        self._packed = packs(weight.device)
        kernel = weight[:, :, None, :]
        self._weight = (
            _packed(kernel, steps, dilation)
            if self._packed
            else kernel.contiguous(memory_format=torch.channels_last)
        )

    def begin(self, device: torch.device) -> Tensor:
        """The silence before the first step: (1, c, 1, past)."""
        return torch.zeros(1, 1, self.past_steps, self.channels, device=device).permute(0, 3, 1, 2)

    def __call__(self, steps: Tensor, past: Tensor) -> tuple[Tensor, Tensor]:
        """(what comes out, the past of the next call)."""
        if self.past_steps:
            steps = torch.cat([past, steps], dim=3)
            past = steps[..., -self.past_steps :]
        if self._packed:
            return _convolved(steps, self._weight, self._bias, self._dilation), past
        return functional.conv2d(steps, self._weight, self._bias, dilation=(1, self._dilation)), past


def _packed(kernel: Tensor, steps: int, dilation: int) -> Tensor:
    """Laid out for oneDNN; the number of steps is a hint, any other works, too."""
    image = [1, kernel.shape[1], 1, steps + (kernel.shape[3] - 1) * dilation]
    packed: Tensor = torch.ops.mkldnn._reorder_convolution_weight(
        kernel.contiguous(memory_format=torch.channels_last), _NONE, _ONE, [1, dilation], 1, image
    )
    return packed


def _convolved(image: Tensor, packed: Tensor, bias: Tensor | None, dilation: int) -> Tensor:
    result: Tensor = torch.ops.mkldnn._convolution_pointwise(
        image, packed, bias, _NONE, _ONE, [1, dilation], 1, "none", [], ""
    )
    return result
