"""Sound on its way to a listener while it is made: a preview's utterances, sent before they are even stored.

    POST <listener's url>/<campaign id>/<synthesis key>     raw little-endian int16
    X-Campaign-Sound: t=<unix s>, rate=<Hz>, bytes=<of the body>, sha256=<of the body>,
                      v2=<HMAC-SHA256 of all this, the path's ids too, under the installation's secret>

The signature holds without the body, so that a listener reads no byte of a stranger's.

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
from dataclasses import dataclass, replace

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
ANSWER_BYTES = 4 << 10
WAITING_UTTERANCES = 64
"""For one listener."""
_FORM = re.compile(
    r"t=([0-9]{1,12}), rate=([0-9]{1,6}), bytes=([0-9]{1,9}), sha256=([0-9a-f]{64}), v2=([0-9a-f]{64})"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundHeader:
    """What is said of an utterance's bytes."""

    t_s: int
    rate_hz: int
    size_bytes: int
    sha256: str
    signature: str

    @classmethod
    def sign(
        cls, secret: bytes, campaign_id: CampaignId, key: str, body: bytes, *, rate_hz: int
    ) -> SoundHeader:
        """The header of bytes that are sent now."""
        unsigned = cls(
            t_s=int(time.time()),
            rate_hz=rate_hz,
            size_bytes=len(body),
            sha256=hashlib.sha256(body).hexdigest(),
            signature="",
        )
        return replace(unsigned, signature=unsigned._signature(secret, campaign_id, key))

    @classmethod
    def parse(cls, text: str) -> SoundHeader | None:
        """The inverse of `str`; None when it is no such header."""
        match = _FORM.fullmatch(text)
        if match is None:
            return None
        return cls(
            t_s=int(match[1]),
            rate_hz=int(match[2]),
            size_bytes=int(match[3]),
            sha256=match[4],
            signature=match[5],
        )

    def verifies(self, secret: bytes, campaign_id: CampaignId, key: str) -> bool:
        """Whether the secret's owner signed this header."""
        return hmac.compare_digest(self._signature(secret, campaign_id, key), self.signature)

    def is_of(self, body: bytes) -> bool:
        """Whether these are the bytes that were signed for."""
        return len(body) == self.size_bytes and hashlib.sha256(body).hexdigest() == self.sha256

    def _signature(self, secret: bytes, campaign_id: CampaignId, key: str) -> str:
        signed = (self.t_s, self.rate_hz, campaign_id, key, self.size_bytes, self.sha256)
        message = "\n".join(("sound", *map(str, signed)))
        return hmac.new(secret, message.encode(), hashlib.sha256).hexdigest()

    def __str__(self) -> str:
        """The header's value."""
        return (
            f"t={self.t_s}, rate={self.rate_hz}, bytes={self.size_bytes}, sha256={self.sha256}, "
            f"v2={self.signature}"
        )


class LiveSender:
    """Sends utterances to whoever listens: an engine never waits for a network, nor one listener for another."""

    def __init__(self, database: Database, secret: bytes) -> None:
        self._database = database
        self._secret = secret
        self._audiences: dict[str, _Audience] = {}
        self._listeners: dict[str, _Listener] = {}

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
        for url in audience.urls:
            if url not in self._listeners:
                self._listeners[url] = _Listener(url, self._secret)
                self._listeners[url].start()
            self._listeners[url].add(audience.campaign_id, request.key, outcome)

    def close(self) -> None:
        """Send what waits and no more. Idempotent."""
        until = time.monotonic() + TIMEOUT_S
        for listener in self._listeners.values():
            listener.end()
        for listener in self._listeners.values():
            listener.join(timeout=max(0.0, until - time.monotonic()))
        self._listeners.clear()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Audience:
    campaign_id: CampaignId
    urls: tuple[str, ...]


class _Listener(threading.Thread):
    """What goes to one address, one after the other. Who is slow misses some, and reads it from the store."""

    def __init__(self, url: str, secret: bytes) -> None:
        super().__init__(name="live", daemon=True)
        self._url = url
        self._secret = secret
        self._waiting: queue.Queue[tuple[CampaignId, str, Waveform] | None] = queue.Queue(WAITING_UTTERANCES)

    def add(self, campaign_id: CampaignId, key: str, waveform: Waveform) -> None:
        """One more; never waits."""
        try:
            self._waiting.put_nowait((campaign_id, key, waveform))
        except queue.Full:
            log.warning("a listener is slow and reads from the store")

    def end(self) -> None:
        """After what waits."""
        with contextlib.suppress(queue.Full):  # then it is too late for what waits, too
            self._waiting.put_nowait(None)

    def run(self) -> None:
        """The thread's life."""
        with urllib3.PoolManager(timeout=TIMEOUT_S, retries=False) as pool:
            while (outgoing := self._waiting.get()) is not None:
                campaign_id, key, waveform = outgoing
                body = to_raw(waveform.pcm)
                header = SoundHeader.sign(self._secret, campaign_id, key, body, rate_hz=waveform.rate_hz)
                _post(pool, f"{self._url}/{campaign_id}/{key}", body, header)


def _post(pool: urllib3.PoolManager, url: str, body: bytes, header: SoundHeader) -> None:
    headers = {HEADER: str(header), "Content-Type": "application/octet-stream"}
    try:
        answer = pool.request("POST", url, body=body, headers=headers, redirect=False, preload_content=False)
        answer.read(ANSWER_BYTES)
        answer.release_conn()
    except urllib3.exceptions.HTTPError as exc:
        log.warning("a listener could not be reached and reads from the store: %s", type(exc).__name__)
    else:
        if answer.status >= 400:
            log.info("a listener did not take an utterance: %d", answer.status)
