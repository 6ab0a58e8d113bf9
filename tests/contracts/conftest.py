"""Installations on both databases, with a campaign of ten rows that share one sentence."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.installation import Installation
from storage.records import Campaign
from tests import build
from tests.clock import FrozenClock
from tests.servers import PostgresServer


@pytest.fixture(scope="session")
def upgraded(postgres: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of a PostgreSQL database with the schema and what ships: a copy of it costs a tenth of a new one."""
    url = postgres.create_database()
    build.installation(tmp_path_factory.mktemp("upgraded"), database_url=url).close()
    return url.rpartition("/")[2]


@pytest.fixture
def upgraded_url(postgres: PostgresServer, upgraded: str) -> Iterator[str]:
    """A PostgreSQL database of this test's own, ready to be opened."""
    url = postgres.create_database(like=upgraded)
    yield url
    postgres.drop_database(url)


@pytest.fixture(params=["sqlite", "postgresql"])
def installed(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Installation]:
    url = ""
    if request.param == "postgresql":
        url = request.getfixturevalue("upgraded_url")
    made = build.installation(tmp_path / "home", database_url=url)
    yield made
    made.close()


@pytest.fixture
def clock(installed: Installation, running: Campaign) -> FrozenClock:
    """The database's clock, stopped once `running` is there."""
    return FrozenClock(installed.database)


@pytest.fixture
def running(installed: Installation) -> Campaign:
    """Ten assets of two utterances each: one shared greeting, one name of their own."""
    asked = build.brief("Welcome back, friend. Hello {{ name }}.")
    return build.submitted(installed, build.people(10), asked).campaign
