"""NVIDIA's Multi-Process Service: kernels of several processes on one GPU at once, where time slicing takes turns.

What is relied on (docs.nvidia.com/deploy/mps, nvidia-cuda-mps-control(1)):

- `nvidia-cuda-mps-control -d` starts a daemon; CUDA programs with its CUDA_MPS_PIPE_DIRECTORY find it when they begin,
  and run without it where they cannot. `echo quit | nvidia-cuda-mps-control` ends it.
- The daemon starts a server for the user of the first client and serves that user alone. Without root it serves the
  user that started it: enough here, supervisor and workers are one user.
- Daemons with directories of their own run beside each other. There is one for each GPU, since a server in whose hands
  one GPU failed takes no new client, on any GPU, before the clients of that one have ended.
- CUDA_VISIBLE_DEVICES of a daemon renumbers devices for its clients; by UUID it means the same to both.
- A fatal fault of one client is given to all clients of that GPU: see `workers.process.supervisor`.
- A daemon outlives a supervisor that was killed, and its folder does: the next one on this machine ends both.
- A MIG slice is another thing: it can have a daemon of its own, which nobody has tried here. Time slicing is used.
- CUDA_MPS_ACTIVE_THREAD_PERCENTAGE is left alone (100): a client with fewer multiprocessors is shown fewer, libraries
  choose other kernels for them, and the bits of a numeric class would hang on the number of processes.
"""

from __future__ import annotations

import contextlib
import fcntl
import logging
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from workers.process.gpus.choice import MIG

log = logging.getLogger(__name__)

CONTROL = "nvidia-cuda-mps-control"
PIPES = "CUDA_MPS_PIPE_DIRECTORY"
LOGS = "CUDA_MPS_LOG_DIRECTORY"
TIMEOUT_S = 20.0
PREFIX = "campaign-mps-"
OWNER = "owner"
"""In a daemon's folder, locked for as long as its supervisor lives."""
LONGEST_PIPE_BYTES = 80
"""Of a folder of pipes: a socket's path has 107 bytes (unix(7)), and the daemon's names come on top."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sharing:
    """How the processes of one GPU share it."""

    under_mps: bool
    """Whether they fall together."""
    environment: Mapping[str, str] = field(default_factory=dict)
    """What each of them needs."""


@contextlib.contextmanager
def shared(gpu: str, *, per_gpu: int, say: Callable[[str], None]) -> Iterator[Sharing]:
    """MPS for the length of the block where it runs, else time slicing; `say` hears which, in one line."""
    if per_gpu == 1:
        yield Sharing(under_mps=False)
        return
    if os.environ.get(PIPES):
        say(f"{gpu}: {per_gpu} processes under the MPS daemon of {os.environ[PIPES]}, which is left as it is")
        yield Sharing(under_mps=True)
        return
    reason = None
    if gpu.startswith(MIG):
        reason = "MPS is not started on a MIG slice"
    elif shutil.which(CONTROL) is None:
        reason = f"there is no {CONTROL} on PATH"
    if reason is None:
        _end_left_behind()
        with (
            tempfile.TemporaryDirectory(prefix=PREFIX, ignore_cleanup_errors=True) as folder,
            _owned(Path(folder)),
        ):
            environment = _directories(Path(folder))
            for place in environment.values():
                Path(place).mkdir(mode=0o700)
            if len(os.fsencode(environment[PIPES])) > LONGEST_PIPE_BYTES:
                reason = f"{environment[PIPES]} is too long for sockets; set TMPDIR to a shorter folder"
            else:
                reason = _start(gpu, environment)
            if reason is None:
                say(f"{gpu}: {per_gpu} processes under MPS")
                try:
                    yield Sharing(under_mps=True, environment=environment)
                finally:
                    _quit(gpu, environment)
                return
    say(f"{gpu}: {per_gpu} processes in turns (time slicing): {reason}")
    yield Sharing(under_mps=False)


def _directories(folder: Path) -> dict[str, str]:
    return {PIPES: str(folder / "pipe"), LOGS: str(folder / "log")}


@contextlib.contextmanager
def _owned(folder: Path) -> Iterator[None]:
    """The folder's daemon has a supervisor for the length of the block, or for as long as this process lives."""
    unlocked = folder / f"{OWNER}.new"
    with unlocked.open("wb") as owner:
        fcntl.flock(owner, fcntl.LOCK_EX)
        unlocked.rename(folder / OWNER)  # never seen unlocked
        yield


def _end_left_behind() -> None:
    """End the daemons whose supervisors were killed, and remove their folders; others' are left alone."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):  # not ours to open, or gone meanwhile
            if folder.is_symlink() or folder.stat().st_uid != os.geteuid():
                continue
            with (folder / OWNER).open("rb") as owner:
                fcntl.flock(owner, fcntl.LOCK_EX | fcntl.LOCK_NB)
                log.info("ending the MPS daemon that a killed supervisor left in %s", folder)
                _quit("a killed supervisor", _directories(folder))
                shutil.rmtree(folder)


def _start(gpu: str, environment: Mapping[str, str]) -> str | None:
    """Why the daemon does not run, if so. It keeps what it is given to write to, so that is a file and no pipe."""
    said = Path(environment[LOGS]) / "start"
    try:
        with said.open("wb") as stream:
            done = subprocess.run(
                [CONTROL, "-d"],
                env=os.environ | environment | {"CUDA_VISIBLE_DEVICES": gpu},
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=stream,
                timeout=TIMEOUT_S,
                check=False,
            )
    except (OSError, subprocess.TimeoutExpired) as exc:
        return f"{CONTROL} cannot be started ({exc})"
    if done.returncode:
        complaint = " ".join(said.read_text(errors="replace").split())[-200:]
        return f"{CONTROL} ended with {done.returncode} ({complaint})"
    return None


def _quit(gpu: str, environment: Mapping[str, str]) -> None:
    try:
        subprocess.run(
            [CONTROL],
            env=os.environ | environment,
            input=b"quit\n",
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=TIMEOUT_S,
            check=True,
        )
    except (OSError, subprocess.SubprocessError) as exc:
        log.warning("the MPS daemon of %s may still run: %s. Look with `ps -C %s`", gpu, exc, CONTROL)
