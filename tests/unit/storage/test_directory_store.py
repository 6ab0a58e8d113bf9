"""What only a directory can get wrong: half-written files, temporary files, paths."""

from __future__ import annotations

import hashlib
import os
import time
from pathlib import Path

import pytest

from storage.errors import ObjectRefusedError, StoreUnavailableError
from storage.objects import DirectoryObjectStore, open_store

SOUND = b"sound" * 1000
DIGEST = hashlib.sha256(SOUND).hexdigest()


def put(store: DirectoryObjectStore, key: str) -> None:
    store.put(key, SOUND, sha256=DIGEST, content_type="audio/wav")


def files_below(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_a_failed_write_leaves_neither_object_nor_temporary_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = DirectoryObjectStore(tmp_path)

    def no_space(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", no_space)
    with pytest.raises(StoreUnavailableError, match="free space"):
        put(store, "a/b")
    assert files_below(tmp_path) == []


def test_an_overwrite_that_fails_keeps_the_old_object(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = DirectoryObjectStore(tmp_path)
    put(store, "a/b")

    def no_space(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", no_space)
    other = b"other"
    with pytest.raises(StoreUnavailableError):
        store.put("a/b", other, sha256=hashlib.sha256(other).hexdigest(), content_type="audio/wav")
    assert store.get("a/b") == SOUND


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
