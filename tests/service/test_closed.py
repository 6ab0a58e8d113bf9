"""Closed stays closed: who may start without a key, and what ends with a key or a session."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from campaign.service.access import COOKIE, KEYS_MAX_AGE_S, SESSION_END, KeyScope
from campaign.service.context import Options
from campaign.service.origins import Origins
from campaign.service.watch import LOOK_EVERY_S, POLICY_VIOLATION
from storage.history import audit
from storage.installation import Installation
from storage.names import KeyName
from storage.service import api_keys
from tests import ROOT, build, commands
from tests.servers.service import RunningService, served
from tests.service.calls import csv_of, uploaded
from tests.unit.test_deploy import systemd_unit
from tests.waiting import LONGEST_S

ENDS_WITHIN_S = 2.0


@pytest.fixture
def installed(tmp_path: Path) -> Iterator[Installation]:
    made = build.installation(tmp_path / "home")
    yield made
    made.close()


def key(installation: Installation, name: str = "one", *scopes: KeyScope) -> dict[str, str]:
    """Headers of a new key, for everything unless scopes are named."""
    with installation.database.write() as connection:
        token = api_keys.add(connection, KeyName(name), scopes or tuple(KeyScope), actor="test")
    return {"Authorization": f"Bearer {token}"}


def revoke(installation: Installation, name: str = "one") -> None:
    with installation.database.write() as connection:
        assert api_keys.revoke(connection, KeyName(name))


def environment_of(installed: Installation) -> dict[str, str]:
    return {"CAMPAIGN_HOME": str(installed.settings.home), "CAMPAIGN_SECRET": "5e" * 32}


WAYS_IN = (
    ("--host", "0.0.0.0"),
    ("--host", "::"),
    ("--host", "127.0.0.1.nip.io"),
    ("--host", "127.evil.example"),
    ("--behind-tls",),
    ("--host-name", "voices.example.org"),
    ("--behind-tls", "--host-name", "voices.example.org"),
    ("--own-url", "https://voices.example.org"),
)


@pytest.mark.parametrize("options", WAYS_IN, ids=" ".join)
def test_no_key_and_a_way_in_for_others_does_not_start(
    options: tuple[str, ...], installed: Installation
) -> None:
    done = commands.run("serve", *options, environment=environment_of(installed))
    assert done.code == 2
    assert f"{options[0]} " in done.err and "campaign key add" in done.err


@pytest.mark.parametrize(
    "address", ["voices.example.org", "//voices.example.org", "mailto:a", "http://", "http://[::1"]
)
def test_an_address_that_is_none_is_not_taken_for_this_machine(address: str, installed: Installation) -> None:
    done = commands.run("serve", "--own-url", address, environment=environment_of(installed))
    assert (done.code, "http://host:port" in done.err) == (2, True)


@pytest.mark.parametrize("rate", ["nan", "inf"])
def test_a_rate_is_a_number(rate: str, installed: Installation) -> None:
    done = commands.run("serve", "--requests-per-second", rate, environment=environment_of(installed))
    assert (done.code, "--requests-per-second" in done.err) == (2, True)


def test_a_host_name_is_known_however_it_is_written() -> None:
    names = Options(host_names=("Voices.Example.ORG",), secure=True).hosts
    assert Origins(hosts=names, secure=True).is_asked_as("voices.example.org:443")


def test_the_unit_that_ships_does_not_start_without_a_key(installed: Installation) -> None:
    arguments = systemd_unit("campaign-service.service")["Service"]["ExecStart"].split()[1:]
    assert "--behind-tls" in arguments and "--host-name" in arguments
    done = commands.run(*arguments, environment=environment_of(installed))
    assert (done.code, "campaign key add" in done.err) == (2, True)
    assert "--host-name" in (ROOT / "compose.yaml").read_text()


def test_no_key_is_left_and_it_does_not_start_again(installed: Installation) -> None:
    key(installed)
    revoke(installed)
    done = commands.run("serve", environment=environment_of(installed))
    assert (done.code, "keys were made before" in done.err, "campaign key add" in done.err) == (2, True, True)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "::1", "localhost"])
def test_this_machine_alone_needs_no_key(host: str) -> None:
    assert Options(host=host).open_to_others == ""
    assert Options(host=host, own_url="http://127.0.0.1:99").open_to_others == ""


def test_last_key_revoked_lets_nobody_in_while_it_runs(
    installed: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("campaign.service.access.KEYS_MAX_AGE_S", 0.0)
    with served(installed, works=False) as service, httpx.Client(base_url=service.url) as client:
        assert client.get("/v1/campaigns").status_code == 200
        headers = key(installed)
        assert client.get("/v1/campaigns").status_code == 401
        assert client.get("/v1/campaigns", headers=headers).status_code == 200
        revoke(installed)
        for given in ({}, headers, {"Authorization": "Bearer ck_guess"}):
            assert client.get("/v1/campaigns", headers=given).status_code == 401
            assert client.post("/v1/erasures", json={"recipient": "x"}, headers=given).status_code == 401


def test_a_database_without_its_keys_does_not_open_what_was_closed(
    installed: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("campaign.service.access.KEYS_MAX_AGE_S", 0.0)
    from storage.tables import api_keys as table

    key(installed)
    with served(installed, works=False) as service, httpx.Client(base_url=service.url) as client:
        assert client.get("/v1/campaigns").status_code == 401
        with installed.database.write() as connection:
            connection.execute(table.delete())
        for _ in range(3):
            guess = {"Authorization": "Bearer ck_guess"}
            assert client.get("/v1/campaigns", headers=guess).status_code == 401


@pytest.mark.parametrize(
    "header",
    [
        "Forwarded",
        "Via",
        "X-Forwarded-For",
        "X-Forwarded-Proto",
        "X-Forwarded-Host",
        "X-Real-IP",
        "X-Forwarded",
    ],
)
def test_what_came_through_a_proxy_needs_a_key(header: str, installed: Installation) -> None:
    proxied = {header: "127.0.0.1"}
    with served(installed, works=False) as service, httpx.Client(base_url=service.url) as client:
        refused = client.get("/v1/campaigns", headers=proxied)
        assert (refused.status_code, "campaign key add" in refused.text) == (403, True)
        assert client.get("/", headers=proxied).status_code == 403
        assert client.get("/v1/campaigns").status_code == 200
    keyed = key(installed)
    with served(installed, works=False) as service, httpx.Client(base_url=service.url) as client:
        assert client.get("/v1/campaigns", headers={**proxied, **keyed}).status_code == 200
        assert client.get("/v1/campaigns", headers=proxied).status_code == 401


def test_nobody_names_another_address_without_a_proxy(installed: Installation) -> None:
    """Else a stranger would be somebody else at every request, and meet no limit."""
    from campaign.service.limits import Limits

    key(installed)
    limits = Limits(requests_per_s=0.1, burst=3)
    with (
        served(installed, works=False, limits=limits) as service,
        httpx.Client(base_url=service.url) as client,
    ):
        answers = [
            client.get("/v1/campaigns", headers={"X-Forwarded-For": f"1.2.3.{number}"}) for number in range(5)
        ]
    assert [one.status_code for one in answers] == [401, 401, 401, 429, 429]


def test_what_lives_long_ends_within_two_seconds() -> None:
    assert KEYS_MAX_AGE_S + LOOK_EVERY_S < ENDS_WITHIN_S


def ended_s(wait: Callable[[], object], end: Callable[[], object]) -> float:
    """How long after `end` it took until `wait` returned."""
    end()
    start = time.monotonic()
    wait()
    return time.monotonic() - start


def test_an_event_stream_ends_with_its_key(installed: Installation) -> None:
    headers = key(installed)
    with (
        served(installed, works=False) as service,
        httpx.Client(base_url=service.url, timeout=LONGEST_S) as client,
    ):
        client.headers.update(headers)
        uploaded(client, "watched", csv_of(["Ann"]))
        with client.stream("GET", "/v1/campaigns/watched/events") as stream:
            lines = stream.iter_lines()
            assert next(lines) == "event: progress"
            seconds = ended_s(lambda: list(lines), lambda: revoke(installed))
        assert client.get("/v1/campaigns").status_code == 401
    assert seconds < ENDS_WITHIN_S * 3, "and on a machine of its own in two"


def test_a_stream_of_whoever_is_on_this_machine_ends_with_the_first_key(installed: Installation) -> None:
    with (
        served(installed, works=False) as service,
        httpx.Client(base_url=service.url, timeout=LONGEST_S) as client,
    ):
        uploaded(client, "watched", csv_of(["Ann"]))
        with client.stream("GET", "/v1/campaigns/watched/events") as stream:
            lines = stream.iter_lines()
            assert next(lines) == "event: progress"
            ended_s(lambda: list(lines), lambda: key(installed))


def test_a_socket_ends_with_its_key(installed: Installation) -> None:
    headers = key(installed)
    with served(installed, works=False) as service:
        address = service.url.replace("http", "ws") + "/v1/speech/ws"
        with (
            connect(address, additional_headers=headers) as socket,
            pytest.raises(ConnectionClosed) as closed,
        ):
            seconds = ended_s(lambda: None, lambda: revoke(installed))
            socket.recv(timeout=LONGEST_S)
    assert closed.value.rcvd is not None and closed.value.rcvd.code == POLICY_VIOLATION
    assert "revoked" in closed.value.rcvd.reason and seconds < LONGEST_S


@pytest.mark.parametrize("end", ["logout", "revoke"])
def test_a_socket_ends_with_its_session(end: str, installed: Installation) -> None:
    token = key(installed)["Authorization"].removeprefix("Bearer ")
    with served(installed, works=False) as service, contextlib.closing(logged_in(service, token)) as client:
        address = service.url.replace("http", "ws") + "/v1/speech/ws"
        cookie = {"Cookie": f"{COOKIE}={client.cookies[COOKIE]}"}
        with connect(address, additional_headers=cookie) as socket, pytest.raises(ConnectionClosed) as closed:
            if end == "logout":
                client.post("/logout")
            else:
                revoke(installed)
            socket.recv(timeout=LONGEST_S)
    assert closed.value.rcvd is not None and closed.value.rcvd.code == POLICY_VIOLATION


def test_an_upload_ends_with_its_key(installed: Installation) -> None:
    headers = key(installed)

    parts = installed.settings.home / "uploads" / "up"

    def pieces() -> Iterator[bytes]:
        yield b"id,locale,name\n"
        deadline = time.monotonic() + LONGEST_S
        while not list(parts.glob("*.part")) and time.monotonic() < deadline:
            time.sleep(0.01)  # its head may not be read yet
        revoke(installed)
        while time.monotonic() < deadline:
            yield b"1,en,Ann\n"
            time.sleep(0.1)

    brief = {"templates": {"default": {"text": "x", "language": "en"}}}
    with (
        served(installed, works=False) as service,
        httpx.Client(base_url=service.url, timeout=LONGEST_S) as client,
    ):
        assert client.put("/v1/campaigns/up", json=brief, headers=headers).status_code == 201
        answer = client.put("/v1/campaigns/up/recipients", content=pieces(), headers=headers)
        assert (answer.status_code, "revoked" in answer.text) == (401, True)


def logged_in(service: RunningService, token: str) -> httpx.Client:
    client = httpx.Client(base_url=service.url)
    answer = client.post("/login", data={"key": token})
    assert (answer.status_code, COOKIE in client.cookies) == (303, True)
    return client


def test_a_session_that_was_left_is_nobody_s_any_more(
    installed: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("campaign.service.access.KEYS_MAX_AGE_S", 0.0)
    token = key(installed)["Authorization"].removeprefix("Bearer ")
    with served(installed, works=False) as service, served(installed, works=False) as other:
        with (
            contextlib.closing(logged_in(service, token)) as client,
            contextlib.closing(logged_in(service, token)) as second,
        ):
            stolen = {COOKIE: client.cookies[COOKIE]}
            assert httpx.get(f"{other.url}/v1/campaigns", cookies=stolen).status_code == 200
            for _ in range(2):
                assert client.post("/logout", cookies=stolen).status_code == 303
            for url in (service.url, other.url):
                assert httpx.get(f"{url}/v1/campaigns", cookies=stolen).status_code == 401
            assert second.get("/v1/campaigns").status_code == 200, "another session of the same key"
            revoke(installed)
            assert second.get("/v1/campaigns").status_code == 401
        session = stolen[COOKIE].split(".")[1]
    with served(installed, works=False) as service:
        assert httpx.get(f"{service.url}/v1/campaigns", cookies=stolen).status_code == 401, "nor later"
    with installed.database.read() as connection:
        assert [row["action"] for row in audit.of(connection, f"session {session}")] == [SESSION_END]


def test_a_session_ends_at_once_where_it_was_left(installed: Installation) -> None:
    token = key(installed)["Authorization"].removeprefix("Bearer ")
    with served(installed, works=False) as service, contextlib.closing(logged_in(service, token)) as client:
        cookies = {COOKIE: client.cookies[COOKIE]}
        assert client.get("/v1/campaigns").status_code == 200
        client.post("/logout")
        assert httpx.get(f"{service.url}/v1/campaigns", cookies=cookies).status_code == 401


@pytest.mark.parametrize("cookie", ["", "a", "a.b.c", "9999999999.00.00.00", "ÿ.ÿ", "." * 50])
def test_a_cookie_that_is_none_leaves_nothing_and_ends_nothing(cookie: str, installed: Installation) -> None:
    key(installed)
    with served(installed, works=False) as service:
        headers = {b"Cookie": f"{COOKIE}={cookie}".encode("latin-1")}
        assert httpx.post(f"{service.url}/logout", headers=headers, timeout=30).status_code in (303, 400)
    with installed.database.read() as connection:
        assert audit.of(connection, f"session {cookie}") == []
