"""What takes long is watched: once its caller's key is revoked or the session ended, it ends too."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from campaign.service.problems import response

LOOK_EVERY_S = 0.5
REVOKED = "the key was revoked, or the session ended. Come with another key."
POLICY_VIOLATION = 1008
EVENTS = b"text/event-stream"


class Watch:
    """One request or socket on its way through the app."""

    def __init__(
        self, app: ASGIApp, scope: Scope, receive: Receive, send: Send, *, brings_body: bool
    ) -> None:
        self._app = app
        self._scope = scope
        self._receive = receive
        self._send = send
        self._is_socket = scope["type"] == "websocket"
        self._brings_more = brings_body
        self._has_begun = self._has_length = self._is_events = self._is_over = False

    async def run(self, is_allowed: Callable[[], Awaitable[bool]] | None) -> None:
        """To the end, or until `is_allowed` says no; None is a stranger, who may go on."""
        if is_allowed is None:
            await self._app(self._scope, self._receive, self._send)
            return
        task = asyncio.ensure_future(self._app(self._scope, self._receiving, self._sending))
        try:
            while not (await asyncio.wait({task}, timeout=LOOK_EVERY_S))[0]:
                if self._takes_long and not await is_allowed():
                    await _cancelled(task)
                    await self._end()
                    return
            task.result()
        finally:
            await _cancelled(task)

    @property
    def _takes_long(self) -> bool:
        """Whether the caller still gives or gets; what is being worked out is answered."""
        return not self._is_over and (
            self._is_socket or self._brings_more or (self._has_begun and not self._has_length)
        )

    async def _receiving(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.disconnect" or not message.get("more_body", False):
            self._brings_more = False
        self._is_over = self._is_over or message["type"] == "websocket.disconnect"
        return message

    async def _sending(self, message: Message) -> None:
        kind = message["type"]
        if kind == "http.response.start":
            headers = dict(message.get("headers", ()))
            self._has_begun = True
            self._has_length = b"content-length" in headers
            self._is_events = headers.get(b"content-type", b"").startswith(EVENTS)
        elif kind == "websocket.accept":
            self._has_begun = True
        elif kind == "websocket.close" or (
            kind == "http.response.body" and not message.get("more_body", False)
        ):
            self._is_over = True
        await self._send(message)

    async def _end(self) -> None:
        """Say so where there still is a way to. Sound that was cut off must not look whole: its connection breaks."""
        if self._is_over:
            return
        if self._is_socket:
            await self._send({"type": "websocket.close", "code": POLICY_VIOLATION, "reason": REVOKED})
        elif not self._has_begun:
            await response(401, REVOKED)(self._scope, self._receive, self._send)
        elif self._is_events:
            await self._send({"type": "http.response.body", "body": b"", "more_body": False})


async def _cancelled(task: asyncio.Future[None]) -> None:
    """The task has ended, whatever it said last."""
    if not task.done():
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError, Exception):
            await task
