"""What strangers, and callers who should know better, do to a service: a process of its own, so that nothing but the
attack is slowed by the attack.

    python -m tests.service.attacks NAME PORT SECONDS KEY
"""

from __future__ import annotations

import contextlib
import gzip
import json
import os
import socket
import struct
import sys
import threading
import time
from collections.abc import Callable, Iterator

JSON_TYPE = "Content-Type: application/json"
ATTACKS: dict[str, Callable[[Target], None]] = {}


class Target:
    """Where the service is, and until when it is attacked."""

    def __init__(self, port: int, seconds: float, key: str) -> None:
        self.port = port
        self.key = key
        self.end = time.monotonic() + seconds

    @property
    def is_on(self) -> bool:
        """Whether the attack goes on."""
        return time.monotonic() < self.end

    @contextlib.contextmanager
    def connected(self) -> Iterator[socket.socket]:
        """One connection; whatever the service does to it is no fault."""
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 5) as made:
            made.settimeout(5)
            yield made

    def head(self, line: str, *headers: str, keyed: bool = False) -> bytes:
        """A request's head."""
        lines = [f"{line} HTTP/1.1", f"Host: 127.0.0.1:{self.port}", *headers]
        if keyed:
            lines.append(f"Authorization: Bearer {self.key}")
        return "\r\n".join((*lines, "", "")).encode()


def attack(run: Callable[[Target], None]) -> Callable[[Target], None]:
    """Registered by its name."""
    ATTACKS[run.__name__] = run
    return run


