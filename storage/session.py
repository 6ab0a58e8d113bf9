"""One way into the database, SQLite or PostgreSQL: `Database.read()` and `Database.write()`.

SQLite has one writer: writes start with BEGIN IMMEDIATE and queue on a lock inside the process, so that
threads wait their turn instead of polling. Write-ahead logging is used only where the library carries the
fix for its corruption bug (3.51.3); elsewhere the rollback journal.
"""

from __future__ import annotations

import contextlib
import os
import socket
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection as Connection  # what modules above storage take: they know no SQL
from sqlalchemy import Engine, create_engine, event, func, select
from sqlalchemy.engine import URL, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, ProgrammingError, StatementError
from sqlalchemy.pool import ConnectionPoolEntry

from storage import sqlite_file
from storage.errors import DamagedDatabaseError, DatabaseError, NameRefusedError, UnstorableTextError
from storage.processes import command_of
from storage.waits import Blockers, PostgresqlBlockers, SqliteBlockers, Waits

if TYPE_CHECKING:
    import psycopg

WAL_FIXED = (3, 51, 3)
"""First SQLite without the WAL-reset corruption: https://sqlite.org/wal.html#walresetbug"""
SQLITE_BUSY_TIMEOUT_S = 60.0
IDLE_TRANSACTION_S = 60.0
"""PostgreSQL ends a transaction whose client has said nothing for this long: a process that was stopped in the
middle of one must not hold its rows forever."""
CONNECT_TIMEOUT_S = 10
"""How long a PostgreSQL server is waited for, where the URL does not say."""
NAME_BYTES = 63
"""Of an application_name: PostgreSQL cuts the rest off."""
LIBPQ_VARIABLES = {"connect_timeout": "PGCONNECT_TIMEOUT", "application_name": "PGAPPNAME"}
LOCK_STATES = frozenset({"55P03", "57014", "40P01"})
"""PostgreSQL's lock_not_available, query_canceled and deadlock_detected."""
NO_RIGHT = "42501"
"""PostgreSQL's insufficient_privilege: the role lacks a right, see `deploy/postgresql/roles.sql`."""


