"""A directory as object store: the embedded default.

Written to a temporary file beside the tree, synced, renamed: a crash leaves the old object or the new one,
and at worst a temporary file, which an opening a day later removes. `fsync` can be turned off where
the machine's crash is not feared (tests, benchmarks, a file system with its own log).
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from hashlib import sha256 as sha256_of
from pathlib import Path
from uuid import uuid4

from storage.errors import ObjectMissingError, ObjectRefusedError, ObjectStoreError, StoreUnavailableError
from storage.objects.store import ObjectInfo, check_key, check_prefix, check_sha256

TEMPORARY = ".incoming"  # no key starts with a dot
STALE_AFTER_S = 86_400
RENAME_ATTEMPTS = 5
TRANSIENT = {errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EMFILE, errno.ENFILE, errno.ESTALE, errno.ETIMEDOUT}


class DirectoryObjectStore:
    """Objects as files below one folder."""

    def __init__(self, folder: Path, *, fsync: bool = True) -> None:
        self._folder = folder.absolute()
        self._incoming = self._folder / TEMPORARY
        self._fsync = fsync
        with _translated(str(folder)):
            self._incoming.mkdir(parents=True, exist_ok=True)
            self._remove_stale()

    def put(
        self,
        key: str,
        data: bytes,
        *,
        sha256: str,
        content_type: str,
        metadata: Mapping[str, str] | None = None,
    ) -> None:
        """See `ObjectStore`; content type and metadata have no place in a directory."""
        path = self._path(key)
        check_sha256(key, data, sha256)
        temporary = self._incoming / uuid4().hex
        with _translated(key):
            try:
                self._write(temporary, data)
                self._rename(temporary, path)
            except OSError:
                with contextlib.suppress(OSError):
                    temporary.unlink()
                raise

    def get(self, key: str) -> bytes:
        """See `ObjectStore`."""
        with _translated(key):
            return self._path(key).read_bytes()

    def head(self, key: str) -> ObjectInfo | None:
        """See `ObjectStore`. Reads the file: its sha256 is of the bytes that are there now."""
        path = self._path(key)
        try:
            with _translated(key):
                status, data = path.stat(), path.read_bytes()
        except ObjectMissingError:
            return None
        return ObjectInfo(
            key=key,
            size_bytes=len(data),
            modified_at=datetime.fromtimestamp(status.st_mtime, UTC),
            sha256=sha256_of(data).hexdigest(),
        )

    def delete(self, key: str) -> None:
        """See `ObjectStore`. Folders left empty go too."""
        path = self._path(key)
        with _translated(key):
            path.unlink(missing_ok=True)
        for parent in path.parents:
            if parent == self._folder:
                break
            try:
                parent.rmdir()
            except OSError:
                break  # not empty

    def list(self, prefix: str = "") -> Iterator[ObjectInfo]:
        """See `ObjectStore`."""
        check_prefix(prefix)
        start, _, _ = prefix.rpartition("/")
        yield from self._walk(start, prefix)

    def url(self, key: str) -> str:
        """`file:///...`."""
        return self._path(key).as_uri()

    def close(self) -> None:
        """Nothing is held open."""

    def _path(self, key: str) -> Path:
        return self._folder / check_key(key)

    def _walk(self, folder_key: str, prefix: str) -> Iterator[ObjectInfo]:
        try:
            with _translated(folder_key):
                entries = list(os.scandir(self._folder / folder_key))
        except ObjectMissingError:
            return
        for entry in entries:
            key = f"{folder_key}/{entry.name}" if folder_key else entry.name
            if key == TEMPORARY or not (key.startswith(prefix) or prefix.startswith(f"{key}/")):
                continue
            if entry.is_dir(follow_symlinks=False):
                yield from self._walk(key, prefix)
                continue
            try:
                status = entry.stat(follow_symlinks=False)
            except FileNotFoundError:
                continue  # deleted since the listing
            yield ObjectInfo(
                key=key,
                size_bytes=status.st_size,
                modified_at=datetime.fromtimestamp(status.st_mtime, UTC),
            )

    def _write(self, path: Path, data: bytes) -> None:
        with path.open("xb", buffering=0) as file:
            view = memoryview(data)
            while view:
                view = view[file.write(view) :]
            if self._fsync:
                os.fsync(file.fileno())

    def _rename(self, temporary: Path, path: Path) -> None:
        for attempt in range(RENAME_ATTEMPTS):
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                temporary.replace(path)
                break
            except FileNotFoundError:  # a delete took the empty folder in between
                if attempt == RENAME_ATTEMPTS - 1:
                    raise
        if self._fsync:
            self._sync_folders(path.parent)

    def _sync_folders(self, folder: Path) -> None:
        """Make the new name last; new folders are names too."""
        while True:
            descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
            if folder == self._folder:
                return
            folder = folder.parent

    def _remove_stale(self) -> None:
        oldest = time.time() - STALE_AFTER_S
        for entry in os.scandir(self._incoming):
            with contextlib.suppress(FileNotFoundError):
                if entry.stat().st_mtime < oldest:
                    Path(entry.path).unlink()


@contextlib.contextmanager
def _translated(what: str) -> Iterator[None]:
    try:
        yield
    except (FileNotFoundError, NotADirectoryError) as problem:
        raise ObjectMissingError(f"no object {what}") from problem
    except PermissionError as problem:
        raise ObjectRefusedError(f"{what}: {problem}; give this user rights to the folder") from problem
    except OSError as problem:
        if problem.errno in TRANSIENT:
            raise StoreUnavailableError(
                f"{what}: {problem}; free space or mend the disk, then retry"
            ) from problem
        raise ObjectRefusedError(f"{what}: {problem}; is another file in the way of the key?") from problem


def free_bytes(folder: Path) -> int:
    """Space left for objects, for `doctor`."""
    try:
        return shutil.disk_usage(folder).free
    except OSError as problem:
        raise ObjectStoreError(f"{folder}: {problem}; make the folder or name another") from problem
