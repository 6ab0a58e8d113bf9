"""What becomes of a child that ends, and of those that share its GPU."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from campaign.cli import exits
from tests.waiting import LONGEST_S
from workers.process.supervisor import Child, Supervisor


def child(code: str, *, name: str = "GPU-aaaa", group: str = "") -> Child:
    return Child(name=name, command=(sys.executable, "-c", code), group=group)


def supervisor_of(*children: Child, grace_s: float = 1, steady_s: float = 60) -> Supervisor:
    return Supervisor(
        children, final={exits.CONFLICT}, lost=exits.DEVICE_LOST, grace_s=grace_s, steady_s=steady_s
    )


def test_child_that_no_restart_mends_ends_the_supervisor_with_its_code() -> None:
    ending = child(f"raise SystemExit({exits.CONFLICT})")
    supervisor = supervisor_of(ending, child("import time; time.sleep(60)"))
    assert supervisor.run(lambda: 0) == exits.CONFLICT
    assert supervisor.pids == []


def test_child_whose_device_is_lost_is_started_again(tmp_path: Path) -> None:
    marks = tmp_path / "marks"
    code = f"open({str(marks)!r}, 'a').write('x'); raise SystemExit({exits.DEVICE_LOST})"
    supervisor = supervisor_of(child(code), steady_s=0)
    assert supervisor.run(lambda: len(supervisor.ended) >= 3) == exits.OK
    assert supervisor.ended == [exits.DEVICE_LOST] * 3
    assert len(marks.read_text()) >= 3


def test_child_that_ignores_sigterm_is_killed_after_the_grace_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workers.process.supervisor.KILL_AFTER_S", 0.5)
    stubborn = child("import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)")
    supervisor = supervisor_of(stubborn, grace_s=0.5)
    assert supervisor.run(lambda: supervisor.starts) == exits.OK
    assert supervisor.pids == []


def waiting(marks: Path, name: str) -> str:
    """A child that notes its start and its orderly end."""
    return (
        "import signal, sys, time\n"
        f"def note(what): open({str(marks)!r}, 'a').write(what + ' {name}\\n')\n"
        "def end(*_): note('ended'); sys.exit(0)\n"
        "signal.signal(signal.SIGTERM, end)\n"
        "note('started')\n"
        "time.sleep(60)\n"
    )


def falling(marks: Path, once: Path, how: str) -> str:
    """A child that falls the first time, when the other has started, and waits from then on."""
    return (
        "import os, pathlib, signal, sys, time\n"
        f"once, marks = pathlib.Path({str(once)!r}), pathlib.Path({str(marks)!r})\n"
        "if not once.exists():\n"
        "    once.touch()\n"
        "    while not (marks.exists() and 'started other' in marks.read_text()): time.sleep(0.02)\n"
        f"    {how}\n"
        f"exec({waiting(marks, 'first')!r})\n"
    )


LOSES = f"sys.exit({exits.DEVICE_LOST})"
DIES = "os.kill(os.getpid(), signal.SIGKILL)"


def lines_of(marks: Path) -> list[str]:
    return marks.read_text().split("\n")[:-1] if marks.exists() else []


def run_until(supervisor: Supervisor, done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + LONGEST_S
    assert supervisor.run(lambda: done() or time.monotonic() > deadline) == exits.OK
    assert done()


@pytest.mark.parametrize("how", [LOSES, DIES])
def test_children_under_one_mps_server_fall_together_and_start_again_when_all_have_ended(
    how: str, tmp_path: Path
) -> None:
    marks, once = tmp_path / "marks", tmp_path / "once"
    supervisor = supervisor_of(
        child(falling(marks, once, how), group="GPU-aaaa"),
        child(waiting(marks, "other"), group="GPU-aaaa"),
        child(waiting(marks, "stranger"), name="GPU-bbbb", group="GPU-bbbb"),
        steady_s=0,
    )
    run_until(
        supervisor, lambda: lines_of(marks).count("started other") == 2 and "started first" in lines_of(marks)
    )
    before, after = lines_of(marks), lines_of(marks).index("ended other")
    assert before.index("started first") > after, "the server takes no new client before the last has ended"
    assert [line for line in before[after + 1 :] if line == "started other"] == ["started other"]
    assert before.count("started stranger") == 1, "another GPU goes on"
    assert supervisor.starts == 5


@pytest.mark.parametrize(("how", "group"), [(LOSES, ""), ("sys.exit(8)", "GPU-aaaa")])
def test_child_that_takes_nobody_along_is_started_again_alone(how: str, group: str, tmp_path: Path) -> None:
    """Without MPS a context is a process's own; an engine that cannot be used has taken no context along."""
    marks, once = tmp_path / "marks", tmp_path / "once"
    supervisor = supervisor_of(
        child(falling(marks, once, how), group=group), child(waiting(marks, "other"), group=group), steady_s=0
    )
    run_until(supervisor, lambda: "started first" in lines_of(marks))
    assert lines_of(marks).index("started first") < lines_of(marks).index("ended other")
    assert supervisor.starts == 3


def test_child_that_does_not_leave_its_fallen_group_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workers.process.supervisor.KILL_AFTER_S", 0.2)
    marks, once = tmp_path / "marks", tmp_path / "once"
    deaf = waiting(marks, "other").replace(
        "signal.signal(signal.SIGTERM, end)", "signal.signal(15, signal.SIG_IGN)"
    )
    supervisor = supervisor_of(
        child(falling(marks, once, LOSES), group="GPU-aaaa"),
        child(deaf, group="GPU-aaaa"),
        grace_s=0.2,
        steady_s=0,
    )
    run_until(supervisor, lambda: "started first" in lines_of(marks))
    assert -signal.SIGKILL in supervisor.ended


def test_supervisor_looks_at_more_than_its_children() -> None:
    looks: list[int] = []
    supervisor = Supervisor(
        [child("import time; time.sleep(60)")],
        final=(),
        lost=exits.DEVICE_LOST,
        grace_s=1,
        at_each_look=lambda: looks.append(1),
    )
    supervisor.run(lambda: len(looks) >= 2)
    assert len(looks) >= 2
