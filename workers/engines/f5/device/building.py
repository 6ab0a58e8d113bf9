"""What inductor was building when its process was killed is built anew.

Its C++ goes from the linker to its place in the cache, so that a kill leaves half a library there, under the name by
which every later process finds it: at best it cannot be loaded. Triton moves what is whole to its place (triton 3.6,
`runtime/cache.py`) and needs none of this.
"""

from __future__ import annotations

import contextlib
import fcntl
import logging
import os
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

log = logging.getLogger(__name__)

GATE = "campaign-building"
MARK = "campaign-building-"
"""Begins the name of a file that is there, and locked, while a process builds."""


@contextlib.contextmanager
def building() -> Iterator[None]:
    """Held while inductor builds; what a killed process was building before is removed first.

    Where that is not known for others are building, waits for these.
    """
    from torch._inductor.runtime.cache_dir_utils import cache_dir, default_cache_dir

    with contextlib.ExitStack() as held:
        try:
            folder = Path(cache_dir())
            # headers that are compiled before lie in torch's own folder, wherever the cache is
            held.enter_context(_marked(folder, sorted({folder, Path(default_cache_dir())})))
        except (OSError, KeyError) as problem:  # inductor will say more; KeyError: this user has no name
            log.warning("kernels cannot be kept: %s", problem)
        yield


@contextlib.contextmanager
def _marked(folder: Path, caches: Sequence[Path]) -> Iterator[None]:
    with (folder / GATE).open("ab") as gate:
        fcntl.flock(gate, fcntl.LOCK_EX)
        _clear(folder, caches)
        descriptor, name = tempfile.mkstemp(prefix=MARK, dir=folder)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
    try:
        yield
    finally:
        Path(name).unlink(missing_ok=True)
        os.close(descriptor)


def _clear(folder: Path, caches: Sequence[Path]) -> None:
    """Remove what is as new as the oldest mark that a killed process left, when nobody builds any more."""
    with contextlib.ExitStack() as opened:
        marks: dict[Path, IO[bytes]] = {}
        for mark in folder.glob(f"{MARK}*"):
            with contextlib.suppress(FileNotFoundError):  # its process has ended since
                marks[mark] = opened.enter_context(mark.open("rb"))
        if not any(_is_free(stream) for stream in marks.values()):
            return
        for stream in marks.values():
            fcntl.flock(stream, fcntl.LOCK_EX)
        left = [mark for mark in marks if mark.exists()]  # the others' processes ended well since
        if not left:
            return
        since = min(mark.stat().st_mtime_ns for mark in left)
        files = [
            file for cache in caches for file in cache.rglob("*") if file.is_file() and file.name != GATE
        ]
        suspects = [file for file in files if file.stat().st_mtime_ns >= since and file not in left]
        for file in (*suspects, *left):
            file.unlink(missing_ok=True)
        log.warning(
            "a process was killed while it built kernels: what it may have left half built is built anew (%d files)",
            len(suspects),
        )


def _is_free(mark: IO[bytes]) -> bool:
    try:
        fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    fcntl.flock(mark, fcntl.LOCK_UN)
    return True
