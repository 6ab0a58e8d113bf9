"""Installations on both databases, with a campaign of ten rows that share one sentence."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.installation import Installation
from storage.records import Campaign
from tests import build


@pytest.fixture(params=["sqlite", "postgresql"])
def installed(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Installation]:
    url = "" if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    made = build.installation(tmp_path / "home", database_url=url)
    yield made
    made.close()


@pytest.fixture
def running(installed: Installation) -> Campaign:
    """Ten assets of two utterances each: one shared greeting, one name of their own."""
    asked = build.brief("Welcome back, friend. Hello {{ name }}.")
    return build.submitted(installed, build.people(10), asked).campaign
