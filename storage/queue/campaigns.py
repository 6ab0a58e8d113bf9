"""Campaigns: drafted out of sight, published whole, moved between guarded states, settled from their rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import JsonValue
from sqlalchemy import (
    Connection,
    RowMapping,
    and_,
    delete,
    func,
    insert,
    select,
    update,
)

from storage.clock import now_ms
from storage.errors import RecordMissingError, StateError
from storage.history import events
from storage.lock import Lock
from storage.names import CampaignId
from storage.queue import demand, held, leases, listeners
from storage.records import Campaign, JsonObject, NewCampaign, Progress, Runnable, SpokenWith, columns_of
from storage.tables import (
    BROKEN_ROWS,
    OPEN_ROWS,
    CampaignState,
    Lane,
    RowStatus,
    asset_utterances,
    assets,
    campaigns,
    recipients,
    utterances,
)

MOVES: dict[CampaignState, frozenset[CampaignState]] = {
    CampaignState.DRAFT: frozenset({CampaignState.VALIDATED, CampaignState.CANCELLED}),
    CampaignState.VALIDATED: frozenset(
        {CampaignState.RUNNING, CampaignState.PAUSED, CampaignState.CANCELLED}
    ),
    CampaignState.RUNNING: frozenset(
        {
            CampaignState.PAUSED,
            CampaignState.CANCELLED,
            CampaignState.FINISHED,
            CampaignState.FINISHED_WITH_ERRORS,
        }
    ),
    CampaignState.PAUSED: frozenset({CampaignState.RUNNING, CampaignState.CANCELLED}),
    CampaignState.FINISHED: frozenset({CampaignState.RUNNING}),
    CampaignState.FINISHED_WITH_ERRORS: frozenset({CampaignState.RUNNING}),
    CampaignState.CANCELLED: frozenset(),
}
TERMINAL = frozenset({CampaignState.FINISHED, CampaignState.FINISHED_WITH_ERRORS, CampaignState.CANCELLED})


def asset_id(campaign_number: int, row: int) -> int:
    """An asset's id, known before it is inserted, so that rows can be copied in without asking."""
    return (campaign_number << 32) | row


def create(connection: Connection, campaign: NewCampaign) -> Campaign:
    """Insert a draft; the number and the times are the database's."""
    number = select(func.coalesce(func.max(campaigns.c.number), 0) + 1).scalar_subquery()
    connection.execute(
        insert(campaigns).values(
            **columns_of(NewCampaign, campaign),
            state=CampaignState.DRAFT,
            number=number,
            t_created_ms=now_ms(),
        )
    )
    return get(connection, campaign.id)


def get(connection: Connection, campaign_id: CampaignId) -> Campaign:
    """One campaign; raises `RecordMissingError` when there is none of that id."""
    campaign = find(connection, campaign_id)
    if campaign is None:
        raise _missing(campaign_id)
    return campaign


def _missing(campaign_id: CampaignId) -> RecordMissingError:
    return RecordMissingError(f"there is no campaign {campaign_id}. `campaign list` shows those that exist.")


def find(connection: Connection, campaign_id: CampaignId) -> Campaign | None:
    """One campaign, or None."""
    row = connection.execute(select(campaigns).where(campaigns.c.id == campaign_id)).mappings().one_or_none()
    return None if row is None else _record(row)


def recent(connection: Connection, *, limit: int = 50) -> list[Campaign]:
    """The newest campaigns first."""
    query = (
        select(campaigns).order_by(campaigns.c.t_created_ms.desc(), campaigns.c.number.desc()).limit(limit)
    )
    return [_record(row) for row in connection.execute(query).mappings()]


def _record(row: RowMapping) -> Campaign:
    typed = {
        "state": CampaignState(row["state"]),
        "lane": Lane(row["lane"]),
        "lock": Lock.from_json(row["lock"]),
    }
    return Campaign(**{**row, **typed})


