"""A device is opened under settings that keep bits apart from what is beside them, read back from torch itself."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import warnings
from collections.abc import Mapping
from typing import Any

import pytest
import torch

from tests import ROOT
from workers.engines.engine import DeviceLostError, EngineError
from workers.engines.f5.choice import DeviceChoice
from workers.engines.f5.device import opening
from workers.engines.f5.device.opening import (
    EXACT_ENVIRONMENT,
    accept_slow_float32,
    check_float8,
    open_device,
)

READ_BACK = """
import json, logging, os, sys
logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(message)s")
import torch
if sys.argv[1] == "begun":
    torch.cuda.is_initialized = lambda: True
backends = torch.backends
backends.cudnn.benchmark, backends.cuda.matmul.allow_tf32 = True, True
from workers.engines.f5.device import opening
from workers.engines.f5.device.opening import exact_arithmetic
for _ in range(2):
    exact_arithmetic()
matmul, cudnn = backends.cuda.matmul, backends.cudnn
print(json.dumps({
    "bf16": matmul.allow_bf16_reduced_precision_reduction,
    "bf16 split-K": matmul.allow_bf16_reduced_precision_reduction_split_k,
    "fp16": matmul.allow_fp16_reduced_precision_reduction,
    "fp16 split-K": matmul.allow_fp16_reduced_precision_reduction_split_k,
    "fp16 sums": matmul.allow_fp16_accumulation,
    "tf32 products": matmul.allow_tf32,
    "tf32 convolutions": cudnn.allow_tf32,
    "blas": str(backends.cuda.preferred_blas_library()),
    "benchmark": cudnn.benchmark,
    "deterministic": cudnn.deterministic,
    "environment": {name: os.environ.get(name) for name in opening.EXACT_ENVIRONMENT},
    "is initialised": torch._C._cuda_isInBadFork() or torch.cuda._initialized,
}))
"""
EXACT = {
    "bf16": False,
    "bf16 split-K": False,
    "fp16": False,
    "fp16 split-K": False,
    "fp16 sums": False,
    "tf32 products": False,
    "tf32 convolutions": False,
    "blas": "_BlasBackend.Cublaslt",
    "benchmark": False,
    "deterministic": True,
    "environment": {
        "CUBLAS_WORKSPACE_CONFIG": ":16:8",
        "CUBLASLT_WORKSPACE_SIZE": "1",
        "NVIDIA_TF32_OVERRIDE": "0",
    },
    "is initialised": False,
}


def read_back(state: str = "fresh", **environment: str) -> tuple[Mapping[str, Any], str]:
    """The settings of a new process, and its log."""
    kept = {name: value for name, value in os.environ.items() if name not in EXACT_ENVIRONMENT}
    done = subprocess.run(
        [sys.executable, "-c", READ_BACK, state],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env=kept | environment,
    )
    return json.loads(done.stdout), done.stderr


def test_every_setting_is_in_force() -> None:
    settings, said = read_back()
    assert settings == EXACT
    assert "WORKSPACE" not in said


def test_other_workspaces_are_replaced_and_it_is_said_once() -> None:
    settings, said = read_back(CUBLAS_WORKSPACE_CONFIG=":4096:8", CUBLASLT_WORKSPACE_SIZE="1")
    assert settings == EXACT
    assert said.count("CUBLAS_WORKSPACE_CONFIG was :4096:8 and is now :16:8") == 1
    assert "CUBLASLT_WORKSPACE_SIZE" not in said


def test_switches_that_force_tf32_are_taken_back() -> None:
    settings, said = read_back(NVIDIA_TF32_OVERRIDE="1", TORCH_ALLOW_TF32_CUBLAS_OVERRIDE="1")
    assert settings == EXACT
    assert said.count("NVIDIA_TF32_OVERRIDE was 1 and is now 0") == 1


def test_settings_that_come_too_late_are_said() -> None:
    settings, said = read_back("begun", CUBLASLT_WORKSPACE_SIZE="1")
    assert settings == EXACT
    assert said.count("CUDA began in this process before CUBLAS_WORKSPACE_CONFIG was :16:8") == 1
    assert "before CUBLASLT_WORKSPACE_SIZE" not in said


# a GPU that is not here


@pytest.fixture
def gpu(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What CUDA says of a machine, to be changed; what was called, in order."""
    monkeypatch.delenv("CUDA_MPS_PIPE_DIRECTORY", raising=False)
    facts: dict[str, Any] = {"available": True, "count": 1, "capability": (9, 0), "called": []}
    monkeypatch.setattr(opening, "exact_arithmetic", lambda: facts["called"].append("exact arithmetic"))
    monkeypatch.setattr(torch.cuda, "is_available", lambda: facts["available"])
    monkeypatch.setattr(torch.cuda, "device_count", lambda: facts["count"])
    monkeypatch.setattr(torch.cuda, "set_device", lambda device: facts["called"].append(f"set {device}"))
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda _device: facts["capability"])
    return facts


