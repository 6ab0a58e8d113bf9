"""What an error of the device means: whether it still runs anything, then whether memory was wanting."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from workers.engines.engine import DeviceLostError, DeviceMemoryError
from workers.engines.f5.device import DeviceChoice, DeviceModel
from workers.engines.f5.device.canary import Canary
from workers.engines.f5.faults import first_line, is_out_of_memory
from workers.engines.f5.weights import load, open_folder

MEMORY = (
    "CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has a total capacity of 79.10 GiB",
    "CUDA error: out of memory\nCUDA kernel errors might be asynchronously reported at some other API call",
    "CUDA driver error: out of memory",
    "Triton Error [CUDA]: out of memory",
    "backend='inductor' raised:\nOutOfMemoryError: CUDA out of memory. Tried to allocate 20.00 MiB",
    "OOM trying to allocate workspace for cublaslt",
    "CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`",
    "CUDA error: CUBLAS_STATUS_NOT_INITIALIZED when calling `cublasCreate(handle)`",
    "cusolver error: CUSOLVER_STATUS_ALLOC_FAILED, when calling `cusolverDnCreate(handle)`",
    "cusolver error: CUSOLVER_STATUS_NOT_INITIALIZED, when calling `cusolverDnCreate(handle)`",
    "cuDNN error: CUDNN_STATUS_ALLOC_FAILED",
    "cuDNN error: CUDNN_STATUS_NOT_INITIALIZED",
    "cuDNN error: CUDNN_STATUS_INTERNAL_ERROR_DEVICE_ALLOCATION_FAILED",
    "cuDNN error: CUDNN_STATUS_INTERNAL_ERROR_HOST_ALLOCATION_FAILED",
    "cuFFT error: CUFFT_ALLOC_FAILED",
    "GET was unable to find an engine to execute this computation",
    "FIND was unable to find an engine to execute this computation",
    "Unable to find a valid cuDNN algorithm to run convolution",
    'NVML_SUCCESS == r INTERNAL ASSERT FAILED at "/pytorch/c10/cuda/CUDACachingAllocator.cpp":1165, please report',
    "[enforce fail at alloc_cpu.cpp:127] err == 0. DefaultCPUAllocator: can't allocate memory: you tried to allocate",
    "std::bad_alloc",
)
OTHER = (
    "CUDA error: an illegal memory access was encountered",
    "CUDA error: device-side assert triggered",
    "CUDA error: uncorrectable ECC error encountered",
    "CUDA error: unspecified launch failure",
    "CUDA error: misaligned address",
    "CUDA error: an illegal instruction was encountered",
    "CUDA error: invalid program counter",
    "CUDA error: operation not supported on global/shared address space",
    "CUDA error: Invalid access of peer GPU memory over nvlink or a hardware error",
    "CUDA error: CUDA-capable device(s) is/are busy or unavailable",
    "CUDA error: context is destroyed",
    "CUDA error: the launch timed out and was terminated",
    "CUDA error: too many resources requested for launch",
    "CUDA driver error: unknown error",
    "CUDA error: CUBLAS_STATUS_EXECUTION_FAILED when calling `cublasGemmEx`",
    "CUDA error: CUBLAS_STATUS_INTERNAL_ERROR when calling `cublasLtMatmul`",
    "cuDNN error: CUDNN_STATUS_EXECUTION_FAILED",
    "cuDNN error: CUDNN_STATUS_INTERNAL_ERROR",
    "cuDNN error: CUDNN_STATUS_NOT_SUPPORTED_SHARED_MEMORY_INSUFFICIENT",
    "cuFFT error: CUFFT_INTERNAL_ERROR",
    "out of resource: shared memory, Required: 262144, Hardware limit: 232448. Reducing block sizes may help.",
    "The size of tensor a (3) must match the size of tensor b (4) at non-singleton dimension 0",
    "",
)


class Launch:
    """A launch that fails for its next `failures` times."""

    def __init__(self) -> None:
        self.failures, self.times = 0.0, 0

    def __call__(self) -> None:
        self.times += 1
        if self.failures > 0:
            self.failures -= 1
            raise RuntimeError("CUDA error: unspecified launch failure")


@pytest.fixture(scope="module")
def device_model(tiny_folder: Path) -> DeviceModel:
    return DeviceModel(load(open_folder(tiny_folder)), DeviceChoice(device="cpu", budgets_frames=(512, 1024)))


@pytest.fixture
def launch(device_model: DeviceModel) -> Iterator[Launch]:
    kept, launch = device_model.canary, Launch()
    device_model.canary = Canary(launch)
    yield launch
    device_model.canary = kept


@pytest.mark.parametrize("said", MEMORY)
def test_every_wording_of_memory_is_known_on_a_device_that_runs(
    device_model: DeviceModel, launch: Launch, said: str
) -> None:
    assert device_model.lacked_memory(RuntimeError(said))
    assert launch.times == 2, "one to load its code, one to ask"


@pytest.mark.parametrize("said", OTHER)
def test_nothing_else_is_taken_for_memory(device_model: DeviceModel, launch: Launch, said: str) -> None:
    assert not device_model.lacked_memory(RuntimeError(said))
    assert not is_out_of_memory(RuntimeError(said))


@pytest.mark.parametrize("said", [*MEMORY, *OTHER])
def test_a_device_that_runs_nothing_is_lost_whatever_was_said(
    device_model: DeviceModel, launch: Launch, said: str
) -> None:
    launch.failures = float("inf")
    with pytest.raises(DeviceLostError, match="start the worker again") as lost:
        device_model.lacked_memory(RuntimeError(said))
    assert not isinstance(lost.value, DeviceMemoryError)
    assert first_line(RuntimeError(said)) in str(lost.value)


def test_an_older_error_that_the_first_launch_is_given_is_no_lost_device(
    device_model: DeviceModel, launch: Launch
) -> None:
    """As after a library's own failed allocation: CUDA gives it to whoever asks next, once."""
    launch.failures = 1
    assert device_model.lacked_memory(RuntimeError("CUDA error: out of memory"))


def test_a_canary_that_cannot_be_launched_at_first_is_no_canary() -> None:
    def dead() -> None:
        raise RuntimeError("CUDA error: no kernel image is available")

    with pytest.raises(RuntimeError, match="no kernel image"):
        Canary(dead)


def test_the_cpu_is_always_alive(device_model: DeviceModel) -> None:
    assert device_model.canary.is_alive()
    assert not device_model.lacked_memory(
        RuntimeError("CUDA error: an illegal memory access was encountered")
    )
