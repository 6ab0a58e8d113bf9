"""The database's clock: milliseconds since 1970, of the statement and not of the transaction."""

from __future__ import annotations

import time

from sqlalchemy import select
from sqlalchemy.dialects import postgresql

from storage.clock import milliseconds_ago, now_ms, read_now_ms
from storage.installation import Installation


def test_embedded_database_tells_this_host_s_time_in_milliseconds(installed: Installation) -> None:
    with installed.database.read() as connection:
        before, told, after = time.time_ns() // 10**6, read_now_ms(connection), time.time_ns() // 10**6
    assert before - 2 <= told <= after + 2  # SQLite's julian days are floats


def test_a_long_transaction_does_not_stop_the_clock(installed: Installation) -> None:
    with installed.database.write() as connection:
        first = read_now_ms(connection)
        time.sleep(0.02)
        assert read_now_ms(connection) > first
    on_postgresql = str(select(now_ms()).compile(dialect=postgresql.dialect()))  # type: ignore[no-untyped-call]
    assert "clock_timestamp()" in on_postgresql, "now() is the transaction's"


def test_a_span_ago_is_earlier(installed: Installation) -> None:
    with installed.database.read() as connection:
        assert 59_000 < read_now_ms(connection) - milliseconds_ago(connection, 60_000) < 61_000
