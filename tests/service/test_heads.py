"""What is refused by its head alone, with not a byte of its body read; and what a connection may do."""

from __future__ import annotations

import contextlib
import json
import socket
import struct
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from campaign.service.access import KeyScope
from campaign.service.limits import Limits
from campaign.service.server import http, sockets
from storage.installation import Installation
from storage.names import KeyName
from storage.service import api_keys
from tests import build
from tests.servers.service import RunningService, served
from tests.service.attacks import UPGRADE, Target, frame
from tests.service.calls import csv_of, uploaded
from tests.waiting import LONGEST_S


@pytest.fixture
def installed(tmp_path: Path) -> Iterator[Installation]:
    made = build.installation(tmp_path / "home")
    yield made
    made.close()


@pytest.fixture
def keyed(installed: Installation) -> str:
    return token_of(installed, *KeyScope)


def token_of(installation: Installation, *scopes: KeyScope) -> str:
    with installation.database.write() as connection:
        return api_keys.add(connection, KeyName("-".join(scopes)), scopes, actor="test")


def target(service: RunningService, token: str = "") -> Target:
    return Target(int(service.url.rpartition(":")[2]), LONGEST_S, token)


@contextlib.contextmanager
def connected(service: RunningService) -> Iterator[socket.socket]:
    port = int(service.url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), LONGEST_S) as connection:
        yield connection


def answer_of(connection: socket.socket) -> tuple[int, str]:
    """(status, all that was said) until the service closes or has said the body it announced."""
    said = b""
    while piece := connection.recv(1 << 16):
        said += piece
        head, found, body = said.partition(b"\r\n\r\n")
        if found and b"content-length: " in head.lower():
            length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
            if len(body) >= length:
                break
    return int(said.split()[1]) if said else 0, said.decode("utf-8", "replace")


JSON = "Content-Type: application/json"
ANNOUNCED = "Content-Length: 900000"
CHUNKED = "Transfer-Encoding: chunked"


@pytest.mark.parametrize(
    ("scope", "line", "headers", "status"),
    [
        (None, "PUT /v1/campaigns/x", (JSON, ANNOUNCED), 401),
        (None, "PUT /v1/campaigns/x", (JSON, CHUNKED), 401),
        (None, "PUT /v1/campaigns/x", (JSON, ANNOUNCED, "Expect: 100-continue"), 401),
        (None, "POST /v1/presets", (JSON, "Content-Length: 19000000"), 401),
        (None, "POST /v1/erasures", (JSON, ANNOUNCED), 401),
        (None, "PUT /v1/campaigns/x/recipients", ("Content-Length: 4000000000",), 401),
        (None, "POST /internal/sound/c/k", ("Content-Length: 63000000",), 401),
        (None, "POST /internal/sound/c/k", (CHUNKED,), 401),
        (None, "POST /login", (ANNOUNCED,), 413),
        (None, "POST /listen/g/t/score", (JSON, ANNOUNCED), 413),
        (None, "POST /nothing", (JSON, ANNOUNCED), 404),
        (KeyScope.READ, "PUT /v1/campaigns/x", (JSON, ANNOUNCED), 403),
        (KeyScope.SUBMIT, "POST /v1/erasures", (JSON, ANNOUNCED), 403),
        (KeyScope.SUBMIT, "PUT /v1/campaigns/x", (JSON, "Content-Length: 1048577"), 413),
        (KeyScope.SUBMIT, "PUT /v1/campaigns/x", (JSON, ANNOUNCED, "Content-Encoding: gzip"), 415),
        (KeyScope.SUBMIT, "PUT /v1/campaigns/x", (JSON, ANNOUNCED, CHUNKED), 400),
        (KeyScope.SUBMIT, "PUT /v1/campaigns/x", (JSON, ANNOUNCED, "Origin: https://evil.example"), 403),
    ],
)
def test_a_head_is_refused_before_its_body_comes(
    scope: KeyScope | None, line: str, headers: tuple[str, ...], status: int, installed: Installation
) -> None:
    token = token_of(installed, scope or KeyScope.READ)
    with served(installed, works=False) as service, connected(service) as connection:
        head = target(service, token).head(line, *headers, keyed=scope is not None)
        connection.sendall(head)
        found, said = answer_of(connection)
        assert (found, "connection: close" in said.lower()) == (status, True), said
        assert '"status":' in said and said.startswith("HTTP/1.1 4"), "not even asked to go on"
        assert connection.recv(1) == b""


def test_who_comes_too_often_is_refused_before_the_body_too(installed: Installation, keyed: str) -> None:
    limits = Limits(requests_per_s=0.01, burst=1)
    with served(installed, works=False, limits=limits) as service:
        for expected in (201, 429):
            with connected(service) as connection:
                length = 2 if expected == 201 else 900_000
                head = target(service, keyed).head(
                    "PUT /v1/campaigns/x", JSON, f"Content-Length: {length}", keyed=True
                )
                brief = b"{}" if expected == 201 else b""
                connection.sendall(head + brief)
                found, said = answer_of(connection)
                assert found in (expected, 422 if expected == 201 else expected), said


