"""Parts that fail as real ones may, to see that the others go on."""

from __future__ import annotations

import os
import signal
import time

from benchmarks.gpu.bench import Bench


def dies(bench: Bench) -> None:
    """As under the kernel's out-of-memory killer."""
    bench.tell("last words", {"number": 1})
    os.kill(os.getpid(), signal.SIGKILL)


def hangs(bench: Bench) -> None:
    """As in a driver that does not answer."""
    bench.tell("still here", {"number": 2})
    time.sleep(3600)


def sleeps(bench: Bench) -> None:
    """Longer than all that is left."""
    hangs(bench)


def raises(bench: Bench) -> None:
    """As at a line that is wrong."""
    raise RuntimeError(f"not on {bench.device}")


def speaks(bench: Bench) -> None:
    """As it should be."""
    bench.tell("spoken", {"number": 3})
