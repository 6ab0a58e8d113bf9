"""Pins: immutable records of which weights make sound. Channels: movable names for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select, update

from storage.clock import now_ms
from storage.errors import DatabaseError
from storage.tables import channel_moves, channels, pins


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """Which weights make sound."""

    id: str
    digest: str
    engine: str
    repo: str | None
    revision: str | None
    files: Mapping[str, str]
    vocoder: Mapping[str, Any] | None
    vocabulary_sha256: str | None
    licence: str
    purposes: Sequence[str]
    capabilities: Mapping[str, Any]
    location: str | None
    t_created_ms: int


def add(connection: Connection, **values: Any) -> Pin:
    """Register a pin. The same content under the same id is no change; other content is refused."""
    there = find(connection, values["id"])
    if there is not None:
        if there.digest != values["digest"]:
            raise DatabaseError(
                f"pin {there.id} exists with other content; pins never change: use a new name."
            )
        return there
    connection.execute(insert(pins).values(t_created_ms=now_ms(), **values))
    return get(connection, values["id"])


def find(connection: Connection, pin_id: str) -> Pin | None:
    """A pin by its own name."""
    row = connection.execute(select(pins).where(pins.c.id == pin_id)).mappings().one_or_none()
    return None if row is None else Pin(**row)


def get(connection: Connection, pin_id: str) -> Pin:
    """A pin by its own name; raises KeyError."""
    found = find(connection, pin_id)
    if found is None:
        raise KeyError(pin_id)
    return found


def find_by_digest(connection: Connection, digest: str) -> Pin | None:
    """The pin of this very content."""
    row = connection.execute(select(pins).where(pins.c.digest == digest)).mappings().one_or_none()
    return None if row is None else Pin(**row)


def relocate(connection: Connection, pin_id: str, location: str) -> None:
    """The same files lie elsewhere now; their digests are checked before each load."""
    connection.execute(update(pins).where(pins.c.id == pin_id).values(location=location))


def resolve(connection: Connection, name: str) -> Pin | None:
    """A pin by its own name or by a channel's."""
    pin_id = connection.execute(select(channels.c.pin_id).where(channels.c.name == name)).scalar_one_or_none()
    return find(connection, pin_id or name)


def all_pins(connection: Connection) -> list[Pin]:
    """Every pin, oldest first."""
    rows = connection.execute(select(pins).order_by(pins.c.t_created_ms, pins.c.id)).mappings()
    return [Pin(**row) for row in rows]


def move_channel(
    connection: Connection,
    channel: str,
    pin_id: str,
    *,
    kind: str,
    reason: str,
    actor: str,
    verdict: str | None = None,
) -> str | None:
    """Point a channel at a pin and log the move; returns the pin it pointed at."""
    was = connection.execute(
        select(channels.c.pin_id).where(channels.c.name == channel).with_for_update()
    ).scalar_one_or_none()
    if was is None:
        connection.execute(insert(channels).values(name=channel, pin_id=pin_id))
    else:
        connection.execute(update(channels).where(channels.c.name == channel).values(pin_id=pin_id))
    connection.execute(
        insert(channel_moves).values(
            channel=channel,
            from_pin=was,
            to_pin=pin_id,
            kind=kind,
            reason=reason,
            actor=actor,
            verdict_digest=verdict,
            t_ms=now_ms(),
        )
    )
    return was