def test_an_answer_arrives_though_the_peer_still_sends(installed: Installation, keyed: str) -> None:
    with served(installed, works=False) as service, connected(service) as connection:
        head = target(service).head("PUT /v1/campaigns/x", JSON, "Content-Length: 1000000")
        connection.sendall(head + b" " * 1_000_000)
        assert answer_of(connection)[0] == 401


def test_a_stranger_leaves_no_line_in_the_log(
    installed: Installation, keyed: str, caplog: pytest.LogCaptureFixture
) -> None:
    reset = struct.pack("ii", 1, 0)
    with served(installed, works=False) as service:
        head = target(service).head("PUT /v1/campaigns/x", JSON, ANNOUNCED)
        for said in (
            head + b"x" * 60_000,
            b"\0" * 2_000,
            target(service).head("GET /nothing", "Upgrade: h2c"),
        ):
            for _ in range(8):
                with connected(service) as connection:
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, reset)
                    connection.sendall(said)
        assert httpx.get(f"{service.url}/v1/health").status_code == 200
    assert not caplog.records, caplog.text


def test_who_goes_on_sending_is_cut_off(
    installed: Installation, keyed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "LINGER_S", 0.2)
    with served(installed, works=False) as service, connected(service) as connection:
        connection.sendall(target(service).head("PUT /v1/campaigns/x", JSON, CHUNKED))
        assert answer_of(connection)[0] == 401
        with pytest.raises(OSError):
            deadline = time.monotonic() + LONGEST_S
            while time.monotonic() < deadline:
                connection.sendall(b"400\r\n" + b"x" * 1024 + b"\r\n")


def test_a_small_body_that_nobody_wanted_ends_no_connection(installed: Installation, keyed: str) -> None:
    with served(installed, works=False) as service, connected(service) as connection:
        for _ in range(3):
            head = target(service).head("PUT /v1/campaigns/x", JSON, "Content-Length: 2")
            connection.sendall(head + b"{}")
            assert answer_of(connection)[0] == 401


def test_a_body_that_is_wanted_is_asked_for_and_read(installed: Installation, keyed: str) -> None:
    body = json.dumps({"templates": {"default": {"text": "x" * 20_000, "language": "en"}}}).encode()
    with served(installed, works=False) as service, connected(service) as connection:
        lines = (JSON, f"Content-Length: {len(body)}", "Expect: 100-continue")
        connection.sendall(target(service, keyed).head("PUT /v1/campaigns/x", *lines, keyed=True))
        assert connection.recv(1 << 16).startswith(b"HTTP/1.1 100 ")
        connection.sendall(body)
        assert answer_of(connection)[0] == 201
        connection.sendall(target(service, keyed).head("GET /v1/campaigns", keyed=True))
        assert answer_of(connection)[0] == 200, "and the connection lives on"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b'{"a": ' + b"[" * 33, 413),
        (b"[" + b"1," * 25_000, 413),
        (b'{"a": "' + b"[,:" * 20_000 + b'"}', 422),
        (b'{"a": "' + b'\\"' * 30_000 + b'"}', 422),
        (b"{", 422),
        (b"\xff" * 10, 400),
        (('["\u0122", ' + "1," * 25_000 + "1]").encode("utf-16"), 400),
    ],
    ids=["deep", "many", "long string", "escapes", "half", "no utf-8", "signs hidden in UTF-16"],
)
def test_json_is_held_in_shape(body: bytes, status: int, installed: Installation, keyed: str) -> None:
    headers = {"Authorization": f"Bearer {keyed}", "Content-Type": "application/json"}
    with (
        served(installed, works=False) as service,
        httpx.Client(base_url=service.url, headers=headers) as client,
    ):
        answer = client.put("/v1/campaigns/x", content=body)
        assert answer.status_code == status, answer.text
        assert client.put("/v1/campaigns/x", content=iter([body])).status_code == status, (
            "without a length too"
        )


def test_too_many_lines_or_too_long_ones_are_no_head(installed: Installation, keyed: str) -> None:
    with served(installed, works=False) as service:
        for lines, statuses in (
            ([f"a{number}: b" for number in range(110)], (431,)),
            ([f"a{number}: b" for number in range(30_000)], (431,)),
            (["a: " + "b" * 200_000], (400, 431)),
            ([f"Cookie: {'c=d; ' * 2_000}"], (401,)),
        ):
            with connected(service) as connection:
                connection.sendall(target(service).head("GET /v1/campaigns", *lines))
                assert answer_of(connection)[0] in statuses


