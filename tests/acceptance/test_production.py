"""PostgreSQL, Redis and a strict S3, with worker processes of their own; and what must never leave the database."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis
from pydantic import SecretStr

from campaign.cli import exits
from campaign.registry.shipped import open_installation
from storage.installation import Installation
from storage.settings import Settings
from tests import build
from tests.acceptance.conftest import Program, eventually
from tests.servers import RedisServer, S3Endpoint
from tests.waiting import LONGEST_S

CANARY_NAME = "Zebedeea Quillworthy"
CANARY_TEXT = "aubergine parachute"
CANARY_PHONE = "+44 20 7946 0991"
CANARY_ID = "patient-77310"
BRIEF = """
name = "canary"
model = "espeak"
languages = ["en"]
[templates]
default = "hello.txt"
[columns]
name = "name"
phone = "telephone"
[finish]
codec = "flac"
"""


@pytest.fixture(params=["moto", "swift"])
def production(
    request: pytest.FixtureRequest, tmp_path: Path, postgres_url: str, redis_url: str
) -> Iterator[tuple[Program, Installation]]:
    """The program on real servers, and the same installation opened here."""
    s3: S3Endpoint = request.getfixturevalue(request.param)
    settings = build.s3_settings(s3, f"test-{uuid.uuid4().hex[:8]}") | {
        "database_url": postgres_url,
        "redis_url": redis_url,
    }
    program = Program(
        home=tmp_path / "home",
        settings={f"CAMPAIGN_{name.upper()}": value for name, value in settings.items()},
    )
    installed = open_installation(Settings(home=tmp_path / "home", secret=SecretStr("5e" * 32), **settings))
    yield program, installed
    installed.close()


def asked(folder: Path, count: int) -> Path:
    folder.mkdir()
    (folder / "campaign.toml").write_text(BRIEF)
    (folder / "hello.txt").write_text(
        f"This is the clinic. Your {CANARY_TEXT} is ready, {{{{ name }}}}. Please call {{{{ phone }}}}."
    )
    rows = [{**row, "phone": "+44 20 7946 0018"} for row in build.people(count)]
    rows.append({"id": CANARY_ID, "locale": "en", "name": CANARY_NAME, "phone": CANARY_PHONE})
    return build.write_csv(folder / "recipients.csv", rows)


def test_campaign_through_worker_processes_leaves_no_personal_data_outside_the_database(
    production: tuple[Program, Installation], shared_redis: RedisServer, tmp_path: Path
) -> None:
    program, installed = production
    path = asked(tmp_path / "asked", 30)
    refused = program.run("submit", path)
    assert refused.code == exits.UNAVAILABLE
    assert "campaign db upgrade" in refused.err
    assert program.here().run("db", "upgrade").code == exits.OK
    submitted = program.run("submit", path, "--id", "mine", "--json")
    assert submitted.json["state"] == "running", submitted.err
    rung = redis_words(shared_redis)
    with program.started("-v", "-v", "worker") as first, program.started("-v", "-v", "worker"):
        eventually(
            lambda: program.here().run("status", "mine", "--json").json.get("report") is not None,
            within_s=LONGEST_S,
            what="the report",
        )
        rung += redis_words(shared_redis)
        first.terminate()
        assert first.wait(timeout=LONGEST_S) == 0
    lines = build.manifest(installed.store, "mine")
    assert build.statuses(lines) == {"stored": 31}
    prefix = "campaigns/mine/"
    for line in lines:
        data = installed.store.get(prefix + line["url"])
        assert hashlib.sha256(data).hexdigest() == line["sha256"]
    names = " ".join(build.objects(installed.store))
    artefacts = "".join(
        installed.store.get(prefix + name).decode()
        for name in ("manifest.jsonl", "report.json", "report.html")
    )
    audio = b"".join(installed.store.get(prefix + line["url"]) for line in lines).decode("latin-1")
    for place, text in (
        ("log", program.logs() + submitted.err),
        ("Redis", rung),
        ("object name", names),
        ("artefact", artefacts),
        ("file", audio),
    ):
        for canary in (CANARY_NAME, "Quillworthy", CANARY_TEXT, CANARY_PHONE, "79460991", CANARY_ID):
            assert canary.lower() not in text.lower(), f"{canary} in a {place}"


def redis_words(server: RedisServer) -> str:
    """Every key and value that Redis holds."""
    client = redis.Redis.from_url(server.url)
    words: list[object] = []
    for key in client.scan_iter():
        kind = client.type(key)
        words.append(key)
        if kind == b"hash":
            words.append(client.hgetall(key))
        elif kind == b"list":
            words.append(client.lrange(key, 0, -1))
        elif kind == b"zset":
            words.append(client.zrange(key, 0, -1))
        elif kind == b"set":
            words.append(client.smembers(key))
        elif kind == b"string":
            words.append(client.get(key))
    client.close()
    return repr(words)


def test_preview_lane_is_served_before_bulk(tmp_path: Path, postgres_url: str, redis_url: str) -> None:
    installed = build.installation(
        tmp_path / "home", database_url=postgres_url, redis_url=redis_url, synthesis_batch=4, finish_batch=4
    )
    from storage.tables import Lane
    from workers.process.app import assemble

    bulk = build.submitted(
        installed, build.people(200), build.brief("Bulk for {{ name }}."), campaign_id="bulk"
    )
    urgent = build.submitted(
        installed,
        build.people(3, prefix="vip"),
        build.brief("Preview for {{ name }}.", lane=Lane.PREVIEW),
        campaign_id="urgent",
    )
    ended: list[str] = []
    worker = assemble(installed, on_settled=ended.append)
    worker.start()
    try:
        worker.wait(lambda: len(set(ended)) == 2)
    finally:
        worker.stop()
    # nobody publishes here, so a slow machine's sweeper tells of the first one again
    assert list(dict.fromkeys(ended)) == [urgent.campaign.id, bulk.campaign.id]
    installed.close()


def test_postgresql_without_redis_leaves_the_work_to_workers_and_rings_for_them(
    tmp_path: Path, postgres_url: str
) -> None:
    """The sweep is an hour away: what a worker begins after its start, it was rung for."""
    program = Program(
        home=tmp_path / "home",
        settings={"CAMPAIGN_DATABASE_URL": postgres_url, "CAMPAIGN_SWEEP_SECONDS": "3600"},
    )
    program.here().run("db", "upgrade")
    first = program.run("submit", asked(tmp_path / "first", 3), "--id", "first", "--json")
    assert first.code == exits.OK, first.err
    assert first.json["state"] == "running"
    assert first.json["rows"]["by_status"] == {"pending": 4}

    def ended(campaign_id: str) -> bool:
        told: dict[str, Any] = program.here().run("status", campaign_id, "--json").json
        return bool(told["state"] == "finished")

    assert not ended("first")
    with program.started("worker") as worker:
        eventually(lambda: ended("first"), within_s=60, what="the campaign that waited")
        held = program.run("submit", asked(tmp_path / "held", 2), "--id", "held", "--hold", "--json")
        assert held.json["state"] == "validated"
        assert program.run("resume", "held", "--json").json["state"] in ("running", "finished")
        eventually(lambda: ended("held"), within_s=60, what="the campaign that was resumed")
        followed = program.run("submit", asked(tmp_path / "last", 1), "--id", "last", "--wait", "--json")
        assert followed.json["state"] == "finished"
        worker.terminate()
        assert worker.wait(timeout=40) == 0


def test_submit_succeeds_while_redis_is_away(tmp_path: Path, postgres_url: str) -> None:
    program = Program(
        home=tmp_path / "home",
        settings={"CAMPAIGN_DATABASE_URL": postgres_url, "CAMPAIGN_REDIS_URL": "redis://127.0.0.1:1/0"},
    )
    program.here().run("db", "upgrade")
    done = program.run("submit", asked(tmp_path / "asked", 2), "--json")
    assert done.code == exits.OK, done.err
    assert done.json["state"] == "running"
    assert "workers will sweep" in done.err
