"""Whoever waits for a lock of the database says whose it is: while it waits, and in the error when that was in vain."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text

from storage import session, waits
from storage.errors import DatabaseError
from storage.processes import command_in
from storage.session import Database
from tests import build
from tests.acceptance.conftest import Program, eventually

HOLD = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
for statement in sys.argv[2:]:
    connection.execute(statement).fetchall()
print("held", flush=True)
sys.stdin.read()
"""


@contextmanager
def held(path: Path, *statements: str) -> Iterator[subprocess.Popen[str]]:
    """Another process that has done this and stays in the middle of it."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path), *statements],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None and process.stdout is not None
        assert process.stdout.readline() == "held\n"
        try:
            yield process
        finally:
            process.kill()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waits, "TELL_AFTER_S", 0.3)
    monkeypatch.setattr(waits, "LOOK_EVERY_S", 0.05)
    monkeypatch.setattr(session, "SQLITE_BUSY_TIMEOUT_S", 1.0)


@pytest.fixture
def sqlite_path(tmp_path: Path) -> Path:
    path = tmp_path / "db.sqlite"
    database = Database(f"sqlite:///{path}")
    with database.write() as connection:
        connection.execute(text("CREATE TABLE numbers (number INTEGER)"))
    database.close()
    return path


def write(database: Database) -> None:
    with database.write() as connection:
        connection.execute(text("INSERT INTO numbers VALUES (1)"))


def read(database: Database) -> None:
    with database.read() as connection:
        connection.execute(text("SELECT count(*) FROM numbers")).scalar_one()


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(
    ("statements", "ask"),
    [
        (["BEGIN IMMEDIATE"], write),
        (["BEGIN EXCLUSIVE"], write),
        (["BEGIN EXCLUSIVE"], read),
        (["BEGIN", "SELECT * FROM numbers"], write),
    ],
    ids=["writer before writer", "commit before writer", "commit before reader", "reader before commit"],
)
def test_sqlite_names_the_process_while_it_waits_and_in_the_error(
    sqlite_path: Path,
    statements: list[str],
    ask: Callable[[Database], None],
    caplog: pytest.LogCaptureFixture,
) -> None:
    database = Database(f"sqlite:///{sqlite_path}")
    with held(sqlite_path, *statements) as process:
        for _ in range(2):
            with pytest.raises(DatabaseError, match="database is locked") as caught:
                ask(database)
            assert f"process {process.pid} (python" in str(caught.value)
            assert re.search(
                r"since \d\d:\d\d:\d\d\) holds what is waited for\. End that one", str(caught.value)
            )
        told = [record.getMessage() for record in caplog.records if record.name == "storage.waits"]
        assert len(told) == 1, "once"
        assert f"process {process.pid} (python" in told[0]
    ask(database)
    database.close()


@pytest.mark.usefixtures("impatient")
def test_a_wait_that_is_over_in_time_is_told_and_no_error(
    sqlite_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "SQLITE_BUSY_TIMEOUT_S", 60.0)
    database = Database(f"sqlite:///{sqlite_path}")
    with held(sqlite_path, "BEGIN IMMEDIATE") as process:
        thread = threading.Thread(target=write, args=(database,))
        thread.start()
        eventually(lambda: str(process.pid) in caplog.text, what="the word")
    thread.join()
    with database.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM numbers")).scalar_one() == 1
    database.close()


@pytest.mark.usefixtures("impatient")
def test_whoever_writes_a_write_ahead_log_is_named_and_its_readers_are_not(
    sqlite_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "wal_is_safe", lambda: True)
    database = Database(f"sqlite:///{sqlite_path}")
    write(database)
    with (
        held(sqlite_path, "BEGIN", "SELECT * FROM numbers") as reader,
        held(sqlite_path, "BEGIN IMMEDIATE") as writer,
        pytest.raises(DatabaseError, match="database is locked") as caught,
    ):
        write(database)
    assert f"process {writer.pid} " in str(caught.value)
    assert f"process {reader.pid} " not in str(caught.value)
    database.close()


@pytest.mark.usefixtures("impatient")
def test_a_statement_that_is_merely_slow_is_held_up_by_nobody(
    sqlite_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    database = Database(f"sqlite:///{sqlite_path}")
    slow = "WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 4000000) SELECT max(n) FROM c"
    start = time.monotonic()
    with database.read() as connection:
        connection.execute(text(slow)).scalar_one()
    assert time.monotonic() - start > 0.4, "slow enough to be looked into"
    assert "storage.waits" not in {record.name for record in caplog.records}
    database.close()


def test_every_command_that_waits_says_who_is_waited_for(tmp_path: Path) -> None:
    """After two seconds; told once, and the command goes on when the lock is free."""
    program = Program(home=tmp_path / "home")
    build.installation(program.home).close()
    with (
        held(program.home / "campaign.sqlite", "BEGIN EXCLUSIVE") as process,
        program.started("list") as listing,
    ):
        eventually(lambda: "waits for a lock" in program.logs(), what="the word of who holds it")
        assert listing.poll() is None
        assert program.logs().count(f"process {process.pid} (python") == 1
        process.kill()
        assert listing.wait(30) == 0


@pytest.mark.usefixtures("impatient")
def test_postgresql_names_program_and_host_and_since_when(
    postgres_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    database = Database(
        postgres_url + ("&" if "?" in postgres_url else "?") + "options=-c%20lock_timeout%3D1500"
    )
    with database.write() as connection:
        connection.execute(text("CREATE TABLE numbers (number INTEGER)"))
    with psycopg.connect(
        postgres_url.replace("+psycopg", ""), application_name="campaign worker 7@gpu-3"
    ) as other:
        other.execute("LOCK TABLE numbers")
        with pytest.raises(DatabaseError, match="lock timeout") as caught:
            write(database)
        session_number = other.info.backend_pid
        for said in (str(caught.value), caplog.text):
            assert f"PostgreSQL's session {session_number} (campaign worker 7@gpu-3, " in said
            assert "idle in transaction, in a transaction since " in said
        other.rollback()
    write(database)
    database.close()


def test_a_connection_to_postgresql_is_named_after_command_process_and_host(postgres_url: str) -> None:
    database = Database(postgres_url)
    with database.read() as connection:
        name = connection.execute(text("SELECT current_setting('application_name')")).scalar_one()
    assert re.fullmatch(r".+ \d+@\S+", name)
    database.close()
    mine = Database(postgres_url + ("&" if "?" in postgres_url else "?") + "application_name=mine")
    with mine.read() as connection:
        assert connection.execute(text("SELECT current_setting('application_name')")).scalar_one() == "mine"
    mine.close()


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("/usr/bin/python3 -m campaign submit people.csv --id x", "campaign submit"),
        ("/opt/campaign/bin/python /opt/campaign/bin/campaign say Dear_Ms_Miller -o x.wav", "campaign say"),
        ("campaign -v --log-format json worker --lanes bulk", "campaign worker"),
        ("campaign --unknown Miller", "campaign"),
        ("/x/campaign model promote f5", "campaign model promote"),
        ("campaign", "campaign"),
        ("/usr/bin/sqlite3 /home/x/campaign.sqlite", "sqlite3"),
        ("", ""),
    ],
)
def test_of_a_command_line_no_argument_is_told(line: str, told: str) -> None:
    """What follows a command may be a text, a name, an id."""
    assert command_in(line.split()) == told