@pytest.mark.parametrize("begin", [b"", b"GET / HTTP/1.1\r\n", b"GET"])
def test_a_head_has_a_deadline_that_drops_do_not_move(
    begin: bytes, installed: Installation, keyed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "HEAD_S", 0.5)
    with served(installed, works=False) as service, contextlib.ExitStack() as stack:
        start = time.monotonic()  # before the service knows of it: its deadline begins with the connection
        connection = stack.enter_context(connected(service))
        connection.sendall(begin)
        connection.settimeout(0.1)
        said = b""
        while not said and time.monotonic() < start + LONGEST_S:
            with contextlib.suppress(TimeoutError):
                said = connection.recv(1 << 16)
            with contextlib.suppress(OSError):
                connection.sendall(b"X" if begin else b"")
        assert said.startswith(b"HTTP/1.1 408 ")
        assert time.monotonic() - start >= 0.5


def test_the_next_head_of_a_connection_has_its_deadline_too(
    installed: Installation, keyed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "HEAD_S", 0.5)
    with served(installed, works=False) as service, connected(service) as connection:
        connection.sendall(target(service).head("GET /v1/health"))
        assert answer_of(connection)[0] == 200
        connection.sendall(b"GET /v1/hea")
        assert answer_of(connection)[0] == 408


@pytest.mark.parametrize(
    "line", ["POST /login", "PUT /v1/campaigns/up/recipients", "PUT /v1/campaigns/up"], ids=str.split
)
def test_a_body_has_to_go_on(
    line: str, installed: Installation, keyed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "BODY_S", 0.5)
    with served(installed, works=False) as service:
        brief = {"templates": {"default": {"text": "x", "language": "en"}}}
        headers = {"Authorization": f"Bearer {keyed}"}
        httpx.put(f"{service.url}/v1/campaigns/up", json=brief, headers=headers).raise_for_status()
        with connected(service) as connection:
            connection.sendall(target(service, keyed).head(line, JSON, "Content-Length: 4000", keyed=True))
            connection.settimeout(0.1)
            said, deadline = b"", time.monotonic() + LONGEST_S
            while not said and time.monotonic() < deadline:
                with contextlib.suppress(TimeoutError):
                    said = connection.recv(1 << 16)
                with contextlib.suppress(OSError):
                    connection.sendall(b"x")
            assert said.startswith(b"HTTP/1.1 408 ") and b"of the body" in said


def test_a_body_that_goes_on_slowly_is_taken(
    installed: Installation, keyed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "BODY_S", 1.0)

    def pieces() -> Iterator[bytes]:
        yield b"id,locale,name\n"
        for number in range(8):
            yield f"{number},en,{'n' * http.BODY_BYTES}\n".encode()
            time.sleep(0.25)

    headers = {"Authorization": f"Bearer {keyed}"}
    brief = {"templates": {"default": {"text": "x", "language": "en"}}}
    with (
        served(installed, works=False) as service,
        httpx.Client(base_url=service.url, headers=headers) as client,
    ):
        client.put("/v1/campaigns/slow", json=brief).raise_for_status()
        assert client.put("/v1/campaigns/slow/recipients", content=pieces()).status_code == 202


def test_who_asks_again_before_the_answer_gets_one_and_the_end(installed: Installation, keyed: str) -> None:
    with served(installed, works=False) as service, connected(service) as connection:
        connection.sendall(target(service).head("GET /v1/campaigns") * 500)
        said = b""
        while piece := connection.recv(1 << 16):
            said += piece
        assert said.count(b"HTTP/1.1 401") == 1


def test_what_is_asked_after_the_last_request_of_a_connection_is_not_answered(
    installed: Installation, keyed: str
) -> None:
    with served(installed, works=False) as service, connected(service) as connection:
        connection.sendall(target(service).head("GET /v1/campaigns", "Connection: close") * 2)
        said = b""
        while piece := connection.recv(1 << 16):
            said += piece
        assert said.count(b"HTTP/1.1 ") == 1


def test_a_connection_that_is_gone_is_counted_no_more(installed: Installation, keyed: str) -> None:
    limits = Limits(connections=16)
    with served(installed, works=False, limits=limits) as service:
        for begin in (
            b"",
            b"GET",
            target(service).head("GET /v1/campaigns"),
            target(service).head("GET /v1/speech/ws", *UPGRADE),
        ):
            for _ in range(20):
                with connected(service) as connection:
                    connection.sendall(begin)
        until = time.monotonic() + LONGEST_S
        while httpx.get(f"{service.url}/v1/health").status_code != 200:
            assert time.monotonic() < until, "connections that are gone are still counted"
            time.sleep(0.05)


