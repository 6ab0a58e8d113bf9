"""The database's clock in a test's hands: it stands, and moves when the test says so.

The product asks the database for the time (`storage/clock.py`), so it is answered there: `julianday` of SQLite and
`clock_timestamp` of PostgreSQL are replaced on each connection by functions of the same name.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Connection, event, text

from storage.session import Database

START_MS: Final = 1_800_000_000_000
DAY_MS: Final = 86_400_000
EPOCH_DAYS: Final = 2_440_587.5
"""Julian day of 1970-01-01."""
HALF_MS: Final = 0.5
"""SQLite cuts fractions off: in the middle of a millisecond no rounding reaches the next one."""


class FrozenClock:
    """Stops the clock of a database that is used from this process alone."""

    def __init__(self, database: Database) -> None:
        self.now_ms = START_MS
        self._database = database
        if not database.is_sqlite:
            with database.write() as connection:
                _replace_clock(connection)
        database.engine.dispose()
        event.listen(database.engine, "connect", self._prepare)

    def advance(self, span_ms: int) -> None:
        """Let time pass."""
        self.now_ms += span_ms
        if not self._database.is_sqlite:
            with self._database.write() as connection:
                connection.execute(text("UPDATE stopped.clock SET now_ms = :now"), {"now": self.now_ms})

    def _prepare(self, connection: Any, _record: Any) -> None:
        if self._database.is_sqlite:
            connection.create_function("julianday", 1, self._julian_day)
            return
        with connection.cursor() as cursor:
            cursor.execute("SET search_path = stopped, pg_catalog, public")
        connection.commit()

    def _julian_day(self, _what: str) -> float:
        return EPOCH_DAYS + (self.now_ms + HALF_MS) / DAY_MS


def _replace_clock(connection: Connection) -> None:
    for statement in (
        "CREATE SCHEMA stopped",
        f"CREATE TABLE stopped.clock AS SELECT {START_MS}::bigint AS now_ms",
        "CREATE FUNCTION stopped.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE AS "
        "'SELECT to_timestamp(now_ms / 1000.0) FROM stopped.clock'",
    ):
        connection.execute(text(statement))
