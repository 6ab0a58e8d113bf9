"""What S3 servers get wrong now and then, from a server of our own that does so on purpose."""

from __future__ import annotations

import base64
import hashlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from storage.errors import (
    ObjectCorruptError,
    ObjectRefusedError,
    ObjectStoreError,
    StoreRefusedError,
    StoreUnavailableError,
)
from storage.objects.opening import open_store
from storage.objects.s3 import S3Options
from storage.objects.store import ObjectStore

SOUND = b"sound" * 1000
SHA256 = hashlib.sha256(SOUND).hexdigest()
MD5 = hashlib.md5(SOUND).hexdigest()


class Faulty(ThreadingHTTPServer):
    """Keeps one object and the requests; misbehaves as told."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.requests: list[tuple[str, dict[str, str]]] = []
        self.body = b""
        self.etag = MD5
        self.damage = b""
        self.fail_with: list[int] = []

    @property
    def methods(self) -> list[str]:
        return [method for method, _ in self.requests]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Faulty

    def do_PUT(self) -> None:
        self.server.body = self.rfile.read(int(self.headers["Content-Length"]))
        self._answer(b"", {"ETag": f'"{self.server.etag}"'})

    def do_GET(self) -> None:
        self._answer(self.server.body + self.server.damage, {"ETag": f'"{self.server.etag}"'})

    def _answer(self, body: bytes, headers: dict[str, str]) -> None:
        server = self.server
        server.requests.append((self.command, {name.lower(): value for name, value in self.headers.items()}))
        status = server.fail_with.pop(0) if server.fail_with else 200
        if status != 200:
            body = f"<Error><Code>E{status}</Code><Message>no</Message></Error>".encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


@pytest.fixture
def server() -> Iterator[Faulty]:
    with Faulty() as made:
        thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield made
        made.shutdown()
        thread.join()


@pytest.fixture
def store(server: Faulty) -> Iterator[ObjectStore]:
    options = S3Options(
        endpoint_url=f"http://127.0.0.1:{server.server_port}",
        region="us-east-1",
        access_key="a",
        secret_key="b",
        addressing="path",
        attempts=3,
    )
    opened = open_store("s3://bucket", s3=options)
    yield opened
    opened.close()


def put(store: ObjectStore) -> None:
    store.put("k", SOUND, sha256=SHA256, content_type="audio/wav")


def test_a_put_is_one_request_with_our_sha256_and_no_other_checksum(
    store: ObjectStore, server: Faulty
) -> None:
    put(store)
    [(method, headers)] = server.requests
    assert method == "PUT"
    assert headers["x-amz-checksum-sha256"] == base64.b64encode(bytes.fromhex(SHA256)).decode()
    assert not [name for name in headers if "crc" in name or name == "x-amz-trailer"]
    assert headers["content-type"] == "audio/wav"
    assert server.body == SOUND  # not in chunks with trailers, which R2 and GCS refuse


def test_an_etag_that_proves_nothing_is_followed_by_reading_back(store: ObjectStore, server: Faulty) -> None:
    server.etag = "of-another-kind"
    put(store)
    assert server.methods == ["PUT", "GET"]


def test_bytes_that_come_back_changed_are_an_error_worth_a_retry(store: ObjectStore, server: Faulty) -> None:
    server.etag, server.damage = "of-another-kind", b"!"
    with pytest.raises(ObjectCorruptError) as caught:
        put(store)
    assert caught.value.retryable


def test_a_busy_store_is_tried_again(store: ObjectStore, server: Faulty) -> None:
    server.fail_with = [503]
    put(store)
    assert server.methods == ["PUT", "PUT"]
    assert server.body == SOUND


def test_a_store_that_stays_busy_is_given_up_after_the_attempts_asked_for(
    store: ObjectStore, server: Faulty
) -> None:
    server.fail_with = [500, 503, 503, 503]
    with pytest.raises(StoreUnavailableError) as caught:
        put(store)
    assert caught.value.retryable
    assert len(server.methods) == 3


@pytest.mark.parametrize(
    ("status", "kind", "mend"),
    [
        (400, ObjectRefusedError, "refuses this object"),
        (411, ObjectRefusedError, "refuses this object"),
        (413, ObjectRefusedError, "413 .* refuses this object"),
        (401, StoreRefusedError, "check the keys"),
        (403, StoreRefusedError, "403 .* check the keys"),
        (404, StoreRefusedError, "no bucket or no S3"),
        (405, StoreRefusedError, "correct the endpoint"),
    ],
)
def test_a_refusal_is_not_tried_again(
    store: ObjectStore, server: Faulty, status: int, kind: type[Exception], mend: str
) -> None:
    """What concerns one object is told apart from what the store says of every object."""
    server.fail_with = [status]
    with pytest.raises(kind, match=mend) as caught:
        put(store)
    assert isinstance(caught.value, ObjectStoreError)
    assert not caught.value.retryable
    assert server.methods == ["PUT"]


def test_encryption_is_asked_for_on_each_put(server: Faulty) -> None:
    options = S3Options(
        endpoint_url=f"http://127.0.0.1:{server.server_port}",
        region="us-east-1",
        access_key="a",
        secret_key="b",
        addressing="path",
        encryption="aws:kms",
        kms_key_id="key-1",
    )
    store = open_store("s3://bucket", s3=options)
    put(store)
    store.close()
    _, headers = server.requests[0]
    assert headers["x-amz-server-side-encryption"] == "aws:kms"
    assert headers["x-amz-server-side-encryption-aws-kms-key-id"] == "key-1"
