"""What one worker process works with: its database, store, engines, presets, and who it is.

Everything is opened on first use by the thread that needs it; nothing at import.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import socket
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from storage.errors import DatabaseError, ObjectStoreError, StorageError
from storage.objects import ObjectStore
from storage.queue import campaigns as campaign_rows
from storage.queue import leases
from storage.queue import utterances as utterance_rows
from storage.queue.leases import Work
from storage.records import Campaign, Claim, Runnable
from storage.registry import pins as pin_rows
from storage.registry import presets as preset_rows
from storage.registry.pins import Pin
from storage.session import Database
from storage.settings import Settings
from storage.tables import CampaignState, Lane
from workers.clock import DatabaseClock
from workers.conditioning import condition
from workers.engines.engine import DeviceLostError, Engine, EngineError, PreemptibleEngine, PresetSound
from workers.engines.registry import create_engine, engine_revision
from workers.errors import PresetError, WorkerError
from workers.exclusive import Solitude
from workers.finish import FINISH_REVISION, FinishProfile
from workers.observability.gpu import Telemetry
from workers.observability.meters import Meters
from workers.observability.traces import NoTraces, Traces
from workers.outbound.live import LiveSender
from workers.pcm import PcmShelf, from_wav
from workers.permission.consents import Consents
from workers.permission.marking import Marking
from workers.provenance import RunShelf

log = logging.getLogger(__name__)

DEPTH_MAX_AGE_S = 2.0
ASIDE_S = 60.0
"""How long other campaigns are served before a pin that failed is tried again."""


def worker_name() -> str:
    """Unique to this process: host, process number and a random part."""
    return f"{socket.gethostname()}-{os.getpid()}-{uuid.uuid4().hex[:8]}"


def _may_be_a_rows_fault(exc: BaseException) -> bool:
    """Not what is known to be the surroundings': database, store, engine, disk, memory, being told to stop."""
    surroundings = (StorageError, WorkerError, EngineError, OSError, MemoryError)
    return isinstance(exc, DeviceLostError) or (
        isinstance(exc, Exception) and not isinstance(exc, surroundings)
    )


def _nobody_listens(_campaign_id: str) -> None:
    """The default of `Workshop.on_settled`."""


