"""This machine's one copy of an entry's files: where it lies, whether it holds, who is at it.

<models>/kokoro-1f2e3d4c5b6a/          whole and verified: name and the beginning of the digest over its files
<models>/kokoro-1f2e3d4c5b6a.part/     what has arrived so far
<models>/kokoro-1f2e3d4c5b6a.lock      locked by the kernel while a process fetches; says nothing else
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

from campaign.errors import InputError
from campaign.registry.catalogue.download import file_sha256
from campaign.registry.catalogue.table import CatalogueEntry, GivenFile, ModelFile
from campaign.registry.catalogue.watching import FetchWatch
from storage.settings import Settings

MAX_BROUGHT = 10_000
"""Files of a folder that somebody brought."""


class Presence(StrEnum):
    """How much of an entry lies on this machine, by names and sizes."""

    HERE = "here"
    """All of it."""
    PARTLY = "partly"
    """A fetch broke off, or files are gone since."""
    ABSENT = "absent"
    """None of it."""


def place_of(settings: Settings, entry: CatalogueEntry) -> Path:
    """The folder of an entry's files on this machine, there or not."""
    return settings.kept_models / f"{entry.name}-{entry.content[:12]}"


def presence(place: Path, entry: CatalogueEntry) -> Presence:
    """A look at names and sizes; nothing is read."""
    if all(_has_size(place / file.path, file) for file in entry.files):
        return Presence.HERE
    return Presence.PARTLY if place.exists() or part_of(place).exists() else Presence.ABSENT


def part_of(place: Path) -> Path:
    """Where files lie until all are there."""
    return place.with_name(f"{place.name}.part")


def holds(path: Path, file: ModelFile | GivenFile) -> bool:
    """Whether a file is what the catalogue says, by size and digest."""
    return _has_size(path, file) and file_sha256(path) == file.sha256


def _has_size(path: Path, file: ModelFile | GivenFile) -> bool:
    try:
        return path.is_file() and path.stat().st_size == file.size
    except OSError:
        return False


@contextlib.contextmanager
def alone(place: Path, watch: FetchWatch) -> Iterator[None]:
    """As the only process of this machine that fetches to `place`; waits for another. Raises `OSError`."""
    place.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(place.with_name(f"{place.name}.lock"), os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            watch.waiting(place.name)
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def put_in_place(place: Path) -> None:
    """Give the finished files their name; what was there, damaged, goes."""
    part = part_of(place)
    old = place.with_name(f"{place.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if place.exists():
        place.rename(old)
    (part / "files").rename(place)
    shutil.rmtree(old, ignore_errors=True)
    shutil.rmtree(part, ignore_errors=True)


class Brought:
    """Files that somebody brought in a folder, found by size and digest, whatever they are called."""

    def __init__(self, folder: Path) -> None:
        """Raises `InputError`."""
        if not folder.is_dir():
            raise InputError(f"there is no folder {folder}. Name the one that holds the files, with --from.")
        paths = []
        for path in folder.rglob("*"):
            if path.is_file():
                paths.append(path)
            if len(paths) > MAX_BROUGHT:
                raise InputError(
                    f"{folder} holds more than {MAX_BROUGHT:,} files. Name a folder with those of the model alone."
                )
        self._by_size: dict[int, list[Path]] = {}
        for path in sorted(paths):
            self._by_size.setdefault(path.stat().st_size, []).append(path)
        self._digests: dict[Path, str] = {}

    def find(self, *, size: int, sha256: str) -> Path | None:
        """The file with this content; None when none has it."""
        return next((path for path in self._by_size.get(size, ()) if self._digest(path) == sha256), None)

    def _digest(self, path: Path) -> str:
        if path not in self._digests:
            self._digests[path] = file_sha256(path)
        return self._digests[path]
