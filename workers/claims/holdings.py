"""The rows that one worker process has in hand: their leases are kept alive, and given back when the work raises."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator, Sequence
from typing import Any

from storage.errors import DatabaseError, StorageError
from storage.queue import leases
from storage.queue.leases import Work
from storage.records import Claim
from storage.session import Database
from workers.engines.engine import DeviceLostError, DeviceMemoryError, EngineError
from workers.errors import WorkerError


class Holdings:
    """Claims in hand, from the claim to the commit. Safe to share between threads."""

    def __init__(self, database: Database, *, worker: str) -> None:
        self._database = database
        self._worker = worker
        self._keys: dict[str, set[Any]] = {}
        self._lock = threading.Lock()

    @contextlib.contextmanager
    def holding(self, work: Work, claims: Sequence[Claim]) -> Iterator[None]:
        """Keep the leases of these claims alive for as long as they are worked on, and no longer.

        When the work raises, the rows are given back; when not even that is possible, their leases run out. Rows that
        a device was lost with, or that this program has a fault with, are suspects: maybe one of them did it, and it
        would do it again to the next worker.
        """
        keys = [claim.key for claim in claims]
        with self._lock:
            self._keys.setdefault(work.table.name, set()).update(keys)
        try:
            yield
        except BaseException as exc:
            give_back = leases.suspect if _may_be_a_rows_fault(exc) else leases.release
            with contextlib.suppress(DatabaseError), self._database.write() as connection:
                give_back(connection, work, claims, worker=self._worker)
            raise
        finally:
            with self._lock:
                self._keys[work.table.name].difference_update(keys)

    def keys(self, work: Work) -> list[Any]:
        """Of the rows whose leases are to be kept alive."""
        with self._lock:
            return list(self._keys.get(work.table.name, ()))


def _may_be_a_rows_fault(exc: BaseException) -> bool:
    """True unless the cause is known to lie elsewhere: database, store, engine, disk, memory, being told to stop."""
    if isinstance(exc, DeviceLostError):
        return not isinstance(exc, DeviceMemoryError)
    surroundings = (StorageError, WorkerError, EngineError, OSError, MemoryError)
    return isinstance(exc, Exception) and not isinstance(exc, surroundings)
