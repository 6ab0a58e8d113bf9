"""Presets: immutable `name@version` rows, and the append-only records beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, delete, exists, insert, select

from storage.clock import now_ms
from storage.errors import DatabaseError
from storage.lock import Lock
from storage.names import CampaignId, PresetName
from storage.records import JsonObject, columns_of
from storage.tables import (
    CampaignState,
    campaigns,
    preset_records,
    presets,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FrozenPreset:
    """A speaker that is to be registered."""

    name: PresetName
    version: int
    sound_digests: Mapping[str, str]
    """Engine to the digest that enters its synthesis keys."""
    parameters: Mapping[str, JsonObject]
    """Engine to its table."""
    provenance: JsonObject
    transcript: str = ""
    reference_key: str | None = None
    reference_sha256: str | None = None
    reference_rate_hz: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset(FrozenPreset):
    """A frozen, versioned speaker."""

    t_created_ms: int

    @property
    def label(self) -> str:
        """`name@version`."""
        return f"{self.name}@{self.version}"

    @property
    def is_of_a_person(self) -> bool:
        """Whether it is a person's voice, which needs consent."""
        return self.provenance.get("person") is not None

    @property
    def tags(self) -> list[str]:
        """Words that its owner gave it."""
        tags = self.provenance.get("tags")
        return [str(tag) for tag in tags] if isinstance(tags, list) else []

    @property
    def use_case(self) -> str | None:
        """What its owner means it for."""
        use_case = self.provenance.get("use_case")
        return use_case if isinstance(use_case, str) else None

    def voiced_languages(self, engine: str) -> list[str] | None:
        """Languages that it has a voice for, where an engine's table gives one to each; None where it does not."""
        voices = self.parameters.get(engine, {}).get("voices")
        return sorted({*voices, *self.languages_elsewhere(engine)}) if isinstance(voices, dict) else None

    def languages_elsewhere(self, engine: str) -> frozenset[str]:
        """Languages that another engine speaks for this one, by the table `elsewhere` of its own."""
        table = self.parameters.get(engine, {}).get("elsewhere")
        voices = table.get("voices") if isinstance(table, dict) else None
        return frozenset(voices) if isinstance(voices, dict) else frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class PresetRecord:
    """Consent, scores, voice, retirement, revocation or erasure; never changed once written."""

    kind: str
    body: JsonObject
    actor: str
    t_ms: int


def add(connection: Connection, preset: FrozenPreset) -> Preset:
    """Register a preset. The same sound under the same label is no change; another sound is refused."""
    existing = find(connection, preset.name, preset.version)
    if existing is not None:
        if dict(existing.sound_digests) != dict(preset.sound_digests):
            raise DatabaseError(
                f"preset {existing.label} exists with another sound; a changed voice is a new version: "
                f"use {existing.name}@{existing.version + 1}."
            )
        return existing
    connection.execute(insert(presets).values(t_created_ms=now_ms(), **columns_of(FrozenPreset, preset)))
    created = find(connection, preset.name, preset.version)
    if created is None:
        raise DatabaseError(f"preset {preset.name}@{preset.version} was not written; try again.")
    return created


def find(connection: Connection, name: str, version: int | None = None) -> Preset | None:
    """`name@version`, or the newest version of `name`."""
    query = select(presets).where(presets.c.name == name).order_by(presets.c.version.desc()).limit(1)
    if version is not None:
        query = query.where(presets.c.version == version)
    row = connection.execute(query).mappings().one_or_none()
    return None if row is None else Preset(**row)


def all_presets(connection: Connection) -> list[Preset]:
    """Every version of every preset."""
    rows = connection.execute(select(presets).order_by(presets.c.name, presets.c.version)).mappings()
    return [Preset(**row) for row in rows]


def record(connection: Connection, preset: Preset, kind: str, body: JsonObject, *, actor: str) -> None:
    """Append a record."""
    connection.execute(
        insert(preset_records).values(
            name=preset.name, version=preset.version, kind=kind, body=dict(body), actor=actor, t_ms=now_ms()
        )
    )


def forget(connection: Connection, preset: Preset, kind: str) -> None:
    """Delete its records of a kind, for a person who is to be forgotten and for nothing else."""
    connection.execute(
        delete(preset_records).where(
            preset_records.c.name == preset.name,
            preset_records.c.version == preset.version,
            preset_records.c.kind == kind,
        )
    )


def records(connection: Connection, preset: Preset) -> list[PresetRecord]:
    """A preset's records, oldest first."""
    query = (
        select(preset_records.c.kind, preset_records.c.body, preset_records.c.actor, preset_records.c.t_ms)
        .where(preset_records.c.name == preset.name, preset_records.c.version == preset.version)
        .order_by(preset_records.c.id)
    )
    return [PresetRecord(**row) for row in connection.execute(query).mappings()]


def presets_with(connection: Connection, kind: str) -> list[Preset]:
    """Every version that has a record of this kind."""
    query = (
        select(presets)
        .where(
            exists().where(
                preset_records.c.name == presets.c.name,
                preset_records.c.version == presets.c.version,
                preset_records.c.kind == kind,
            )
        )
        .order_by(presets.c.name, presets.c.version)
    )
    return [Preset(**row) for row in connection.execute(query).mappings()]


def campaigns_with(connection: Connection, label: str, *states: CampaignState) -> list[CampaignId]:
    """Ids of campaigns that speak with `name@version` and are in one of these states."""
    query = (
        select(campaigns.c.id, campaigns.c.lock)
        .where(campaigns.c.state.in_(states))
        .order_by(campaigns.c.number)
    )
    return [row.id for row in connection.execute(query) if label in Lock.from_json(row.lock).preset_labels]
