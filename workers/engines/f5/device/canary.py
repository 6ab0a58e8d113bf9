"""Whether the device still runs anything: one launch that needs no memory.

After some errors every later call of the process fails (CUDA Runtime API, error handling: "the process must be
terminated and relaunched"). Their wordings are many and change; a launch that fails says the same of all.
"""

from __future__ import annotations

from collections.abc import Callable

import torch

from workers.engines.f5.network.capturing import DEVICE_WIDE


class Canary:
    """A launch that fails only where every other would."""

    def __init__(self, launch: Callable[[], None]) -> None:
        """`launch` raises RuntimeError when the device does not run it. Once at once, so that its code is loaded."""
        self._launch = launch
        launch()

    @classmethod
    def on(cls, device: torch.device) -> Canary:
        """With a tensor of its own on the device; on the CPU nothing is launched."""
        if device.type != "cuda":
            return cls(lambda: None)
        tensor = torch.zeros(1, device=device)

        def launch() -> None:
            tensor.add_(1)
            with DEVICE_WIDE:
                torch.cuda.synchronize(device)

        return cls(launch)

    def is_alive(self) -> bool:
        """Asked twice: the first launch may be given an older error, such as a library's failed `cudaMalloc`."""
        for _ in range(2):
            try:
                self._launch()
            except RuntimeError:
                continue
            return True
        return False
