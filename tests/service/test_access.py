"""Who may call what: keys, scopes, hosts, forged requests, limits, headers."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from click.testing import CliRunner
from starlette.types import Message

from campaign.cli import cli
from campaign.service.access import COOKIE, KEYS_MAX_AGE_S, KeyScope
from campaign.service.app import create_app
from campaign.service.context import Options
from campaign.service.limits import Buckets, Limits
from storage.errors import DatabaseError
from storage.installation import Installation
from storage.names import KeyName
from storage.service import api_keys
from tests import build
from tests.servers.service import RunningService, served


@pytest.fixture
def installed(tmp_path: Path) -> Iterator[Installation]:
    made = build.installation(tmp_path / "home")
    yield made
    made.close()


def key(installation: Installation, name: str, *scopes: KeyScope) -> dict[str, str]:
    """Headers of a new key."""
    with installation.database.write() as connection:
        token = api_keys.add(connection, KeyName(name), scopes, actor="test")
    return {"Authorization": f"Bearer {token}"}


def test_keys_close_the_door_and_scopes_say_what_for(installed: Installation) -> None:
    reader = key(installed, "reader", KeyScope.READ)
    with served(installed, works=False) as service, httpx.Client(base_url=service.url) as client:
        without = client.get("/v1/campaigns")
        assert (without.status_code, without.headers["www-authenticate"]) == (401, "Bearer")
        assert client.get("/v1/campaigns", headers={"Authorization": "Bearer ck_guess"}).status_code == 401
        assert client.get("/v1/campaigns", headers=reader).status_code == 200
        refused = client.post("/v1/campaigns/x/start", headers=reader)
        assert (refused.status_code, "may not send" in refused.json()["detail"]) == (403, True)
        assert client.get("/v1/health").status_code == 200


def test_revoked_key_is_not_let_in(installed: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("campaign.service.access.KEYS_MAX_AGE_S", 0.0)
    headers = key(installed, "leaving", KeyScope.READ)
    key(installed, "staying", KeyScope.READ)
    with served(installed, works=False) as service, httpx.Client(base_url=service.url) as client:
        assert client.get("/v1/campaigns", headers=headers).status_code == 200
        with installed.database.write() as connection:
            assert api_keys.revoke(connection, KeyName("leaving"))
        assert client.get("/v1/campaigns", headers=headers).status_code == 401
    assert KEYS_MAX_AGE_S <= 5


def test_tokens_are_kept_as_hashes_only(installed: Installation) -> None:
    token = key(installed, "one", KeyScope.READ)["Authorization"].removeprefix("Bearer ")
    installed.close()
    assert token.encode() not in (installed.settings.home / "campaign.sqlite").read_bytes()


def test_session_cookie_stands_for_a_key_until_it_is_changed(installed: Installation) -> None:
    token = key(installed, "person", KeyScope.READ)["Authorization"].removeprefix("Bearer ")
    with served(installed, works=False) as service:
        cookie = service.context.authenticator.session(token)
        assert cookie is not None
        assert service.context.authenticator.session("ck_guess") is None
        for value, status in (
            (cookie, 200),
            (cookie[:-1] + "x", 401),
            ("a.b.c", 401),
            ("9999999999.zz.00", 401),
        ):
            with httpx.Client(base_url=service.url, cookies={COOKIE: value}) as client:
                assert client.get("/v1/campaigns").status_code == status


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "same-origin"}, 404),
        ({}, 404),
        ({"Host": "evil.example"}, 421),
    ],
)
def test_other_sites_pages_can_do_nothing(client: httpx.Client, headers: dict[str, str], status: int) -> None:
    assert client.post("/v1/campaigns/none/start", headers=headers).status_code == status


def test_bodies_have_limits_with_and_without_a_length(installed: Installation) -> None:
    limits = Limits(upload_bytes=1000)
    with (
        served(installed, works=False, limits=limits) as service,
        httpx.Client(base_url=service.url) as client,
    ):
        brief = {"templates": {"default": {"text": "x", "language": "en"}}}
        assert client.put("/v1/campaigns/big", json=brief).status_code == 201
        assert client.put("/v1/campaigns/big/recipients", content=b"x" * 1001).status_code == 413
        chunked = client.put("/v1/campaigns/big/recipients", content=(b"x" * 100 for _ in range(11)))
        assert (chunked.status_code, chunked.headers["content-type"]) == (413, "application/problem+json")
        assert not list((installed.settings.home / "uploads").rglob("*.part"))
        assert client.put("/v1/campaigns/huge", content=b"[" + b"1," * (1 << 20)).status_code == 413


@pytest.mark.parametrize(
    ("length", "status"),
    [(b"\xb9", 400), ("٣".encode(), 400), (b"-1", 400), (b"", 400), (b"9" * 30, 413), (b"9" * 5_000, 413)],
)
def test_a_length_that_is_none_is_a_bad_request(installed: Installation, length: bytes, status: int) -> None:
    """At the app itself: uvicorn's parser refuses most of these, others' parsers do not."""
    answered: list[Message] = []
    scope: dict[str, Any] = {
        "type": "http",
        "method": "PUT",
        "path": "/v1/campaigns/x",
        "query_string": b"",
        "headers": [(b"host", b"127.0.0.1"), (b"content-length", length)],
        "client": ("127.0.0.1", 1),
    }

    async def receive() -> Message:
        return {"type": "http.request", "body": b"{}", "more_body": False}

    async def send(message: Message) -> None:
        answered.append(message)

    app = create_app(installed, Options(port=1, works=False))
    asyncio.run(app(scope, receive, send))
    assert (answered[0]["type"], answered[0]["status"]) == ("http.response.start", status)


def test_too_many_requests_are_told_when_to_come_back(installed: Installation) -> None:
    limits = Limits(requests_per_s=0.5, burst=3)
    with (
        served(installed, works=False, limits=limits) as service,
        httpx.Client(base_url=service.url) as client,
    ):
        answers = [client.get("/v1/health") for _ in range(4)]
    assert [one.status_code for one in answers] == [200, 200, 200, 429]
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 3


def test_buckets_fill_again_and_forget_whom_they_saw_longest_ago(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("campaign.service.limits.KNOWN_CALLERS", 2)
    buckets = Buckets(rate_per_s=2, burst=1)
    assert buckets.wait_s("a", now=0.0) == 0
    assert buckets.wait_s("a", now=0.1) == pytest.approx(0.4)
    assert buckets.wait_s("a", now=0.6) == 0
    for name in "bc":
        buckets.wait_s(name, now=0.6)
    assert buckets.wait_s("a", now=0.6) == 0


def test_every_answer_carries_the_headers_that_keep_pages_safe(client: httpx.Client) -> None:
    for path in ("/v1/health", "/v1/nothing"):
        headers = client.get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"


def test_service_open_to_others_without_a_key_does_not_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CAMPAIGN_HOME", str(tmp_path))
    result = CliRunner().invoke(cli, ["serve", "--host", "0.0.0.0"])
    assert (result.exit_code, "campaign key add" in result.output) == (2, True)


def test_keys_are_made_listed_and_revoked_by_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAMPAIGN_HOME", str(tmp_path))
    runner = CliRunner()
    made = runner.invoke(cli, ["key", "add", "crm", "--scope", "read", "--scope", "submit"])
    assert made.output.startswith("ck_")
    assert runner.invoke(cli, ["key", "add", "crm", "--scope", "read"]).exit_code != 0
    assert "read, submit" in runner.invoke(cli, ["key", "list"]).output
    assert runner.invoke(cli, ["key", "revoke", "crm"]).exit_code == 0
    assert "revoked" in runner.invoke(cli, ["key", "list"]).output
    assert runner.invoke(cli, ["key", "revoke", "nobody"]).exit_code != 0


def test_nobody_sends_sound_without_the_secret(client: httpx.Client, service: RunningService) -> None:
    for headers in ({}, {"X-Campaign-Sound": f"t=1, rate=24000, v1={'0' * 64}"}):
        assert client.post("/internal/sound/c/k", content=b"\0\0", headers=headers).status_code == 401


def test_database_that_is_away_is_a_problem_that_passes(
    client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise DatabaseError("the database is away")

    monkeypatch.setattr("campaign.service.access.Authenticator.caller_of", away)
    answer = client.get("/v1/campaigns")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert answer.headers["content-type"] == "application/problem+json"
