"""Who needs which utterance: what an asset waits for, and in which campaign's name a shared utterance is made.

Utterances are made once for all campaigns. Each belongs to one running campaign that needs it, in whose turn it is
claimed; when that one stops, another that needs it takes it over.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, Connection, Select, Update, case, func, select, true, update

from storage.names import CampaignId
from storage.queue import leases
from storage.tables import (
    BROKEN_ROWS,
    LANE_RANK,
    OPEN_ROWS,
    CampaignState,
    Lane,
    RowStatus,
    asset_utterances,
    assets,
    campaigns,
    utterances,
)

SHARED_FIRST = 1 << 40
"""Taken off the rank of an utterance that several assets share, so that it is made before all others."""


def put_shared_first(connection: Connection, keys: Select[tuple[str]]) -> None:
    """Of `keys` (one for each place in an asset), those with several places are made before all others."""
    shared = keys.group_by(asset_utterances.c.utterance_key).having(func.count() > 1)
    connection.execute(
        update(utterances)
        .where(utterances.c.key.in_(shared), utterances.c.status == RowStatus.PENDING, utterances.c.rank >= 0)
        .values(rank=utterances.c.rank - SHARED_FIRST)
    )


def reopen_broken(connection: Connection, keys: Select[tuple[str]], campaign_id: CampaignId) -> None:
    """A new need is a new chance: what failed for an earlier campaign is tried again."""
    connection.execute(
        update(utterances)
        .where(utterances.c.key.in_(keys), utterances.c.status.in_(BROKEN_ROWS))
        .values(campaign_id=campaign_id, **leases.FRESH)
    )


def set_watches(connection: Connection, which: ColumnElement[bool]) -> None:
    """Point pending assets at the last of their utterances that is not stored yet, or at nothing."""
    connection.execute(watch_statement(which))


def watch_statement(which: ColumnElement[bool]) -> Update:
    """The statement of `set_watches`."""
    missing = (
        select(asset_utterances.c.utterance_key)
        .join(utterances, utterances.c.key == asset_utterances.c.utterance_key)
        .where(
            asset_utterances.c.asset_id == assets.c.id,
            asset_utterances.c.version == assets.c.planned_version,
            utterances.c.status != RowStatus.STORED,
        )
        .order_by(utterances.c.rank.desc())
        .limit(1)
        .correlate(assets)
        .scalar_subquery()
    )
    return update(assets).where(assets.c.status == RowStatus.PENDING, which).values(watch=missing)


def adopt(
    connection: Connection, campaign_id: CampaignId, lane: Lane, *, which: ColumnElement[bool] | None = None
) -> None:
    """Take over what a campaign, or `which` of its assets, needs from others that do not run or are less urgent."""
    needed = (
        select(asset_utterances.c.utterance_key)
        .join(assets, assets.c.id == asset_utterances.c.asset_id)
        .where(assets.c.campaign_id == campaign_id, assets.c.status.in_(OPEN_ROWS))
        .where(true() if which is None else which)
    )
    as_urgent = [name for name, rank in LANE_RANK.items() if rank <= LANE_RANK[lane]]
    well_served = select(campaigns.c.id).where(
        campaigns.c.state == CampaignState.RUNNING, campaigns.c.lane.in_(as_urgent)
    )
    connection.execute(
        update(utterances)
        .where(
            utterances.c.key.in_(needed),
            utterances.c.status == RowStatus.PENDING,
            utterances.c.campaign_id.not_in(well_served),
        )
        .values(campaign_id=campaign_id)
    )


def hand_over(connection: Connection, campaign_id: CampaignId) -> None:
    """Let other running campaigns take over what this one no longer asks for."""
    needer = (
        select(campaigns.c.id)
        .join(assets, assets.c.campaign_id == campaigns.c.id)
        .join(asset_utterances, asset_utterances.c.asset_id == assets.c.id)
        .where(
            asset_utterances.c.utterance_key == utterances.c.key,
            assets.c.status.in_(OPEN_ROWS),
            campaigns.c.state == CampaignState.RUNNING,
            campaigns.c.id != campaign_id,
        )
        .order_by(lane_rank(), campaigns.c.number)
        .limit(1)
        .correlate(utterances)
    )
    others = select(campaigns.c.id).where(
        campaigns.c.state == CampaignState.RUNNING, campaigns.c.id != campaign_id
    )
    if connection.execute(others.limit(1)).first() is None:
        return
    connection.execute(
        update(utterances)
        .where(
            utterances.c.campaign_id == campaign_id,
            utterances.c.status == RowStatus.PENDING,
            needer.exists(),
        )
        .values(campaign_id=needer.scalar_subquery())
    )


def lane_rank() -> ColumnElement[int]:
    """SQL: a campaign's lane as a number, lower is more urgent."""
    return case(LANE_RANK, value=campaigns.c.lane, else_=len(LANE_RANK))
