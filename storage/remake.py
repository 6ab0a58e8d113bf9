"""New versions of assets: planned again with other utterances or with the same, while the old ones stay as they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, and_, insert, literal, select, update

from storage import campaigns as campaign_rows
from storage import leases
from storage.tables import CampaignState, RowStatus, asset_utterances, assets, utterances

SQL_VARIABLES = 900
"""Ids in one statement; the oldest SQLite takes 999."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewVersion:
    """What one asset is to become."""

    asset_id: int
    characters: int
    places: tuple[tuple[str, int | None], ...]
    """(synthesis key, pause after it in ms), in order; the utterances are in the table."""


def plan(connection: Connection, planned: Sequence[NewVersion]) -> None:
    """Give each asset its next version. Its current version stays current until the new one is stored."""
    if not planned:
        return
    next_versions = _next_versions(connection, [one.asset_id for one in planned])
    rows = [
        {
            "asset_id": one.asset_id,
            "version": next_versions[one.asset_id],
            "position": position,
            "utterance_key": key,
            "pause_after_ms": pause_after_ms,
        }
        for one in planned
        for position, (key, pause_after_ms) in enumerate(one.places)
    ]
    connection.execute(insert(asset_utterances), rows)
    for one in planned:
        connection.execute(
            update(assets)
            .where(assets.c.id == one.asset_id)
            .values(characters=one.characters, **_open(next_versions[one.asset_id]))
        )


def plan_same(connection: Connection, campaign_id: str) -> int:
    """A next version of every stored asset of a campaign, of the very same utterances; returns how many."""
    stored = and_(assets.c.campaign_id == campaign_id, assets.c.status == RowStatus.STORED)
    copied = (
        select(
            asset_utterances.c.asset_id,
            asset_utterances.c.version + literal(1),
            asset_utterances.c.position,
            asset_utterances.c.utterance_key,
            asset_utterances.c.pause_after_ms,
        )
        .join(
            assets,
            and_(
                assets.c.id == asset_utterances.c.asset_id,
                assets.c.planned_version == asset_utterances.c.version,
            ),
        )
        .where(stored)
    )
    columns = [column.name for column in asset_utterances.c]
    connection.execute(insert(asset_utterances).from_select(columns, copied))
    done = connection.execute(update(assets).where(stored).values(**_open(assets.c.planned_version + 1)))
    return done.rowcount


def forget_sound(connection: Connection, campaign_id: str) -> dict[str, str]:
    """Make a campaign's stored utterances pending again, in its name; returns key -> sha256 of what they were."""
    needed = (
        select(asset_utterances.c.utterance_key)
        .join(
            assets,
            and_(
                assets.c.id == asset_utterances.c.asset_id,
                assets.c.planned_version == asset_utterances.c.version,
            ),
        )
        .where(assets.c.campaign_id == campaign_id, assets.c.status == RowStatus.PENDING)
    )
    stored = and_(utterances.c.key.in_(needed), utterances.c.status == RowStatus.STORED)
    known = dict(
        connection.execute(select(utterances.c.key, utterances.c.pcm_sha256).where(stored)).tuples().all()
    )
    connection.execute(
        update(utterances)
        .where(stored)
        .values(campaign_id=campaign_id, pcm_key=None, pcm_sha256=None, **leases.FRESH)
    )
    return {key: sha256 for key, sha256 in known.items() if sha256}


def start(connection: Connection, campaign_id: str) -> None:
    """Let workers see what was planned: what failed is tried again, each asset waits for what is missing."""
    needed = (
        select(asset_utterances.c.utterance_key)
        .join(assets, assets.c.id == asset_utterances.c.asset_id)
        .where(assets.c.campaign_id == campaign_id, assets.c.status == RowStatus.PENDING)
    )
    connection.execute(
        update(utterances)
        .where(utterances.c.key.in_(needed), utterances.c.status.in_(campaign_rows.BROKEN_ROWS))
        .values(campaign_id=campaign_id, **leases.FRESH)
    )
    campaign_rows.set_watches(connection, assets.c.campaign_id == campaign_id)
    campaign_rows.move(connection, campaign_id, CampaignState.RUNNING)


def _open(version: Any) -> dict[str, Any]:
    """A row that is to be made again."""
    return {"planned_version": version, "watch": None, "worker": None, "lease_until_ms": None} | leases.FRESH


def _next_versions(connection: Connection, ids: Sequence[int]) -> dict[int, int]:
    found: dict[int, int] = {}
    for first in range(0, len(ids), SQL_VARIABLES):
        query = select(assets.c.id, assets.c.planned_version).where(
            assets.c.id.in_(ids[first : first + SQL_VARIABLES])
        )
        found.update((row.id, row.planned_version + 1) for row in connection.execute(query))
    return found
