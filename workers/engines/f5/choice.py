"""Where and how the model runs: what the worker's options say of it."""

from __future__ import annotations

from dataclasses import dataclass

from workers.engines.options import Mode

CUDA_BUDGETS_FRAMES = (1024, 2048, 4096, 8192, 16384, 32768)
"""Of reference and speech; a preview needs the small ones, bulk the large."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceChoice:
    """Where and how the model runs."""

    device: str
    """`cpu`, `cuda`, `cuda:1`."""
    budgets_frames: tuple[int, ...] | None = None
    """None: the device's own list; () : every utterance alone."""
    max_vram_gib: float | None = None
    mode: Mode | None = None
    """None: the fastest that this machine can do."""
    precision: str | None = None
    """One of `PRECISIONS`; None: the device's own."""
    threads: int | None = None
    """On the CPU; None: as many as there are, rounded down to a power of two."""

    @property
    def on_cuda(self) -> bool:
        """Whether it is a GPU of NVIDIA's."""
        return self.device.partition(":")[0] == "cuda"

    @property
    def budgets(self) -> tuple[int, ...]:
        """Frame budgets to be tried, in frames, the smallest first."""
        own = CUDA_BUDGETS_FRAMES if self.on_cuda else ()
        return tuple(sorted(set(own if self.budgets_frames is None else self.budgets_frames)))
