"""What only a directory can get wrong: half-written files, temporary files, paths."""

from __future__ import annotations

import errno
import hashlib
import os
import resource
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.errors import ObjectRefusedError, StoreRefusedError, StoreUnavailableError
from storage.objects import DirectoryObjectStore, directory, open_store

SOUND = b"sound" * 1000
DIGEST = hashlib.sha256(SOUND).hexdigest()


def put(store: DirectoryObjectStore, key: str) -> None:
    store.put(key, SOUND, sha256=DIGEST, content_type="audio/wav")


def files_below(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


@pytest.fixture
def full_disk(tmp_path: Path) -> Iterator[Path]:
    """A folder in which nothing larger than 4 kB can be written."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))
    yield tmp_path
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    signal.signal(signal.SIGXFSZ, ignored)


def test_a_failed_write_leaves_neither_object_nor_temporary_file(full_disk: Path) -> None:
    store = DirectoryObjectStore(full_disk)
    with pytest.raises(StoreRefusedError, match="free space"):
        put(store, "a/b")
    assert files_below(full_disk) == []


def test_an_overwrite_that_fails_keeps_the_old_object(full_disk: Path) -> None:
    store = DirectoryObjectStore(full_disk)
    old = b"old"
    store.put("a/b", old, sha256=hashlib.sha256(old).hexdigest(), content_type="audio/wav")
    with pytest.raises(StoreRefusedError):
        put(store, "a/b")
    assert store.get("a/b") == old


def test_putting_the_same_bytes_again_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    store = DirectoryObjectStore(tmp_path)
    put(store, "a/b")
    before = (tmp_path / "a/b").stat()
    put(store, "a/b")
    after = (tmp_path / "a/b").stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_sync_is_asked_of_the_disk_once_for_all_puts_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[int] = []
    monkeypatch.setattr(directory, "_syncfs", calls.append)
    store = DirectoryObjectStore(tmp_path)
    store.sync()
    assert len(calls) == 0
    put(store, "a")
    put(store, "b")
    store.sync()
    store.sync()
    assert len(calls) == 1
    put(store, "b")  # another process may have written it and died before its sync
    store.sync()
    assert len(calls) == 2


def test_a_disk_that_fails_at_sync_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_descriptor: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(directory, "_syncfs", broken)
    store = DirectoryObjectStore(tmp_path)
    put(store, "a")
    for _ in range(2):  # and again, until it succeeds
        with pytest.raises(StoreUnavailableError):
            store.sync()


def test_temporary_files_of_a_crash_are_removed_after_a_day_and_never_listed(tmp_path: Path) -> None:
    store = DirectoryObjectStore(tmp_path)
    fresh, stale = tmp_path / ".incoming/fresh", tmp_path / ".incoming/stale"
    fresh.write_bytes(b"half")
    stale.write_bytes(b"half")
    two_days_ago = time.time() - 172_800
    os.utime(stale, (two_days_ago, two_days_ago))
    assert list(store.list()) == []
    DirectoryObjectStore(tmp_path)
    assert files_below(tmp_path) == [".incoming/fresh"]


def test_delete_takes_empty_folders_along_and_no_others(tmp_path: Path) -> None:
    store = DirectoryObjectStore(tmp_path)
    put(store, "a/b/one")
    put(store, "a/two")
    store.delete("a/b/one")
    assert not (tmp_path / "a/b").exists()
    assert store.get("a/two") == SOUND


def test_a_key_below_an_object_is_refused(tmp_path: Path) -> None:
    store = DirectoryObjectStore(tmp_path)
    put(store, "a")
    with pytest.raises(ObjectRefusedError, match="in the way"):
        put(store, "a/b")


@pytest.mark.parametrize("url_of", [Path.as_uri, str])
def test_folders_with_spaces_and_accents_open_by_url_and_by_path(tmp_path: Path, url_of: object) -> None:
    folder = tmp_path / "größe und weite"
    assert callable(url_of)
    store = open_store(url_of(folder))
    store.put("a", SOUND, sha256=DIGEST, content_type="audio/wav")
    assert (folder / "a").read_bytes() == SOUND
