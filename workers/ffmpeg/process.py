"""The owner of one FFmpeg child: starts it, asks it, gives up in time. Idle children are kept for the next."""

from __future__ import annotations

import atexit
import contextlib
import importlib.util
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from workers.child_process import ChildProcess
from workers.errors import FfmpegError
from workers.ffmpeg import child

CHILD = Path(child.__file__)
START_TIMEOUT_S = 30.0
PATIENCE_S = 300.0
"""For one call; the longest, an hour of sound as Opus at the highest complexity, takes some 40 s."""
IDLE_CHILDREN = 4
"""Kept between calls; 40 MB each."""

Answer = tuple[Mapping[str, object], bytes]
Result = TypeVar("Result")


class ChildGoneError(FfmpegError):
    """The child is dead or does not keep the protocol; another one may do better."""


class FfmpegProcess:
    """One child, started at the first call. Belongs to one thread at a time."""

    def __init__(self) -> None:
        self._child: ChildProcess | None = None

    @property
    def pid(self) -> int | None:
        """Of the running child."""
        return None if self._child is None else self._child.pid

    @property
    def is_running(self) -> bool:
        """Whether there is a child that has not ended."""
        return self._child is not None and self._child.is_running

    def ask(self, call: str, body: bytes = b"", **options: object) -> Answer:
        """A call of `child.Calls`; raises `FfmpegError` for what FFmpeg refuses and `ChildGoneError`."""
        try:
            child_process = self._started()
            deadline = time.monotonic() + PATIENCE_S
            child_process.tell({"call": call, **options}, body, deadline)
            told, sound = child_process.hear(deadline)
            if "failed" in told:
                raise ValueError(told["failed"])
        except (OSError, EOFError, ValueError) as problem:
            self.close()
            raise ChildGoneError(
                f"FFmpeg's process failed ({problem}). Try again; else reinstall av."
            ) from problem
        except BaseException:
            self.close()  # what it would answer later is no answer to the next call
            raise
        if "refused" in told:
            raise FfmpegError(str(told["refused"]))
        return told, sound

    def close(self) -> None:
        """End the child. Idempotent; the next call starts another."""
        child_process, self._child = self._child, None
        if child_process is not None:
            child_process.close()

    def _started(self) -> ChildProcess:
        if self._child is not None:
            return self._child
        found = importlib.util.find_spec("av")  # asks where it is; loads nothing
        if found is None or found.origin is None:
            raise FfmpegError("PyAV is not installed. Install the av package.")
        folder = str(Path(found.origin).parent.parent)
        self._child = ChildProcess([sys.executable, "-I", "-S", str(CHILD), folder])
        self._child.hear(time.monotonic() + START_TIMEOUT_S)
        return self._child


class _IdleChildren:
    """Children that nobody asks at the moment."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._idle: list[FfmpegProcess] = []

    def take(self) -> FfmpegProcess:
        with self._lock:
            while self._idle:
                process = self._idle.pop()
                if process.is_running:
                    return process
                process.close()
        return FfmpegProcess()

    def put(self, process: FfmpegProcess) -> None:
        with self._lock:
            if process.is_running and len(self._idle) < IDLE_CHILDREN:
                self._idle.append(process)
                return
        process.close()

    def close(self) -> None:
        with self._lock:
            idle, self._idle = self._idle, []
        for process in idle:
            process.close()


@lru_cache(maxsize=1)
def _children() -> _IdleChildren:
    children = _IdleChildren()
    atexit.register(children.close)
    return children


def lend() -> FfmpegProcess:
    """A child for as long as the caller wants; `give_back` returns it."""
    return _children().take()


def give_back(process: FfmpegProcess) -> None:
    """For the next caller. What its last call left in it ends with the next."""
    _children().put(process)


@contextlib.contextmanager
def borrowed() -> Iterator[FfmpegProcess]:
    """A child for the length of a block."""
    process = lend()
    try:
        yield process
    finally:
        give_back(process)


def in_child(work: Callable[[FfmpegProcess], Result]) -> Result:
    """`work` with a child of its own. Where that dies, once more with another; raises `FfmpegError`."""
    try:
        with borrowed() as process:
            return work(process)
    except ChildGoneError:
        with contextlib.closing(FfmpegProcess()) as process:
            return work(process)