def move(
    connection: Connection, campaign_id: CampaignId, to: CampaignState, *, reason: str | None = None
) -> CampaignState:
    """Move a campaign and return the state it was in; moving to where it is does nothing.

    Raises `StateError` for a move that `MOVES` has not, `RecordMissingError` when there is no such campaign.

    After this commits with `paused` or `cancelled`, nothing of the campaign is claimed or becomes stored:
    claims and commits hold the campaign's row in share mode, so this waits for those under way.
    """
    row = connection.execute(
        select(campaigns.c.state, campaigns.c.lane).where(campaigns.c.id == campaign_id).with_for_update()
    ).one_or_none()
    if row is None:
        raise _missing(campaign_id)
    was = CampaignState(row.state)
    if was == to:
        return was
    if to not in MOVES[was]:
        raise StateError(f"campaign {campaign_id} is {was}: it cannot become {to}.")
    values: dict[str, Any] = {"state": to, "state_reason": reason}
    if to == CampaignState.RUNNING:
        values |= {
            "t_queued_ms": func.coalesce(campaigns.c.t_queued_ms, now_ms()),
            "t_finished_ms": None,
            "t_reported_ms": None,
            "report_problem": None,
        }
    if to in TERMINAL:
        values["t_finished_ms"] = now_ms()
    connection.execute(update(campaigns).where(campaigns.c.id == campaign_id).values(**values))
    if to == CampaignState.RUNNING:
        demand.adopt(connection, campaign_id, Lane(row.lane))
    elif was == CampaignState.RUNNING:
        if to == CampaignState.CANCELLED:
            _cancel_rows(connection, campaign_id)
        demand.hand_over(connection, campaign_id)
    elif to == CampaignState.CANCELLED:
        _cancel_rows(connection, campaign_id)
    if to in TERMINAL:
        listeners.forget(connection, campaign_id)
    told: dict[str, JsonValue] = {"state": to, "was": was}
    if to in TERMINAL:
        told["rows"] = dict(progress(connection, campaign_id).by_status)
    events.add(connection, campaign_id, f"campaign.{to}", told)
    return was


def _cancel_rows(connection: Connection, campaign_id: CampaignId) -> None:
    connection.execute(
        update(assets)
        .where(assets.c.campaign_id == campaign_id, assets.c.status.in_(OPEN_ROWS))
        .values(status=RowStatus.CANCELLED, worker=None, lease_until_ms=None)
    )


def repin(connection: Connection, campaign_id: CampaignId, now: SpokenWith) -> None:
    """Change what an ended campaign speaks with."""
    has_ended = campaigns.c.state.in_((CampaignState.FINISHED, CampaignState.FINISHED_WITH_ERRORS))
    done = connection.execute(
        update(campaigns)
        .where(campaigns.c.id == campaign_id, has_ended)
        .values(repins=campaigns.c.repins + 1, **columns_of(SpokenWith, now))
    )
    if not done.rowcount:
        raise StateError(f"campaign {campaign_id} has not ended: it keeps what it speaks with.")


def replace_lock(connection: Connection, campaign_id: CampaignId, lock: Lock) -> None:
    """Replace a campaign's lock by the same with more in it."""
    connection.execute(update(campaigns).where(campaigns.c.id == campaign_id).values(lock=lock.as_json()))


def keep_opt_outs(connection: Connection, campaign_id: CampaignId, counts: Sequence[JsonObject]) -> None:
    """Keep what each opt-out list held and met."""
    kept = [dict(count) for count in counts]
    connection.execute(update(campaigns).where(campaigns.c.id == campaign_id).values(opt_outs=kept))


def publish(
    connection: Connection,
    campaign_id: CampaignId,
    *,
    rows_total: int,
    start: bool,
    start_at_ms: int | None = None,
) -> None:
    """Make a complete draft visible: order its utterances, set what each asset waits for, start it now or later."""
    of_campaign = (
        select(asset_utterances.c.utterance_key)
        .join(assets, assets.c.id == asset_utterances.c.asset_id)
        .where(assets.c.campaign_id == campaign_id)
    )
    demand.put_shared_first(connection, of_campaign)
    demand.reopen_broken(connection, of_campaign, campaign_id)
    demand.set_watches(connection, assets.c.campaign_id == campaign_id)
    values = {"rows_total": rows_total, "t_start_ms": start_at_ms}
    connection.execute(update(campaigns).where(campaigns.c.id == campaign_id).values(**values))
    move(connection, campaign_id, CampaignState.VALIDATED)
    if start and start_at_ms is None:
        move(connection, campaign_id, CampaignState.RUNNING)


