"""CPUs that a process may use: those it is bound to, and no more than its container is given."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from workers.cpus import usable_cpus


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("max 100000\n", 8),
        ("400000 100000\n", 4),
        ("150000 100000\n", 2),
        ("5000 100000\n", 1),
        ("1600000 100000\n", 8),
        ("", 8),
        ("100000 0\n", 8),
    ],
)
def test_a_container_s_share_counts_its_parts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: str, expected: int
) -> None:
    monkeypatch.setattr("os.sched_getaffinity", lambda _process: range(8))
    quota = tmp_path / "cpu.max"
    quota.write_text(written)
    assert usable_cpus(quota) == expected


def test_without_a_quota_it_is_what_the_process_is_bound_to(tmp_path: Path) -> None:
    assert usable_cpus(tmp_path / "none") == len(os.sched_getaffinity(0))
