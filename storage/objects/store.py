"""What every object store promises.

- `put` is atomic and proven: after it returns, `get` gives these bytes or the object is gone; a reader never
  sees a part. Bytes whose SHA-256 is not the declared one are refused before anything is written.
- What was put before `sync` returned outlives a power cut. Call it before committing rows that name the objects.
- The same key may be put again, by many at once; the last one wins whole. Keys are content-addressed
  (`storage.keys`), so that is the same bytes.
- `delete` of what is not there is no error.
- Correctness never rests on If-None-Match: several servers ignore it.

Stores are safe to share between threads. Failures are `ObjectStoreError`s that say whether they are retryable.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from storage.errors import ObjectRefusedError

MAX_KEY_CHARACTERS = 512
SEGMENT = re.compile(r"[A-Za-z0-9_=-][A-Za-z0-9._=-]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectInfo:
    """What a store tells of one object without its bytes."""

    key: str
    size_bytes: int
    modified_at: datetime
    """By the store's clock, with its time zone."""
    sha256: str | None = None
    """Hex, from `head` where the store knows it; None from `list`."""
    content_type: str | None = None
    """From `head` of stores that keep one."""


class ObjectStore(Protocol):
    """Bytes under keys."""

    def put(
        self,
        key: str,
        data: bytes,
        *,
        sha256: str,
        content_type: str,
        metadata: Mapping[str, str] | None = None,
    ) -> None:
        """Store `data`. `metadata` carries ids only (contract 6); a directory keeps none."""
        ...

    def put_file(self, key: str, path: Path, *, content_type: str) -> str:
        """Store a file's bytes without holding them in memory; returns their sha256."""
        ...

    def sync(self) -> None:
        """Make every earlier put durable. Costs nothing on S3, whose puts are durable already."""
        ...

    def get(self, key: str) -> bytes:
        """The whole object; raises `ObjectMissingError`."""
        ...

    def head(self, key: str) -> ObjectInfo | None:
        """None when there is no such object."""
        ...

    def delete(self, key: str) -> None:
        """Remove it if it is there."""
        ...

    def erase(self, prefix: str) -> int:
        """Remove every object whose key starts with `prefix`, and every earlier version that the store kept.

        Returns how many versions went. Raises what the store says against it; what is gone by then stays gone.
        """
        ...

    def list(self, prefix: str = "") -> Iterator[ObjectInfo]:
        """Every object whose key starts with `prefix`, streamed, in no promised order."""
        ...

    def url(self, key: str) -> str:
        """Where a person or a CDN finds it: `file://`, `s3://` or below the public base URL."""
        ...

    def presigned(self, key: str, *, expires_s: int) -> str:
        """A link that lets whoever has it fetch one object for so long; raises `ObjectRefusedError`."""
        ...

    def close(self) -> None:
        """Give connections back. Idempotent."""
        ...


def check_key(key: str) -> str:
    """Return `key`, or raise `ObjectRefusedError`: ASCII that no store or file system reads as more."""
    if not key or len(key) > MAX_KEY_CHARACTERS or not all(map(SEGMENT.fullmatch, key.split("/"))):
        raise ObjectRefusedError(
            f"{key[:80]!r} is no object key: use segments of A-Z a-z 0-9 . _ = - that start with no dot, "
            f"joined by single slashes, {MAX_KEY_CHARACTERS} characters at most"
        )
    return key


def check_prefix(prefix: str) -> str:
    """Return `prefix`, or raise `ObjectRefusedError` when no key could start with it."""
    if prefix:
        check_key(prefix[:-1] if prefix.endswith("/") else prefix)
    return prefix


def check_sha256(key: str, data: bytes, sha256: str) -> None:
    """Raise `ObjectRefusedError` unless `sha256` is that of `data`."""
    actual = hashlib.sha256(data).hexdigest()
    if actual != sha256:
        raise ObjectRefusedError(
            f"{key}: the bytes have sha256 {actual}, declared was {sha256[:80]}; nothing was stored"
        )
