"""HTTP/1.1 as uvicorn speaks it, with what it has no option for: deadlines, few lines, bodies that wait for the app.

head        complete within `HEAD_S` of the first look, at most `HEAD_BYTES` and `HEAD_LINES`
body        no byte is parsed before the app asks; then at least `BODY_BYTES` in every `BODY_S`
answer      given up when the peer takes none of it for `STALLED_S`
refusal     a large body that nobody asked for is thrown away unread for a moment, so that the answer arrives
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, ClassVar, cast

import h11
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.config import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from campaign.service.origins import network_of
from campaign.service.problems import MEDIA_TYPE, problem_document
from campaign.service.server.connections import Connections
from campaign.service.server.writing import Stalls
from workers.digits import whole_number

HEAD_BYTES = 16 << 10
HEAD_LINES = 128
HEAD_S = 10.0
BODY_BYTES = 4 << 10
BODY_S = 10.0
SMALL_BODY_BYTES = 4 << 10
"""Read away even if nobody asks for it, so that the connection lives on."""
LINGER_BYTES = 4 << 20
LINGER_S = 2.0
READ_BYTES = 16 << 10
"""At a time: no connection has the loop for longer than these take to parse."""
_END_OF_HEAD = re.compile(rb"\n\r?\n")


class RequestProtocol(H11Protocol, asyncio.BufferedProtocol):
    """One connection. `shared` is its server's."""

    shared: ClassVar[Connections]
    _buffer: ClassVar[bytearray] = bytearray(READ_BYTES)

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self.peer = ""
        self._inner = cast(ASGIApp, self.app)
        self.app = self._run
        self._patient = self.conn = PatientConnection(h11.SERVER, HEAD_BYTES)
        self._raw: asyncio.Transport | None = None
        self._stalls: Stalls | None = None
        self._deadline: asyncio.TimerHandle | None = None
        self._awaits: Callable[[], None] | None = None
        self._lines = self._received = self._thrown_away = 0
        self._lingers = False

    # asyncio calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Count it, or send it away."""
        self._raw = cast(asyncio.Transport, transport)
        self._stalls = Stalls(self._raw)
        super().connection_made(cast(asyncio.Transport, ClosingTransport(self._raw, self._close)))
        self.peer = network_of(self.client[0]) if self.client else "unknown"
        if self.shared.open(self):
            self._follow()
        else:
            self._refuse(503, "there are too many connections. Try again.")

    def get_buffer(self, sizehint: int) -> bytearray:
        """Where the next bytes go; of all connections, because they are read at once."""
        return self._buffer

    def buffer_updated(self, nbytes: int) -> None:
        """They came."""
        self.data_received(bytes(memoryview(self._buffer)[:nbytes]))

    def data_received(self, data: bytes) -> None:
        """Parse them, unless they are only thrown away."""
        self._received += len(data)
        if self._lingers:
            self._thrown_away += len(data)
            if self._thrown_away > LINGER_BYTES and self._raw is not None:
                self._raw.pause_reading()
            return
        if self.conn.their_state is h11.IDLE:
            end = _END_OF_HEAD.search(data)
            self._lines += data.count(b"\n", 0, end.start() if end else len(data))
            if self._lines > HEAD_LINES:
                self._refuse(431, f"there are over {HEAD_LINES} headers. Send fewer.")
                return
        super().data_received(data)

    def handle_events(self) -> None:
        """What the bytes mean; then see what is awaited next."""
        super().handle_events()
        self._follow()

    def pause_writing(self) -> None:
        """The peer takes nothing more for now."""
        super().pause_writing()
        if self._stalls is not None:
            self._stalls.begin()

    def resume_writing(self) -> None:
        """It takes again."""
        super().resume_writing()
        if self._stalls is not None:
            self._stalls.end()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget it."""
        self._await(None, 0.0)
        self.shared.close(self)
        if self._stalls is not None:
            self._stalls.end()
        super().connection_lost(exc)

    def handle_websocket_upgrade(self, event: h11.Request) -> None:
        """From here on it is another protocol's, which counts it again."""
        self._await(None, 0.0)
        self.shared.close(self)
        assert self._raw is not None
        self.transport = self._raw
        super().handle_websocket_upgrade(event)
        self._raw = None

    def drop(self) -> None:
        """Make room for others."""
        if self._raw is not None:
            self._raw.abort()

    # the app

    async def _run(self, scope: Scope, receive: Receive, send: Send) -> None:
        cycle = self.cycle

        async def asking() -> Message:
            if self._patient.holds:
                self._patient.holds = False
                self.handle_events()
            return await receive()

        async def answering(message: Message) -> None:
            if message["type"] == "http.response.start" and (self._patient.holds or not cycle.keep_alive):
                message = {**message, "headers": [*message.get("headers", ()), (b"connection", b"close")]}
            await send(message)

        await self._inner(scope, asking, answering)

    # deadlines

    def _follow(self) -> None:
        """Set the deadline of what the peer owes now."""
        if self._raw is None or self._lingers or self._raw.is_closing():
            return
        state = self.conn.their_state
        if state is h11.IDLE:
            self._await(self._late_head, HEAD_S)
            self.shared.waits(self)
            return
        self._lines = 0
        self.shared.works(self)
        if self._patient.holds:
            self._await(None, 0.0)
            self.flow.pause_reading()
        elif state is h11.SEND_BODY:
            self._await(self._late_body, BODY_S)
        else:
            self._await(None, 0.0)
            if (
                self.cycle is not None and self.conn.trailing_data[0]
            ):  # asked again before it was answered: once is enough
                self.cycle.keep_alive = False

    def _await(self, late: Callable[[], None] | None, seconds: float) -> None:
        """Call `late` after so long, once; what is awaited already keeps its deadline."""
        if late == self._awaits:
            return
        if self._deadline is not None:
            self._deadline.cancel()
        self._awaits, self._received = late, 0
        self._deadline = None if late is None else self.loop.call_later(seconds, late)

    def _late_head(self) -> None:
        self._refuse(408, f"the head was not complete after {HEAD_S:g} s. Send it at once.")

    def _late_body(self) -> None:
        enough = self._received >= BODY_BYTES or self.flow.read_paused
        self._awaits = None
        if enough:
            self._await(self._late_body, BODY_S)
        else:
            self._refuse(
                408, f"less than {BODY_BYTES} bytes of the body came in {BODY_S:g} s. Send it faster."
            )

    # closing

    def _refuse(self, status: int, detail: str) -> None:
        """Answer in place of the app, and close."""
        if self._raw is None:
            return
        if self.cycle is not None and self.cycle.response_started and not self.cycle.response_complete:
            self._raw.abort()
            return
        if self.cycle is not None:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        self._raw.write(_problem(status, detail))
        self._linger()

    def _close(self) -> None:
        """As the server wants it; but a peer that still sends would lose the answer to a reset."""
        if self._raw is None or self._lingers or self._raw.is_closing():
            return
        owes = self.conn.their_state in (h11.SEND_BODY, h11.ERROR) or bool(self.conn.trailing_data[0])
        if owes and (self.cycle is None or self.cycle.response_complete):
            self._linger()
        else:
            self._raw.close()

    def _linger(self) -> None:
        assert self._raw is not None
        self._lingers = True
        self.shared.waits(self)
        self._await(self._raw.close, LINGER_S)
        if self._raw.can_write_eof():
            with contextlib.suppress(OSError):  # it is gone already: nobody reads the answer
                self._raw.write_eof()
        self._raw.resume_reading()


