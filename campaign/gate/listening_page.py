"""The listening page: one address on this machine where people hear pairs and say how good each side is.

Served by the standard library on the loopback address alone, under a path that cannot be guessed. Nothing that the
page is sent says who speaks: sounds are asked for by trial and side, stripped of tags and names, until the listener
has answered everything.
"""

from __future__ import annotations

import io
import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

import numpy as np
import soundfile

from campaign.errors import CampaignError, ConflictError, InputError
from campaign.gate.listening import (
    LISTENER,
    Trial,
    audible_prompts,
    keep_score,
    open_for_scores,
    trials_of,
)
from campaign.gate.run import find_gate
from storage.installation import Installation
from storage.registry import gates as gate_rows
from storage.registry.gates import Gate
from workers.digits import whole_number
from workers.pcm import to_wav

LOOPBACK = "127.0.0.1"
PAGE = Path(__file__).parent
FILES: Mapping[str, tuple[str, str]] = {
    "": ("listen.html", "text/html; charset=utf-8"),
    "listen.js": ("listen.js", "text/javascript; charset=utf-8"),
    "listen.css": ("listen.css", "text/css; charset=utf-8"),
}
HEADERS: Mapping[str, str] = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "media-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
LARGEST_BODY_BYTES = 4_096
_SOUND = re.compile(r"sound/(?P<trial>[0-9]{1,6})/(?P<side>left|right)")


@dataclass(slots=True)
class ListeningPage:
    """One gate, open for listeners."""

    installation: Installation
    gate: Gate
    token: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    prompts: list[str] = field(init=False)

    def __post_init__(self) -> None:
        """Raises `ConflictError` when there is nothing to hear, or the verdict is given."""
        open_for_scores(self.gate)
        self.prompts = audible_prompts(self.gate)

    def state(self, listener: str) -> dict[str, Any]:
        """How far a listener is: every answer as left and right, and nothing about who they are."""
        scores_by_trial = self._scores_by_trial(listener)
        trials = self._trials(listener)
        answers = {}
        for trial in trials:
            if trial.number in scores_by_trial:
                candidate, baseline = scores_by_trial[trial.number]
                left, right = (candidate, baseline) if trial.candidate_is_left else (baseline, candidate)
                answers[str(trial.number)] = [left, right]
        return {"trials": len(trials), "answers": answers}

    def sound(self, listener: str, number: int, side: str) -> bytes:
        """A side of a trial as a bare WAV."""
        trial = self._trial(listener, number)
        is_candidate = (side == "left") == trial.candidate_is_left
        record = self.gate.sides["candidate" if is_candidate else "baseline"]
        data = self.installation.store.get(record.sounds[trial.prompt])
        samples, rate_hz = soundfile.read(io.BytesIO(data), dtype="int16")
        return to_wav(np.atleast_1d(samples), rate_hz)

    def keep(self, listener: str, number: int, left: int, right: int) -> None:
        """Save an answer."""
        keep_score(self.installation, self.gate, listener, self._trial(listener, number), left, right)

    def result(self, listener: str) -> dict[str, Any]:
        """Who was who, once everything is answered; raises `ConflictError` before."""
        scores_by_trial = self._scores_by_trial(listener)
        trials = self._trials(listener)
        missing = sum(trial.number not in scores_by_trial for trial in trials)
        if missing:
            raise ConflictError(f"{missing} pairs are not answered yet. Go on listening.")
        first = [scores_by_trial[trial.number] for trial in trials if not trial.is_repeat]
        return {
            "candidate": {"pin": self.gate.candidate, "mean": sum(score for score, _ in first) / len(first)},
            "baseline": {"pin": self.gate.baseline, "mean": sum(score for _, score in first) / len(first)},
        }

    def _scores_by_trial(self, listener: str) -> dict[int, tuple[float, float]]:
        with self.installation.database.read() as connection:
            scores = gate_rows.scores(connection, self.gate.id, listener)
        return {score.trial: (score.candidate_score, score.baseline_score) for score in scores}

    def _trials(self, listener: str) -> list[Trial]:
        if not LISTENER.fullmatch(listener):
            raise InputError("a listener's name is 1 to 60 letters, digits, spaces, . _ @ ' -. Correct it.")
        return trials_of(self.gate, self.prompts, listener)

    def _trial(self, listener: str, number: int) -> Trial:
        trials = self._trials(listener)
        if not 0 <= number < len(trials):
            raise InputError(f"there is no pair {number}. Load the page again.")
        return trials[number]


