"""Campaigns whose files a server hears before they are delivered: rows, a worker, sound, and a server that answers."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import select

from campaign.cli.status import waiting_under
from campaign.errors import BriefError
from campaign.submission.listening import choose_listening, listening_cost
from storage.history import delivery
from storage.installation import Installation
from storage.records import Campaign
from storage.tables import RowStatus, asset_versions, assets
from tests import build
from tests.servers.process import free_port
from tests.servers.recogniser import TOKEN, RecogniserServer, fetched_model, recogniser_server
from workers.engines.engine import EngineError
from workers.listeners import Listeners
from workers.recognisers.http import http_name

ROWS = [
    {"id": "one", "locale": "en", "code": "836"},
    {"id": "two", "locale": "en", "code": "29"},
]
SAID = {"one": "Your code is eight three six.", "two": "Your code is two nine."}


@pytest.fixture(scope="module")
def running() -> Iterator[RecogniserServer]:
    with recogniser_server() as server:
        server.token = TOKEN
        yield server


@pytest.fixture
def server(running: RecogniserServer) -> RecogniserServer:
    """With nothing planted."""
    for kept in (running.faults, running.planted, running.asked, running.files):
        kept.clear()
    return running


@pytest.fixture
def installed(tmp_path: Path, server: RecogniserServer) -> Iterator[Installation]:
    made = build.installation(tmp_path, max_attempts=2, **settings(server))
    yield made
    made.close()


def settings(server: RecogniserServer) -> dict[str, Any]:
    return {"listen_url": server.url, "listen_model": "base", "listen_label": "test", "listen_token": TOKEN}


def brief(**listen: str) -> Any:
    return build.brief(
        "Your code is {{ code }}.",
        model="espeak",
        columns={"code": "spell"},
        listen={"files": "all"} | listen,
    )


def worked(installed: Installation, rows: list[dict[str, str]] = ROWS[:1], **listen: str) -> Campaign:
    made = build.submitted(installed, rows, brief(**listen)).campaign
    return build.worked(installed, made.id)


def delivered(installed: Installation, campaign: Campaign) -> dict[str, delivery.DeliveredRow]:
    with installed.database.read() as connection:
        return {str(row.external_id): row for row in delivery.rows(connection, campaign.id)}


def kept(installed: Installation) -> list[Mapping[str, Any]]:
    with installed.database.read() as connection:
        return list(
            connection.scalars(select(asset_versions.c.listening).order_by(asset_versions.c.asset_id))
        )


def test_a_campaign_is_heard_by_the_server_of_the_settings(
    installed: Installation, server: RecogniserServer
) -> None:
    campaign = worked(installed, ROWS)
    listening = campaign.lock.listening
    assert listening is not None
    assert (listening.recogniser, listening.model) == (http_name("base", "test"), "")
    told = kept(installed)
    assert [one["recogniser"] for one in told] == [listening.recogniser] * 2
    assert {one["model"] for one in server.asked} == {"base"}
    assert {one["language"] for one in server.asked} == {"en"}
    for one in server.asked:
        assert not any("eight three six" in written or "two nine" in written for written in one.values())
    verdicts = {one["verdict"] for one in told}
    if fetched_model() is None:  # PocketSphinx hears the half of it
        assert verdicts <= {"heard", "misheard"}
    else:
        assert verdicts == {"heard"}
        assert {row.status for row in delivered(installed, campaign).values()} == {RowStatus.STORED}


@pytest.mark.parametrize(
    ("transcript", "code"),
    [
        ("Your code is eight three six.", None),
        ("Your code is 836.", None),
        ("Your code is 837.", "not-heard"),
        ("Your code is eight three seven.", "not-heard"),
        ("Your code is 8/36.", "not-judged"),
        ("Your code is $836.", "not-judged"),
        ("Your code is due. " * 8, "not-judged"),
    ],
)
def test_what_the_server_writes_decides_what_becomes_of_the_file(
    installed: Installation, server: RecogniserServer, transcript: str, code: str | None
) -> None:
    server.planted.append({"text": transcript})
    row = delivered(installed, worked(installed))["one"]
    assert row.code == code
    assert row.status == (RowStatus.STORED if code is None else RowStatus.FAILED)
    if code:
        assert "spell code at" in str(row.reason) or "could not be judged" in str(row.reason)
        assert "836" not in str(row.reason)


def test_the_reason_names_what_was_misheard_and_not_what_is_open(
    installed: Installation, server: RecogniserServer
) -> None:
    server.planted.append({"text": "Elephants walked; is 8/36."})
    row = delivered(installed, worked(installed))["one"]
    assert row.code == "not-heard"
    assert "words of the template at" in str(row.reason)
    assert "spell code at" not in str(row.reason)


def test_a_file_that_figures_leave_open_is_delivered_where_the_brief_says_so(
    installed: Installation, server: RecogniserServer
) -> None:
    server.planted.append({"text": "Your code is 8/36."})
    assert delivered(installed, worked(installed, unclear="deliver"))["one"].status == RowStatus.STORED


def test_a_row_waits_for_a_server_that_is_away_and_nothing_goes_out_unheard(
    installed: Installation, server: RecogniserServer
) -> None:
    server.planted.append({"text": SAID["one"]})
    server.faults += ["broken"] * 3  # as many as one hearing asks
    campaign = worked(installed)
    assert delivered(installed, campaign)["one"].status == RowStatus.STORED
    assert len(server.asked) == 4


def test_rows_wait_for_a_server_that_is_not_there_and_it_counts_against_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workers.retries.FIRST_RETRY_MS", 50)
    port = free_port()
    made = build.installation(
        tmp_path,
        max_attempts=2,
        listen_url=f"http://127.0.0.1:{port}",
        listen_model="base",
        listen_label="test",
    )
    campaign = build.submitted(made, ROWS[:1], brief()).campaign
    is_done = threading.Event()

    def come_back() -> tuple[int, bool]:
        """Serve when the row was given back more often than it may fail; (its count, whether status tells of it)."""
        times: set[int] = set()
        deadline = time.monotonic() + 60
        while len(times) < 2 * made.settings.max_attempts and time.monotonic() < deadline:
            with made.database.read() as connection:
                row = connection.execute(select(assets)).one()
            if row.code == "recogniser-away":
                times.add(row.not_before_ms)
            time.sleep(0.02)
        told = any(_until(lambda: waiting_under(made, campaign.id, "recogniser-away")))
        with recogniser_server(port=port) as server:
            server.planted.append({"text": SAID["one"]})
            is_done.wait(60)
        return row.retries, told

    with ThreadPoolExecutor(1) as pool:
        seen = pool.submit(come_back)
        build.worked(made, campaign.id)
        is_done.set()
    assert seen.result() == (0, True)
    assert delivered(made, campaign)["one"].status == RowStatus.STORED
    made.close()


def _until(look: Callable[[], object], seconds: float = 10.0) -> Iterator[bool]:
    """True once there is something to see."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if look():
            yield True
            return
        time.sleep(0.02)


