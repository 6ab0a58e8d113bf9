"""Webhooks in the Standard Webhooks form (https://www.standardwebhooks.com): signed, retried, and never sent inwards.

    webhook-id          the event's, the same at each attempt: a receiver that keeps it hears everything once
    webhook-timestamp   seconds; receivers refuse what is old
    webhook-signature   v1,<base64 of HMAC-SHA256 over id.timestamp.body under the secret>

The address is resolved once, refused unless it is a public one, and that very address is connected to: a name that
resolves differently in between gets nothing. Redirects are not followed. urllib3 because requests cannot do this.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import ipaddress
import json
import logging
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

import urllib3

from storage.history import events
from storage.history.events import Delivery
from storage.session import Database
from storage.settings import Settings
from workers.errors import WorkerError

log = logging.getLogger(__name__)

RETRY_AFTER_S = (5, 300, 1_800, 7_200, 18_000, 36_000, 36_000)
"""Standard Webhooks' schedule: some 27 hours."""
TIMEOUT = urllib3.Timeout(connect=5, read=15)
SENT_AT_ONCE = 20
GONE = 410
SECRET_PREFIX = "whsec_"
ANSWER_SHOWN = 120


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


def signing_secret(settings: Settings) -> str:
    """`whsec_...`: the setting, else derived from the installation secret, so that there always is one."""
    if text := settings.webhook_secret.get_secret_value():
        return text
    derived = hmac.new(settings.installation_secret(), b"webhooks", hashlib.sha256).digest()
    return SECRET_PREFIX + base64.b64encode(derived).decode()


def signature(secret: str, *, message_id: str, timestamp: int, body: bytes) -> str:
    """`v1,...`. Raises `WebhookError` for a secret that is none."""
    try:
        key = base64.b64decode(secret.removeprefix(SECRET_PREFIX), validate=True)
    except binascii.Error as exc:
        raise WebhookError(
            "webhook_secret is not whsec_ and base64. `campaign webhooks secret` shows one."
        ) from exc
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def target_of(url: str, *, allow_private: bool = False) -> Target:
    """Look a URL up; raises `WebhookError` unless all its addresses are public and it is https."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as exc:
        raise WebhookError(f"{url!r} is no URL: {exc}. Mend webhook_urls.") from exc
    if parts.scheme not in ("https", "http") or not parts.hostname or parts.username is not None:
        raise WebhookError(f"{url!r} is no webhook: write https://host/path, without a password in it.")
    if parts.scheme == "http" and not allow_private:
        raise WebhookError(f"{url!r} is not encrypted: use https, or set webhook_allow_private.")
    port = port or (443 if parts.scheme == "https" else 80)
    try:
        resolved = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    except OSError as exc:
        raise WebhookError(
            f"{parts.hostname} cannot be found: {exc}. Mend the name or the resolver."
        ) from exc
    addresses = [str(entry[4][0]) for entry in resolved]
    inward = [address for address in addresses if not is_public(address)]
    if inward and not allow_private:
        raise WebhookError(
            f"{parts.hostname} leads to {inward[0]}, which is no public address: nothing is sent there. "
            "Set webhook_allow_private where that is meant."
        )
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(scheme=parts.scheme, host=parts.hostname, port=port, path=path, address=addresses[0])


def is_public(address: str) -> bool:
    """Whether an address is one of the open internet; those that wrap another are not."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address) and (
        ip.ipv4_mapped or ip.sixtofour or ip.teredo or ip in ipaddress.ip_network("64:ff9b::/96")
    ):
        return False
    return ip.is_global and not ip.is_multicast


def send(target: Target, body: bytes, headers: dict[str, str]) -> tuple[int, str]:
    """(status, beginning of the answer); raises `WebhookError` when there is none."""
    pool: urllib3.HTTPConnectionPool
    if target.scheme == "https":
        pool = urllib3.HTTPSConnectionPool(
            target.address,
            target.port,
            server_hostname=target.host,
            assert_hostname=target.host,
            cert_reqs="CERT_REQUIRED",
        )
    else:
        pool = urllib3.HTTPConnectionPool(target.address, target.port)
    host = f"[{target.host}]" if ":" in target.host else target.host
    try:
        with pool:
            answer = pool.urlopen(
                "POST",
                target.path,
                body=body,
                headers={**headers, "host": f"{host}:{target.port}"},
                redirect=False,
                retries=False,
                timeout=TIMEOUT,
                preload_content=False,
            )
            text = answer.read(ANSWER_SHOWN, decode_content=False).decode("utf-8", "replace")
            answer.close()
            return answer.status, text
    except urllib3.exceptions.HTTPError as exc:
        raise WebhookError(f"{target.host} did not answer: {exc}. It is tried again.") from exc


def message_of(delivery: Delivery) -> bytes:
    """The body, the same at each attempt."""
    timestamp = datetime.fromtimestamp(delivery.t_ms / 1000, UTC).isoformat(timespec="milliseconds")
    document = {
        "type": delivery.kind,
        "timestamp": timestamp.replace("+00:00", "Z"),
        "data": {"campaign": delivery.campaign_id, **delivery.body},
    }
    return json.dumps(document, sort_keys=True, separators=(",", ":")).encode()


def deliver_due(database: Database, settings: Settings) -> int:
    """Send what is due, one after the other; returns how many arrived."""
    urls: Sequence[str] = settings.webhook_urls
    if not urls:
        return 0
    with database.write() as connection:
        events.address(connection, urls)
        due = events.claim(connection, urls, limit=SENT_AT_ONCE)
    arrived = 0
    for delivery in due:
        problem, gone = _attempt(delivery, settings)
        with database.write() as connection:
            if problem is None:
                events.delivered(connection, delivery)
                arrived += 1
            else:
                log.warning("webhook %s to %s: %s", delivery.event_id, delivery.url, problem)
                last = gone or delivery.attempts > len(RETRY_AFTER_S)
                again_ms = None if last else 1000 * RETRY_AFTER_S[delivery.attempts - 1]
                events.not_delivered(connection, delivery, problem, again_after_ms=again_ms)
    return arrived


def _attempt(delivery: Delivery, settings: Settings) -> tuple[str | None, bool]:
    """(what went wrong, whether the receiver wants no more)."""
    try:
        status, answer = post(
            delivery.url, f"msg_{delivery.event_id}_{delivery.campaign_id}", message_of(delivery), settings
        )
    except WebhookError as exc:
        return str(exc), False
    if 200 <= status < 300:
        return None, False
    return f"answered {status}: {answer}", status == GONE


def post(url: str, message_id: str, body: bytes, settings: Settings) -> tuple[int, str]:
    """Sign and send one message; raises `WebhookError`."""
    timestamp = int(time.time())
    headers = {
        "content-type": "application/json",
        "user-agent": "campaign-webhooks/1",
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature(
            signing_secret(settings), message_id=message_id, timestamp=timestamp, body=body
        ),
    }
    return send(target_of(url, allow_private=settings.webhook_allow_private), body, headers)
