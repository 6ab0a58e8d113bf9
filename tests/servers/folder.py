"""Where test servers keep data and logs: outside pytest's own folder.

pytest closes its folder (0700) whenever a run of the same user starts, PostgreSQL runs as another user, and what it has
open is then out of its reach. A folder holds a locked file while its run lives, so the next run removes what a killed
one left behind and nothing else.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

PREFIX = "campaign-servers-"
LOCK = "in-use"


@contextlib.contextmanager
def servers_folder(*, within: Path | None = None) -> Iterator[Path]:
    """An empty folder that other users may pass through, removed at the end; `within` is the system's by default."""
    within = within or Path(tempfile.gettempdir())
    _remove_left_behind(within)
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=within))
    folder.chmod(0o711)
    lock = os.open(folder / "new", os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(lock, fcntl.LOCK_EX)
    (folder / "new").rename(folder / LOCK)  # no run ever sees it unlocked
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


def _remove_left_behind(within: Path) -> None:
    for lock_file in within.glob(f"{PREFIX}*/{LOCK}"):
        with contextlib.suppress(OSError):  # in use, another user's, or gone meanwhile
            lock = os.open(lock_file, os.O_RDWR)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(lock_file.parent, ignore_errors=True)
            finally:
                os.close(lock)
