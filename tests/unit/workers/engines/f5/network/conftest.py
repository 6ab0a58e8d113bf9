"""The fused kernels in Triton's interpreter: on a machine without a GPU they are run as numpy, program by program.

Triton reads `TRITON_INTERPRET` when a kernel is defined, so the kernels are imported here, under it. Two things of the
interpreter are not the device's: it multiplies blocks by numpy's `matmul`, whose sums depend on the row's place in a
block (a tensor core's do not), so blocks are multiplied in float64 here; and it reads bfloat16 as whole numbers, so
these tests are in float32 and float16.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.nn import functional

os.environ["TRITON_INTERPRET"] = "1"
try:
    from triton.runtime import interpreter

    from workers.engines.f5.network import fused
    from workers.engines.f5.network.kernels import attention, float8, norms, position_convolution, rotation
    from workers.engines.f5.network.kernels.position_convolution import Convolution
finally:
    del os.environ["TRITON_INTERPRET"]

from tests.unit.workers.engines.f5.checkpoint import make_checkpoint
from workers.engines.f5.attention import one_by_one

KERNELS = (attention, float8, norms, position_convolution, rotation)


def _exact_dot(
    _builder: object,
    a: interpreter.TensorHandle,
    b: interpreter.TensorHandle,
    d: interpreter.TensorHandle,
    *_precision: object,
) -> interpreter.TensorHandle:
    exact = np.matmul(a.data.astype(np.float64), b.data.astype(np.float64)) + d.data
    return interpreter.TensorHandle(exact.astype(d.data.dtype), d.dtype.scalar)


class _IsWhole(type):
    """Bounds of a loop are arrays of one number there, which numpy 2.5 no longer takes for a number."""

    def __call__(cls, number: object) -> int:
        return int(np.asarray(number).item())

    def __instancecheck__(cls, one: object) -> bool:
        return isinstance(one, int)


class _Whole(metaclass=_IsWhole):
    """`int` to the interpreter."""


@pytest.fixture(autouse=True)
def interpreted(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(interpreter.InterpreterBuilder, "create_dot", _exact_dot)
    monkeypatch.setattr(interpreter, "int", _Whole, raising=False)
    monkeypatch.setenv("TRITON_INTERPRET", "1")  # parts of Triton are imported when they are first needed
    with np.errstate(all="ignore"):  # rows outside every sequence hold whatever was there
        yield


@pytest.fixture
def large_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whole steps in fewer programs: the interpreter takes a millisecond for each, however large."""
    monkeypatch.setattr(norms, "ROWS_PER_PROGRAM", 256)
    monkeypatch.setattr(position_convolution, "ROWS_PER_PROGRAM", 512)
    monkeypatch.setattr(attention, "FLOAT32_BLOCKS", (256, 256))


@pytest.fixture(scope="session")
def fusable_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Groups and heads of 16 channels, the least that a tensor core takes."""
    folder = tmp_path_factory.mktemp("weights") / "F5TTS_v1_Base"
    return make_checkpoint(folder, dim=256, heads=4, dim_head=64, depth=1)


@pytest.fixture
def plain_kernels(monkeypatch: pytest.MonkeyPatch) -> None:
    """The kernels' definitions in their place, a hundred times as fast: for what is asked of the buffers."""

    def embed_positions(
        h: Tensor, layers: tuple[Convolution, Convolution], first: Tensor, last: Tensor
    ) -> Tensor:
        whole = h.clone()
        for start, end in sorted({(int(a), int(b)) for a, b in zip(first, last, strict=True) if b}):
            y = h[start:end].T[None]
            for layer in layers:
                groups, taps, c, _ = layer.weight.shape
                weight = layer.weight.permute(0, 3, 2, 1).reshape(groups * c, c, taps)
                y = functional.mish(
                    functional.conv1d(y, weight, layer.bias, padding=taps // 2, groups=groups)
                )
            whole[start:end] += y[0].T
        return whole

    def norm(h: Tensor, scale: Tensor, shift: Tensor, *, epsilon: float) -> Tensor:
        return functional.layer_norm(h, (h.shape[-1],), scale, shift, epsilon)

    def add_norm_(
        h: Tensor, added: Tensor, gate: Tensor, scale: Tensor, shift: Tensor, *, epsilon: float
    ) -> Tensor:
        return norm(h.add_(added * gate), scale, shift, epsilon=epsilon)

    def rotate_(
        qkv: Tensor,
        first: Tensor,
        last: Tensor,
        angles: tuple[Tensor, Tensor],
        norms: tuple[Tensor, Tensor] | None,
        *,
        heads: int,
        rotated_heads: int,
        epsilon: float,
    ) -> Tensor:
        assert rotated_heads == heads and norms is None
        projected = qkv.view(len(qkv), 3, heads, -1)
        rows = torch.arange(len(qkv))
        positions = torch.where(rows < last, rows - first, 0)
        cosine, sine = (table[positions][:, None, None] for table in angles)
        even, odd = projected[:, :2, :, 0::2], projected[:, :2, :, 1::2]
        both = torch.stack([even * cosine - odd * sine, odd * cosine + even * sine], dim=-1)
        return torch.cat([both.flatten(-2), projected[:, 2:]], dim=1).flatten(1)

    def attend(query: Tensor, key: Tensor, value: Tensor, cumulative: Tensor, longest: int) -> Tensor:
        ends = cumulative.tolist()
        bounds = tuple(pair for pair in itertools.pairwise(ends) if pair[0] < pair[1])
        return one_by_one(query, key, value, bounds)

    for kernel in (embed_positions, norm, add_norm_, rotate_, attend):
        monkeypatch.setattr(fused, kernel.__name__, kernel)
