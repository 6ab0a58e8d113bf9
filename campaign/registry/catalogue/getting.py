"""`campaign voice get`: an entry of the catalogue fetched, kept and, where it speaks, pinned like any other weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from campaign.errors import InputError
from campaign.registry.catalogue.fetching import fetch_files
from campaign.registry.catalogue.keeping import place_of
from campaign.registry.catalogue.table import Catalogue, CatalogueEntry, Role, shipped_catalogue
from campaign.registry.catalogue.watching import FetchWatch
from campaign.registry.pins import NewModel, add_model, check_purposes
from storage.installation import Installation
from storage.names import PinId
from storage.registry import pins as pin_rows
from storage.registry.pins import Pin
from workers.engines.engine import UnknownEngineError
from workers.engines.registry import engine_names


@dataclass(frozen=True, slots=True, kw_only=True)
class Got:
    """What became of it."""

    entry: CatalogueEntry
    folder: Path
    pin: Pin | None
    """None for what does not speak: it is files alone."""
    is_new: bool
    """False when it was pinned before."""


def get(
    installation: Installation,
    name: str,
    *,
    pin_name: PinId | None = None,
    purposes: Sequence[str] = (),
    brought: Path | None = None,
    catalogue: Catalogue | None = None,
    watch: FetchWatch | None = None,
    actor: str,
) -> Got:
    """Fetch what is missing, verify everything, pin it under `pin_name` (by default the entry's).

    `purposes` are what the pin is to allow, by default all that the licence does. Raises `NotFoundError`,
    `InputError`, `UnknownEngineError`, `FetchError`, `OutputError`, `ConflictError`; before anything is fetched where
    that can be told.
    """
    entry = (catalogue or shipped_catalogue()).find(name)
    allowed = _purposes(entry, purposes)
    if entry.role is not Role.VOICE and pin_name is not None:
        raise InputError(f"{entry.name} hears and does not speak: it has no pin. Leave the pin's name out.")
    if entry.engine and entry.engine not in engine_names():
        raise UnknownEngineError(
            f"{entry.name} speaks with the engine {entry.engine}, which is not installed. Known are "
            f"{', '.join(engine_names())}."
        )
    with (
        installation.database.read() as connection
    ):  # one that cannot be used is told before 100 MB are fetched
        pin_rows.find(connection, pin_name or PinId(entry.name))
    folder = fetch_files(entry, place_of(installation.settings, entry), brought=brought, watch=watch)
    if entry.role is not Role.VOICE:
        return Got(entry=entry, folder=folder, pin=None, is_new=False)
    new_model = NewModel(
        name=pin_name or PinId(entry.name),
        engine=entry.engine,
        folder=folder,
        licence=entry.licence,
        attribution=entry.attribution,
        purposes=allowed,
        languages=entry.languages,
        repo=entry.repo,
        revision=entry.revision,
    )
    pin, is_new = add_model(installation, new_model, actor=actor)
    return Got(entry=entry, folder=folder, pin=pin, is_new=is_new)


def _purposes(entry: CatalogueEntry, asked: Sequence[str]) -> tuple[str, ...]:
    check_purposes(asked)
    allowed = tuple(purpose.value for purpose in entry.purposes)
    if refused := [purpose for purpose in asked if purpose not in allowed]:
        raise InputError(
            f"{entry.name} is licensed {entry.licence}, which allows {', '.join(allowed)}, not {refused[0]}. Choose "
            "another voice, or leave that purpose out."
        )
    return tuple(purpose for purpose in allowed if purpose in asked) or allowed
