"""The device of these tests, found without loading torch."""

from __future__ import annotations

import ctypes
import os

VARIABLE = "GPU_TESTS_DEVICE"


def cuda_devices() -> int:
    """How many the driver shows to this process; 0 where there is no driver."""
    try:
        driver = ctypes.CDLL("libcuda.so.1")
    except OSError:
        return 0
    count = ctypes.c_int()
    if driver.cuInit(0) or driver.cuDeviceGetCount(ctypes.byref(count)):
        return 0
    return count.value


def chosen() -> str | None:
    """What the environment says, else a GPU where there is one, else None."""
    return os.environ.get(VARIABLE) or ("cuda" if cuda_devices() else None)


DEVICE = chosen()
ON_CUDA = DEVICE is not None and DEVICE.startswith("cuda")
