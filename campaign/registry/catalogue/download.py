"""One file over HTTP: never more bytes than it should have, gone on where it broke off, held against its sha256.

Proxies and certificates come from the environment as other programs read them (HTTPS_PROXY, NO_PROXY, SSL_CERT_FILE,
REQUESTS_CA_BUNDLE). What has arrived stays beside the goal as NAME.arriving, also when this process is killed.
"""

from __future__ import annotations

import hashlib
import os
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit
from urllib.request import url2pathname

import urllib3
from urllib3.exceptions import HTTPError, IncompleteRead, LocationValueError, ProtocolError, ReadTimeoutError

from campaign.registry.catalogue.watching import FetchWatch, SourceRefusedError

ATTEMPTS = 8
"""Of one file: each goes on where the last one broke off."""
CONNECT_S, SILENT_S = 15.0, 60.0
CHUNK_BYTES = 1 << 16
"""What a killed process loses at most."""
_GONE = frozenset({404, 410})
_BROKEN = (IncompleteRead, ProtocolError, ReadTimeoutError)


def download(
    url: str,
    goal: Path,
    *,
    size: int,
    sha256: str,
    watch: FetchWatch,
    what: str,
    headers: Mapping[str, str] | None = None,
) -> None:
    """Bring `url` to `goal`; `what` is how it is told. Raises `SourceRefusedError`, and `OSError` of the disk."""
    if urlsplit(url).scheme == "file":
        _copy_local(url, goal, size=size, sha256=sha256)
        return
    arriving = goal.with_name(f"{goal.name}.arriving")
    is_resumed = arriving.exists()
    for _attempt in range(ATTEMPTS):
        if _size_of(arriving) < size and not _transfer(url, arriving, size, dict(headers or {}), watch, what):
            continue
        found = file_sha256(arriving)
        if found == sha256:
            arriving.replace(goal)
            return
        arriving.unlink()
        if not is_resumed:
            raise SourceRefusedError(
                f"gave other bytes: sha256 {found[:12]}..., not {sha256[:12]}...", is_changed=True
            )
        is_resumed = (
            False  # what lay there may have been something else's beginning: once more, from the start
        )
    raise SourceRefusedError(f"broke off {ATTEMPTS} times; what arrived stays")


def file_sha256(path: Path) -> str:
    """Its digest, hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def shown(url: str) -> str:
    """Without password and query."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def _size_of(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _transfer(
    url: str, arriving: Path, size: int, headers: dict[str, str], watch: FetchWatch, what: str
) -> bool:
    """One request for what is missing; whether all is there now."""
    done = _size_of(arriving)
    if done:
        headers["Range"] = f"bytes={done}-"
    response = _request(url, headers)
    try:
        begins = _begin(response, done, size, url)
        with arriving.open("ab") as stream:
            stream.truncate(begins)
            done = begins
            watch.arriving(what, done, size)
            while chunk := response.read(min(CHUNK_BYTES, size - done + 1), decode_content=False):
                if done + len(chunk) > size:
                    raise SourceRefusedError(f"gave more than {size:,} bytes", is_changed=True)
                stream.write(chunk)
                stream.flush()
                done += len(chunk)
                watch.arriving(what, done, size)
    except _BROKEN:
        return False
    except HTTPError as exc:
        raise SourceRefusedError(f"{shown(url)}: {type(exc).__name__}") from exc
    finally:
        response.close()
    return done == size


def _begin(response: urllib3.BaseHTTPResponse, done: int, size: int, url: str) -> int:
    """The byte that the body begins with; raises `SourceRefusedError` for an answer that is not the file."""
    if response.status == 206 and done:
        said = response.headers.get("Content-Range", "")
        if said.startswith(f"bytes {done}-") and said.endswith((f"/{size}", "/*")):
            return done
        raise SourceRefusedError(f"{shown(url)} is another file now: {said[:60]!r}", is_changed=True)
    if response.status == 416:  # what lies here is longer than the file there
        raise SourceRefusedError(f"{shown(url)} is shorter than {size:,} bytes", is_changed=True)
    if response.status in _GONE:
        raise SourceRefusedError(f"{shown(url)} is no longer there ({response.status})")
    if response.status != 200:
        raise SourceRefusedError(f"{shown(url)} answered {response.status}")
    said = response.headers.get("Content-Length", "")
    if said.isdecimal() and int(said) != size:
        raise SourceRefusedError(f"{shown(url)} has {int(said):,} bytes, not {size:,}", is_changed=True)
    return 0


def _request(url: str, headers: Mapping[str, str]) -> urllib3.BaseHTTPResponse:
    parts = urlsplit(url)
    own = {"Accept-Encoding": "identity", "User-Agent": "campaign"}
    if "@" in parts.netloc:
        user = unquote(parts.netloc.rpartition("@")[0])
        own |= urllib3.make_headers(basic_auth=user)
        url = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
    retries = urllib3.Retry(connect=1, read=0, redirect=5, status=0, other=0)
    try:
        with _pool(url) as pool:
            return pool.request(
                "GET", url, headers=own | dict(headers), preload_content=False, retries=retries
            )
    except (LocationValueError, ValueError) as exc:
        raise SourceRefusedError(f"{shown(url)} is no address") from exc
    except HTTPError as exc:
        cause = getattr(exc, "reason", None) or exc
        raise SourceRefusedError(
            f"{urlsplit(url).hostname} cannot be reached: {type(cause).__name__}", is_silent=True
        ) from exc


def _pool(url: str) -> urllib3.PoolManager:
    """Connections to where `url` is, by the proxy and with the certificates that the environment names."""
    parts = urlsplit(url)
    timeout = urllib3.Timeout(connect=CONNECT_S, read=SILENT_S)
    named = os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE") or ""
    certificates = named if Path(named).is_file() else None
    proxies = urllib.request.getproxies()
    proxy = proxies.get(parts.scheme) or proxies.get("all")
    if not proxy or urllib.request.proxy_bypass(parts.hostname or ""):
        return urllib3.PoolManager(timeout=timeout, ca_certs=certificates)
    user = unquote(urlsplit(proxy).netloc.rpartition("@")[0])
    headers = urllib3.make_headers(proxy_basic_auth=user) if user else None
    return urllib3.ProxyManager(proxy, proxy_headers=headers, timeout=timeout, ca_certs=certificates)


def _copy_local(url: str, goal: Path, *, size: int, sha256: str) -> None:
    """From an index that is a folder."""
    source = Path(url2pathname(urlsplit(url).path))
    try:
        holds = source.stat().st_size == size and file_sha256(source) == sha256
    except OSError as exc:
        raise SourceRefusedError(f"{source}: {exc.strerror}") from exc
    if not holds:
        raise SourceRefusedError(f"{source} is another file", is_changed=True)
    copy_file(source, goal)


def copy_file(source: Path, goal: Path) -> None:
    """Its bytes at `goal`, whole or not at all."""
    arriving = goal.with_name(f"{goal.name}.arriving")
    with source.open("rb") as read, arriving.open("wb") as written:
        while chunk := read.read(CHUNK_BYTES):
            written.write(chunk)
    arriving.replace(goal)
