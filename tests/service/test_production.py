"""The service on PostgreSQL, Redis and S3, with a worker that is a process of its own."""

from __future__ import annotations

import contextlib
import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from storage.installation import Installation
from tests import build
from tests.acceptance.conftest import Program
from tests.servers import RedisServer, S3Endpoint
from tests.servers.service import RunningService, served
from tests.service.calls import csv_of, finished, uploaded
from tests.waiting import LONGEST_S

SECRET_WORD = "rhubarb"


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A service, and the program that its workers are."""

    service: RunningService
    program: Program
    client: httpx.Client


@pytest.fixture
def site(tmp_path: Path, postgres_url: str, redis_url: str, moto: S3Endpoint) -> Iterator[Site]:
    chosen = build.s3_settings(moto, f"service-{uuid.uuid4().hex[:8]}") | {
        "database_url": postgres_url,
        "redis_url": redis_url,
    }
    installation: Installation = build.installation(tmp_path / "home", **chosen)
    program = Program(
        home=tmp_path / "home", settings={f"CAMPAIGN_{name.upper()}": value for name, value in chosen.items()}
    )
    with (
        served(installation) as service,
        httpx.Client(base_url=service.url, timeout=LONGEST_S) as client,
        program.started("worker"),
    ):
        yield Site(service=service, program=program, client=client)
    installation.close()


def test_sound_travels_from_worker_to_listener_and_never_through_redis(
    site: Site, shared_redis: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The store is shut to the stream: all that it hears came from the worker."""
    asked = {"voice": "demo-voice@1", "input": f"The {SECRET_WORD} is ready.", "response_format": "pcm"}
    whole = site.client.post("/v1/speech", json=asked).raise_for_status().content

    def shut(*_: object) -> None:
        raise AssertionError("the stream read the store")

    monkeypatch.setattr("campaign.service.speech.Speaker._stored", shut)
    for word in ("gone", "back", "lost", "here", "late"):
        fresh = asked | {"input": f"Now the {SECRET_WORD} is {word}.", "stream_format": "sse"}
        with contextlib.suppress(httpx.RemoteProtocolError):  # its row was stored before its sound was here
            answer = site.client.post("/v1/speech", json=fresh).raise_for_status()
            break
    else:
        pytest.fail("no sound came from the worker in five requests")
    events = [json.loads(line[6:]) for line in answer.text.splitlines() if line.startswith("data: ")]
    assert events[-1]["type"] == "speech.audio.done"
    assert events[-1]["statistics"]["audio_s"] == pytest.approx(len(whole) / 48_000, rel=0.5)
    with shared_redis.client() as redis:
        kept = b"".join(_everything(redis))
    assert SECRET_WORD.encode() not in kept
    assert len(kept) < 100_000


def test_campaign_over_the_api_is_made_by_the_worker_and_links_expire(site: Site) -> None:
    uploaded(site.client, "far", csv_of(["Ann", "Bob"]))
    site.client.post("/v1/campaigns/far/start").raise_for_status()
    assert finished(site.client, "far")["by_status"] == {"stored": 2}
    lines = site.client.get("/v1/campaigns/far/links").raise_for_status().text.splitlines()
    assert lines[0] == "id,row,url,expires_at"
    url = lines[1].split(",")[2]
    sound = site.client.get("/v1/campaigns/far/assets/1/audio").content
    assert httpx.get(url).content == sound
    assert site.client.get("/v1/ready").json() == {"ok": True, "problems": []}


def test_service_on_postgresql_without_redis_leaves_the_work_to_workers(
    tmp_path: Path, postgres_url: str
) -> None:
    installation = build.installation(tmp_path / "home", database_url=postgres_url, sweep_seconds=3600)
    with served(installation) as service, httpx.Client(base_url=service.url, timeout=60) as client:
        assert service.context.worker is None
        assert client.get("/v1/ready").json() == {"ok": True, "problems": []}
        with build.working(installation):
            uploaded(client, "far", csv_of(["Ann", "Bob"]))
            client.post("/v1/campaigns/far/start").raise_for_status()
            assert finished(client, "far")["by_status"] == {"stored": 2}
    installation.close()


def _everything(redis: object) -> Iterator[bytes]:
    for key in redis.scan_iter():  # type: ignore[attr-defined]
        yield key
        yield redis.dump(key) or b""  # type: ignore[attr-defined]
