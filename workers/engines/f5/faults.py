"""What ends an engine's life, as opposed to one utterance.

A lost CUDA context is the protocol's `DeviceLostError`; a folder of weights that cannot be used is a
`CheckpointError`.
"""

from __future__ import annotations

from workers.engines.engine import EngineError

STICKY_SIGNS = (
    "illegal memory access",
    "device-side assert",
    "unspecified launch failure",
    "misaligned address",
    "an illegal instruction",
    "uncorrectable ecc",
    "cudnn_status_execution_failed",
    "cublas_status_execution_failed",
    "cublas_status_internal_error",
    "device is lost",
    "fell off the bus",
    "unknown error",
    "launch timed out",
    "hardware stack error",
)
"""Parts of the driver's messages after which every later call in this process fails too (CUDA Runtime API,
error handling: "the process must be terminated and relaunched")."""


class CheckpointError(EngineError):
    """The folder of weights cannot be used; the message names the file and the fix."""


MEMORY_SIGNS = (
    "out of memory",
    "can't allocate memory",
    "status_alloc_failed",
    "cublas_status_not_initialized",
)
"""Parts of messages that mean too little memory without being torch's own exception for it."""


def is_out_of_memory(problem: BaseException) -> bool:
    """Whether a RuntimeError says that there was not the memory for it."""
    message = str(problem).lower()
    return any(sign in message for sign in MEMORY_SIGNS)


def is_sticky(problem: BaseException) -> bool:
    """Whether a RuntimeError says that the device's context is lost."""
    message = str(problem).lower()
    return any(sign in message for sign in STICKY_SIGNS)
