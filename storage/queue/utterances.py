"""Utterances: the unit of synthesis, unique by key, shared by every asset that needs it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from sqlalchemy import Connection, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from storage.clock import now_ms
from storage.names import CampaignId
from storage.queue import campaigns as campaign_rows
from storage.queue import demand, leases
from storage.queue.leases import UTTERANCES
from storage.records import (
    AcceptedUtterances,
    AssetUtterance,
    Claim,
    Failure,
    RunDescriptor,
    StoredUtterance,
    UtteranceWork,
    columns_of,
)
from storage.registry import gates
from storage.session import Database
from storage.tables import (
    BROKEN_ROWS,
    OPEN_ROWS,
    PLANNED_PLACES,
    CampaignState,
    RowStatus,
    asset_utterances,
    assets,
    campaigns,
    objects,
    runs,
    utterances,
)


def load(connection: Connection, claims: Sequence[Claim]) -> list[UtteranceWork]:
    """What the engine needs of claimed utterances, in the order of the claims."""
    by_key = {claim.key: claim for claim in claims}
    query = select(
        utterances.c.key,
        utterances.c.campaign_id,
        utterances.c.spec,
        utterances.c.preset,
        utterances.c.pin_id,
        utterances.c.characters,
    ).where(utterances.c.key.in_(by_key))
    work = {
        row.key: UtteranceWork(
            claim=by_key[row.key],
            campaign_id=row.campaign_id,
            spec=row.spec,
            preset=row.preset,
            pin_id=row.pin_id,
            characters=row.characters,
        )
        for row in connection.execute(query)
    }
    return [work[claim.key] for claim in claims if claim.key in work]


def store(connection: Connection, finished: Sequence[StoredUtterance], *, worker: str) -> AcceptedUtterances:
    """Commit what was made.

    Left out: rows another worker holds by now (fenced), and rows that no running campaign needs any more
    (given back). Assets that waited for an accepted key wait for the next one, or are ready. Call `follow_up`
    after the commit.
    """
    needed = _still_needed(connection, {utterance.claim.key for utterance in finished})
    accepted: set[str] = set()
    for utterance in finished:
        if utterance.claim.key not in needed:
            leases.release(connection, UTTERANCES, [utterance.claim], worker=worker)
            continue
        values = {
            "status": RowStatus.STORED,
            "pcm_key": utterance.pcm_key,
            "pcm_sha256": utterance.pcm_sha256,
            "samples": utterance.samples,
            "rate_hz": utterance.rate_hz,
            "run_id": utterance.run_id,
            "t_stored_ms": now_ms(),
            "code": None,
            "reason": None,
        }
        if leases.end_claim(connection, UTTERANCES, utterance.claim, values, worker=worker):
            accepted.add(utterance.claim.key)
            keep_object(connection, utterance.pcm_key, utterance.pcm_sha256, utterance.size_bytes)
    return AcceptedUtterances(keys=accepted, watched=wake(connection, accepted))


def follow_up(database: Database, accepted: AcceptedUtterances) -> None:
    """After the commit, wake assets that two workers who stored at the same moment left waiting.

    Neither saw the other's utterance as stored, so an asset of both may wait for one that is there. Whoever
    commits last sees both: its own keys, and those it pointed assets at.
    """
    touched = accepted.keys | accepted.watched
    while touched:
        with database.write() as connection:
            is_there = utterances.c.key.in_(touched) & (utterances.c.status == RowStatus.STORED)
            touched = wake(connection, connection.scalars(select(utterances.c.key).where(is_there)))
            if accepted.watched:
                fail_dependents(connection)


def fail(connection: Connection, failures: Sequence[Failure], *, worker: str) -> set[str]:
    """Fail utterances for good, and with them the assets that cannot be made without them."""
    failed = {failure.claim.key for failure in leases.fail(connection, UTTERANCES, failures, worker=worker)}
    if failed:
        fail_dependents(connection)
    return failed


def _still_needed(connection: Connection, keys: set[str]) -> set[str]:
    """The keys that some running campaign needs; those campaigns are locked (shared)."""
    if not keys:
        return set()
    sponsors = connection.execute(
        select(utterances.c.key, utterances.c.campaign_id).where(utterances.c.key.in_(keys))
    ).all()
    others = connection.execute(
        select(asset_utterances.c.utterance_key, campaigns.c.id)
        .join(assets, assets.c.id == asset_utterances.c.asset_id)
        .join(campaigns, campaigns.c.id == assets.c.campaign_id)
        .where(
            asset_utterances.c.utterance_key.in_(keys - _running_sponsors(connection, keys)),
            assets.c.status.in_(OPEN_ROWS),
            campaigns.c.state == CampaignState.RUNNING,
        )
        .distinct()
    ).all()
    who = [(row.key, row.campaign_id) for row in sponsors] + [(row.utterance_key, row.id) for row in others]
    # all at once, in the order of their ids: who locks one after the other may wait for somebody who waits for it
    running = campaign_rows.lock_running(connection, {campaign_id for _, campaign_id in who})
    return {key for key, campaign_id in who if campaign_id in running}


def _running_sponsors(connection: Connection, keys: set[str]) -> set[str]:
    """The keys in whose name a running campaign asks: nobody else has to be looked for."""
    query = (
        select(utterances.c.key)
        .join(campaigns, campaigns.c.id == utterances.c.campaign_id)
        .where(utterances.c.key.in_(keys), campaigns.c.state == CampaignState.RUNNING)
    )
    return set(connection.scalars(query))


def keep_object(connection: Connection, key: str, sha256: str, size_bytes: int) -> None:
    """Remember an object that rows refer to; does nothing when it is known."""
    dialect_insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    connection.execute(
        dialect_insert(objects)
        .values(key=key, sha256=sha256, size_bytes=size_bytes, t_created_ms=now_ms())
        .on_conflict_do_nothing()
    )


def wake(connection: Connection, keys: Iterable[str]) -> set[str]:
    """Move on the assets that waited for these keys: to the next missing one, or to ready.

    Returns the keys that they wait for now.
    """
    keys = list(keys)
    if not keys:
        return set()
    moved = demand.watch_statement(assets.c.watch.in_(keys)).returning(assets.c.watch)
    return {watch for watch in connection.scalars(moved) if watch is not None}


def wake_all(connection: Connection) -> None:
    """Move on every asset that waits for something that is there: what a crash or a race left behind."""
    stored = select(utterances.c.key).where(utterances.c.status == RowStatus.STORED)
    demand.set_watches(connection, assets.c.watch.in_(stored))


def fail_dependents(connection: Connection) -> None:
    """End the pending assets that wait for an utterance that failed or was quarantined."""
    broken = utterances.c.status.in_(BROKEN_ROWS)
    waited_for = utterances.c.key == assets.c.watch
    cause = select(utterances.c.code).where(waited_for).scalar_subquery()
    reason = select(utterances.c.reason).where(waited_for).scalar_subquery()
    status = select(utterances.c.status).where(waited_for).scalar_subquery()
    connection.execute(
        update(assets)
        .where(
            assets.c.status == RowStatus.PENDING,
            assets.c.watch.in_(select(utterances.c.key).where(broken)),
        )
        .values(status=status, code=cause, reason=reason)
    )


def reopen(connection: Connection, keys: Sequence[str], *, campaign_id: CampaignId) -> None:
    """Make stored utterances again, for a campaign, whose PCM is gone from the cache."""
    connection.execute(
        update(utterances)
        .where(utterances.c.key.in_(keys), utterances.c.status == RowStatus.STORED)
        .values(**leases.FRESH, pcm_key=None, pcm_sha256=None, campaign_id=campaign_id)
    )


def depth(connection: Connection) -> int:
    """Utterances that running campaigns wait for: the queue depth a run records."""
    running = select(campaigns.c.id).where(campaigns.c.state == CampaignState.RUNNING)
    query = select(func.count()).where(
        utterances.c.status == RowStatus.PENDING, utterances.c.campaign_id.in_(running)
    )
    count: int = connection.execute(query).scalar_one()
    return count


def add_runs(connection: Connection, made: Sequence[RunDescriptor]) -> None:
    """Keep run descriptors; those of a pin that its gate refused say so."""
    if made:
        refused = gates.refused(connection, {run.pin_id for run in made})
        rows = [
            columns_of(RunDescriptor, replace(run, failed_promotion=run.pin_id in refused)) for run in made
        ]
        connection.execute(insert(runs), rows)


def of_asset(connection: Connection, asset_id: int) -> list[AssetUtterance]:
    """The utterances of an asset's planned version as they stand, in order."""
    planned = PLANNED_PLACES
    columns = [utterances.c[name] for name in AssetUtterance.__slots__ if name != "pause_after_ms"]
    query = (
        select(asset_utterances.c.pause_after_ms, *columns)
        .join(assets, planned)
        .join(utterances, utterances.c.key == asset_utterances.c.utterance_key)
        .where(asset_utterances.c.asset_id == asset_id)
        .order_by(asset_utterances.c.position)
    )
    return [
        AssetUtterance(**{**row, "status": RowStatus(row["status"])})
        for row in connection.execute(query).mappings()
    ]
