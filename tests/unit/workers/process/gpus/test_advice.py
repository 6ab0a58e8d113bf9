"""How many processes an idle share asks for, and when that is told."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests import ROOT
from workers.process.gpus.advice import TELL_EVERY_S, Advisor, SharedGpu, advice, processes_for
from workers.process.gpus.idle import WorkReport
from workers.process.supervisor import Child, Supervisor


@pytest.mark.parametrize(
    ("idle", "per_gpu", "room", "wanted"),
    [
        (0.0, 1, 3, 1),
        (0.09, 1, 3, 1),
        (0.1, 1, 3, 2),
        (0.31, 1, 9, 2),
        (0.34, 1, 9, 3),
        (0.34, 1, 2, 2),
        (0.5, 1, 9, 4),
        (1.0, 1, 4, 4),
        (1.0, 1, None, 8),
        (0.09, 2, 9, 2),
        (0.25, 2, 9, 4),
        (0.0001, 2, 9, 1),
        (0.5, 4, 3, 4),
    ],
)
def test_fewest_processes_that_leave_it_idle_for_less_than_a_tenth(
    idle: float, per_gpu: int, room: int | None, wanted: int
) -> None:
    assert processes_for(idle, per_gpu=per_gpu, room=room) == wanted


def gpu(reports: Path, *, per_gpu: int = 1, room: int | None = 3) -> SharedGpu:
    return SharedGpu(name="GPU-aaaa", per_gpu=per_gpu, room=room, reports=reports)


@pytest.mark.parametrize(
    ("idle_s", "per_gpu", "room", "told"),
    [
        (
            30,
            1,
            3,
            "GPU-aaaa was idle 30% of the time while there was work; --per-gpu 2 would use it (memory for 3)",
        ),
        (30, 1, None, "--per-gpu 2 would use it (its memory is unknown)"),
        (5, 1, 3, "--per-gpu 1 is right"),
        (50, 2, 2, "more than --per-gpu 2 does not fit (memory for 2)"),
        (0, 3, 9, "--per-gpu 1 would do (memory for 9)"),
    ],
)
def test_advice_says_what_was_seen_and_what_to_try(
    idle_s: float, per_gpu: int, room: int | None, told: str, tmp_path: Path
) -> None:
    advised = advice(gpu(tmp_path, per_gpu=per_gpu, room=room), WorkReport(work_s=100, idle_s=idle_s))
    assert advised is not None
    assert advised[0].endswith(told)


def test_less_than_a_minute_of_work_says_nothing(tmp_path: Path) -> None:
    assert advice(gpu(tmp_path), WorkReport(work_s=59.9, idle_s=50)) is None
    assert advice(gpu(tmp_path), WorkReport(work_s=60, idle_s=50)) is not None


def report(folder: Path, number: int, work_s: float, idle_s: float) -> None:
    (folder / f"{number}.json").write_text(json.dumps({"work_s": work_s, "idle_s": idle_s}))


class Told:
    """An advisor on a clock of the test's."""

    def __init__(self, reports: Path) -> None:
        self.now_s = 0.0
        self.lines: list[str] = []
        self.advisor = Advisor([gpu(reports)], self.lines.append, now=lambda: self.now_s)

    def after(self, seconds: float) -> list[str]:
        """What is told at a look so much later."""
        self.now_s += seconds
        self.lines.clear()
        self.advisor.look()
        return list(self.lines)


def test_advice_is_told_every_ten_minutes_at_most_and_of_what_was_seen_since(tmp_path: Path) -> None:
    told = Told(tmp_path)
    report(tmp_path, 1, 100, 30)
    assert told.after(TELL_EVERY_S - 1) == []
    assert [line.partition(";")[0] for line in told.after(1)] == [
        "GPU-aaaa was idle 30% of the time while there was work"
    ]
    report(tmp_path, 1, 200, 80)
    assert told.after(1) == []
    (line,) = told.after(TELL_EVERY_S)
    assert "idle 50%" in line
    assert told.after(TELL_EVERY_S) == [], "nothing new was seen"
    told.advisor.finish()
    assert "idle 40%" in told.lines[-1], "of everything at the end"


def test_what_fits_is_told_at_the_end_only(tmp_path: Path) -> None:
    told = Told(tmp_path)
    report(tmp_path, 1, 100, 1)
    assert told.after(TELL_EVERY_S) == []
    told.advisor.finish()
    assert told.lines == ["GPU-aaaa was idle 1% of the time while there was work; --per-gpu 1 is right"]


def test_reports_of_all_processes_count_also_of_those_that_died(tmp_path: Path) -> None:
    told = Told(tmp_path)
    report(tmp_path, 1, 50, 50)
    report(tmp_path, 2, 150, 0)
    (tmp_path / "3.json").write_text("{")
    (tmp_path / "4.new").write_text("{}")
    told.advisor.finish()
    assert "idle 25%" in told.lines[0]


def test_supervisor_tells_what_its_children_report(tmp_path: Path) -> None:
    """Real processes, each with a report of half a minute: together they say enough."""
    code = (
        "import os, pathlib, time\n"
        "from workers.process.gpus.idle import IdleWatch\n"
        "times = iter([0.0, 0.0, 35.0])\n"
        "watch = IdleWatch(lambda: 0.6, lambda: True, pathlib.Path(os.environ['CAMPAIGN_WORK_REPORTS']), "
        "now=lambda: next(times))\n"
        "watch.tick(); watch.tick()\n"
        "time.sleep(60)\n"
    )
    environment = {"CAMPAIGN_WORK_REPORTS": str(tmp_path), "PYTHONPATH": str(ROOT)}
    children = [
        Child(name=f"GPU-aaaa {number} of 2", command=(sys.executable, "-c", code), environment=environment)
        for number in (1, 2)
    ]
    lines: list[str] = []
    advisor = Advisor([gpu(tmp_path, per_gpu=2, room=9)], lines.append)
    supervisor = Supervisor(children, final=(), lost=75, grace_s=1, at_each_look=advisor.look)
    supervisor.run(lambda: len(list(tmp_path.glob("*.json"))) == 2)
    advisor.finish()
    assert lines == [
        "GPU-aaaa was idle 40% of the time while there was work; --per-gpu 6 would use it (memory for 9)"
    ]


def test_advice_needs_no_torch() -> None:
    check = "import sys, workers.process.gpus.advice; assert 'torch' not in sys.modules"
    subprocess.run([sys.executable, "-c", check], check=True)