def at_once(count: int, run: Callable[[], None]) -> None:
    """So many threads."""
    threads = [threading.Thread(target=run, daemon=True) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def again(target: Target, once: Callable[[], None]) -> Callable[[], None]:
    """As long as the attack goes on."""

    def loop() -> None:
        while target.is_on:
            once()

    return loop


def drain(connection: socket.socket, size: int = 1 << 16) -> bytes:
    """What is answered, if something is."""
    with contextlib.suppress(OSError):
        return connection.recv(size)
    return b""


def sent(target: Target, data: bytes, *, answers: int = 1) -> None:
    """One connection, everything at once."""
    with target.connected() as connection:
        with contextlib.suppress(OSError):
            connection.sendall(data)
        for _ in range(answers):
            if not drain(connection):
                return


def dripped(target: Target, begin: bytes, drop: bytes, count: int, every_s: float = 0.5) -> None:
    """Many connections that never say all."""
    with contextlib.ExitStack() as stack:
        opened = [stack.enter_context(target.connected()) for _ in range(count)]
        for connection in opened:
            with contextlib.suppress(OSError):
                connection.sendall(begin)
        while target.is_on:
            for connection in opened:
                with contextlib.suppress(OSError):
                    connection.sendall(drop)
            time.sleep(every_s)


@attack
def large_json(target: Target) -> None:
    """19 MB of small things, without a key."""
    body = b"[" + b"1," * 9_500_000 + b"1]"
    head = target.head("PUT /v1/campaigns/x", JSON_TYPE, f"Content-Length: {len(body)}")
    at_once(4, again(target, lambda: sent(target, head + body)))


@attack
def large_voice(target: Target) -> None:
    """The same where large bodies are taken, from who has a key for that."""
    body = b'{"text": [' + b"1," * 9_500_000 + b"1]}"
    head = target.head("POST /v1/presets", JSON_TYPE, f"Content-Length: {len(body)}", keyed=True)
    at_once(2, again(target, lambda: sent(target, head + body)))


@attack
def unsigned_sound(target: Target) -> None:
    """63 MB that no worker signed."""
    body = b"\0" * (63 << 20)
    head = target.head("POST /internal/sound/c/k", f"Content-Length: {len(body)}")
    at_once(3, again(target, lambda: sent(target, head + body)))


@attack
def tiny_chunks(target: Target) -> None:
    """A body of one byte a chunk."""
    head = target.head("PUT /v1/campaigns/x/recipients", "Transfer-Encoding: chunked")
    at_once(16, again(target, lambda: sent(target, head + b"1\r\nx\r\n" * 100_000)))


@attack
def tiny_chunks_with_a_key(target: Target) -> None:
    """The same as an upload that is taken."""
    sent(target, target.head("PUT /v1/campaigns/tiny", JSON_TYPE, "Content-Length: 2", keyed=True) + b"{}")
    head = target.head("PUT /v1/campaigns/tiny/recipients", "Transfer-Encoding: chunked", keyed=True)
    at_once(2, again(target, lambda: sent(target, head + b"1\r\nx\r\n" * 100_000)))


@attack
def sockets(target: Target) -> None:
    """Sockets without a key, one after the other."""
    head = target.head("GET /v1/speech/ws", *UPGRADE)
    at_once(16, again(target, lambda: sent(target, head)))


@attack
def half_heads(target: Target) -> None:
    """Slowloris: heads that never end."""
    dripped(target, b"GET / HTTP/1.1\r\nHost: x\r\n", b"X-a: b\r\n", 600)


@attack
def half_bodies(target: Target) -> None:
    """Bodies that never end, where a stranger may send one."""
    head = target.head(
        "POST /login", "Content-Length: 4000", "Content-Type: application/x-www-form-urlencoded"
    )
    dripped(target, head, b"x", 300)


@attack
def silence(target: Target) -> None:
    """Connections that say nothing at all."""
    dripped(target, b"", b"", 600)


@attack
def pipelining(target: Target) -> None:
    """Thousands of requests in one breath."""
    data = target.head("GET /v1/campaigns") * 2_000
    at_once(16, again(target, lambda: sent(target, data, answers=50)))


@attack
def many_headers(target: Target) -> None:
    """As many lines as fit in a head, and more."""
    data = target.head("GET /v1/campaigns", *(f"a{number}: b" for number in range(20_000)))
    at_once(16, again(target, lambda: sent(target, data)))


@attack
def many_cookies(target: Target) -> None:
    """Cookies, and a session that is none."""
    cookies = "; ".join(f"c{number}=v" for number in range(1_500))
    data = target.head("GET /", f"Cookie: {cookies}; campaign_session=a.b.c.d")
    at_once(16, again(target, lambda: sent(target, data)))


@attack
def wrong_keys(target: Target) -> None:
    """Guesses, as fast as they go."""

    def guesses() -> None:
        with target.connected() as connection:
            while target.is_on:
                guess = f"Authorization: Bearer ck_{os.urandom(24).hex()}"
                connection.sendall(target.head("GET /v1/campaigns", guess))
                if not drain(connection):
                    return

    at_once(32, again(target, guesses))


@attack
def compressed_bodies(target: Target) -> None:
    """A gigabyte in a megabyte, with a key."""
    body = gzip.compress(b"0" * (1 << 28))
    head = target.head(
        "PUT /v1/campaigns/x", JSON_TYPE, "Content-Encoding: gzip", f"Content-Length: {len(body)}", keyed=True
    )
    at_once(8, again(target, lambda: sent(target, head + body)))


@attack
def deep_json(target: Target) -> None:
    """Brackets in brackets, with a key."""
    body = b'{"templates": ' + b"[" * 500_000
    head = target.head("PUT /v1/campaigns/x", JSON_TYPE, f"Content-Length: {len(body)}", keyed=True)
    at_once(8, again(target, lambda: sent(target, head + body)))


@attack
def unknown_fields(target: Target) -> None:
    """As many errors as one document can have, with a key."""
    body = json.dumps({f"k{number}": number for number in range(12_000)}).encode()
    head = target.head("PUT /v1/campaigns/x", JSON_TYPE, f"Content-Length: {len(body)}", keyed=True)
    at_once(4, again(target, lambda: sent(target, head + body)))


@attack
def event_streams(target: Target) -> None:
    """Far more streams at once than a caller may have."""
    head = target.head("GET /v1/campaigns/known/events", keyed=True)
    dripped(target, head, b"", 300)


@attack
def looks_in(target: Target) -> None:
    """A thousand connections a second that come and go without a word, as some health checks do."""

    def once() -> None:
        with target.connected():
            time.sleep(0.002)

    at_once(2, again(target, once))


@attack
def half_closed(target: Target) -> None:
    """Half a request, and the announcement that no more will come."""

    def once() -> None:
        with target.connected() as connection:
            connection.sendall(target.head("PUT /v1/campaigns/x", JSON_TYPE, "Content-Length: 900")[:-2])
            connection.shutdown(socket.SHUT_WR)
            drain(connection)

    at_once(8, again(target, once))


@attack
def slow_readers(target: Target) -> None:
    """Answers that nobody takes."""
    data = target.head("GET /v1/openapi.json")
    dripped(target, data, data, 200)


UPGRADE = (
    "Upgrade: websocket",
    "Connection: Upgrade",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
)


def flooded(target: Target, frames: bytes) -> None:
    """One socket with a key, these frames again and again."""
    with target.connected() as connection:
        connection.sendall(target.head("GET /v1/speech/ws", *UPGRADE, keyed=True))
        if not drain(connection).startswith(b"HTTP/1.1 101"):
            return
        connection.settimeout(0.05)
        while target.is_on:
            try:
                connection.sendall(frames)
            except TimeoutError:
                drain(connection)


def frame(opcode: int, payload: bytes = b"", *, is_last: bool = True) -> bytes:
    """Masked with zeros."""
    head = bytes([opcode | (0x80 if is_last else 0)])
    size = bytes([0x80 | len(payload)]) if len(payload) < 126 else struct.pack("!BH", 0xFE, len(payload))
    return head + size + b"\0\0\0\0" + payload


@attack
def pings(target: Target) -> None:
    """A flood of pings."""
    at_once(8, again(target, lambda: flooded(target, frame(9) * 20_000)))


@attack
def fragments(target: Target) -> None:
    """A message of nothing, in pieces without end."""
    frames = frame(1, is_last=False) + frame(0, is_last=False) * 20_000
    at_once(8, again(target, lambda: flooded(target, frames)))


@attack
def messages(target: Target) -> None:
    """Requests that are none, as fast as they go."""
    at_once(8, again(target, lambda: flooded(target, frame(1, b"{}") * 1_000)))


def main() -> None:
    """Run the one that is asked for."""
    name, port, seconds, key = sys.argv[1:]
    ATTACKS[name](Target(int(port), float(seconds), key))


if __name__ == "__main__":
    main()
