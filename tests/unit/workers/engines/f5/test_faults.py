from __future__ import annotations

import pytest

from workers.engines.f5.faults import is_out_of_memory, is_sticky


@pytest.mark.parametrize(
    ("said", "sticky", "memory"),
    [
        ("CUDA error: an illegal memory access was encountered", True, False),
        ("CUDA error: device-side assert triggered", True, False),
        ("CUDA error: uncorrectable ECC error encountered", True, False),
        ("CUDA out of memory. Tried to allocate 2.00 GiB", False, True),
        ("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`", False, True),
        ("[enforce fail at alloc_cpu.cpp] DefaultCPUAllocator: can't allocate memory", False, True),
        ("The size of tensor a (3) must match the size of tensor b (4)", False, False),
    ],
)
def test_what_an_error_of_the_device_means(said: str, sticky: bool, memory: bool) -> None:
    assert (is_sticky(RuntimeError(said)), is_out_of_memory(RuntimeError(said))) == (sticky, memory)
