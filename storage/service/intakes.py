"""Uploads on their way to campaigns: what was acknowledged is read, by this process or by the next."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import Connection, insert, select, update

from storage.clock import now_ms
from storage.errors import StateError
from storage.tables import INTAKE_MOVES, IntakeState, intakes


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """One upload."""

    campaign_id: str
    state: IntakeState
    brief: dict[str, Any]
    """As the client gave it."""
    starts: bool
    """At once, when it is read."""
    actor: str
    encoding: str | None
    upload_sha256: str | None
    upload_bytes: int | None
    share: float | None
    rows_read: int | None
    preflight: dict[str, Any] | None
    problem: str | None
    t_created_ms: int


def find(connection: Connection, campaign_id: str, *, lock: bool = False) -> Intake | None:
    """The intake of a campaign id; `lock` holds it to the end of the transaction."""
    query = select(*(intakes.c[item.name] for item in fields(Intake))).where(
        intakes.c.campaign_id == campaign_id
    )
    row = connection.execute(query.with_for_update() if lock else query).mappings().one_or_none()
    return None if row is None else Intake(**{**row, "state": IntakeState(row["state"])})


def add(connection: Connection, campaign_id: str, **values: Any) -> None:
    """Expect an upload."""
    connection.execute(
        insert(intakes).values(
            campaign_id=campaign_id,
            state=IntakeState.EXPECTED,
            t_created_ms=now_ms(),
            t_changed_ms=now_ms(),
            **values,
        )
    )


def change(connection: Connection, campaign_id: str, **values: Any) -> None:
    """Set what is known of an intake; raises `StateError`, and sets nothing, when `state` cannot follow."""
    may = intakes.c.campaign_id == campaign_id
    to = values.get("state")
    if to is not None:
        may &= intakes.c.state.in_([to, *(was for was, after in INTAKE_MOVES.items() if to in after)])
    done = connection.execute(update(intakes).where(may).values(t_changed_ms=now_ms(), **values))
    if to is not None and not done.rowcount:
        raise StateError(f"the upload of {campaign_id} cannot become {to}: it is in another state by now.")


def unread(connection: Connection) -> list[str]:
    """Campaign ids of acknowledged uploads that are still to be read, oldest first."""
    query = (
        select(intakes.c.campaign_id)
        .where(intakes.c.state.in_((IntakeState.UPLOADED, IntakeState.READING)))
        .order_by(intakes.c.t_created_ms)
    )
    return list(connection.scalars(query))
