"""What a re-make changed, file by file: what was current and what is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from campaign.rerender.rerender import Replanned
from storage.installation import Installation
from storage.tables import (
    RowStatus,
    asset_versions,
    assets,
)


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


def differences(installation: Installation, found: Sequence[Replanned]) -> list[Difference]:
    """What was current and what is, of files that are made; those still to be made are left out."""
    out: list[Difference] = []
    for one in found:
        rows = {row.row for row in one.rows}
        if not rows:
            continue
        query = (
            select(assets.c.row, assets.c.current_version, asset_versions)
            .join(asset_versions, asset_versions.c.asset_id == assets.c.id)
            .where(assets.c.campaign_id == one.campaign, assets.c.status == RowStatus.STORED)
            .order_by(assets.c.row, asset_versions.c.version)
        )
        versions: dict[int, list[Any]] = {}
        with installation.database.read() as connection:
            for row in connection.execute(query):
                if row.row in rows:
                    versions.setdefault(row.row, []).append(row)
        for number, made in versions.items():
            if len(made) > 1 and made[-1].version == made[-1].current_version:
                out.append(_difference(one.campaign, number, made[-2], made[-1]))
    return out


def _difference(campaign: str, row: int, old: Any, new: Any) -> Difference:
    return Difference(
        campaign=campaign,
        row=row,
        old_version=old.version,
        old_pin=old.pin_id,
        old_object=old.object_key,
        old_seconds=round(old.samples / old.rate_hz, 3),
        new_version=new.version,
        new_pin=new.pin_id,
        new_object=new.object_key,
        new_seconds=round(new.samples / new.rate_hz, 3),
    )
