"""What a bell does: the thread that hears it works until there is nothing left to claim.

One thread at a time owns the engine; the others finish. A thread that finds nothing to do goes back to
listening, so an idle worker costs nothing and a busy one never waits for a message.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence

import dramatiq

from storage.errors import DatabaseError, StorageError
from storage.tables import Lane
from workers.doorbell.messages import ACTOR, MessageBell
from workers.engines.engine import DeviceLostError, EngineError
from workers.pipeline import Pipeline

log = logging.getLogger(__name__)


class WorkerThreads:
    """The threads of one worker process and what they share."""

    def __init__(
        self,
        pipeline: Pipeline,
        bell: MessageBell,
        *,
        lanes: Sequence[Lane],
        count: int,
        is_only_worker: bool = False,
    ) -> None:
        """`bell` is the one that these threads answer. The only worker of a database ends when that cannot be used."""
        self.pipeline = pipeline
        self.pipeline.on_spoken = self.ring_idle
        self.bell = bell
        self.lanes = lanes
        self.count = count
        self.stopping = threading.Event()
        self.fault: Exception | None = None
        """Why this worker cannot go on, if so."""
        self._is_only_worker = is_only_worker
        self._engine_lock = threading.Lock()
        self._busy = 0
        self._busy_lock = threading.Lock()
        self._unrung: list[threading.Thread] = []
        """At work although no bell could be rung."""

    @property
    def busy(self) -> int:
        """Threads at work."""
        return self._busy

    @property
    def idle(self) -> int:
        """Threads that wait for a bell."""
        return max(0, self.count - self._busy)

    def answer(self, lane: str) -> None:
        """Work until there is nothing left to claim, or the process is to stop."""
        with self._busy_lock:
            self._busy += 1
        try:
            while not self.stopping.is_set() and self._step():
                pass
        except StorageError as exc:
            log.warning("work stops until the next bell: %s", exc)
            if isinstance(exc, DatabaseError) and self._is_only_worker:
                self.fault = exc  # nobody else works on this file: a full disk is for a person to mend
                self.stopping.set()
        finally:
            with self._busy_lock:
                self._busy -= 1

    def _step(self) -> bool:
        """One batch of either kind; False when there was none."""
        if self._engine_lock.acquire(blocking=False):
            try:
                attempted = self.pipeline.synthesise()
            except EngineError as exc:
                log.error("an engine cannot be used: %s", exc)
                if isinstance(exc, DeviceLostError):
                    self.fault = exc
                    self.stopping.set()
                return True
            finally:
                self._engine_lock.release()
            if attempted:
                return True
        return self.pipeline.finish() > 0

    def ring_idle(self) -> None:
        """Ring for the threads that are idle: there is more to finish."""
        self.call(self.lanes[-1])

    def call(self, lane: Lane) -> None:
        """Have all idle threads look at a lane; where no bell can be rung, as many others look in their place."""
        wanted = self.idle
        if wanted and not self.bell.ring(lane, wanted):
            self._look_without_bell(lane, wanted)

    def _look_without_bell(self, lane: Lane, wanted: int) -> None:
        """The threads that wait for a bell hear none while its server is away. Ends with the work there is."""
        with self._busy_lock:
            self._unrung = [thread for thread in self._unrung if thread.is_alive()]
            more = wanted - len(self._unrung)
            fresh = [
                threading.Thread(target=self.answer, args=(lane,), name="without-bell", daemon=True)
                for _ in range(more)
            ]
            self._unrung += fresh
        for thread in fresh:
            thread.start()

    def wake(self, lane: Lane) -> None:
        """Have a lane looked at, because somebody says that it has work: by all idle threads where it is bulk.

        A preview is a text or two: whoever speaks it rings for the others. One bell waits even when all are busy, for a
        thread that has just found nothing; no more of them wait than threads may take, however many were heard.
        """
        bells = max(1, self.idle) if lane == Lane.BULK else 1
        self.bell.ring(lane, bells, window=bells)


def register(broker: dramatiq.Broker, threads: WorkerThreads) -> None:
    """Make `threads` answer the broker's bells. Queues are declared for their own lanes only."""

    def has_work(lane: str) -> None:
        if lane in set(Lane):
            threads.answer(lane)
        else:
            log.warning("a bell for a lane that does not exist was ignored")

    for lane in threads.lanes:
        dramatiq.Actor(
            has_work,
            broker=broker,
            actor_name=f"{ACTOR}_{lane}",
            queue_name=lane,
            priority=0,
            options={},
        )
