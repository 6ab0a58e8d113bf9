"""A database that is closed under a thread's hands leaves no connection open."""

from __future__ import annotations

from sqlalchemy import text

from storage.session import Database


def test_connection_that_comes_back_after_the_close_is_closed(postgres_url: str) -> None:
    database = Database(postgres_url)
    with database.read() as connection:
        driver = connection.connection.dbapi_connection
        assert driver is not None
        database.close()
        assert connection.execute(text("SELECT 1")).scalar_one() == 1
    assert driver.closed
    with database.read() as connection:
        late = connection.connection.dbapi_connection
    assert late is not None
    assert late.closed
    database.close()
