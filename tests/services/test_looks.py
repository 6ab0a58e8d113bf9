"""Whoever only looks is never kept waiting: reads answer while another process holds SQLite's write lock."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from campaign.cli import exits
from storage import schema
from storage.installation import Installation
from storage.session import Database
from tests import build
from tests.acceptance.conftest import Program
from tests.servers.service import served
from tests.service.calls import BRIEF

LIMIT_S = 30.0
"""Half of what a write waits for the lock: a look that writes runs into it."""

LOOKS = [
    ("list",),
    ("status", "seen"),
    ("explain", "seen", "--row", "1"),
    ("model", "list"),
    ("model", "show", "tone"),
    ("model", "impact", "tone"),
    ("preset", "list"),
    ("preset", "show", "demo-voice"),
    ("lexicon", "list"),
    ("lexicon", "show", "en-clinic"),
    ("lexicon", "impact", "none", "en-clinic", "--campaign", "seen"),
    ("doctor",),
]

PATHS = [
    "/v1/presets",
    "/v1/presets/demo-voice",
    "/v1/pins",
    "/v1/lexicons",
    "/v1/lexicons/en-clinic",
    "/v1/campaigns",
    "/v1/campaigns/seen",
    "/v1/campaigns/seen/names",
    "/v1/campaigns/seen/rows/1",
    "/v1/campaigns/seen/estimate",
    "/",
    "/voices",
]


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An installation with a campaign that has ended."""
    installed = build.installation(tmp_path_factory.mktemp("looked-at") / "home")
    build.submitted(installed, build.people(2), campaign_id="seen")
    build.worked(installed, "seen")
    yield installed
    installed.close()


@contextlib.contextmanager
def written_to(installed: Installation) -> Iterator[None]:
    """Another process is in the middle of a write."""
    with contextlib.closing(sqlite3.connect(installed.settings.home / "campaign.sqlite")) as connection:
        connection.isolation_level = None
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("ROLLBACK")


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: " ".join(look))
def test_a_command_that_looks_does_not_wait_for_a_writer(seen: Installation, look: tuple[str, ...]) -> None:
    program = Program(home=seen.settings.home)
    with written_to(seen):
        done = program.run(*look, timeout_s=LIMIT_S)
    assert done.code in (0, 10), done.err


@pytest.fixture(scope="module")
def client(seen: Installation) -> Iterator[httpx.Client]:
    with served(seen) as running, httpx.Client(base_url=running.url, timeout=LIMIT_S) as made:
        yield made


@pytest.mark.parametrize("path", PATHS)
def test_a_get_does_not_wait_for_a_writer(seen: Installation, client: httpx.Client, path: str) -> None:
    with written_to(seen):
        assert client.get(path).status_code == 200


def test_the_editor_does_not_wait_for_a_writer(seen: Installation, client: httpx.Client) -> None:
    asked: dict[str, Any] = {"brief": BRIEF, "locale": "en", "fields": {"name": "Ana"}}
    with written_to(seen):
        answer = client.post("/v1/renderings", json=asked)
    assert answer.json()["spoken"] == "Hello Ana."


def test_what_ships_is_registered_at_the_first_open_and_never_again(tmp_path: Path) -> None:
    first = build.installation(tmp_path / "home")
    assert first.database.is_sqlite
    first.close()
    again = build.installation(tmp_path / "home")
    with written_to(again), again.database.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM presets").scalar_one() > 0
    again.close()


def test_postgresql_is_given_what_ships_by_db_upgrade_and_by_nothing_else(
    postgres_url: str, tmp_path: Path
) -> None:
    database = Database(postgres_url)
    schema.upgrade(database)
    database.close()
    program = Program(home=tmp_path / "home", settings={"CAMPAIGN_DATABASE_URL": postgres_url})
    for look in (("preset", "list"), ("db", "check")):
        done = program.run(*look)
        assert (done.code, "Run `campaign db upgrade`" in done.err) == (7, True), done.err
    done = program.run("doctor")
    assert (done.code, "Run `campaign db upgrade`" in done.out) == (exits.UNHEALTHY, True)
    assert program.run("db", "upgrade").code == 0
    assert program.run("db", "check").code == 0
    assert "demo-voice@1" in program.run("preset", "list").out
