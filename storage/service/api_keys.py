"""Keys of the service's callers: random tokens, kept as their sha256 with what they may do."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, RowMapping, insert, select, update

from storage.clock import now_ms
from storage.names import KeyName
from storage.tables import api_keys

PREFIX = "ck_"
"""Of a token, so that scanners of leaked secrets know one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """A caller that is known by a token."""

    name: KeyName
    scopes: tuple[str, ...]
    actor: str
    """Who made the key."""
    t_created_ms: int
    t_revoked_ms: int | None


def add(connection: Connection, name: KeyName, scopes: Sequence[str], *, actor: str) -> str:
    """Make a key; returns its token, which is nowhere kept. The name must be free."""
    token = PREFIX + secrets.token_urlsafe(32)
    connection.execute(
        insert(api_keys).values(
            name=name, digest=digest(token), scopes=sorted(scopes), actor=actor, t_created_ms=now_ms()
        )
    )
    return token


def by_digest(connection: Connection) -> dict[str, ApiKey]:
    """Every key under the `digest` of its token, revoked ones too: none is ever dropped."""
    return {row["digest"]: _record(row) for row in connection.execute(select(api_keys)).mappings()}


def all_keys(connection: Connection) -> list[ApiKey]:
    """All keys, revoked ones too, in the order they were made."""
    return [_record(row) for row in connection.execute(select(api_keys).order_by(api_keys.c.id)).mappings()]


def revoke(connection: Connection, name: KeyName) -> bool:
    """End a key; False when there is none of that name."""
    done = connection.execute(
        update(api_keys)
        .where(api_keys.c.name == name, api_keys.c.t_revoked_ms.is_(None))
        .values(t_revoked_ms=now_ms())
    )
    if done.rowcount:
        return True
    named = select(api_keys.c.id).where(api_keys.c.name == name)
    return connection.execute(named).first() is not None


def _record(row: RowMapping) -> ApiKey:
    return ApiKey(
        name=row["name"],
        scopes=tuple(row["scopes"]),
        actor=row["actor"],
        t_created_ms=row["t_created_ms"],
        t_revoked_ms=row["t_revoked_ms"],
    )


def digest(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()
