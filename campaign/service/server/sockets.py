"""WebSockets as uvicorn speaks them, with a limit for frames: pings and fragments cost time without being a message."""

from __future__ import annotations

import asyncio
from typing import Any, ClassVar, cast

from uvicorn._types import ASGISendEvent
from uvicorn.config import Config
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from uvicorn.server import ServerState

from campaign.service.limits import Buckets
from campaign.service.origins import network_of
from campaign.service.server.connections import Connections
from campaign.service.server.writing import Stalls

MESSAGE_BYTES = 64 << 10
"""The longest request in JSON, each sign escaped."""
FRAMES_PER_S = 64.0
FRAMES_AT_ONCE = 256
READ_BYTES = 2 << 10
POLICY_VIOLATION = 1008


class SocketProtocol(WebSocketsSansIOProtocol, asyncio.BufferedProtocol):
    """One socket. `shared` is its server's."""

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
        self._frames = Buckets(rate_per_s=FRAMES_PER_S, burst=FRAMES_AT_ONCE)
        self._stalls: Stalls | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Count it, or send it away."""
        super().connection_made(transport)
        self._stalls = Stalls(cast(asyncio.Transport, transport))
        self.peer = network_of(self.client[0]) if self.client else "unknown"
        if not self.shared.open(self):
            self.drop()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget it."""
        self.shared.close(self)
        if self._stalls is not None:
            self._stalls.end()
        super().connection_lost(exc)

    def get_buffer(self, sizehint: int) -> bytearray:
        """Where the next bytes go; of all sockets, because they are read at once."""
        return self._buffer

    def buffer_updated(self, nbytes: int) -> None:
        """They came."""
        self.data_received(bytes(memoryview(self._buffer)[:nbytes]))

    def handle_events(self) -> None:
        """What the bytes mean, unless there are too many frames."""
        now = self.loop.time()
        if self.handshake_complete and any(self._frames.wait_s("", now) for _ in self.conn.events):
            self.conn.events_received()
            self.conn.fail(POLICY_VIOLATION, "too many frames. Send a request as one message.")
            self.handle_parser_exception()
            return
        super().handle_events()

    async def send(self, message: ASGISendEvent) -> None:
        """A handshake that was answered as a request is complete: else uvicorn logs a fault for every refusal."""
        await super().send(message)
        if message["type"] == "websocket.http.response.body":
            self.handshake_complete = True

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

    def drop(self) -> None:
        """Close at once."""
        self.transport.abort()
