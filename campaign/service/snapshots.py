"""Counts of campaigns, counted in the background: asking about a million rows costs a lookup.

A count is at most `MAX_AGE_S` old when it is given out, plus the time that one count takes. Campaigns that nobody has
asked about for a while are no longer counted.
"""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass

from campaign.operations.foreground import look
from storage.errors import RecordMissingError, StorageError
from storage.installation import Installation
from storage.names import CampaignId
from storage.records import Campaign, Progress

log = logging.getLogger(__name__)

MAX_AGE_S = 1.0
FORGET_S = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """A campaign and its counts, as they were."""

    campaign: Campaign
    counts: Progress
    taken_s: float
    """On the monotonic clock, when counting began."""


class Snapshots:
    """Safe to share between threads."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._kept: dict[CampaignId, Snapshot] = {}
        self._requested_s: dict[CampaignId, float] = {}
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="snapshots", daemon=True)

    def start(self) -> None:
        """Begin to count."""
        self._thread.start()

    def stop(self) -> None:
        """Count no more. Idempotent."""
        self._stopping.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(timeout=5)

    def of(self, campaign_id: CampaignId) -> Snapshot:
        """The newest count; the first time it is counted now. Raises `RecordMissingError` for no campaign."""
        now = time.monotonic()
        with self._lock:
            self._requested_s[campaign_id] = now
            kept = self._kept.get(campaign_id)
        self._wake.set()
        return kept if kept is not None else self._count(campaign_id)

    def forget(self, campaign_id: CampaignId) -> None:
        """Something was done to the campaign: the next question is answered by a count of its own."""
        with self._lock:
            self._kept.pop(campaign_id, None)

    def _count(self, campaign_id: CampaignId) -> Snapshot:
        start = time.monotonic()
        campaign, counts = look(self._installation, campaign_id)
        taken = Snapshot(campaign=campaign, counts=counts, taken_s=start)
        with self._lock:
            kept = self._kept.get(campaign_id)
            if kept is None or kept.taken_s < start:
                self._kept[campaign_id] = taken
        return taken

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._wake.wait(FORGET_S)
            self._wake.clear()
            for campaign_id in self._due():
                try:
                    self._count(campaign_id)
                except RecordMissingError:
                    self.forget(campaign_id)
                except StorageError as exc:
                    log.warning("nothing could be counted: %s", exc)
                    break
            self._stopping.wait(MAX_AGE_S / 4)

    def _due(self) -> list[CampaignId]:
        now = time.monotonic()
        with self._lock:
            for campaign_id in [
                campaign_id
                for campaign_id, requested_s in self._requested_s.items()
                if now - requested_s > FORGET_S
            ]:
                del self._requested_s[campaign_id]
                self._kept.pop(campaign_id, None)
            return [
                campaign_id
                for campaign_id in self._requested_s
                if campaign_id not in self._kept or now - self._kept[campaign_id].taken_s > MAX_AGE_S
            ]
