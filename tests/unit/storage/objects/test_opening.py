"""From a URL in the settings to a store."""

from __future__ import annotations

from pathlib import Path

import pytest

from storage.errors import ObjectRefusedError
from storage.objects.directory import DirectoryObjectStore
from storage.objects.opening import open_store
from storage.objects.s3 import S3ObjectStore, S3Options
from storage.objects.store import ObjectStore


def put(store: ObjectStore) -> None:
    digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    store.put("a/b", b"abc", sha256=digest, content_type="text/plain")


@pytest.mark.parametrize("form", ["{}", "file://{}", "file://localhost{}"])
def test_folder_is_made_where_the_url_says(tmp_path: Path, form: str) -> None:
    folder = tmp_path / "with space"
    store = open_store(form.format(folder if form == "{}" else str(folder).replace(" ", "%20")), fsync=False)
    assert isinstance(store, DirectoryObjectStore)
    put(store)
    assert (folder / "a" / "b").read_bytes() == b"abc"


def test_home_is_the_user_s(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    put(open_store("~/objects", fsync=False))
    assert (tmp_path / "objects" / "a" / "b").is_file()


def test_bucket_and_prefix_are_the_url_s_and_no_request_is_sent() -> None:
    options = S3Options(region="eu-central-1", access_key="a", secret_key="b")
    store = open_store("s3://bucket/site/one/", s3=options)
    assert isinstance(store, S3ObjectStore)
    assert (store._bucket, store._prefix) == ("bucket", "site/one/")
    assert isinstance(open_store("s3://bucket", s3=options), S3ObjectStore)


@pytest.mark.parametrize("url", ["", "ftp://host/folder", "file://host/folder", "gs://bucket"])
def test_url_of_another_kind_is_refused_with_two_that_are_right(url: str) -> None:
    with pytest.raises(ObjectRefusedError, match=r"write file:///folder or s3://bucket/prefix"):
        open_store(url)
