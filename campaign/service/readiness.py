"""Whether the service can work: looked at once for all who ask in the same moment, because strangers may ask."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from anyio.to_thread import run_sync

from storage import schema
from storage.errors import StorageError
from storage.installation import Installation
from workers.doorbell import Bell
from workers.errors import BrokerError

MAX_AGE_S = 1.0


class Readiness:
    """Belongs to the event loop."""

    def __init__(self, installation: Installation, bell: Callable[[], Bell]) -> None:
        self._installation = installation
        self._bell = bell
        self._problems: tuple[str, ...] = ()
        self._looked_at_s = float("-inf")
        self._lock = asyncio.Lock()

    async def problems(self) -> tuple[str, ...]:
        """What cannot be used, at most `MAX_AGE_S` ago."""
        async with self._lock:
            if time.monotonic() - self._looked_at_s > MAX_AGE_S:
                self._problems = await run_sync(self._look)
                self._looked_at_s = time.monotonic()
        return self._problems

    def _look(self) -> tuple[str, ...]:
        problems = []
        try:
            schema.check(self._installation.database)
        except StorageError:
            problems.append("the database cannot be used")
        try:
            self._installation.store.head("ready")
        except StorageError:
            problems.append("the object store cannot be used")
        try:
            self._bell().check()
        except BrokerError:
            problems.append("the broker cannot be used")
        return tuple(problems)
