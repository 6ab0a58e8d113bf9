"""SQLite has one worker process: a lock on a file beside the database, with a note of who has it.

The lock is the kernel's (`flock`) and ends with its process; the note only says who that is.
"""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from storage.errors import DatabaseError
from storage.processes import ProcessFacts, command_of, facts_of, locks_on
from storage.session import Database
from storage.tables import Lane


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerNote:
    """Who works on a SQLite database."""

    pid: int
    command: str
    since_s: float
    lanes: tuple[str, ...]
    """What it serves."""

    def __str__(self) -> str:
        """As it is told to a person."""
        served = "" if set(self.lanes) >= set(Lane) else f", on {', '.join(self.lanes)} alone"
        return str(ProcessFacts(pid=self.pid, command=self.command, since_s=self.since_s)) + served


class WorkerLock:
    """The right to work on one SQLite database."""

    def __init__(self, database: Database) -> None:
        self._path = path_of(database)
        self._file: IO[str] | None = None

    def take(self, lanes: Sequence[Lane]) -> bool:
        """Whether this process has it from now on, without waiting. Raises `DatabaseError` where it takes no file."""
        try:
            file = self._path.open("a+", encoding="utf-8")
        except OSError as exc:
            raise DatabaseError(
                f"{self._path} cannot be made: {exc.strerror}. Give this user rights to the database's folder, or name "
                "another with CAMPAIGN_HOME."
            ) from exc
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return False
        self._file = file
        note = WorkerNote(
            pid=os.getpid(), command=command_of(os.getpid()), since_s=time.time(), lanes=tuple(lanes)
        )
        try:
            file.truncate(0)
            file.write(json.dumps(asdict(note)))
            file.flush()
        except OSError:
            pass  # the lock is what counts; a full disk is told by the database
        return True

    def release(self) -> None:
        """Let another have it. Idempotent."""
        if self._file is not None:
            self._file.close()
            self._file = None


def path_of(database: Database) -> Path:
    """The file that is locked."""
    return Path(f"{database.url.database}.worker")


def holder(database: Database) -> WorkerNote | ProcessFacts | None:
    """Who works on a SQLite database now; None when nobody does, or it cannot be seen. Takes no lock."""
    path = path_of(database)
    held = next((lock for lock in locks_on(path) if lock.kind == "FLOCK"), None)
    if held is None:
        return None
    note = _note(path)
    if note is not None and held.pid in (0, note.pid):
        return note
    return facts_of(held.pid)  # the note is of one before, or not written yet


def _note(path: Path) -> WorkerNote | None:
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        return WorkerNote(**{**kept, "lanes": tuple(kept["lanes"])})
    except (OSError, ValueError, TypeError, KeyError):
        return None
