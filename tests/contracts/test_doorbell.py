"""Doorbells: every kind starts an idle worker; PostgreSQL's says nothing but a lane, and is heard after a restart."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from storage.installation import Installation
from storage.names import CampaignId
from storage.notices import APPLICATION
from storage.queue import campaigns as campaign_rows
from storage.session import Database
from storage.tables import Lane
from tests import build
from tests.acceptance.conftest import eventually
from tests.servers import PostgresServer, postgres_server, redis_server
from workers.doorbell import open_bell
from workers.doorbell.postgresql import GATHER_S, Listener, PostgresqlBell, channel_of
from workers.process.app import assemble

NEVER_S = 3600.0
"""No sweep comes in the life of a test: only the bell can explain that work begins."""
QUIET_S = 0.7


def stored(installed: Installation, campaign_id: str) -> int:
    with installed.database.read() as connection:
        return campaign_rows.progress(connection, CampaignId(campaign_id)).by_status.get("stored", 0)


def plain(url: str) -> str:
    return url.replace("+psycopg", "")


def listeners(url: str) -> int:
    """Connections of doorbells that have begun to listen."""
    with psycopg.connect(plain(url), autocommit=True) as connection:
        row = connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
            "AND application_name = %s AND query LIKE 'LISTEN%%' AND state = 'idle'",
            [APPLICATION],
        ).fetchone()
    assert row is not None
    return int(row[0])


def test_workers_go_on_while_redis_is_away(postgres_url: str, tmp_path: Path) -> None:
    with redis_server(tmp_path / "redis") as server:
        installed = build.installation(
            tmp_path / "home", database_url=postgres_url, redis_url=server.url, sweep_seconds=0.1
        )
        worker = assemble(installed)
        worker.start()
        server.kill()
        build.submitted(installed, build.people(20), campaign_id="away")
        eventually(lambda: stored(installed, "away") == 20, what="work without a doorbell")
        assert worker.threads.busy <= worker.threads.count
        worker.stop()
        installed.close()


@pytest.mark.parametrize("kind", ["in-process", "redis", "postgresql"])
def test_bell_starts_an_idle_worker_before_its_sweep(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    url = "" if kind == "in-process" else request.getfixturevalue("postgres_url")
    redis_url = request.getfixturevalue("redis_url") if kind == "redis" else ""
    installed = build.installation(
        tmp_path / "home", database_url=url, redis_url=redis_url, sweep_seconds=NEVER_S
    )
    assert installed.settings.doorbell == kind
    worker = assemble(installed)
    worker.start()
    try:
        if kind == "postgresql":
            eventually(lambda: listeners(url) == 1, what="the listener")
        time.sleep(QUIET_S)  # what the start itself rang for is over
        build.submitted(installed, build.people(20), campaign_id="mine")
        time.sleep(QUIET_S)
        assert stored(installed, "mine") == 0
        bell = worker.bell if kind == "in-process" else open_bell(installed)
        bell.check()
        assert bell.ring(Lane.BULK)
        eventually(lambda: stored(installed, "mine") == 20, what="the work")
    finally:
        worker.stop()
        installed.close()


def test_worker_listens_again_after_postgresql_was_killed(tmp_path: Path, server_folder: Path) -> None:
    with postgres_server(server_folder / "postgres") as server:
        url = server.create_database()
        installed = build.installation(tmp_path / "home", database_url=url, sweep_seconds=NEVER_S)
        worker = assemble(installed)
        worker.start()
        try:
            eventually(lambda: listeners(url) == 1, what="the listener")
            server.kill()
            server.start()
            eventually(lambda: listeners(url) == 1, what="the listener again")
            time.sleep(QUIET_S)
            installed.database.close()
            build.submitted(installed, build.people(20), campaign_id="mine")
            time.sleep(QUIET_S)
            assert stored(installed, "mine") == 0
            assert open_bell(installed).ring(Lane.BULK)
            eventually(lambda: stored(installed, "mine") == 20, what="the work")
        finally:
            worker.stop()
            installed.close()


@pytest.fixture
def heard() -> list[Lane]:
    """What listeners told, in order."""
    return []


@pytest.fixture
def listener(postgres_url: str, heard: list[Lane]) -> Iterator[Callable[[tuple[Lane, ...]], Database]]:
    """Starts a listener of some lanes; returns the database to ring in."""
    database = Database(postgres_url)
    started: list[Listener] = []

    def start(lanes: tuple[Lane, ...]) -> Database:
        one = Listener(database, lanes, heard.append)
        started.append(one)
        one.start()
        eventually(lambda: len(heard) == len(lanes), what="the look at the start")
        return database

    yield start
    for one in started:
        one.stop()
    database.close()


def test_listener_hears_its_lanes_alone_and_all_of_them_once_it_listens(
    listener: Callable[[tuple[Lane, ...]], Database], heard: list[Lane]
) -> None:
    bell = PostgresqlBell(listener((Lane.BULK,)))
    assert bell.ring(Lane.PREVIEW)
    assert bell.ring(Lane.BULK)
    eventually(lambda: len(heard) == 2, what="the bell")
    time.sleep(3 * GATHER_S)
    assert heard == [Lane.BULK, Lane.BULK]


def test_what_was_rung_while_nobody_listened_is_looked_for_after_the_reconnection(
    listener: Callable[[tuple[Lane, ...]], Database],
    heard: list[Lane],
    postgres: PostgresServer,
    postgres_url: str,
) -> None:
    listener((Lane.PREVIEW, Lane.BULK))
    with postgres.connect(postgres_url.rpartition("/")[2]) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND application_name = %s",
            [APPLICATION],
        )
    eventually(lambda: heard == [Lane.PREVIEW, Lane.BULK] * 2, what="the second look")


def test_burst_of_bells_is_answered_as_a_few(
    listener: Callable[[tuple[Lane, ...]], Database], heard: list[Lane]
) -> None:
    bell = PostgresqlBell(listener((Lane.BULK,)))
    start = time.monotonic()
    for _ in range(300):
        assert bell.ring(Lane.BULK)
    time.sleep(4 * GATHER_S)
    spent_s = time.monotonic() - start
    assert 2 <= len(heard) <= 2 + spent_s / GATHER_S < 300


def test_message_says_a_lane_and_nothing_else(postgres_url: str) -> None:
    database = Database(postgres_url)
    with psycopg.connect(plain(postgres_url), autocommit=True) as connection:
        for lane in Lane:
            connection.execute(f"LISTEN {channel_of(lane)}".encode())
        for lane in Lane:
            PostgresqlBell(database).ring(lane, 64)
        said = [(one.channel, one.payload) for one in connection.notifies(timeout=5, stop_after=2)]
    assert said == [("campaign_has_work_preview", ""), ("campaign_has_work_bulk", "")]
    database.close()


def test_bell_that_cannot_be_rung_is_no_error(caplog: pytest.LogCaptureFixture) -> None:
    database = Database("postgresql://nobody@127.0.0.1:1/none")
    assert not PostgresqlBell(database).ring(Lane.BULK)
    assert "workers will sweep" in caplog.text
    database.close()
