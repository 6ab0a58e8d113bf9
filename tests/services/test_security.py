"""Least privilege, TLS and secrets, on the real servers with the files that are shipped."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis
from pydantic import SecretStr
from redis.backoff import NoBackoff
from redis.retry import Retry
from sqlalchemy import text
from sqlalchemy.engine import make_url

from campaign.cli import exits
from campaign.registry.shipped import open_installation
from storage import schema
from storage.errors import DatabaseError
from storage.installation import Installation
from storage.names import CampaignId
from storage.queue import campaigns as campaign_rows
from storage.queue import held
from storage.session import Database
from storage.settings import Settings
from storage.tables import CampaignState, Lane
from tests import ROOT, build
from tests.acceptance.conftest import Program
from tests.servers import PostgresServer, RedisServer, redis_server
from tests.servers.tls import tls_front
from workers.doorbell.redis_queue import RedisBell
from workers.process.app import assemble

DEPLOY = ROOT / "deploy"
PASSWORD = "s3cr3t-pass"
NO_RETRY = Retry(NoBackoff(), 0)


# the database's roles


@pytest.fixture(scope="module")
def owned(tmp_path_factory: pytest.TempPathFactory, postgres: PostgresServer) -> Iterator[Installation]:
    """An installation on PostgreSQL with the shipped roles."""
    made = build.installation(tmp_path_factory.mktemp("owned"), database_url=postgres.create_database())
    with made.database.write() as connection:
        driver = connection.connection.dbapi_connection
        assert driver is not None
        driver.cursor().execute((DEPLOY / "postgresql" / "roles.sql").read_text())
        for role in ("operator", "worker", "reader"):
            connection.execute(
                text(f"CREATE ROLE a_{role} LOGIN PASSWORD '{PASSWORD}' IN ROLE campaign_{role}")
            )
    yield made
    made.close()


def as_role(owned: Installation, role: str, **values: Any) -> Installation:
    """The same installation, reached as one of the roles."""
    url = make_url(owned.settings.database_url).set(username=f"a_{role}", password=PASSWORD)
    return open_installation(
        owned.settings.model_copy(update={"database_url": url.render_as_string(hide_password=False)} | values)
    )


def test_operator_submits_and_worker_works_with_no_more_rights_than_they_have(
    owned: Installation, redis_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    operator = as_role(owned, "operator", redis_url=redis_url)
    rows = [*build.people(40), {"id": "bad", "locale": "en", "name": ""}]
    build.submitted(operator, rows, build.brief("Hello {{ name }}."), campaign_id="mine")
    mine = as_role(owned, "worker", redis_url=redis_url)
    worker = assemble(mine)

    def ended() -> bool:
        with owned.database.read() as connection:
            return (
                campaign_rows.get(connection, CampaignId("mine")).state == CampaignState.FINISHED_WITH_ERRORS
            )

    worker.start()
    try:
        worker.wait(ended)
    finally:
        worker.stop()
    from campaign.report.publish import publish_report

    assert publish_report(mine, CampaignId("mine")).document["rows"]["total"] == 41
    operator.close()
    mine.close()
    assert [one.message for one in caplog.records if one.levelno >= logging.WARNING] == []


@pytest.mark.parametrize(
    ("role", "statement"),
    [
        ("worker", "SELECT fields FROM recipients"),
        ("worker", "SELECT script FROM recipients"),
        ("worker", "SELECT * FROM api_keys"),
        ("worker", "INSERT INTO pins SELECT * FROM pins"),
        ("worker", "DELETE FROM campaigns"),
        ("worker", "UPDATE campaigns SET pin_id = 'other'"),
        ("worker", "UPDATE alembic_version SET version_num = '0'"),
        ("worker", "DROP TABLE runs"),
        ("worker", "CREATE TABLE mine (x int)"),
        ("worker", "DELETE FROM audit"),
        ("operator", "DROP TABLE runs"),
        ("operator", "UPDATE audit SET actor = 'somebody else'"),
        ("operator", "DELETE FROM preset_records"),
        ("operator", "DELETE FROM calibrations"),
        ("operator", "UPDATE calibrations SET record = '{}'"),
        ("worker", "INSERT INTO calibrations SELECT * FROM calibrations"),
        ("reader", "SELECT external_id FROM recipients"),
        ("reader", "SELECT spec FROM utterances"),
        ("reader", "SELECT heard FROM utterances"),
        ("reader", "SELECT listening FROM asset_versions"),
        ("reader", "SELECT vectors FROM calibrations"),
        ("reader", "UPDATE campaigns SET state = 'cancelled'"),
    ],
)
def test_role_is_refused_what_it_does_not_need(owned: Installation, role: str, statement: str) -> None:
    mine = as_role(owned, role)
    with (
        pytest.raises(DatabaseError, match=r"permission denied|must be owner"),
        mine.database.write() as connection,
    ):
        connection.execute(text(statement))
    mine.close()


def test_reader_counts_versions_and_held_files(owned: Installation) -> None:
    mine = as_role(owned, "reader")
    with mine.database.read() as connection:
        connection.execute(text("SELECT object_key, samples, t_stored_ms, likeness FROM asset_versions"))
        connection.execute(text("SELECT digest, record, encoder FROM calibrations"))
        connection.execute(text("SELECT median, lowest, scored FROM likenesses"))
        assert held.count(connection, CampaignId("mine")) == 0
        assert held.waiting(connection, CampaignId("mine")) == 0
    mine.close()


# Redis


@pytest.fixture(scope="module")
def guarded(all_servers_folder: Path) -> Iterator[RedisServer]:
    """A Redis with the shipped access list."""
    with redis_server(
        all_servers_folder / "guarded",
        extra=f"aclfile {DEPLOY}/redis/users.acl\n",
        user="campaign:change-me",
    ) as server:
        yield server


def test_bells_ring_and_are_answered_with_the_rights_of_the_access_list(
    tmp_path: Path, postgres_url: str, guarded: RedisServer
) -> None:
    url = f"redis://campaign:change-me@127.0.0.1:{guarded.port}/0"
    installed = build.installation(
        tmp_path / "home", database_url=postgres_url, redis_url=url, sweep_seconds=3600
    )
    worker = assemble(installed)
    worker.start()
    try:
        build.submitted(installed, build.people(20), campaign_id="mine")
        assert RedisBell.at(url).ring(Lane.BULK)
        worker.wait(lambda: _stored(installed) == 20)
    finally:
        worker.stop()
        installed.close()


def _stored(installed: Installation) -> int:
    with installed.database.read() as connection:
        return campaign_rows.progress(connection, CampaignId("mine")).by_status.get("stored", 0)


@pytest.mark.parametrize(
    "command", ["FLUSHALL", "CONFIG SET maxmemory 1", "GET other", "SHUTDOWN", "ACL LIST"]
)
def test_access_list_refuses_what_a_bell_does_not_need(guarded: RedisServer, command: str) -> None:
    with (
        redis.Redis(port=guarded.port, username="campaign", password="change-me", retry=NO_RETRY) as client,
        pytest.raises(redis.exceptions.NoPermissionError),
    ):
        client.execute_command(*command.split())
    with (
        redis.Redis(port=guarded.port, retry=NO_RETRY) as nobody,
        pytest.raises(redis.exceptions.AuthenticationError),
    ):
        nobody.ping()


# TLS


def test_tls_of_both_servers_is_honoured_and_a_stranger_is_refused(
    tmp_path: Path, postgres: PostgresServer, postgres_url: str, shared_redis: RedisServer
) -> None:
    with (
        tls_front(tmp_path / "a", postgres.port, asked=True) as database_front,
        tls_front(tmp_path / "b", shared_redis.port) as redis_front,
    ):
        plain = make_url(postgres_url).set(port=database_front.port, host="127.0.0.1")
        url = plain.set(query={"sslmode": "verify-full", "sslrootcert": str(database_front.authority)})
        bells = f"rediss://127.0.0.1:{redis_front.port}/0?ssl_ca_certs={redis_front.authority}"
        installed = build.installation(
            tmp_path / "home", database_url=url.render_as_string(hide_password=False), redis_url=bells
        )
        build.submitted(installed, build.people(5), campaign_id="mine")
        worker = assemble(installed)
        worker.start()
        try:
            assert worker.bell.ring(Lane.BULK)
            worker.wait(lambda: _stored(installed) == 5)
        finally:
            worker.stop()
            installed.close()
        other_authority = {"sslmode": "verify-full", "sslrootcert": str(redis_front.authority)}
        for query, words in (
            (other_authority, "certificate verify failed"),
            ({"sslmode": "disable"}, "closed"),
        ):
            refused = Database(plain.set(query=query).render_as_string(hide_password=False))
            with pytest.raises(DatabaseError, match=words):
                schema.current(refused)
            refused.close()
        unknown = f"rediss://127.0.0.1:{redis_front.port}/0?ssl_ca_certs={database_front.authority}"
        assert not RedisBell.at(unknown).ring(Lane.BULK)


# secrets


def test_secrets_come_from_files_and_are_in_no_error(tmp_path: Path) -> None:
    files = {
        "DATABASE_URL": f"postgresql://me:{PASSWORD}@127.0.0.1:1/db",
        "REDIS_URL": f"redis://me:{PASSWORD}@127.0.0.1:1/0",
        "SECRET": "5e" * 32,
        "S3_SECRET_ACCESS_KEY": PASSWORD,
    }
    for name, value in files.items():
        (tmp_path / name).write_text(value + "\n")
    program = Program(
        home=tmp_path / "home",
        settings={f"CAMPAIGN_{name}_FILE": str(tmp_path / name) for name in files} | {"CAMPAIGN_SECRET": ""},
    )
    refused = program.run("-v", "-v", "list")
    assert refused.code == exits.UNAVAILABLE
    assert "me:***@127.0.0.1:1/db" in refused.err
    looked = program.run("doctor", "--json")
    assert looked.code == exits.UNHEALTHY
    told = refused.err + refused.out + looked.err + looked.out
    assert PASSWORD not in told
    assert "5e5e" not in told


def test_settings_show_no_secret() -> None:
    shown = Settings(
        secret=SecretStr("5e" * 32),
        database_url=f"postgresql://me:{PASSWORD}@h/db",
        redis_url=f"redis://:{PASSWORD}@h/0",
        s3_secret_access_key=SecretStr(PASSWORD),
    )
    assert PASSWORD not in repr(shown) + str(shown)
    assert "5e5e" not in repr(shown) + str(shown)


def test_store_policy_allows_what_the_store_calls_and_only_under_the_prefix() -> None:
    policy = json.loads((DEPLOY / "s3" / "policy.json").read_text())
    allowed = {
        action: statement["Resource"]
        for statement in policy["Statement"]
        if statement["Effect"] == "Allow"
        for action in statement["Action"]
    }
    assert set(allowed) == {
        "s3:ListBucket",
        "s3:ListBucketVersions",
        "s3:GetObject",
        "s3:PutObject",
        "s3:DeleteObject",
        "s3:DeleteObjectVersion",
        "s3:AbortMultipartUpload",
    }
    assert {allowed[name] for name in allowed if "List" not in name} == {"arn:aws:s3:::BUCKET/PREFIX/*"}


def test_nothing_of_the_program_reads_pickles() -> None:
    readers = re.compile(
        r"\b(?:c?[Pp]ickle\.loads?|Unpickler|import (?:shelve|dill|joblib)|allow_pickle=True|"
        r"torch\.load\((?!.*weights_only=True))"
    )
    found = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for folder in ("campaign", "workers", "storage")
        for path in (ROOT / folder).rglob("*.py")
        for line in path.read_text().splitlines()
        if readers.search(line)
    ]
    assert found == []
