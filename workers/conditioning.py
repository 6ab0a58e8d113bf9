"""What an engine makes of a preset's reference, kept: made once per (preset, pin, numeric class), loaded by all others.

The bytes lie in the object store; a record beside the preset says which they are. When two workers make them at the
same moment the first record counts, so that every worker of a numeric class speaks from the same bytes. What the
store lost or changed is made again.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping, Sequence
from typing import Any, Protocol, runtime_checkable

from pydantic import JsonValue

from storage.errors import ObjectStoreError
from storage.keys import conditioning_key
from storage.objects import ObjectStore
from storage.registry import presets as preset_rows
from storage.registry.pins import Pin
from storage.registry.presets import Preset, PresetRecord
from storage.session import Database
from workers.engines.engine import Engine, PresetSound

log = logging.getLogger(__name__)

CONDITIONING = "conditioning"
LOST = "conditioning-lost"


@runtime_checkable
class ConditioningEngine(Protocol):
    """An engine that can give and take what it made of a reference."""

    def conditioning_bytes(self, preset: PresetSound) -> bytes:
        """To be kept."""
        ...

    def load_conditioning(self, preset: PresetSound, data: bytes) -> None:
        """Use what `conditioning_bytes` gave; raises `EngineError` when it is of something else."""
        ...


def condition(database: Database, store: ObjectStore, engine: Engine, sound: PresetSound, pin: Pin) -> str:
    """Give `engine` the kept conditioning, or make and keep it; says `none`, `loaded` or `made`."""
    if not isinstance(engine, ConditioningEngine) or sound.reference is None:
        return "none"
    about: dict[str, JsonValue] = {
        "pin_digest": pin.digest,
        "numeric_class": engine.numeric_class,
        "engine_revision": engine.revision,
    }
    with database.read() as connection:
        preset = preset_rows.find(connection, sound.name, sound.version)
        records = [] if preset is None else preset_rows.records(connection, preset)
    if preset is None:
        return "none"
    kept = _kept(records, about)
    if kept is not None and _load(database, store, engine, sound, preset, kept):
        return "loaded"
    data = engine.conditioning_bytes(sound)
    sha256 = hashlib.sha256(data).hexdigest()
    key = conditioning_key(sound_digest=sound.sound_digest, pin_digest=pin.digest, sha256=sha256)
    store.put(key, data, sha256=sha256, content_type="application/octet-stream")
    store.sync()
    with database.write() as connection:
        preset_rows.record(
            connection, preset, CONDITIONING, {**about, "sha256": sha256, "key": key}, actor="worker"
        )
        first = _kept(preset_rows.records(connection, preset), about)
    if first is not None and first["sha256"] != sha256:
        _load(database, store, engine, sound, preset, first)
    return "made"


def _kept(records: Sequence[PresetRecord], about: Mapping[str, Any]) -> Mapping[str, Any] | None:
    lost = {record.body["sha256"] for record in records if record.kind == LOST}
    for record in records:
        if (
            record.kind == CONDITIONING
            and record.body["sha256"] not in lost
            and about.items() <= record.body.items()
        ):
            return record.body
    return None


def _load(
    database: Database,
    store: ObjectStore,
    engine: ConditioningEngine,
    sound: PresetSound,
    preset: Preset,
    kept: Mapping[str, Any],
) -> bool:
    try:
        data = store.get(kept["key"])
    except ObjectStoreError as exc:
        if exc.retryable:
            raise
        data = b""
    if hashlib.sha256(data).hexdigest() == kept["sha256"]:
        engine.load_conditioning(sound, data)
        return True
    log.warning("the kept conditioning of %s is gone or changed: it is made again", preset.label)
    with database.write() as connection:
        preset_rows.record(connection, preset, LOST, {"sha256": kept["sha256"]}, actor="worker")
    return False
