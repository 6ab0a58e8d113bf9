"""Which GPUs a machine serves with, and how much memory each has, as NVML tells it."""

from __future__ import annotations

import contextlib
import os
from collections import Counter
from collections.abc import Sequence
from itertools import takewhile

from workers.digits import whole_number
from workers.errors import NoGpuError

VISIBLE = "CUDA_VISIBLE_DEVICES"
MIG = "MIG-"
"""What the UUID of a slice begins with."""


def chosen_gpus(selection: str) -> list[str]:
    """UUIDs of `all`, or of a list of numbers and UUIDs (MIG slices too); raises `NoGpuError`."""
    installed = _installed_gpus()
    visible = _visible_of(installed)
    if selection.strip() == "all":
        if installed and not visible:
            raise NoGpuError(
                f"CUDA_VISIBLE_DEVICES is {os.environ[VISIBLE]!r} and leaves none of the {len(installed)} GPUs that "
                "NVML sees. Unset it, or name GPUs with --gpus."
            )
        if not visible:
            raise NoGpuError("NVML sees no GPU here. Install the driver, or work with --device cpu.")
        uuids = visible
    else:
        uuids = []
        for name in (part.strip() for part in selection.split(",")):
            uuid = _uuid_of(name, visible, installed)
            if uuid is None:
                raise NoGpuError(
                    f"there is no GPU {name!r}; NVML sees {len(visible)}. Write all, 0,1 or UUIDs."
                )
            uuids.append(uuid)
    twice = [uuid for uuid, times in Counter(uuids).items() if times > 1]
    if twice:
        raise NoGpuError(f"{twice[0]} is named twice. Name it once; --per-gpu 2 is two processes on it.")
    return uuids


def _uuid_of(name: str, numbered: Sequence[str], installed: Sequence[str]) -> str | None:
    """Of a number, a UUID or, as CUDA takes it, the beginning of one GPU's UUID; None where it is nobody's."""
    if (number := whole_number(name)) is not None:
        return numbered[number] if number < len(numbered) else None
    if name.startswith("GPU-"):
        begun = [uuid for uuid in installed if uuid.startswith(name)]
        if not installed or name in begun:
            return name
        return begun[0] if len(begun) == 1 else None
    return name if name.startswith(MIG) else None


def _installed_gpus() -> list[str]:
    """UUIDs of every GPU that NVML sees."""
    import pynvml

    try:
        pynvml.nvmlInit()
        count = pynvml.nvmlDeviceGetCount()
        handles = [pynvml.nvmlDeviceGetHandleByIndex(index) for index in range(count)]
        return [str(pynvml.nvmlDeviceGetUUID(handle)) for handle in handles]
    except pynvml.NVMLError:
        return []


def _visible_of(installed: Sequence[str]) -> list[str]:
    """Those that CUDA_VISIBLE_DEVICES leaves, in its order: as for CUDA, what names no GPU ends the list."""
    told = os.environ.get(VISIBLE)
    if told is None:
        return list(installed)
    found = (_uuid_of(name.strip(), installed, installed) for name in told.split(",") if name.strip())
    return [uuid for uuid in takewhile(lambda uuid: uuid is not None, found) if uuid is not None]


def total_gib(uuid: str) -> float | None:
    """Memory of a GPU, or of a MIG slice its own; None where NVML cannot tell, or the GPU is cut into slices."""
    import pynvml

    try:
        pynvml.nvmlInit()
        handle = pynvml.nvmlDeviceGetHandleByUUID(uuid)
        with contextlib.suppress(pynvml.NVMLError):  # of a GPU that cannot be cut
            if (
                not uuid.startswith(MIG)
                and pynvml.nvmlDeviceGetMigMode(handle)[0] == pynvml.NVML_DEVICE_MIG_ENABLE
            ):
                return None
        return float(pynvml.nvmlDeviceGetMemoryInfo(handle).total) / 2**30
    except pynvml.NVMLError:
        return None
