"""Which GPUs are served, and how much memory each has."""

from __future__ import annotations

from typing import Any

import pynvml
import pytest

from workers.errors import NoGpuError
from workers.process.gpus.choice import chosen_gpus, total_gib

UUIDS = ["GPU-aaaa", "GPU-bbbb", "GPU-cccc"]


@pytest.fixture
def three_gpus(monkeypatch: pytest.MonkeyPatch) -> None:
    """What NVML says on a machine with three."""
    answers: dict[str, Any] = {
        "nvmlInit": lambda: None,
        "nvmlDeviceGetCount": lambda: len(UUIDS),
        "nvmlDeviceGetHandleByIndex": lambda index: index,
        "nvmlDeviceGetUUID": lambda handle: UUIDS[handle],
    }
    for name, answer in answers.items():
        monkeypatch.setattr(pynvml, name, answer)
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)


@pytest.mark.usefixtures("three_gpus")
@pytest.mark.parametrize(
    ("asked", "chosen"),
    [("all", UUIDS), ("2,0", ["GPU-cccc", "GPU-aaaa"]), ("GPU-bbbb, MIG-1/2", ["GPU-bbbb", "MIG-1/2"])],
)
def test_gpus_are_chosen_by_number_or_uuid(asked: str, chosen: list[str]) -> None:
    assert chosen_gpus(asked) == chosen


@pytest.mark.usefixtures("three_gpus")
def test_only_visible_gpus_are_all_gpus(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "1,GPU-cccc")
    assert chosen_gpus("all") == ["GPU-bbbb", "GPU-cccc"]


@pytest.mark.usefixtures("three_gpus")
@pytest.mark.parametrize(
    ("told", "chosen"),
    [
        ("0,-1,1", ["GPU-aaaa"]),
        ("1,7,0", ["GPU-bbbb"]),
        ("GPU-c,all", ["GPU-cccc"]),
        ("GPU-aaaa,GPU-zzzz,1", ["GPU-aaaa"]),
        ("MIG-1/2", ["MIG-1/2"]),
    ],
)
def test_what_names_no_gpu_ends_the_visible_ones_as_for_cuda(
    told: str, chosen: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", told)
    assert chosen_gpus("all") == chosen


@pytest.mark.usefixtures("three_gpus")
@pytest.mark.parametrize("told", ["", "-1", "3", "NoDevFiles", "GPU-zzzz", "GPU-"])
def test_gpus_that_are_all_hidden_are_not_a_missing_driver(
    told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", told)
    with pytest.raises(NoGpuError, match=r"CUDA_VISIBLE_DEVICES is .* none of the 3 GPUs .*Unset it"):
        chosen_gpus("all")


@pytest.mark.usefixtures("three_gpus")
def test_the_beginning_of_one_gpu_s_uuid_is_enough() -> None:
    assert chosen_gpus("GPU-b,0") == ["GPU-bbbb", "GPU-aaaa"]


@pytest.mark.usefixtures("three_gpus")
@pytest.mark.parametrize("asked", ["3", "x", "", "GPU-zzzz", "GPU-"])
def test_gpu_that_is_not_there_is_refused_with_what_there_is(asked: str) -> None:
    with pytest.raises(NoGpuError, match="NVML sees 3"):
        chosen_gpus(asked)


def test_machine_without_a_gpu_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent() -> None:
        raise pynvml.NVMLError(pynvml.NVML_ERROR_LIBRARY_NOT_FOUND)

    monkeypatch.setattr(pynvml, "nvmlInit", absent)
    with pytest.raises(NoGpuError, match="--device cpu"):
        chosen_gpus("all")


@pytest.mark.usefixtures("three_gpus")
def test_gpu_that_is_named_twice_is_refused_with_what_is_meant() -> None:
    with pytest.raises(NoGpuError, match="--per-gpu 2"):
        chosen_gpus("1,GPU-bbbb")


@pytest.mark.usefixtures("three_gpus")
def test_gpu_that_is_visible_twice_is_refused_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "1,1")
    with pytest.raises(NoGpuError, match="named twice"):
        chosen_gpus("all")


def memory(monkeypatch: pytest.MonkeyPatch, **answers: Any) -> None:
    """A board of 80 GiB; slices have what their name says."""

    def told(handle: str) -> Any:
        return type("Memory", (), {"total": (10 if handle.startswith("MIG-") else 80) * 2**30})

    given: dict[str, Any] = {
        "nvmlInit": lambda: None,
        "nvmlDeviceGetHandleByUUID": lambda uuid: uuid,
        "nvmlDeviceGetMigMode": lambda handle: [pynvml.NVML_DEVICE_MIG_DISABLE, 0],
        "nvmlDeviceGetMemoryInfo": told,
    }
    for name, answer in (given | answers).items():
        monkeypatch.setattr(pynvml, name, answer)


def refuse(_handle: str) -> Any:
    raise pynvml.NVMLError(pynvml.NVML_ERROR_NOT_SUPPORTED)


def test_memory_is_the_board_s_or_the_slice_s_own(monkeypatch: pytest.MonkeyPatch) -> None:
    memory(monkeypatch)
    assert total_gib("GPU-aaaa") == 80
    assert total_gib("MIG-aaaa") == 10


def test_board_that_cannot_be_cut_tells_its_memory_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    memory(monkeypatch, nvmlDeviceGetMigMode=refuse)
    assert total_gib("GPU-aaaa") == 80


def test_memory_of_a_board_that_is_cut_into_slices_is_nobody_s(monkeypatch: pytest.MonkeyPatch) -> None:
    memory(monkeypatch, nvmlDeviceGetMigMode=lambda handle: [pynvml.NVML_DEVICE_MIG_ENABLE, 1])
    assert total_gib("GPU-aaaa") is None
    assert total_gib("MIG-aaaa") == 10


def test_memory_that_nvml_does_not_tell_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    memory(monkeypatch, nvmlDeviceGetMemoryInfo=refuse)
    assert total_gib("GPU-aaaa") is None
