"""Where a campaign's artefacts are, or will be: known without making them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from campaign.results.folder import result_folder
from campaign.results.row_lists import RESULT
from storage.installation import Installation
from storage.keys import campaign_prefix
from storage.names import CampaignId


@dataclass(frozen=True, slots=True, kw_only=True)
class ArtefactPlaces:
    """Where a campaign's artefacts are."""

    manifest_url: str
    report_url: str
    result_path: Path


def artefact_places(installation: Installation, campaign_id: CampaignId) -> ArtefactPlaces:
    """Where the artefacts of a campaign are, or will be."""
    prefix = campaign_prefix(campaign_id)
    return ArtefactPlaces(
        manifest_url=installation.store.url(prefix + "manifest.jsonl"),
        report_url=installation.store.url(prefix + "report.html"),
        result_path=result_folder(installation, campaign_id) / RESULT,
    )
