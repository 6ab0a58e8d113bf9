"""What the settings of database and Redis mean together."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from storage.settings import Doorbell, Settings

REDIS = "redis://127.0.0.1:6379/0"


@pytest.mark.parametrize(
    ("database_url", "redis_url", "is_embedded", "doorbell"),
    [
        ("", "", True, Doorbell.IN_PROCESS),
        ("sqlite:////tmp/x.sqlite", "", True, Doorbell.IN_PROCESS),
        ("postgresql://h/db", "", False, Doorbell.POSTGRESQL),
        ("postgresql+psycopg://h/db", "", False, Doorbell.POSTGRESQL),
        ("postgresql://h/db", REDIS, False, Doorbell.REDIS),
    ],
)
def test_embedded_is_sqlite_and_postgresql_rings_unless_redis_does(
    tmp_path: Path, database_url: str, redis_url: str, is_embedded: bool, doorbell: Doorbell
) -> None:
    settings = Settings(home=tmp_path, database_url=database_url, redis_url=redis_url)
    assert (settings.is_embedded, settings.doorbell) == (is_embedded, doorbell)


@pytest.mark.parametrize("database_url", ["", "sqlite:////tmp/x.sqlite"])
def test_redis_beside_sqlite_is_an_error_that_names_both_mends(tmp_path: Path, database_url: str) -> None:
    with pytest.raises(
        ValidationError, match=r"Set CAMPAIGN_DATABASE_URL to postgresql.*unset CAMPAIGN_REDIS_URL"
    ):
        Settings(home=tmp_path, database_url=database_url, redis_url=REDIS)
