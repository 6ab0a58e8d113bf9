"""Recipients as they were submitted: what a replay, a preview and an explanation read. Personal data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, select

from storage.names import CampaignId
from storage.tables import recipients


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """One row of a campaign; erased ones have no id, fields or script."""

    row: int
    external_id: str | None
    locale: str
    fields: Mapping[str, str] | None
    script: str | None
    """Rendered, before normalisation; None for a row that failed before it was."""


def page(connection: Connection, campaign_id: CampaignId, *, after: int, limit: int) -> list[Recipient]:
    """Up to `limit` rows after row `after`, in order."""
    query = (
        select(
            recipients.c.row,
            recipients.c.external_id,
            recipients.c.locale,
            recipients.c.fields,
            recipients.c.script,
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
