"""The name of what promises equal bits: device, libraries, precision and mode."""

from __future__ import annotations

import platform

import torch

from workers.engines.f5.choice import Mode

SHORT = {torch.float32: "f32", torch.bfloat16: "bf16", torch.float16: "f16"}


def numeric_class(device: torch.device, dtype: torch.dtype, mode: Mode, *, packs: bool) -> str:
    """Device, build and mode within which the same key gives the same bits."""
    how = f"{SHORT[dtype]}-{'packs' if packs else 'alone'}-{mode}"
    if device.type == "cuda":
        name = torch.cuda.get_device_properties(device).name.replace(" ", "-")
        cudnn = torch.backends.cudnn.version()  # type: ignore[no-untyped-call]
        return f"{name}-torch{torch.__version__}-cuda{torch.version.cuda}-cudnn{cudnn}-{how}"
    capability = torch.backends.cpu.get_cpu_capability().replace(" ", "-")
    return f"{platform.machine()}-{capability}-torch{torch.__version__}-{how}-t{torch.get_num_threads()}"