@dataclass(slots=True, kw_only=True)
class Workshop:
    """One worker process's tools."""

    settings: Settings
    database: Database
    store: ObjectStore
    secret: bytes
    lanes: tuple[Lane, ...]
    device: str = "cpu"
    max_vram_gib: float | None = None
    """Most GPU memory that engines may take; None is all there is."""
    worker: str = field(default_factory=worker_name)
    on_settled: Callable[[str], None] = _nobody_listens
    """Called with the id of a campaign that this worker saw end."""
    solitude: Solitude = field(default_factory=Solitude)
    meters: Meters = field(default_factory=Meters)
    traces: Traces = field(default_factory=NoTraces)
    pcm: PcmShelf = field(init=False)
    telemetry: Telemetry = field(init=False)
    consents: Consents = field(init=False)
    marking: Marking = field(init=False)
    clock: DatabaseClock = field(init=False)
    runs: RunShelf = field(init=False)
    live: LiveSender = field(init=False)
    _engines: dict[str, Engine] = field(default_factory=dict)
    """By pin: two pins of one engine hold different weights."""
    _presets: dict[tuple[str, str], PresetSound] = field(default_factory=dict)
    _warm: set[tuple[str, str]] = field(default_factory=set)
    _aside: dict[str, tuple[float, EngineError]] = field(default_factory=dict)
    """By pin: until when, and why."""
    _pins: dict[str, Pin] = field(default_factory=dict)
    _campaigns: dict[str, tuple[Campaign, FinishProfile]] = field(default_factory=dict)
    _held: dict[str, set[Any]] = field(default_factory=dict)
    _depth: int = 0
    _depth_read_at: float = float("-inf")
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def __post_init__(self) -> None:
        self.pcm = PcmShelf(self.store, limit_bytes=self.settings.pcm_memory_mib << 20)
        self.telemetry = Telemetry(self.device)
        self.consents = Consents(self.database)
        self.marking = Marking(self.settings, self.database)
        self.clock = DatabaseClock(self.database)
        self.runs = RunShelf(self.database, self.secret)
        self.live = LiveSender(self.database, self.secret)

    @property
    def lease_ms(self) -> int:
        """How long a claim holds without being renewed."""
        return round(self.settings.lease_seconds * 1000)

    # what can be worked on

    def can_work_on(self, campaign: Runnable) -> bool:
        """Whether this code makes the sound that the campaign was planned with, and its speaker still agrees.

        A campaign whose consent ended, or whose files cannot be marked as it asks, is paused with the reason.
        """
        with self._lock:
            known = self._campaigns.get(campaign.id)
            if known is not None and (known[0].pin_id, known[0].preset) != (campaign.pin_id, campaign.preset):
                del self._campaigns[campaign.id]  # it was planned again with another voice
        return (
            engine_revision(campaign.engine) == campaign.engine_revision
            and campaign.finish_revision == FINISH_REVISION
            and self.consents.allows(self.campaign(campaign.id))
            and self.marking.allows(self.campaign(campaign.id), self.profile(campaign.id))
        )

    # what is in hand

    @contextlib.contextmanager
    def holding(self, work: Work, claims: Sequence[Claim]) -> Iterator[None]:
        """Keep the leases of these claims alive for as long as they are worked on, and no longer.

        When the work raises, the rows are given back; when not even that is possible, their leases run out. Rows that
        a device was lost with, or that this program has a fault with, are suspects: maybe one of them did it, and it
        would do it again to the next worker.
        """
        keys = [held.key for held in claims]
        with self._lock:
            self._held.setdefault(work.table.name, set()).update(keys)
        try:
            yield
        except BaseException as exc:
            give_back = leases.suspect if _may_be_a_rows_fault(exc) else leases.release
            with contextlib.suppress(DatabaseError), self.database.write() as connection:
                give_back(connection, work, claims, worker=self.worker)
            raise
        finally:
            with self._lock:
                self._held[work.table.name].difference_update(keys)

    def in_hand(self, work: Work) -> list[Any]:
        """The keys whose leases are to be kept alive."""
        with self._lock:
            return list(self._held.get(work.table.name, ()))

    # what is loaded

    def engine_for(self, pin_id: str) -> Engine:
        """The engine with the weights of a pin, made on first use. Raises `EngineError`."""
        with self._lock:
            if pin_id not in self._engines:
                pin = self.pin(pin_id)
                engine = create_engine(
                    pin.engine,
                    device=self.device,
                    location=None if pin.location is None else Path(pin.location),
                    files=pin.files,
                    endpoint=pin.endpoint,
                    max_vram_gib=self.max_vram_gib,
                )
                if isinstance(engine, PreemptibleEngine):
                    engine.on_outcome = self.live.tell
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

    def warm(self, pin_id: str, label: str) -> None:
        """Load a pin's weights and what was kept of the preset for it; does nothing the second time.

        What is wrong with preset or weights shows when they speak, on the rows that need them. Raises
        `DeviceLostError`.
        """
        if self.is_warm(pin_id, label):
            return
        try:
            engine, pin = self.engine_for(pin_id), self.pin(pin_id)
            sound = self.preset(label, pin.engine)
            condition(self.database, self.store, engine, sound, pin)
            engine.warm([sound])
        except DeviceLostError:
            raise
        except (EngineError, PresetError, ObjectStoreError) as exc:
            log.warning("%s cannot be warmed for %s: %s", label, pin_id, exc)
        with self._lock:
            self._warm.add((pin_id, label))

    def set_aside(self, pin_id: str, problem: EngineError) -> None:
        """Do not speak with a pin for `ASIDE_S`, and load it anew then: its engine cannot be used."""
        with self._lock:
            self._aside[pin_id] = (time.monotonic() + ASIDE_S, problem)
            self._warm = {(pin, label) for pin, label in self._warm if pin != pin_id}
            engine = self._engines.pop(pin_id, None)
        if engine is not None:
            engine.close()

    def problem_of(self, pin_id: str | None) -> EngineError | None:
        """Why a pin's engine could not be used a moment ago; None when it may be tried."""
        until, problem = self._aside.get(pin_id or "", (0.0, None))
        return problem if time.monotonic() < until else None

    def _load_preset(self, label: str, engine: str) -> PresetSound:
        name, _, version = label.partition("@")
        with self.database.read() as connection:
            row = preset_rows.find(connection, name, int(version))
        if row is None:
            raise PresetError(f"there is no preset {label}. `campaign preset list` shows those there are.")
        if engine not in row.parameters:
            raise PresetError(f"preset {label} has no table for engine {engine}. Add a version that has one.")
        reference = None
        if row.reference_key is not None:
            data = self.store.get(row.reference_key)
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

    def pin(self, pin_id: str) -> Pin:
        """A pin, read once."""
        with self._lock:
            if pin_id not in self._pins:
                with self.database.read() as connection:
                    self._pins[pin_id] = pin_rows.get(connection, pin_id)
            return self._pins[pin_id]

    def queue_depth(self) -> int:
        """Utterances that running campaigns wait for, as of at most `DEPTH_MAX_AGE_S` ago: counting costs."""
        with self._lock:
            now = time.monotonic()
            if now - self._depth_read_at > DEPTH_MAX_AGE_S:
                with self.database.read() as connection:
                    self._depth = utterance_rows.depth(connection)
                self._depth_read_at = now
            return self._depth

    def campaign(self, campaign_id: str) -> Campaign:
        """A campaign's fixed facts (not its state), read once."""
        return self._known(campaign_id)[0]

    def profile(self, campaign_id: str) -> FinishProfile:
        """How a campaign's assets are finished."""
        return self._known(campaign_id)[1]

    def _known(self, campaign_id: str) -> tuple[Campaign, FinishProfile]:
        with self._lock:
            if campaign_id not in self._campaigns:
                with self.database.read() as connection:
                    campaign = campaign_rows.get(connection, campaign_id)
                profile = FinishProfile.from_mapping(campaign.finish_profile)
                self._campaigns[campaign_id] = (campaign, profile)
            return self._campaigns[campaign_id]

    def settle(self, campaign_id: str) -> CampaignState | None:
        """End the campaign if all its rows are terminal, and tell whoever listens."""
        with self.database.write() as connection:
            state = campaign_rows.settle(connection, campaign_id)
        if state is not None:
            self.on_settled(campaign_id)
        return state

    def close(self) -> None:
        """Give engines back. Idempotent."""
        with self._lock:
            for engine in self._engines.values():
                engine.close()
            self._engines.clear()
        self.traces.close()
        self.live.close()
