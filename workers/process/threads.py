"""What a bell does: the thread that hears it works until there is nothing left to claim.

One thread at a time owns the engine; the others finish. A thread that finds nothing to do goes back to
listening, so an idle worker costs nothing and a busy one never waits for a message.
"""

from __future__ import annotations

import logging
import threading

import dramatiq

from storage.errors import DatabaseError, StorageError
from storage.tables import Lane
from workers.broker import BELL, Bell
from workers.engines.engine import DeviceLostError, EngineError
from workers.pipeline import Pipeline

log = logging.getLogger(__name__)


class Crew:
    """The threads of one worker process and what they share."""

    def __init__(self, pipeline: Pipeline, bell: Bell, *, threads: int) -> None:
        self.pipeline = pipeline
        self.pipeline.on_spoken = self.call_help
        self.bell = bell
        self.threads = threads
        self.stopping = threading.Event()
        self.fault: Exception | None = None
        """Why this worker cannot go on, if so."""
        self._engine_lock = threading.Lock()
        self._busy = 0
        self._busy_lock = threading.Lock()

    @property
    def busy(self) -> int:
        """Threads at work."""
        return self._busy

    def answer(self, lane: str) -> None:
        """Work until there is nothing left to claim, or the process is to stop."""
        with self._busy_lock:
            self._busy += 1
        try:
            while not self.stopping.is_set() and self._step():
                pass
        except StorageError as exc:
            log.warning("work stops until the next bell: %s", exc)
            if isinstance(exc, DatabaseError) and self.pipeline.shop.database.is_sqlite:
                self.fault = exc  # nobody else works on this file: a full disk is for a person to mend
                self.stopping.set()
        finally:
            with self._busy_lock:
                self._busy -= 1

    def _step(self) -> bool:
        """One batch of either kind; False when there was none."""
        if self._engine_lock.acquire(blocking=False):
            try:
                made = self.pipeline.synthesise()
            except EngineError as exc:
                log.error("an engine cannot be used: %s", exc)
                if isinstance(exc, DeviceLostError):
                    self.fault = exc
                    self.stopping.set()
                return True
            finally:
                self._engine_lock.release()
            if made:
                return True
        return self.pipeline.finish() > 0

    def call_help(self) -> None:
        """Ring for the threads that are idle: there is more to finish."""
        idle = self.threads - self._busy
        if idle > 0:
            self.bell.ring(self.pipeline.shop.lanes[-1], idle)


def register(broker: dramatiq.Broker, crew: Crew) -> None:
    """Make `crew` answer the broker's bells. Queues are declared for the crew's lanes only."""

    def has_work(lane: str) -> None:
        if lane in set(Lane):
            crew.answer(lane)
        else:
            log.warning("a bell for a lane that does not exist was ignored")

    for lane in crew.pipeline.shop.lanes:
        dramatiq.Actor(
            has_work,
            broker=broker,
            actor_name=f"{BELL}_{lane}",
            queue_name=lane,
            priority=0,
            options={},
        )
