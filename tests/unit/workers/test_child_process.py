"""A child over a pipe: deadlines hold, and it needs no low descriptors."""

from __future__ import annotations

import contextlib
import os
import resource
import sys
import time
from collections.abc import Iterator

import pytest

from workers.child_process import ChildProcess

ECHO = "import os\nwhile part := os.read(0, 100): os.write(1, part)"
DEAF = "import time; time.sleep(60)"


@contextlib.contextmanager
def child_of(script: str) -> Iterator[ChildProcess]:
    with contextlib.closing(ChildProcess([sys.executable, "-I", "-S", "-c", script])) as child:
        yield child


def soon() -> float:
    return time.monotonic() + 10


@pytest.fixture
def many_open_files() -> Iterator[None]:
    """So many that whatever is opened next has a descriptor above 1023."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, 1_200), hard))
    with contextlib.ExitStack() as opened:
        while (descriptor := os.dup(0)) <= 1_023:
            opened.callback(os.close, descriptor)
        opened.callback(os.close, descriptor)
        yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_child_is_heard_where_a_thousand_files_are_open(many_open_files: None) -> None:
    with child_of(ECHO) as child:
        assert child._in.fileno() > 1_023
        child.send(b"Hello", soon())
        assert child.read_exactly(5, soon()) == b"Hello"


def test_more_than_a_pipe_holds_comes_whole() -> None:
    with child_of("import os\nfor _ in range(30): os.write(1, bytes(range(250)) * 400)") as child:
        assert child.read_exactly(3_000_000, soon()) == bytes(range(250)) * 12_000
        with pytest.raises(EOFError, match="ended by itself with 0"):
            child.read_exactly(1, soon())


def test_child_that_neither_takes_nor_answers_is_given_up_in_time() -> None:
    with child_of(DEAF) as child:
        with pytest.raises(TimeoutError, match="takes nothing"):
            child.send(bytes(10_000_000), time.monotonic() + 0.2)
        with pytest.raises(TimeoutError, match="no answer"):
            child.read_exactly(1, time.monotonic() + 0.2)
        assert child.is_running
    assert not child.is_running


def test_a_child_that_is_gone_is_an_error_and_can_be_closed_twice() -> None:
    with child_of("") as child:
        with pytest.raises(EOFError):
            child.read_exactly(1, soon())
        with pytest.raises(EOFError):
            child.send(bytes(10_000_000), soon())
        child.close()


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("import os; os.kill(os.getpid(), 9)", "killed by SIGKILL, as the system does when memory runs out"),
        ("import os; os.kill(os.getpid(), 11)", "ended by SIGSEGV"),
        ("import os; os.abort()", "ended by SIGABRT"),
        ("raise SystemExit(3)", "ended by itself with 3"),
        ("import os, time; os.close(1); time.sleep(60)", "closed its pipe"),
    ],
)
def test_how_a_child_ended_is_told(script: str, told: str) -> None:
    with child_of(script) as child, pytest.raises(EOFError, match=told):
        child.read_exactly(1, soon())


def test_how_a_child_ended_is_told_to_whoever_still_sends() -> None:
    with child_of("import os; os.kill(os.getpid(), 9)") as child, pytest.raises(EOFError, match="SIGKILL"):
        child.send(bytes(10_000_000), soon())
