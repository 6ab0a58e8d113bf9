"""The installation's own opt-out list, and what it stops: rows of any campaign that are not delivered yet.

add              from its commit on nobody claims a row of the person
stop_everywhere  in the next transaction: none of their open rows becomes a file, whoever has it in hand
stop             open rows of a campaign, when it becomes visible: they were read before somebody opted out
stop_claimed     of claimed rows, those whose person opted out before
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    Select,
    and_,
    case,
    delete,
    func,
    insert,
    null,
    select,
    update,
)

from storage.clock import now_ms
from storage.names import CampaignId
from storage.queue import campaigns as campaign_rows
from storage.session import exclusive_lock
from storage.tables import (
    OPEN_ROWS,
    RowStatus,
    SuppressionChange,
    assets,
    campaigns,
    recipients,
    suppression_log,
    suppressions,
)

OPTED_OUT = "opted-out"
"""The code of a row whose person is on the installation's list."""
LOOKED_UP_AT_ONCE = 500
LIST_LOCK = "suppressions"
"""Whoever puts persons on the list holds it, and whoever delivers what no worker does."""
Looked = TypeVar("Looked")
_OF_RECIPIENT = and_(recipients.c.campaign_id == assets.c.campaign_id, recipients.c.row == assets.c.row)
_is_delivered = assets.c.current_version.is_not(None)
_STOPPED = {
    "status": case((_is_delivered, RowStatus.STORED.value), else_=RowStatus.SUPPRESSED.value),
    "planned_version": func.coalesce(assets.c.current_version, assets.c.planned_version),
    "code": case((_is_delivered, null()), else_=OPTED_OUT),
    "reason": None,
    "watch": None,
    "worker": None,
    "lease_until_ms": None,
}
"""A row whose next version was being made keeps the one that was delivered, and gets no other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OptOut:
    """One person that nobody speaks to."""

    person: str
    """`storage.persons.person_hash`."""
    external_id: str | None
    """As it came; None where only the hash is kept."""
    source: str
    """The list's name, or what was said."""
    actor: str
    t_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OptOutChange(OptOut):
    """One line of the log."""

    change: SuppressionChange


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped:
    """What an opt-out met."""

    rows: Mapping[CampaignId, int]
    """Rows that will not be delivered, by campaign."""
    delivered: int
    """Files that were delivered before."""


def add(connection: Connection, opt_outs: Mapping[str, str | None], *, source: str, actor: str) -> int:
    """Put persons (hash to id, or None for the hash alone) on the list; how many are new. Commit, then stop them.

    Who is there already and is given without an id is kept without one from now on.
    """
    exclusive_lock(connection, LIST_LOCK)
    there = among(connection, opt_outs)
    fresh = [
        {"person": person, "external_id": external_id, "source": source, "actor": actor}
        for person, external_id in opt_outs.items()
        if person not in there
    ]
    if fresh:
        connection.execute(insert(suppressions).values(t_ms=now_ms()), fresh)
        connection.execute(
            insert(suppression_log).values(t_ms=now_ms(), change=SuppressionChange.ADDED), fresh
        )
    for person in there:
        if opt_outs[person] is None:
            forget_id(connection, person)
    return len(fresh)


def stop_everywhere(connection: Connection, persons: Sequence[str]) -> Stopped:
    """Suppress every open row of persons who are on the list; in a transaction of its own, after that of `add`.

    Waits for claims and commits under way, as `pause` does: they hold the campaign's row in share mode. A row that is
    published or claimed from now on is stopped there: whoever does so sees the list.
    """
    touched: set[CampaignId] = set()
    for part in _parts(persons):
        still_open = assets.c.id.in_(_assets_of(part)), assets.c.status.in_(OPEN_ROWS)
        touched.update(connection.scalars(select(assets.c.campaign_id).where(*still_open).distinct()))
    held = select(campaigns.c.id).where(campaigns.c.id.in_(touched)).order_by(campaigns.c.id)
    connection.execute(held.with_for_update()).all()
    stopped: Counter[CampaignId] = Counter()
    delivered = 0
    for part in _parts(persons):
        theirs = assets.c.id.in_(_assets_of(part))
        gone = update(assets).where(theirs, assets.c.status.in_(OPEN_ROWS)).values(**_STOPPED)
        stopped.update(connection.scalars(gone.returning(assets.c.campaign_id)))
        files = select(func.count()).select_from(assets).where(theirs, assets.c.status == RowStatus.STORED)
        delivered += connection.execute(files).scalar_one()
    for campaign_id in stopped:
        campaign_rows.settle(connection, campaign_id)
    return Stopped(rows=stopped, delivered=delivered)


