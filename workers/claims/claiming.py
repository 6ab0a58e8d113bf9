"""What a worker takes in hand next: a batch of one campaign's rows, the most urgent lane first, each campaign in turn.

Nothing is claimed for an engine that is not loaded yet: other workers may be ready for it. Suspects are claimed only
when nothing fresh is there and this process holds nothing else, so that a death says something about them alone.
"""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from storage.queue import campaigns as campaign_rows
from storage.queue import leases, suppressions
from storage.queue.leases import ASSETS, UTTERANCES, Work
from storage.records import Claim, Runnable
from storage.session import Connection
from storage.tables import Lane
from workers import observation
from workers.claims.exclusive import ExclusiveLock
from workers.claims.holdings import Holdings
from workers.claims.scheduler import Scheduler
from workers.engines.engine import DeviceLostError, EngineError
from workers.resources import WorkerResources

log = logging.getLogger(__name__)

PREVIEW_BATCH = 8
"""Preview utterances served at once in the middle of a bulk batch."""
BACK_OFF_S = 1.0
LONGEST_BACK_OFF_S = 15.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Claimed rows of one campaign."""

    campaign: Runnable
    claims: Sequence[Claim]
    suspects: bool = False


class Claimer:
    """Takes rows in hand for one worker process."""

    def __init__(self, resources: WorkerResources) -> None:
        self._resources = resources
        self.holdings = Holdings(resources.database, worker=resources.worker)
        self.synthesis_batch = resources.settings.synthesis_batch
        """Most utterances in one claim; an engine may want fewer."""
        self._scheduler = Scheduler(resources.meters, lane_threads=resources.settings.lane_threads)
        self._exclusive = ExclusiveLock()
        self._back_off_until = 0.0

    def back_off(self, times: int = 1) -> None:
        """Claim nothing for `BACK_OFF_S`, twice as long each time in a row, `LONGEST_BACK_OFF_S` at most.

        What this worker makes is not taken; others may do better.
        """
        rest_s = min(LONGEST_BACK_OFF_S, BACK_OFF_S * 2 ** min(10, times - 1))
        self._back_off_until = time.monotonic() + rest_s

    @contextlib.contextmanager
    def batch(self, work: Work) -> Iterator[Batch | None]:
        """The next batch, kept alive inside; None when there is nothing to do."""
        with self._exclusive.shared(), self._taken(work, suspects=False) as batch:
            if batch is not None:
                yield batch
                return
        with self._exclusive.alone() as alone:
            if not alone:
                yield None
                return
            with self._taken(work, suspects=True) as batch:
                yield batch

    @contextlib.contextmanager
    def _taken(self, work: Work, *, suspects: bool) -> Iterator[Batch | None]:
        """The next batch, kept alive; its lane has one thread more at work meanwhile."""
        batch = self._next(work, suspects=suspects)
        if batch is None:
            yield None
            return
        try:
            with self.holdings.holding(work, batch.claims):
                yield batch
        finally:
            self._scheduler.leave(batch.campaign.lane)

    def preview(self, pin_id: str) -> Batch | None:
        """A few preview utterances that an engine in the middle of a batch can speak; not kept alive yet."""
        for campaign in self._runnable((Lane.PREVIEW,)):
            if campaign.pin_id == pin_id and Lane.PREVIEW in self._resources.lanes:
                claims = self._claim(UTTERANCES, campaign, PREVIEW_BATCH, suspects=False)
                if claims:
                    return Batch(campaign=campaign, claims=claims)
        return None

    def _next(self, work: Work, *, suspects: bool) -> Batch | None:
        if time.monotonic() < self._back_off_until:
            return None
        for campaign in self._scheduler.in_order(work, self._runnable(self._resources.lanes)):
            if not self._scheduler.enter(campaign.lane):
                continue
            claims: list[Claim] = []
            try:
                if work is not UTTERANCES or self._can_speak(campaign):
                    claims = self._claim(work, campaign, self._limit(work, campaign), suspects=suspects)
            finally:
                if not claims:
                    self._scheduler.leave(campaign.lane)
            if claims:
                self._scheduler.record_claim(work, campaign)
                return Batch(campaign=campaign, claims=claims, suspects=suspects)
        return None

    def _runnable(self, lanes: tuple[Lane, ...]) -> list[Runnable]:
        with self._resources.database.read() as connection:
            campaigns = campaign_rows.runnable(connection, lanes)
        return [campaign for campaign in campaigns if self._resources.permits.allow(campaign)]

    def _can_speak(self, campaign: Runnable) -> bool:
        """Whether the campaign's voices are loaded, now that there is something to say in them."""
        voices = self._resources.voices
        if voices.problem_of(campaign.pin_id) is not None or voices.is_loading(campaign.pin_id):
            return False
        presets = self._resources.campaigns.campaign(campaign.id).lock.preset_labels
        if all(voices.is_warm(campaign.pin_id, preset) for preset in presets):
            return True
        with self._resources.database.read() as connection:
            if not leases.is_waiting(connection, UTTERANCES, campaign_id=campaign.id):
                return False
        try:
            for preset in presets:
                voices.warm(campaign.pin_id, preset)
            voices.engine_for(campaign.pin_id)  # what keeps it from being loaded is not the rows' fault
        except DeviceLostError:
            raise
        except EngineError as exc:
            log.error("an engine cannot be used: %s", exc)
            voices.set_aside(campaign.pin_id, exc)
            return False
        return True

    def _limit(self, work: Work, campaign: Runnable) -> int:
        if work is not UTTERANCES:
            return self._resources.settings.finish_batch
        engine = self._resources.voices.engine_for(campaign.pin_id)
        return min(self.synthesis_batch, engine.capabilities.max_batch)

    def _claim(self, work: Work, campaign: Runnable, limit: int, *, suspects: bool) -> list[Claim]:
        resources = self._resources
        with resources.database.write() as connection:
            if not campaign_rows.lock_running(connection, {campaign.id}):
                return []
            while claims := self._leased(connection, work, campaign, limit, suspects=suspects):
                if work is not ASSETS:
                    break
                stopped = suppressions.stop_claimed(
                    connection, [claim.key for claim in claims], worker=resources.worker
                )
                claims = [claim for claim in claims if claim.key not in stopped]
                if claims:  # else all of them had opted out: the next may not have
                    break
        if claims:
            observation.claimed(resources.meters, work, campaign, len(claims))
        return claims

    def _leased(
        self, connection: Connection, work: Work, campaign: Runnable, limit: int, *, suspects: bool
    ) -> list[Claim]:
        worker, lease_ms = self._resources.worker, self._resources.lease_ms
        if suspects:
            return leases.claim_suspects(
                connection, work, campaign_id=campaign.id, worker=worker, lease_ms=lease_ms
            )
        return leases.claim(
            connection, work, campaign_id=campaign.id, worker=worker, lease_ms=lease_ms, limit=limit
        )
