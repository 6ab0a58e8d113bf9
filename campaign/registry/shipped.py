"""What ships with the program (voices, built-in pins, lexicons), registered once: at `campaign db upgrade`, or when a
SQLite database is opened for the first time by this version. A look at an installation then never writes.
"""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from pydantic import JsonValue

from campaign.brief import Purpose
from campaign.errors import LexiconError
from campaign.registry.lexicons import register_version
from campaign.registry.voice import capability_table
from campaign.speech.lexicon.files import read_lexicon
from storage.canonical import digest
from storage.errors import SchemaError
from storage.history import audit
from storage.history.recipients import fill_persons
from storage.installation import Installation
from storage.names import LexiconName, PinId, PresetName
from storage.registry import lexicons as lexicon_rows
from storage.registry import pins as pin_rows
from storage.registry import presets as preset_rows
from storage.registry.pins import NewPin
from storage.registry.presets import FrozenPreset
from storage.resources import data_folder
from storage.session import Connection, Database, may_read
from storage.settings import Settings
from workers.engines.engine import PresetSound
from workers.engines.registry import create_engine
from workers.presets.shipped import shipped_engines, shipped_preset, shipped_presets

BUILT_IN: Final = {
    "espeak": ("espeak-ng/espeak-ng", "GPL-3.0-or-later"),
    "tone": ("campaign/tone", "Apache-2.0"),
}
"""Engines that bring their own voices, their repositories and licences: each has a pin of its own name."""
ACTOR: Final = "campaign"
_VERSION_LINE: Final = re.compile(r"^# version: ([0-9]+)$", re.M)
_HEAD_CHARACTERS: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class ShippedLexicon:
    """A lexicon that comes with the program: `lexicons/en/clinic.tsv` is `en-clinic`."""

    name: LexiconName
    version: int
    path: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Unregistered:
    """What ships and is not registered."""

    presets: tuple[tuple[str, int], ...]
    """(name, version)."""
    engines: tuple[str, ...]
    """Built-in ones without their pin."""
    lexicons: tuple[ShippedLexicon, ...]

    def __bool__(self) -> bool:
        return bool(self.presets or self.engines or self.lexicons)


WITH_PERSONS = "0008"
"""The schema from which on a row says who it is."""


def open_installation(settings: Settings) -> Installation:
    """An installation whose database, once opened, holds what ships."""

    def on_open(database: Database, was: str) -> None:
        require_shipped(database)
        after_upgrade(database, settings, was=was)

    return Installation(settings, on_open=on_open)


def after_upgrade(database: Database, settings: Settings, *, was: str) -> None:
    """What an upgrade of the schema cannot do without the secret; `was` is the schema before it."""
    if was < WITH_PERSONS:
        fill_persons(database, settings.installation_secret())


def require_shipped(database: Database) -> None:
    """See that the database holds what ships: SQLite is given it, PostgreSQL gets it from `campaign db upgrade`.

    Raises `SchemaError` with the mend where it does not. Only reads where nothing is missing.
    """
    if database.is_sqlite:
        register_shipped(database)
        return
    with database.read() as connection:
        may_look = may_read(connection, "presets", "pins", "lexicon_versions", "lexicon_rules")
    if may_look:  # a worker and a reader need none of it, and may not even ask
        check_shipped(database)


def check_shipped(database: Database) -> None:
    """Raise `SchemaError` unless the database holds what ships. Writes nothing."""
    with database.read() as connection:
        missing = missing_from(connection)
    if missing:
        raise SchemaError(
            "the database does not hold all voices, pins and lexicons of this program. Run `campaign db upgrade`."
        )


def register_shipped(database: Database) -> None:
    """Register what ships; writes nothing where it is there. Safe to call twice, and from several processes."""
    with database.read() as connection:
        missing = missing_from(connection)
    files = {shipped: read_lexicon(shipped.path) for shipped in missing.lexicons}
    capabilities = {}
    for engine in missing.engines:
        with contextlib.closing(create_engine(engine)) as opened:
            capabilities[engine] = capability_table(opened.capabilities)
    if not missing:
        return
    with database.write() as connection:
        missing = missing_from(connection)  # another process may have been quicker
        for name, version in missing.presets:
            _add_preset(connection, PresetName(name), version)
        for engine in missing.engines:
            _add_pin(connection, engine, capabilities[engine])
        for shipped in missing.lexicons:
            register_version(
                connection,
                files[shipped],
                name=shipped.name,
                version=shipped.version,
                source="shipped",
                actor=ACTOR,
            )


def missing_from(connection: Connection) -> Unregistered:
    """What ships and is not in the database; three small queries."""
    presets = {(preset.name, preset.version) for preset in preset_rows.all_presets(connection)}
    pins = {pin.id for pin in pin_rows.all_pins(connection)}
    lexicons = {(lexicon.name, lexicon.version) for lexicon in lexicon_rows.all_versions(connection)}
    return Unregistered(
        presets=tuple(preset for preset in shipped_presets() if preset not in presets),
        engines=tuple(engine for engine in BUILT_IN if engine not in pins),
        lexicons=tuple(
            shipped for shipped in shipped_lexicons() if (shipped.name, shipped.version) not in lexicons
        ),
    )


@cache
def shipped_lexicons() -> tuple[ShippedLexicon, ...]:
    """Every lexicon that ships. Raises `LexiconError` for a file without its version."""
    lexicons = []
    for path in sorted(data_folder("lexicons").glob("*/*.tsv")):
        with path.open(encoding="utf-8") as stream:
            match = _VERSION_LINE.search(stream.read(_HEAD_CHARACTERS))
        if match is None:
            raise LexiconError(f"{path} has no line `# version: 1`. Reinstall campaign.")
        lexicons.append(
            ShippedLexicon(
                name=LexiconName(f"{path.parent.name}-{path.stem}"), version=int(match[1]), path=path
            )
        )
    return tuple(lexicons)


def _add_preset(connection: Connection, name: PresetName, version: int) -> None:
    tables = _tables(name, version)
    preset = FrozenPreset(
        name=name,
        version=version,
        sound_digests={engine: sound.sound_digest for engine, sound in tables.items()},
        parameters={engine: dict(sound.parameters) for engine, sound in tables.items()},
        provenance={"origin": "shipped with the program", "person": None},
    )
    preset_rows.add(connection, preset)


def _tables(name: str, version: int) -> dict[str, PresetSound]:
    return {engine: shipped_preset(name, version, engine=engine) for engine in shipped_engines(name, version)}


def _add_pin(connection: Connection, engine: str, capabilities: dict[str, JsonValue]) -> None:
    repo, licence = BUILT_IN[engine]
    pin = NewPin(
        id=PinId(engine),
        digest=digest({"engine": engine, "repo": repo, "files": {}}),
        engine=engine,
        repo=repo,
        files={},
        licence=licence,
        purposes=[purpose.value for purpose in Purpose],
        capabilities=capabilities,
    )
    pin_rows.add(connection, pin)
    audit.note(connection, "pin.add", engine, actor=ACTOR, repo=repo)
