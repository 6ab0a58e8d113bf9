"""Recipients as they were submitted: what a replay, a preview and an explanation read. Personal data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, select, update

from storage.names import CampaignId
from storage.persons import person_hash
from storage.session import Database
from storage.tables import campaigns, recipients


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """One row of a campaign; erased ones have no id, fields or script."""

    row: int
    external_id: str | None
    locale: str
    fields: Mapping[str, str] | None
    script: str | None
    """Rendered, before normalisation; None for a row that failed before it was."""
    voice: str | None
    """What the brief's `presets` calls the row's preset; None: the campaign's own."""


FILLED_AT_ONCE = 1000


def fill_persons(database: Database, secret: bytes) -> int:
    """Say who the rows are that were written before that was kept, of campaigns that have not ended; how many."""
    filled = 0
    while True:
        with database.write() as connection:
            rows = connection.execute(
                select(recipients.c.campaign_id, recipients.c.row, recipients.c.external_id)
                .join(campaigns, campaigns.c.id == recipients.c.campaign_id)
                .where(campaigns.c.t_finished_ms.is_(None), recipients.c.person.is_(None))
                .where(recipients.c.external_id.is_not(None), recipients.c.external_id != "")
                .limit(FILLED_AT_ONCE)
            ).all()
            for row in rows:
                connection.execute(
                    update(recipients)
                    .where(recipients.c.campaign_id == row.campaign_id, recipients.c.row == row.row)
                    .values(person=person_hash(secret, row.external_id))
                )
        filled += len(rows)
        if len(rows) < FILLED_AT_ONCE:
            return filled


def page(connection: Connection, campaign_id: CampaignId, *, after: int, limit: int) -> list[Recipient]:
    """Up to `limit` rows after row `after`, in order."""
    query = (
        select(
            recipients.c.row,
            recipients.c.external_id,
            recipients.c.locale,
            recipients.c.fields,
            recipients.c.script,
            recipients.c.voice,
        )
        .where(recipients.c.campaign_id == campaign_id, recipients.c.row > after)
        .order_by(recipients.c.row)
        .limit(limit)
    )
    return [Recipient(**row) for row in connection.execute(query).mappings()]


def scripts(connection: Connection, campaign_id: CampaignId) -> dict[int, str | None]:
    """Row to script, of a small campaign."""
    query = select(recipients.c.row, recipients.c.script).where(recipients.c.campaign_id == campaign_id)
    return dict(connection.execute(query).tuples().all())
