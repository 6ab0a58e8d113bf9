"""An ONNX model on one thread of the CPU: the same numbers on every machine of a kind, and nobody else's cores."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from workers.engines.engine import EngineError

if TYPE_CHECKING:
    from onnxruntime import InferenceSession


def open_model(data: bytes, path: Path, *, what: str, mend: str) -> InferenceSession:
    """The model in `data`, which lay at `path`. Raises `EngineError` that says `what` it should be, with the mend."""
    try:
        import onnxruntime
    except ImportError as exc:
        raise EngineError(f"{what} needs onnxruntime; install campaign[measure]") from exc
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])
    except Exception as exc:  # what onnxruntime raises for a broken file has no type in common
        raise EngineError(f"{path} is no ONNX model ({exc}); {mend}") from exc


def read_model(path: Path, *, what: str, mend: str) -> bytes:
    """A model's file. Raises `EngineError`."""
    try:
        return path.read_bytes()
    except OSError as exc:
        raise EngineError(f"{what} {path} cannot be read: {exc.strerror}; {mend}") from exc
