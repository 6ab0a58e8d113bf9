"""One child process of the tests: its log in a file, its life tied to ours, its failure told with its log.

Children are started from one thread that lives as long as the interpreter: the kernel's parent-death signal
fires when the *thread* that forked ends, and a fault test may restart a server from a thread of its own.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from pathlib import Path
from queue import SimpleQueue

from tests.waiting import LONGEST_S

TETHER = Path(__file__).with_name("tether.py")
LOG_TAIL_BYTES = 4_000
_OUTGOING_FROM = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
_PORTS = (11_000, max(21_000, _OUTGOING_FROM))
Launch = Callable[[], subprocess.Popen[bytes]]


class ServerError(AssertionError):
    """A test server did not start, or died; the message ends with its log."""


class _Launcher:
    """Runs `Popen` calls on one thread that never ends before the interpreter does."""

    def __init__(self) -> None:
        self._queue: SimpleQueue[tuple[Launch, Future[subprocess.Popen[bytes]]]] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

    def launch(self, start: Launch) -> subprocess.Popen[bytes]:
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="server-launcher", daemon=True)
                self._thread.start()
        answer: Future[subprocess.Popen[bytes]] = Future()
        self._queue.put((start, answer))
        return answer.result()

    def _run(self) -> None:
        while True:
            start, answer = self._queue.get()
            try:
                answer.set_result(start())
            except OSError as problem:
                answer.set_exception(problem)


_LAUNCHER = _Launcher()


def free_port() -> int:
    """A TCP port on 127.0.0.1 that nobody listens on now.

    None of those that the system gives to outgoing connections: one of these could take it before the server does, or
    while the server is killed, and a client that asks for a dead server on such a port may even be connected to itself.
    """
    first, last = _PORTS
    for _ in range(1_000):
        port = first + secrets.randbelow(last - first)
        with contextlib.suppress(OSError), contextlib.closing(socket.socket()) as probe:
            probe.bind(("127.0.0.1", port))
            return port
    raise ServerError(f"no free port between {first} and {last}")


def wait_for(
    ready: Callable[[], bool], *, what: str, timeout_s: float = LONGEST_S, pause_s: float = 0.02
) -> None:
    """Return when `ready()` is true; raise `ServerError` after `timeout_s`."""
    end = time.monotonic() + timeout_s
    while not ready():
        if time.monotonic() > end:
            raise ServerError(f"{what} was not ready after {timeout_s:g} s")
        time.sleep(pause_s)


def port_answers(port: int) -> bool:
    """Whether something accepts connections on 127.0.0.1:`port`."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.5):
        return True
    return False


class ServerProcess:
    """A server child: start, kill -9, start again on the same port and data, stop."""

    def __init__(
        self,
        name: str,
        command: Sequence[str | Path],
        *,
        log: Path,
        port: int,
        ready: Callable[[], bool] | None = None,
        stop_signal: signal.Signals = signal.SIGTERM,
        death_signal: signal.Signals = signal.SIGKILL,
        uid: int = -1,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.name = name
        self.port = port
        self.log = log
        self._command = [str(part) for part in command]
        self._ready = ready or (lambda: port_answers(port))
        self._stop_signal = stop_signal
        self._death_signal = death_signal
        self._uid = uid
        self._environment = {**os.environ, **(environment or {})}
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """Of the running child."""
        assert self._process is not None, f"{self.name} is not running"
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether the child was started and has not ended."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start and wait until it answers."""
        self.launch()
        self.wait()

    def launch(self) -> None:
        """Start without waiting."""
        assert not self.running, f"{self.name} is already running"
        with self.log.open("ab") as log:
            tether = [
                sys.executable,
                str(TETHER),
                str(os.getpid()),
                str(int(self._death_signal)),
                str(self._uid),
            ]
            self._process = _LAUNCHER.launch(
                lambda: subprocess.Popen(
                    [*tether, *self._command],
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    env=self._environment,
                    start_new_session=True,
                )
            )

    def wait(self) -> None:
        """Wait until it answers; raise `ServerError` with its log when it does not."""
        try:
            wait_for(self._ready_or_dead, what=self.name)
        except ServerError as problem:
            self.kill()
            raise ServerError(f"{problem}\n{self.log_tail()}") from None

    def _ready_or_dead(self) -> bool:
        if not self.running:
            raise ServerError(f"{self.name} ended with {self._process and self._process.returncode}")
        return self._ready()

    def kill(self) -> None:
        """kill -9, as a crash would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def stop(self, *, timeout_s: float = 10.0) -> None:
        """Ask it to end; kill -9 after `timeout_s`. Idempotent."""
        if self._process is None:
            return
        self._process.send_signal(self._stop_signal)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout_s)
        self.kill()

    def log_tail(self) -> str:
        """The end of the server's log, for a failing test's message."""
        if not self.log.exists():
            return f"--- {self.name}: no log"
        return f"--- {self.log}\n" + self.log.read_bytes()[-LOG_TAIL_BYTES:].decode("utf-8", "replace")
