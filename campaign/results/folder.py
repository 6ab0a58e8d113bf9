"""The operator's own copies: where they lie, and how a file gets there whole and harmless."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from campaign.errors import InputError
from storage.folders import below, remove_below
from storage.installation import Installation
from storage.names import CampaignId

RESULTS = "results"
"""Below the home: a folder a campaign."""


def result_folder(installation: Installation, campaign_id: CampaignId) -> Path:
    """The operator's own artefacts of one campaign."""
    return below(installation.settings.home / RESULTS, CampaignId(campaign_id))


def forget_results(installation: Installation, campaign_id: CampaignId) -> None:
    """Remove the operator's own artefacts of one campaign, and nothing beside them. Raises `InputError`."""
    try:
        remove_below(installation.settings.home / RESULTS, CampaignId(campaign_id))
    except OSError as exc:
        raise InputError(
            f"the results of {campaign_id} cannot be removed: {exc.strerror}. Remove {exc.filename} yourself, then "
            "erase again."
        ) from exc


def written_whole(path: Path, write: Callable[[Path], int]) -> int:
    """Let `write` fill a file beside `path` and give it its name: no half export, and the old one stays on failure.

    Raises `InputError` when the folder takes no file.
    """
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        count = write(fresh)
        fresh.replace(path)
    except OSError as exc:
        raise InputError(
            f"{path} cannot be written: {exc.strerror}. Name another place with --out; nothing was lost."
        ) from exc
    finally:
        fresh.unlink(missing_ok=True)
    return count


def neutral(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r", "\n") else cell
