"""What a worker knows of the campaigns it works on: their fixed facts and how their files are finished."""

from __future__ import annotations

import threading

from storage.names import CampaignId
from storage.queue import campaigns as campaign_rows
from storage.records import Campaign, Runnable
from storage.session import Database
from workers.finish import FinishProfile


class KnownCampaigns:
    """Campaigns' fixed facts (not their states), each read once. Safe to share between threads."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._facts: dict[str, tuple[Campaign, FinishProfile]] = {}
        self._lock = threading.Lock()

    def campaign(self, campaign_id: CampaignId) -> Campaign:
        """Its facts."""
        return self._read(campaign_id)[0]

    def profile(self, campaign_id: CampaignId) -> FinishProfile:
        """How its assets are finished."""
        return self._read(campaign_id)[1]

    def forget_if_planned_again(self, now: Runnable) -> None:
        """Read it again when what it speaks with has changed."""
        with self._lock:
            facts = self._facts.get(now.id)
            if facts is not None and facts[0].repins != now.repins:
                del self._facts[now.id]

    def _read(self, campaign_id: CampaignId) -> tuple[Campaign, FinishProfile]:
        with self._lock:
            if campaign_id not in self._facts:
                with self._database.read() as connection:
                    campaign = campaign_rows.get(connection, campaign_id)
                profile = FinishProfile.from_mapping(campaign.finish_profile)
                self._facts[campaign_id] = (campaign, profile)
            return self._facts[campaign_id]
