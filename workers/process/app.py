"""A worker process, put together: doorbell, threads, heartbeat, sweeper; started, stopped, told to go.

`campaign worker` runs one in production; in the embedded default `campaign submit` runs one inside itself until
its campaign is done. Nothing is opened before `start`.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import dramatiq

from storage.errors import DatabaseError
from storage.installation import Installation
from storage.names import CampaignId
from storage.queue import campaigns as campaign_rows
from storage.queue import leases
from storage.settings import Doorbell
from storage.tables import Lane
from storage.worker_lock import WorkerLock, holder
from workers.doorbell import open_messages
from workers.doorbell.messages import MessageBell
from workers.doorbell.postgresql import Listener
from workers.engines.options import ON_CPU, DeviceOptions
from workers.errors import AlreadyWorkingError
from workers.finish import warm as warm_finish
from workers.pipeline import Pipeline
from workers.process.gpus.idle import IdleWatch
from workers.process.metrics import watch
from workers.process.sweeper import Heartbeat, Messenger, Reporter, Sweeper
from workers.process.threads import WorkerThreads, register
from workers.process.warm_up import WarmUp
from workers.resources import ALL_LANES, WorkerResources, ignore_settled

log = logging.getLogger(__name__)


class WorkerProcess:
    """Everything that one worker process runs."""

    def __init__(self, resources: WorkerResources, bell: MessageBell) -> None:
        """`bell` is the one that this process's threads answer."""
        settings, database = resources.settings, resources.database
        self.resources = resources
        self.bell = bell
        self.pipeline = Pipeline(resources)
        self.threads = WorkerThreads(
            self.pipeline,
            bell,
            lanes=resources.lanes,
            count=settings.finish_threads + 1,
            is_only_worker=database.is_sqlite,
        )
        self._worker = dramatiq.Worker(
            bell.broker, queues=set(resources.lanes), worker_threads=self.threads.count, worker_timeout=200
        )
        watch(resources.meters, self.threads, depth=resources.queue_depth, telemetry=resources.telemetry)
        self._heartbeat = Heartbeat(
            database, self.pipeline.claimer.holdings, worker=resources.worker, lease_ms=resources.lease_ms
        )
        self._sweeper = Sweeper(resources, self.threads)
        self._messenger = Messenger(database, settings)
        self._reporter = Reporter(resources)
        self._warm_up: WarmUp | None = None
        self._idle_watch: IdleWatch | None = None
        self._listener: Listener | None = None
        if settings.doorbell is Doorbell.POSTGRESQL:
            self._listener = Listener(database, resources.lanes, self.threads.wake)
        self._lock = WorkerLock(database) if database.is_sqlite else None

    def warm_up(self, told_to_stop: Callable[[], bool] = lambda: False) -> Iterator[tuple[str, float]]:
        """Load the voices of campaigns that run or wait to be started; yields each with the seconds it took.

        Nothing is claimed meanwhile, so workers that are warm already go on. Returns after `warm_up_seconds` all the
        same, with what is not loaded yet in `still_cold`. Raises `DeviceLostError`.
        """
        resources = self.resources
        with resources.database.read() as connection:
            waiting = campaign_rows.runnable(connection, resources.lanes, waiting_too=True)
        self._warm_up = WarmUp(
            resources.voices,
            [
                (campaign.pin_id, preset)
                for campaign in waiting
                for preset in resources.campaigns.campaign(campaign.id).lock.preset_labels
            ],
            limit_s=resources.settings.warm_up_seconds,
        )
        yield from self._warm_up.run(told_to_stop)
        if told_to_stop():
            return
        for profile in {
            campaign.id: resources.campaigns.profile(campaign.id) for campaign in waiting
        }.values():
            warm_finish(profile)

    def report_idleness(self, folder: Path) -> None:
        """Tell a supervisor how long the GPU ran nothing while there was work; call it before `start`."""
        holdings = self.pipeline.claimer.holdings
        self._idle_watch = IdleWatch(
            self.resources.telemetry.utilisation, lambda: bool(holdings.keys(leases.UTTERANCES)), folder
        )

    def start(self) -> None:
        """Begin to work; raises `AlreadyWorkingError` when another process works on this SQLite file."""
        if self._lock is not None:
            self._take_over(self._lock)
        register(self.bell.broker, self.threads)
        self._heartbeat.start()
        self._worker.start()
        self._sweeper.start()
        self._messenger.start()
        self._reporter.start()
        if self._idle_watch is not None:
            self._idle_watch.start()
        self.ring()
        if self._listener is not None:
            self._listener.start()

    @property
    def still_cold(self) -> tuple[str, ...]:
        """Voices that the warm-up did not get to load: they are loaded when they are first needed."""
        return () if self._warm_up is None else self._warm_up.left

    @property
    def is_loading(self) -> bool:
        """Whether the warm-up left threads that load: they cannot be interrupted, only left behind."""
        return self._warm_up is not None and self._warm_up.is_loading

    @property
    def fault(self) -> Exception | None:
        """Why this worker cannot go on, if so."""
        return self.threads.fault or (None if self._warm_up is None else self._warm_up.fault)

    def ring(self) -> None:
        """Have all threads look for work."""
        self.bell.ring(self.resources.lanes[0], self.threads.count)

    def limit_batch(self, utterances: int | None) -> None:
        """Most utterances in one claim from now on; None is what the settings say."""
        self.pipeline.claimer.synthesis_batch = utterances or self.resources.settings.synthesis_batch

    def _take_over(self, lock: WorkerLock) -> None:
        """SQLite has one worker process: whoever gets the lock knows that every claim is a dead process's."""
        database = self.resources.database
        if not lock.take(self.resources.lanes):
            raise AlreadyWorkingError(
                f"{holder(database) or 'another process'} works on {database.url.database}. Wait for it, follow it "
                "with `campaign status`, or use PostgreSQL for several workers."
            )
        try:
            with database.write() as connection:
                campaign_rows.expire_all(connection, everything=True)
        except BaseException:
            lock.release()
            raise

    def wait(self, until: Callable[[], bool], *, every_s: float = 0.1, pin_id: str | None = None) -> None:
        """Return when `until` says so; raises the engine's error when the device is lost or `pin_id` cannot be used."""
        while not until():
            fault = self.fault or self.resources.voices.problem_of(pin_id)
            if fault is not None:
                raise fault
            time.sleep(every_s)

    def stop(self, *, grace_s: float | None = None) -> None:
        """Finish the batches in hand within the grace time, give the rest back. Idempotent."""
        grace_s = self.resources.settings.grace_seconds if grace_s is None else grace_s
        self.threads.stopping.set()
        self._sweeper.stop()
        self._reporter.stop()
        if self._listener is not None:
            self._listener.stop()
        deadline = time.monotonic() + grace_s
        while self.threads.busy and time.monotonic() < deadline:
            time.sleep(0.02)
        self._worker.stop(timeout=1000)
        self._heartbeat.stop()
        if self._idle_watch is not None:
            self._idle_watch.stop()
            self._idle_watch.write()
        try:
            self._messenger.flush()
            with self.resources.database.write() as connection:
                leases.release_all(connection, worker=self.resources.worker)
        except (
            DatabaseError
        ) as exc:  # what is in hand is free when its leases run out, or the next one takes over
            log.warning("rows in hand could not be given back: %s", exc)
        finally:
            self.resources.close()
            if self._lock is not None:
                self._lock.release()


def assemble(
    installation: Installation,
    *,
    lanes: Sequence[Lane] = ALL_LANES,
    options: DeviceOptions = ON_CPU,
    on_settled: Callable[[CampaignId], None] = ignore_settled,
) -> WorkerProcess:
    """A worker process of an installation; not started.

    A pin whose engine cannot be used is set aside and tried again later; a lost device ends the worker.
    """
    resources = WorkerResources(installation, lanes=lanes, options=options, on_settled=on_settled)
    return WorkerProcess(resources, open_messages(installation.settings))
