"""Workers die, sleep, are told to go, and have a clock that is wrong."""

from __future__ import annotations

import signal
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, text

from storage.tables import RowStatus, assets, utterances
from tests import ROOT, build
from tests.faults.checker import CLEAN
from tests.faults.conftest import ROWS, Stage, staged
from tests.servers import PostgresServer, RedisServer
from tests.waiting import LONGEST_S
from workers.process.app import assemble


def odd_worker(stage: Stage, oddity: str) -> tuple[str, ...]:
    """The command of a worker that does something odd: see `worker.py`."""
    stage.program.settings["PYTHONPATH"] = str(ROOT)
    return (sys.executable, str(ROOT / "tests" / "faults" / "worker.py"), oddity)


def test_kill_9_of_workers_again_and_again(stage: Stage) -> None:
    stage.submit(build.people(ROWS))
    stage.start()
    stage.start()
    for share in (0.1, 0.3, 0.5, 0.7):
        stage.until(lambda part=share: stage.stored() >= part * ROWS, keep=2)  # type: ignore[misc]
        victim = stage.random.choice([worker for worker in stage.workers if worker.poll() is None])
        victim.kill()
        victim.wait()
    stage.until(lambda: stage.open_rows() == 0, keep=2)
    assert stage.verdict() == CLEAN


def test_kills_of_healthy_batches_quarantine_nobody(stage: Stage) -> None:
    stage.submit(build.people(ROWS))
    slow = odd_worker(stage, "slow")
    for _ in range(3):
        victim = stage.start(*slow)
        stage.until(lambda: _claimed(stage) > 0)
        victim.kill()
        victim.wait()
    stage.start()
    stage.until(lambda: stage.open_rows() == 0, keep=1)
    assert stage.verdict() == CLEAN
    with stage.installed.database.read() as connection:
        query = select(func.count()).where(utterances.c.status == RowStatus.QUARANTINED)
        assert connection.execute(query).scalar_one() == 0


def _claimed(stage: Stage) -> int:
    with stage.installed.database.read() as connection:
        query = select(func.count()).where(utterances.c.status == RowStatus.CLAIMED)
        return int(connection.execute(query).scalar_one())


def test_worker_that_slept_beyond_its_lease_is_fenced(stage: Stage) -> None:
    stage.submit(build.people(ROWS))
    sleeper = stage.start()
    stage.until(lambda: stage.stored() > 10)
    sleeper.send_signal(signal.SIGSTOP)
    stage.start()
    stage.until(lambda: stage.open_rows() == 0)
    sleeper.send_signal(signal.SIGCONT)
    stage.until(lambda: sleeper.poll() is None)
    sleeper.terminate()
    assert sleeper.wait(timeout=LONGEST_S) == 0
    assert stage.verdict() == CLEAN


@pytest.mark.parametrize("oddity", ["sleeps-in-utterances", "sleeps-in-assets"])
def test_worker_that_sleeps_in_the_middle_of_a_commit_holds_nobody_up(oddity: str, stage: Stage) -> None:
    stage.submit(build.people(ROWS))
    sleeper = stage.start(*odd_worker(stage, oddity))
    stage.until(lambda: _is_stopped(sleeper.pid))
    stage.start()
    stage.until(lambda: stage.open_rows() == 0)
    sleeper.send_signal(signal.SIGCONT)
    time.sleep(0.5)
    sleeper.terminate()
    assert sleeper.wait(timeout=LONGEST_S) == 0
    assert stage.verdict() == CLEAN


def _is_stopped(pid: int) -> bool:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"


def test_sigterm_gives_back_within_the_grace_time_and_blames_nobody(stage: Stage) -> None:
    stage.submit(build.people(ROWS))
    worker = stage.start()
    stage.until(lambda: stage.stored() > 20)
    worker.terminate()
    assert worker.wait(timeout=LONGEST_S) == 0
    with stage.installed.database.read() as connection:
        claimed: list[Any] = [
            *connection.execute(select(assets.c.id).where(assets.c.status == RowStatus.CLAIMED)),
            *connection.execute(select(utterances.c.key).where(utterances.c.status == RowStatus.CLAIMED)),
        ]
        suspects = connection.execute(select(utterances.c.key).where(utterances.c.expiries > 0)).all()
    assert (claimed, suspects) == ([], [])
    stage.start()
    stage.until(lambda: stage.open_rows() == 0)
    assert stage.verdict() == CLEAN


def test_second_sigterm_leaves_at_once_and_loses_nothing(
    own_servers: tuple[PostgresServer, RedisServer], tmp_path: Path
) -> None:
    """Neither the batch in hand nor the grace time would end while this test waits."""
    with staged(*own_servers, tmp_path, grace_seconds=2 * LONGEST_S) as stage:
        stage.submit(build.people(ROWS))
        worker = stage.start(*odd_worker(stage, "endless"))
        stage.until(lambda: _claimed(stage) > 0)

        def ended() -> bool:
            worker.terminate()  # again and again: two at the same moment are one signal
            time.sleep(0.3)
            return worker.poll() is not None

        stage.until(ended)
        stage.start()
        stage.until(lambda: stage.open_rows() == 0)
        assert stage.verdict() == CLEAN


def test_row_that_kills_its_worker_is_quarantined_and_every_neighbour_completes(stage: Stage) -> None:
    rows = build.people(ROWS - 1)
    rows.insert(30, {"id": "poison", "locale": "en", "name": "Poison"})
    stage.submit(rows)
    deadly = odd_worker(stage, "poisoned")

    def done() -> bool:
        if stage.workers[-1].poll() is not None:
            stage.start(*deadly)
        return stage.open_rows() == 0

    stage.start(*deadly)
    stage.until(done)
    assert stage.verdict(broken={"poison"}) == CLEAN
    with stage.installed.database.read() as connection:
        row = connection.execute(select(assets.c.status, assets.c.code).where(assets.c.row == 31)).one()
    assert tuple(row) == ("quarantined", "killed-its-worker")


def test_two_workers_in_one_process_and_two_sweepers_share_a_campaign(stage: Stage) -> None:
    stage.submit(build.people(ROWS))
    first, second = assemble(stage.installed), assemble(stage.installed)
    first.start()
    second.start()
    try:
        stage.until(lambda: stage.open_rows() == 0)
    finally:
        first.stop()
        second.stop()
    assert stage.verdict() == CLEAN


def test_worker_whose_clock_is_an_hour_off_shares_a_campaign(stage: Stage) -> None:
    stage.submit(build.people(ROWS))
    stage.start(*odd_worker(stage, "an-hour-late"))
    stage.start(*odd_worker(stage, "an-hour-early"))
    stage.until(lambda: stage.open_rows() == 0)
    assert stage.verdict() == CLEAN
    with stage.installed.database.read() as connection:
        query = select(func.count()).where(utterances.c.expiries > 0)
        assert connection.execute(query).scalar_one() == 0


def test_old_worker_against_a_newer_schema_refuses_with_the_mending_command(stage: Stage) -> None:
    with stage.installed.database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    done = stage.program.run("worker")
    assert done.code == 7
    assert "Upgrade the program" in done.err
