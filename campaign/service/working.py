"""The embedded default inside a service: its worker, taken up as soon as nobody else works, and anew after a fault."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Final

from storage.errors import StorageError
from storage.installation import Installation
from storage.names import CampaignId
from storage.worker_lock import holder
from workers.errors import AlreadyWorkingError, WorkerError
from workers.process.app import WorkerProcess, assemble

log = logging.getLogger(__name__)

LOOK_EVERY_S: Final = 0.5
AFTER_FAULT_S: Final = 5.0
"""Before a worker that could not go on is put together anew."""


class ServiceWorker:
    """The one worker of a SQLite database, where this process may have it. `start` and `stop` once each."""

    def __init__(self, installation: Installation, *, on_settled: Callable[[CampaignId], None]) -> None:
        self._installation = installation
        self._on_settled = on_settled
        self._worker: WorkerProcess | None = None
        self._ready: WorkerProcess | None = None
        """Put together, and not at work yet."""
        self._fault = ""
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="service-worker", daemon=True)

    @property
    def worker(self) -> WorkerProcess | None:
        """The worker at work here; None while there is none."""
        return self._worker

    @property
    def problem(self) -> str:
        """Why nothing works here now, and who does; empty while it does."""
        worker = self._worker
        if worker is not None and worker.fault is None:
            return ""
        if worker is not None or self._fault:
            return "nothing works here: the worker of this service cannot go on. Its log says why."
        who = holder(self._installation.database) or "another process"
        return f"nothing works here: {who} works on this database. This service takes over when it ends."

    def start(self) -> None:
        """Work, or wait for the turn."""
        self._attempt()
        if self._worker is None:
            log.warning("%s", self.problem)
        self._thread.start()

    def stop(self) -> None:
        """Finish current work and let others have it."""
        self._stopping.set()
        self._thread.join()
        if self._worker is not None:
            self._worker.stop()
        elif self._ready is not None:
            self._ready.resources.close()

    def _keep(self) -> None:
        wait_s = LOOK_EVERY_S
        while not self._stopping.wait(wait_s):
            wait_s = LOOK_EVERY_S
            if self._worker is None:
                self._attempt()
                wait_s = AFTER_FAULT_S if self._fault else LOOK_EVERY_S
            elif self._worker.fault is not None:
                self._fault = str(self._worker.fault)
                log.error("the worker of this service cannot go on and is started anew: %s", self._fault)
                worker, self._worker = self._worker, None
                worker.stop(grace_s=0)
                wait_s = AFTER_FAULT_S

    def _attempt(self) -> None:
        """Have a worker start, if it may; what is against it is kept."""
        try:
            if self._ready is None:
                self._ready = assemble(self._installation, on_settled=self._on_settled)
            self._ready.start()
        except AlreadyWorkingError:
            self._fault = ""
        except (StorageError, WorkerError) as exc:
            if str(exc) != self._fault:
                log.error("the worker of this service cannot start: %s", exc)
            self._fault = str(exc)
        else:
            self._worker, self._ready, self._fault = self._ready, None, ""
