"""One pin, preset or lexicon in the place of another, and whose files the old one made."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, select

from campaign.errors import InputError
from campaign.registry.pins import find_pin
from campaign.registry.voice import find_preset
from storage.installation import Installation
from storage.queue import campaigns as campaign_rows
from storage.records import Campaign
from storage.tables import (
    asset_versions,
    assets,
    campaigns,
)


class Kind(StrEnum):
    """What is exchanged."""

    PIN = "pin"
    """Other weights, the same speaker."""
    PRESET = "preset"
    """Another speaker, or another version of one."""
    LEXICON = "lexicon"
    """Other pronunciation rules."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One thing in the place of another, by full names: a pin's, `name@version`."""

    kind: Kind
    old: str
    new: str


def exchange_of(installation: Installation, kind: Kind, old: str, new: str) -> Exchange:
    """Both names resolved; raises `NotFoundError`, `InputError`."""
    with installation.database.read() as connection:
        if kind == Kind.PIN:
            names = find_pin(connection, old).id, find_pin(connection, new).id
        elif kind == Kind.PRESET:
            names = find_preset(connection, old).label, find_preset(connection, new).label
        else:
            from campaign.registry.lexicons import find_lexicon

            names = find_lexicon(connection, old).label, find_lexicon(connection, new).label
    if names[0] == names[1]:
        raise InputError(f"{names[0]} in its own place changes nothing. Name another {kind} with --with.")
    return Exchange(kind=kind, old=names[0], new=names[1])


def touched(connection: Connection, exchange: Exchange) -> list[Campaign]:
    """Campaigns with a current file that the old one made, oldest first."""
    if exchange.kind == Kind.LEXICON:
        found = connection.execute(select(campaigns.c.id, campaigns.c.lock).order_by(campaigns.c.number))
        ids = [row.id for row in found if exchange.old in row.lock.get("lexicons", {})]
    else:
        current = (
            select(assets.c.campaign_id)
            .join(
                asset_versions,
                (asset_versions.c.asset_id == assets.c.id)
                & (asset_versions.c.version == assets.c.current_version),
            )
            .where(made_by(exchange))
            .distinct()
        )
        query = select(campaigns.c.id).where(campaigns.c.id.in_(current)).order_by(campaigns.c.number)
        ids = list(connection.scalars(query))
    return [campaign_rows.get(connection, one) for one in ids]


def made_by(exchange: Exchange) -> Any:
    """SQL: an asset version that the old one made; of a lexicon, any of a campaign that has it."""
    if exchange.kind == Kind.PIN:
        return asset_versions.c.pin_id == exchange.old
    if exchange.kind == Kind.PRESET:
        return asset_versions.c.preset == exchange.old
    return asset_versions.c.version > 0
