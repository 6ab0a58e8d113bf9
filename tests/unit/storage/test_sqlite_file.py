"""The SQLite database as a file: what is looked at before it is opened, and that looking costs no lock."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from storage import sqlite_file
from storage.errors import DamagedDatabaseError
from storage.processes import locks_on
from storage.session import Database


@pytest.fixture
def path(tmp_path: Path) -> Path:
    place = tmp_path / "db.sqlite"
    with closing(sqlite3.connect(place)) as connection:
        connection.execute("CREATE TABLE numbers (number INTEGER)")
    return place


def foreign_log(path: Path) -> bytes:
    other = path.with_name("other.sqlite")
    with closing(sqlite3.connect(other)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE orders (number INTEGER)")
        connection.commit()
        return Path(f"{other}-wal").read_bytes()


@pytest.mark.parametrize("with_index", [False, True])
def test_a_log_of_another_database_is_refused_and_nothing_of_it_gets_in(path: Path, with_index: bool) -> None:
    """A file that was put in the place of another, whose log and index were left behind, say."""
    before = path.read_bytes()
    if with_index:
        path.with_name("db.sqlite-shm").write_bytes(b"left behind")
    log = path.with_name("db.sqlite-wal")
    log.write_bytes(foreign_log(path))
    database = Database(f"sqlite:///{path}")
    with (
        pytest.raises(DamagedDatabaseError, match=r"Move db\.sqlite-wal and db\.sqlite-shm away"),
        database.read(),
    ):
        pass
    assert (path.read_bytes(), log.exists()) == (before, True)
    log.unlink()
    with database.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM numbers")).scalar_one() == 0
    database.close()


def test_a_log_of_its_own_that_a_crash_left_is_read(path: Path) -> None:
    """A newer Python kept one and was killed."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("INSERT INTO numbers VALUES (7)")
        connection.commit()
        saved = {ending: Path(f"{path}{ending}").read_bytes() for ending in ("", "-wal")}
    for ending, content in saved.items():
        Path(f"{path}{ending}").write_bytes(content)
    database = Database(f"sqlite:///{path}")
    with database.read() as connection:
        assert connection.execute(text("SELECT number FROM numbers")).scalar_one() == 7
    database.close()


@pytest.mark.parametrize("ending", ["", "-wal"])
def test_a_new_connection_costs_another_of_this_process_no_lock(path: Path, ending: str) -> None:
    """To open and close the file by hand would drop SQLite's locks on it, and let two writers in at once."""
    if ending:
        path.with_name("db.sqlite-wal").write_bytes(b"")
    database = Database(f"sqlite:///{path}")

    def own() -> set[tuple[int, int, bool]]:
        return {(lock.first, lock.last, lock.is_write) for lock in locks_on(path) if lock.pid == os.getpid()}

    with database.write() as writing:
        writing.execute(text("INSERT INTO numbers VALUES (1)"))
        held = own()
        assert any(is_write for _, _, is_write in held)
        with database.engine.connect() as other:
            other.execute(text("SELECT count(*) FROM numbers")).scalar_one()
        sqlite_file.problem_of(path)
        sqlite_file.check(path, keeps_log=False)
        assert own() >= held
    database.close()
