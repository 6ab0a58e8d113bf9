"""Who holds a lock on a file of this host, and what that process is: from /proc, which asks nobody.

Of a command line only the program and campaign's own command are told: what follows them may be a text or a name.
"""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

PROC: Final = Path("/proc")
PROGRAM: Final = "campaign"
GROUPS: Final = frozenset(
    {
        "db",
        "evidence",
        "gate",
        "key",
        "lexicon",
        "marks",
        "model",
        "preset",
        "runs",
        "suppression",
        "webhooks",
    }
)
"""Commands whose next word is a command too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessFacts:
    """A process as it is told to a person."""

    pid: int
    """0 where it lives in a container that this process cannot see into."""
    command: str
    """`campaign submit`, or the name of another program; empty where it cannot be seen."""
    since_s: float | None
    """When it started, seconds since 1970."""

    def __str__(self) -> str:
        """`process 4711 (campaign worker, since 12:03:04)`."""
        if not self.pid:
            return "a process that cannot be seen from here (another container)"
        facts = [self.command] if self.command else []
        if self.since_s is not None:
            facts.append(f"since {moment(self.since_s)}")
        return f"process {self.pid}" + (f" ({', '.join(facts)})" if facts else "")


@dataclass(frozen=True, slots=True)
class HeldLock:
    """A line of /proc/locks about one file."""

    pid: int
    kind: str
    """`POSIX`, `FLOCK`, `OFDLCK`."""
    is_write: bool
    first: int
    last: int
    """Bytes that it covers."""


def moment(time_s: float) -> str:
    """The time of the day; with its date when that is not today's."""
    then, now = time.localtime(time_s), time.localtime()
    return time.strftime("%H:%M:%S" if then[:3] == now[:3] else "%Y-%m-%d %H:%M:%S", then)


def facts_of(pid: int) -> ProcessFacts:
    """What can be seen of a process; it may have ended by now."""
    return ProcessFacts(pid=pid, command=command_of(pid), since_s=_started_s(pid))


def command_of(pid: int) -> str:
    """`campaign` with its command, else the program's name; empty for one that cannot be seen."""
    try:
        words = [
            os.fsdecode(word) for word in (PROC / str(pid) / "cmdline").read_bytes().split(b"\0") if word
        ]
    except OSError:
        return ""
    return command_in(words)


def command_in(words: Sequence[str]) -> str:
    """The same of a command line in words."""
    for place, word in enumerate(words[:4]):
        if Path(word).name == PROGRAM or (place and words[place - 1] == "-m" and word == PROGRAM):
            named = _after_flags(words[place + 1 :])
            told = named[:2] if named and named[0] in GROUPS else named[:1]
            return " ".join([PROGRAM, *(name for name in told if name.isascii() and name.isalpha())])
    return Path(words[0]).name if words else ""


def _after_flags(words: Sequence[str]) -> Sequence[str]:
    """Without the options of the program itself; an option that is not known ends what is told."""
    rest = list(words)
    while rest and rest[0].startswith("-"):
        flag = rest.pop(0)
        if flag == "--log-format":
            rest = rest[1:]
        elif not flag.startswith(("--log-format=", "-v", "--verbose")):
            return []
    return rest


def locks_on(path: Path) -> list[HeldLock]:
    """Every lock that a process holds on a file; none where that cannot be seen."""
    try:
        status = path.stat()
        lines = (PROC / "locks").read_text().splitlines()
    except OSError:
        return []
    file = f"{os.major(status.st_dev):02x}:{os.minor(status.st_dev):02x}:{status.st_ino}"
    return [lock for line in lines if (lock := _lock_in(line.split(), file)) is not None]


def _lock_in(words: Sequence[str], file: str) -> HeldLock | None:
    """`1: POSIX  ADVISORY  WRITE 4711 08:01:1234 0 EOF`; a waiting one has `->` after its number."""
    if len(words) < 8 or words[1] == "->" or words[5] != file:
        return None
    last = (1 << 63) - 1 if words[7] == "EOF" else int(words[7])
    return HeldLock(
        pid=max(0, int(words[4])), kind=words[1], is_write=words[3] == "WRITE", first=int(words[6]), last=last
    )


def _started_s(pid: int) -> float | None:
    try:
        ticks = int((PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()[19])
        (booted,) = (line for line in (PROC / "stat").read_text().splitlines() if line.startswith("btime "))
    except (OSError, ValueError, IndexError):
        return None
    return int(booted.split()[1]) + ticks / os.sysconf("SC_CLK_TCK")
