"""From a URL in the settings to a store: `file:///folder`, a plain path, or `s3://bucket/prefix`."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

from storage.errors import ObjectRefusedError
from storage.objects.directory import DirectoryObjectStore
from storage.objects.s3 import S3ObjectStore, S3Options
from storage.objects.store import ObjectStore


def open_store(url: str, *, s3: S3Options | None = None, fsync: bool = True) -> ObjectStore:
    """The store behind `url`; makes a missing folder, never a bucket.

    Raises `ObjectRefusedError` for a URL of another kind. No request is sent before the first use.
    """
    parts = urlsplit(url)
    if parts.scheme == "s3":
        return S3ObjectStore(bucket=parts.netloc, prefix=parts.path.strip("/"), options=s3 or S3Options())
    if parts.scheme == "file" and parts.netloc in ("", "localhost") and parts.path:
        return DirectoryObjectStore(Path(unquote(parts.path)), fsync=fsync)
    if not parts.scheme and parts.path:
        return DirectoryObjectStore(Path(url).expanduser(), fsync=fsync)
    raise ObjectRefusedError(f"{url!r} names no object store; write file:///folder or s3://bucket/prefix")
