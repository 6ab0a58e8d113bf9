"""The object store is busy, refuses, loses answers and bytes, and runs full."""

from __future__ import annotations

import os
import resource
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from storage.tables import assets, utterances
from tests import build
from tests.faults.checker import CLEAN
from tests.faults.conftest import ROWS, Stage, staged
from tests.faults.test_workers import odd_worker
from tests.servers import PostgresServer, Proxy, RedisServer, S3Endpoint, tcp_proxy
from tests.servers.proxy import FORBIDDEN, SLOW_DOWN, Answer, Corrupt, DropReply, Rule, Truncate

PUT = b"PUT /"
GET = b"GET /"


@pytest.fixture
def on_s3(
    own_servers: tuple[PostgresServer, RedisServer], moto: S3Endpoint, tmp_path: Path
) -> Iterator[tuple[Stage, Proxy]]:
    """A stage whose workers reach S3 through a proxy; the checker goes straight."""
    settings = build.s3_settings(moto, f"fault-{uuid.uuid4().hex[:8]}")
    with staged(*own_servers, tmp_path, **settings) as stage, tcp_proxy(moto.process.port) as proxy:
        yield stage, proxy


@pytest.mark.parametrize(
    "rules",
    [
        [Answer(needle=PUT, times=15, reply=SLOW_DOWN), Answer(needle=GET, times=8, reply=SLOW_DOWN)],
        [Answer(needle=PUT, times=20, reply=FORBIDDEN), Answer(needle=GET, times=10, reply=FORBIDDEN)],
        [DropReply(needle=PUT, times=10), Truncate(needle=PUT, times=10), Corrupt(needle=PUT, times=10)],
    ],
    ids=["bursts of 503", "403 in mid-run", "lost answers, truncated uploads and wrong bytes"],
)
def test_s3_fails_in_mid_run(on_s3: tuple[Stage, Proxy], rules: list[Rule]) -> None:
    stage, proxy = on_s3
    stage.submit(build.people(ROWS))
    with stage.working(s3_endpoint_url=f"http://127.0.0.1:{proxy.port}", pcm_memory_mib=0):
        stage.until(lambda: stage.stored() > 20)
        staged_rules = [proxy.add(rule) for rule in rules]
        stage.until(lambda: all(rule.hits for rule in staged_rules))
        stage.until(lambda: stage.open_rows() == 0)
    assert stage.verdict() == CLEAN


def test_strict_s3_refuses_a_worker_whose_clock_is_off_until_another_comes(
    own_servers: tuple[PostgresServer, RedisServer], swift: S3Endpoint, tmp_path: Path
) -> None:
    settings = build.s3_settings(swift, f"fault-{uuid.uuid4().hex[:8]}")
    with staged(*own_servers, tmp_path, **settings) as stage:
        stage.submit(build.people(ROWS))
        stage.start(*odd_worker(stage, "an-hour-late"))
        stage.until(lambda: "object store failed" in stage.logs())
        stage.start()
        stage.until(lambda: stage.stored() > 0)
        stage.workers[0].terminate()
        stage.until(lambda: stage.open_rows() == 0)
        assert stage.verdict() == CLEAN


def test_disk_of_the_objects_is_full_for_a_while(stage: Stage) -> None:
    stage.submit(build.people(ROWS))
    _, hard = resource.prlimit(os.getpid(), resource.RLIMIT_FSIZE)
    worker = stage.start()
    stage.until(lambda: stage.stored() > 20)
    resource.prlimit(worker.pid, resource.RLIMIT_FSIZE, (100, hard))
    stage.until(lambda: _postponed(stage) > 0)
    resource.prlimit(worker.pid, resource.RLIMIT_FSIZE, (hard, hard))
    stage.until(lambda: stage.open_rows() == 0)
    assert stage.verdict() == CLEAN


def _postponed(stage: Stage) -> int:
    """Rows that were given back because the store failed."""
    with stage.installed.database.read() as connection:
        return sum(
            int(connection.execute(select(func.count()).where(table.c.code == "store-failed")).scalar_one())
            for table in (assets, utterances)
        )
