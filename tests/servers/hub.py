"""A model hub on this machine: the part of the Hugging Face Hub's protocol that a pull needs.

    with model_hub({"owner/name": Repo(files={"model.safetensors": data}, licence="mit")}) as hub:
        hub.url, hub.revision("owner/name")

Large files are LFS here, as there: their sha256 is in the listing and in the ETag.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

LFS = (".safetensors", ".bin", ".pt")
_INFO = re.compile(r"/api/models/([^/]+/[^/]+)/revision/([^/?]+)")
_FILE = re.compile(r"/([^/]+/[^/]+)/resolve/([^/]+)/(.+)")


@dataclass(slots=True, kw_only=True)
class Repo:
    """One repository with one commit."""

    files: dict[str, bytes]
    licence: str = ""
    corrupt: set[str] = field(default_factory=set)
    """Files that arrive with other bytes than the listing promises."""


@dataclass(slots=True, kw_only=True)
class ModelHub:
    """A running hub."""

    url: str
    repos: Mapping[str, Repo]
    served: list[str]
    """Paths of files that were fetched."""

    def revision(self, repo: str) -> str:
        """The only commit."""
        return hashlib.sha1(repo.encode()).hexdigest()

    def source(self, repo: str) -> str:
        """As `campaign model pull` takes it."""
        return f"hf:{repo}@{self.revision(repo)}"


@contextlib.contextmanager
def model_hub(repos: Mapping[str, Repo]) -> Iterator[ModelHub]:
    """Serve these repositories until the block ends."""
    hub = ModelHub(url="", repos=repos, served=[])

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._answer(with_body=True)

        def do_HEAD(self) -> None:
            self._answer(with_body=False)

        def _answer(self, *, with_body: bool) -> None:
            if match := _INFO.match(self.path):
                self._info(match[1], match[2])
            elif match := _FILE.match(self.path):
                self._file(match[1], match[2], match[3], with_body=with_body)
            else:
                self._refuse("EntryNotFound")

        def _info(self, name: str, revision: str) -> None:
            repo = hub.repos.get(name)
            if repo is None:
                return self._refuse("RepoNotFound", status=401)
            if revision != hub.revision(name):
                return self._refuse("RevisionNotFound")
            siblings = [_sibling(path, data) for path, data in repo.files.items()]
            card = {"license": repo.licence} if repo.licence else {}
            body = {"id": name, "sha": revision, "siblings": siblings, "cardData": card}
            return self._send(json.dumps(body).encode(), {"Content-Type": "application/json"})

        def _file(self, name: str, revision: str, path: str, *, with_body: bool) -> None:
            repo = hub.repos.get(name)
            data = None if repo is None else repo.files.get(path)
            if repo is None or data is None or revision != hub.revision(name):
                return self._refuse("EntryNotFound")
            headers = {"ETag": f'"{hashlib.sha256(data).hexdigest()}"', "X-Repo-Commit": revision}
            if with_body:
                hub.served.append(path)
            if path in repo.corrupt:
                data = bytes([data[0] ^ 1]) + data[1:]
            return self._send(data, headers, with_body=with_body)

        def _send(self, data: bytes, headers: Mapping[str, str], *, with_body: bool = True) -> None:
            self.send_response(200)
            for key, value in headers.items():
                self.send_header(key, value)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            if with_body:
                self.wfile.write(data)

        def _refuse(self, code: str, *, status: int = 404) -> None:
            self.send_response(status)
            self.send_header("X-Error-Code", code)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    hub.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _sibling(path: str, data: bytes) -> dict[str, object]:
    found: dict[str, object] = {"rfilename": path, "size": len(data)}
    if path.endswith(LFS):
        sha256 = hashlib.sha256(data).hexdigest()
        found["lfs"] = {"sha256": sha256, "size": len(data), "pointerSize": 134}
    return found