def test_an_answer_that_nobody_takes_is_given_up(
    installed: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("campaign.service.server.writing.STALLED_S", 0.3)
    with served(installed, works=False) as service, connected(service) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        begin = time.monotonic()
        with pytest.raises(OSError):
            while time.monotonic() < begin + LONGEST_S:
                connection.sendall(target(service).head("GET /v1/openapi.json"))
                time.sleep(0.05)


def test_one_caller_has_only_so_much_under_way(installed: Installation, keyed: str) -> None:
    headers = {"Authorization": f"Bearer {keyed}"}
    other = {"Authorization": f"Bearer {token_of(installed, KeyScope.READ)}"}
    limits = Limits(under_way=2)
    with (
        served(installed, works=False, limits=limits) as service,
        httpx.Client(base_url=service.url, timeout=LONGEST_S) as client,
        contextlib.ExitStack() as stack,
    ):
        client.headers.update(headers)
        uploaded(client, "watched", csv_of(["Ann"]))
        streams = [
            stack.enter_context(client.stream("GET", "/v1/campaigns/watched/events")).iter_lines()
            for _ in range(2)
        ]
        assert [next(lines) for lines in streams] == ["event: progress"] * 2
        assert client.get("/v1/campaigns").status_code == 429
        assert client.get("/v1/campaigns", headers=other).status_code == 200
        assert client.get("/v1/health").status_code == 200
        stack.close()
        deadline = time.monotonic() + LONGEST_S
        while client.get("/v1/campaigns").status_code != 200:
            assert time.monotonic() < deadline


def socket_of(service: RunningService, token: str) -> str:
    return service.url.replace("http", "ws") + "/v1/speech/ws"


def test_a_socket_is_read_no_faster_than_its_caller_may_ask(installed: Installation, keyed: str) -> None:
    limits = Limits(requests_per_s=10.0, burst=5)
    headers = {"Authorization": f"Bearer {keyed}"}
    with (
        served(installed, works=False, limits=limits) as service,
        connect(socket_of(service, keyed), additional_headers=headers) as opened,
    ):
        start = time.monotonic()
        for _ in range(14):
            opened.send("{}")
        for _ in range(14):
            assert json.loads(opened.recv(timeout=LONGEST_S))["status"] == 422
        assert time.monotonic() - start > 0.9, "ten beyond the burst of five, at ten a second"


@pytest.mark.parametrize("opcode", [1, 8, 9, 10], ids=["empty text", "close", "ping", "pong"])
def test_frames_without_end_end_the_socket(opcode: int, installed: Installation, keyed: str) -> None:
    frames = frame(opcode) if opcode != 1 else frame(1, is_last=False) + frame(0, is_last=False) * 400
    with served(installed, works=False) as service, connected(service) as connection:
        connection.sendall(target(service, keyed).head("GET /v1/speech/ws", *UPGRADE, keyed=True))
        assert connection.recv(1 << 16).startswith(b"HTTP/1.1 101")
        said = b""
        with contextlib.suppress(OSError):
            connection.sendall(frames * (2 * sockets.FRAMES_AT_ONCE))
            while piece := connection.recv(1 << 16):
                said += piece
        assert said.count(frame(10)[:1]) <= 2 * sockets.FRAMES_AT_ONCE
    assert opcode == 8 or b"too many frames" in said or not said


@pytest.mark.parametrize("size", [sockets.MESSAGE_BYTES + 1, 17 << 20])
def test_a_message_has_its_limit_and_none_is_compressed(
    size: int, installed: Installation, keyed: str
) -> None:
    headers = {"Authorization": f"Bearer {keyed}"}
    with (
        served(installed, works=False) as service,
        connect(socket_of(service, keyed), additional_headers=headers, compression="deflate") as opened,
    ):
        assert opened.protocol.extensions == []
        with pytest.raises(ConnectionClosed) as closed:
            opened.send("x" * size)
            opened.recv(timeout=LONGEST_S)
        assert closed.value.rcvd is None or closed.value.rcvd.code == 1009


def test_a_request_in_a_binary_message_is_read_like_any_other(installed: Installation, keyed: str) -> None:
    headers = {"Authorization": f"Bearer {keyed}"}
    with (
        served(installed, works=False) as service,
        connect(socket_of(service, keyed), additional_headers=headers) as opened,
    ):
        for said in (b"{}", b"\xff", "{}", ""):
            opened.send(said)
            assert json.loads(opened.recv(timeout=LONGEST_S))["status"] == 422


def test_a_socket_counts_among_what_is_under_way(installed: Installation, keyed: str) -> None:
    headers = {"Authorization": f"Bearer {keyed}"}
    with (
        served(installed, works=False, limits=Limits(under_way=1)) as service,
        connect(socket_of(service, keyed), additional_headers=headers),
        pytest.raises(InvalidStatus) as refused,
    ):
        connect(socket_of(service, keyed), additional_headers=headers)
    assert refused.value.response.status_code == 429
