"""New versions of assets: planned again with other utterances or with the same, while the old ones stay as they are."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import JsonValue
from sqlalchemy import ColumnElement, Connection, and_, exists, func, select, update

from storage.names import CampaignId
from storage.queue import campaigns as campaign_rows
from storage.queue import demand, leases
from storage.queue.bulk import Row, insert_places
from storage.queue.next_versions import copy_places, forget_ahead
from storage.records import JsonObject
from storage.tables import (
    BROKEN_ROWS,
    PLANNED_PLACES,
    CampaignState,
    RowStatus,
    asset_utterances,
    assets,
    utterances,
)

_next = assets.c.planned_version + 1


def forget_plans(connection: Connection, campaign_id: CampaignId) -> None:
    """Drop what an interrupted `add_places` left: places beyond each asset's planned version."""
    forget_ahead(connection, assets.c.campaign_id == campaign_id)


def planned_versions(
    connection: Connection, campaign_id: CampaignId, rows: Collection[int]
) -> dict[int, int]:
    """Row to the number of the version that is planned."""
    query = select(assets.c.row, assets.c.planned_version).where(
        assets.c.campaign_id == campaign_id, assets.c.row.in_(rows)
    )
    return dict(connection.execute(query).tuples().all())


def broken_rows(connection: Connection, campaign_id: CampaignId) -> list[int]:
    """Failed rows with a plan: `retry` must find one for what the campaign speaks with then."""
    planned = select(asset_utterances.c.asset_id).where(PLANNED_PLACES)
    query = select(assets.c.row).where(
        assets.c.campaign_id == campaign_id, assets.c.status.in_(BROKEN_ROWS), planned.exists()
    )
    return list(connection.scalars(query))


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedUtterance:
    """One utterance of a row's planned version."""

    row: int
    key: str
    pause_after_ms: int | None
    spec: JsonObject
    value_places: Sequence[Sequence[JsonValue]] | None
    """As `asset_utterances` keeps them."""


def placed_utterances(
    connection: Connection, campaign_id: CampaignId, rows: Collection[int]
) -> list[PlacedUtterance]:
    """Those of the planned versions of rows, in order."""
    query = (
        select(
            assets.c.row,
            utterances.c.key,
            asset_utterances.c.pause_after_ms,
            asset_utterances.c.value_places,
            utterances.c.spec,
        )
        .join(asset_utterances, PLANNED_PLACES)
        .join(utterances, utterances.c.key == asset_utterances.c.utterance_key)
        .where(assets.c.campaign_id == campaign_id, assets.c.row.in_(rows))
        .order_by(assets.c.row, asset_utterances.c.position)
    )
    return [PlacedUtterance(**row) for row in connection.execute(query).mappings()]


def add_places(connection: Connection, rows: Sequence[Row]) -> None:
    """Utterances of next versions, as `bulk.PLACE_COLUMNS`; nobody looks at them before `plan_added`."""
    insert_places(connection, rows)


def plan_added(connection: Connection, campaign_id: CampaignId) -> int:
    """Plan the next version of every asset that was given one; returns how many stored ones are made again.

    A stored version stays current until the new one is stored. What failed keeps its state: `retry` opens it.
    """
    ahead = exists().where(asset_utterances.c.asset_id == assets.c.id, asset_utterances.c.version == _next)
    given = and_(assets.c.campaign_id == campaign_id, ahead)
    characters = (
        select(func.coalesce(func.sum(utterances.c.characters), 0))
        .join(asset_utterances, asset_utterances.c.utterance_key == utterances.c.key)
        .where(asset_utterances.c.asset_id == assets.c.id, asset_utterances.c.version == _next)
        .scalar_subquery()
    )
    failed = given, assets.c.status.in_(BROKEN_ROWS)
    connection.execute(update(assets).where(*failed).values(planned_version=_next, characters=characters))
    stored = given, assets.c.status == RowStatus.STORED
    done = connection.execute(update(assets).where(*stored).values(characters=characters, **_open(_next)))
    return done.rowcount


def plan_same(connection: Connection, campaign_id: CampaignId) -> int:
    """A next version of every stored asset of a campaign, of the very same utterances; returns how many."""
    stored = and_(assets.c.campaign_id == campaign_id, assets.c.status == RowStatus.STORED)
    copy_places(connection, stored)
    done = connection.execute(update(assets).where(stored).values(**_open(_next)))
    return done.rowcount


def forget_sound(connection: Connection, campaign_id: CampaignId) -> dict[str, str]:
    """Make a campaign's stored utterances pending again, in its name; returns key -> sha256 of what they were."""
    needed = (
        select(asset_utterances.c.utterance_key)
        .join(
            assets,
            PLANNED_PLACES,
        )
        .where(assets.c.campaign_id == campaign_id, assets.c.status == RowStatus.PENDING)
    )
    stored = and_(utterances.c.key.in_(needed), utterances.c.status == RowStatus.STORED)
    hashes = dict(
        connection.execute(select(utterances.c.key, utterances.c.pcm_sha256).where(stored)).tuples().all()
    )
    connection.execute(
        update(utterances)
        .where(stored)
        .values(campaign_id=campaign_id, pcm_key=None, pcm_sha256=None, **leases.FRESH)
    )
    return {key: sha256 for key, sha256 in hashes.items() if sha256}


def start(connection: Connection, campaign_id: CampaignId) -> None:
    """Let workers see what was planned: what failed is tried again, each asset waits for what is missing."""
    needed = (
        select(asset_utterances.c.utterance_key)
        .join(assets, assets.c.id == asset_utterances.c.asset_id)
        .where(assets.c.campaign_id == campaign_id, assets.c.status == RowStatus.PENDING)
    )
    demand.reopen_broken(connection, needed, campaign_id)
    demand.set_watches(connection, assets.c.campaign_id == campaign_id)
    campaign_rows.move(connection, campaign_id, CampaignState.RUNNING)


def _open(version: ColumnElement[int] | int) -> dict[str, Any]:
    """A row that is to be made again."""
    return {"planned_version": version, "watch": None, "worker": None, "lease_until_ms": None} | leases.FRESH
