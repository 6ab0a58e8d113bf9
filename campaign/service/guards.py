"""Before any route: hosts, forged requests, rates, sizes of bodies, who calls, and the headers of every answer.

Plain ASGI, so that an upload streams through untouched.
"""

from __future__ import annotations

import re
import secrets
import time
from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass

from anyio.to_thread import run_sync
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from campaign.service.access import Authenticator
from campaign.service.problems import response
from storage.errors import StorageError
from workers.digits import are_digits, whole_number

SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
UPLOAD = re.compile(r"/v1/campaigns/[^/]+/(recipients|suppression)")
SOUND = re.compile(r"/internal/sound/.*")
VOICE = re.compile(r"/v1/presets")
LEXICON = re.compile(r"/v1/lexicons/[^/]+")
LISTENING = re.compile(r"/listen/.*", re.DOTALL)
JSON_BYTES = 1 << 20
VOICE_BYTES = 20 << 20
LEXICON_BYTES = 8 << 20
SOUND_BYTES = 64 << 20
SCORE_BYTES = 4 << 10
LIMITS = ((SOUND, SOUND_BYTES), (VOICE, VOICE_BYTES), (LEXICON, LEXICON_BYTES), (LISTENING, SCORE_BYTES))
KNOWN_CALLERS = 10_000
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self' blob:; "
    "connect-src 'self'; font-src 'self'; form-action 'self'; frame-src 'self'; frame-ancestors 'self'; base-uri 'none'"
)
LISTENING_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; media-src 'self'; connect-src 'self'; "
    "form-action 'none'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much one caller may ask for."""

    upload_bytes: int = 4 << 30
    requests_per_s: float = 50.0
    burst: int = 200


class Buckets:
    """A token bucket for each caller; the ones unseen longest are forgotten."""

    def __init__(self, *, rate_per_s: float, burst: int) -> None:
        self._rate, self._burst = rate_per_s, float(burst)
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait_s(self, name: str, now: float) -> float:
        """0 when this request may pass, else how long to wait."""
        tokens, at = self._buckets.pop(name, (self._burst, now))
        tokens = min(self._burst, tokens + (now - at) * self._rate)
        passes = tokens >= 1
        self._buckets[name] = (tokens - 1 if passes else tokens, now)
        if len(self._buckets) > KNOWN_CALLERS:
            self._buckets.popitem(last=False)
        return 0.0 if passes else (1 - tokens) / self._rate


class Guards:
    """The outermost layer of the app."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        authenticator: Authenticator,
        limits: Limits,
        hosts: Collection[str],
        secure: bool,
    ) -> None:
        """`hosts` are the names under which the service may be asked; empty is any. `secure`: it stands behind TLS."""
        self._app = app
        self._authenticator = authenticator
        self._limits = limits
        self._hosts = frozenset(hosts)
        self._secure = secure
        self._buckets = Buckets(rate_per_s=limits.requests_per_s, burst=limits.burst)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, or answer with a problem."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        scope.setdefault("state", {})["caller"] = None
        connection = HTTPConnection(scope)
        refusal = self._refusal(scope, connection)
        if refusal is None and not SOUND.fullmatch(scope["path"]):  # workers sign each, and are many
            try:
                caller = await run_sync(self._authenticator.caller_of, connection)
            except StorageError:
                refusal = 503, "the database cannot be used now. Try again.", {"Retry-After": "5"}
            else:
                scope["state"]["caller"] = caller
                refusal = self._too_fast(caller.name if caller else _address(scope))
        if refusal is not None and scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008, "reason": refusal[1][:120]})
            return
        sending = self._with_headers(scope, send)
        if refusal is not None:
            status, detail, headers = refusal
            await response(status, detail, headers=headers)(scope, receive, sending)
            return
        await self._app(scope, _counted(receive, self._limit(scope["path"])), sending)

    def _refusal(self, scope: Scope, connection: HTTPConnection) -> tuple[int, str, dict[str, str]] | None:
        host = connection.headers.get("host", "")
        if self._hosts and _bare(host) not in self._hosts:
            return 421, f"this service is not {host}. Name it with `--host-name`.", {}
        is_unsafe = scope["type"] == "websocket" or scope["method"] not in SAFE
        if is_unsafe and _is_forged(connection.headers, host):
            return 403, "the request comes from a page of another site. Call the API with a key instead.", {}
        length = connection.headers.get("content-length", "0")
        if not are_digits(length):
            return 400, "the Content-Length is not a whole number. Send the size of the body in bytes.", {}
        limit, size = self._limit(scope["path"]), whole_number(length)
        if size is None or size > limit:
            return 413, f"the body is over {limit:,} bytes. Send less at once.", {}
        return None

    def _too_fast(self, name: str) -> tuple[int, str, dict[str, str]] | None:
        wait_s = self._buckets.wait_s(name, time.monotonic())
        if not wait_s:
            return None
        seconds = str(int(wait_s) + 1)
        return 429, f"too many requests. Wait {seconds} s.", {"Retry-After": seconds}

    def _limit(self, path: str) -> int:
        if UPLOAD.fullmatch(path):
            return self._limits.upload_bytes
        return next((limit for pattern, limit in LIMITS if pattern.fullmatch(path)), JSON_BYTES)

    def _with_headers(self, scope: Scope, send: Send) -> Send:
        request_id = secrets.token_hex(8)

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                listens = LISTENING.fullmatch(scope["path"]) is not None
                headers.setdefault("Content-Security-Policy", LISTENING_POLICY if listens else POLICY)
                headers.setdefault("X-Request-Id", request_id)
                if listens or scope["path"].startswith("/v1/"):
                    headers.setdefault("Cache-Control", "no-store")
                if self._secure:
                    headers["Strict-Transport-Security"] = "max-age=31536000"
            await send(message)

        return sending


class TooLargeError(Exception):
    """A body without a length grew over its limit."""


def _counted(receive: Receive, limit: int) -> Receive:
    received = 0

    async def receiving() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        if received > limit:
            raise TooLargeError(f"the body is over {limit:,} bytes. Send less at once.")
        return message

    return receiving


def _is_forged(headers: Headers, host: str) -> bool:
    """Whether a browser sent this from another site's page: it says so itself, and scripts cannot make it lie."""
    fetched_from = headers.get("sec-fetch-site")
    if fetched_from is not None:
        return fetched_from not in ("same-origin", "none")
    origin = headers.get("origin")
    return origin is not None and origin.partition("://")[2] != host


def _bare(host: str) -> str:
    """Without the port."""
    return re.sub(r":[0-9]+$", "", host).lower()


def _address(scope: Scope) -> str:
    client = scope.get("client")
    return f"address {client[0]}" if client else "unknown"
