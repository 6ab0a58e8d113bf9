"""What an engine makes of a preset's reference, kept: made once per (preset, pin, numeric class), loaded by all others.

The bytes lie in the object store; a record beside the preset says which they are. When two workers make them at the
same moment the first record counts, so that every worker of a numeric class speaks from the same bytes. What the
store lost or changed is made again.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Protocol, runtime_checkable

from pydantic import TypeAdapter

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


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptConditioning:
    """What an engine made of a reference: where it lies, and what may speak from it."""

    pin_digest: str
    numeric_class: str
    engine_revision: int
    sha256: str
    key: str

    @property
    def made_by(self) -> tuple[str, str, int]:
        """What made it, and may speak from it."""
        return self.pin_digest, self.numeric_class, self.engine_revision


@lru_cache(maxsize=1)
def _reader() -> TypeAdapter[KeptConditioning]:
    return TypeAdapter(KeptConditioning)


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
    made_by = pin.digest, engine.numeric_class, engine.revision
    with database.read() as connection:
        preset = preset_rows.find(connection, sound.name, sound.version)
        records = [] if preset is None else preset_rows.records(connection, preset)
    if preset is None:
        return "none"
    kept = _kept(records, made_by)
    if kept is not None and _load(database, store, engine, sound, preset, kept):
        return "loaded"
    data = engine.conditioning_bytes(sound)
    sha256 = hashlib.sha256(data).hexdigest()
    made = KeptConditioning(
        pin_digest=pin.digest,
        numeric_class=engine.numeric_class,
        engine_revision=engine.revision,
        sha256=sha256,
        key=conditioning_key(sound_digest=sound.sound_digest, pin_digest=pin.digest, sha256=sha256),
    )
    store.put(made.key, data, sha256=sha256, content_type="application/octet-stream")
    store.sync()
    with database.write() as connection:
        preset_rows.record(connection, preset, CONDITIONING, asdict(made), actor="worker")
        first = _kept(preset_rows.records(connection, preset), made_by)
    if first is not None and first.sha256 != sha256:
        _load(database, store, engine, sound, preset, first)
    return "made"


def _kept(records: Sequence[PresetRecord], made_by: tuple[str, str, int]) -> KeptConditioning | None:
    """The first that these may use and that the store was not found to have lost since."""
    kept: list[KeptConditioning] = []
    for record in records:
        if record.kind == LOST:
            kept = [one for one in kept if one.sha256 != record.body["sha256"]]
        elif record.kind == CONDITIONING:
            kept.append(_reader().validate_python(record.body))
    return next((one for one in kept if one.made_by == made_by), None)


def _load(
    database: Database,
    store: ObjectStore,
    engine: ConditioningEngine,
    sound: PresetSound,
    preset: Preset,
    kept: KeptConditioning,
) -> bool:
    try:
        data = store.get(kept.key)
    except ObjectStoreError as exc:
        if exc.retryable:
            raise
        data = b""
    if hashlib.sha256(data).hexdigest() == kept.sha256:
        engine.load_conditioning(sound, data)
        return True
    log.warning("the kept conditioning of %s is gone or changed: it is made again", preset.label)
    with database.write() as connection:
        preset_rows.record(connection, preset, LOST, {"sha256": kept.sha256}, actor="worker")
    return False
