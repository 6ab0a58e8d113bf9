"""Whatever dies, every acknowledged row ends in exactly one terminal state and its object is what the database says."""

from __future__ import annotations

import signal
import sys
import threading

from sqlalchemy import select, text

from storage import campaigns as campaign_rows
from storage.tables import CampaignState, RowStatus, assets, runs, utterances
from tests import build
from tests.acceptance.conftest import ROOT
from tests.faults.checker import CLEAN
from tests.faults.conftest import ROWS, Stage
from workers.app import assemble
from workers.broker import Bell


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


def test_redis_is_killed_comes_back_and_is_flushed(stage: Stage) -> None:
    stage.submit(build.people(ROWS))
    stage.start()
    stage.until(lambda: stage.stored() > 20)
    stage.redis.kill()
    stage.until(lambda: stage.stored() > 80)
    stage.redis.start()
    stage.redis.flush()
    stage.until(lambda: stage.open_rows() == 0)
    assert stage.verdict() == CLEAN


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
            connection.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE pid <> pg_backend_pid() AND datname = current_database()"
                )
            )
    stage.until(lambda: stage.open_rows() == 0, keep=1)
    assert stage.verdict() == CLEAN


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
    assert sleeper.wait(timeout=30) == 0
    assert stage.verdict() == CLEAN


def test_sigterm_gives_back_within_the_grace_time_and_blames_nobody(stage: Stage) -> None:
    stage.submit(build.people(ROWS))
    worker = stage.start()
    stage.until(lambda: stage.stored() > 20)
    worker.terminate()
    assert worker.wait(timeout=20) == 0
    with stage.installed.database.read() as connection:
        claimed = (
            connection.execute(select(assets.c.id).where(assets.c.status == RowStatus.CLAIMED)).all()
            + connection.execute(
                select(utterances.c.key).where(utterances.c.status == RowStatus.CLAIMED)
            ).all()
        )
        suspects = connection.execute(select(utterances.c.key).where(utterances.c.expiries > 0)).all()
    assert (claimed, suspects) == ([], [])
    stage.start()
    stage.until(lambda: stage.open_rows() == 0)
    assert stage.verdict() == CLEAN


def test_row_that_kills_its_worker_is_quarantined_and_every_neighbour_completes(stage: Stage) -> None:
    rows = build.people(59)
    rows.insert(30, {"id": "poison", "locale": "en", "name": "Poison"})
    stage.submit(rows)
    deadly = (sys.executable, str(ROOT / "tests" / "faults" / "worker.py"))

    def done() -> bool:
        if stage.workers[-1].poll() is not None:
            stage.start(*deadly)
        return stage.open_rows() == 0

    stage.program.settings["PYTHONPATH"] = str(ROOT)
    stage.start(*deadly)
    stage.until(done, within_s=200)
    assert stage.verdict(broken={"poison"}) == CLEAN
    with stage.installed.database.read() as connection:
        row = connection.execute(select(assets.c.status, assets.c.code).where(assets.c.row == 31)).one()
    assert tuple(row) == ("quarantined", "killed-its-worker")


def test_the_same_bell_many_times_and_a_forged_one_do_no_harm(stage: Stage) -> None:
    import dramatiq

    from workers.broker import redis_broker

    stage.submit(build.people(ROWS))
    broker = redis_broker(stage.redis.url)
    bell = Bell(broker)
    stage.start()
    for _ in range(30):
        bell.ring(build.brief().lane, 10)
    for name, args in (("has_work_bulk", ("nonsense",)), ("has_work_bulk", ()), ("unknown", ("bulk",))):
        broker.enqueue(dramatiq.Message(queue_name="bulk", actor_name=name, args=args, kwargs={}, options={}))
    stage.until(lambda: stage.open_rows() == 0)
    assert stage.verdict() == CLEAN
    broker.close()


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


def test_pause_resume_and_cancel_in_mid_run(stage: Stage) -> None:
    stage.submit(build.people(ROWS))
    stage.start()
    stage.start()
    stage.until(lambda: stage.stored() > 20)
    with stage.installed.database.write() as connection:
        campaign_rows.move(connection, "mine", CampaignState.PAUSED)
    at_pause = _made(stage)
    threading.Event().wait(1.5)
    assert _made(stage) == at_pause
    with stage.installed.database.write() as connection:
        campaign_rows.move(connection, "mine", CampaignState.RUNNING)
    stage.until(lambda: stage.stored() > at_pause[0] + 20)
    with stage.installed.database.write() as connection:
        campaign_rows.move(connection, "mine", CampaignState.CANCELLED)
    at_cancel = _made(stage)
    threading.Event().wait(1.5)
    assert _made(stage) == at_cancel
    assert stage.open_rows() == 0


def _made(stage: Stage) -> tuple[int, int]:
    """Stored assets and stored runs."""
    with stage.installed.database.read() as connection:
        made = connection.execute(select(runs.c.run_id).where(runs.c.outcome == "stored")).all()
    return stage.stored(), len(made)


def test_old_worker_against_a_newer_schema_refuses_with_the_mending_command(stage: Stage) -> None:
    with stage.installed.database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    done = stage.program.run("worker")
    assert done.code == 7
    assert "Upgrade the program" in done.err
