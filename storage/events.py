"""Events of campaigns: what webhooks tell. Ids, states and counts only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, insert

from storage.clock import now_ms
from storage.tables import events


def add(connection: Connection, campaign_id: str, kind: str, body: Mapping[str, Any]) -> None:
    """One more; delivered by whoever works next, in the order of their numbers."""
    connection.execute(
        insert(events).values(campaign_id=campaign_id, kind=kind, body=dict(body), t_ms=now_ms())
    )
