"""What becomes of rows whose file nobody hears: nothing goes out unheard.

A recogniser that is *away* is waited for: it counts against no row, and rows wait twice as long each time that it is
not back. One that *fails* at a file has that row tried again, and failed in the end.
"""

from __future__ import annotations

import threading
from typing import Final

from storage.queue.leases import ASSETS
from storage.records import Claim, Failure
from workers.engines.engine import EngineError
from workers.recognisers.recogniser import RecogniserAwayError
from workers.retries import Retries

RECOGNISER_AWAY: Final = "recogniser-away"
"""Code of a row that waits for who is to hear it, and of one that nobody could hear."""


class RecogniserAbsence:
    """Settles what could not be heard, for all threads of one worker."""

    def __init__(self, retries: Retries) -> None:
        self._retries = retries
        self._batches = 0
        """In a row, in which nobody was there to hear."""
        self._lock = threading.Lock()

    def begin(self) -> None:
        """Nobody is there, for the rest of a batch."""
        with self._lock:
            self._batches += 1

    def end(self) -> None:
        """Somebody heard a file."""
        with self._lock:
            self._batches = 0

    def wait(self, claim: Claim, problem: RecogniserAwayError) -> None:
        """Give a row back until somebody may be there."""
        with self._lock:
            past = max(0, self._batches - 1)
        self._retries.postpone(ASSETS, claim, RECOGNISER_AWAY, str(problem), counts=False, past=past)

    def failures(self, claim: Claim, problem: EngineError) -> list[Failure]:
        """A row at whose file the recogniser failed: given back, or failed for good."""
        if self._retries.are_exhausted(ASSETS, claim):
            return [Failure(claim=claim, code=RECOGNISER_AWAY, reason=str(problem))]
        self._retries.postpone(ASSETS, claim, RECOGNISER_AWAY, str(problem))
        return []
