"""Captures beside other threads, with CUDA's parts stood in for: no GPU has them otherwise than in this order."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import torch

from workers.engines.f5.network.capturing import DEVICE_WIDE, GraphPool


class Graph:
    """Stands in for `torch.cuda.CUDAGraph`."""


class Cuda:
    """As torch 2.11 does it: an error leaves the capture's stream the current one."""

    def __init__(self) -> None:
        self.stream = "default"
        self.handles = 0
        self.pools: list[int] = []
        self.undone: list[str] = []
        self.ends = True

    def graph_pool_handle(self) -> int:
        self.handles += 1
        return self.handles

    @contextmanager
    def graph(self, _graph: Graph, *, pool: int, capture_error_mode: str) -> Iterator[None]:
        assert capture_error_mode == "thread_local"
        before, self.stream = self.stream, "capture"
        self.pools.append(pool)
        yield
        self.stream = before

    @contextmanager
    def set_to(self, stream: str) -> Iterator[None]:
        before, self.stream = self.stream, stream
        try:
            yield
        finally:
            self.stream = before

    def end_allocating(self, _device: int, _pool: int) -> None:
        if self.ends:
            raise RuntimeError("endAllocatePool: not currently recording to mempool_id")
        self.undone.append("end")


@pytest.fixture
def cuda(monkeypatch: pytest.MonkeyPatch) -> Cuda:
    made = Cuda()
    parts: dict[str, Any] = {
        "graph_pool_handle": made.graph_pool_handle,
        "CUDAGraph": Graph,
        "graph": made.graph,
        "stream": made.set_to,
        "current_stream": lambda: made.stream,
        "current_device": lambda: 0,
    }
    for name, part in parts.items():
        monkeypatch.setattr(torch.cuda, name, part)
    monkeypatch.setattr(torch._C, "_cuda_endAllocateToPool", made.end_allocating, raising=False)
    monkeypatch.setattr(
        torch._C, "_cuda_releasePool", lambda _device, _pool: made.undone.append("release"), raising=False
    )
    return made


def nothing() -> None:
    """A step of no kernels."""


def fails() -> None:
    raise RuntimeError("operation not permitted when stream is capturing")


def test_graphs_share_a_pool_as_long_as_one_is_alive(cuda: Cuda) -> None:
    pool = GraphPool()
    one = pool(nothing)
    another = pool(nothing)
    assert len(set(cuda.pools)) == 1
    del one, another
    kept = pool(nothing)
    assert len(set(cuda.pools)) == 2
    assert pool(nothing) is not kept
    assert len(set(cuda.pools)) == 2


@pytest.mark.parametrize("ends", [True, False])
def test_a_capture_that_fails_leaves_stream_and_allocator_as_they_were(cuda: Cuda, ends: bool) -> None:
    cuda.ends = ends
    with pytest.raises(RuntimeError, match="not permitted"):
        GraphPool()(fails)
    assert cuda.stream == "default"
    assert cuda.undone == ([] if ends else ["end", "release"])


@pytest.mark.usefixtures("cuda")
def test_a_capture_waits_for_what_concerns_the_whole_device() -> None:
    pool, captured = GraphPool(), threading.Event()

    def capture() -> None:
        pool(nothing)
        captured.set()

    thread = threading.Thread(target=capture)
    with DEVICE_WIDE:
        thread.start()
        assert not captured.wait(0.05)
    thread.join(5)
    assert captured.is_set()
