"""Servers that do not answer as they should: each connection is handed to a function that does as it likes."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator

Behaviour = Callable[[socket.socket], None]
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"


@contextlib.contextmanager
def misbehaving(behaviour: Behaviour) -> Iterator[str]:
    """The URL of one, over plain http."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def handle(connection: socket.socket) -> None:
            with connection, contextlib.suppress(OSError):
                behaviour(connection)

        def accept() -> None:
            with contextlib.suppress(OSError):
                while True:
                    connection, _ = listening.accept()
                    threading.Thread(target=handle, args=(connection,), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/hook"
        listening.shutdown(socket.SHUT_RDWR)


def silent(connection: socket.socket) -> None:
    """Takes everything and says nothing."""
    while connection.recv(1 << 16):
        pass


def deaf(connection: socket.socket) -> None:
    """Takes nothing and says nothing."""
    time.sleep(600)


def drips(piece: bytes, *, begin: bytes = b"", every_s: float = 0.05) -> Behaviour:
    """Says `begin`, and then a piece now and then, without end."""

    def behaviour(connection: socket.socket) -> None:
        connection.recv(1 << 16)
        connection.sendall(begin)
        while True:
            connection.sendall(piece)
            time.sleep(every_s)

    return behaviour


def answers(data: bytes) -> Behaviour:
    """Says exactly this, and closes."""

    def behaviour(connection: socket.socket) -> None:
        connection.recv(1 << 16)
        connection.sendall(data)

    return behaviour