class Database:
    """A database that may be read and written by many threads. Opens no connection until it is used."""

    def __init__(
        self, url: str, *, pool_size: int = 20, idle_transaction_s: float = IDLE_TRANSACTION_S
    ) -> None:
        self.url: URL = make_url(url)
        self._idle_transaction_ms = round(idle_transaction_s * 1000)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._closed = False
        self._write_lock = threading.RLock() if self.is_sqlite else None
        self.engine: Engine = self._sqlite_engine() if self.is_sqlite else self._postgresql_engine(pool_size)

    def _sqlite_engine(self) -> Engine:
        if self.url.database:
            sqlite_file.make_folder(Path(self.url.database))
        engine = create_engine(
            self.url,
            connect_args={"timeout": SQLITE_BUSY_TIMEOUT_S, "isolation_level": None},
            pool_size=32,
            hide_parameters=True,
        )
        event.listen(engine, "do_connect", self._check_sqlite)
        event.listen(engine, "connect", self._prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        self._watch(engine, SqliteBlockers(Path(self.url.database or "")))
        return engine

    def _postgresql_engine(self, pool_size: int) -> Engine:
        url = self.url
        if url.drivername in ("postgres", "postgresql"):
            url = url.set(drivername="postgresql+psycopg")
        from storage.cursor import AnsweredCursor

        engine = create_engine(
            url,
            connect_args={"cursor_factory": AnsweredCursor, **self._postgresql_defaults()},
            pool_size=pool_size,
            max_overflow=10,
            pool_pre_ping=True,
            hide_parameters=True,
        )
        event.listen(engine, "connect", self._prepare_postgresql)
        self._watch(engine, PostgresqlBlockers(self._beside))
        return engine

    def _postgresql_defaults(self) -> dict[str, str | int]:
        """What a connection is called and how long it is waited for, where URL and environment do not say."""
        process = f" {os.getpid()}@{socket.gethostname()}"[:NAME_BYTES]
        name = f"{command_of(os.getpid())[: NAME_BYTES - len(process)]}{process}"
        defaults: dict[str, str | int] = {"connect_timeout": CONNECT_TIMEOUT_S, "application_name": name}
        said = {
            *self.url.query,
            *(key for key, variable in LIBPQ_VARIABLES.items() if variable in os.environ),
        }
        return {key: value for key, value in defaults.items() if key not in said}

    def _beside(self) -> psycopg.Connection:
        """A connection outside the pool, in no transaction."""
        import psycopg

        _positional, arguments = self.engine.dialect.create_connect_args(self.engine.url)
        return psycopg.connect(**{"connect_timeout": CONNECT_TIMEOUT_S, **arguments}, autocommit=True)

    def _watch(self, engine: Engine, blockers: Blockers) -> None:
        """Have it known of every statement whether it is answered."""
        waits = self._waits = Waits(blockers)

        def begin(connection: Connection, *_what: object) -> None:
            waits.begin(0 if self.is_sqlite else _backend_of(connection))

        def end(*_what: object) -> None:
            waits.end()

        event.listen(engine, "before_cursor_execute", begin)
        event.listen(engine, "after_cursor_execute", end)
        event.listen(engine, "handle_error", end)
        event.listen(engine, "commit", begin)
        event.listen(engine, "checkin", end)

    def _check_sqlite(self, *_how: object) -> None:
        """Before SQLite opens the file."""
        if self.url.database:
            sqlite_file.check(Path(self.url.database), keeps_log=wal_is_safe())

    def _prepare_sqlite(self, connection: sqlite3.Connection, _record: ConnectionPoolEntry) -> None:
        self._waits.begin()
        try:
            with contextlib.closing(connection.cursor()) as cursor:
                cursor.execute(f"PRAGMA journal_mode = {'WAL' if wal_is_safe() else 'DELETE'}")
                cursor.execute("PRAGMA foreign_keys = ON")
                cursor.execute(
                    "PRAGMA secure_delete = ON"
                )  # what rows held is overwritten once they are gone
                cursor.execute(f"PRAGMA synchronous = {'NORMAL' if wal_is_safe() else 'FULL'}")
                cursor.execute("PRAGMA cache_size = -16384")
        finally:
            self._waits.end()

    def _prepare_postgresql(self, connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
        with contextlib.closing(connection.cursor()) as cursor:
            cursor.execute(f"SET idle_in_transaction_session_timeout = {self._idle_transaction_ms}")
        connection.commit()

    @contextlib.contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that only reads."""
        with _translated(self), self.engine.connect() as connection, connection.begin():
            yield connection

    @contextlib.contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that may write; committed when the block ends, rolled back when it raises."""
        with contextlib.ExitStack() as stack:
            if self._write_lock is not None:
                stack.enter_context(self._write_lock)
            stack.enter_context(_translated(self))
            connection = stack.enter_context(self.engine.connect())
            if self.is_sqlite:
                connection = connection.execution_options(campaign_writes=True)
            stack.enter_context(connection.begin())
            yield connection

    def overwrite_freed(self) -> None:
        """Have nothing left in the files of what was deleted: the write-ahead log is emptied. On PostgreSQL nothing."""
        if self.is_sqlite and wal_is_safe():
            with _translated(self), self.engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    def held_up_by(self, exc: DBAPIError) -> str:
        """Who held what the statement waited for in vain; empty where it failed of something else."""
        code = getattr(exc.orig, "sqlite_errorcode", None)
        sqlstate = getattr(exc.orig, "sqlstate", None)
        is_lock = sqlstate in LOCK_STATES if code is None else code & 0xFF in sqlite_file.LOCKED
        if not is_lock:
            return ""
        return self._waits.last_blocker() or (self._waits.blocker_now() if self.is_sqlite else "")

    def close(self) -> None:
        """Close every pooled connection now, and one that a thread still has when it gives it back. Idempotent."""
        if not self._closed:
            self._closed = True
            event.listen(self.engine, "checkin", _drop_returned)
        self.engine.dispose()
        self._waits.close()


def _drop_returned(_connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
    record.invalidate()


UTTERANCES_LOCK = "utterances"
"""Shared while rows come to refer to utterances, exclusive while utterances are dropped."""


def shared_lock(connection: Connection, name: str) -> None:
    """Hold the lock `name` until the transaction ends, together with others who share it (see `exclusive_lock`).

    SQLite's writers take turns anyway.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock_shared(func.hashtext(name))))


def exclusive_lock(connection: Connection, name: str) -> None:
    """Hold the lock `name` alone until the transaction ends: no other transaction, on any host, has it meanwhile.

    SQLite's writers take turns anyway.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(func.hashtext(name))))


def may_read(connection: Connection, *tables: str) -> bool:
    """Whether this connection's role may select from all of these; on SQLite whoever opens the file may."""
    if connection.dialect.name != "postgresql":
        return True
    return all(
        connection.execute(select(func.has_table_privilege(table, "SELECT"))).scalar_one() for table in tables
    )


def wal_is_safe() -> bool:
    """Whether the SQLite library that Python carries has the WAL-reset fix."""
    return sqlite3.sqlite_version_info >= WAL_FIXED


def _backend_of(connection: Connection) -> int:
    """The server's process behind a connection to PostgreSQL."""
    info = getattr(connection.connection.dbapi_connection, "info", None)
    return 0 if info is None else int(info.backend_pid)


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("campaign_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _reason(exc: DBAPIError) -> str:
    """The server's first line alone: the others may quote a row."""
    message = getattr(getattr(exc.orig, "diag", None), "message_primary", None)
    return str(message or exc.orig)


@contextlib.contextmanager
def _translated(database: Database) -> Iterator[None]:
    try:
        yield
    except (DataError, UnicodeEncodeError) as exc:
        raise UnstorableTextError(
            "a value cannot be kept: it holds NUL or half of a surrogate pair, or is out of range. Mend it."
        ) from exc
    except DBAPIError as exc:
        if isinstance(exc, IntegrityError):
            raise  # a fault of the rows, which whoever wrote them knows
        if isinstance(exc, ProgrammingError) and getattr(exc.orig, "sqlstate", None) != NO_RIGHT:
            raise
        raise _told(database, exc) from exc
    except StatementError as exc:
        if isinstance(exc.orig, NameRefusedError):
            raise exc.orig from None
        raise


def _told(database: Database, exc: DBAPIError) -> DatabaseError:
    """What a driver says, with what mends it."""
    place = database.url.render_as_string(hide_password=True)
    code = getattr(exc.orig, "sqlite_errorcode", None)
    if who := database.held_up_by(exc):
        return DatabaseError(
            f"the database {place} cannot be used: {_reason(exc)}: {who} holds what is waited for. End that one or let "
            "it finish, then give the same command again."
        )
    kind = DamagedDatabaseError if sqlite_file.is_damage(code) else DatabaseError
    mend = (
        sqlite_file.mend_of(code, database.url.database or "")
        or "Run `campaign doctor` to see what is wrong."
    )
    return kind(f"the database {place} cannot be used: {_reason(exc)}. {mend}")
