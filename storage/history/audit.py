"""The audit trail: one row for every command that changes state."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, insert, select

from storage.clock import now_ms
from storage.tables import audit


def note(connection: Connection, action: str, subject: str, *, actor: str, **detail: object) -> None:
    """Append a row; `detail` carries ids and counts, never personal data."""
    connection.execute(
        insert(audit).values(t_ms=now_ms(), actor=actor, action=action, subject=subject, detail=detail)
    )


def has(connection: Connection, action: str, subject: str) -> bool:
    """Whether this was ever done to a subject."""
    query = select(audit.c.id).where(audit.c.subject == subject, audit.c.action == action).limit(1)
    return connection.execute(query).first() is not None


def of(connection: Connection, subject: str) -> list[dict[str, Any]]:
    """What was done to a subject, oldest first."""
    query = select(audit).where(audit.c.subject == subject).order_by(audit.c.id)
    return [dict(row) for row in connection.execute(query).mappings()]
