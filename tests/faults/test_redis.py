"""Redis dies, forgets, fills up, answers nobody, and carries what nobody sent. It is only a doorbell."""

from __future__ import annotations

import resource
from pathlib import Path

import dramatiq
import pytest

from storage.tables import Lane
from tests import build
from tests.faults.checker import CLEAN
from tests.faults.conftest import ROWS, Stage, staged
from tests.servers import PostgresServer, RedisServer, redis_server, tcp_proxy
from tests.servers.proxy import DropReply
from workers.doorbell.redis_queue import RedisBell


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


def test_redis_without_a_file_is_killed_and_comes_back_empty(
    own_servers: tuple[PostgresServer, RedisServer], tmp_path: Path, server_folder: Path
) -> None:
    with (
        redis_server(server_folder / "redis", append_only=False) as forgetful,
        staged(own_servers[0], forgetful, tmp_path) as stage,
    ):
        stage.submit(build.people(ROWS))
        with stage.working():
            for mark in (20, 120):
                stage.until(lambda least=mark: stage.stored() > least)  # type: ignore[misc]
                forgetful.kill()
                forgetful.start()
            stage.until(lambda: stage.open_rows() == 0)
        assert stage.verdict() == CLEAN


def test_redis_is_full_when_bells_are_rung_and_answered(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    bell = RedisBell.at(stage.redis.url)
    stage.submit(build.people(ROWS))
    with stage.redis.client() as client, stage.working():
        stage.until(lambda: stage.stored() > 20)
        client.config_set("maxmemory", "1")
        assert not bell.ring(Lane.BULK, 10)
        stage.until(lambda: stage.stored() > 150)
        client.config_set("maxmemory", "256mb")
        stage.until(lambda: stage.open_rows() == 0)
    assert "workers will sweep" in caplog.text
    assert stage.verdict() == CLEAN


def test_redis_cannot_write_its_file(stage: Stage) -> None:
    stage.submit(build.people(ROWS))
    pid = stage.redis.process.pid
    _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    with stage.working():
        stage.until(lambda: stage.stored() > 20)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (1, hard))
        stage.until(lambda: stage.stored() > 150)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (hard, hard))
        stage.until(lambda: stage.open_rows() == 0)
    if not stage.redis.process.running:
        stage.redis.start()
    assert stage.verdict() == CLEAN


def test_redis_obeys_and_its_answers_are_lost(stage: Stage) -> None:
    with tcp_proxy(stage.redis.port) as proxy:
        lost = [proxy.add(DropReply(needle=command, times=5)) for command in (b"fetch", b"enqueue", b"ack\r")]
        url = f"redis://127.0.0.1:{proxy.port}/0"
        bell = RedisBell.at(url)
        stage.submit(build.people(ROWS))
        with stage.working(redis_url=url):
            bell.ring(Lane.BULK, 10)
            stage.until(lambda: stage.open_rows() == 0)
            # work may end before any bell is answered: rung until an answer to each command was lost
            stage.until(lambda: bell.ring(Lane.BULK) and all(rule.hits > 0 for rule in lost))
    assert stage.verdict() == CLEAN


def test_the_same_bell_many_times_and_a_forged_one_do_no_harm(stage: Stage) -> None:
    stage.submit(build.people(ROWS))
    bell = RedisBell.at(stage.redis.url)
    broker = bell.broker
    with stage.working(), stage.working():
        for _ in range(30):
            bell.ring(Lane.BULK, 10)
        for name, args in (("has_work_bulk", ("nonsense",)), ("has_work_bulk", ()), ("unknown", ("bulk",))):
            broker.enqueue(
                dramatiq.Message(queue_name="bulk", actor_name=name, args=args, kwargs={}, options={})
            )
        stage.redis.client().rpush("dramatiq:bulk", "no-such-message")
        stage.redis.client().hset("dramatiq:bulk.msgs", "torn", b"{not json")
        stage.redis.client().rpush("dramatiq:bulk", "torn")
        stage.until(lambda: stage.open_rows() == 0)
    assert stage.verdict() == CLEAN
    broker.close()


def test_redis_evicts_what_it_likes(
    own_servers: tuple[PostgresServer, RedisServer], tmp_path: Path, server_folder: Path
) -> None:
    """Set up as a cache: bells, queues and whatever Dramatiq keeps may be gone at any moment."""
    with (
        redis_server(server_folder / "redis", append_only=False) as cache,
        staged(own_servers[0], cache, tmp_path) as stage,
        cache.client() as client,
    ):
        stage.submit(build.people(ROWS))
        client.config_set("maxmemory-policy", "allkeys-random")
        used = int(client.info("memory")["used_memory"])
        client.config_set("maxmemory", str(used + 400_000))
        with stage.working():
            filled = 0
            while stage.open_rows():
                client.set(f"somebody-else-s:{filled}", "x" * 20_000)
                filled += 1
        assert int(client.info("stats")["evicted_keys"]) > 0
        assert stage.verdict() == CLEAN
