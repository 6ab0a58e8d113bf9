"""The test servers themselves: they answer, survive kill -9 with their data, and never outlive the tests."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import psycopg
import pytest
from botocore.exceptions import ClientError

from tests import ROOT
from tests.servers import (
    PostgresServer,
    RedisServer,
    S3Endpoint,
    postgres_server,
    redis_server,
)
from tests.servers.folder import servers_folder
from tests.servers.process import ServerError, ServerProcess, free_port, wait_for


def test_each_postgres_database_is_empty_and_apart(postgres: PostgresServer) -> None:
    first, second = postgres.create_database(), postgres.create_database()
    with psycopg.connect(first.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("CREATE TABLE only_here (n int)")
    with psycopg.connect(second.replace("+psycopg", "")) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    assert tables == []
    postgres.drop_database(first)
    postgres.drop_database(second)


def test_postgres_keeps_port_and_committed_rows_over_kill_9(server_folder: Path) -> None:
    with postgres_server(server_folder / "pg") as server:
        port = server.port
        with server.connect() as connection:
            connection.execute("CREATE TABLE kept (n int)")
            connection.execute("INSERT INTO kept VALUES (7)")
            connection.execute("CHECKPOINT")
        server.kill()
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(server.url().replace("+psycopg", ""), connect_timeout=1)
        server.start()
        assert server.port == port
        with server.connect() as connection:
            assert connection.execute("SELECT n FROM kept").fetchall() == [(7,)]


def test_redis_keeps_port_and_data_over_kill_9_and_refuses_to_evict(server_folder: Path) -> None:
    with redis_server(server_folder / "redis") as server:
        with server.client() as client:
            client.set("kept", "7")
            assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
            assert client.config_get("appendonly") == {"appendonly": "yes"}
        port = server.port
        server.kill()
        server.start()
        assert server.port == port
        with server.client() as client:
            assert client.get("kept") == b"7"


def test_redis_url_is_empty_for_each_test(redis_url: str, shared_redis: RedisServer) -> None:
    with shared_redis.client() as client:
        assert client.dbsize() == 0
        client.set("left", "over")
    shared_redis.flush()
    with shared_redis.client() as client:
        assert client.dbsize() == 0


@pytest.mark.parametrize("server_name", ["moto", "swift"])
def test_s3_servers_keep_an_object(server_name: str, request: pytest.FixtureRequest) -> None:
    endpoint: S3Endpoint = request.getfixturevalue(server_name)
    bucket = endpoint.create_bucket()
    with endpoint.client() as client:
        client.put_object(Bucket=bucket, Key="a/b", Body=b"sound")
        assert client.get_object(Bucket=bucket, Key="a/b")["Body"].read() == b"sound"


def test_swift_is_the_strict_one(swift: S3Endpoint) -> None:
    bucket = swift.create_bucket()
    wrong = "A" * 43 + "="
    with swift.client() as client, pytest.raises(ClientError) as caught:
        client.put_object(Bucket=bucket, Key="a", Body=b"sound", ChecksumSHA256=wrong)
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400


def test_servers_die_with_a_test_run_that_is_killed(server_folder: Path) -> None:
    script = textwrap.dedent(
        """
        import pathlib, sys, time
        from tests.servers import postgres_server, redis_server
        folder = pathlib.Path(sys.argv[1])
        with postgres_server(folder / "pg") as pg, redis_server(folder / "redis") as redis:
            print(pg.process.pid, redis.process.pid, flush=True)
            time.sleep(60)
        """
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(server_folder)], stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as run:
        assert run.stdout is not None
        pids = [int(pid) for pid in run.stdout.readline().split()]
        assert len(pids) == 2
        run.send_signal(signal.SIGKILL)
    wait_for(lambda: not any(_lives(pid) for pid in pids), what="the end of the orphans")


def test_another_run_of_the_same_user_closes_no_server(server_folder: Path, tmp_path: Path) -> None:
    (tmp_path / "test_other.py").write_text("def test_other(tmp_path): pass")
    other = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_other.py"]
    with postgres_server(server_folder / "pg") as server:
        subprocess.run(other, cwd=tmp_path, check=True, capture_output=True)
        server.stop()
        server.start()
        with server.connect() as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)


def test_folders_of_killed_runs_are_removed_and_those_of_living_ones_are_not(server_folder: Path) -> None:
    script = textwrap.dedent(
        """
        import pathlib, sys, time
        from tests.servers.folder import servers_folder
        with servers_folder(within=pathlib.Path(sys.argv[1])) as folder:
            print(folder, flush=True)
            time.sleep(600)
        """
    )
    command = [sys.executable, "-c", script, str(server_folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as killed:
        assert killed.stdout is not None
        left = Path(killed.stdout.readline().strip())
        with servers_folder(within=server_folder) as living:
            assert left.exists()
            killed.kill()
            killed.wait()
            with servers_folder(within=server_folder) as fresh:
                assert set(server_folder.iterdir()) == {living, fresh}
    assert list(server_folder.iterdir()) == []


def test_a_server_that_cannot_start_shows_its_log(tmp_path: Path) -> None:
    process = ServerProcess(
        "broken",
        [sys.executable, "-c", "raise SystemExit('no such luck')"],
        log=tmp_path / "broken.log",
        port=free_port(),
    )
    with pytest.raises(ServerError, match="no such luck"):
        process.start()


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