def _assets_of(persons: Sequence[str]) -> Select[tuple[int]]:
    """Their ids, which say campaign and row (`campaigns.asset_id`): found by persons, without a look at other rows."""
    return (
        select(campaigns.c.number * (1 << 32) + recipients.c.row)
        .join(campaigns, campaigns.c.id == recipients.c.campaign_id)
        .where(recipients.c.person.in_(persons))
    )


def stop(connection: Connection, campaign_id: CampaignId) -> int:
    """Suppress the open rows of a campaign whose persons are on the list; returns how many."""
    return connection.execute(
        update(assets)
        .where(assets.c.campaign_id == campaign_id, assets.c.status.in_(OPEN_ROWS), _is_listed())
        .values(**_STOPPED)
    ).rowcount


def stop_claimed(connection: Connection, ids: Collection[int], *, worker: str) -> set[int]:
    """Suppress those of a worker's claimed assets whose persons are on the list; returns their ids."""
    mine = assets.c.id.in_(ids), assets.c.status == RowStatus.CLAIMED, assets.c.worker == worker
    done = connection.execute(
        update(assets).where(*mine, _is_listed()).values(**_STOPPED).returning(assets.c.id)
    )
    return set(done.scalars())


def _is_listed() -> ColumnElement[bool]:
    listed = (
        select(suppressions.c.person)
        .join(recipients, recipients.c.person == suppressions.c.person)
        .where(_OF_RECIPIENT)
    )
    return listed.correlate(assets).exists()


def remove(connection: Connection, persons: Collection[str], *, source: str, actor: str) -> int:
    """Take persons off the list; returns how many were on it. What was stopped stays so."""
    removed = 0
    for part in _parts(list(persons)):
        gone = connection.execute(
            delete(suppressions)
            .where(suppressions.c.person.in_(part))
            .returning(suppressions.c.person, suppressions.c.external_id)
        ).all()
        rows = [
            {"person": row.person, "external_id": row.external_id, "source": source, "actor": actor}
            for row in gone
        ]
        if rows:
            connection.execute(
                insert(suppression_log).values(t_ms=now_ms(), change=SuppressionChange.REMOVED), rows
            )
        removed += len(rows)
    return removed


def among(connection: Connection, persons: Collection[str]) -> set[str]:
    """Which of these persons are on the list."""
    found: set[str] = set()
    for part in _parts(list(persons)):
        found.update(connection.scalars(select(suppressions.c.person).where(suppressions.c.person.in_(part))))
    return found


def rows_among(connection: Connection, campaign_id: CampaignId, rows: Collection[int]) -> set[int]:
    """Which of these rows of a campaign are of persons who are on the list."""
    found: set[int] = set()
    for part in _parts(list(rows)):
        query = (
            select(recipients.c.row)
            .join(suppressions, suppressions.c.person == recipients.c.person)
            .where(recipients.c.campaign_id == campaign_id, recipients.c.row.in_(part))
        )
        found.update(connection.scalars(query))
    return found


def count(connection: Connection) -> int:
    """How many persons are on the list."""
    number: int = connection.execute(select(func.count()).select_from(suppressions)).scalar_one()
    return number


def listed(connection: Connection, *, after: str = "", limit: int | None = None) -> list[OptOut]:
    """The list in the order of its hashes, after one of them."""
    query = select(suppressions).where(suppressions.c.person > after).order_by(suppressions.c.person)
    rows = connection.execute(query if limit is None else query.limit(limit)).mappings()
    return [OptOut(**row) for row in rows]


def log(connection: Connection, *, after: int = 0, limit: int = 1000) -> list[tuple[int, OptOutChange]]:
    """What was done to the list, oldest first, each with its number."""
    query = select(suppression_log).where(suppression_log.c.id > after).order_by(suppression_log.c.id)
    return [(row["id"], _change(row)) for row in connection.execute(query.limit(limit)).mappings()]


def newest(connection: Connection, *, limit: int) -> list[OptOutChange]:
    """What was done to the list last, oldest first."""
    query = select(suppression_log).order_by(suppression_log.c.id.desc()).limit(limit)
    return [_change(row) for row in connection.execute(query).mappings()][::-1]


def _change(row: RowMapping) -> OptOutChange:
    values = {name: value for name, value in row.items() if name != "id"}
    return OptOutChange(**values | {"change": SuppressionChange(row["change"])})


def forget_id(connection: Connection, person: str) -> bool:
    """Keep a person's hash alone: the opt-out stays, the id goes; whether there was one."""
    gone = 0
    for table in (suppressions, suppression_log):
        with_id = table.c.person == person, table.c.external_id.is_not(None)
        gone += connection.execute(update(table).where(*with_id).values(external_id=None)).rowcount
    return bool(gone)


def _parts(wanted: Sequence[Looked]) -> Iterator[Sequence[Looked]]:
    for start in range(0, len(wanted), LOOKED_UP_AT_ONCE):
        yield wanted[start : start + LOOKED_UP_AT_ONCE]
