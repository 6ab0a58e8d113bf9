"""One pin, preset or lexicon in the place of another, and whose files the old one made."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from campaign.errors import InputError
from campaign.registry.lexicons import find_lexicon
from campaign.registry.pins import find_pin
from campaign.registry.voice import find_preset
from storage.history import origins
from storage.installation import Installation
from storage.queue import campaigns as campaign_rows
from storage.records import Campaign
from storage.session import Connection


class RegistryKind(StrEnum):
    """What is registered, versioned and can be replaced."""

    PIN = "pin"
    """Weights."""
    PRESET = "preset"
    """A frozen speaker."""
    LEXICON = "lexicon"
    """Pronunciation rules."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacement:
    """One thing in the place of another, by full names: a pin's, `name@version`."""

    kind: RegistryKind
    old: str
    new: str

    @property
    def maker(self) -> origins.Maker:
        """Whose files are replaced; of a lexicon, all of a campaign that has it."""
        if self.kind == RegistryKind.PIN:
            return origins.Maker(pin_id=self.old)
        if self.kind == RegistryKind.PRESET:
            return origins.Maker(preset=self.old)
        return origins.Maker()


def replacement_of(installation: Installation, kind: RegistryKind, old: str, new: str) -> Replacement:
    """Both names resolved; raises `NotFoundError`, `InputError`."""
    with installation.database.read() as connection:
        full_old, full_new = (_full_name(connection, kind, name) for name in (old, new))
    if full_old == full_new:
        raise InputError(f"{full_old} in its own place changes nothing. Name another {kind} with --with.")
    return Replacement(kind=kind, old=full_old, new=full_new)


def _full_name(connection: Connection, kind: RegistryKind, name: str) -> str:
    if kind == RegistryKind.PIN:
        return find_pin(connection, name).id
    if kind == RegistryKind.PRESET:
        return find_preset(connection, name).label
    return find_lexicon(connection, name).label


def touched_campaigns(connection: Connection, replacement: Replacement) -> list[Campaign]:
    """Campaigns with a current file that the old one made, oldest first."""
    if replacement.kind == RegistryKind.LEXICON:
        ids = origins.campaigns_with_lexicon(connection, replacement.old)
    else:
        ids = origins.campaigns_of(connection, replacement.maker)
    return [campaign_rows.get(connection, campaign_id) for campaign_id in ids]
