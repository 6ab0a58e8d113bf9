"""The one file that is collected everywhere."""

from __future__ import annotations

import pytest

from tests.gpu.device import DEVICE


def test_a_device_is_there_for_these_tests() -> None:
    if DEVICE is None:
        pytest.skip("no CUDA device: nothing else of tests/gpu was collected")
    import torch

    kind = DEVICE.partition(":")[0]
    assert torch.ones(2, device=DEVICE).add_(1).sum().item() == 4
    if kind == "cuda":
        assert torch.cuda.get_device_capability() >= (8, 0)
