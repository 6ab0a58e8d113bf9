"""Webhooks in the Standard Webhooks form (https://www.standardwebhooks.com): signed, retried, and never sent inwards.

webhook-id          the event's, the same at each attempt: a receiver that keeps it hears everything once
webhook-timestamp   seconds; receivers refuse what is old
webhook-signature   v1,<base64 of HMAC-SHA256 over id.timestamp.body under the secret>
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import time
from datetime import UTC, datetime

from storage.history.events import Delivery
from storage.settings import Settings
from workers.outbound.attempt import ATTEMPT_S, WebhookError, send, target_of

SECRET_PREFIX = "whsec_"


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


def message_of(delivery: Delivery) -> bytes:
    """The body, the same at each attempt."""
    timestamp = datetime.fromtimestamp(delivery.t_ms / 1000, UTC).isoformat(timespec="milliseconds")
    document = {
        "type": delivery.kind,
        "timestamp": timestamp.replace("+00:00", "Z"),
        "data": {"campaign": delivery.campaign_id, **delivery.body},
    }
    return json.dumps(document, sort_keys=True, separators=(",", ":")).encode()


def post(url: str, message_id: str, body: bytes, settings: Settings) -> tuple[int, str]:
    """Sign and send one message within `ATTEMPT_S`; raises `WebhookError`."""
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
    until = time.monotonic() + ATTEMPT_S
    target = target_of(url, allow_private=settings.webhook_allow_private)
    return send(target, body, headers, within_s=until - time.monotonic())
