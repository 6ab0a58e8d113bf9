"""Every fused kernel is built for GPUs that are not here: it is a program there, and fits."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from typing import Any

import pytest

from tests.unit.workers.engines.f5.network.built_kernels import CAPABILITIES

SHARED_BYTES = {80: 163 << 10, 89: 99 << 10, 90: 227 << 10, 100: 227 << 10}
"""Most that one block may have, by capability (CUDA C++ programming guide, technical specifications)."""
PRODUCTS = {"_convolve", "_attend"}


@pytest.fixture(scope="module")
def built() -> list[dict[str, Any]]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.unit.workers.engines.f5.network.built_kernels"],
        capture_output=True,
        text=True,
        check=False,
        env={name: value for name, value in os.environ.items() if name != "TRITON_INTERPRET"},
    )
    assert done.returncode == 0, done.stderr[-3000:]
    kernels: list[dict[str, Any]] = json.loads(done.stdout)
    return kernels


def test_every_kernel_is_built_for_every_kind_of_gpu(built: list[dict[str, Any]]) -> None:
    counted = Counter((one["kernel"], one["type"]) for one in built)
    types = len(CAPABILITIES)
    assert {name for name, _ in counted} == {*PRODUCTS, "_add_norm", "_rotate", "_quantise"}
    assert len(counted) == 4 * types + 1  # rows are rounded to eight bits from bfloat16


def test_no_kernel_asks_for_more_shared_memory_than_there_is(built: list[dict[str, Any]]) -> None:
    assert [one for one in built if one["shared_bytes"] > SHARED_BYTES[one["capability"]]] == []


def test_no_kernel_spills_its_registers(built: list[dict[str, Any]]) -> None:
    assert [one for one in built if one["local_bytes"]] == []


def test_products_in_half_types_run_on_tensor_cores(built: list[dict[str, Any]]) -> None:
    halves = [one for one in built if one["kernel"] in PRODUCTS and one["type"] != "*fp32"]
    assert halves and all(one["tensor_cores"] for one in halves)
