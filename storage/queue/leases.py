"""Work rows with leases: claim, renew, release, expire. One mechanism, two kinds of work.

A claim names a worker, raises `attempt` (the fence: a commit must name it) and sets a lease on the database's
clock. A row whose lease ran out is a *suspect*: maybe it killed its worker. Suspects are claimed apart from
fresh rows, in groups half as large as the claim they died in, at last alone; only deaths alone count towards
quarantine, so that a poison row never takes its neighbours along. Giving rows back counts for nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Table, and_, case, func, or_, select, true, update

from storage.clock import now_ms
from storage.names import CampaignId
from storage.records import Claim, Failure
from storage.tables import RowStatus, assets, utterances

LONGEST_DELAY_MS = 600_000
"""No row is put off for longer: one that is was put off before the database's clock was set back."""
LONGEST_LEASES = 10
"""A lease that ends so many leases from now was given before the clock was set back."""
DEATHS_TO_QUARANTINE = 3
"""Workers that a row may kill, alone, before it is set aside."""


FRESH = {
    "status": RowStatus.PENDING,
    "retries": 0,
    "expiries": 0,
    "deaths_alone": 0,
    "not_before_ms": 0,
    "code": None,
    "reason": None,
}
"""What a row becomes that gets a new chance."""


@dataclass(frozen=True, slots=True)
class Work:
    """One kind of work row."""

    table: Table
    key: Column[Any]
    order: Column[Any]
    ready: ColumnElement[bool]
    """What a pending row must be beyond pending."""


UTTERANCES = Work(utterances, utterances.c.key, utterances.c.rank, utterances.c.status == RowStatus.PENDING)
ASSETS = Work(
    assets, assets.c.id, assets.c.id, and_(assets.c.status == RowStatus.PENDING, assets.c.watch.is_(None))
)


def claim(
    connection: Connection, work: Work, *, campaign_id: CampaignId, worker: str, lease_ms: int, limit: int
) -> list[Claim]:
    """Take up to `limit` fresh rows of a campaign, most urgent first."""
    return _take(connection, work, campaign_id, worker, lease_ms, limit, work.table.c.expiries == 0)


def is_waiting(connection: Connection, work: Work, *, campaign_id: CampaignId) -> bool:
    """Whether a campaign has rows to claim, suspects or not."""
    waiting = select(work.key).where(work.ready, work.table.c.campaign_id == campaign_id).limit(1)
    return connection.execute(waiting).first() is not None


