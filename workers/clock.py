"""The database's clock, as seen from this host."""

from __future__ import annotations

import time

from storage.clock import read_now_ms
from storage.session import Database

CLOCK_MEASURED_EVERY_S = 60.0


class DatabaseClock:
    """How far the database's clock is ahead of this host's, measured once a minute: runs of all hosts are on one."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._measured_at = float("-inf")
        self._offset_ms = 0

    def offset_ms(self) -> int:
        """To add to this host's milliseconds."""
        if time.monotonic() - self._measured_at > CLOCK_MEASURED_EVERY_S:
            with self._database.read() as connection:
                before_ms = host_now_ms()
                database_ms = read_now_ms(connection)
                self._offset_ms = database_ms - (before_ms + host_now_ms()) // 2
            self._measured_at = time.monotonic()
        return self._offset_ms


def host_now_ms() -> int:
    return time.time_ns() // 1_000_000
