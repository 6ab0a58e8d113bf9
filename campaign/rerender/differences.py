"""What a re-make changed, file by file: what was current and what is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from campaign.rerender.rerender import Replanned
from storage.history import origins
from storage.installation import Installation
from storage.tables import RowStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One file before and after, by what may be said outside the database."""

    campaign: str
    row: int
    old_version: int
    old_pin: str
    old_object: str
    old_seconds: float
    new_version: int
    new_pin: str
    new_object: str
    new_seconds: float


def file_differences(installation: Installation, replanned: Sequence[Replanned]) -> list[Difference]:
    """What was current and what is, of files that are made; those still to be made are left out."""
    differences: list[Difference] = []
    for campaign in replanned:
        rows = {row.row for row in campaign.rows}
        if not rows:
            continue
        with installation.database.read() as connection:
            versions = origins.versions(connection, campaign.campaign)
        by_row: dict[int, list[origins.FileVersion]] = {}
        for version in versions:
            if version.row in rows:
                by_row.setdefault(version.row, []).append(version)
        differences += [
            _difference(campaign.campaign, *of_row[-2:])
            for of_row in by_row.values()
            if len(of_row) > 1 and of_row[-1].is_current and of_row[-1].row_status == RowStatus.STORED
        ]
    return differences


def _difference(campaign: str, old: origins.FileVersion, new: origins.FileVersion) -> Difference:
    return Difference(
        campaign=campaign,
        row=old.row,
        old_version=old.version,
        old_pin=old.pin_id,
        old_object=old.object_key,
        old_seconds=round(old.samples / old.rate_hz, 3),
        new_version=new.version,
        new_pin=new.pin_id,
        new_object=new.object_key,
        new_seconds=round(new.samples / new.rate_hz, 3),
    )
