"""What a session of the database tells of a statement that failed."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

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
