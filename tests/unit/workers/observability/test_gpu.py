"""What a GPU says of its load: a share, or nothing."""

from __future__ import annotations

from types import SimpleNamespace

import pynvml
import pytest

from workers.observability.gpu import Telemetry


def refuse(_handle: object) -> object:
    raise pynvml.NVMLError(pynvml.NVML_ERROR_NOT_SUPPORTED)


@pytest.fixture
def telemetry(monkeypatch: pytest.MonkeyPatch) -> Telemetry:
    """Of a GPU that is busy for three tenths of the time."""
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "GPU-aaaa")
    monkeypatch.setattr(pynvml, "nvmlInit", lambda: None)
    monkeypatch.setattr(pynvml, "nvmlDeviceGetHandleByUUID", lambda uuid: uuid)
    monkeypatch.setattr(pynvml, "nvmlDeviceGetUtilizationRates", lambda _handle: SimpleNamespace(gpu=30))
    return Telemetry("cuda:0")


def test_utilisation_is_a_share_of_the_last_sample_period(telemetry: Telemetry) -> None:
    assert telemetry.utilisation() == 0.3


def test_utilisation_that_nvml_does_not_tell_is_none_and_never_0(
    telemetry: Telemetry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pynvml, "nvmlDeviceGetUtilizationRates", refuse)
    assert telemetry.utilisation() is None
    assert Telemetry("cpu").utilisation() is None