def forget_source(connection: Connection, campaign_id: CampaignId) -> None:
    """Forget what the recipients file was called."""
    connection.execute(update(campaigns).where(campaigns.c.id == campaign_id).values(source=""))


def abandoned_drafts(connection: Connection, *, before_ms: int) -> list[CampaignId]:
    """Drafts begun before a time, whose submit never came back."""
    query = (
        select(campaigns.c.id)
        .where(campaigns.c.state == CampaignState.DRAFT, campaigns.c.t_created_ms < before_ms)
        .order_by(campaigns.c.number)
    )
    return list(connection.scalars(query))


def ids_among(connection: Connection, campaign_ids: Sequence[CampaignId]) -> set[CampaignId]:
    """Which of these there are."""
    return set(connection.scalars(select(campaigns.c.id).where(campaigns.c.id.in_(campaign_ids))))


def drop_draft(connection: Connection, campaign_id: CampaignId) -> None:
    """Forget a draft and its rows; utterances that nobody else asks for go with it."""
    if get(connection, campaign_id).state != CampaignState.DRAFT:
        raise StateError(
            f"campaign {campaign_id} is no draft; cancel it with `campaign cancel {campaign_id}`."
        )
    drafted = and_(utterances.c.campaign_id == campaign_id, utterances.c.status == RowStatus.PENDING)
    connection.execute(delete(campaigns).where(campaigns.c.id == campaign_id))
    asked_for = select(asset_utterances.c.asset_id).where(
        asset_utterances.c.utterance_key == utterances.c.key
    )
    connection.execute(delete(utterances).where(drafted, ~asked_for.exists()))


def runnable(connection: Connection, lanes: tuple[Lane, ...], *, waiting_too: bool = False) -> list[Runnable]:
    """Running campaigns of these lanes, most urgent first; or also those that `resume` may start at any moment."""
    states = (CampaignState.RUNNING, CampaignState.VALIDATED)[: 1 + waiting_too]
    columns = [campaigns.c[name] for name in Runnable.__slots__]
    query = (
        select(*columns)
        .where(campaigns.c.state.in_(states), campaigns.c.lane.in_(lanes))
        .order_by(demand.lane_rank(), campaigns.c.number)
    )
    return [Runnable(**{**row, "lane": Lane(row["lane"])}) for row in connection.execute(query).mappings()]


def lock_running(connection: Connection, campaign_ids: set[CampaignId]) -> set[str]:
    """Which of these run; their rows stay locked (shared) until the transaction ends: `pause` waits for it."""
    query = (
        select(campaigns.c.id)
        .where(campaigns.c.id.in_(campaign_ids), campaigns.c.state == CampaignState.RUNNING)
        .order_by(campaigns.c.id)
        .with_for_update(read=True)
    )
    return set(connection.scalars(query))


def settle(connection: Connection, campaign_id: CampaignId) -> CampaignState | None:
    """Finish a running campaign whose rows are all terminal; returns its new state, or None."""
    still_open = (
        select(assets.c.id)
        .where(assets.c.campaign_id == campaign_id, assets.c.status.in_(OPEN_ROWS))
        .limit(1)
    )
    if connection.execute(still_open).first() is not None:
        return None
    state = connection.execute(
        select(campaigns.c.state).where(campaigns.c.id == campaign_id).with_for_update()
    ).scalar_one()
    # once more, for who held the campaign until now may have opened rows: an amendment, a retry
    if state != CampaignState.RUNNING or connection.execute(still_open).first() is not None:
        return None
    failed = select(assets.c.id).where(
        assets.c.campaign_id == campaign_id,
        assets.c.status.in_(BROKEN_ROWS),
    )
    broken = connection.execute(failed.limit(1)).first() is not None
    to = CampaignState.FINISHED_WITH_ERRORS if broken else CampaignState.FINISHED
    move(connection, campaign_id, to)
    return to


def lock_state(connection: Connection, campaign_id: CampaignId) -> CampaignState:
    """Its state, which nobody moves until the transaction ends: before any row of it, as an erasure locks them."""
    state = select(campaigns.c.state).where(campaigns.c.id == campaign_id).with_for_update()
    return CampaignState(connection.execute(state).scalar_one())