def test_settings_are_made_before_the_device_is_touched(gpu: dict[str, Any]) -> None:
    assert open_device(DeviceChoice(device="cuda")) == torch.device("cuda:0")
    assert gpu["called"] == ["exact arithmetic", "set cuda:0"]


@pytest.mark.parametrize(
    ("facts", "device", "says"),
    [
        ({"available": False}, "cuda", "campaign doctor"),
        ({}, "cuda:1", "sees 1 GPU"),
        ({}, "mps", "give cpu, cuda or cuda:N"),
    ],
)
def test_a_device_that_is_not_there_is_told(
    gpu: dict[str, Any], facts: Mapping[str, Any], device: str, says: str
) -> None:
    gpu.update(facts)
    with pytest.raises(EngineError, match=says):
        open_device(DeviceChoice(device=device))


@pytest.mark.parametrize("precision", [None, "bfloat16", "float16"])
def test_half_precision_needs_an_ampere_gpu(gpu: dict[str, Any], precision: str | None) -> None:
    gpu["capability"] = (7, 5)
    with pytest.raises(
        EngineError, match=f"too old for F5 in {precision or 'bfloat16'}: give it an Ampere GPU"
    ):
        open_device(DeviceChoice(device="cuda", precision=precision))
    gpu["capability"] = (8, 0)
    open_device(DeviceChoice(device="cuda", precision=precision))


def test_a_gpu_that_does_not_answer_through_mps_is_lost_and_not_missing(
    gpu: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that ends takes its clients along: the next process finds the next one."""
    gpu["available"] = False
    monkeypatch.setenv("CUDA_MPS_PIPE_DIRECTORY", "/run/mps")
    with pytest.raises(DeviceLostError, match="through MPS"):
        open_device(DeviceChoice(device="cuda"))


def test_products_of_eight_bits_need_an_ada_gpu_and_bfloat16(gpu: dict[str, Any]) -> None:
    cuda = torch.device("cuda:0")
    check_float8(cuda, torch.bfloat16)
    with pytest.raises(EngineError, match="leave --precision out"):
        check_float8(cuda, torch.float16)
    gpu["capability"] = (8, 6)
    with pytest.raises(EngineError, match="computes no float8"):
        check_float8(cuda, torch.bfloat16)
    check_float8(torch.device("cpu"), torch.float32)


def test_the_cpu_needs_none_of_it(gpu: dict[str, Any]) -> None:
    assert open_device(DeviceChoice(device="cpu", threads=1)) == torch.device("cpu")
    assert gpu["called"] == []


def test_inductors_advice_to_give_up_float32_is_not_heard_and_other_warnings_are(
    caplog: pytest.LogCaptureFixture,
) -> None:
    from torch._inductor import compile_fx

    advice = next(
        text
        for text in compile_fx._warn_tf32_disabled.__wrapped__.__code__.co_consts
        if "TensorFloat32" in str(text)
    )
    with warnings.catch_warnings(), caplog.at_level(logging.WARNING):
        warnings.simplefilter("error")
        accept_slow_float32()
        warnings.warn(advice, stacklevel=1)
        with pytest.raises(UserWarning, match="something else"):
            warnings.warn("something else", stacklevel=1)
