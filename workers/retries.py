"""Rows given back to be tried again: after how long, and how often."""

from __future__ import annotations

from typing import Final

from storage.queue import leases
from storage.queue.leases import Work
from storage.records import Claim
from workers import observation
from workers.resources import WorkerResources

FIRST_RETRY_MS: Final = 500
LONGEST_RETRY_MS: Final = 60_000


class Retries:
    """Gives rows back for one worker. Safe to share between threads."""

    def __init__(self, resources: WorkerResources) -> None:
        self._resources = resources

    def are_exhausted(self, work: Work, claim: Claim) -> bool:
        """Whether this failure is the last that the row may have."""
        with self._resources.database.read() as connection:
            return leases.retries(connection, work, claim) + 1 >= self._resources.settings.max_attempts

    def postpone(
        self, work: Work, claim: Claim, code: str, reason: str, *, counts: bool = True, past: int = 0
    ) -> None:
        """Give a row back, each time with twice the delay: an attempt of it, or what `counts` for nothing.

        How often that was before is its own count, or `past` where it has none.
        """
        observation.retried(self._resources.meters, work, code)
        with self._resources.database.write() as connection:
            if counts:
                past = leases.retries(connection, work, claim)
            delay_ms = min(LONGEST_RETRY_MS, FIRST_RETRY_MS << min(10, past))
            leases.postpone(
                connection,
                work,
                claim,
                worker=self._resources.worker,
                delay_ms=delay_ms,
                code=code,
                reason=reason,
                counts=counts,
            )
