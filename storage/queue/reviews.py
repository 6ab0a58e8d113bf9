"""Listening reviews: what a person said of a file, and the next take of what was rejected."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import JsonValue
from sqlalchemy import Connection, func, insert, select, update

from storage.clock import now_ms
from storage.names import CampaignId
from storage.queue import leases
from storage.queue.bulk import insert_places, insert_utterances
from storage.records import JsonObject
from storage.session import UTTERANCES_LOCK, shared_lock
from storage.tables import (
    PLANNED_PLACES,
    REMAKEABLE_ROWS,
    RowStatus,
    asset_utterances,
    asset_versions,
    assets,
    recipients,
    reviews,
    utterances,
)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class TakePlace:
    """One utterance of a row's planned version."""

    asset_id: int
    version: int
    position: int
    pause_after_ms: int | None
    value_places: Sequence[Sequence[JsonValue]] | None
    """As `asset_utterances` keeps them."""
    voice: str | None
    """What the brief's `presets` calls the row's preset; None: the campaign's own."""
    rank: int
    spec: JsonObject
    preset: str
    pin_id: str
    engine: str
    engine_revision: int
    characters: int


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


def places(connection: Connection, campaign_id: CampaignId, rows: Collection[int]) -> list[TakePlace]:
    """The utterances of the planned versions of rows, in order."""
    query = (
        select(
            asset_utterances.c.asset_id,
            asset_utterances.c.version,
            asset_utterances.c.position,
            asset_utterances.c.pause_after_ms,
            asset_utterances.c.value_places,
            recipients.c.voice,
            *(
                utterances.c[name]
                for name in TakePlace.__slots__
                if name in utterances.c and name != "position"
            ),
        )
        .join(
            assets,
            PLANNED_PLACES,
        )
        .join(
            recipients,
            (recipients.c.campaign_id == assets.c.campaign_id) & (recipients.c.row == assets.c.row),
        )
        .join(utterances, utterances.c.key == asset_utterances.c.utterance_key)
        .where(assets.c.campaign_id == campaign_id, assets.c.row.in_(rows))
        .order_by(asset_utterances.c.asset_id, asset_utterances.c.position)
    )
    return [TakePlace(**row) for row in connection.execute(query).mappings()]


def plan_takes(
    connection: Connection,
    campaign_id: CampaignId,
    takes: Sequence[tuple[TakePlace, str, JsonObject]],
) -> int:
    """Plan the next version of each asset with other takes: (place, key, spec). Returns how many assets."""
    shared_lock(connection, UTTERANCES_LOCK)
    rows = {
        key: (
            key,
            campaign_id,
            RowStatus.PENDING,
            place.rank,
            spec,
            place.preset,
            place.pin_id,
            place.engine,
            place.engine_revision,
            place.characters,
        )
        for place, key, spec in takes
    }
    insert_utterances(connection, list(rows.values()))
    insert_places(
        connection,
        [
            (place.asset_id, place.version + 1, place.position, key, place.pause_after_ms, place.value_places)
            for place, key, _ in takes
        ],
    )
    ids = {place.asset_id for place, _, _ in takes}
    planned = connection.execute(
        update(assets)
        .where(assets.c.id.in_(ids), assets.c.status.in_(REMAKEABLE_ROWS))
        .values(
            planned_version=assets.c.planned_version + 1,
            watch=None,
            worker=None,
            lease_until_ms=None,
            **leases.FRESH,
        )
    )
    return planned.rowcount


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