def claim_suspects(
    connection: Connection, work: Work, *, campaign_id: CampaignId, worker: str, lease_ms: int
) -> list[Claim]:
    """Take the next group of suspects: half of the claim they died in, at last one alone.

    The caller must hold nothing else meanwhile, so that a death says something about these rows.
    """
    table = work.table
    first = connection.execute(
        select(table.c.claimed_with)
        .where(work.ready, table.c.campaign_id == campaign_id, table.c.expiries > 0)
        .where(_is_due(table))
        .order_by(table.c.claimed_with.desc(), work.order)
        .limit(1)
    ).scalar_one_or_none()
    if first is None:
        return []
    same_group = and_(table.c.expiries > 0, table.c.claimed_with == first)
    return _take(connection, work, campaign_id, worker, lease_ms, max(1, first // 2), same_group)


def _is_due(table: Table) -> ColumnElement[bool]:
    """Whether a row's delay is over; one from before the clock was set back is."""
    return or_(table.c.not_before_ms <= now_ms(), table.c.not_before_ms > now_ms() + LONGEST_DELAY_MS)


def _take(
    connection: Connection,
    work: Work,
    campaign_id: CampaignId,
    worker: str,
    lease_ms: int,
    limit: int,
    which: ColumnElement[bool],
) -> list[Claim]:
    table = work.table
    keys = list(
        connection.scalars(
            select(work.key)
            .where(work.ready, table.c.campaign_id == campaign_id, which)
            .where(_is_due(table))
            .order_by(work.order)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
    )
    if not keys:
        return []
    taken = connection.execute(
        update(table)
        .where(work.key.in_(keys))
        .values(
            status=RowStatus.CLAIMED,
            attempt=table.c.attempt + 1,
            worker=worker,
            lease_until_ms=now_ms() + lease_ms,
            claimed_with=len(keys),
        )
        .returning(work.key, table.c.attempt)
    )
    attempts: dict[Any, int] = dict(taken.tuples().all())
    return [Claim(key, attempts[key]) for key in keys]


def renew(connection: Connection, work: Work, keys: Sequence[Any], *, worker: str, lease_ms: int) -> int:
    """Extend the leases of these rows; returns how many were extended.

    Rows that a commit holds just now are left out: waiting for one that stands still could cost the others.
    """
    table = work.table
    ours = (work.key.in_(keys), table.c.status == RowStatus.CLAIMED, table.c.worker == worker)
    free = list(connection.scalars(select(work.key).where(*ours).with_for_update(skip_locked=True)))
    if not free:
        return 0
    result = connection.execute(
        update(table).where(work.key.in_(free)).values(lease_until_ms=now_ms() + lease_ms)
    )
    return result.rowcount


def fence(work: Work, claim: Claim, worker: str) -> ColumnElement[bool]:
    """The fence: this row, still claimed by this worker in this attempt."""
    table = work.table
    return and_(
        work.key == claim.key,
        table.c.attempt == claim.attempt,
        table.c.worker == worker,
        table.c.status == RowStatus.CLAIMED,
    )


def end_claim(
    connection: Connection, work: Work, claim: Claim, values: Mapping[str, object], *, worker: str
) -> bool:
    """Write a row, if it is still ours, and let go of it."""
    result = connection.execute(
        update(work.table)
        .where(fence(work, claim, worker))
        .values({**values, "worker": None, "lease_until_ms": None})
    )
    return result.rowcount == 1


def release(connection: Connection, work: Work, claims: Sequence[Claim], *, worker: str) -> int:
    """Give rows back untouched; counts for nothing. Rows that are no longer ours are left alone."""
    pending = {"status": RowStatus.PENDING}
    return sum(end_claim(connection, work, claim, pending, worker=worker) for claim in claims)


def fail(connection: Connection, work: Work, failures: Sequence[Failure], *, worker: str) -> list[Failure]:
    """Fail rows for good; returns those that were still ours."""
    failed = {"status": RowStatus.FAILED}
    return [
        failure
        for failure in failures
        if end_claim(
            connection,
            work,
            failure.claim,
            failed | {"code": failure.code, "reason": failure.reason},
            worker=worker,
        )
    ]


def release_all(connection: Connection, *, worker: str) -> int:
    """Give back everything a worker holds, of both kinds: it stops."""
    released = 0
    for work in (UTTERANCES, ASSETS):
        table = work.table
        released += connection.execute(
            update(table)
            .where(table.c.status == RowStatus.CLAIMED, table.c.worker == worker)
            .values(status=RowStatus.PENDING, worker=None, lease_until_ms=None)
        ).rowcount
    return released


def postpone(
    connection: Connection,
    work: Work,
    claim: Claim,
    *,
    worker: str,
    delay_ms: int,
    code: str,
    reason: str,
    counts: bool = True,
) -> bool:
    """Give one row back after a retryable failure, not to be claimed for `delay_ms`.

    `counts`: whether it is one of the row's attempts; waiting for what is away is none.
    """
    values = {
        "status": RowStatus.PENDING,
        "retries": work.table.c.retries + (1 if counts else 0),
        "not_before_ms": now_ms() + delay_ms,
        "code": code,
        "reason": reason,
    }
    return end_claim(connection, work, claim, values, worker=worker)


def retries(connection: Connection, work: Work, claim: Claim) -> int:
    """Retryable failures of a row so far."""
    query = select(work.table.c.retries).where(work.key == claim.key)
    count: int = connection.execute(query).scalar_one()
    return count


def forgive(connection: Connection, work: Work, *, campaign_id: CampaignId, code: str) -> None:
    """Let a campaign's rows that were given back under `code` begin anew: it was not their fault."""
    table = work.table
    connection.execute(
        update(table)
        .where(table.c.campaign_id == campaign_id, table.c.status == RowStatus.PENDING, table.c.code == code)
        .values(retries=0, not_before_ms=0)
    )


def was_stored_since(connection: Connection, work: Work, *, campaign_id: CampaignId, since_ms: int) -> bool:
    """Whether any worker stored one of a campaign's rows at or after a time."""
    table = work.table
    stored = select(work.key).where(
        table.c.campaign_id == campaign_id,
        table.c.status == RowStatus.STORED,
        table.c.t_stored_ms >= since_ms,
    )
    return connection.execute(stored.limit(1)).first() is not None


def waiting_under(connection: Connection, campaign_id: CampaignId, code: str) -> tuple[int, str]:
    """(rows, a reason) of a campaign's rows of both kinds that were given back under `code`."""
    rows, reason = 0, ""
    for work in (UTTERANCES, ASSETS):
        table = work.table
        found = connection.execute(
            select(func.count(), func.max(table.c.reason)).where(
                table.c.campaign_id == campaign_id, table.c.status == RowStatus.PENDING, table.c.code == code
            )
        ).one()
        rows, reason = rows + found[0], reason or found[1] or ""
    return rows, reason


def expire(
    connection: Connection, work: Work, *, lease_ms: int | None = None, everything: bool = False
) -> int:
    """Free the rows whose lease ran out, or every claimed row when no worker can be alive.

    With `lease_ms`, what a lease lasts here, those whose lease ends too late to have been given by this clock, too.

    Rows that another transaction holds are left to the next time: a commit that stands still must not stop this.
    """
    table = work.table
    until = table.c.lease_until_ms
    dead = true() if everything else until < now_ms()
    if lease_ms is not None:
        dead = or_(dead, until > now_ms() + LONGEST_LEASES * lease_ms)
    query = select(work.key).where(table.c.status == RowStatus.CLAIMED, dead)
    keys = list(connection.scalars(query.with_for_update(skip_locked=True)))
    return _free(connection, work, work.key.in_(keys)) if keys else 0


def suspect(connection: Connection, work: Work, claims: Sequence[Claim], *, worker: str) -> int:
    """Free rows whose worker is about to die with them, as if their leases had run out; returns how many were ours."""
    return sum(_free(connection, work, fence(work, claim, worker)) for claim in claims)


def _free(connection: Connection, work: Work, which: ColumnElement[bool]) -> int:
    table = work.table
    deaths = table.c.deaths_alone + case((table.c.claimed_with == 1, 1), else_=0)
    quarantined = deaths >= DEATHS_TO_QUARANTINE
    result = connection.execute(
        update(table)
        .where(which)
        .values(
            status=case((quarantined, RowStatus.QUARANTINED.value), else_=RowStatus.PENDING.value),
            code=case((quarantined, "killed-its-worker"), else_=table.c.code),
            reason=case(
                (
                    quarantined,
                    f"{DEATHS_TO_QUARANTINE} workers died, or met a fault of the program, with this row alone in hand",
                ),
                else_=table.c.reason,
            ),
            expiries=table.c.expiries + 1,
            deaths_alone=deaths,
            worker=None,
            lease_until_ms=None,
        )
    )
    return result.rowcount
