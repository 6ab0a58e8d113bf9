"""How much running campaigns wait for, for dashboards and run descriptors: counting costs, so the count is kept."""

from __future__ import annotations

import threading
import time

from storage.queue import utterances as utterance_rows
from storage.session import Database

MAX_AGE_S = 2.0


class QueueDepth:
    """Utterances that running campaigns wait for, in the whole installation. Safe to share between threads."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._depth = 0
        self._read_at = float("-inf")
        self._lock = threading.Lock()

    def read(self) -> int:
        """As of at most `MAX_AGE_S` ago."""
        with self._lock:
            now = time.monotonic()
            if now - self._read_at > MAX_AGE_S:
                with self._database.read() as connection:
                    self._depth = utterance_rows.depth(connection)
                self._read_at = now
            return self._depth
