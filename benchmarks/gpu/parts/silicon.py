"""The machine, and what its silicon gives: the numbers that every share is of."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
from importlib import metadata

import torch

from benchmarks.f5.measuring import EnergyMeter, matmul_rate, median_s
from benchmarks.gpu.bench import Bench

PACKAGES = ("numpy", "triton", "f5-tts", "vocos", "nvidia-ml-py")


def env(bench: Bench) -> None:
    """Card, driver, libraries, settings."""
    bench.tell(
        "host",
        {
            "python": platform.python_version(),
            "machine": platform.machine(),
            "cpus": os.cpu_count(),
            "c_compiler": shutil.which("cc") or shutil.which("gcc") or shutil.which("clang"),
            "torch": torch.__version__,
            "cuda": torch.version.cuda,
            "cudnn": torch.backends.cudnn.version(),  # type: ignore[no-untyped-call]
            "convolutions_in_tf32": torch.backends.cudnn.allow_tf32,
            "threads": torch.get_num_threads(),
            "packages": {name: _version(name) for name in PACKAGES},
        },
    )
    if not bench.on_cuda:
        return
    properties = torch.cuda.get_device_properties(bench.torch_device)
    query = "driver_version,clocks.sm,clocks.max.sm,power.draw,power.limit,ecc.mode.current,mig.mode.current"
    asked = subprocess.run(
        ["nvidia-smi", f"--query-gpu={query}", "--format=csv,noheader"],
        capture_output=True,
        text=True,
        check=False,
    )
    bench.tell(
        "card",
        {
            "name": properties.name,
            "gib": round(properties.total_memory / 2**30, 1),
            "multiprocessors": properties.multi_processor_count,
            "capability": f"{properties.major}.{properties.minor}",
            "smi": dict(zip(query.split(","), asked.stdout.strip().split(", "), strict=False)),
            "counts_joules": EnergyMeter(bench.torch_device).joules() is not None,
        },
    )


def ceiling(bench: Bench) -> None:
    """Large products, a copy, an empty launch, a float8 product."""
    device = bench.torch_device
    size = 8192 if bench.on_cuda and not bench.quick else 512
    for name in ("bfloat16", "float16", "float32"):
        rate = matmul_rate(device, getattr(torch, name), size)
        bench.tell("matmul", {"type": name, "n": size, "tflops": round(rate / 1e12, 3)})
    here = torch.empty(2**29 if bench.on_cuda else 2**22, dtype=torch.float32, device=device)
    there = torch.empty_like(here)
    took = median_s(device, lambda: there.copy_(here), times=7, warm=2)
    bench.tell("copy", {"tb_per_s": round(2 * here.nbytes / took / 1e12, 3)})
    if not bench.on_cuda:
        return
    one = torch.zeros(32, device=device)
    launches = 500  # fewer than a queue holds
    took = median_s(device, lambda: [one.add_(1) for _ in range(launches)])
    bench.tell("launch", {"us": round(took / launches * 1e6, 3)})
    if torch.cuda.get_device_capability(device) >= (8, 9):
        _float8(bench, rows=32768, inner=1024, outer=3072)


def _float8(bench: Bench, *, rows: int, inner: int, outer: int) -> None:
    """With a scale for every row and every column, as a network would need it."""
    device, kind = bench.torch_device, torch.float8_e4m3fn
    a = torch.randn(rows, inner, device=device).to(kind)
    b = torch.randn(outer, inner, device=device).to(kind)
    scales = torch.ones(rows, 1, device=device), torch.ones(1, outer, device=device)
    took = median_s(
        device, lambda: torch._scaled_mm(a, b.T, *scales, out_dtype=torch.bfloat16), times=9, warm=3
    )
    bench.tell(
        "matmul",
        {
            "type": "float8",
            "n": [rows, inner, outer],
            "tflops": round(2 * rows * inner * outer / took / 1e12, 1),
        },
    )


def _version(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None
