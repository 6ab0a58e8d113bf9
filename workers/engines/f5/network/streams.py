"""Tensors that are made on one stream of a GPU and read on others."""

from __future__ import annotations

import torch
from torch import Tensor


class Shared:
    """A tensor that was just made on the current stream; on the CPU nothing but the tensor."""

    def __init__(self, tensor: Tensor) -> None:
        self._tensor = tensor
        self._made: torch.cuda.Event | None = None
        if tensor.is_cuda:
            self._made = torch.cuda.Event()  # type: ignore[no-untyped-call]
            self._made.record(torch.cuda.current_stream(tensor.device))

    @property
    def nbytes(self) -> int:
        """What it takes."""
        return self._tensor.nbytes

    def here(self) -> Tensor:
        """For work on the current stream: it begins when the tensor is made, and the memory stays until it ends."""
        if self._made is not None:
            stream = torch.cuda.current_stream(self._tensor.device)
            stream.wait_event(self._made)
            self._tensor.record_stream(stream)
        return self._tensor
