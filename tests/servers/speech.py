"""A server of speech on this machine that speaks four protocols and misbehaves when told to.

    with speech_server(model="chatterbox") as server:
        server.faults.append("html")          # the next request for sound gets a page in place of audio

OpenAI's `/v1/audio/speech` and `/v1/models`, GPT-SoVITS' `/tts` (with `ref_audio_path`), Chatterbox-TTS-Server's
`/tts`, `/upload_reference` and `/api/model-info`, CosyVoice's `/inference_zero_shot`. The sound is a tone as long as
the words, at a pitch that the seed sets.
"""

from __future__ import annotations

import contextlib
import json
import struct
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np

from tests.servers.forms import form_of
from workers.pcm import to_wav

RATE_HZ = 24_000


@dataclass(slots=True, kw_only=True)
class SpeechServer:
    """A running server."""

    url: str
    model: str
    revision: str = "1"
    lists_models: bool = True
    pitch_hz: float = 180.0
    faults: list[str] = field(default_factory=list)
    """One is used up by each request for sound; `always:<fault>` stays."""
    asked: list[dict[str, Any]] = field(default_factory=list)
    """What requests for sound said."""
    uploads: dict[str, bytes] = field(default_factory=dict)
    slow_s: float = 1.5
    busiest: int = 0
    """Most requests for sound under way at once."""

    def fault(self) -> str:
        """Of this request; empty for none."""
        if not self.faults:
            return ""
        if self.faults[0].startswith("always:"):
            return self.faults[0].partition(":")[2]
        return self.faults.pop(0)


def tone(text: str, seed: int, pitch_hz: float) -> np.ndarray[Any, np.dtype[np.int16]]:
    """A tone with a beat, so that it is neither silent nor flat."""
    count = int(max(0.6, len(text) / 15) * RATE_HZ)
    t = np.arange(count) / RATE_HZ
    wave = np.sin(2 * np.pi * (pitch_hz + seed % 32) * t) * (0.6 + 0.4 * np.sin(2 * np.pi * 3 * t))
    return np.rint(9_000 * wave).astype(np.int16)


@contextlib.contextmanager
def speech_server(*, model: str = "model-a", port: int = 0) -> Iterator[SpeechServer]:
    """Serve until the block ends."""
    made = SpeechServer(url="", model=model)
    httpd = ThreadingHTTPServer(("127.0.0.1", port), _handler(made))
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


def _handler(made: SpeechServer) -> type[BaseHTTPRequestHandler]:
    lock = threading.Lock()
    under_way = [0]

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            if self.path == "/v1/models" and made.lists_models:
                entry = {
                    "id": made.model,
                    "object": "model",
                    "created": int(time.time()),
                    "root": made.revision,
                }
                self._json({"object": "list", "data": [entry]})
            elif self.path == "/api/model-info" and made.lists_models:
                self._json({"loaded": True, "type": made.model, "class_name": "Tone", "device": "cpu"})
            else:
                self._json({"detail": "Not Found"}, status=404)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            with lock:
                under_way[0] += 1
                made.busiest = max(made.busiest, under_way[0])
            try:
                self._post(body)
            finally:
                with lock:
                    under_way[0] -= 1

        def _post(self, body: bytes) -> None:
            if self.path == "/v1/audio/speech":
                said = json.loads(body)
                self._sound(said, said["input"], said.get("seed", 0))
            elif self.path == "/tts":
                self._tts(json.loads(body))
            elif self.path == "/upload_reference":
                made.uploads.update(form_of(self.headers["Content-Type"], body)[1])
                self._json({"uploaded_files": list(made.uploads), "errors": []})
            elif self.path == "/inference_zero_shot":
                fields, files = form_of(self.headers["Content-Type"], body)
                made.uploads.update(files)
                self._sound(fields, fields["tts_text"], 0, raw=True)
            else:
                self._json({"detail": "Not Found"}, status=404)

        def _tts(self, said: dict[str, Any]) -> None:
            if "ref_audio_path" in said:
                if not Path(said["ref_audio_path"]).is_file():
                    return self._json({"message": "tts failed"}, status=400)
            elif said["voice_mode"] == "clone" and said["reference_audio_filename"] not in made.uploads:
                return self._json({"detail": "Reference audio file not found."}, status=404)
            return self._sound(said, said["text"], said["seed"])

        def _sound(self, said: dict[str, Any], text: str, seed: int, *, raw: bool = False) -> None:
            made.asked.append(said | {"authorization": self.headers.get("Authorization")})
            pcm = tone(text, seed, made.pitch_hz)
            data = pcm.astype("<i2").tobytes() if raw else to_wav(pcm, RATE_HZ)
            match made.fault():
                case "":
                    self._bytes(data)
                case "html":
                    self._bytes(b"<html>Bad gateway, sorry</html>", kind="text/html")
                case "error-in-200":
                    self._json({"error": f"could not say {text}"})
                case "truncated":
                    self._bytes(data[: len(data) // 2])
                case "cut-off":
                    self._bytes(data[: len(data) // 2], promised=len(data))
                case "wrong-rate":
                    self._bytes(to_wav(pcm, 16_000))
                case "stereo":
                    stereo = struct.pack("<HHIIHH", 1, 2, RATE_HZ, RATE_HZ * 4, 4, 16)
                    self._bytes(data[:20] + stereo + data[36:])
                case "silent":
                    self._bytes(to_wav(np.zeros_like(pcm), RATE_HZ))
                case "empty":
                    self._bytes(b"")
                case "streamed":
                    self._bytes(data[:4] + b"\xff" * 4 + data[8:40] + b"\xff" * 4 + data[44:])
                case "slow":
                    time.sleep(made.slow_s)
                    self._bytes(data)
                case "busy":
                    self._json({"detail": "busy"}, status=429, headers={"Retry-After": "0"})
                case "broken":
                    self._json({"detail": f"could not say {text}"}, status=500)
                case "refused":
                    self._json({"detail": f"could not say {text}"}, status=422)
                case "forbidden":
                    self._json({"detail": "no"}, status=401)
                case other:
                    raise AssertionError(other)

        def _bytes(self, data: bytes, *, kind: str = "audio/wav", promised: int | None = None) -> None:
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(promised or len(data)))
            self.end_headers()
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                self.wfile.write(data)
            self.close_connection = promised is not None

        def _json(self, body: Any, *, status: int = 200, headers: Mapping[str, str] | None = None) -> None:
            data = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: object) -> None:
            """Quiet."""

    return Handler
