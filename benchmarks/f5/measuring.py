"""Seconds, launches, joules and memory of a device; None where the device has no such thing, never 0."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median
from typing import Any

import torch


def synchronise(device: torch.device) -> None:
    """Wait until the device has done all that it was given."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)


def clock(device: torch.device, work: Callable[[], object]) -> float:
    """Seconds on the wall, from an empty queue to an empty queue."""
    synchronise(device)
    start = time.perf_counter()
    work()
    synchronise(device)
    return time.perf_counter() - start


def median_s(device: torch.device, work: Callable[[], object], *, times: int = 5, warm: int = 1) -> float:
    """The middle one of so many clockings, after `warm` that do not count."""
    for _ in range(warm):
        work()
    return median(clock(device, work) for _ in range(times))


def launch_s(device: torch.device, work: Callable[[], object], *, times: int = 5) -> float | None:
    """Seconds until `work` returns, on an empty queue each time: Python's share of work that waits for nothing.

    Short enough work (a step has some 700 launches, a queue holds 1,024) is never held up by a full queue.
    """
    if device.type != "cuda":
        return None
    took = []
    for _ in range(times):
        synchronise(device)
        start = time.perf_counter()
        work()
        took.append(time.perf_counter() - start)
    synchronise(device)
    return median(took)


def device_s(device: torch.device, work: Callable[[], object], *, times: int = 5) -> float | None:
    """Seconds on the device's own clock for `times` pieces of work queued at once, for one of them.

    Where Python launches slower than the device works, it is Python's pace.
    """
    if device.type != "cuda":
        return None
    begin, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))  # type: ignore[no-untyped-call]
    synchronise(device)
    begin.record()
    for _ in range(times):
        work()
    end.record()
    synchronise(device)
    return float(begin.elapsed_time(end)) / 1000 / times


class EnergyMeter:
    """A GPU's total energy through NVML: only differences mean something."""

    def __init__(self, device: torch.device) -> None:
        self._nvml: Any = None
        if device.type != "cuda":
            return
        try:
            import pynvml

            pynvml.nvmlInit()
            uuid = f"GPU-{torch.cuda.get_device_properties(device).uuid}"
            self._handle = pynvml.nvmlDeviceGetHandleByUUID(uuid)
            pynvml.nvmlDeviceGetTotalEnergyConsumption(self._handle)
        except ImportError:
            return
        except pynvml.NVMLError:  # no such counter on this card
            return
        self._nvml = pynvml

    def joules(self) -> float | None:
        """Since the driver was loaded."""
        if self._nvml is None:
            return None
        return float(self._nvml.nvmlDeviceGetTotalEnergyConsumption(self._handle)) / 1000


def allocated_gib(device: torch.device) -> float:
    """Of this process's tensors, now; 0 on the CPU."""
    return torch.cuda.memory_allocated(device) / 2**30 if device.type == "cuda" else 0.0


def peak_gib(device: torch.device, work: Callable[[], object]) -> float | None:
    """Most that this process's tensors took while it worked."""
    if device.type != "cuda":
        return None
    torch.cuda.reset_peak_memory_stats(device)
    work()
    synchronise(device)
    return torch.cuda.max_memory_allocated(device) / 2**30


def matmul_rate(device: torch.device, dtype: torch.dtype, size: int) -> float:
    """Operations a second of one large product: what the silicon gives here and now."""
    a, b = torch.randn(2, size, size, device=device, dtype=dtype).unbind(0)
    best = min(clock(device, lambda: [a @ b for _ in range(4)]) for _ in range(5))
    return 4 * 2 * size**3 / best


def rounded(number: float | None, digits: int = 4) -> float | None:
    """For a line of JSON."""
    return None if number is None else round(number, digits)
