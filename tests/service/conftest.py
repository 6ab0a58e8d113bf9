"""A service of an empty installation, and a client for it."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests import build
from tests.servers.service import RunningService, served
from tests.waiting import LONGEST_S


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    """One for a module: tests choose ids of their own."""
    installation = build.installation(tmp_path_factory.mktemp("home"))
    with served(installation) as running:
        yield running
    installation.close()


@pytest.fixture
def client(service: RunningService) -> Iterator[httpx.Client]:
    """Someone on this machine."""
    with httpx.Client(base_url=service.url, timeout=LONGEST_S) as made:
        yield made
