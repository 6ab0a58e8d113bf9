"""Pins: immutable records of which weights make sound. Channels: movable names for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import Connection, RowMapping, delete, func, insert, select, update

from storage.clock import now_ms
from storage.errors import DatabaseError, RecordMissingError
from storage.names import ChannelName, PinId
from storage.records import JsonObject, columns_of
from storage.tables import (
    asset_versions,
    campaigns,
    channel_moves,
    channels,
    gates,
    pins,
    runs,
    utterances,
)

PROMOTE, OVERRIDE, ROLLBACK = "promote", "override", "rollback"
"""Kinds of moves: with a passing verdict, on a person's word, back to what was live before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PinnedVocoder:
    """What turns a model's mel spectrogram into sound, and lies beside it."""

    repo: str | None
    revision: str | None
    digest: str
    """Over `files`."""
    files: Mapping[str, str]
    """Path -> sha256."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPin:
    """Weights that are to be pinned."""

    id: PinId
    digest: str
    engine: str
    licence: str
    purposes: Sequence[str]
    capabilities: JsonObject
    """`campaign.registry.voice.CapabilityTable`."""
    files: Mapping[str, str]
    repo: str | None = None
    revision: str | None = None
    attribution: str | None = None
    """Whom the licence wants named, in its words."""
    vocoder: PinnedVocoder | None = None
    vocabulary_sha256: str | None = None
    location: str | None = None
    endpoint: JsonObject | None = None
    """Of an engine behind HTTP: `url`, `model`, options, and `identity`, what the server says of that model."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin(NewPin):
    """Which weights make sound."""

    t_created_ms: int

    @property
    def is_identified(self) -> bool:
        """Whether it can be told later that the same weights make the sound; else the pin is *unpinned*."""
        return self.endpoint is None or bool(self.files) or bool(self.endpoint.get("identity"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One move of a channel; never changed once written."""

    channel: str
    from_pin: str | None
    to_pin: str
    kind: str
    reason: str
    actor: str
    verdict_digest: str | None
    confirmed_by: str | None
    t_ms: int


def add(connection: Connection, pin: NewPin) -> Pin:
    """Register a pin. The same content under the same id is no change; other content is refused."""
    existing = find(connection, pin.id)
    if existing is not None:
        if existing.digest != pin.digest:
            raise DatabaseError(
                f"pin {existing.id} exists with other content; pins never change: use a new name."
            )
        return existing
    row = columns_of(NewPin, pin) | {"vocoder": None if pin.vocoder is None else asdict(pin.vocoder)}
    connection.execute(insert(pins).values(row | {"t_created_ms": now_ms()}))
    return get(connection, pin.id)


def _pin(row: RowMapping) -> Pin:
    vocoder = None if row["vocoder"] is None else PinnedVocoder(**row["vocoder"])
    return Pin(**{**row, "vocoder": vocoder})


def find(connection: Connection, pin_id: str) -> Pin | None:
    """A pin by its own name."""
    row = connection.execute(select(pins).where(pins.c.id == pin_id)).mappings().one_or_none()
    return None if row is None else _pin(row)


def get(connection: Connection, pin_id: str) -> Pin:
    """A pin by its own name; raises `RecordMissingError`."""
    pin = find(connection, pin_id)
    if pin is None:
        raise RecordMissingError(f"there is no pin {pin_id}. `campaign model list` shows those that exist.")
    return pin


def find_by_digest(connection: Connection, digest: str) -> Pin | None:
    """The pin with this content."""
    row = connection.execute(select(pins).where(pins.c.digest == digest)).mappings().one_or_none()
    return None if row is None else _pin(row)


def relocate(
    connection: Connection, pin_id: str, location: str | None, endpoint: JsonObject | None = None
) -> None:
    """The same weights lie elsewhere now; digests or identity are checked before each load."""
    connection.execute(update(pins).where(pins.c.id == pin_id).values(location=location, endpoint=endpoint))


def resolve(connection: Connection, name: str) -> Pin | None:
    """A pin by its own name or by a channel's."""
    pin_id = connection.execute(select(channels.c.pin_id).where(channels.c.name == name)).scalar_one_or_none()
    return find(connection, pin_id or name)


def all_pins(connection: Connection) -> list[Pin]:
    """Every pin, oldest first."""
    rows = connection.execute(select(pins).order_by(pins.c.t_created_ms, pins.c.id)).mappings()
    return [_pin(row) for row in rows]


def references(connection: Connection, pin_id: str) -> dict[str, int]:
    """Rows that name a pin, by table; empty when it can be forgotten."""
    columns = {
        "campaigns": campaigns.c.pin_id,
        "asset versions": asset_versions.c.pin_id,
        "utterances": utterances.c.pin_id,
        "runs": runs.c.pin_id,
        "channels": channels.c.pin_id,
        "channel moves": channel_moves.c.to_pin,
        "gates": gates.c.candidate,
        "gates as baseline": gates.c.baseline,
    }
    counts = {
        name: int(connection.execute(select(func.count()).where(column == pin_id)).scalar_one())
        for name, column in columns.items()
    }
    return {name: count for name, count in counts.items() if count}


def remove(connection: Connection, pin_id: str) -> None:
    """Forget a pin that nothing refers to; raises `DatabaseError` when something does."""
    named = references(connection, pin_id)
    if named:
        listed = ", ".join(f"{count} {name}" for name, count in named.items())
        raise DatabaseError(
            f"pin {pin_id} is named by {listed}: what made sound is never forgotten. Leave it."
        )
    connection.execute(delete(pins).where(pins.c.id == pin_id))


def channel(connection: Connection, name: str) -> str | None:
    """The pin that a channel points at; None when there is no such channel."""
    return connection.execute(select(channels.c.pin_id).where(channels.c.name == name)).scalar_one_or_none()


def all_channels(connection: Connection) -> dict[str, str]:
    """Every channel and its pin."""
    query = select(channels.c.name, channels.c.pin_id).order_by(channels.c.name)
    return dict(connection.execute(query).tuples().all())


def move_channel(
    connection: Connection,
    channel: ChannelName,
    pin_id: str,
    *,
    kind: str,
    reason: str,
    actor: str,
    verdict: str | None = None,
    confirmed_by: str | None = None,
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
            confirmed_by=confirmed_by,
            t_ms=now_ms(),
        )
    )
    return was


def moves(connection: Connection, channel: ChannelName, *, until_ms: int | None = None) -> list[Move]:
    """A channel's moves, oldest first, up to and including `until_ms`."""
    query = select(channel_moves).where(channel_moves.c.channel == channel).order_by(channel_moves.c.id)
    if until_ms is not None:
        query = query.where(channel_moves.c.t_ms <= until_ms)
    rows = connection.execute(query).mappings()
    return [Move(**{name: row[name] for name in Move.__slots__}) for row in rows]


def rollback_target(moves: Sequence[Move]) -> str | None:
    """What was live before what is live now: moves replayed, a rollback takes the newest one off."""
    live: list[str] = []
    for move in moves:
        if move.kind == ROLLBACK:
            live.pop()
        elif not live or live[-1] != move.to_pin:
            live.append(move.to_pin)
    return live[-2] if len(live) > 1 else None
