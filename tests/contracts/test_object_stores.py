"""One contract, three stores: a directory, moto for breadth, OpenStack Swift for strictness."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from storage.errors import ObjectMissingError, ObjectRefusedError, StoreRefusedError, StoreUnavailableError
from storage.objects import ObjectStore, S3Options, open_store
from tests.servers import S3Endpoint
from tests.servers.process import free_port

KEY = "campaigns/spring/0123456789abcdef0123456789abcdef/v1/sound.wav"
SOUND = b"RIFF" + bytes(range(256)) * 20
MEGABYTE = 1_000_000


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def put(store: ObjectStore, key: str, data: bytes) -> None:
    store.put(key, data, sha256=sha256(data), content_type="audio/wav")


def s3_options(endpoint: S3Endpoint, **more: Any) -> S3Options:
    return S3Options(
        endpoint_url=endpoint.endpoint_url,
        region=endpoint.region,
        access_key=endpoint.access_key,
        secret_key=endpoint.secret_key,
        addressing="path",
        **more,
    )


@pytest.fixture(params=["directory", "moto", "swift"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ObjectStore]:
    if request.param == "directory":
        opened = open_store((tmp_path / "objects").as_uri())
    else:
        endpoint: S3Endpoint = request.getfixturevalue(request.param)
        opened = open_store(f"s3://{endpoint.create_bucket()}/some/prefix", s3=s3_options(endpoint))
    yield opened
    opened.close()


def test_what_is_put_is_got(store: ObjectStore) -> None:
    put(store, KEY, SOUND)
    assert store.get(KEY) == SOUND


def test_a_file_is_stored_without_being_held_in_memory(store: ObjectStore, tmp_path: Path) -> None:
    path = tmp_path / "manifest.jsonl"
    path.write_bytes(SOUND * 100)
    assert store.put_file(KEY, path, content_type="application/x-ndjson") == sha256(SOUND * 100)
    assert store.get(KEY) == SOUND * 100


def test_sync_after_puts_keeps_them(store: ObjectStore) -> None:
    put(store, KEY, SOUND)
    store.sync()
    assert store.get(KEY) == SOUND


def test_head_tells_size_digest_and_time(store: ObjectStore) -> None:
    put(store, KEY, SOUND)
    info = store.head(KEY)
    assert info is not None
    assert (info.key, info.size_bytes, info.sha256) == (KEY, len(SOUND), sha256(SOUND))
    assert abs(datetime.now(UTC) - info.modified_at) < timedelta(minutes=1)


def test_bytes_that_are_not_the_declared_ones_are_refused_and_not_stored(store: ObjectStore) -> None:
    with pytest.raises(ObjectRefusedError) as caught:
        store.put(KEY, SOUND, sha256=sha256(b"other"), content_type="audio/wav")
    assert not caught.value.retryable
    assert store.head(KEY) is None


def test_a_missing_key_is_told_apart_from_a_broken_store(store: ObjectStore) -> None:
    assert store.head(KEY) is None
    with pytest.raises(ObjectMissingError) as caught:
        store.get(KEY)
    assert not caught.value.retryable


def test_same_bytes_again_leave_one_object(store: ObjectStore) -> None:
    put(store, KEY, SOUND)
    put(store, KEY, SOUND)
    assert [info.key for info in store.list()] == [KEY]
    assert store.get(KEY) == SOUND


def test_delete_removes_and_may_be_repeated(store: ObjectStore) -> None:
    put(store, KEY, SOUND)
    store.delete(KEY)
    store.delete(KEY)
    assert store.head(KEY) is None
    assert list(store.list()) == []


def test_list_gives_exactly_the_keys_below_a_prefix(store: ObjectStore) -> None:
    keys = ["a/one", "a/two/three", "ab/four", "b/five"]
    for key in keys:
        put(store, key, key.encode())
    assert {info.key for info in store.list()} == set(keys)
    assert {info.key for info in store.list("a/")} == {"a/one", "a/two/three"}
    assert {info.key for info in store.list("a")} == {"a/one", "a/two/three", "ab/four"}
    assert {info.key for info in store.list("a/tw")} == {"a/two/three"}
    assert {info.key: info.size_bytes for info in store.list("b/")} == {"b/five": 6}
    assert list(store.list("nowhere/")) == []


@pytest.mark.parametrize(
    "key",
    [
        "",
        "/etc/passwd",
        "../up",
        "a/../../up",
        "a//b",
        "a/",
        "./a",
        ".incoming/x",
        "a/.b",
        "ä",
        "a b",
        "a\x00b",
        "x" * 513,
    ],
)
def test_keys_that_a_file_system_could_misread_are_refused(store: ObjectStore, key: str) -> None:
    with pytest.raises(ObjectRefusedError):
        put(store, key, SOUND)
    with pytest.raises(ObjectRefusedError):
        store.get(key)
    with pytest.raises(ObjectRefusedError):
        store.delete(key)


def test_an_empty_object_is_an_object(store: ObjectStore) -> None:
    put(store, KEY, b"")
    assert store.get(KEY) == b""
    info = store.head(KEY)
    assert info is not None and info.size_bytes == 0


def test_twenty_megabytes(store: ObjectStore) -> None:
    data = hashlib.shake_256(b"seed").digest(20 * MEGABYTE)
    put(store, KEY, data)
    assert sha256(store.get(KEY)) == sha256(data)


def test_threads_share_a_store(store: ObjectStore) -> None:
    objects = {f"many/{n:02d}": f"sound {n}".encode() * 1000 for n in range(24)}
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda item: put(store, *item), objects.items()))
        found = dict(zip(objects, pool.map(store.get, objects), strict=True))
    assert found == objects


def test_racing_puts_of_one_key_leave_one_whole_object(store: ObjectStore) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: put(store, KEY, SOUND), range(12)))
    assert store.get(KEY) == SOUND
    assert len(list(store.list())) == 1


def test_url_names_the_object(store: ObjectStore) -> None:
    url = store.url(KEY)
    assert url.endswith(f"/{KEY}")
    assert url.startswith(("file:///", "s3://t-"))


@pytest.mark.parametrize("server", ["moto", "swift"])
def test_s3_keeps_content_type_and_metadata(server: str, request: pytest.FixtureRequest) -> None:
    endpoint: S3Endpoint = request.getfixturevalue(server)
    bucket = endpoint.create_bucket()
    store = open_store(f"s3://{bucket}", s3=s3_options(endpoint))
    store.put("k", SOUND, sha256=sha256(SOUND), content_type="audio/flac", metadata={"campaign": "spring"})
    with endpoint.client() as client:
        answer = client.head_object(Bucket=bucket, Key="k")
    assert answer["ContentType"] == "audio/flac"
    assert answer["Metadata"] == {"campaign": "spring", "sha256": sha256(SOUND)}
    store.close()


def test_a_cdn_base_url_stands_before_the_key(moto: S3Endpoint) -> None:
    store = open_store("s3://bucket/x", s3=s3_options(moto, public_base_url="https://cdn.example/v/"))
    assert store.url(KEY) == f"https://cdn.example/v/{KEY}"
    store.close()


def test_wrong_keys_are_refused_for_good(swift: S3Endpoint) -> None:
    options = S3Options(
        endpoint_url=swift.endpoint_url,
        region="us-east-1",
        access_key="test:tester",
        secret_key="wrong",
        addressing="path",
    )
    store = open_store(f"s3://{swift.create_bucket()}", s3=options)
    with pytest.raises(StoreRefusedError, match="check the keys") as caught:
        put(store, KEY, SOUND)
    assert not caught.value.retryable
    store.close()


def test_a_missing_bucket_is_not_a_missing_object(moto: S3Endpoint) -> None:
    store = open_store("s3://no-such-bucket", s3=s3_options(moto))
    with pytest.raises(StoreRefusedError, match="make the bucket"):
        store.get(KEY)
    store.close()


def test_a_server_that_is_down_is_worth_a_retry() -> None:
    options = S3Options(
        endpoint_url=f"http://127.0.0.1:{free_port()}",
        region="us-east-1",
        access_key="a",
        secret_key="b",
        attempts=1,
        connect_timeout_s=0.5,
    )
    store = open_store("s3://bucket", s3=options)
    with pytest.raises(StoreUnavailableError) as caught:
        put(store, KEY, SOUND)
    assert caught.value.retryable
    store.close()


def test_secrets_are_not_in_the_options_repr() -> None:
    assert "hunter2" not in repr(S3Options(access_key="me", secret_key="hunter2", session_token="hunter2"))


@pytest.mark.parametrize("url", ["", "s3://", "gs://bucket", "file://host/path", "https://example.com/x"])
def test_urls_of_no_store_are_refused(url: str) -> None:
    with pytest.raises(ObjectRefusedError, match="s3://bucket/prefix"):
        open_store(url)


def test_erase_takes_what_is_below_a_prefix_and_nothing_else(store: ObjectStore) -> None:
    kept = KEY.replace("spring", "springtime")
    for key in (KEY, KEY.replace("v1", "v2"), kept):
        put(store, key, SOUND)
    put(store, KEY, SOUND)
    assert store.erase("campaigns/spring/") >= 2
    assert [info.key for info in store.list()] == [kept]
    assert store.erase("campaigns/spring/") == 0
