"""Held campaigns that start by themselves, at a time."""

from __future__ import annotations

from sqlalchemy import Connection, select, update

from storage.clock import now_ms
from storage.names import CampaignId
from storage.queue import campaigns as campaign_rows
from storage.tables import CampaignState, campaigns


def due(connection: Connection) -> list[CampaignId]:
    """Held campaigns whose time to start has come, by the database's clock."""
    query = (
        select(campaigns.c.id)
        .where(campaigns.c.state == CampaignState.VALIDATED, campaigns.c.t_start_ms <= now_ms())
        .order_by(campaigns.c.number)
    )
    return list(connection.scalars(query))


def hold_until(connection: Connection, campaign_id: CampaignId, start_at_ms: int) -> bool:
    """Let a held campaign start by itself then; whether it is held."""
    held = (campaigns.c.id == campaign_id) & (campaigns.c.state == CampaignState.VALIDATED)
    done = connection.execute(update(campaigns).where(held).values(t_start_ms=start_at_ms))
    return bool(done.rowcount)


def start_if_due(connection: Connection, campaign_id: CampaignId) -> bool:
    """Start a held campaign whose time has come, unless somebody else moved it meanwhile; whether it did."""
    held = select(campaigns.c.id).where(campaigns.c.id == campaign_id).with_for_update()
    connection.execute(held)
    if campaign_id not in due(connection):
        return False
    campaign_rows.move(connection, campaign_id, CampaignState.RUNNING)
    return True
