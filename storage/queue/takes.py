"""Takes: the same words said anew, with other seeds, as the next version of an asset."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import Connection, select, update

from storage.names import CampaignId
from storage.queue import demand, leases
from storage.queue.bulk import insert_places, insert_utterances
from storage.queue.next_versions import forget_ahead
from storage.records import PlannedTake, TakePlace
from storage.session import UTTERANCES_LOCK, shared_lock
from storage.tables import (
    PLANNED_PLACES,
    REMAKEABLE_ROWS,
    RowStatus,
    asset_utterances,
    assets,
    campaigns,
    recipients,
    utterances,
)


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
    takes: Sequence[PlannedTake],
) -> int:
    """Plan the next version of each asset that has ended with other takes. Returns how many assets.

    What an interrupted plan left beyond the planned version is dropped.
    """
    shared_lock(connection, UTTERANCES_LOCK)
    ids = {one.place.asset_id for one in takes}
    forget_ahead(connection, assets.c.id.in_(ids))
    rows = {
        one.key: (
            one.key,
            campaign_id,
            RowStatus.PENDING,
            one.place.rank,
            one.spec,
            one.place.preset,
            one.place.pin_id,
            one.place.engine,
            one.place.engine_revision,
            one.place.characters,
        )
        for one in sorted(takes, key=lambda one: one.key)
    }
    insert_utterances(connection, list(rows.values()))
    insert_places(
        connection,
        [
            (
                one.place.asset_id,
                one.place.version + 1,
                one.place.position,
                one.key,
                one.place.pause_after_ms,
                one.place.value_places,
            )
            for one in takes
        ],
    )
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


def plan_at_work(connection: Connection, campaign_id: CampaignId, takes: Sequence[PlannedTake]) -> None:
    """`plan_takes` within a campaign that runs: its rows wait for what is missing of them, and are made."""
    plan_takes(connection, campaign_id, takes)
    mine = assets.c.id.in_({one.place.asset_id for one in takes})
    needed = select(utterances.c.key).where(utterances.c.key.in_({one.key for one in takes}))
    lane = connection.execute(select(campaigns.c.lane).where(campaigns.c.id == campaign_id)).scalar_one()
    demand.reopen_broken(connection, needed, campaign_id)
    demand.set_watches(connection, mine)
    demand.adopt(connection, campaign_id, lane, which=mine)
