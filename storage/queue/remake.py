"""New versions of assets: planned again with other utterances or with the same, while the old ones stay as they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, and_, delete, exists, func, insert, literal, select, update

from storage.queue import campaigns as campaign_rows
from storage.queue import demand, leases
from storage.queue.bulk import Row, insert_rows
from storage.tables import BROKEN_ROWS, CampaignState, RowStatus, asset_utterances, assets, utterances

PLACE_COLUMNS = ("asset_id", "version", "position", "utterance_key", "pause_after_ms")

_next = assets.c.planned_version + 1


def forget_plans(connection: Connection, campaign_id: str) -> None:
    """Drop what an interrupted `add_places` left: places beyond each asset's planned version."""
    ahead = (
        select(assets.c.id)
        .where(assets.c.campaign_id == campaign_id, assets.c.id == asset_utterances.c.asset_id)
        .where(asset_utterances.c.version > assets.c.planned_version)
    )
    connection.execute(delete(asset_utterances).where(ahead.exists()))


def add_places(connection: Connection, rows: Sequence[Row]) -> None:
    """Utterances of next versions, as `PLACE_COLUMNS`; nobody looks at them before `take_up`."""
    insert_rows(connection, asset_utterances, PLACE_COLUMNS, rows)


def take_up(connection: Connection, campaign_id: str) -> int:
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
    done = connection.execute(update(assets).where(stored).values(**_open(_next)))
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
    demand.reopen_broken(connection, needed, campaign_id)
    demand.set_watches(connection, assets.c.campaign_id == campaign_id)
    campaign_rows.move(connection, campaign_id, CampaignState.RUNNING)


def _open(version: Any) -> dict[str, Any]:
    """A row that is to be made again."""
    return {"planned_version": version, "watch": None, "worker": None, "lease_until_ms": None} | leases.FRESH
