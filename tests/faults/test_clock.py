"""The database's clock jumps by an hour, both ways, in mid-run, and a worker dies at that moment."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator

import pytest
from sqlalchemy import text

from tests import build
from tests.faults.checker import CLEAN
from tests.faults.conftest import ROWS, Stage


class JumpingClock:
    """PostgreSQL's clock, ahead or behind by as much as the test says, for every session of a database."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        name = stage.installed.database.url.database
        self._run(
            "CREATE SCHEMA shifted",
            "CREATE TABLE shifted.clock AS SELECT interval '0' AS ahead",
            "CREATE FUNCTION shifted.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE AS "
            "'SELECT pg_catalog.clock_timestamp() + ahead FROM shifted.clock'",
            f'ALTER DATABASE "{name}" SET search_path = shifted, pg_catalog, public',
        )
        stage.installed.database.engine.dispose()

    def jump(self, hours: int) -> None:
        """Set it ahead, or back."""
        self._run(f"UPDATE shifted.clock SET ahead = ahead + interval '{hours} hours'")

    def _run(self, *statements: str) -> None:
        with self._stage.installed.database.write() as connection:
            for statement in statements:
                connection.execute(text(statement))


@contextlib.contextmanager
def stopped(stage: Stage) -> Iterator[None]:
    """Every worker is killed with rows in hand, and others come."""
    for worker in stage.workers:
        worker.kill()
        worker.wait()
    yield
    stage.start()


@pytest.mark.parametrize("hours", [(-1,), (1, -1, -1, 1)], ids=["back", "ahead and to and fro"])
def test_the_clock_jumps_in_mid_run_and_workers_die(hours: tuple[int, ...], stage: Stage) -> None:
    clock = JumpingClock(stage)
    stage.submit(build.people(ROWS))
    stage.start()
    for number, jump in enumerate(hours, 1):
        stage.until(lambda least=number * 30: stage.stored() >= least)  # type: ignore[misc]
        with stopped(stage):
            clock.jump(jump)
    stage.until(lambda: stage.open_rows() == 0, within_s=60)
    assert stage.verdict() == CLEAN


@pytest.mark.parametrize("hours", [1, -1] if "FAULT_ROWS" in os.environ else [1])
def test_the_clock_jumps_under_workers_that_live(hours: int, stage: Stage) -> None:
    clock = JumpingClock(stage)
    stage.submit(build.people(ROWS))
    stage.start()
    stage.start()
    for least in (20, 80, 140):
        stage.until(lambda least=least: stage.stored() >= least)  # type: ignore[misc]
        clock.jump(hours)
    stage.until(lambda: stage.open_rows() == 0, within_s=60)
    assert stage.verdict() == CLEAN
