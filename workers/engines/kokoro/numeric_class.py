"""Within what the same key gives the same bits: the library's kernels are chosen by what the CPU can do."""

from __future__ import annotations

import platform
from functools import lru_cache
from importlib import metadata
from pathlib import Path

from workers.engines.engine import EngineError

CPU_INFO = Path("/proc/cpuinfo")
KERNELS = (
    ("amx_int8", "amx"),
    ("avx512_vnni", "avx512vnni"),
    ("avx_vnni", "avxvnni"),
    ("avx512f", "avx512"),
    ("avx2", "avx2"),
    ("i8mm", "i8mm"),
    ("asimddp", "dotprod"),
)
"""What the CPU says it can -> which products of small integers ONNX Runtime takes; the first that is there."""


def runtime_version() -> str:
    """Of ONNX Runtime, without loading it. Raises `EngineError`."""
    try:
        return metadata.version("onnxruntime")
    except metadata.PackageNotFoundError as exc:
        raise EngineError("ONNX Runtime is not installed. Install the onnxruntime package") from exc


@lru_cache(maxsize=1)
def numeric_class() -> str:
    """`x86_64-avx2-onnxruntime-1.31.1`."""
    return f"{platform.machine()}-{kernels(CPU_INFO)}-onnxruntime-{runtime_version()}"


def kernels(cpu_info: Path) -> str:
    """What decides the kernels; `plain` where the CPU says nothing of it."""
    try:
        lines = cpu_info.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return "plain"
    told = next((line for line in lines if line.partition(":")[0].strip() in ("flags", "Features")), "")
    flags = set(told.partition(":")[2].split())
    return next((name for flag, name in KERNELS if flag in flags), "plain")
