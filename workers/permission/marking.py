"""What a worker marks with, from the settings; a campaign whose marks cannot be set is paused, never sent without."""

from __future__ import annotations

import logging
from functools import cached_property

from storage.errors import StateError
from storage.history import audit
from storage.queue import campaigns as campaign_rows
from storage.records import Campaign
from storage.session import Database
from storage.settings import Settings
from storage.tables import CampaignState
from workers.finish import FinishProfile
from workers.finish.marks import C2paSigner, Marker, installed_watermarker

log = logging.getLogger(__name__)

USUAL_RATE_HZ = 24_000


def marker_of(settings: Settings) -> Marker:
    """Everything that the settings and the installed packages give."""
    certificate = settings.c2pa_certificate
    key = settings.c2pa_private_key.get_secret_value()
    signer = (
        C2paSigner(
            certificate=certificate, private_key=key, timestamp_url=settings.c2pa_timestamp_url or None
        )
        if certificate and key
        else None
    )
    return Marker(signer=signer, watermarker=installed_watermarker())


def problem_of(marker: Marker, profile: FinishProfile) -> str | None:
    """Why a profile's files cannot be marked as it asks; None when they can."""
    if not profile.marks:
        return None
    return marker.problem(profile.marks, codec=profile.codec, rate_hz=profile.rate_for(USUAL_RATE_HZ))


class Marking:
    """A worker's marker. Safe to share between threads."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self._settings = settings
        self._database = database

    @cached_property
    def marker(self) -> Marker:
        """Made when the first profile asks for marks."""
        return marker_of(self._settings)

    def allows(self, campaign: Campaign, profile: FinishProfile) -> bool:
        """Whether a campaign's files can be marked as it asks; pauses it when not."""
        if not profile.marks:
            return True
        problem = problem_of(self.marker, profile)
        if problem is None:
            return True
        try:
            with self._database.write() as connection:
                was = campaign_rows.move(
                    connection, campaign.id, CampaignState.PAUSED, reason=f"marks: {problem}"
                )
                if was != CampaignState.PAUSED:
                    audit.note(connection, "pause", campaign.id, actor="marks", was=was)
        except StateError:
            return False  # it ended meanwhile
        log.error("campaign %s paused: %s", campaign.id, problem)
        return False
