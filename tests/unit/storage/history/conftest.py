"""A campaign that was delivered: four rows that share a sentence, one of them without a sound."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection

from storage.installation import Installation
from storage.records import Campaign
from tests import build


@pytest.fixture(scope="package")
def history(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Installation, Campaign]]:
    made = build.installation(tmp_path_factory.mktemp("history"))
    rows = [*build.people(3), {"id": "person-4", "locale": "en", "name": "\u200b"}]
    asked = build.brief("Welcome back, friend. Hello {{ name }}.")
    submitted = build.submitted(made, rows, asked, campaign_id="autumn").campaign
    yield made, build.worked(made, submitted.id)
    made.close()


@pytest.fixture
def campaign(history: tuple[Installation, Campaign]) -> Campaign:
    return history[1]


@pytest.fixture
def connection(history: tuple[Installation, Campaign]) -> Iterator[Connection]:
    """To look; what a test writes is undone."""
    with history[0].database.engine.connect() as opened:
        yield opened
        opened.rollback()
