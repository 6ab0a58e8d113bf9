"""Two releases of the program at once: each makes what it knows, and nobody makes what they do not."""

from __future__ import annotations

from sqlalchemy import select, text

from storage.tables import runs
from tests import build
from tests.faults.checker import CLEAN
from tests.faults.conftest import ROWS, Stage
from tests.faults.test_workers import odd_worker
from workers.engines.tone import TONE_REVISION


def test_a_worker_of_the_next_release_leaves_this_one_s_rows_alone(stage: Stage) -> None:
    stage.submit(build.people(ROWS))
    stage.start(*odd_worker(stage, "next-release"))
    stage.until(lambda: "serves" in stage.logs())
    stage.start()
    stage.until(lambda: stage.open_rows() == 0)
    assert stage.verdict() == CLEAN
    with stage.installed.database.read() as connection:
        revisions = set(connection.scalars(select(runs.c.engine_revision)))
        assert revisions == {TONE_REVISION}
        assert len(set(connection.scalars(select(runs.c.worker)))) == 1


def test_the_schema_is_brought_up_under_workers_that_are_at_work(stage: Stage) -> None:
    """What a release adds: a table, a column that may be empty, an index; old workers end what they began."""
    stage.submit(build.people(ROWS))
    worker = stage.start()
    stage.until(lambda: stage.stored() > 20)
    with stage.installed.database.write() as connection:
        for statement in (
            "ALTER TABLE assets ADD COLUMN of_the_next_release text",
            "ALTER TABLE runs ADD COLUMN of_the_next_release jsonb",
            "CREATE TABLE next_release (id bigint PRIMARY KEY)",
            "CREATE INDEX ix_next_release ON assets (of_the_next_release)",
            "UPDATE alembic_version SET version_num = '9999'",
        ):
            connection.execute(text(statement))
    stage.until(lambda: stage.open_rows() == 0)
    assert worker.poll() is None
    assert stage.verdict() == CLEAN
