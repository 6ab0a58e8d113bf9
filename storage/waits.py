"""Who holds what a statement of this process waits for: told once while it waits, and in the error if that is in vain.

A statement that is not answered for `TELL_AFTER_S` is looked into from another thread: on SQLite by the locks on its
files, on PostgreSQL by `pg_blocking_pids`. One that is merely slow is held up by nobody, and nothing is said of it.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from storage.processes import HeldLock, facts_of, locks_on, moment

if TYPE_CHECKING:
    import psycopg

log = logging.getLogger(__name__)

TELL_AFTER_S: Final = 2.0
LOOK_EVERY_S: Final = 0.25
IDLE_S: Final = 5.0
"""The thread that looks ends after so long without a statement, and begins again with the next."""

PENDING_BYTE: Final = 0x4000_0000
"""Where SQLite locks its file: https://sqlite.org/src/file/src/os.h"""
LAST_LOCK_BYTE: Final = PENDING_BYTE + 511
SHM_WRITE_BYTE: Final = 120
"""Where a writer locks the index of a write-ahead log: https://sqlite.org/walformat.html#wal_locks"""

WHO_BLOCKS: Final = """
    SELECT blocker.pid, activity.application_name, host(activity.client_addr), activity.usename, activity.state,
           extract(epoch FROM activity.xact_start)::float8
    FROM unnest(pg_blocking_pids(%s)) AS blocker (pid)
    LEFT JOIN pg_stat_activity AS activity ON activity.pid = blocker.pid
    ORDER BY activity.xact_start NULLS LAST
"""


class Blockers(Protocol):
    """Looks who holds up a connection."""

    def who(self, backend: int) -> str:
        """The sessions or processes that it waits for; empty when there is none, or it cannot be seen."""
        ...

    def close(self) -> None:
        """Give back what looking took. Idempotent."""
        ...


class SqliteBlockers:
    """By the locks that other processes of this host have on a SQLite file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def who(self, backend: int) -> str:
        """See `Blockers`. Whoever writes comes first; readers hold up a commit."""
        index = self._of_others(
            self._path.with_name(f"{self._path.name}-shm"), SHM_WRITE_BYTE, SHM_WRITE_BYTE
        )
        on_file = self._of_others(self._path, PENDING_BYTE, LAST_LOCK_BYTE)
        writers = [lock for lock in (*index, *on_file) if lock.is_write]
        keeps_log = self._path.with_name(f"{self._path.name}-wal").exists()  # where readers hold up nobody
        held = writers or ([] if keeps_log else on_file)
        return " and ".join(str(facts_of(pid)) for pid in dict.fromkeys(lock.pid for lock in held))

    @staticmethod
    def _of_others(path: Path, first: int, last: int) -> list[HeldLock]:
        """Locks of other processes on these bytes of a file."""
        return [
            lock
            for lock in locks_on(path)
            if lock.pid != os.getpid() and lock.first <= last and lock.last >= first
        ]

    def close(self) -> None:
        """Nothing is held."""


class PostgresqlBlockers:
    """By PostgreSQL's own knowledge, over a connection beside the pool."""

    def __init__(self, connect: Callable[[], psycopg.Connection]) -> None:
        self._connect = connect
        self._connection: psycopg.Connection | None = None

    def who(self, backend: int) -> str:
        """See `Blockers`: program, host, and since when its transaction is open."""
        import psycopg

        try:
            if self._connection is None:
                self._connection = self._connect()
            rows = self._connection.execute(WHO_BLOCKS, (backend,)).fetchall()
        except psycopg.Error:
            self.close()  # it cannot be seen now; the statement itself says what is wrong
            return ""
        return " and ".join(_session(*row) for row in rows)

    def close(self) -> None:
        """See `Blockers`."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _session(
    pid: int,
    program: str | None,
    host: str | None,
    user: str | None,
    state: str | None,
    since_s: float | None,
) -> str:
    if not pid:
        return "a prepared transaction (see pg_prepared_xacts)"
    facts = [program or "", f"from {host}" if host else "", f"as {user}" if user else "", state or ""]
    if since_s is not None:
        facts.append(f"in a transaction since {moment(since_s)}")
    told = ", ".join(fact for fact in facts if fact)
    return f"PostgreSQL's session {pid}" + (f" ({told})" if told else "")


@dataclass(slots=True)
class _Statement:
    """One that is not answered yet."""

    started_s: float
    backend: int
    next_look_s: float
    blocker: str = ""


class Waits:
    """The statements of one database that are under way, looked into by one thread where they take long."""

    def __init__(self, blockers: Blockers) -> None:
        self._blockers = blockers
        self._statements: dict[int, _Statement] = {}
        """By thread."""
        self._last = threading.local()
        self._told: set[str] = set()
        self._lock = threading.Lock()
        self._is_watched = False

    def begin(self, backend: int = 0) -> None:
        """This thread asks something of the database."""
        now_s = time.monotonic()
        self._statements[threading.get_ident()] = _Statement(now_s, backend, now_s + TELL_AFTER_S)
        if not self._is_watched:
            self._start()

    def end(self) -> None:
        """It is answered, or refused."""
        statement = self._statements.pop(threading.get_ident(), None)
        if statement is not None:
            self._last.blocker = statement.blocker

    def last_blocker(self) -> str:
        """Who held up the last statement of this thread; empty when nobody was seen to."""
        return getattr(self._last, "blocker", "")

    def blocker_now(self) -> str:
        """Who would hold up a statement now, where that needs no session's number: on SQLite."""
        return self._blockers.who(0)

    def close(self) -> None:
        """Forget what is under way. Idempotent."""
        self._statements.clear()

    def _start(self) -> None:
        with self._lock:
            if not self._is_watched:
                self._is_watched = True
                threading.Thread(target=self._watch, name="waits", daemon=True).start()

    def _watch(self) -> None:
        last_busy_s = time.monotonic()
        while True:
            time.sleep(LOOK_EVERY_S)
            now_s = time.monotonic()
            statements = list(self._statements.values())
            if statements:
                last_busy_s = now_s
            for statement in statements:
                if now_s >= statement.next_look_s:
                    self._look(statement, now_s)
            with self._lock:
                if now_s - last_busy_s > IDLE_S and not self._statements:
                    self._is_watched = False
                    self._blockers.close()
                    return

    def _look(self, statement: _Statement, now_s: float) -> None:
        statement.next_look_s = now_s + TELL_AFTER_S
        who = self._blockers.who(statement.backend)
        if not who:
            return
        statement.blocker = who
        if who not in self._told:
            self._told.add(who)
            log.warning(
                "waits for a lock of the database, %.0f s by now: %s holds it. It goes on when that one is done.",
                now_s - statement.started_s,
                who,
            )
