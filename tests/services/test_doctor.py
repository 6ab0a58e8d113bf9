"""`campaign doctor` on real servers: what it probes, what it finds wrong, and that every bad line has a mend."""

from __future__ import annotations

import contextlib
import uuid
from pathlib import Path

import pytest
from sqlalchemy import text

from campaign.operations import device_health, doctor
from campaign.operations.doctor import examine
from campaign.operations.finding import HealthFinding
from storage import schema
from storage.installation import Installation
from storage.session import Database
from tests import build
from tests.servers import S3Endpoint


def looked(installed: Installation) -> dict[str, HealthFinding]:
    found = {one.what: one for one in examine(installed)}
    installed.close()
    assert [one.what for one in found.values() if one.level == "bad" and not one.mend] == []
    return found


@pytest.mark.parametrize(
    ("server", "words"),
    [
        ("swift", "refuses wrong checksums: yes, conditional writes: yes"),
        ("moto", "refuses wrong checksums: no, conditional writes: yes"),
    ],
)
def test_store_is_probed_and_left_clean(
    server: str, words: str, request: pytest.FixtureRequest, tmp_path: Path, postgres_url: str, redis_url: str
) -> None:
    s3: S3Endpoint = request.getfixturevalue(server)
    settings = build.s3_settings(s3, f"doctor-{uuid.uuid4().hex[:8]}")
    installed = build.installation(tmp_path, database_url=postgres_url, redis_url=redis_url, **settings)
    found = looked(installed)
    assert found["s3"].found == words
    assert [found[name].level for name in ("database", "doorbell", "objects")] == ["good", "good", "good"]
    again = build.installation(tmp_path, database_url=postgres_url, **settings)
    assert list(again.store.list("")) == []
    again.close()
    installed.close()


def test_schema_of_another_release_is_bad_with_the_command(tmp_path: Path, postgres_url: str) -> None:
    database = Database(postgres_url)
    schema.upgrade(database)
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    database.close()
    settings = build.installation(tmp_path).settings
    with contextlib.closing(
        Installation(settings.model_copy(update={"database_url": postgres_url}))
    ) as other:
        found = looked(other)
    assert (found["database"].level, found["database"].mend) == ("bad", "Run `campaign db upgrade`.")


def test_postgresql_rings_where_no_redis_is_set(tmp_path: Path, postgres_url: str) -> None:
    found = looked(build.installation(tmp_path, database_url=postgres_url))
    assert found["doorbell"].level == "good"
    assert found["doorbell"].found == "PostgreSQL, by NOTIFY (no Redis is set)"


def test_notices_that_do_not_arrive_are_bad(
    tmp_path: Path, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As behind a pooler that gives each transaction another connection."""
    monkeypatch.setattr(doctor, "notify", lambda *_: None)
    monkeypatch.setattr(doctor, "HEARD_WITHIN_S", 0.1)
    found = looked(build.installation(tmp_path, database_url=postgres_url))
    assert found["doorbell"].level == "bad"
    assert "goes past it, or set CAMPAIGN_REDIS_URL" in found["doorbell"].mend


def test_servers_that_are_away_are_bad(tmp_path: Path) -> None:
    settings = build.installation(tmp_path).settings
    away = {
        "database_url": "postgresql://nobody@127.0.0.1:1/none",
        "redis_url": "redis://127.0.0.1:1/0",
        "object_store": "s3://none/here",
        "s3_endpoint_url": "http://127.0.0.1:1",
    }
    found = looked(Installation(settings.model_copy(update=away)))
    assert [found[name].level for name in ("database", "doorbell", "objects")] == ["bad", "bad", "bad"]
    without_redis = looked(Installation(settings.model_copy(update=away | {"redis_url": ""})))
    assert (without_redis["doorbell"].level, "CAMPAIGN_DATABASE_URL" in without_redis["doorbell"].mend) == (
        "bad",
        True,
    )


def test_a_probe_that_meets_what_nobody_foresaw_is_a_finding_and_the_others_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A driver that is half installed, say: `campaign doctor` is what one runs to hear of it."""

    def half_installed(*_arguments: object) -> None:
        raise ImportError("libfoo.so.1: cannot open shared object file")

    for probe in ("package_versions", "create_engine", "installed_restrictions"):
        monkeypatch.setattr(doctor, probe, half_installed)
    monkeypatch.setattr(device_health, "Telemetry", half_installed)
    found = looked(build.installation(tmp_path))
    for what in ("program", "licences", "espeak", "tone", "gpu"):
        assert found[what].level == "bad"
        assert "ImportError: libfoo.so.1: cannot open shared object file" in found[what].found
        assert found[what].mend
    assert (found["database"].level, found["objects"].level) == ("good", "good")
