"""Sound on its way to a listener while it is made: a preview's utterances, sent before they are even stored.

    POST <listener's url>/<campaign id>/<synthesis key>     raw little-endian int16
    X-Campaign-Sound: t=<unix s>, rate=<Hz>, v1=<HMAC-SHA256 under the installation's secret>

The address comes from the database, so only services of this installation are ever sent to. Failing to send costs
nothing: the utterance is stored all the same, and the listener finds it there.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import logging
import queue
import re
import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import urllib3

from storage.names import CampaignId
from storage.queue import listeners
from storage.records import Runnable
from storage.session import Database
from storage.tables import Lane
from workers.engines.engine import Outcome, SynthesisRequest, Waveform
from workers.pcm import to_raw

log = logging.getLogger(__name__)

HEADER = "X-Campaign-Sound"
MAX_AGE_S = 60.0
TIMEOUT_S = 5.0
_FORM = re.compile(r"t=([0-9]{1,12}), rate=([0-9]{1,6}), v1=([0-9a-f]{64})")


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundHeader:
    """What is said of an utterance's bytes."""

    t_s: int
    rate_hz: int
    signature: str

    @classmethod
    def sign(
        cls, secret: bytes, campaign_id: CampaignId, key: str, body: bytes, *, rate_hz: int
    ) -> SoundHeader:
        """The header of bytes that are sent now."""
        t_s = int(time.time())
        return cls(
            t_s=t_s, rate_hz=rate_hz, signature=_signature(secret, t_s, rate_hz, campaign_id, key, body)
        )

    @classmethod
    def parse(cls, text: str) -> SoundHeader | None:
        """The inverse of `str`; None when it is no such header."""
        match = _FORM.fullmatch(text)
        if match is None:
            return None
        return cls(t_s=int(match[1]), rate_hz=int(match[2]), signature=match[3])

    def verifies(self, secret: bytes, campaign_id: CampaignId, key: str, body: bytes) -> bool:
        """Whether the secret's owner signed these bytes with this header."""
        expected = _signature(secret, self.t_s, self.rate_hz, campaign_id, key, body)
        return hmac.compare_digest(expected, self.signature)

    def __str__(self) -> str:
        """The header's value."""
        return f"t={self.t_s}, rate={self.rate_hz}, v1={self.signature}"


def _signature(secret: bytes, t_s: int, rate_hz: int, campaign_id: CampaignId, key: str, body: bytes) -> str:
    message = f"sound\n{t_s}\n{rate_hz}\n{campaign_id}\n{key}\n{hashlib.sha256(body).hexdigest()}"
    return hmac.new(secret, message.encode(), hashlib.sha256).hexdigest()


class LiveSender:
    """Sends utterances to whoever listens, on a thread of its own: an engine never waits for a network."""

    def __init__(self, database: Database, secret: bytes) -> None:
        self._database = database
        self._secret = secret
        self._audiences: dict[str, _Audience] = {}
        self._outgoing: queue.SimpleQueue[tuple[_Audience, str, Waveform] | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    @contextlib.contextmanager
    def sending(self, campaign: Runnable, keys: Iterable[str]) -> Iterator[None]:
        """Inside, `send` delivers these utterances of a preview to whoever listens to it."""
        if campaign.lane != Lane.PREVIEW:
            yield
            return
        with self._database.read() as connection:
            urls = listeners.of(connection, campaign.id)
        if urls:
            self._audiences.update(dict.fromkeys(keys, _Audience(campaign_id=campaign.id, urls=tuple(urls))))
        try:
            yield
        finally:
            for key in keys:
                self._audiences.pop(key, None)

    def send(self, request: SynthesisRequest, outcome: Outcome) -> None:
        """An utterance was made: the hook of engines. Quick, and never raises."""
        audience = self._audiences.get(request.key)
        if audience is None or not isinstance(outcome, Waveform):
            return
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="live", daemon=True)
            self._thread.start()
        self._outgoing.put((audience, request.key, outcome))

    def close(self) -> None:
        """Send what waits and no more. Idempotent."""
        if self._thread is not None:
            self._outgoing.put(None)
            self._thread.join(timeout=TIMEOUT_S)
            self._thread = None

    def _run(self) -> None:
        pool = urllib3.PoolManager(timeout=TIMEOUT_S, retries=False)
        while (outgoing := self._outgoing.get()) is not None:
            audience, key, waveform = outgoing
            body = to_raw(waveform.pcm)
            header = SoundHeader.sign(self._secret, audience.campaign_id, key, body, rate_hz=waveform.rate_hz)
            for url in audience.urls:
                _post(pool, f"{url}/{audience.campaign_id}/{key}", body, header)
        pool.clear()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Audience:
    campaign_id: CampaignId
    urls: tuple[str, ...]


def _post(pool: urllib3.PoolManager, url: str, body: bytes, header: SoundHeader) -> None:
    headers = {HEADER: str(header), "Content-Type": "application/octet-stream"}
    try:
        answer = pool.request("POST", url, body=body, headers=headers)
    except urllib3.exceptions.HTTPError as exc:
        log.warning("a listener could not be reached and reads from the store: %s", type(exc).__name__)
    else:
        if answer.status >= 400:
            log.info("a listener did not take an utterance: %d", answer.status)
