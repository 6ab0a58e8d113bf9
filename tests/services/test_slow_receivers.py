"""Receivers that drip, keep silent, flood or lie: each has its deadline, and none stops another."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from storage.history import events as outbox
from storage.installation import Installation
from storage.names import CampaignId
from storage.tables import webhook_deliveries
from tests import build
from tests.servers.receiver import Receiver, webhook_receiver
from tests.servers.sluggard import HEAD, Behaviour, answers, deaf, drips, misbehaving, silent
from tests.waiting import LONGEST_S
from workers.outbound import attempt
from workers.outbound.attempt import Target, WebhookError, send, target_of
from workers.outbound.deliveries import Deliveries, deliver_due

WITHIN_S = 1.0
LATE_S = 3.0
"""An attempt that ends this much after its deadline was not held to it, on however slow a machine."""
SLOW: dict[str, Behaviour] = {
    "silent": silent,
    "deaf": deaf,
    "drips a head": drips(b"X-a: b\r\n", begin=HEAD),
    "drips one line": drips(b"x", begin=HEAD),
    "drips the status": drips(b"H"),
    "goes on saying that it goes on": drips(b"HTTP/1.1 100 Continue\r\n\r\n"),
    "drips a body": drips(b"x", begin=HEAD + b"Content-Length: 100\r\n\r\n", every_s=0.3),
    "drips chunks": drips(b"1\r\nx\r\n", begin=HEAD + b"Transfer-Encoding: chunked\r\n\r\n", every_s=0.3),
}


def local(url: str) -> Target:
    return target_of(url, allow_private=True)


@pytest.mark.parametrize("body", [b"{}", b"{}" * 4_000_000], ids=["small", "large"])
@pytest.mark.parametrize("behaviour", SLOW.values(), ids=SLOW)
def test_an_attempt_ends_at_its_deadline_whatever_the_receiver_does(
    behaviour: Behaviour, body: bytes
) -> None:
    with misbehaving(behaviour) as url:
        start = time.monotonic()
        with pytest.raises(WebhookError, match="not all of it within 1 s"):
            send(local(url), body, {}, within_s=WITHIN_S)
        assert WITHIN_S <= time.monotonic() - start < WITHIN_S + LATE_S


def test_a_handshake_that_never_ends_has_the_same_deadline() -> None:
    with misbehaving(drips(b"\x16\x03\x03\x40\x00")) as url:
        start = time.monotonic()
        with pytest.raises(WebhookError, match="did not answer"):
            send(local(url.replace("http:", "https:")), b"{}", {}, within_s=WITHIN_S)
        assert time.monotonic() - start < WITHIN_S + LATE_S


def test_a_resolver_that_never_answers_has_a_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    over = threading.Event()

    def never(*_arguments: object, **_options: object) -> None:
        over.wait(LONGEST_S)
        raise OSError("nobody waits for it by now")

    monkeypatch.setattr(attempt, "RESOLVE_S", 0.2)
    monkeypatch.setattr(socket, "getaddrinfo", never)
    with pytest.raises(WebhookError, match="was not found within"):
        target_of("https://slow.example/")
    over.set()


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (b"", "did not answer"),
        (b"no http at all\r\n\r\n", "no http"),
        (HEAD + b"X: " + b"a" * 70_000, "got more than"),
        (HEAD + b"a: b\r\n" * 101 + b"\r\n", "got more than 100 headers"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n", "did not answer"),
        (b"HTTP/1.1 \x1b[31m999999\r\n\r\n", "did not answer"),
    ],
)
def test_nonsense_is_no_answer(said: bytes, reason: str) -> None:
    with misbehaving(answers(said)) as url, pytest.raises(WebhookError, match=reason):
        send(local(url), b"{}", {}, within_s=WITHIN_S)


def test_an_endless_answer_is_read_to_its_beginning_only() -> None:
    endless = drips(b"y" * 65_536, begin=HEAD + b"Content-Length: 99999999999\r\n\r\n", every_s=0.0)
    with misbehaving(endless) as url:
        assert send(local(url), b"{}", {}, within_s=LONGEST_S) == (200, "y" * attempt.ANSWER_SHOWN)


def test_a_name_that_leads_inwards_by_the_time_of_connecting_gets_nothing() -> None:
    heard: list[bytes] = []
    with misbehaving(lambda connection: heard.append(connection.recv(10))) as url:
        port = int(url.rpartition(":")[2].partition("/")[0])
        rebound = Target(scheme="http", host="evil.example", port=port, path="/", address="127.0.0.1")
        with pytest.raises(WebhookError, match="no public address"):
            send(rebound, b"{}", {}, within_s=WITHIN_S)
    assert heard in ([], [b""])


@pytest.mark.parametrize(
    "host",
    [
        "127.1",
        "0x7f000001",
        "0177.0.0.1",
        "2130706433",
        "\u2460\u2461\u2466.0.0.1",
        "\uff11\uff12\uff17.0.0.1",
        "0",
        "[::ffff:7f00:1]",
    ],
)
def test_an_address_in_disguise_is_still_one_that_leads_inwards(host: str) -> None:
    with pytest.raises(WebhookError, match=r"no public address|cannot be found"):
        target_of(f"https://{host}/")


@pytest.mark.parametrize("inward", ["::1", "fd00::1", "64:ff9b::7f00:1", "10.0.0.1"])
def test_one_inward_address_among_public_ones_is_enough(inward: str, monkeypatch: pytest.MonkeyPatch) -> None:
    entries = [(0, 0, 0, "", (address, 443)) for address in ("93.184.216.34", inward)]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: entries)
    with pytest.raises(WebhookError, match=f"leads to {inward}"):
        target_of("https://mixed.example/")


def test_a_redirect_is_an_answer_and_not_followed() -> None:
    moved = (
        b"HTTP/1.1 307 Temporary Redirect\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\n\r\n"
    )
    with misbehaving(answers(moved)) as url:
        assert send(local(url), b"{}", {}, within_s=LONGEST_S) == (307, "")


@pytest.mark.parametrize(
    "url",
    [
        "https://a..b/",
        f"https://{'a' * 64}.example/",
        "https://xn--\udcff.example/",
        "https://[::1/",
        "https://exa mple.org/",
        "https://\x00/",
        "https://host:99999/",
        "https:///hook",
    ],
)
def test_a_url_that_is_none_is_a_problem_and_no_fault(url: str) -> None:
    with pytest.raises(WebhookError):
        target_of(url)


def test_a_path_arrives_as_it_was_written_or_quoted() -> None:
    with webhook_receiver() as receiver:
        target = local(receiver.url.replace("/hook?x=1", "/a b/ä%2f?q=\N{SNOWMAN}&x=%20"))
        assert target.path == "/a%20b/%C3%A4%2f?q=%E2%98%83&x=%20"
        assert send(target, b"{}", {}, within_s=LONGEST_S)[0] == 200


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with webhook_receiver() as made:
        yield made


def told(home: Path, *urls: str, events: int = 5, **settings: Any) -> Installation:
    """An installation with events for these receivers."""
    made = build.installation(home, webhook_urls=list(urls), webhook_allow_private=True, **settings)
    with made.database.write() as connection:
        for number in range(events):
            outbox.add(connection, CampaignId(f"c{number}"), "campaign.finished", {"number": number})
    return made


@pytest.mark.parametrize("behaviour", SLOW.values(), ids=SLOW)
def test_one_that_drips_delays_nobody_else(
    behaviour: Behaviour, tmp_path: Path, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workers.outbound.webhooks.ATTEMPT_S", LONGEST_S)
    with misbehaving(behaviour) as slow:
        installation = told(tmp_path, slow, receiver.url)
        deliveries = Deliveries(installation.database, installation.settings)
        for expected in (5, 6):
            deliveries.begin()
            deadline = time.monotonic() + LONGEST_S / 2
            while len(receiver.heard) < expected:
                assert time.monotonic() < deadline
                time.sleep(0.01)
            with installation.database.write() as connection:
                outbox.add(connection, CampaignId("later"), "campaign.finished", {})
        deliveries.stop()
        heard = [json.loads(body)["data"]["campaign"] for _, body in receiver.heard]
        assert heard[:6] == ["c0", "c1", "c2", "c3", "c4", "later"]


def test_what_a_slow_receiver_did_not_take_is_tried_again_and_told(
    tmp_path: Path, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workers.outbound.webhooks.ATTEMPT_S", 0.3)
    with misbehaving(drips(b"x")) as slow:
        installation = told(tmp_path, slow, receiver.url, events=3)
        assert deliver_due(installation.database, installation.settings) == 3
    with installation.database.read() as connection:
        rows = connection.execute(select(webhook_deliveries).where(webhook_deliveries.c.url == slow)).all()
    assert len(rows) == 3
    assert {(row.attempts, row.t_delivered_ms, row.t_given_up_ms) for row in rows} == {(1, None, None)}
    assert all("within 0 s" in row.problem for row in rows)


def test_what_a_receiver_says_reaches_no_table_and_terminal_as_it_is(tmp_path: Path) -> None:
    said = b"HTTP/1.1 500 No\r\nContent-Length: 12\r\n\r\n\x00\x1b[31mred\r\n\xff!"
    with misbehaving(answers(said)) as url:
        installation = told(tmp_path, url, events=1)
        assert deliver_due(installation.database, installation.settings) == 0
    with installation.database.read() as connection:
        problem = connection.scalars(select(webhook_deliveries.c.problem)).one()
    assert problem is not None and problem.isprintable() and "[31mred" in problem


def test_a_fault_in_one_attempt_ends_neither_its_receiver_nor_another(
    tmp_path: Path, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    installation = told(tmp_path, receiver.url, events=3)
    from workers.outbound import webhooks

    message_of = webhooks.message_of

    def faulty(delivery: outbox.Delivery) -> bytes:
        if delivery.campaign_id == "c1":
            raise KeyError("a fault")
        return message_of(delivery)

    monkeypatch.setattr(webhooks, "message_of", faulty)
    assert deliver_due(installation.database, installation.settings) == 2
    with installation.database.read() as connection:
        problems = set(connection.scalars(select(webhook_deliveries.c.problem)))
    assert problems == {None, "a fault of the program itself, KeyError; it was logged."}


@pytest.mark.parametrize("where", ["sqlite", "postgresql"])
def test_two_workers_never_deliver_one_event_twice_nor_two_at_once_from_one_of_them(
    where: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    chosen = {"database_url": request.getfixturevalue("postgres_url")} if where == "postgresql" else {}
    heard: Counter[str] = Counter()
    lock, now, most = threading.Lock(), 0, 0

    class Slow(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            nonlocal now, most
            with lock:
                now, most = now + 1, max(most, now + 1)
                heard[self.headers["webhook-id"]] += 1
            self.rfile.read(int(self.headers["content-length"]))
            time.sleep(0.05)
            with lock:
                now -= 1
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Slow)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    installation = told(tmp_path, f"http://127.0.0.1:{server.server_address[1]}/", events=12, **chosen)
    workers = [Deliveries(installation.database, installation.settings) for _ in range(2)]
    for worker in workers:
        worker.begin()
        worker.begin()
    assert sum(worker.wait() for worker in workers) == 12
    assert set(heard.values()) == {1} and len(heard) == 12
    assert most <= 2, "one at a time from each worker"
    server.shutdown()
    server.server_close()
    installation.close()