def open_listening_page(
    installation: Installation, gate_id: str, *, port: int = 0
) -> tuple[ThreadingHTTPServer, str]:
    """(a server that is not serving yet, the page's address). Raises `CampaignError`, `OSError` for a taken port."""
    page = ListeningPage(installation, find_gate(installation, gate_id))

    class Handler(_Handler):
        pass

    server = ThreadingHTTPServer((LOOPBACK, port), Handler)
    server.daemon_threads = True
    Handler.page, Handler.host = page, f"{LOOPBACK}:{server.server_port}"
    return server, f"http://{Handler.host}/{page.token}/"


class _Handler(BaseHTTPRequestHandler):
    """Requests of the page; everything else is not found."""

    protocol_version = "HTTP/1.1"
    server_version = "campaign"
    sys_version = ""
    page: ClassVar[ListeningPage]
    host: ClassVar[str]

    def do_GET(self) -> None:
        path, listener = self._path_and_listener()
        if path is None:
            return self._send(HTTPStatus.NOT_FOUND, b"")
        if path in FILES:
            name, kind = FILES[path]
            return self._send(HTTPStatus.OK, (PAGE / name).read_bytes(), kind)
        if match := _SOUND.fullmatch(path):
            return self._answer(
                lambda: self.page.sound(listener, int(match["trial"]), match["side"]), "audio/wav"
            )
        if path == "state":
            return self._answer(lambda: self.page.state(listener))
        if path == "result":
            return self._answer(lambda: self.page.result(listener))
        return self._send(HTTPStatus.NOT_FOUND, b"")

    def do_POST(self) -> None:
        path, listener = self._path_and_listener()
        size = whole_number(self.headers.get("Content-Length", ""))
        if path != "score" or not self._is_own_page() or not size or size > LARGEST_BODY_BYTES:
            self.close_connection = True
            return self._send(HTTPStatus.NOT_FOUND, b"")
        body = self.rfile.read(size)

        def keep() -> dict[str, Any]:
            try:
                answer = json.loads(body)
                trial, left, right = answer["trial"], answer["left"], answer["right"]
            except (ValueError, KeyError, TypeError) as exc:
                raise InputError("an answer has trial, left and right. Load the page again.") from exc
            if not all(isinstance(value, int) for value in (trial, left, right)):
                raise InputError("trial, left and right are whole numbers. Load the page again.")
            self.page.keep(listener, trial, left, right)
            return {"saved": trial}

        return self._answer(keep)

    def _path_and_listener(self) -> tuple[str | None, str]:
        """(path below the token, listener); None for what is not this page's."""
        parts = urlsplit(self.path)
        head = f"/{self.page.token}/"
        if self.headers.get("Host") != self.host:
            return None, ""  # a name of another site that points here
        if not parts.path.startswith(head):
            return None, ""
        listener = parse_qs(parts.query).get("listener", [""])[0].strip()
        return parts.path.removeprefix(head), listener

    def _is_own_page(self) -> bool:
        origin = self.headers.get("Origin")
        return origin in (None, f"http://{self.host}")

    def _answer(self, make: Any, kind: str = "application/json") -> None:
        try:
            content = make()
        except ConflictError as exc:
            return self._send(HTTPStatus.CONFLICT, json.dumps({"error": str(exc)}).encode())
        except CampaignError as exc:
            return self._send(HTTPStatus.BAD_REQUEST, json.dumps({"error": str(exc)}).encode())
        data = content if isinstance(content, bytes) else json.dumps(content).encode()
        return self._send(HTTPStatus.OK, data, kind)

    def _send(self, status: HTTPStatus, data: bytes, kind: str = "application/json") -> None:
        self.send_response(status)
        for name, value in HEADERS.items():
            self.send_header(name, value)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet: names of listeners are in the paths."""
