"""Calibrations: what a recogniser makes of a preset on a pin. Rows only grow; of one combination the newest counts."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, RowMapping, insert, select, update

from storage.canonical import canonical_json, digest
from storage.clock import now_ms
from storage.records import JsonObject
from storage.registry.presets import Preset
from storage.tables import calibrations


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCalibration:
    """What was learned, to be kept."""

    preset: Preset
    pin_id: str
    recogniser: str
    listening_revision: int
    """Of the judgement: what was learned by another one does not hold."""
    encoder: str
    """Who made the voice print; empty: nobody was at hand."""
    record: JsonObject
    """What was learned, by language; neither words nor vectors."""
    vectors: Sequence[Sequence[float]]
    """The voice prints, of length 1; none where no encoder was at hand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """One record, never changed once it is written."""

    label: str
    """`name@version` of the preset."""
    pin_id: str
    recogniser: str
    listening_revision: int
    encoder: str
    record: JsonObject
    digest: str
    """Of all above, and of the vectors: what a lock names it by."""
    actor: str
    t_created_ms: int
    has_vectors: bool
    """False where no encoder was at hand, and where its speaker was erased."""


def add(connection: Connection, new: NewCalibration, *, actor: str) -> Calibration:
    """Keep what was learned; from now on it counts for campaigns that are submitted."""
    content = {
        "preset": new.preset.label,
        "pin": new.pin_id,
        "recogniser": new.recogniser,
        "listening_revision": new.listening_revision,
        "encoder": new.encoder,
        "record": dict(new.record),
        "vectors": sorted(map(vector_digest, new.vectors)),
    }
    kept_as = digest(content)
    connection.execute(
        insert(calibrations).values(
            name=new.preset.name,
            version=new.preset.version,
            pin_id=new.pin_id,
            recogniser=new.recogniser,
            listening_revision=new.listening_revision,
            encoder=new.encoder,
            record=dict(new.record),
            vectors={vector_digest(vector): list(vector) for vector in new.vectors} or None,
            digest=kept_as,
            actor=actor,
            t_created_ms=now_ms(),
        )
    )
    return of_preset(connection, new.preset)[-1]


def newest(
    connection: Connection, preset: Preset, pin_id: str, recogniser: str, listening_revision: int
) -> Calibration | None:
    """The one that counts for a preset on a pin, heard by one recogniser and judged by one rule."""
    found = [
        one
        for one in of_preset(connection, preset)
        if (one.pin_id, one.recogniser, one.listening_revision) == (pin_id, recogniser, listening_revision)
    ]
    return found[-1] if found else None


def of_preset(connection: Connection, preset: Preset) -> list[Calibration]:
    """Every calibration of a preset, oldest first."""
    query = (
        select(*_SHOWN, calibrations.c.vectors.is_not(None).label("has_vectors"))
        .where(calibrations.c.name == preset.name, calibrations.c.version == preset.version)
        .order_by(calibrations.c.id)
    )
    return [_calibration(row) for row in connection.execute(query).mappings()]


def vectors(connection: Connection, kept_as: str) -> dict[str, tuple[float, ...]]:
    """The voice prints of a calibration, each by its own digest; empty where there are none, or none any more."""
    query = select(calibrations.c.vectors).where(calibrations.c.digest == kept_as).limit(1)
    found = connection.execute(query).scalar_one_or_none()
    return {kept: tuple(vector) for kept, vector in (found or {}).items()}


def vector_digest(of: Sequence[float]) -> str:
    """SHA-256 by which a lock names a voice print without having it."""
    return hashlib.sha256(canonical_json(list(of)).encode()).hexdigest()


def forget_vectors(connection: Connection, preset: Preset) -> None:
    """Take the voice prints of a speaker who is to be forgotten; what was learned of the words stays."""
    connection.execute(
        update(calibrations)
        .where(calibrations.c.name == preset.name, calibrations.c.version == preset.version)
        .values(vectors=None)
    )


_SHOWN = [column for column in calibrations.c if column.name not in ("id", "vectors")]


def _calibration(row: RowMapping) -> Calibration:
    shown = {name: value for name, value in row.items() if name not in ("name", "version")}
    return Calibration(label=f"{row['name']}@{row['version']}", **shown)
