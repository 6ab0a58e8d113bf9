"""Who listens to sound that is being made: addresses of services that stream a preview as it is spoken."""

from __future__ import annotations

from sqlalchemy import Connection, delete, insert, select

from storage.clock import now_ms
from storage.names import CampaignId
from storage.tables import listeners


def add(connection: Connection, campaign_id: CampaignId, url: str) -> None:
    """Send the PCM of a campaign's utterances to `url` from now on."""
    connection.execute(insert(listeners).values(campaign_id=campaign_id, url=url, t_ms=now_ms()))


def of(connection: Connection, campaign_id: CampaignId) -> list[str]:
    """Where a campaign's sound is wanted."""
    return list(connection.scalars(select(listeners.c.url).where(listeners.c.campaign_id == campaign_id)))


def remove(connection: Connection, campaign_id: CampaignId, url: str) -> None:
    """Stop sending. No error when nobody listened."""
    connection.execute(
        delete(listeners).where(listeners.c.campaign_id == campaign_id, listeners.c.url == url)
    )


def forget(connection: Connection, campaign_id: CampaignId) -> None:
    """Whoever still listens to a campaign that ended hears nothing more."""
    connection.execute(delete(listeners).where(listeners.c.campaign_id == campaign_id))
