"""Worker processes, one or several for each GPU, started again when they die: what `campaign worker --gpus` runs.

A lost CUDA context stays lost for the life of its process, so a worker whose device is gone ends with its own exit
code and a new one takes its place. Children are processes, not forks: CUDA does not survive a fork. Each sees one GPU
through CUDA_VISIBLE_DEVICES, by UUID, because NVML and CUDA count differently.

Under MPS the processes of one GPU share a server, and a fatal fault of one is given to all of them. The server takes no
new client before the last of them has ended, and an idle one would not notice; a client that was killed with work on
the GPU may leave it to the others in any state. So children of one `group` fall together: when one loses the device or
is killed, the others are told to end, and none is started before all have.
"""

from __future__ import annotations

import contextlib
import ctypes
import logging
import os
import signal
import subprocess
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

log = logging.getLogger(__name__)

LOOK_EVERY_S = 0.1
STEADY_S = 60.0
LONGEST_DELAY_S = 60.0
KILL_AFTER_S = 10.0
"""Beyond the grace time, children that were told to stop are killed."""
PR_SET_PDEATHSIG = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """One worker process to keep alive."""

    name: str
    """For the log: the GPU's UUID, and which of several."""
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    """Beyond this process's own."""
    group: str = ""
    """Children that fall together have one name; empty for one that falls alone."""


@dataclass(slots=True)
class _Slot:
    """A child, its running process, and when the next one may start."""

    child: Child
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    not_before: float = 0.0
    quick_deaths: int = 0


class Supervisor:
    """Keeps children alive until told to stop, or until one ends with a code that another start cannot fix."""

    def __init__(
        self,
        children: Sequence[Child],
        *,
        final: Collection[int],
        lost: int,
        grace_s: float,
        steady_s: float = STEADY_S,
        at_each_look: Callable[[], None] = lambda: None,
    ) -> None:
        """`final`: exit codes that mean that every child would end so; `lost`: that of a child whose device is gone. A
        child that ran for `steady_s` is replaced at once when it dies; one that dies sooner is replaced later each
        time.
        """
        self._slots = [_Slot(child) for child in children]
        self._final = frozenset(final)
        self._lost = lost
        self._grace_s = grace_s
        self._steady_s = steady_s
        self._at_each_look = at_each_look
        self._falling: dict[str, float] = {}
        """Groups whose members are told to end, and when they are killed."""
        self.starts = 0
        self.ended: list[int] = []
        """Exit codes of children that ended by themselves, in order."""

    @property
    def pids(self) -> list[int]:
        """Of the children that are alive."""
        return [slot.process.pid for slot in self._slots if slot.process is not None]

    def run(self, told_to_stop: Callable[[], int]) -> int:
        """Work until `told_to_stop` counts a request; a second one is passed on too. Returns the exit code."""
        code = 0
        try:
            while not told_to_stop() and not code:
                code = self._look()
                self._at_each_look()
                time.sleep(LOOK_EVERY_S)
        finally:
            self._stop(told_to_stop)
        return code

    def _look(self) -> int:
        now = time.monotonic()
        self._end_falls(now)
        for slot in self._slots:
            if slot.process is None:
                if now >= slot.not_before and slot.child.group not in self._falling:
                    self._start(slot)
                continue
            code = slot.process.poll()
            if code is None:
                continue
            slot.process = None
            self.ended.append(code)
            if code in self._final:
                log.error("%s ended with %d, which starting it again would not fix", slot.child.name, code)
                return code
            if slot.child.group in self._falling:
                log.info("%s ended with %d, as it was told", slot.child.name, code)
                continue
            self._plan_next(slot, code, now)
            if slot.child.group and (code == self._lost or code < 0):
                self._fall(slot, now)
        return 0

    def _fall(self, first: _Slot, now: float) -> None:
        """One of a group lost what all of it share."""
        group = first.child.group
        self._falling[group] = now + self._grace_s + KILL_AFTER_S
        others = self._alive(group)
        if others:
            log.warning(
                "%s shares its GPU under MPS: the %d others are started again, too", group, len(others)
            )
        _signal(others, signal.SIGTERM)

    def _end_falls(self, now: float) -> None:
        """Groups of which nobody is left may start again."""
        for group, deadline in list(self._falling.items()):
            alive = self._alive(group)
            if not alive:
                del self._falling[group]
            elif now > deadline:
                _signal(alive, signal.SIGKILL)

    def _alive(self, group: str) -> list[subprocess.Popen[bytes]]:
        return [
            slot.process
            for slot in self._slots
            if slot.process is not None and slot.child.group == group and slot.process.poll() is None
        ]

    def _plan_next(self, slot: _Slot, code: int, now: float) -> None:
        slot.quick_deaths = 0 if now - slot.started_at > self._steady_s else slot.quick_deaths + 1
        delay_s = min(LONGEST_DELAY_S, 2.0 ** (slot.quick_deaths - 1) - 1) if slot.quick_deaths else 0.0
        slot.not_before = now + delay_s
        log.warning("%s ended with %d; another is started in %.0f s", slot.child.name, code, delay_s)

    def _start(self, slot: _Slot) -> None:
        slot.process = subprocess.Popen(
            slot.child.command,
            env=dict(os.environ) | dict(slot.child.environment),
            stdin=subprocess.DEVNULL,
            preexec_fn=_dies_with_parent(os.getpid()),  # noqa: PLW1509 - this process has one thread
            start_new_session=True,
        )
        slot.started_at = time.monotonic()
        self.starts += 1
        log.info("%s is served by process %d", slot.child.name, slot.process.pid)

    def _stop(self, told_to_stop: Callable[[], int]) -> None:
        """Tell every child, tell it twice when we were, kill what stays beyond the grace time."""
        signals_sent = 0
        deadline = time.monotonic() + self._grace_s + KILL_AFTER_S
        while alive := [slot.process for slot in self._slots if slot.process is not None]:
            if signals_sent <= min(1, told_to_stop() - 1) or signals_sent == 0:
                signals_sent += 1
                _signal(alive, signal.SIGTERM)
            if time.monotonic() > deadline:
                _signal(alive, signal.SIGKILL)
            for slot in self._slots:
                if slot.process is not None and slot.process.poll() is not None:
                    slot.process = None
            time.sleep(LOOK_EVERY_S / 2)


def _signal(processes: Sequence[subprocess.Popen[bytes]], number: signal.Signals) -> None:
    for process in processes:
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(number)


def _dies_with_parent(parent_pid: int) -> Callable[[], None]:
    """Called in the child before it becomes its command: a killed supervisor leaves no worker behind unseen."""
    prctl = ctypes.CDLL(None).prctl

    def tie() -> None:
        prctl(PR_SET_PDEATHSIG, int(signal.SIGTERM), 0, 0, 0)
        if os.getppid() != parent_pid:
            os._exit(1)

    return tie
