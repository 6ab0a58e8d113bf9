"""What ends an engine's life, as opposed to one utterance.

A lost CUDA context is the protocol's `DeviceLostError`, told by a launch that fails (`device.canary`), never by words;
a folder of weights that cannot be used is a `CheckpointError`.
"""

from __future__ import annotations

from workers.engines.engine import EngineError


class CheckpointError(EngineError):
    """The folder of weights cannot be used; the message names the file and the fix."""


MEMORY_SIGNS = (
    "out of memory",  # of torch's allocator, `CUDA error:`, `CUDA driver error:`, `Triton Error [CUDA]:`
    "oom trying to allocate workspace",  # torch's cuBLASLt
    "status_alloc_failed",  # CUBLAS_, CUSOLVER_, and CUDNN_ before 9
    "device_allocation_failed",  # CUDNN_STATUS_INTERNAL_ERROR_
    "host_allocation_failed",
    "cufft_alloc_failed",
    "cublas_status_not_initialized",  # a handle is made late, and takes memory
    "cusolver_status_not_initialized",
    "cudnn_status_not_initialized",
    "unable to find an engine to execute this computation",  # GET, FIND: no plan of cuDNN's got its workspace
    "unable to find a valid cudnn algorithm",
    "nvml_success == r",  # the allocator, about to say how much is left
    "can't allocate memory",  # DefaultCPUAllocator
    "std::bad_alloc",
)
"""Parts of messages that mean too little memory, in lower case; torch's own exception has the first.

Read in libtorch_cuda and libc10_cuda of torch 2.11, cudnn_graph.h of 9 and triton 3.6. Triton's `out of resource` is
not among them: a kernel asks for more shared memory than a processor has, however much is free.
"""


def is_out_of_memory(problem: BaseException) -> bool:
    """Whether it says that there was not the memory for it; ask after the device was found alive."""
    message = str(problem).lower()
    return any(sign in message for sign in MEMORY_SIGNS)


def first_line(problem: BaseException) -> str:
    """What is said of a problem in a log or in a row: its kind where it has no words."""
    return str(problem).strip().partition("\n")[0][:300] or type(problem).__name__


def in_one_line(problem: BaseException) -> str:
    """Its kind and all that it says: a compiler's first line only says which compiler it was."""
    return f"{type(problem).__name__}: {' '.join(str(problem).split())}"[:400]
