"""Folders for what is made and thrown away: below the home, so that what a killed process left can be found."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from storage.settings import Settings

STALE_S = 86_400
"""Nothing that needs one lasts so long."""


def _folder(settings: Settings) -> Path:
    return settings.home / "scratch"


@contextlib.contextmanager
def unnamed_file() -> Iterator[tuple[IO[bytes], Path]]:
    """A file for as long as this process has it open, and where this process can open it again.

    It holds whole recipients: it has no name in any folder, so nothing of it stays when the process is killed.
    """
    with tempfile.TemporaryFile("w+b") as stream:
        yield stream, Path(f"/proc/self/fd/{stream.fileno()}")


@contextlib.contextmanager
def scratch_folder(settings: Settings, purpose: str) -> Iterator[Path]:
    """A folder for the length of the block, for this user alone."""
    root = _folder(settings)
    root.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f"{purpose}-", dir=root) as name:
        yield Path(name)


def forget_stale_scratch(settings: Settings) -> None:
    """Remove what killed processes left."""
    for place in _folder(settings).glob("*-*"):
        with contextlib.suppress(OSError):
            if time.time() - place.lstat().st_mtime > STALE_S:
                shutil.rmtree(place)
