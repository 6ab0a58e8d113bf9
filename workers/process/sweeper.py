"""Four threads that every worker runs beside its work.

The *heartbeat* renews leases, and does nothing else, so that nothing slow can make it late. The *sweeper* frees
leases that ran out, starts campaigns whose time has come, rings for work that no bell announced, ends campaigns whose
last row is terminal, and pauses those that passed their error budget. The *messenger* delivers webhooks. The *reporter*
has manifest and report published of campaigns that ended and have none. Any number of each may run at once.
"""

from __future__ import annotations

import contextlib
import logging
import threading
import time

from storage.erasing import erasure
from storage.errors import DatabaseError, StorageError
from storage.history import audit
from storage.names import CampaignId
from storage.queue import campaigns as campaign_rows
from storage.queue import demand, leases, starts
from storage.queue import utterances as utterance_rows
from storage.session import Database
from storage.settings import Settings
from storage.tables import CampaignState, Lane
from workers.claims.holdings import Holdings
from workers.outbound.deliveries import Deliveries
from workers.process.threads import WorkerThreads
from workers.resources import WorkerResources

log = logging.getLogger(__name__)

FLUSH_S = 5.0
"""How long a process that ends waits for receivers, before and after its last look. The next process goes on."""
FIRST_REPORT_S = 5.0
LONGEST_REPORT_S = 300.0
"""Between two attempts to publish one campaign's report."""
BUDGET_MIN_ROWS = 20
"""An error budget is a share; below this many rows it says nothing."""


class Periodic(threading.Thread):
    """Calls `tick` every `every_s` seconds until `stop`: whatever a round meets, the next one comes."""

    def __init__(self, name: str, every_s: float) -> None:
        super().__init__(name=name, daemon=True)
        self._every_s = every_s
        self._stop_event = threading.Event()

    def run(self) -> None:
        """The thread's life."""
        while not self._stop_event.wait(self._every_s):
            try:
                self.tick()
            except StorageError as exc:
                log.warning("%s: %s", self.name, exc)
            except Exception:
                log.exception("%s goes on after a fault of the program", self.name)

    def tick(self) -> None:
        """One round."""
        raise NotImplementedError

    def stop(self) -> None:
        """End after the round under way."""
        self._stop_event.set()


class Heartbeat(Periodic):
    """Renews the leases of what this worker works on, three times in the life of one."""

    def __init__(self, database: Database, holdings: Holdings, *, worker: str, lease_ms: int) -> None:
        super().__init__("heartbeat", lease_ms / 3000)
        self._database = database
        self._holdings = holdings
        self._worker = worker
        self._lease_ms = lease_ms

    def tick(self) -> None:
        """Extend the leases of what is in hand; those that an error left behind run out."""
        for work in (leases.UTTERANCES, leases.ASSETS):
            keys = self._holdings.keys(work)
            if keys:
                with self._database.write() as connection:
                    leases.renew(connection, work, keys, worker=self._worker, lease_ms=self._lease_ms)


class Messenger(Periodic):
    """Has webhooks delivered; waits for no receiver."""

    def __init__(self, database: Database, settings: Settings) -> None:
        super().__init__("messenger", settings.sweep_seconds)
        self._deliveries = Deliveries(database, settings)
        self._lock = threading.Lock()

    def tick(self) -> None:
        """What is due."""
        with self._lock:
            self._deliveries.begin()

    def flush(self) -> None:
        """End, after one more round: the process that saw a campaign finish may be the last one for long."""
        self.stop()
        with self._lock, contextlib.suppress(DatabaseError):
            self._deliveries.wait(FLUSH_S)
            self._deliveries.begin()
            self._deliveries.wait(FLUSH_S)
        self._deliveries.stop()


class Reporter(Periodic):
    """Has published what whoever saw it end could not: its store was away, its process died, nobody was told."""

    def __init__(self, resources: WorkerResources) -> None:
        super().__init__("reporter", resources.settings.sweep_seconds)
        self._resources = resources
        self._due_s: dict[CampaignId, float] = {}
        """When each is tried next, by the monotonic clock; whoever saw it end is at it before."""
        self._delays_s: dict[CampaignId, float] = {}

    def tick(self) -> None:
        """What is due."""
        with self._resources.database.read() as connection:
            unreported = campaign_rows.unreported(connection)
        now_s = time.monotonic()
        for campaign_id in unreported:
            if now_s >= self._due_s.setdefault(campaign_id, now_s + FIRST_REPORT_S):
                delay_s = min(LONGEST_REPORT_S, 2 * self._delays_s.get(campaign_id, FIRST_REPORT_S))
                self._delays_s[campaign_id], self._due_s[campaign_id] = delay_s, now_s + delay_s
                self._resources.tell_settled(campaign_id)
        for campaign_id in self._due_s.keys() - set(unreported):
            del self._due_s[campaign_id]
            self._delays_s.pop(campaign_id, None)


class Sweeper(Periodic):
    """Finds what no bell announced."""

    def __init__(self, resources: WorkerResources, threads: WorkerThreads) -> None:
        super().__init__("sweeper", resources.settings.sweep_seconds)
        self._resources = resources
        self._threads = threads

    def tick(self) -> None:
        """Free, repair, start, end, pause, ring."""
        resources = self._resources
        with resources.database.write() as connection:
            freed = campaign_rows.expire_all(connection, lease_ms=resources.lease_ms)
            utterance_rows.fail_dependents(connection)
        if freed:
            resources.meters.add("campaign_freed_rows", freed)
            log.warning("%d rows of a worker that is gone were freed", freed)
        self._start_due()
        with resources.database.read() as connection:
            running = campaign_rows.runnable(connection, tuple(Lane))
        for campaign in running:
            if resources.settle(campaign.id) is None:
                self._watch_budget(campaign.id)
        mine = [
            campaign
            for campaign in running
            if campaign.lane in resources.lanes and resources.permits.allow(campaign)
        ]
        if mine and self._threads.busy == 0:
            with resources.database.write() as connection:
                utterance_rows.wake_all(connection)
                for campaign in mine:
                    demand.adopt(connection, campaign.id, campaign.lane)
        with resources.database.read() as connection:
            forgotten = erasure.is_due(connection)
        if forgotten:
            erasure.sweep(resources.database, resources.store)
        if mine and not self._threads.stopping.is_set():
            self._threads.call(mine[0].lane)

    def _start_due(self) -> None:
        database = self._resources.database
        with database.read() as connection:
            due = starts.due(connection)
        for campaign_id in due:
            with database.write() as connection:
                if not starts.start_if_due(connection, campaign_id):
                    continue
                audit.note(connection, "start", campaign_id, actor="start-at")
            log.info("campaign %s starts: its time has come", campaign_id)

    def _watch_budget(self, campaign_id: CampaignId) -> None:
        budget = self._resources.campaigns.campaign(campaign_id).error_budget
        if budget is None:
            return
        with self._resources.database.read() as connection:
            counts = campaign_rows.progress(connection, campaign_id)
        done = counts.rows - counts.open_rows
        if done < BUDGET_MIN_ROWS or counts.errors <= budget * counts.rows:
            return
        reason = f"{counts.errors} of {counts.rows} rows failed, more than the error budget of {budget:.1%}"
        with self._resources.database.write() as connection:
            campaign_rows.move(connection, campaign_id, CampaignState.PAUSED, reason=reason)
            audit.note(connection, "pause", campaign_id, actor="error-budget", errors=counts.errors)
        log.error("campaign %s paused: %s", campaign_id, reason)
