"""What becomes of rows whose sound or file the object store did not take.

A store that is *away* is waited for: it counts against no row. A store that refuses *one object* fails that row. A
store that refuses *everything* has the campaign paused, with the reason, after `max_attempts` batches in a row of
which nothing was stored by anybody: `campaign resume` goes on where it was, once it is mended.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from storage.clock import read_now_ms
from storage.errors import ObjectRefusedError, ObjectStoreError, StoreUnavailableError
from storage.history import audit
from storage.queue import campaigns as campaign_rows
from storage.queue import leases
from storage.queue.leases import Work
from storage.records import Claim, Failure, Runnable
from storage.tables import CampaignState
from workers.claims.claiming import Claimer
from workers.resources import WorkerResources
from workers.retries import Retries

log = logging.getLogger(__name__)

REFUSED_OBJECT: Final = "object-refused"
"""Code of a row whose own object the store does not take."""
OUTAGE_OBJECTS: Final = 2
STORE_FAILED: Final = "store-failed"
"""Code of a row that waits for the store."""
PAUSE_REASON: Final = "the object store refuses what is made"


@dataclass(slots=True)
class _Run:
    """Batches in a row of which the store took nothing, of one kind of work of one campaign."""

    batches: int = 0
    since_ms: int = 0
    """The database's time of the first."""


class StoreRefusals:
    """Settles what the store did not take, for all threads of one worker."""

    def __init__(self, resources: WorkerResources, claimer: Claimer, retries: Retries) -> None:
        self._resources = resources
        self._claimer = claimer
        self._retries = retries
        self._refused: dict[tuple[str, str], _Run] = {}
        self._away = 0
        """Batches in a row for which the store was away."""
        self._lock = threading.Lock()

    def failures(
        self, work: Work, campaign: Runnable, problems: Mapping[Claim, ObjectStoreError], *, stored: int
    ) -> list[Failure]:
        """Rows to fail for good: those whose own object is refused.

        A refusal of the object is the store's while it takes no object of this campaign at all: a limit, or a header
        that it does not know, is told of each. One of the store, while this very worker stores others, is the object's
        after `max_attempts`.
        """
        objects = [claim for claim, error in problems.items() if isinstance(error, ObjectRefusedError)]
        if len(objects) > 1 and not stored and not self._takes_others(work, campaign):
            objects = []
        objects += [
            claim
            for claim, error in problems.items()
            if stored
            and not isinstance(error, ObjectRefusedError)
            and not _is_away(error)
            and self._retries.are_exhausted(work, claim)
        ]
        return [Failure(claim=claim, code=REFUSED_OBJECT, reason=str(problems[claim])) for claim in objects]

    def _takes_others(self, work: Work, campaign: Runnable) -> bool:
        with self._resources.database.read() as connection:
            return leases.was_stored_since(connection, work, campaign_id=campaign.id, since_ms=0)

    def wait(
        self, work: Work, campaign: Runnable, problems: Mapping[Claim, ObjectStoreError], *, stored: int
    ) -> None:
        """Give the rows back that wait for the store, and rest or pause where it takes nothing."""
        refused = [error for error in problems.values() if not _is_away(error)]
        for claim, error in problems.items():
            self._retries.postpone(work, claim, STORE_FAILED, str(error), counts=not _is_away(error))
        with self._lock:
            if stored or (problems and refused):
                self._away = 0
            elif problems:
                self._away += 1
            away = self._away
        if stored:
            self._forget(work, campaign)
        if not problems:
            return
        error = next(iter(refused or problems.values()))
        log.warning("the object store failed, %d rows wait for it: %s", len(problems), error)
        if refused:
            batches = 1 if stored else self._count(work, campaign)
            self._claimer.back_off(batches)  # it refuses this worker, maybe not the others
            if batches >= self._resources.settings.max_attempts:
                self._pause(work, campaign, error)
        elif away > 1:
            self._claimer.back_off(away - 1)

    def _count(self, work: Work, campaign: Runnable) -> int:
        with self._resources.database.read() as connection:
            now_ms = read_now_ms(connection)
        with self._lock:
            run = self._refused.setdefault((campaign.id, work.table.name), _Run(since_ms=now_ms))
            run.batches += 1
            return run.batches

    def _forget(self, work: Work, campaign: Runnable) -> None:
        with self._lock:
            self._refused.pop((campaign.id, work.table.name), None)

    def _pause(self, work: Work, campaign: Runnable, error: ObjectStoreError) -> None:
        """Unless others store meanwhile: then it is this worker that is refused, and it goes on resting."""
        with self._lock:
            run = self._refused.pop((campaign.id, work.table.name), _Run())
        reason = f"{PAUSE_REASON}, {run.batches} batches in a row: {error}."
        with self._resources.database.write() as connection:
            if leases.was_stored_since(connection, work, campaign_id=campaign.id, since_ms=run.since_ms):
                return
            if not campaign_rows.lock_running(connection, {campaign.id}):
                return
            leases.forgive(connection, work, campaign_id=campaign.id, code=STORE_FAILED)
            campaign_rows.move(connection, campaign.id, CampaignState.PAUSED, reason=reason)
            audit.note(connection, "pause", campaign.id, actor="object-store", batches=run.batches)
        log.error("campaign %s paused: %s", campaign.id, reason)


def _is_away(error: ObjectStoreError) -> bool:
    """Whether the store may be back at any moment; one that spoils what it is given refuses it in its own way."""
    return isinstance(error, StoreUnavailableError)


class Outage:
    """Whether the store is away for the rest of a batch: so many objects in a row found it so, each after its attempts.

    What is not even tried then is given back at once, in place of holding its lease through every timeout.
    """

    def __init__(self) -> None:
        self._in_a_row = 0
        self.error: StoreUnavailableError | None = None
        """What the last of them was told, once there are enough; None before."""

    def note(self, error: ObjectStoreError | None) -> None:
        """One more object was put (None) or not."""
        if not isinstance(error, StoreUnavailableError):
            self._in_a_row = 0
            return
        self._in_a_row += 1
        if self._in_a_row >= OUTAGE_OBJECTS:
            self.error = error


def claims_of(
    problems: Mapping[Claim, ObjectStoreError], without: Sequence[Failure]
) -> dict[Claim, ObjectStoreError]:
    """The problems of rows that were not failed."""
    failed = {failure.claim for failure in without}
    return {claim: error for claim, error in problems.items() if claim not in failed}
