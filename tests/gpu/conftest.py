"""Weights and loaded models; without a device no file but `test_device.py` is even imported."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.gpu.device import DEVICE, ON_CUDA

if TYPE_CHECKING:
    from tests.gpu.models import Models

SCRATCH_VARIABLE = "GPU_TESTS_SCRATCH"
HERE = Path(__file__).parent
INDUCTORS_ADVICE = "ignore:TensorFloat32 tensor cores for float32 matrix multiplication available"
"""Said on every Ampere or newer card where float32 is to be exact."""


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "gpu: proves something that only a GPU can have")
    config.addinivalue_line("markers", "gpu_speed: a floor of speed; of an idle card")


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Without a device: everything but the test that says so."""
    if DEVICE is None and collection_path.suffix == ".py" and collection_path.name != "test_device.py":
        return True
    return None


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=_is_compiled)  # minutes of inductor: the rest is wanted first
    for item in items:
        if not item.path.is_relative_to(HERE):
            continue
        item.add_marker(pytest.mark.filterwarnings(INDUCTORS_ADVICE))
        if os.environ.get("TRITON_INTERPRET") == "1":  # numpy speaks up where a GPU would not
            item.add_marker(pytest.mark.filterwarnings("ignore::RuntimeWarning"))
        if item.get_closest_marker("gpu") and not ON_CUDA:
            item.add_marker(pytest.mark.skip(reason="no CUDA device"))


def _is_compiled(item: pytest.Item) -> bool:
    parameters = getattr(item, "callspec", None)
    if parameters is None or not item.path.is_relative_to(HERE):
        return False
    return any(isinstance(value, str) and value == "compiled" for value in parameters.params.values())


@pytest.fixture(scope="session", autouse=True)
def opened_device() -> None:
    """As the engine opens it, before any test begins CUDA in this process: some settings are read once."""
    if DEVICE is None:
        return
    from workers.engines.f5.choice import DeviceChoice
    from workers.engines.f5.device.opening import open_device

    open_device(DeviceChoice(device=DEVICE))


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Models]:
    from tests.gpu.models import Models

    shared = os.environ.get(SCRATCH_VARIABLE)  # the measurement's: full size is made once for both
    loaded = Models(Path(shared) if shared else tmp_path_factory.mktemp("weights"))
    yield loaded
    loaded.close()
