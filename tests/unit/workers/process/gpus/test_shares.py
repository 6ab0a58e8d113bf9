"""What each process on a GPU may take of its memory."""

from __future__ import annotations

import pytest

from workers.errors import GpuShareError
from workers.process.gpus.shares import room_for, share_gib


def share(total_gib: float | None, per_gpu: int, asked_gib: float | None = None) -> float | None:
    return share_gib("GPU-aaaa", total_gib, per_gpu=per_gpu, asked_gib=asked_gib)


@pytest.mark.parametrize(("per_gpu", "each_gib"), [(1, 72), (2, 36), (3, 24)])
def test_processes_share_nine_tenths_alike(per_gpu: int, each_gib: float) -> None:
    assert share(80, per_gpu) == each_gib


def test_shares_too_small_to_speak_in_are_refused_with_how_many_fit() -> None:
    assert share(80, 36) == 2
    with pytest.raises(GpuShareError, match=r"37 processes would have 1.9 GiB each .* --per-gpu 9 or less"):
        share(80, 37)
    assert share(2, 1) == 1.8, "one process has what there is"


def test_what_is_asked_for_is_each_process_s() -> None:
    assert share(80, 2, 40) == 40
    assert share(None, 2, 40) == 40


def test_what_does_not_fit_is_refused_with_both_numbers() -> None:
    with pytest.raises(GpuShareError, match=r"3 x 30 GiB are 90 GiB, and GPU-aaaa has 80.0.*24.0 or less"):
        share(80, 3, 30)


def test_no_limit_is_invented_and_nothing_unknown_is_shared() -> None:
    assert share(None, 1) is None
    with pytest.raises(GpuShareError, match="--max-vram-gib"):
        share(None, 2)


@pytest.mark.parametrize(
    ("total_gib", "asked_gib", "room"),
    [
        (80, None, 9),
        (24, None, 2),
        (10, None, 1),
        (80, 20, 4),
        (8, 20, 1),
        (None, None, None),
        (None, 20, None),
    ],
)
def test_memory_holds_as_many_processes_as_it_has_least_shares(
    total_gib: float | None, asked_gib: float | None, room: int | None
) -> None:
    assert room_for(total_gib, asked_gib=asked_gib) == room