def end_again(connection: Connection, campaign_id: CampaignId) -> None:
    """Let a campaign that ended with errors end anew by what its rows are now; receivers are told of both moves."""
    move(connection, campaign_id, CampaignState.RUNNING)
    settle(connection, campaign_id)


def progress(connection: Connection, campaign_id: CampaignId) -> Progress:
    """Counts by status, from the rows themselves."""
    rows = connection.execute(
        select(assets.c.status, func.count())
        .where(assets.c.campaign_id == campaign_id)
        .group_by(assets.c.status)
    )
    counts = connection.execute(
        select(utterances.c.status, func.count())
        .where(utterances.c.campaign_id == campaign_id)
        .group_by(utterances.c.status)
    )
    return Progress(
        by_status=dict(rows.tuples().all()),
        utterances_by_status=dict(counts.tuples().all()),
    )


def reopen_rows(connection: Connection, campaign_id: CampaignId) -> int:
    """Open a new attempt of every failed and quarantined row that has a plan; returns how many.

    One whose planned version was made, and is held, is to be made again as the next version, of the same utterances.
    """
    planned = select(asset_utterances.c.asset_id).where(
        asset_utterances.c.asset_id == assets.c.id, asset_utterances.c.version == assets.c.planned_version
    )
    broken = (
        assets.c.campaign_id == campaign_id,
        assets.c.status.in_(BROKEN_ROWS),
        planned.exists(),
    )
    ids = list(connection.scalars(select(assets.c.id).where(*broken)))
    if not ids:
        return 0
    held.plan_again(connection, campaign_id)
    connection.execute(update(assets).where(*broken).values(**leases.FRESH))
    open_keys = (
        select(asset_utterances.c.utterance_key)
        .join(assets, assets.c.id == asset_utterances.c.asset_id)
        .where(assets.c.campaign_id == campaign_id, assets.c.status == RowStatus.PENDING)
    )
    demand.reopen_broken(connection, open_keys, campaign_id)
    demand.set_watches(connection, assets.c.campaign_id == campaign_id)
    return len(ids)


def last_row(connection: Connection, campaign_id: CampaignId) -> int:
    """The last row a draft holds, 0 when it holds none: where a killed submit goes on."""
    query = select(func.coalesce(func.max(recipients.c.row), 0)).where(
        recipients.c.campaign_id == campaign_id
    )
    row: int = connection.execute(query).scalar_one()
    return row


def unreported(connection: Connection) -> list[CampaignId]:
    """Campaigns that ended and whose manifest and report are not out."""
    query = select(campaigns.c.id).where(
        campaigns.c.state.in_(TERMINAL),
        campaigns.c.t_reported_ms.is_(None),
        campaigns.c.rows_total.is_not(None),
    )
    return list(connection.scalars(query))


def mark_reported(
    connection: Connection, campaign_id: CampaignId, *, t_finished_ms: int | None = None
) -> None:
    """Manifest and report are out; those of the end at `t_finished_ms`, if that is still how it ended."""
    as_it_is = campaigns.c.id == campaign_id
    if t_finished_ms is not None:
        as_it_is &= campaigns.c.t_finished_ms == t_finished_ms
    values = {"t_reported_ms": now_ms(), "report_problem": None}
    connection.execute(update(campaigns).where(as_it_is).values(values))


def note_report_problem(connection: Connection, campaign_id: CampaignId, problem: str) -> None:
    """Why manifest and report could not be published just now."""
    waits = (campaigns.c.id == campaign_id) & campaigns.c.t_reported_ms.is_(None)
    connection.execute(update(campaigns).where(waits).values(report_problem=problem))


def mark_unreported(connection: Connection, campaign_id: CampaignId) -> None:
    """Manifest and report are to be written again."""
    connection.execute(update(campaigns).where(campaigns.c.id == campaign_id).values(t_reported_ms=None))


def expire_all(connection: Connection, *, lease_ms: int | None = None, everything: bool = False) -> int:
    """Free the rows of both kinds whose lease ran out, or all that are claimed: see `leases.expire`."""
    return sum(
        leases.expire(connection, work, lease_ms=lease_ms, everything=everything)
        for work in (leases.UTTERANCES, leases.ASSETS)
    )
