"""The link of a listening page: what it opens, to whom and for how long; and the command that serves it alone."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from starlette.routing import Route, WebSocketRoute

from campaign.cli import exits
from campaign.gate.listening import trials_of
from campaign.service.access import KeyScope
from campaign.service.app import ROUTERS
from campaign.service.console.listening import listening_path
from campaign.service.limits import Limits
from storage.installation import Installation
from storage.names import GateId, KeyName
from storage.registry import gates as gate_rows
from storage.registry.gates import Gate, Score
from storage.service import api_keys
from tests import build, commands
from tests.servers.service import served
from tests.unit.gate import gates
from tests.waiting import LONGEST_S

PROMPTS = ("en-01", "en-02", "en-03", "en-04")


@pytest.fixture
def installed(tmp_path: Path) -> Iterator[Installation]:
    made = build.installation(tmp_path / "home")
    yield made
    made.close()


@pytest.fixture
def gate(installed: Installation) -> Gate:
    return gates.audible(installed, PROMPTS)


@pytest.fixture
def address(installed: Installation, gate: Gate) -> Iterator[str]:
    """The link of the page, served alone."""
    with served(installed, gate=gate.id) as service:
        yield service.url + listening_path(installed, gate.id)


@pytest.fixture
def client(address: str) -> Iterator[httpx.Client]:
    """A listener: paths go below the link."""
    with httpx.Client(base_url=address, timeout=LONGEST_S) as made:
        yield made


def scores_of(installed: Installation, gate: Gate) -> list[Score]:
    with installed.database.read() as connection:
        return gate_rows.scores(connection, gate.id)


ANSWER = {"trial": 0, "left": 5, "right": 1}
EVE = {"listener": "Eve"}


def environment_of(installed: Installation) -> dict[str, str]:
    return {"CAMPAIGN_HOME": str(installed.settings.home), "CAMPAIGN_SECRET": "5e" * 32}


def decided(installed: Installation, gate: Gate) -> None:
    with installed.database.write() as connection:
        gate_rows.decide(connection, gate.id, outcome="keep_baseline", verdict={}, digest="d")


def test_a_wrong_link_is_answered_like_a_path_that_is_not_there(
    client: httpx.Client, address: str, installed: Installation, gate: Gate
) -> None:
    right = listening_path(installed, gate.id)
    token = right.split("/")[3]
    assert re.fullmatch("[0-9a-f]{32}", token), "128 bits of a keyed hash"
    other = listening_path(installed, GateId("gate-2")).split("/")[3]
    root = address.removesuffix(right)
    absent = client.get(f"{root}/listen/nothing")
    for wrong in ("0" * 32, token[:-1], token.upper(), other, "\u00e9"):
        for below in ("", "state?listener=Eve", "sound/0/left?listener=Eve", "sound/x/y", "listen.js"):
            answer = client.get(f"{root}/listen/{gate.id}/{wrong}/{below}")
            assert (answer.status_code, answer.json()) == (404, absent.json()), (wrong, below)
            assert answer.headers.keys() == absent.headers.keys()
        for body in (b"no answer at all", json.dumps(ANSWER).encode()):
            assert client.post(f"{root}/listen/{gate.id}/{wrong}/score", content=body).json() == absent.json()
    assert client.get(f"{root}/listen/gate-9/{token}/").json() == absent.json()
    assert client.get("").status_code == 200


def test_every_part_of_the_page_is_kept_nowhere_and_may_load_nothing_else(client: httpx.Client) -> None:
    for below in ("", "listen.css", "listen.js", "state?listener=Eve", "sound/0/left?listener=Eve", "absent"):
        headers = client.get(below).headers
        assert headers["cache-control"] == "no-store"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cross-origin-resource-policy"] == "same-origin"
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy and "*" not in policy


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Host": "evil.example"}, 421),
    ],
)
def test_another_site_scores_nothing(
    client: httpx.Client, installed: Installation, gate: Gate, headers: dict[str, str], status: int
) -> None:
    assert client.post("score", params=EVE, json=ANSWER, headers=headers).status_code == status
    assert scores_of(installed, gate) == []
    assert client.post("score", params=EVE, json=ANSWER).json() == {"saved": 0}
    assert len(scores_of(installed, gate)) == 1


def test_who_was_who_is_not_told_before_the_end(client: httpx.Client, gate: Gate) -> None:
    trials = trials_of(gate, PROMPTS, "Eve")
    for trial in trials:
        early = client.get("result", params=EVE)
        assert (early.status_code, "not answered yet" in early.json()["detail"]) == (409, True)
        left, right = (5, 2) if trial.candidate_is_left else (2, 5)
        answer = {"trial": trial.number, "left": left, "right": right}
        assert client.post("score", params=EVE, json=answer).status_code == 200
        state = client.get("state", params=EVE).json()
        assert state["answers"][str(trial.number)] == [left, right], "as sides, not as voices"
    assert client.get("result", params=EVE).json() == {
        "candidate": {"pin": "espeak", "mean": 5},
        "baseline": {"pin": "tone", "mean": 2},
    }


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"[]",
        b'{"trial": 0, "left": 9, "right": 1}',
        b'{"trial": 99, "left": 1, "right": 1}',
        b'{"trial": 0, "left": "5", "right": 1}',
        b'{"trial": 0, "left": true, "right": 1}',
    ],
)
def test_an_answer_that_is_none_is_refused(
    client: httpx.Client, installed: Installation, gate: Gate, body: bytes
) -> None:
    answer = client.post("score", params=EVE, content=body)
    assert answer.status_code == 422 and answer.json()["detail"].endswith(("again.", "."))
    assert scores_of(installed, gate) == []


def test_a_large_answer_is_refused_with_and_without_a_length(client: httpx.Client) -> None:
    body = json.dumps(ANSWER).encode() + b" " * 5_000
    assert client.post("score", params=EVE, content=body).status_code == 413
    assert client.post("score", params=EVE, content=iter([body])).status_code == 413


def test_a_player_may_ask_for_a_part_of_a_sound(client: httpx.Client) -> None:
    whole = client.get("sound/0/left", params=EVE)
    assert (whole.status_code, whole.headers["content-type"]) == (200, "audio/wav")
    part = client.get("sound/0/left", params=EVE, headers={"Range": "bytes=0-1"})
    assert (part.status_code, part.content) == (206, whole.content[:2])


def test_a_sound_that_cannot_be_read_is_told_without_where_it_lies(
    client: httpx.Client, installed: Installation, gate: Gate
) -> None:
    for key in gate.sides["candidate"].sounds.values():
        installed.store.delete(key)
    answers = [client.get(f"sound/0/{side}", params=EVE) for side in ("left", "right")]
    away = next(answer for answer in answers if answer.status_code != 200)
    assert (away.status_code, away.headers["retry-after"]) == (503, "5")
    assert away.json()["detail"] == "the pairs cannot be read now. Try again."


def test_the_link_is_the_same_after_a_restart_and_in_another_process(
    installed: Installation, gate: Gate, tmp_path: Path
) -> None:
    link = listening_path(installed, gate.id)
    for _ in range(2):
        with served(installed, works=False) as service:
            assert httpx.get(service.url + link).status_code == 200
    beside = build.installation(tmp_path / "home")
    with served(installed, works=False) as one, served(beside, works=False) as other:
        httpx.post(f"{one.url}{link}score", params=EVE, json=ANSWER).raise_for_status()
        found = httpx.get(f"{other.url}{link}state", params=EVE).json()
        assert found["answers"] == {"0": [5, 1]}
    beside.close()
    foreign = build.installation(tmp_path / "home", secret="6f" * 32)
    assert listening_path(foreign, gate.id) != link
    foreign.close()


def test_the_verdict_ends_the_link(client: httpx.Client, installed: Installation, gate: Gate) -> None:
    client.post("score", params=EVE, json=ANSWER).raise_for_status()
    decided(installed, gate)
    for below in ("", "state?listener=Eve", "sound/0/left?listener=Eve", "result?listener=Eve"):
        answer = client.get(below)
        assert answer.status_code == 410 and "Listening has ended" in answer.text
        assert "keep_baseline" not in answer.text
    assert client.post("score", params=EVE, json=ANSWER | {"trial": 1}).status_code == 410
    assert len(scores_of(installed, gate)) == 1


def test_the_page_alone_is_the_page_alone(installed: Installation, gate: Gate) -> None:
    other = gates.audible(installed, PROMPTS)
    templates = {
        route.path
        for router in ROUTERS
        for route in router.routes
        if isinstance(route, Route | WebSocketRoute)
    }
    paths = {"/v1/openapi.json", "/docs"} | {re.sub(r"{[^}]*}", "x", path) for path in templates}
    limits = Limits(requests_per_s=10_000, burst=10_000)
    with (
        served(installed, gate=gate.id, limits=limits) as service,
        httpx.Client(base_url=service.url) as client,
    ):
        assert len(paths) > 40 and {"/", "/login", "/v1/health"} < paths
        for path in paths:
            for method in ("GET", "POST", "PUT", "DELETE"):
                assert client.request(method, path).status_code == 404, path
        assert client.get(listening_path(installed, other.id)).status_code == 404
        assert client.get(listening_path(installed, gate.id)).status_code == 200


def test_a_listener_needs_no_key_and_gets_nothing_else_for_the_link(
    installed: Installation, gate: Gate
) -> None:
    with installed.database.write() as connection:
        api_keys.add(connection, KeyName("somebody"), [KeyScope.READ], actor="test")
    with served(installed, works=False, host="0.0.0.0") as service:
        link = service.url + listening_path(installed, gate.id)
        assert httpx.get(f"{service.url}/v1/gates").status_code == 401
        assert httpx.get(f"{link}state", params=EVE).json()["trials"] > len(PROMPTS)
        assert httpx.get(f"{link}state").status_code == 422, "a name is asked for"


@pytest.mark.parametrize(("secure", "scheme"), [(False, "http"), (True, "https")])
def test_the_service_gives_the_link_under_the_name_it_was_asked_by(
    installed: Installation, gate: Gate, secure: bool, scheme: str
) -> None:
    with installed.database.write() as connection:
        token = api_keys.add(connection, KeyName("somebody"), [KeyScope.SUBMIT], actor="test")
    headers = {"Authorization": f"Bearer {token}", "Host": "voices.example:8443"}
    with served(installed, works=False, host="0.0.0.0", secure=secure) as service:
        where = f"{service.url}/v1/gates/{gate.id}/listening"
        assert httpx.post(where, headers=headers).json() == {
            "url": f"{scheme}://voices.example:8443{listening_path(installed, gate.id)}"
        }
        assert httpx.post(where).status_code == 401
        decided(installed, gate)
        refused = httpx.post(where, headers=headers)
        assert (refused.status_code, "has its verdict" in refused.json()["detail"]) == (409, True)
        half = gates.gate(installed, made=["candidate"])
        refused = httpx.post(f"{service.url}/v1/gates/{half.id}/listening", headers=headers)
        assert (refused.status_code, "has no sound of its baseline" in refused.json()["detail"]) == (
            409,
            True,
        )


def test_logs_have_neither_links_nor_listeners(
    installed: Installation, gate: Gate, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("httpx").setLevel(logging.WARNING)  # the client's own
    logging.getLogger("httpcore").setLevel(logging.WARNING)
    link = listening_path(installed, gate.id)
    key = gate.sides["candidate"].sounds["en-01"]
    installed.store.delete(key)
    installed.store.put(
        key, b"no sound", sha256=hashlib.sha256(b"no sound").hexdigest(), content_type="audio/wav"
    )
    with served(installed, works=False) as service:
        for below in ("", "state", "score", "sound/0/left", "sound/x/left", "result", "absent"):
            httpx.get(f"{service.url}{link}{below}", params={"listener": "Eve Wong"})
        broken = [
            httpx.get(
                f"{service.url}{link}sound/{number}/{side}", params={"listener": "Eve Wong"}
            ).status_code
            for number in range(4)
            for side in ("left", "right")
        ]
        httpx.post(f"{service.url}{link}score", params={"listener": "Eve Wong"}, json=ANSWER)
    assert broken.count(503) == 1
    said = caplog.text + "".join(capfd.readouterr())
    assert "failed" in said, "the fault is logged"
    assert not re.search(f"{link.split('/')[3]}|Eve|Wong", said)


class TestCommand:
    """`campaign gate listen`."""

    @pytest.mark.parametrize(
        ("told", "options", "host"),
        [
            (signal.SIGINT, (), "127.0.0.1"),
            (signal.SIGTERM, ("--host", "0.0.0.0", "--host-name", "voices.example"), "voices.example"),
        ],
    )
    def test_it_serves_the_page_until_it_is_told_to_stop(
        self, installed: Installation, gate: Gate, told: signal.Signals, options: tuple[str, ...], host: str
    ) -> None:
        environment = dict(os.environ) | environment_of(installed) | {"PYTHONUNBUFFERED": "1"}
        command = (sys.executable, "-m", "campaign", "gate", "listen", gate.id, "--no-open", *options)
        with subprocess.Popen(
            (*command, "--listener", "Ann Lee"),
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            assert process.stdout is not None and process.stderr is not None
            try:
                where = httpx.URL(process.stdout.readline().split()[2])
                assert (where.host, where.path) == (host, listening_path(installed, gate.id))
                assert where.query == b"listener=Ann+Lee"
                local = where.copy_with(host="127.0.0.1")
                named = {"Host": where.netloc.decode()}
                assert httpx.get(local, headers=named, timeout=LONGEST_S).status_code == 200
                assert httpx.get(local, headers={"Host": "evil.example"}).status_code == 421
                process.send_signal(told)
                assert "decide with `campaign gate verdict gate-1`" in process.stdout.read()
                assert process.stderr.read() == "", "no request is logged"
            finally:
                process.kill()
        assert process.returncode == 0

    def test_it_is_not_opened_to_others_without_a_name_to_reach_it(
        self, installed: Installation, gate: Gate
    ) -> None:
        done = commands.run(
            "gate",
            "listen",
            gate.id,
            "--no-open",
            "--host",
            "0.0.0.0",
            environment=environment_of(installed),
        )
        assert done.code == exits.USAGE and "--host-name NAME" in done.err

    def test_a_port_that_is_taken_and_a_service_that_is_not_installed_are_named(
        self, installed: Installation, gate: Gate, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        environment = environment_of(installed)
        with served(installed, works=False) as service:
            port = service.url.rpartition(":")[2]
            done = commands.run(
                "gate", "listen", gate.id, "--no-open", "--port", port, environment=environment
            )
        assert done.code == exits.USAGE and "choose another" in done.err
        monkeypatch.setitem(sys.modules, "uvicorn", None)
        monkeypatch.delitem(sys.modules, "campaign.service.server.serving")
        done = commands.run("gate", "listen", gate.id, "--no-open", environment=environment)
        assert done.code == exits.USAGE and "pip install 'campaign[service]'" in done.err

    def test_a_gate_that_nobody_can_listen_to_is_not_served(
        self, installed: Installation, gate: Gate
    ) -> None:
        environment = environment_of(installed)
        decided(installed, gate)
        done = commands.run("gate", "listen", gate.id, "--no-open", environment=environment)
        assert done.code == exits.CONFLICT and "has its verdict, keep_baseline" in done.err
        half = gates.gate(installed, made=["candidate"])
        done = commands.run("gate", "listen", half.id, "--no-open", environment=environment)
        assert done.code == exits.CONFLICT and "has no sound of its baseline yet" in done.err
