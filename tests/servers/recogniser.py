"""A server of OpenAI's `/v1/audio/transcriptions` on this machine that truly hears, and misbehaves when told to.

    with recogniser_server() as server:
        server.planted.append({"text": "You owe $5."})    # the next answer, in place of what was heard
        server.faults.append("not-json")                   # the next request gets no answer of the protocol

It hears with Whisper where `campaign voice get whisper-base` has put it on this machine, else, English alone, with
PocketSphinx.
"""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.servers.forms import form_of
from workers.pcm import from_wav
from workers.recognisers.finding import find_recogniser
from workers.recognisers.recogniser import Recogniser

TOKEN = "token-of-a-test"


@dataclass(slots=True, kw_only=True)
class RecogniserServer:
    """A running server."""

    url: str
    token: str = ""
    """Asked for where it is set."""
    faults: list[str] = field(default_factory=list)
    """One is used up by each request; `always:<fault>` stays."""
    planted: list[Any] = field(default_factory=list)
    """Answers in place of what is heard, one a request; the last one stays."""
    asked: list[dict[str, str]] = field(default_factory=list)
    """The fields of each request, beside its file."""
    files: list[bytes] = field(default_factory=list)
    slow_s: float = 2.0

    def fault(self) -> str:
        """Of this request; empty for none."""
        if not self.faults:
            return ""
        if self.faults[0].startswith("always:"):
            return self.faults[0].partition(":")[2]
        return self.faults.pop(0)


def fetched_model() -> Path | None:
    """The folder of whisper-base on this machine, where somebody fetched it."""
    kept = Path("~/.local/share/campaign/models").expanduser()
    return next((one for one in sorted(kept.glob("whisper-base-*")) if (one / "model.bin").is_file()), None)


@contextlib.contextmanager
def recogniser_server(*, port: int = 0, ears: Recogniser | None = None) -> Iterator[RecogniserServer]:
    """Serve until the block ends."""
    made = RecogniserServer(url="")
    hears = ears or find_recogniser(fetched_model())
    assert hears is not None
    httpd = ThreadingHTTPServer(("127.0.0.1", port), _handler(made, hears))
    httpd.daemon_threads = True
    made.url = f"http://127.0.0.1:{httpd.server_port}"
    thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        httpd.shutdown()
        httpd.server_close()
        thread.join()
        hears.close()


def _handler(made: RecogniserServer, ears: Recogniser) -> type[BaseHTTPRequestHandler]:
    one_at_a_time = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._json({"text": "You were sent elsewhere."})

        def do_POST(self) -> None:
            fields, files = form_of(
                self.headers["Content-Type"], self.rfile.read(int(self.headers["Content-Length"]))
            )
            if self.path != "/v1/audio/transcriptions":
                return self._json({"detail": "Not Found"}, status=404)
            if made.token and self.headers.get("Authorization") != f"Bearer {made.token}":
                return self._json({"detail": "no"}, status=401)
            [wav] = files.values()
            made.asked.append(fields)
            made.files.append(wav)
            return self._answer(made.fault(), fields, wav)

        def _answer(self, fault: str, fields: Mapping[str, str], wav: bytes) -> None:
            match fault:
                case "":
                    self._json(self._heard(fields, wav))
                case "busy":
                    self._json({"detail": "busy"}, status=429, headers={"Retry-After": "0"})
                case "broken":
                    self._json({"detail": "the words that were heard"}, status=500)
                case "slow":
                    time.sleep(made.slow_s)
                    self._json(self._heard(fields, wav))
                case "not-json":
                    self._bytes(b"<html>the words that were heard</html>", kind="text/html")
                case "no-text":
                    self._json({"detail": "the words that were heard"})
                case "huge":
                    self._json({"text": "word " * 100_000})
                case "redirect":
                    self._json({}, status=302, headers={"Location": f"{made.url}/elsewhere"})
                case other:
                    raise AssertionError(other)

        def _heard(self, fields: Mapping[str, str], wav: bytes) -> Any:
            if made.planted:
                return made.planted.pop(0) if len(made.planted) > 1 else made.planted[0]
            pcm, rate_hz = from_wav(wav)
            with one_at_a_time:
                return {"text": ears.hear(pcm, rate_hz, fields["language"]).text}

        def _json(self, body: Any, *, status: int = 200, headers: Mapping[str, str] | None = None) -> None:
            self._bytes(json.dumps(body).encode(), status=status, headers=headers)

        def _bytes(
            self,
            data: bytes,
            *,
            status: int = 200,
            kind: str = "application/json",
            headers: Mapping[str, str] | None = None,
        ) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(data)))
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.end_headers()
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                self.wfile.write(data)

        def log_message(self, format: str, *args: object) -> None:
            """Quiet."""

    return Handler
