"""Parts in a process that runs one after another; where one dies or hangs, the next process goes on after it.

A process loads torch and admits budgets once for all its parts, so that a run in which nothing dies pays for one.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.gpu.lines import BEGUN, DIED, DONE, FAILED, LEFT_OUT, Lines
from benchmarks.gpu.plan import Part, limit_s

POLL_S = 0.1
STARTUP_S = 60.0
"""For a process to begin its first part: loading torch and upstream."""
LEAST_S = 10.0
"""Less is not worth a process."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Supervisor:
    """Runs parts until all have ended or the deadline has come."""

    lines: Lines
    options: Sequence[str]
    """For `benchmarks.gpu.child`."""
    environment: dict[str, str]
    folder: Path
    """Where the processes start: the checkout."""
    log: Path
    """What they print."""
    deadline: float
    """On `time.time()`'s clock."""
    on_cuda: bool
    ended: dict[str, str] = field(default_factory=dict)
    """Part -> how it ended, as `lines` has it."""

    def run(self, parts: Sequence[Part]) -> None:
        """All of them, each once."""
        waiting = list(parts)
        while waiting and self.deadline - time.time() > LEAST_S:
            self._process(waiting)
            waiting = [part for part in waiting if part.name not in self.ended]
        for part in waiting:
            self._end(part.name, LEFT_OUT, "the time was up")

    def _process(self, parts: Sequence[Part]) -> None:
        """One process, from the first of the parts to the end of it or of them."""
        seen = sum(1 for _ in self.lines.read())
        with self.log.open("ab") as log:
            child = subprocess.Popen(
                [
                    sys.executable,
                    *("-W", "ignore", "-m", "benchmarks.gpu.child", *self.options),
                    *("--parts", ",".join(part.name for part in parts)),
                ],
                cwd=self.folder,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        try:
            current, how = self._watch(child, parts, seen)
        finally:  # whoever ends this process ends the part
            if child.poll() is None:
                os.killpg(child.pid, signal.SIGKILL)
                child.wait()
        if all(part.name in self.ended for part in parts):
            return
        if current in self.ended:  # between two parts: the one that did not begin is to blame
            current = next(part.name for part in parts if part.name not in self.ended)
        self._end(current, DIED, how)

    def _watch(self, child: subprocess.Popen[bytes], parts: Sequence[Part], seen: int) -> tuple[str, str]:
        """The part that was run last and how the process ended, or why it is to be ended; `seen` lines were there."""
        limits = {part.name: limit_s(part, on_cuda=self.on_cuda) for part in parts}
        current, since, allowed = parts[0].name, time.time(), STARTUP_S
        while True:
            exited = child.poll()
            for line in list(self.lines.read())[seen:]:
                seen += 1
                if line["what"] == BEGUN:
                    current, since, allowed = line["part"], time.time(), limits[line["part"]]
                    _say(f"{current} ({self.deadline - since:.0f} s left)")
                elif line["what"] in (DONE, FAILED):
                    self.ended[line["part"]] = line["what"]
                    since, allowed = time.time(), STARTUP_S
                    if line["what"] == FAILED:
                        _say(f"{line['part']} failed: {line['problem']}")
            if exited is not None:
                return current, f"signal {-exited}" if exited < 0 else f"exit {exited}"
            if time.time() > self.deadline:
                return current, "the whole run's time"
            if time.time() - since > allowed:
                return current, f"its limit of {allowed:.0f} s"
            time.sleep(POLL_S)

    def _end(self, part: str, what: str, how: str) -> None:
        self.lines.tell(part, what, {"how": how})
        self.ended[part] = what
        _say(f"{part} {what}: {how}")


def _say(what: str) -> None:
    print(f"gpu: {what}", file=sys.stderr, flush=True)