class PatientConnection(h11.Connection):
    """Parses a head and, where much follows it, waits until the app asks."""

    holds: bool = False

    def next_event(self) -> h11.Event | type[h11.NEED_DATA] | type[h11.PAUSED]:
        """As h11 does; none while `holds`."""
        if self.holds:
            return h11.NEED_DATA
        event = super().next_event()
        if isinstance(event, h11.Request):
            self.holds = _is_large(event)
        return event


class ClosingTransport:
    """A transport whose `close` is its protocol's."""

    def __init__(self, raw: asyncio.Transport, close: Callable[[], None]) -> None:
        self._raw = raw
        self.close = close
        self.write = raw.write
        self.is_closing = raw.is_closing
        self.pause_reading = raw.pause_reading
        self.resume_reading = raw.resume_reading
        self.get_extra_info = raw.get_extra_info
        self.abort = raw.abort


def _is_large(request: h11.Request) -> bool:
    headers = dict(request.headers)
    if b"transfer-encoding" in headers:
        return True
    length = whole_number(headers.get(b"content-length", b"0").decode("latin-1"))
    return length is None or length > SMALL_BODY_BYTES


def _problem(status: int, detail: str) -> bytes:
    body = json.dumps(problem_document(status, detail)).encode()
    head = (
        f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\nContent-Type: {MEDIA_TYPE}\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + body
