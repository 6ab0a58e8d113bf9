"""Which GPUs a machine serves with, and how much memory each has, as NVML tells it."""

from __future__ import annotations

import contextlib
import os
from collections import Counter

from workers.digits import whole_number
from workers.errors import NoGpuError

MIG = "MIG-"
"""What the UUID of a slice begins with."""


def chosen_gpus(selection: str) -> list[str]:
    """UUIDs of `all`, or of a list of numbers and UUIDs (MIG slices too); raises `NoGpuError`."""
    visible = _visible_gpus()
    if selection.strip() == "all":
        if not visible:
            raise NoGpuError("NVML sees no GPU here. Install the driver, or work with --device cpu.")
        return visible
    uuids = []
    for name in (part.strip() for part in selection.split(",")):
        if name.startswith(("GPU-", MIG)):
            uuids.append(name)
        elif (number := whole_number(name)) is not None and number < len(visible):
            uuids.append(visible[number])
        else:
            raise NoGpuError(f"there is no GPU {name!r}; NVML sees {len(visible)}. Write all, 0,1 or UUIDs.")
    twice = [uuid for uuid, times in Counter(uuids).items() if times > 1]
    if twice:
        raise NoGpuError(f"{twice[0]} is named twice. Name it once; --per-gpu 2 is two processes on it.")
    return uuids


def _visible_gpus() -> list[str]:
    """UUIDs of every GPU, or of those that CUDA_VISIBLE_DEVICES leaves, in its order."""
    import pynvml

    try:
        pynvml.nvmlInit()
        count = pynvml.nvmlDeviceGetCount()
        handles = [pynvml.nvmlDeviceGetHandleByIndex(index) for index in range(count)]
        uuids = [str(pynvml.nvmlDeviceGetUUID(handle)) for handle in handles]
    except pynvml.NVMLError:
        return []
    visible = os.environ.get("CUDA_VISIBLE_DEVICES")
    if visible is None:
        return uuids
    names = [part.strip() for part in visible.split(",") if part.strip()]
    return [
        name if number is None else uuids[number]
        for name, number in ((name, whole_number(name)) for name in names)
        if number is None or number < count
    ]


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
