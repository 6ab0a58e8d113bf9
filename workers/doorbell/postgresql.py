"""Bells by PostgreSQL's NOTIFY: one channel a lane, nothing in the message. Redis is not needed.

Every worker process hears every bell, so each makes as little of it as can be: notices that come within `GATHER_S` of
one that was answered are one, and a lane's threads are woken only as far as none waits to be woken already.
"""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Callable, Sequence

from storage.errors import DatabaseError
from storage.notices import listening, notify
from storage.session import Database
from storage.tables import Lane
from workers.errors import BrokerError

log = logging.getLogger(__name__)

LOOK_EVERY_S = 0.5
"""How often the listener looks whether it is to stop; a notice ends the wait at once."""
GATHER_S = 0.05
RECONNECT_S = 1.0
"""On average: workers that lost one server come back one by one."""


def channel_of(lane: Lane) -> str:
    """On which a lane's bells are rung. Channels are the database's own: installations do not hear each other."""
    return f"campaign_has_work_{lane.value}"


class PostgresqlBell:
    """Reaches every worker process that listens on this database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def ring(self, lane: Lane, times: int = 1) -> bool:
        """Say that the lane has work, once whatever `times`: each worker knows its own idle threads."""
        try:
            with self._database.write() as connection:
                notify(connection, channel_of(lane))
        except DatabaseError as exc:
            log.warning("the doorbell of lane %s is out of order, workers will sweep: %s", lane, exc)
            return False
        return True

    def check(self) -> None:
        """Raise `BrokerError` when the database cannot be reached."""
        try:
            with self._database.read():
                pass
        except DatabaseError as exc:
            raise BrokerError(str(exc)) from exc


class Listener(threading.Thread):
    """Hears the bells of some lanes for one worker process until `stop`; a server that is away is waited for.

    `hear` is called with each lane that has work, and with every lane once it listens: what was rung before, or while
    the connection was gone, reached nobody.
    """

    def __init__(self, database: Database, lanes: Sequence[Lane], hear: Callable[[Lane], None]) -> None:
        super().__init__(name="listener", daemon=True)
        self._database = database
        self._lanes = {channel_of(lane): lane for lane in lanes}
        self._hear = hear
        self._stopping = threading.Event()

    def run(self) -> None:
        """The thread's life."""
        reported = False
        while not self._stopping.is_set():
            try:
                with listening(self._database, self._lanes) as notices:
                    reported = False
                    channels = set(self._lanes)
                    while not self._stopping.is_set():
                        for channel, lane in self._lanes.items():  # the most urgent first
                            if channel in channels:
                                self._hear(lane)
                        self._stopping.wait(GATHER_S)
                        channels = notices.wait(LOOK_EVERY_S)
            except DatabaseError as exc:
                if not reported:
                    log.warning("no doorbell is heard, this worker sweeps: %s", exc)
                reported = True
                self._stopping.wait(RECONNECT_S * random.uniform(0.5, 1.5))

    def stop(self) -> None:
        """End, and give the connection back."""
        self._stopping.set()
        if self.is_alive():
            self.join(timeout=10)