def test_a_server_that_stays_away_fails_the_row_by_its_own_code(
    installed: Installation, server: RecogniserServer
) -> None:
    server.faults.append("always:not-json")
    row = delivered(installed, worked(installed))["one"]
    assert (row.status, row.code) == (RowStatus.FAILED, "recogniser-away")
    assert "answers without a transcript" in str(row.reason)
    assert row.object_key is None


def test_a_campaign_is_never_heard_by_another_recogniser_than_it_was_submitted_with(
    installed: Installation, tmp_path: Path
) -> None:
    campaign = build.submitted(installed, ROWS[:1], brief()).campaign
    listening = campaign.lock.listening
    assert listening is not None
    changed = installed.settings.model_copy(update={"listen_label": "newer"})
    with pytest.raises(EngineError, match="heard by http-base-test, and this worker asks http-base-newer"):
        Listeners(changed).of(listening).recogniser()
    unset = installed.settings.model_copy(update={"listen_url": ""})
    with pytest.raises(EngineError, match="Set CAMPAIGN_LISTEN_URL here too"):
        Listeners(unset).of(listening).recogniser()
    with pytest.raises(
        EngineError, match="holds no model"
    ):  # one of the catalogue's stays with the catalogue
        Listeners(installed.settings).of(replace(listening, model="whisper-away")).recogniser()


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"listen_languages": ["de", "fr-CH"]}, "CAMPAIGN_LISTEN_LANGUAGES leaves en out"),
        ({"listen_url": "ears.example"}, "CAMPAIGN_LISTEN_URL: .*no address of a server"),
        ({"listen_url": "http://key@ears.example"}, "CAMPAIGN_LISTEN_URL: .*with no key in it"),
    ],
)
def test_what_is_wrong_with_the_settings_is_said_at_submit(
    tmp_path: Path, server: RecogniserServer, changed: dict[str, Any], reason: str
) -> None:
    made = build.installation(tmp_path, **(settings(server) | changed))
    with pytest.raises(BriefError, match=rf"listen: {reason}"):
        build.submitted(made, ROWS, brief())
    made.close()


def test_a_server_that_is_away_keeps_nobody_from_submitting(tmp_path: Path) -> None:
    made = build.installation(tmp_path, listen_url=f"http://127.0.0.1:{free_port()}")
    assert build.submitted(made, ROWS, brief()).campaign.lock.listening is not None
    made.close()


def test_what_nobody_asked_for_is_heard_in_the_languages_that_the_operator_names(
    tmp_path: Path, server: RecogniserServer
) -> None:
    made = build.installation(tmp_path, **settings(server))
    german = build.brief(languages=("de",))
    slow: Any = {"": SimpleNamespace(pin=SimpleNamespace(engine="kokoro"))}
    assert "how well de is heard" in choose_listening(made.settings, german, slow).why_not
    named = made.settings.model_copy(update={"listen_languages": ["de"]})
    chosen = choose_listening(named, german, slow)
    assert chosen.locked is not None
    assert listening_cost(chosen, 100.0).cpu_seconds == 0.0
    made.close()


def test_the_token_comes_from_a_file_and_is_shown_to_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from storage.settings import Settings

    (tmp_path / "token").write_text(f"{TOKEN}\n")
    monkeypatch.setenv("CAMPAIGN_LISTEN_TOKEN_FILE", str(tmp_path / "token"))
    monkeypatch.setenv("CAMPAIGN_LISTEN_LANGUAGES", '["en", "de"]')
    read = Settings(home=tmp_path)
    assert read.listen_token == SecretStr(TOKEN)
    assert read.listen_languages == ["en", "de"]
    assert TOKEN not in repr(read)
