"""Before any route, and before a byte of any body: hosts, forged requests, who calls, how fast, what for, how much.

Plain ASGI, so that an upload streams through untouched. What is refused here costs a head and an answer.
"""

from __future__ import annotations

import contextlib
import math
import secrets
import time
from collections.abc import AsyncIterator

from anyio import CapacityLimiter, sleep
from anyio.to_thread import run_sync
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from campaign.service.access import LOCAL, Authenticator, Caller, check_scope
from campaign.service.bodies import HELD_BYTES, LISTENING, SOUND, BodyRule, announced_bytes, bounded, rule_of
from campaign.service.bodies import (
    TooLargeError as TooLargeError,
)  # what routes that read a body themselves meet
from campaign.service.limits import Buckets, Limits, UnderWay
from campaign.service.live import LiveSound
from campaign.service.origins import Origins, is_proxied, peer_of
from campaign.service.problems import ProblemError, response
from campaign.service.requirements import Requirements
from campaign.service.watch import Watch
from storage.errors import NameRefusedError, StorageError
from storage.names import CampaignId
from workers.outbound.live import HEADER

SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
HEALTH = "/v1/health"
HEAD_LINES = 100
AUTHENTICATIONS_AT_ONCE = 4
"""Threads of their own: requests that wait for the database keep no key from being looked up."""
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


