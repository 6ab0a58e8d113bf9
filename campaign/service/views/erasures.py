"""Erasures."""

from __future__ import annotations

from pydantic import Field

from campaign.service.views.base import View
from storage.names import CampaignId


class ErasureIn(View):
    """Whom to forget: one of the two."""

    recipient: str | None = Field(
        default=None,
        min_length=1,
        max_length=1000,
        description="The operator's own id; every campaign forgets it.",
    )
    campaign: CampaignId | None = None


class Erased(View):
    """What was erased of one campaign."""

    rows: int
    versions: int
    utterances: int
    shared: int


class Erasure(View):
    """What was erased, and what is still to go."""

    campaigns: dict[str, Erased]
    object_versions_removed: int
    still_to_be_removed: int
    problem: str | None
