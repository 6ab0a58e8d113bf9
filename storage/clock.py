"""The database's clock, as milliseconds since 1970: the one clock that every host shares."""

from __future__ import annotations

from sqlalchemy import BigInteger, Connection, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class now_ms(FunctionElement[int]):  # noqa: N801 - reads as an SQL function
    """The time of the statement, not of the transaction: a long transaction does not stop the clock."""

    type = BigInteger()
    inherit_cache = True


@compiles(now_ms, "postgresql")
def _postgresql(element: now_ms, compiler: SQLCompiler, **kwargs: object) -> str:
    return "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint)"


@compiles(now_ms, "sqlite")
def _sqlite(element: now_ms, compiler: SQLCompiler, **kwargs: object) -> str:
    # unixepoch('subsec') needs SQLite 3.42; the system's may be 3.40
    return "CAST((julianday('now') - 2440587.5) * 86400000.0 AS INTEGER)"


def read_now_ms(connection: Connection) -> int:
    """The database's time now."""
    return milliseconds_ago(connection, 0)


def milliseconds_ago(connection: Connection, span_ms: int) -> int:
    """The database's time, `span_ms` ago."""
    time_ms: int = connection.execute(select(now_ms() - span_ms)).scalar_one()
    return time_ms
