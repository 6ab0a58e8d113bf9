"""A TCP proxy that misbehaves on purpose: what a network does between a request that was obeyed and its answer.

    with tcp_proxy(server.port) as proxy:
        proxy.add(DropReply(needle=b"COMMIT", times=3))   # done by the server, never heard by the client
        proxy.add(Answer(needle=b"PUT /", times=20, reply=SLOW_DOWN))
        proxy.add(Truncate(needle=b"PUT /"))              # half of the bytes arrive, then nothing
        proxy.add(Corrupt(needle=b"PUT /"))               # one byte of the body arrives changed
    proxy.add(WrongBody(needle=b"GET /"))             # one byte of the answer arrives changed

A rule is looked for in what a client sends, one chunk at a time, and is used up after `times` hits.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass

CHUNK_BYTES = 1 << 16
CONTINUE = b"HTTP/1.1 100"


def http_reply(status: str, code: str) -> bytes:
    """An S3 server's refusal."""
    body = f"<?xml version='1.0'?><Error><Code>{code}</Code><Message>staged</Message></Error>".encode()
    head = f"HTTP/1.1 {status}\r\nContent-Type: application/xml\r\nContent-Length: {len(body)}\r\n"
    return head.encode() + b"Connection: close\r\n\r\n" + body


SLOW_DOWN = http_reply("503 Slow Down", "SlowDown")
FORBIDDEN = http_reply("403 Forbidden", "AccessDenied")


@dataclass(slots=True, kw_only=True)
class Rule:
    """What happens to a request that holds `needle`."""

    needle: bytes
    times: int = 1
    hits: int = 0


class DropReply(Rule):
    """The server gets the request; its answer and the connection are dropped."""


class Truncate(Rule):
    """The server gets half of the chunk, and then the connection ends."""


class Corrupt(Rule):
    """The server gets the body, whose last byte is another, and nobody says so."""


class WrongBody(Rule):
    """The server obeys and says 200; the last byte of its answer's body arrives changed."""


@dataclass(slots=True, kw_only=True)
class Answer(Rule):
    """The server gets nothing; the client gets `reply`."""

    reply: bytes


class Proxy:
    """Listens on `port` and carries everything to `target`, but for the rules."""

    def __init__(self, target: int) -> None:
        self.target = target
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._rules: list[Rule] = []
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._closed = False

    def start(self) -> None:
        """Begin to listen."""
        threading.Thread(target=self._accept, name="proxy", daemon=True).start()

    def add(self, rule: Rule) -> Rule:
        """From now on."""
        with self._lock:
            self._rules.append(rule)
        return rule

    def clear(self) -> None:
        """Behave again."""
        with self._lock:
            self._rules.clear()

    def close(self) -> None:
        """Stop listening and cut every connection."""
        self._closed = True
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        with self._lock:
            self._cut(*self._open)

    def _hit(self, data: bytes) -> Rule | None:
        with self._lock:
            for rule in self._rules:
                if rule.hits < rule.times and rule.needle in data:
                    rule.hits += 1
                    return rule
        return None

    def _accept(self) -> None:
        while not self._closed:
            try:
                client, _ = self._listener.accept()
                server = socket.create_connection(("127.0.0.1", self.target), 5)
            except OSError:
                if self._closed:
                    return
                with contextlib.suppress(OSError, UnboundLocalError):
                    client.close()
                continue
            for one in (client, server):
                one.settimeout(None)
                one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._lock:
                self._open |= {client, server}
            dropping = threading.Event()
            corrupting = threading.Event()
            spoiling = threading.Event()
            for carry in (
                lambda a=client, b=server, d=dropping, c=corrupting, s=spoiling: self._forward(a, b, d, c, s),
                lambda a=client, b=server, d=dropping, s=spoiling: self._back(a, b, d, s),
            ):
                threading.Thread(target=carry, daemon=True).start()

    def _forward(
        self,
        client: socket.socket,
        server: socket.socket,
        dropping: threading.Event,
        corrupting: threading.Event,
        spoiling: threading.Event,
    ) -> None:
        with contextlib.suppress(OSError):
            while data := client.recv(CHUNK_BYTES):
                rule = self._hit(data)
                if isinstance(rule, Answer):
                    client.sendall(rule.reply)
                    break
                if isinstance(rule, Truncate):
                    server.sendall(data[: len(data) // 2])
                    break
                if isinstance(rule, DropReply):
                    dropping.set()
                if isinstance(rule, Corrupt):
                    corrupting.set()
                if isinstance(rule, WrongBody):
                    spoiling.set()
                _, head, body = data.rpartition(b"\r\n\r\n")
                if corrupting.is_set() and (body if head else data):
                    corrupting.clear()
                    data = _changed(data)
                server.sendall(data)
        self._cut(client, server)

    def _back(
        self,
        client: socket.socket,
        server: socket.socket,
        dropping: threading.Event,
        spoiling: threading.Event,
    ) -> None:
        with contextlib.suppress(OSError):
            while data := server.recv(CHUNK_BYTES):
                if dropping.is_set() and not data.startswith(CONTINUE):
                    break
                _, head, body = data.rpartition(b"\r\n\r\n")
                if spoiling.is_set() and (body if head else data):
                    spoiling.clear()
                    data = _changed(data)
                client.sendall(data)
        self._cut(client, server)

    @staticmethod
    def _cut(*ends: socket.socket) -> None:
        for one in ends:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()


def _changed(data: bytes) -> bytes:
    """The same with another last byte."""
    return data[:-1] + bytes([data[-1] ^ 1])


@contextlib.contextmanager
def tcp_proxy(target: int) -> Iterator[Proxy]:
    """A proxy before the server on 127.0.0.1:`target`."""
    proxy = Proxy(target)
    proxy.start()
    try:
        yield proxy
    finally:
        proxy.close()
