"""One message to one address on the internet, within one deadline: name, connection, TLS, sending, head and answer.

The address is resolved once, refused unless it is a public one, and that very address is connected to: a name that
resolves differently in between gets nothing. Redirects are not followed. Timeouts of sockets are of one operation,
and whoever drips a byte each second meets none of them: at the deadline the connection itself is cut.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from workers.errors import WorkerError
from workers.outbound.addresses import is_public

ATTEMPT_S = 20.0
"""For everything."""
RESOLVE_S = 5.0
CONNECT_S = 5.0
ANSWER_SHOWN = 120
PROBLEM_SHOWN = 300
PATH_SIGNS = "/?:@!$&'()*+,;=~%-._"


class WebhookError(WorkerError):
    """A webhook cannot be delivered; the message ends with the fix."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where a URL leads, looked up and allowed."""

    scheme: str
    host: str
    port: int
    path: str
    address: str
    is_inward_allowed: bool = False
    """Whether the address may be none of the open internet."""


def target_of(url: str, *, allow_private: bool = False) -> Target:
    """Look a URL up; raises `WebhookError` unless all its addresses are public and it is https.

    Errors name the host alone: path, query and password are secrets of the receiver's.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
        host = (parts.hostname or "").encode("idna").decode()
    except ValueError as exc:
        raise WebhookError("a webhook is no URL. Mend webhook_urls: write https://host/path.") from exc
    if parts.scheme not in ("https", "http") or not host or parts.username is not None:
        raise WebhookError(
            f"the webhook to {host!r} is none: write https://host/path, without a password in it."
        )
    if parts.scheme == "http" and not allow_private:
        raise WebhookError(
            f"the webhook to {host!r} is not encrypted: use https, or set webhook_allow_private."
        )
    port = port or (443 if parts.scheme == "https" else 80)
    addresses = _resolved(host, port)
    inward = [address for address in addresses if not is_public(address)]
    if inward and not allow_private:
        raise WebhookError(
            f"{host} leads to {inward[0]}, which is no public address: nothing is sent there. "
            "Set webhook_allow_private where that is meant."
        )
    return Target(
        scheme=parts.scheme,
        host=host,
        port=port,
        path=quote((parts.path or "/") + (f"?{parts.query}" if parts.query else ""), safe=PATH_SIGNS),
        address=addresses[0],
        is_inward_allowed=allow_private,
    )


def send(target: Target, body: bytes, headers: dict[str, str], *, within_s: float) -> tuple[int, str]:
    """(status, beginning of the answer); raises `WebhookError` when there is none in time."""
    host = f"[{target.host}]" if ":" in target.host else target.host
    named = {**headers, "host": f"{host}:{target.port}", "connection": "close"}
    until = time.monotonic() + within_s
    cut = threading.Event()
    try:
        with _connected(target, until, cut) as connection:
            connection.request("POST", target.path, body=body, headers=named)
            answer = connection.getresponse()
            said = answer.read(ANSWER_SHOWN)
        if cut.is_set():  # what came before looks like all there was
            raise TimeoutError
        return answer.status, printable(said.decode("utf-8", "replace"), ANSWER_SHOWN)
    except (OSError, http.client.HTTPException, ValueError) as exc:
        reason = f"not all of it within {within_s:.0f} s" if cut.is_set() else str(exc) or type(exc).__name__
        raise WebhookError(f"{target.host} did not answer: {reason}. It is tried again.") from exc


def printable(text: str, longest: int = PROBLEM_SHOWN) -> str:
    """What a stranger said, for a table and a terminal: on one line, without signs that do something."""
    return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in text[:longest])


def _resolved(host: str, port: int) -> list[str]:
    """Its addresses. In a thread that is left behind when it is late: the system's resolver has no deadline."""
    found: Future[list[str]] = Future()

    def resolve() -> None:
        try:
            entries = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            found.set_result([str(entry[4][0]) for entry in entries])
        except (OSError, ValueError) as exc:
            found.set_exception(exc)

    threading.Thread(target=resolve, name="resolve", daemon=True).start()
    try:
        return found.result(RESOLVE_S)
    except FutureTimeoutError as exc:
        raise WebhookError(f"{host} was not found within {RESOLVE_S:g} s. Mend the resolver.") from exc
    except (OSError, ValueError) as exc:
        raise WebhookError(f"{host} cannot be found: {exc}. Mend the name or the resolver.") from exc


@contextlib.contextmanager
def _connected(target: Target, until: float, cut: threading.Event) -> Iterator[http.client.HTTPConnection]:
    """Inside, a connection to the very address, encrypted where that is asked; it is cut at `until`."""
    left_s = max(0.1, until - time.monotonic())
    with contextlib.ExitStack() as stack:
        raw = stack.enter_context(
            socket.create_connection((target.address, target.port), min(CONNECT_S, left_s))
        )
        peer = str(raw.getpeername()[0])
        if not target.is_inward_allowed and not is_public(peer):
            raise WebhookError(
                f"{target.host} leads to {peer}, which is no public address: nothing is sent there."
            )
        raw.settimeout(2 * left_s)  # of one operation: the cut comes first
        stack.enter_context(_cut_at(until, raw, cut))
        connection = http.client.HTTPConnection(target.host, target.port)
        stack.callback(connection.close)
        connection.sock = raw
        if target.scheme == "https":
            connection.sock = stack.enter_context(
                ssl.create_default_context().wrap_socket(raw, server_hostname=target.host)
            )
        yield connection


@contextlib.contextmanager
def _cut_at(until: float, connection: socket.socket, cut: threading.Event) -> Iterator[None]:
    """Inside, the connection ends at `until`, whatever waits on it and whatever wraps it by then."""
    with socket.socket(fileno=os.dup(connection.fileno())) as same:

        def end() -> None:
            cut.set()
            with contextlib.suppress(OSError):  # it has ended
                same.shutdown(socket.SHUT_RDWR)

        timer = threading.Timer(max(0.0, until - time.monotonic()), end)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            timer.join()
