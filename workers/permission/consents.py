"""Consent at work: a campaign whose speaker no longer agrees is paused before anything more of it is claimed.

Looked up at every claim and every sweep, in the database at most every `MAX_AGE_S`. `campaign preset revoke` pauses in
its own transaction; this finds consents that ended by their date, and campaigns resumed against a revocation.
"""

from __future__ import annotations

import logging
import threading
import time

from storage.clock import read_now_ms
from storage.errors import StateError
from storage.history import audit
from storage.names import CampaignId
from storage.queue import campaigns as campaign_rows
from storage.records import Campaign
from storage.registry import presets as preset_rows
from storage.session import Connection, Database
from storage.tables import CampaignState
from workers.presets import standing

log = logging.getLogger(__name__)

MAX_AGE_S = 2.0


def refusal(connection: Connection, campaign: Campaign) -> str | None:
    """Why one of a campaign's speakers does not agree to more of it, as of now; None when nothing forbids it."""
    refusals = (_refusal_of(connection, label, campaign) for label in campaign.lock.preset_labels)
    return next((reason for reason in refusals if reason is not None), None)


def _refusal_of(connection: Connection, label: str, campaign: Campaign) -> str | None:
    name, _, version = label.partition("@")
    preset = preset_rows.find(connection, name, int(version))
    if preset is None:
        return f"preset {label} is not in this database. Restore it."
    records = preset_rows.records(connection, preset)
    if not records and not preset.is_of_a_person:
        return None
    return standing.refusal(
        preset.label,
        records,
        standing.Use.of_brief(campaign.purpose, campaign.brief),
        read_now_ms(connection),
        is_of_a_person=preset.is_of_a_person,
    )


class Consents:
    """What the speakers of running campaigns say now. Safe to share between threads."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._answers: dict[str, tuple[float, bool]] = {}
        self._lock = threading.Lock()

    def allows(self, campaign: Campaign) -> bool:
        """Whether work on it may go on; pauses it when not."""
        with self._lock:
            looked_at, was_allowed = self._answers.get(campaign.id, (float("-inf"), False))
            if was_allowed and time.monotonic() - looked_at < MAX_AGE_S:
                return True
            with self._database.read() as connection:
                reason = refusal(connection, campaign)
            self._answers[campaign.id] = (time.monotonic(), reason is None)
        if reason is not None:
            self._pause(campaign.id, reason)
        return reason is None

    def _pause(self, campaign_id: CampaignId, reason: str) -> None:
        try:
            with self._database.write() as connection:
                was = campaign_rows.move(connection, campaign_id, CampaignState.PAUSED, reason=reason)
                if was != CampaignState.PAUSED:
                    audit.note(connection, "pause", campaign_id, actor="consent", was=was)
        except StateError:
            return  # it ended meanwhile
        log.error("campaign %s paused: %s", campaign_id, reason)