class Guards:
    """The outermost layer of the app."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        authenticator: Authenticator,
        live: LiveSound | None,
        requirements: Requirements,
        origins: Origins,
        limits: Limits,
    ) -> None:
        """`live` is None where no worker sends sound."""
        self._app = app
        self._authenticator = authenticator
        self._live = live
        self._requirements = requirements
        self._origins = origins
        self._limits = limits
        self._buckets = Buckets(rate_per_s=limits.requests_per_s, burst=limits.burst)
        self._under_way = UnderWay(limits.under_way)
        self._held_bytes = 0
        self._threads: CapacityLimiter | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, or answer with a problem."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        scope.setdefault("state", {})["caller"] = None
        connection = HTTPConnection(scope)
        rule = rule_of(scope["path"], upload_bytes=self._limits.upload_bytes)
        sending = self._with_headers(scope, send)
        async with contextlib.AsyncExitStack() as stack:
            try:
                size = self._head(scope, connection.headers, rule)
                caller = await self._admitted(scope, connection, size)
                name = _name_of(scope, caller)
                await stack.enter_async_context(self._held(name, size if rule.is_json else 0))
            except ProblemError as exc:
                await _refuse(scope, receive, sending, exc)
                return
            receiving = bounded(receive, rule)
            if scope["type"] == "websocket":
                receiving = self._paced(receive, name)
            watch = Watch(self._app, scope, receiving, sending, brings_body=size > 0)
            await watch.run(None if caller is None else lambda: self._is_still(connection, caller))

    def _head(self, scope: Scope, headers: Headers, rule: BodyRule) -> int:
        """How long the body will be at most; raises `ProblemError` for a head that is not taken."""
        if len(headers) > HEAD_LINES:
            raise ProblemError(431, f"there are over {HEAD_LINES} headers. Send fewer.")
        host = headers.get("host", "")
        if not self._origins.is_asked_as(host):
            raise ProblemError(421, f"this service is not {host}. Name it with `--host-name`.")
        is_unsafe = scope["type"] == "websocket" or scope["method"] not in SAFE
        if is_unsafe and self._origins.is_forged(headers):
            raise ProblemError(
                403,
                "the request comes from a page of another site. Call the API with a key instead; behind a proxy that "
                "speaks TLS start with `--behind-tls`, and have it pass the Host on.",
            )
        return announced_bytes(headers, rule)

    async def _admitted(self, scope: Scope, connection: HTTPConnection, size: int) -> Caller | None:
        """Who calls, None for a stranger at a door that is open; raises `ProblemError` for who may not."""
        path = scope["path"]
        if path == HEALTH:
            self._pace(_name_of(scope, None))
            return None
        if self._live is not None and (sound := SOUND.fullmatch(path)):  # workers sign each, and are many
            try:
                campaign_id = CampaignId(sound[1])
                header = connection.headers.get(HEADER, "")
                scope["state"]["sound"] = self._live.admit(campaign_id, sound[2], header, size)
            except NameRefusedError as exc:
                self._pace(_name_of(scope, None))
                raise ProblemError(422, str(exc)) from exc
            except ProblemError:
                self._pace(_name_of(scope, None))
                raise
            return None
        caller = await self._caller(connection)
        if caller is LOCAL and is_proxied(connection.headers):
            raise ProblemError(
                403,
                "this came through a proxy, and there is no key: strangers would do as they like. Make one, `campaign "
                "key add`, and start with `--behind-tls` and `--host-name`.",
            )
        self._pace(_name_of(scope, caller))
        for needed in self._requirements.of(scope):
            check_scope(caller, needed)
        scope["state"]["caller"] = caller
        return caller

    async def _caller(self, connection: HTTPConnection) -> Caller | None:
        if self._authenticator.is_stranger(connection):
            return None
        if self._threads is None:
            self._threads = CapacityLimiter(AUTHENTICATIONS_AT_ONCE)
        try:
            return await run_sync(self._authenticator.caller_of, connection, limiter=self._threads)
        except StorageError as exc:
            raise ProblemError(
                503, "the database cannot be used now. Try again.", headers={"Retry-After": "5"}
            ) from exc

    async def _is_still(self, connection: HTTPConnection, caller: Caller) -> bool:
        """Whether who began may go on; who cannot be looked up may not."""
        try:
            return await self._caller(connection) == caller
        except ProblemError:
            return False

    def _pace(self, name: str) -> None:
        wait_s = self._buckets.wait_s(name, time.monotonic())
        if wait_s:
            raise _too_many(math.ceil(wait_s))

    def _paced(self, receive: Receive, name: str) -> Receive:
        """A socket is read no faster than its caller may ask."""

        async def receiving() -> Message:
            message = await receive()
            while message["type"] == "websocket.receive" and (
                wait_s := self._buckets.wait_s(name, time.monotonic())
            ):
                await sleep(wait_s)
            return message

        return receiving

    @contextlib.asynccontextmanager
    async def _held(self, name: str, size: int) -> AsyncIterator[None]:
        """Inside, the request counts among those under way, and its JSON among what memory holds."""
        if self._held_bytes and self._held_bytes + size > HELD_BYTES:
            raise ProblemError(503, "too much is being read now. Try again.", headers={"Retry-After": "1"})
        if not self._under_way.begin(name):
            raise _too_many(1)
        self._held_bytes += size
        try:
            yield
        finally:
            self._held_bytes -= size
            self._under_way.end(name)

    def _with_headers(self, scope: Scope, send: Send) -> Send:
        request_id = secrets.token_hex(8)

        async def sending(message: Message) -> None:
            if message["type"] in ("http.response.start", "websocket.http.response.start"):
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                listens = LISTENING.fullmatch(scope["path"]) is not None
                headers.setdefault("Content-Security-Policy", LISTENING_POLICY if listens else POLICY)
                headers.setdefault("X-Request-Id", request_id)
                if listens or scope["path"].startswith("/v1/"):
                    headers.setdefault("Cache-Control", "no-store")
                if self._origins.secure:
                    headers["Strict-Transport-Security"] = "max-age=31536000"
            await send(message)

        return sending


def _name_of(scope: Scope, caller: Caller | None) -> str:
    """Who is counted. Whether it lives can be asked by who may ask nothing else any more."""
    if caller is not None:
        return f"key {caller.name}"
    return f"{'health of' if scope['path'] == HEALTH else 'address'} {peer_of(scope)}"


def _too_many(seconds: int) -> ProblemError:
    return ProblemError(429, f"too many requests. Wait {seconds} s.", headers={"Retry-After": str(seconds)})


async def _refuse(scope: Scope, receive: Receive, send: Send, problem: ProblemError) -> None:
    """Answer; a socket too is refused as a request, before it is one."""
    answer = response(problem.status, problem.detail, fields=problem.fields, headers=problem.headers)
    await answer(scope, receive, send)
