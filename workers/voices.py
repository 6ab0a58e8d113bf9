"""What one worker process has loaded to speak with: engines by pin, presets, and which of them are warm.

Everything is loaded on first use by the thread that needs it, once for all threads. An engine is not thread-safe, so a
pin belongs to one thread at a time, to load or to speak (`owned`); several pins are loaded beside each other, and on a
GPU they take turns at the device.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from storage.errors import ObjectStoreError
from storage.objects import ObjectStore
from storage.registry import pins as pin_rows
from storage.registry import presets as preset_rows
from storage.registry.pins import Pin
from storage.session import Database
from workers.conditioning import condition
from workers.engines.engine import (
    DeviceLostError,
    Engine,
    EngineError,
    LoadingEngine,
    Outcome,
    PreemptibleEngine,
    PresetSound,
    SynthesisRequest,
)
from workers.engines.options import ON_CPU, DeviceOptions
from workers.engines.registry import create_engine
from workers.errors import PresetError
from workers.pcm import from_wav

log = logging.getLogger(__name__)

ASIDE_S = 60.0
"""How long other campaigns are served before a pin that failed is tried again."""


class Voices:
    """Engines and presets, loaded once. Safe to share between threads."""

    def __init__(
        self,
        database: Database,
        store: ObjectStore,
        *,
        options: DeviceOptions = ON_CPU,
        on_outcome: Callable[[SynthesisRequest, Outcome], None] | None = None,
    ) -> None:
        """`on_outcome` hears each utterance of an engine that can tell before its batch ends."""
        self._database = database
        self._store = store
        self._options = options
        self._on_outcome = on_outcome
        self._engines: dict[str, Engine] = {}
        """By pin: two pins of one engine hold different weights."""
        self._presets: dict[tuple[str, str], PresetSound] = {}
        self._pins: dict[str, Pin] = {}
        self._warm: set[tuple[str, str]] = set()
        self._aside: dict[str, tuple[float, EngineError]] = {}
        """By pin: until when, and why."""
        self._lock = threading.RLock()
        """Of these tables; held for moments."""
        self._owners: dict[str, threading.RLock] = {}
        """By pin."""
        self._loading: set[str] = set()
        """Pins that a thread loads now."""
        self._device_lock = threading.RLock()
        """Who loads onto the GPU."""

    def pin(self, pin_id: str) -> Pin:
        """A pin, read once."""
        with self._lock:
            if pin_id not in self._pins:
                with self._database.read() as connection:
                    self._pins[pin_id] = pin_rows.get(connection, pin_id)
            return self._pins[pin_id]

    def engine_for(self, pin_id: str) -> Engine:
        """The engine with the weights of a pin, made on first use. Raises `EngineError`."""
        with self._lock:
            if pin_id not in self._engines:
                pin = self.pin(pin_id)
                engine = create_engine(
                    pin.engine,
                    options=self._options,
                    location=None if pin.location is None else Path(pin.location),
                    files=pin.files,
                    endpoint=pin.endpoint,
                )
                if isinstance(engine, PreemptibleEngine) and self._on_outcome is not None:
                    engine.on_outcome = self._on_outcome
                if isinstance(engine, LoadingEngine):
                    engine.loading_lock = self._device_lock
                self._engines[pin_id] = engine
            return self._engines[pin_id]

    def preset(self, label: str, engine: str) -> PresetSound:
        """How `name@version` sounds in an engine, with its reference recording; raises `PresetError`."""
        with self._lock:
            if (label, engine) not in self._presets:
                self._presets[label, engine] = self._load_preset(label, engine)
            return self._presets[label, engine]

    def voice(self, pin_id: str, label: str) -> tuple[Engine, PresetSound]:
        """The engine of a pin and the preset. Raises `EngineError` and `PresetError`."""
        self.warm(pin_id, label)
        return self.engine_for(pin_id), self.preset(label, self.pin(pin_id).engine)

    def is_warm(self, pin_id: str, label: str) -> bool:
        """Whether the voice speaks as fast as it ever will."""
        return (pin_id, label) in self._warm

    def warm(self, pin_id: str, label: str) -> bool:
        """Load a pin's weights and what was kept of the preset for it; does nothing the second time.

        Says whether all was well: what is wrong with preset or weights shows when they speak, on the rows that need
        them. Raises `DeviceLostError`.
        """
        if self.is_warm(pin_id, label):
            return True
        with self.owned(pin_id):
            if self.is_warm(pin_id, label):
                return True
            is_well = True
            self._loading.add(pin_id)
            try:
                self._load(pin_id, label)
            except DeviceLostError:
                raise
            except (EngineError, PresetError, ObjectStoreError) as exc:
                log.warning("%s cannot be warmed for %s: %s", label, pin_id, exc)
                is_well = False
            finally:
                self._loading.discard(pin_id)
            with self._lock:
                self._warm.add((pin_id, label))
            return is_well

    def is_loading(self, pin_id: str) -> bool:
        """Whether a thread loads with this pin now: who asks would wait for it."""
        return pin_id in self._loading

    @contextlib.contextmanager
    def owned(self, pin_id: str) -> Iterator[None]:
        """Around what calls a pin's engine: one thread at a time, which may enter again."""
        with self._owner(pin_id):
            yield

    def _owner(self, pin_id: str) -> threading.RLock:
        with self._lock:
            return self._owners.setdefault(pin_id, threading.RLock())

    def _load(self, pin_id: str, label: str) -> None:
        """Weights and conditioning. On a GPU an engine that takes no turns itself has the device for all of it."""
        engine, pin = self.engine_for(pin_id), self.pin(pin_id)
        sound = self.preset(label, pin.engine)
        alone = self._options.device != "cpu" and not isinstance(engine, LoadingEngine)
        with self._device_lock if alone else contextlib.nullcontext():
            condition(self._database, self._store, engine, sound, pin)
            engine.warm([sound])

    def set_aside(self, pin_id: str, problem: EngineError) -> None:
        """Do not speak with a pin for `ASIDE_S`, and load it again then: its engine cannot be used."""
        with self._lock:
            self._aside[pin_id] = (time.monotonic() + ASIDE_S, problem)
            self._warm = {(pin, label) for pin, label in self._warm if pin != pin_id}
            engine = self._engines.pop(pin_id, None)
        if engine is not None:
            with self.owned(pin_id):
                engine.close()

    def problem_of(self, pin_id: str | None) -> EngineError | None:
        """Why a pin's engine could not be used a moment ago; None when it may be tried."""
        until, problem = self._aside.get(pin_id or "", (0.0, None))
        return problem if time.monotonic() < until else None

    def close(self) -> None:
        """Give engines back, but for one that a thread is still at: that ends with the process. Idempotent."""
        with self._lock:
            for pin_id, engine in list(self._engines.items()):
                owner = self._owner(pin_id)
                if owner.acquire(blocking=False):
                    try:
                        engine.close()
                    finally:
                        owner.release()
            self._engines.clear()

    def _load_preset(self, label: str, engine: str) -> PresetSound:
        name, _, version = label.partition("@")
        with self._database.read() as connection:
            row = preset_rows.find(connection, name, int(version))
        if row is None:
            raise PresetError(f"there is no preset {label}. `campaign preset list` shows those that exist.")
        if engine not in row.parameters:
            raise PresetError(f"preset {label} has no table for engine {engine}. Add a version that has one.")
        reference = None
        if row.reference_key is not None:
            data = self._store.get(row.reference_key)
            if hashlib.sha256(data).hexdigest() != row.reference_sha256:
                raise PresetError(
                    f"the reference recording of {label} was changed. Restore it or add a version."
                )
            reference, _rate = from_wav(data)
        return PresetSound(
            name=row.name,
            version=row.version,
            sound_digest=row.sound_digests[engine],
            engine=engine,
            parameters=row.parameters[engine],
            reference=reference,
            reference_rate_hz=row.reference_rate_hz or 0,
            transcript=row.transcript,
        )
