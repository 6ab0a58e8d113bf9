"""What a session of the database tells of a statement that failed."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from storage.errors import DatabaseError
from storage.session import Database


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_statement_that_failed_is_named_without_its_values(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path / 'db'}" if kind == "sqlite" else request.getfixturevalue("postgres_url")
    database = Database(url)
    with database.write() as connection:
        connection.execute(
            text("CREATE TABLE known (number INTEGER PRIMARY KEY, name TEXT CHECK (name = ''))")
        )
    with pytest.raises(IntegrityError) as caught, database.write() as connection:
        connection.execute(
            text("INSERT INTO known VALUES (:number, :name)"), {"number": 1, "name": "Siobhan"}
        )
    assert "INSERT INTO known" in str(caught.value)
    assert "Siobhan" not in str(caught.value).replace(str(caught.value.orig), "")
    database.close()


@pytest.mark.parametrize("rows", [1, 3])
def test_whoever_stands_still_after_a_statement_of_many_rows_loses_the_transaction(
    rows: int, postgres_url: str
) -> None:
    """A worker that is stopped there would hold its rows, and with them everybody, for ever."""
    database = Database(postgres_url, idle_transaction_s=0.3)
    with database.write() as connection:
        connection.execute(text("CREATE TABLE numbers (number INTEGER)"))
    with pytest.raises(DatabaseError, match="idle-in-transaction timeout"), database.write() as connection:
        connection.execute(
            text("INSERT INTO numbers VALUES (:number)"), [{"number": number} for number in range(rows)]
        )
        time.sleep(1.5)
        connection.execute(text("SELECT 1"))
    with database.write() as connection:
        connection.execute(text("INSERT INTO numbers VALUES (:number)"), [{"number": 1}, {"number": 2}])
        assert connection.execute(text("SELECT count(*) FROM numbers")).scalar_one() == 2
    database.close()
