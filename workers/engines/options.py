"""Where and how engines run, as a worker's options say it: one record from the command line to the engine."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

PRECISIONS = ("float32", "bfloat16", "float16")
"""Of a network's arithmetic."""


class Mode(StrEnum):
    """How a network's arithmetic is put onto the device. Each has bits of its own."""

    EAGER = "eager"
    """torch's own kernels, one after another: the CPU's way, and a GPU's without a C compiler."""
    COMPILED = "compiled"
    """What lies between products and attention is compiled by inductor, once for each network and budget."""
    FUSED = "fused"
    """Kernels of this package's own (Triton), a step replayed as one CUDA graph."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceOptions:
    """Each is handed to engines whose constructor takes it, under its own name."""

    device: str = "cpu"
    """`cpu`, `cuda`, `cuda:1`."""
    max_vram_gib: float | None = None
    """Most GPU memory that one process may take; None is all there is."""
    precision: str | None = None
    """Of the network's arithmetic; None is the device's own."""
    mode: Mode | None = None
    """How kernels come to be; None is the fastest that this machine can do."""
    frame_budgets: tuple[int, ...] | None = None
    """Sizes of pack; None is the device's own list."""

    @property
    def compiles(self) -> bool:
        """Whether kernels may be compiled: on a GPU, or where a mode is asked for that does."""
        return self.device != "cpu" or self.mode not in (None, Mode.EAGER)


ON_CPU = DeviceOptions()
"""Where nothing else is asked for."""
