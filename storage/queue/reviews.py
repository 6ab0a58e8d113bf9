"""Listening reviews: what a person said of a file, and which of its versions counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from storage.clock import now_ms
from storage.names import CampaignId
from storage.tables import REMAKEABLE_ROWS, RowStatus, asset_versions, assets, reviews


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """One verdict on one version of one row."""

    row: int
    version: int
    verdict: str
    """`accepted` or `rejected`."""
    reason: str
    actor: str
    t_ms: int


def note(
    connection: Connection, asset_id: int, version: int, *, verdict: str, reason: str, actor: str
) -> None:
    """Keep a verdict; the newest on a version counts."""
    connection.execute(
        insert(reviews).values(
            asset_id=asset_id, version=version, verdict=verdict, reason=reason, actor=actor, t_ms=now_ms()
        )
    )


def of_campaign(connection: Connection, campaign_id: CampaignId) -> list[Review]:
    """Every verdict, oldest first."""
    query = (
        select(
            assets.c.row,
            reviews.c.version,
            reviews.c.verdict,
            reviews.c.reason,
            reviews.c.actor,
            reviews.c.t_ms,
        )
        .join(assets, assets.c.id == reviews.c.asset_id)
        .where(assets.c.campaign_id == campaign_id)
        .order_by(reviews.c.id)
    )
    return [Review(**row) for row in connection.execute(query).mappings()]


def versions(connection: Connection, asset_id: int, *, above: int) -> list[Any]:
    """The versions of an asset that were made since, oldest first."""
    query = (
        select(asset_versions)
        .where(asset_versions.c.asset_id == asset_id, asset_versions.c.version > above)
        .order_by(asset_versions.c.version)
    )
    return list(connection.execute(query).all())


def choose(connection: Connection, asset_id: int, version: int) -> bool:
    """Make a stored version current, and say so; not where the row is at work again or was erased."""
    chosen = connection.execute(
        update(assets)
        .where(assets.c.id == asset_id, assets.c.status.in_(REMAKEABLE_ROWS))
        .values(
            status=RowStatus.STORED,
            current_version=version,
            t_stored_ms=func.coalesce(assets.c.t_stored_ms, now_ms()),
            code=None,
            reason=None,
        )
    )
    return chosen.rowcount > 0
