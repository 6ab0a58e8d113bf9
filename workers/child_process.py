"""A child that answers on its stdout what it is told on its stdin: begun, told, heard and ended, each in time.

The child is to end when its stdin does; then it never outlives this process, however that ends.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import struct
import subprocess
import time
from collections.abc import Mapping, Sequence
from typing import Any

READ_BYTES = 1 << 20
FRAME = struct.Struct("<II")
"""Bytes of a head in JSON and of the body after it: how children that are told more than words are spoken with."""
END_PATIENCE_S = 0.2
"""For a child whose stdin has ended; then it is killed."""


class ChildProcess:
    """One child, running from the first. Belongs to one thread at a time.

    Deadlines are `time.monotonic()`'s. What the child does not do raises `OSError` (`TimeoutError` where it was too
    slow) or `EOFError`, which says how it ended.
    """

    def __init__(self, command: Sequence[str]) -> None:
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0
        )
        assert self._process.stdin is not None and self._process.stdout is not None
        self._in, self._out = self._process.stdin, self._process.stdout
        os.set_blocking(self._in.fileno(), False)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def is_running(self) -> bool:
        """Whether it has not ended."""
        return self._process.poll() is None

    def send(self, data: bytes, deadline: float) -> None:
        """All of `data`."""
        descriptor = self._in.fileno()
        view = memoryview(data)
        while view:
            if not _ready(descriptor, select.POLLOUT, deadline):
                raise TimeoutError("it takes nothing in time")
            try:
                view = view[os.write(descriptor, view) :]
            except BrokenPipeError as exc:
                raise EOFError(self._ending()) from exc

    def read_exactly(self, count: int, deadline: float) -> bytes:
        """The next `count` bytes."""
        descriptor = self._out.fileno()
        data = bytearray()
        while len(data) < count:
            if not _ready(descriptor, select.POLLIN, deadline):
                raise TimeoutError("no answer in time")
            part = os.read(descriptor, min(READ_BYTES, count - len(data)))
            if not part:
                raise EOFError(self._ending())
            data += part
        return bytes(data)

    def tell(self, head: Mapping[str, Any], body: bytes, deadline: float) -> None:
        """One frame."""
        data = json.dumps(head).encode()
        self.send(FRAME.pack(len(data), len(body)) + data, deadline)
        self.send(body, deadline)

    def hear(self, deadline: float) -> tuple[dict[str, Any], bytes]:
        """The next frame; raises ValueError too, for what is none."""
        head_bytes, body_bytes = FRAME.unpack(self.read_exactly(FRAME.size, deadline))
        head: dict[str, Any] = json.loads(self.read_exactly(head_bytes, deadline))
        return head, self.read_exactly(body_bytes, deadline)

    def _ending(self) -> str:
        """How a child ended that says no more."""
        try:
            code = self._process.wait(END_PATIENCE_S)
        except subprocess.TimeoutExpired:
            return "it closed its pipe"
        if code == -signal.SIGKILL:
            return "it was killed by SIGKILL, as the system does when memory runs out"
        if code < 0:
            return f"it ended by {signal.Signals(-code).name}"
        return f"it ended by itself with {code}"

    def close(self) -> None:
        """End it: by the end of its stdin, else by a kill. Idempotent."""
        with contextlib.suppress(OSError):
            self._in.close()
        try:
            self._process.wait(END_PATIENCE_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._out.close()


def _ready(descriptor: int, event: int, deadline: float) -> bool:
    """By poll: select takes no descriptor above 1023, and a service may have more."""
    poll = select.poll()
    poll.register(descriptor, event)
    return bool(poll.poll(1000 * max(0.0, deadline - time.monotonic())))
