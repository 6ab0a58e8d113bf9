"""CUDA graphs of steps, captured one at a time.

Threads that load other pins capture, too. What a capture beside another thread must not meet (CUDA Programming Guide,
"Prohibited and Unhandled Operations"; torch 2.11, `CUDACachingAllocator.cpp`): a second capture on the same stream,
a wait for the whole device, an emptied cache. All of them take `DEVICE_WIDE`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Protocol
from weakref import WeakSet

import torch

DEVICE_WIDE = threading.RLock()
"""Held while a graph is captured, and around what concerns the whole device."""


class Graph(Protocol):
    """A step that can be done again by one call."""

    def replay(self) -> None:
        """Do it, with what the buffers hold now."""
        ...


Capture = Callable[[Callable[[], None]], Graph]
"""Makes a graph of a step without doing it; raises RuntimeError where it cannot be one. What it is given launches the
step's kernels, which were all launched before."""


class GraphPool:
    """CUDA graphs over one pool of memory: one runs at a time and leaves nothing in it."""

    def __init__(self) -> None:
        self._pool = torch.cuda.graph_pool_handle()
        self._alive: WeakSet[torch.cuda.CUDAGraph] = WeakSet()

    def __call__(self, launch: Callable[[], None]) -> torch.cuda.CUDAGraph:
        """See `Capture`. Other threads may launch and allocate meanwhile."""
        with (
            DEVICE_WIDE,
            torch.cuda.stream(torch.cuda.current_stream()),
        ):  # torch's own leaves it after an error
            if not self._alive:  # torch asserts that a pool's last graph has not gone before another comes
                self._pool = torch.cuda.graph_pool_handle()
            graph = torch.cuda.CUDAGraph()
            try:
                with torch.cuda.graph(graph, pool=self._pool, capture_error_mode="thread_local"):
                    launch()
            except BaseException:
                self._end_allocating()
                raise
            self._alive.add(graph)
        return graph

    def _end_allocating(self) -> None:
        """What torch before 2.12 leaves undone where a capture cannot be ended (pytorch#180395)."""
        device = torch.cuda.current_device()
        try:
            torch._C._cuda_endAllocateToPool(device, self._pool)
        except RuntimeError:  # it was ended
            return
        torch._C._cuda_releasePool(device, self._pool)
