"""Sound that workers send while it is made: from their POST to the request that streams it on.

A worker signs what it sends with the installation's secret; see `workers.outbound.live`. What is lost on the way costs
nothing but time: the listener finds the utterance in the object store a moment later.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field

import numpy as np

from campaign.service.problems import ProblemError
from storage.names import CampaignId
from workers.engines.engine import Pcm
from workers.outbound.live import MAX_AGE_S, SoundHeader


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveUtterance:
    """One utterance as the worker sent it."""

    pcm: Pcm
    rate_hz: int


@dataclass(slots=True)
class Listening:
    """The utterances of one campaign, as they come."""

    heard: dict[str, LiveUtterance] = field(default_factory=dict)
    something: asyncio.Event = field(default_factory=asyncio.Event)


class LiveSound:
    """Belongs to the event loop."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret
        self._listening: dict[str, Listening] = {}

    def listen(self, campaign_id: CampaignId) -> Listening:
        """From now on."""
        return self._listening.setdefault(campaign_id, Listening())

    def leave(self, campaign_id: CampaignId) -> None:
        """Nobody listens any more."""
        self._listening.pop(campaign_id, None)

    def admit(self, campaign_id: CampaignId, utterance_key: str, header: str, size_bytes: int) -> SoundHeader:
        """What is said of an utterance before a byte of it is read; raises `ProblemError` for what is not wanted."""
        sound = SoundHeader.parse(header)
        if sound is None or not sound.verifies(self._secret, campaign_id, utterance_key):
            raise ProblemError(401, "the signature does not hold. Worker and service need the same secret.")
        if abs(time.time() - sound.t_s) > MAX_AGE_S:
            raise ProblemError(401, "the signature is too old. Set both clocks right.")
        if size_bytes != sound.size_bytes:
            raise ProblemError(400, "the body has not the size that was signed. Send the Content-Length.")
        if campaign_id not in self._listening:
            raise ProblemError(410, "nobody listens to that campaign any more.")
        return sound

    def hear(self, campaign_id: CampaignId, utterance_key: str, sound: SoundHeader, body: bytes) -> None:
        """Take what a worker sent; raises `ProblemError` when it is not what was signed."""
        if not sound.is_of(body) or len(body) % 2:
            raise ProblemError(400, "the body is not what was signed. Send it again.")
        listening = self._listening.get(campaign_id)
        if listening is None:
            raise ProblemError(410, "nobody listens to that campaign any more.")
        pcm = np.frombuffer(body, dtype="<i2").astype(np.int16, copy=False)
        listening.heard[utterance_key] = LiveUtterance(pcm=pcm, rate_hz=sound.rate_hz)
        listening.something.set()
