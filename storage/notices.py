"""PostgreSQL's NOTIFY and LISTEN: a word on a channel from whoever commits to whoever listens, kept nowhere.

Who listens needs a session of its own (https://www.postgresql.org/docs/current/sql-listen.html): a pooled connection,
or a pooler in transaction mode between here and the server, hears nothing.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from sqlalchemy import Connection, func, select

from storage.errors import DatabaseError
from storage.session import Database

if TYPE_CHECKING:
    import psycopg

APPLICATION = "campaign-doorbell"
"""How a listening connection is named in `pg_stat_activity`."""
DEFAULTS = {
    "application_name": APPLICATION,
    "connect_timeout": "5",
    "keepalives_idle": "30",
    "keepalives_interval": "10",
    "keepalives_count": "3",
}
"""libpq's own would take hours to see that a silent server's host is gone; the URL may say otherwise."""


def notify(connection: Connection, channel: str) -> None:
    """Say "now" on a channel when the transaction commits; twice in one transaction is once."""
    connection.execute(select(func.pg_notify(channel, "")))


class Notices:
    """One connection beside the pool, outside any transaction, that hears some channels."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection

    def wait(self, timeout_s: float) -> set[str]:
        """Wait for a notice; returns the channels of all that came by then. Raises `DatabaseError`."""
        with _translated():
            return {notice.channel for notice in self._connection.notifies(timeout=timeout_s, stop_after=1)}


@contextlib.contextmanager
def listening(database: Database, channels: Iterable[str]) -> Iterator[Notices]:
    """Hear what is said on these channels from now on. Raises `DatabaseError`."""
    import psycopg
    from psycopg import sql

    _positional, arguments = database.engine.dialect.create_connect_args(database.engine.url)
    with _translated():
        connection = psycopg.connect(**{**DEFAULTS, **arguments}, autocommit=True)
    with contextlib.closing(connection):
        with _translated():
            for channel in channels:
                connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(channel)))
        yield Notices(connection)


@contextlib.contextmanager
def _translated() -> Iterator[None]:
    import psycopg

    try:
        yield
    except psycopg.Error as exc:
        raise DatabaseError(f"the database cannot be listened to: {exc}. Run `campaign doctor`.") from exc
