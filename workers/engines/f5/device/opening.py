"""A device made ready: the settings under which its arithmetic is exact, and its share of the memory."""

from __future__ import annotations

import torch

from workers.engines.engine import EngineError
from workers.engines.f5.choice import DeviceChoice


def open_device(choice: DeviceChoice) -> torch.device:
    """Raises `EngineError` when the device is not there."""
    if not choice.on_cuda:
        if choice.device != "cpu":
            raise EngineError(f"no device {choice.device!r}; give cpu, cuda or cuda:N")
        threads = choice.threads or torch.get_num_threads()
        torch.set_num_threads(1 << (threads.bit_length() - 1))
        return torch.device("cpu")
    if not torch.cuda.is_available():
        raise EngineError(
            "no GPU can be used here; `campaign doctor` says why, --device cpu works without one"
        )
    device = torch.device(choice.device if ":" in choice.device else "cuda:0")
    if device.index >= torch.cuda.device_count():
        raise EngineError(f"there is no {device}; this process sees {torch.cuda.device_count()} GPU(s)")
    torch.cuda.set_device(device)
    if torch.cuda.get_device_capability(device) < (8, 0):
        raise EngineError(f"{device} computes no bfloat16; F5 needs an Ampere GPU or newer, or --device cpu")
    torch.backends.cudnn.benchmark = False  # a trial of kernels may choose another one tomorrow
    torch.backends.cudnn.deterministic = True
    torch.backends.cuda.matmul.allow_bf16_reduced_precision_reduction = False
    if choice.max_vram_gib is not None:
        total = torch.cuda.get_device_properties(device).total_memory
        torch.cuda.set_per_process_memory_fraction(min(1.0, choice.max_vram_gib * 2**30 / total), device)
    return device
