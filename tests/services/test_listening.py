"""The listening page in a real browser: Chromium, driven by keys alone."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from campaign.errors import ConflictError
from campaign.gate.listening import steadiness, trials_of
from campaign.gate.listening_page import open_listening_page
from storage.installation import Installation
from storage.registry import gates as gate_rows
from storage.registry.gates import Gate, Score
from tests import build
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
    server, where = open_listening_page(installed, gate.id)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield where
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="module")
def browser_page(browser: Browser) -> Page:
    return browser.new_page()


def scores_of(installed: Installation, gate: Gate) -> list[Score]:
    with installed.database.read() as connection:
        return gate_rows.scores(connection, gate.id)


def begin(page: Page, address: str, listener: str) -> None:
    page.goto(address)
    page.get_by_label("Your name").fill(listener)
    page.keyboard.press("Enter")


def answer(page: Page, left: int, right: int) -> None:
    """Hear both sides and score them, keys alone."""
    expect(page.locator("#pair")).to_be_visible()
    for key, side, value in (("a", "left", left), ("b", "right", right)):
        page.keyboard.press(key)
        expect(page.locator(f"#{side} input").first).to_be_enabled()
        page.keyboard.press(str(value))
    expect(page.locator("#next")).to_be_enabled()


def test_a_listener_hears_all_pairs_by_keys_and_learns_who_was_who_at_the_end(
    browser_page: Page, address: str, installed: Installation, gate: Gate
) -> None:
    page = browser_page
    trials = trials_of(gate, PROMPTS, "Ann")
    seen: list[str] = []
    page.on("response", lambda response: seen.append(response.url + json.dumps(dict(response.headers))))
    begin(page, address, "Ann")
    for trial in trials:
        expect(page.locator("#progress")).to_have_text(f"Pair {trial.number + 1} of {len(trials)}")
        expect(page.locator("#next")).to_be_disabled()
        assert "espeak" not in page.content() and "tone" not in page.content()
        answer(page, *((5, 2) if trial.candidate_is_left else (2, 5)))
        assert len(scores_of(installed, gate)) == trial.number + 1, "kept as it is given"
        page.keyboard.press("Enter")
    expect(page.locator("#result")).to_contain_text("candidate: espeak")
    expect(page.locator("#result tr").first).to_contain_text("5.00")
    kept = scores_of(installed, gate)
    assert all((one.candidate_score, one.baseline_score) == (5, 2) for one in kept)
    assert sum(one.is_repeat for one in kept) == len(trials) - len(PROMPTS) >= 1
    assert steadiness(kept)[0].mean_change == 0
    assert any("sound/0/left" in one for one in seen)
    assert not any("espeak" in one or "tone" in one or "candidate" in one for one in seen)


def test_the_same_name_goes_on_where_it_stopped_and_another_begins_anew(
    browser_page: Page, address: str, installed: Installation, gate: Gate
) -> None:
    page = browser_page
    begin(page, address, "Ben")
    answer(page, 3, 4)
    page.keyboard.press("Enter")
    answer(page, 1, 1)
    begin(page, address, "Ben")
    expect(page.locator("#progress")).to_contain_text("Pair 3 of")
    page.keyboard.press("Backspace")
    expect(page.locator("#left input:checked")).to_have_value("1")
    begin(page, address, "Cleo")
    expect(page.locator("#progress")).to_contain_text("Pair 1 of")
    answer(page, 2, 2)
    by_listener = [one.listener for one in scores_of(installed, gate)]
    assert by_listener == ["Ben", "Ben", "Cleo"]


def test_nothing_can_be_scored_before_it_was_heard(browser_page: Page, address: str) -> None:
    page = browser_page
    begin(page, address, "Dan")
    expect(page.locator("#progress")).to_contain_text("Pair 1 of")
    page.keyboard.press("5")
    page.keyboard.press("Enter")
    assert page.locator("#left input:checked").count() == 0
    expect(page.locator("#progress")).to_contain_text("Pair 1 of")


def test_a_bad_name_is_named_on_the_page(browser_page: Page, address: str) -> None:
    begin(browser_page, address, "a/b")
    expect(browser_page.get_by_role("alert")).to_contain_text("1 to 60 letters")


def status_of(request: urllib.request.Request) -> int:
    try:
        with urllib.request.urlopen(request, timeout=LONGEST_S) as response:
            return int(response.status)
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code


def test_another_site_gets_nothing(address: str, installed: Installation, gate: Gate) -> None:
    assert status_of(urllib.request.Request(address)) == 200
    root = address.rsplit("/", 2)[0]
    assert status_of(urllib.request.Request(f"{root}/state?listener=Eve")) == 404
    rebound = urllib.request.Request(address, headers={"Host": "evil.example"})
    assert status_of(rebound) == 404
    body = json.dumps({"trial": 0, "left": 5, "right": 1}).encode()
    foreign = urllib.request.Request(
        f"{address}score?listener=Eve", data=body, headers={"Origin": "http://evil.example"}
    )
    assert status_of(foreign) == 404
    assert scores_of(installed, gate) == []
    assert status_of(urllib.request.Request(f"{address}score?listener=Eve", data=body)) == 200


def test_who_was_who_is_not_told_before_the_end(address: str) -> None:
    assert status_of(urllib.request.Request(f"{address}result?listener=Eve")) == 409


def test_the_command_serves_the_page_until_it_is_told_to_stop(installed: Installation, gate: Gate) -> None:
    environment = dict(os.environ) | {
        "CAMPAIGN_HOME": str(installed.settings.home),
        "CAMPAIGN_SECRET": "5e" * 32,
        "PYTHONUNBUFFERED": "1",
    }
    command = (
        sys.executable,
        "-m",
        "campaign",
        "gate",
        "listen",
        gate.id,
        "--no-open",
        "--listener",
        "Ann Lee",
    )
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        where = process.stdout.readline().split()[2]
        assert where.endswith("?listener=Ann+Lee")
        assert status_of(urllib.request.Request(where)) == 200
        process.send_signal(signal.SIGINT)
        assert "decide with `campaign gate verdict gate-1`" in process.stdout.read()
    assert process.returncode == 0


@pytest.mark.parametrize("body", [b"{}", b"[]", b'{"trial": 0, "left": 9, "right": 1}', b'{"trial": 99}'])
def test_an_answer_that_is_none_is_refused(address: str, body: bytes) -> None:
    assert status_of(urllib.request.Request(f"{address}score?listener=Eve", data=body)) == 400


@pytest.mark.parametrize("length", ["x", "-1", "\u00b9", "9" * 5_000, ""])
def test_an_answer_without_a_length_is_refused(address: str, length: str) -> None:
    parts = urlsplit(address)
    with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=LONGEST_S) as connection:
        head = (
            f"POST {parts.path}score?listener=Eve HTTP/1.1",
            f"Host: {parts.netloc}",
            f"Content-Length: {length}",
        )
        connection.sendall("\r\n".join([*head, "", ""]).encode("latin-1"))
        assert b" 404 " in connection.makefile("rb").readline()


def test_there_is_no_room_after_the_verdict_or_before_both_sides_are_made(installed: Installation) -> None:
    made = gates.audible(installed, PROMPTS)
    with installed.database.write() as connection:
        gate_rows.decide(connection, made.id, outcome="keep_baseline", verdict={}, digest="d")
    with pytest.raises(ConflictError, match="has its verdict, keep_baseline"):
        open_listening_page(installed, made.id)
    half = gates.gate(installed, made=["candidate"])
    with pytest.raises(ConflictError, match="has no sound of its baseline yet"):
        open_listening_page(installed, half.id)
