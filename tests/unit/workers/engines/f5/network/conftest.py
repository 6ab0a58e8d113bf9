"""The fused kernels in Triton's interpreter: on a machine without a GPU they are run as numpy, program by program.

Triton reads `TRITON_INTERPRET` when a kernel is defined, so the kernels are imported here, under it. Two things of the
interpreter are not the device's: it multiplies blocks by numpy's `matmul`, whose sums depend on the row's place in a
block (a tensor core's do not), so blocks are multiplied in float64 here; and it reads bfloat16 as whole numbers, so
these tests are in float32 and float16.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

os.environ["TRITON_INTERPRET"] = "1"
try:
    from triton.runtime import interpreter

    from workers.engines.f5.network.kernels import float8, norms, position_convolution, rotation
finally:
    del os.environ["TRITON_INTERPRET"]

from tests.unit.workers.engines.f5.checkpoint import make_checkpoint

KERNELS = (float8, norms, position_convolution, rotation)


def _exact_dot(
    _builder: object,
    a: interpreter.TensorHandle,
    b: interpreter.TensorHandle,
    d: interpreter.TensorHandle,
    *_precision: object,
) -> interpreter.TensorHandle:
    exact = np.matmul(a.data.astype(np.float64), b.data.astype(np.float64)) + d.data
    return interpreter.TensorHandle(exact.astype(d.data.dtype), d.dtype.scalar)


@pytest.fixture(autouse=True)
def interpreted(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(interpreter.InterpreterBuilder, "create_dot", _exact_dot)
    monkeypatch.setenv("TRITON_INTERPRET", "1")  # parts of Triton are imported when they are first needed
    with np.errstate(all="ignore"):  # rows outside every sequence hold whatever was there
        yield


@pytest.fixture
def large_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whole steps in fewer programs: the interpreter takes a millisecond for each, however large."""
    monkeypatch.setattr(norms, "ROWS_PER_PROGRAM", 256)
    monkeypatch.setattr(position_convolution, "ROWS_PER_PROGRAM", 512)
    monkeypatch.setattr(rotation, "FLOAT32_BLOCKS", (512, 256, 64))


@pytest.fixture(scope="session")
def fusable_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Groups and heads of 16 channels, the least that a tensor core takes."""
    folder = tmp_path_factory.mktemp("weights") / "F5TTS_v1_Base"
    return make_checkpoint(folder, dim=256, heads=4, dim_head=64, depth=1)
