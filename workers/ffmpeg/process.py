"""The owner of one FFmpeg child: starts it, asks it, gives up in time. Idle children are kept for whoever comes next.

A child ends when its stdin does, so it never outlives this process, however that ends.
"""

from __future__ import annotations

import atexit
import contextlib
import importlib.util
import json
import os
import select
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from workers.errors import FfmpegError
from workers.ffmpeg import child

CHILD = Path(child.__file__)
START_TIMEOUT_S = 30.0
PATIENCE_S = 300.0
"""For one call; the longest, an hour of sound as Opus at the highest complexity, takes some 40 s."""
IDLE_CHILDREN = 4
"""Kept between calls; 40 MB each."""
READ_BYTES = 1 << 20

Answer = tuple[Mapping[str, object], bytes]
Result = TypeVar("Result")


class ChildGoneError(FfmpegError):
    """The child is dead or does not keep the protocol; another one may do better."""


class FfmpegProcess:
    """One child, started at the first call. Belongs to one thread at a time."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """Of the running child."""
        return None if self._process is None else self._process.pid

    @property
    def is_running(self) -> bool:
        """Whether there is a child that has not ended."""
        return self._process is not None and self._process.poll() is None

    def ask(self, call: str, body: bytes = b"", **options: object) -> Answer:
        """A call of `child.Calls`; raises `FfmpegError` for what FFmpeg refuses and `ChildGoneError`."""
        try:
            if self._process is None:
                self._start()
            head = json.dumps({"call": call, **options}).encode()
            deadline = time.monotonic() + PATIENCE_S
            self._send(child.HEAD.pack(len(head), len(body)) + head, deadline)
            self._send(body, deadline)
            told, sound = self._receive(deadline)
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
        process, self._process = self._process, None
        if process is None:
            return
        assert process.stdin is not None and process.stdout is not None
        with contextlib.suppress(OSError):
            process.stdin.close()
        try:
            process.wait(0.2)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()

    def _start(self) -> None:
        found = importlib.util.find_spec("av")  # asks where it is; loads nothing
        if found is None or found.origin is None:
            raise FfmpegError("PyAV is not installed. Install the av package.")
        folder = str(Path(found.origin).parent.parent)
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", str(CHILD), folder],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
        )
        assert self._process.stdin is not None
        os.set_blocking(self._process.stdin.fileno(), False)
        self._receive(time.monotonic() + START_TIMEOUT_S)

    def _send(self, data: bytes, deadline: float) -> None:
        assert self._process is not None and self._process.stdin is not None
        descriptor = self._process.stdin.fileno()
        view = memoryview(data)
        while view:
            if not _ready(descriptor, select.POLLOUT, deadline):
                raise TimeoutError("it takes nothing in time")
            view = view[os.write(descriptor, view) :]

    def _receive(self, deadline: float) -> Answer:
        head_bytes, body_bytes = child.HEAD.unpack(self._read_exactly(child.HEAD.size, deadline))
        told = json.loads(self._read_exactly(head_bytes, deadline))
        return told, self._read_exactly(body_bytes, deadline)

    def _read_exactly(self, count: int, deadline: float) -> bytes:
        assert self._process is not None and self._process.stdout is not None
        descriptor = self._process.stdout.fileno()
        data = bytearray()
        while len(data) < count:
            if not _ready(descriptor, select.POLLIN, deadline):
                raise TimeoutError("no answer in time")
            part = os.read(descriptor, min(READ_BYTES, count - len(data)))
            if not part:
                raise EOFError("it closed its pipe")
            data += part
        return bytes(data)


def _ready(descriptor: int, event: int, deadline: float) -> bool:
    """By poll: select takes no descriptor above 1023, and a service may have more."""
    poll = select.poll()
    poll.register(descriptor, event)
    return bool(poll.poll(1000 * max(0.0, deadline - time.monotonic())))


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
