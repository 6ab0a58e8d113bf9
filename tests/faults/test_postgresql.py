"""PostgreSQL stops, throws everybody out, and loses answers, while rows are worked on and while they are submitted."""

from __future__ import annotations

import signal

from sqlalchemy import text

from campaign.cli import exits
from storage.errors import DatabaseError
from storage.names import CampaignId
from storage.queue import campaigns as campaign_rows
from storage.tables import CampaignState
from tests import build
from tests.faults.checker import CLEAN
from tests.faults.conftest import ROWS, Stage
from tests.servers import tcp_proxy
from tests.servers.proxy import DropReply
from tests.waiting import LONGEST_S

TERMINATE = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE pid <> pg_backend_pid() AND datname = current_database()"
)


def test_postgresql_stops_at_once_in_mid_work(stage: Stage) -> None:
    stage.submit(build.people(ROWS))
    stage.start()
    stage.until(lambda: stage.stored() > 20)
    stage.postgres.kill()
    stage.postgres.start()
    stage.installed.database.close()
    stage.until(lambda: stage.open_rows() == 0, keep=1)
    assert stage.verdict() == CLEAN


def test_every_connection_is_terminated_in_mid_work(stage: Stage) -> None:
    stage.submit(build.people(ROWS))
    stage.start()
    for mark in (20, 100):
        stage.until(lambda least=mark: stage.stored() > least)  # type: ignore[misc]
        with stage.installed.database.read() as connection:
            connection.execute(TERMINATE)
    stage.until(lambda: stage.open_rows() == 0, keep=1)
    assert stage.verdict() == CLEAN


def test_commits_whose_answers_are_lost_in_mid_work(stage: Stage) -> None:
    with tcp_proxy(stage.postgres.port) as proxy:
        url = stage.installed.settings.database_url.replace(str(stage.postgres.port), str(proxy.port))
        stage.submit(build.people(ROWS))
        with stage.working(database_url=url):
            for mark in (10, 60, 110, 160):
                stage.until(lambda least=mark: stage.stored() > least)  # type: ignore[misc]
                lost = proxy.add(DropReply(needle=b"COMMIT", times=3))
            stage.until(lambda: stage.open_rows() == 0)
        assert lost.hits == 3
    assert stage.verdict() == CLEAN


def test_commits_whose_answers_are_lost_in_mid_submit(stage: Stage) -> None:
    people = build.people(max(ROWS, 600))
    attempts = 0
    with tcp_proxy(stage.postgres.port) as proxy:
        url = stage.installed.settings.database_url.replace(str(stage.postgres.port), str(proxy.port))
        with stage.opened(database_url=url) as through:
            while attempts < 4:
                proxy.add(DropReply(needle=b"COMMIT", times=1))
                attempts += 1
                try:
                    stage.submit(people, installed=through)
                except DatabaseError:
                    continue
                break
            proxy.clear()
            stage.submit(people, installed=through)
    assert attempts > 1
    with stage.working():
        stage.until(lambda: stage.open_rows() == 0)
    assert stage.verdict() == CLEAN


def test_every_connection_is_terminated_in_mid_submit(stage: Stage) -> None:
    path = stage.written(build.people(ROWS))
    with stage.submitting(path) as process:
        stage.until(lambda: stage.drafted() > 0)
        while process.poll() is None:
            with stage.installed.database.read() as connection:
                connection.execute(TERMINATE)
        assert process.returncode == exits.UNAVAILABLE
    with stage.submitting(path) as process:
        assert process.wait(timeout=LONGEST_S) == exits.OK
    with stage.working():
        stage.until(lambda: stage.open_rows() == 0)
    assert stage.verdict() == CLEAN


def test_postgresql_stops_at_once_in_mid_submit(stage: Stage) -> None:
    people = build.people(max(ROWS, 600))
    path = stage.written(people)
    with stage.submitting(path) as process:
        stage.until(lambda: stage.drafted() > 0)
        process.send_signal(signal.SIGSTOP)
        stage.postgres.kill()
        process.send_signal(signal.SIGCONT)
        assert process.wait(timeout=LONGEST_S) == exits.UNAVAILABLE
    stage.postgres.start()
    stage.installed.database.close()
    with stage.installed.database.read() as connection:
        assert campaign_rows.get(connection, CampaignId("mine")).state == CampaignState.DRAFT
    with stage.submitting(path) as process:
        assert process.wait(timeout=LONGEST_S) == exits.OK
    with stage.working(), stage.working():
        stage.until(lambda: stage.open_rows() == 0)
    assert stage.verdict() == CLEAN
