"""A device made ready: the settings under which its arithmetic is exact, and its share of the memory."""

from __future__ import annotations

import logging
import os
import warnings

import torch

from workers.engines.engine import DeviceLostError, EngineError
from workers.engines.f5.choice import DeviceChoice

log = logging.getLogger(__name__)

EXACT_ENVIRONMENT = {
    "CUBLAS_WORKSPACE_CONFIG": ":16:8",
    "CUBLASLT_WORKSPACE_SIZE": "1",
    "NVIDIA_TF32_OVERRIDE": "0",
}
"""Workspaces so small that no product is split along its sum (after vLLM, model_executor/layers/batch_invariant.py);
and NVIDIA's own switch, which in cuBLAS and cuDNN wins over every setting of torch."""
OLDEST_CAPABILITY = (8, 0)
"""Ampere: bfloat16, and the flash kernels of both half types."""
OLDEST_FLOAT8_CAPABILITY = (8, 9)


def open_device(choice: DeviceChoice) -> torch.device:
    """Raises `EngineError` when the device is not there."""
    if not choice.on_cuda:
        if choice.device != "cpu":
            raise EngineError(f"no device {choice.device!r}; give cpu, cuda or cuda:N")
        threads = choice.threads or torch.get_num_threads()
        torch.set_num_threads(1 << (threads.bit_length() - 1))
        return torch.device("cpu")
    exact_arithmetic()
    if not torch.cuda.is_available():
        if "CUDA_MPS_PIPE_DIRECTORY" in os.environ:
            raise DeviceLostError(
                "no GPU answers through MPS: its server may be ending; start the worker again, "
                "`nvidia-smi` and the log in CUDA_MPS_LOG_DIRECTORY say more"
            )
        raise EngineError(
            "no GPU can be used here; `campaign doctor` says why, --device cpu works without one"
        )
    device = torch.device(choice.device if ":" in choice.device else "cuda:0")
    if device.index >= torch.cuda.device_count():
        raise EngineError(f"there is no {device}; this process sees {torch.cuda.device_count()} GPU(s)")
    torch.cuda.set_device(device)
    if torch.cuda.get_device_capability(device) < OLDEST_CAPABILITY:
        precision = choice.precision or "bfloat16"
        raise EngineError(
            f"{device} is too old for F5 in {precision}: give it an Ampere GPU or newer, or --device cpu"
        )
    if choice.max_vram_gib is not None:
        total = torch.cuda.get_device_properties(device).total_memory
        torch.cuda.set_per_process_memory_fraction(min(1.0, choice.max_vram_gib * 2**30 / total), device)
    return device


def check_float8(device: torch.device, dtype: torch.dtype) -> None:
    """Raises `EngineError` where products of eight bits cannot be computed; on the CPU they always can, slowly."""
    if device.type != "cuda":
        return
    if torch.cuda.get_device_capability(device) < OLDEST_FLOAT8_CAPABILITY:
        raise EngineError(
            f"{device} computes no float8, which this pin asks for: give it an Ada or Hopper GPU or newer"
        )
    if dtype != torch.bfloat16:
        raise EngineError("a pin with products of float8 runs in bfloat16; leave --precision out")


def exact_arithmetic() -> None:
    """Settings of this process under which a product's bits do not depend on how many rows it has beside them.

    To be called before CUDA begins in the process: the environment is read once.
    """
    for name, value in EXACT_ENVIRONMENT.items():
        there = os.environ.get(name)
        if there == value:
            continue
        if there is not None:
            log.warning(
                "%s was %s and is now %s: F5 needs it for the same bits in every batch", name, there, value
            )
        if torch.cuda.is_initialized():  # type: ignore[no-untyped-call]
            log.warning(
                "CUDA began in this process before %s was %s: more frame budgets may be refused; set it beforehand",
                name,
                value,
            )
        os.environ[name] = value
    matmul, cudnn = torch.backends.cuda.matmul, torch.backends.cudnn
    matmul.allow_bf16_reduced_precision_reduction = (False, False)  # the second: no split-K
    matmul.allow_fp16_reduced_precision_reduction = (False, False)
    matmul.allow_fp16_accumulation = False
    matmul.allow_tf32 = False
    torch.backends.cuda.preferred_blas_library("cublaslt")
    cudnn.allow_tf32 = False
    cudnn.benchmark = False  # a trial of kernels may choose another one tomorrow
    cudnn.deterministic = True


def accept_slow_float32() -> None:
    """Inductor need not advise TF32 (torch 2.11, `_inductor/compile_fx.py`): it is off on purpose."""
    warnings.filterwarnings("ignore", message="TensorFloat32 tensor cores for float32", category=UserWarning)
