"""A worker process, put together: broker, crew, heartbeat, sweeper; started, stopped, told to go.

`campaign worker` runs one in production; in the embedded default `campaign submit` runs one inside itself until
its campaign is done. Nothing is opened before `start`.
"""

from __future__ import annotations

import fcntl
import logging
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO

import dramatiq

from storage.installation import Installation
from storage.queue import campaigns as campaign_rows
from storage.queue import leases
from storage.settings import Settings
from storage.tables import Lane
from workers.broker import Bell, in_process_broker, redis_broker
from workers.errors import AlreadyWorkingError
from workers.finish import warm as warm_finish
from workers.pipeline import Pipeline
from workers.process.metrics import watch
from workers.process.sweeper import Heartbeat, Messenger, Sweeper
from workers.process.threads import Crew, register
from workers.resources import Workshop

log = logging.getLogger(__name__)

ALL_LANES = tuple(Lane)


def open_broker(settings: Settings) -> dramatiq.Broker:
    """Redis where the settings name one, else inside this process."""
    return redis_broker(settings.redis_url) if settings.redis_url else in_process_broker()


class WorkerProcess:
    """Everything that one worker process runs."""

    def __init__(self, shop: Workshop, broker: dramatiq.Broker) -> None:
        self.shop = shop
        self.broker = broker
        threads = shop.settings.finish_threads + 1
        self.bell = Bell(broker)
        self.crew = Crew(Pipeline(shop), self.bell, threads=threads)
        self._worker = dramatiq.Worker(
            broker, queues=set(shop.lanes), worker_threads=threads, worker_timeout=200
        )
        watch(shop, self.crew)
        self._heartbeat = Heartbeat(shop)
        self._sweeper = Sweeper(self.crew, every_s=shop.settings.sweep_seconds)
        self._messenger = Messenger(shop)
        self._lock: IO[str] | None = None

    def warm_up(self, told_to_stop: Callable[[], bool] = lambda: False) -> Iterator[tuple[str, float]]:
        """Load the voices of campaigns that run or wait to be started; yields each with the seconds it took.

        Nothing is claimed meanwhile, so workers that are warm already go on. Raises `DeviceLostError`.
        """
        shop = self.shop
        with shop.database.read() as connection:
            waiting = campaign_rows.runnable(connection, shop.lanes, waiting_too=True)
        for pin_id, preset in dict.fromkeys((one.pin_id, one.preset) for one in waiting):
            if told_to_stop():
                return
            start = time.monotonic()
            shop.warm(pin_id, preset)
            yield f"{preset} on {pin_id}", time.monotonic() - start
        for profile in {one.id: shop.profile(one.id) for one in waiting}.values():
            warm_finish(profile)

    def start(self) -> None:
        """Begin to work; raises `AlreadyWorkingError` when another process works on this SQLite file."""
        if self.shop.database.is_sqlite:
            self._take_over()
        register(self.broker, self.crew)
        self._heartbeat.start()
        self._worker.start()
        self._sweeper.start()
        self._messenger.start()
        self.bell.ring(self.shop.lanes[0], self.crew.threads)

    def _take_over(self) -> None:
        """SQLite has one worker process: who gets the lock knows that every claim is a dead one's."""
        path = Path(f"{self.shop.database.url.database}.worker")
        self._lock = path.open("w")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as exc:
            self._lock.close()
            self._lock = None
            raise AlreadyWorkingError(
                f"another process works on {self.shop.database.url.database}. Wait for it, follow it with "
                "`campaign status`, or use PostgreSQL and Redis for several workers."
            ) from exc
        with self.shop.database.write() as connection:
            campaign_rows.expire_all(connection, everything=True)

    def wait(self, until: Callable[[], bool], *, every_s: float = 0.1, pin_id: str | None = None) -> None:
        """Return when `until` says so; raises the engine's error when the device is lost or `pin_id` cannot be used."""
        while not until():
            fault = self.crew.fault or self.shop.problem_of(pin_id)
            if fault is not None:
                raise fault
            time.sleep(every_s)

    def stop(self, *, grace_s: float | None = None) -> None:
        """Finish the batches in hand within the grace time, give the rest back. Idempotent."""
        grace_s = self.shop.settings.grace_seconds if grace_s is None else grace_s
        self.crew.stopping.set()
        self._sweeper.stop()
        deadline = time.monotonic() + grace_s
        while self.crew.busy and time.monotonic() < deadline:
            time.sleep(0.02)
        self._worker.stop(timeout=1000)
        self._heartbeat.stop()
        self._messenger.say_the_rest()
        with self.shop.database.write() as connection:
            leases.release_all(connection, worker=self.shop.worker)
        self.shop.close()
        if self._lock is not None:
            self._lock.close()
            self._lock = None


def assemble(
    installation: Installation,
    *,
    lanes: Sequence[Lane] = ALL_LANES,
    device: str = "cpu",
    max_vram_gib: float | None = None,
    on_settled: Callable[[str], None] | None = None,
) -> WorkerProcess:
    """A worker process of an installation; not started.

    A pin whose engine cannot be used is set aside and tried again later; a lost device ends the worker.
    """
    shop = Workshop(
        settings=installation.settings,
        database=installation.database,
        store=installation.store,
        secret=installation.secret,
        lanes=tuple(sorted(lanes, key=list(Lane).index)),
        device=device,
        max_vram_gib=max_vram_gib,
    )
    if on_settled is not None:
        shop.on_settled = on_settled
    return WorkerProcess(shop, open_broker(installation.settings))
