"""A directory as object store: the embedded default.

Written to a temporary file beside the tree, then renamed: a crash of the program leaves the old object or the new
one, and at worst a temporary file, which an opening a day later removes. Against a power cut there is `sync`,
once for many objects: one `syncfs` for 16 of 480 kB took 0.9 ms an object, `fsync` of each and of its folders 11 ms.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from hashlib import file_digest
from hashlib import sha256 as sha256_of
from pathlib import Path
from uuid import uuid4

from storage.errors import ObjectMissingError, ObjectRefusedError, StoreRefusedError, StoreUnavailableError
from storage.objects.store import ObjectInfo, check_key, check_prefix, check_sha256

TEMPORARY = ".incoming"  # no key starts with a dot
STALE_AFTER_S = 86_400
RENAME_ATTEMPTS = 5
TRANSIENT = {errno.EIO, errno.EMFILE, errno.ENFILE, errno.ESTALE, errno.ETIMEDOUT, errno.EAGAIN, errno.EINTR}
FULL = {errno.ENOSPC, errno.EFBIG, errno.EDQUOT}
"""No object finds room until somebody makes some."""


class DirectoryObjectStore:
    """Objects as files below one folder."""

    def __init__(self, folder: Path, *, fsync: bool = True) -> None:
        """`fsync=False` makes `sync` do nothing: where a power cut is not feared."""
        self._folder = folder.absolute()
        self._incoming = self._folder / TEMPORARY
        self._fsync = fsync
        self._lock = threading.Lock()
        self._put = self._synced = 0
        try:
            with _translated(str(folder)):
                self._incoming.mkdir(parents=True, exist_ok=True)
                self._remove_stale()
        except (ObjectMissingError, ObjectRefusedError) as problem:
            raise StoreRefusedError(
                f"the object store {folder} cannot be made: {problem.__cause__}; is a file in its place? "
                "Name another with CAMPAIGN_OBJECT_STORE"
            ) from problem

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
        with _translated(key, is_put=True):
            if not _holds(path, data):
                self._replace(path, data)
        with self._lock:
            self._put += 1

    def put_file(self, key: str, path: Path, *, content_type: str) -> str:
        """See `ObjectStore`."""
        target = self._path(key)
        with _translated(key, is_put=True):
            self._place(target, lambda temporary: shutil.copyfile(path, temporary))
            with target.open("rb") as file:
                digest = file_digest(file, "sha256").hexdigest()
        with self._lock:
            self._put += 1
        return digest

    def sync(self) -> None:
        """See `ObjectStore`. Raises what the disk refused since the last time."""
        put = self._put
        if not self._fsync or put <= self._synced:
            return
        with _translated("sync"):
            descriptor = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY)
            try:
                _syncfs(descriptor)
            finally:
                os.close(descriptor)
        with self._lock:
            self._synced = max(self._synced, put)

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

    def erase(self, prefix: str) -> int:
        """See `ObjectStore`."""
        keys = [info.key for info in self.list(prefix)]
        for key in keys:
            self.delete(key)
        return len(keys)

    def list(self, prefix: str = "") -> Iterator[ObjectInfo]:
        """See `ObjectStore`."""
        check_prefix(prefix)
        start, _, _ = prefix.rpartition("/")
        yield from self._walk(start, prefix)

    def url(self, key: str) -> str:
        """`file:///...`."""
        return self._path(key).as_uri()

    def presigned(self, key: str, *, expires_s: int) -> str:
        """See `ObjectStore`: files have no such links."""
        raise ObjectRefusedError(
            "links that expire need S3 or what speaks like it; a directory gives `campaign zip`"
        )

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

    def _replace(self, path: Path, data: bytes) -> None:
        def write(temporary: Path) -> None:
            with temporary.open("xb", buffering=0) as file:
                view = memoryview(data)
                while view:
                    view = view[file.write(view) :]

        self._place(path, write)

    def _place(self, path: Path, write: Callable[[Path], object]) -> None:
        """Let `write` fill a temporary file, then rename it to `key`'s path."""
        temporary = self._incoming / uuid4().hex
        try:
            write(temporary)
            for attempt in range(RENAME_ATTEMPTS):
                path.parent.mkdir(parents=True, exist_ok=True)
                try:
                    temporary.replace(path)
                    break
                except FileNotFoundError:  # a delete took the empty folder in between
                    if attempt == RENAME_ATTEMPTS - 1:
                        raise
        except OSError:
            with contextlib.suppress(OSError):
                temporary.unlink()
            raise

    def _remove_stale(self) -> None:
        oldest = time.time() - STALE_AFTER_S
        for entry in os.scandir(self._incoming):
            with contextlib.suppress(FileNotFoundError):
                if entry.stat().st_mtime < oldest:
                    Path(entry.path).unlink()


def _holds(path: Path, data: bytes) -> bool:
    """Whether the object is there already: content-addressed objects are put again, and left as they are."""
    try:
        return path.stat().st_size == len(data) and path.read_bytes() == data
    except (FileNotFoundError, NotADirectoryError):
        return False


def _syncfs(descriptor: int) -> None:
    """All that was written to the file system of `descriptor`; Python has no call for it."""
    if ctypes.CDLL(None, use_errno=True).syncfs(descriptor) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


@contextlib.contextmanager
def _translated(what: str, *, is_put: bool = False) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as problem:
        if is_put:
            raise StoreRefusedError(
                f"{what}: {problem}; the store's folder is gone: bring it back"
            ) from problem
        raise ObjectMissingError(f"no object {what}") from problem
    except NotADirectoryError as problem:
        if is_put:
            raise ObjectRefusedError(
                f"{what}: {problem}; is another file in the way of the key?"
            ) from problem
        raise ObjectMissingError(f"no object {what}") from problem
    except PermissionError as problem:
        raise StoreRefusedError(f"{what}: {problem}; give this user rights to the folder") from problem
    except OSError as problem:
        if problem.errno in FULL:
            raise StoreRefusedError(f"{what}: {problem}; free space on its disk") from problem
        if problem.errno == errno.EROFS:
            raise StoreRefusedError(
                f"{what}: {problem}; let it be written, or name another store"
            ) from problem
        if problem.errno in TRANSIENT:
            raise StoreUnavailableError(f"{what}: {problem}; mend the disk, it is tried again") from problem
        raise ObjectRefusedError(f"{what}: {problem}; is another file in the way of the key?") from problem
