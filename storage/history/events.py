"""Events of campaigns, an outbox: written in the transaction that makes them true, delivered to each URL afterwards.

Ids, states and counts only. A delivery is claimed by raising its attempts, so that of several workers one sends it;
what became of it is said of that attempt and of no other. Without a problem and before its time it is in hand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, delete, insert, literal, select, update

from storage.clock import now_ms
from storage.names import CampaignId
from storage.records import JsonObject
from storage.tables import events, webhook_deliveries

ERASED = "objects.erased"
"""Its body has the `urls` that a CDN should purge."""
OLDEST_MS = 3 * 86_400_000
"""A URL that is added later is not told of older events."""
SENDER_LEASE_MS = 60_000
"""When a sender died, another one may send the delivery after this: longer than an attempt may take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One event on its way to one URL."""

    event_id: int
    url: str
    campaign_id: CampaignId
    kind: str
    body: JsonObject
    t_ms: int
    attempts: int
    """This one included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedDelivery:
    """How one event fares on its way to one URL."""

    event_id: int
    url: str
    attempts: int
    not_before_ms: int
    t_delivered_ms: int | None
    t_given_up_ms: int | None
    problem: str | None
    campaign_id: CampaignId
    kind: str
    t_ms: int

    @property
    def state(self) -> str:
        """`delivered`, `given up` or `waits`."""
        return "delivered" if self.t_delivered_ms else "given up" if self.t_given_up_ms else "waits"


def add(connection: Connection, campaign_id: CampaignId, kind: str, body: JsonObject) -> None:
    """One more event."""
    connection.execute(
        insert(events).values(campaign_id=campaign_id, kind=kind, body=dict(body), t_ms=now_ms())
    )


def address(connection: Connection, urls: Sequence[str]) -> None:
    """Plan the deliveries of events that are new."""
    for url in urls:
        addressed = select(webhook_deliveries.c.event_id).where(
            webhook_deliveries.c.event_id == events.c.id, webhook_deliveries.c.url == url
        )
        fresh = select(events.c.id, literal(url)).where(
            events.c.t_ms > now_ms() - OLDEST_MS, ~addressed.exists()
        )
        connection.execute(insert(webhook_deliveries).from_select(["event_id", "url"], fresh))


_waiting = and_(
    webhook_deliveries.c.t_delivered_ms.is_(None),
    webhook_deliveries.c.t_given_up_ms.is_(None),
    webhook_deliveries.c.not_before_ms <= now_ms(),
)


def due(connection: Connection, urls: Sequence[str]) -> list[str]:
    """Those URLs for which something can be claimed."""
    query = select(webhook_deliveries.c.url).where(_waiting, webhook_deliveries.c.url.in_(urls)).distinct()
    return list(connection.scalars(query))


def claim(connection: Connection, url: str, *, after: int = 0) -> Delivery | None:
    """The oldest delivery that is due for a URL, of events after `after`: now this sender's for `SENDER_LEASE_MS`."""
    query = (
        select(
            webhook_deliveries.c.event_id,
            webhook_deliveries.c.url,
            webhook_deliveries.c.attempts,
            events.c.campaign_id,
            events.c.kind,
            events.c.body,
            events.c.t_ms,
        )
        .join(events, events.c.id == webhook_deliveries.c.event_id)
        .where(_waiting, webhook_deliveries.c.url == url)
        .order_by(webhook_deliveries.c.event_id)
        .limit(1)
    )
    while True:
        row = connection.execute(query.where(webhook_deliveries.c.event_id > after)).one_or_none()
        if row is None:
            return None
        mine = connection.execute(
            update(webhook_deliveries)
            .where(_of(row.event_id, row.url), _waiting, webhook_deliveries.c.attempts == row.attempts)
            .values(attempts=row.attempts + 1, not_before_ms=now_ms() + SENDER_LEASE_MS, problem=None)
        )
        if mine.rowcount == 1:
            return Delivery(**{**row._mapping, "attempts": row.attempts + 1})
        after = row.event_id  # another sender was quicker


def delivered(connection: Connection, delivery: Delivery) -> None:
    """It arrived, which stays true whoever has claimed it since. Once all know of an erasure, its URLs go."""
    connection.execute(
        update(webhook_deliveries)
        .where(_of(delivery.event_id, delivery.url))
        .values(t_delivered_ms=now_ms(), t_given_up_ms=None, problem=None)
    )
    waiting = select(webhook_deliveries.c.url).where(
        webhook_deliveries.c.event_id == delivery.event_id, webhook_deliveries.c.t_delivered_ms.is_(None)
    )
    if delivery.kind == ERASED and connection.execute(waiting.limit(1)).first() is None:
        kept = {name: value for name, value in delivery.body.items() if name != "urls"}
        connection.execute(update(events).where(events.c.id == delivery.event_id).values(body=kept))


def not_delivered(
    connection: Connection, delivery: Delivery, problem: str, *, again_after_ms: int | None
) -> None:
    """It did not arrive; `again_after_ms` None gives up. Nothing, where another sender has it by now."""
    values: dict[str, Any] = {"problem": problem}
    if again_after_ms is None:
        values["t_given_up_ms"] = now_ms()
    else:
        values["not_before_ms"] = now_ms() + again_after_ms
    connection.execute(
        update(webhook_deliveries)
        .where(
            _of(delivery.event_id, delivery.url),
            webhook_deliveries.c.attempts == delivery.attempts,
            webhook_deliveries.c.t_delivered_ms.is_(None),
        )
        .values(**values)
    )


def try_again(connection: Connection) -> int:
    """Open every delivery that was given up or waits; returns how many. What a sender has in hand is its own."""
    is_in_hand = and_(
        webhook_deliveries.c.problem.is_(None),
        webhook_deliveries.c.t_given_up_ms.is_(None),
        webhook_deliveries.c.not_before_ms > now_ms(),
    )
    return connection.execute(
        update(webhook_deliveries)
        .where(webhook_deliveries.c.t_delivered_ms.is_(None), ~is_in_hand)
        .values(attempts=0, not_before_ms=0, t_given_up_ms=None)
    ).rowcount


def forget(connection: Connection, *, before_ms: int) -> int:
    """Drop events, and their deliveries, of before a time; returns how many."""
    return connection.execute(delete(events).where(events.c.t_ms < before_ms)).rowcount


def recent(connection: Connection, *, limit: int = 20) -> list[PlannedDelivery]:
    """The newest deliveries."""
    query = (
        select(webhook_deliveries, events.c.campaign_id, events.c.kind, events.c.t_ms)
        .join(events, events.c.id == webhook_deliveries.c.event_id)
        .order_by(webhook_deliveries.c.event_id.desc())
        .limit(limit)
    )
    return [PlannedDelivery(**row) for row in connection.execute(query).mappings()]


def _of(event_id: int, url: str) -> ColumnElement[bool]:
    return and_(webhook_deliveries.c.event_id == event_id, webhook_deliveries.c.url == url)
