"""The server under the app: uvicorn with its options set, and protocols that know deadlines and numbers."""

from __future__ import annotations

import os
import socket

import uvicorn
from fastapi import FastAPI

from campaign.service.context import Options
from campaign.service.server.connections import Connections, raise_descriptors
from campaign.service.server.http import HEAD_BYTES, RequestProtocol
from campaign.service.server.sockets import MESSAGE_BYTES, SocketProtocol

ACCEPTED_AT_ONCE = 128
"""Well under the limit of connections, so that each head is looked at before it may have to make room."""
QUEUE = 2048
"""Connections that the system keeps until they are accepted: what finds no place there tries again after a second."""
KEEP_ALIVE_S = 5


class Server(uvicorn.Server):
    """asyncio has one number for what it accepts at once and for how many the system keeps: these are two."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen."""
        await super().startup(sockets)
        for server in self.servers if self.started else ():
            for listening in server.sockets:
                with socket.socket(fileno=os.dup(listening.fileno())) as same:
                    same.listen(QUEUE)


def server_of(app: FastAPI, options: Options, *, grace_s: int = 20) -> uvicorn.Server:
    """A server of `app`; not started. Told to stop, it waits `grace_s` for what is under way."""
    raise_descriptors()
    connections = Connections.of(options.limits, is_one_peer=options.secure or options.is_loopback)

    class Requests(RequestProtocol):
        shared = connections

    class Sockets(SocketProtocol):
        shared = connections

    return Server(
        uvicorn.Config(
            app,
            host=options.host,
            port=options.port,
            loop="asyncio",
            http=Requests,
            ws=Sockets,
            ws_max_size=MESSAGE_BYTES,
            ws_per_message_deflate=False,
            h11_max_incomplete_event_size=HEAD_BYTES,
            backlog=ACCEPTED_AT_ONCE,
            timeout_keep_alive=KEEP_ALIVE_S,
            timeout_graceful_shutdown=grace_s,
            proxy_headers=options.secure,  # without a proxy they are a stranger's: who calls is the peer
            server_header=False,
            log_config=None,  # its lines go the way of all others, which writes out what steers a terminal
            log_level="error",  # its warnings are of what strangers send: a line for each
            access_log=False,
        )
    )
