"""Uploads on their way to campaigns: what was acknowledged is read, by this process or by the next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from sqlalchemy import ColumnElement, Connection, insert, select, update

from storage.clock import now_ms
from storage.errors import StateError
from storage.records import JsonObject
from storage.tables import INTAKE_MOVES, IntakeState, intakes


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """One upload."""

    campaign_id: str
    state: IntakeState
    brief: JsonObject
    """As the client gave it."""
    starts: bool
    """At once, when it is read."""
    actor: str
    encoding: str | None
    upload_sha256: str | None
    upload_bytes: int | None
    share: float | None
    rows_read: int | None
    preflight: JsonObject | None
    problem: str | None
    t_created_ms: int


def find(connection: Connection, campaign_id: str, *, lock: bool = False) -> Intake | None:
    """The intake of a campaign id; `lock` holds it to the end of the transaction."""
    query = select(*(intakes.c[item.name] for item in fields(Intake))).where(
        intakes.c.campaign_id == campaign_id
    )
    row = connection.execute(query.with_for_update() if lock else query).mappings().one_or_none()
    return None if row is None else Intake(**{**row, "state": IntakeState(row["state"])})


def expect(connection: Connection, campaign_id: str, *, brief: JsonObject, starts: bool, actor: str) -> None:
    """Expect an upload."""
    connection.execute(
        insert(intakes).values(
            campaign_id=campaign_id,
            state=IntakeState.EXPECTED,
            brief=dict(brief),
            starts=starts,
            actor=actor,
            t_created_ms=now_ms(),
            t_changed_ms=now_ms(),
        )
    )


def expect_again(connection: Connection, campaign_id: str, *, brief: JsonObject, starts: bool) -> None:
    """Expect another upload in place of one that was refused, or never came."""
    _move(
        connection,
        campaign_id,
        IntakeState.EXPECTED,
        {"brief": dict(brief), "starts": starts, "problem": None},
    )


def acknowledge(
    connection: Connection, campaign_id: str, *, encoding: str, sha256: str, size_bytes: int
) -> None:
    """The upload is on disk and survives a restart."""
    kept = {"encoding": encoding, "upload_sha256": sha256, "upload_bytes": size_bytes}
    fresh = {"share": 0.0, "rows_read": 0, "preflight": None, "problem": None}
    _move(connection, campaign_id, IntakeState.UPLOADED, kept | fresh)


def begin_reading(connection: Connection, campaign_id: str) -> None:
    """Its rows are being read, by whoever says so now."""
    _move(connection, campaign_id, IntakeState.READING, {})


def note_progress(connection: Connection, campaign_id: str, *, rows: int, share: float | None) -> None:
    """So many rows are in."""
    _set(connection, intakes.c.campaign_id == campaign_id, {"rows_read": rows, "share": share})


def end_reading(connection: Connection, campaign_id: str, *, preflight: JsonObject) -> None:
    """Every row is in its campaign."""
    values = {"share": 1.0, "preflight": dict(preflight), "problem": None}
    _move(connection, campaign_id, IntakeState.READ, values)


def refuse(
    connection: Connection, campaign_id: str, *, problem: str, preflight: JsonObject | None = None
) -> None:
    """There will be no campaign of this upload."""
    found = {} if preflight is None else {"preflight": dict(preflight)}
    _move(connection, campaign_id, IntakeState.REFUSED, {"problem": problem, **found})


def _move(connection: Connection, campaign_id: str, to: IntakeState, values: Mapping[str, object]) -> None:
    """Raises `StateError`, and sets nothing, when `to` cannot follow."""
    before = [to, *(was for was, after in INTAKE_MOVES.items() if to in after)]
    may = (intakes.c.campaign_id == campaign_id) & intakes.c.state.in_(before)
    if not _set(connection, may, {"state": to, **values}):
        raise StateError(f"the upload of {campaign_id} cannot become {to}: it is in another state by now.")


def _set(connection: Connection, which: ColumnElement[bool], values: Mapping[str, object]) -> bool:
    done = connection.execute(update(intakes).where(which).values(t_changed_ms=now_ms(), **values))
    return bool(done.rowcount)


def unread(connection: Connection) -> list[str]:
    """Campaign ids of acknowledged uploads that are still to be read, oldest first."""
    query = (
        select(intakes.c.campaign_id)
        .where(intakes.c.state.in_((IntakeState.UPLOADED, IntakeState.READING)))
        .order_by(intakes.c.t_created_ms)
    )
    return list(connection.scalars(query))
