"""A disk of a given size, or one that takes nothing: a tmpfs in a mount namespace of its own, for commands run in it.

Needs no right of the machine: the namespace is a user's own (`unshare --map-root-user`). What lies on the disk is
reached from outside through /proc.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests import ROOT
from tests.waiting import LONGEST_S


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """A command that ended."""

    code: int
    out: str
    err: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Disk:
    """A folder that is a disk for whoever is run on it."""

    folder: Path
    pid: int
    """Of the process that keeps the namespace."""

    @property
    def outside(self) -> Path:
        """Where its files are for this process."""
        return Path(f"/proc/{self.pid}/root{self.folder}")

    def run(
        self, *command: str | Path, environment: Mapping[str, str] | None = None, shell: str = ""
    ) -> Ended:
        """A command to its end, `campaign` unless `shell` is given, with the disk mounted."""
        words = ["sh", "-c", shell] if shell else [sys.executable, "-m", "campaign", *map(str, command)]
        kept = {name: value for name, value in os.environ.items() if not name.startswith("CAMPAIGN_")}
        done = subprocess.run(
            [*self._inside(), *words],
            env=kept | dict(environment or {}),
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=LONGEST_S,
            check=False,
        )
        return Ended(code=done.returncode, out=done.stdout.decode(), err=done.stderr.decode())

    def resize(self, size: str) -> None:
        """`64m`: from now on."""
        self._mount("remount", f"size={size}")

    def make_read_only(self) -> None:
        """From now on."""
        self._mount("remount", "ro")

    def forbid_programs(self) -> None:
        """From now on nothing is loaded from it."""
        self._mount("remount", "noexec")

    def fill(self) -> None:
        """Until nothing more goes on it."""
        self.run(shell=f"cat /dev/zero > {self.folder}/filling; true")

    def free(self) -> None:
        """What `fill` took."""
        self.run(shell=f"rm -f {self.folder}/filling")

    def _mount(self, *options: str) -> None:
        subprocess.run([*self._inside(), "mount", "-o", ",".join(options), str(self.folder)], check=True)

    def _inside(self) -> list[str]:
        return [*("nsenter", "--target", str(self.pid), "--user", "--mount", "--preserve-credentials", "--")]


@contextlib.contextmanager
def disk(folder: Path, *, size: str) -> Iterator[Disk]:
    """A disk of `size` (`512k`, `8m`) at `folder`, for as long as the block runs."""
    folder.mkdir(parents=True, exist_ok=True)
    script = 'mount -t tmpfs -o "size=$1" tmpfs "$0" && echo mounted && exec sleep infinity'
    with subprocess.Popen(
        ["unshare", "--map-root-user", "--mount", "sh", "-c", script, str(folder), size],
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "mounted\n", (
                "no disk could be mounted: are user namespaces allowed?"
            )
            yield Disk(folder=folder, pid=process.pid)
        finally:
            process.kill()
