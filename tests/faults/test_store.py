"""The object store is busy, refuses, loses answers and bytes, and runs full."""

from __future__ import annotations

import hashlib
import os
import resource
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from campaign.operations.erase import collect_orphans, erase_recipient
from storage.tables import assets, utterances
from tests import build
from tests.faults.checker import CLEAN
from tests.faults.conftest import ROWS, Stage, staged
from tests.faults.test_workers import odd_worker
from tests.servers import PostgresServer, Proxy, RedisServer, S3Endpoint, tcp_proxy
from tests.servers.proxy import FORBIDDEN, SLOW_DOWN, Answer, Corrupt, DropReply, Rule, Truncate, WrongBody

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


def test_s3_says_200_and_gives_a_wrong_body(on_s3: tuple[Stage, Proxy]) -> None:
    stage, proxy = on_s3
    stage.submit(build.people(ROWS))
    with stage.working(s3_endpoint_url=f"http://127.0.0.1:{proxy.port}", pcm_memory_mib=0):
        for least in range(20, 200, 20):
            stage.until(lambda least=least: stage.stored() >= least)  # type: ignore[misc]
            proxy.add(WrongBody(needle=GET))
        stage.until(lambda: stage.open_rows() == 0)
    assert stage.verdict() == CLEAN


def test_a_store_that_lists_what_was_there_before_costs_nobody_a_file(
    on_s3: tuple[Stage, Proxy], moto: S3Endpoint
) -> None:
    """An erased file is still in the list and one that a killed worker left is not."""
    stage, proxy = on_s3
    stage.submit(build.people(20))
    with stage.working():
        stage.until(lambda: stage.open_rows() == 0)
    old = [info.key for info in stage.installed.store.list("campaigns/mine/")]
    erase_recipient(stage.installed, "person-1", actor="test")
    left = "campaigns/mine/" + "ab" * 16 + "/v1/" + "cd" * 32 + ".wav"
    stage.installed.store.put(left, b"x", sha256=hashlib.sha256(b"x").hexdigest(), content_type="audio/wav")
    stale = proxy.add(Answer(needle=b"list-type=2", times=9, reply=listing("site", old)))
    with stage.opened(s3_endpoint_url=f"http://127.0.0.1:{proxy.port}") as behind:
        assert [info.key for info in behind.store.list("campaigns/mine/")] == old
        collect_orphans(behind)
        assert stale.hits > 1
    assert stage.installed.store.head(left) is not None
    collect_orphans(stage.installed)
    assert stage.installed.store.head(left) is None
    stage.acknowledged.remove("person-1")
    files = [key for key in build.objects(stage.installed.store) if key.endswith(".wav")]
    assert len(files) == 19
    assert build.statuses(build.manifest(stage.installed.store, "mine")) == {"stored": 19, "erased": 1}


def listing(prefix: str, keys: list[str]) -> bytes:
    """What S3 answers a list with."""
    entries = "".join(
        f"<Contents><Key>{prefix}/{key}</Key><LastModified>2026-01-01T00:00:00Z</LastModified><Size>1</Size></Contents>"
        for key in keys
    )
    body = f"<ListBucketResult><IsTruncated>false</IsTruncated>{entries}</ListBucketResult>".encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\nContent-Length: {len(body)}\r\n"
    return head.encode() + b"Connection: close\r\n\r\n" + body


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
