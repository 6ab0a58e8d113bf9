"""How many CPUs this process may use: those it is bound to, and what its container is given."""

from __future__ import annotations

import math
import os
from pathlib import Path

QUOTA = Path("/sys/fs/cgroup/cpu.max")
"""Of cgroup v2: `microseconds period`, or `max period`."""


def usable_cpus(quota: Path = QUOTA) -> int:
    """At least 1; a part of a CPU counts as one."""
    bound = len(os.sched_getaffinity(0))
    try:
        allowed, period = quota.read_text(encoding="ascii").split()
        return max(1, min(bound, math.ceil(int(allowed) / int(period))))
    except (OSError, ValueError, ZeroDivisionError):
        return bound
