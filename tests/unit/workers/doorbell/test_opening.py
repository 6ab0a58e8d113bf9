"""Which doorbell the settings ask for: for whoever rings, and for the threads that wait."""

from __future__ import annotations

import pytest

from storage.installation import Installation
from storage.settings import Settings
from workers.doorbell.in_process import InProcessBell
from workers.doorbell.opening import open_bell, open_messages
from workers.doorbell.postgresql import PostgresqlBell
from workers.doorbell.redis_queue import RedisBell

POSTGRES = "postgresql://nobody@localhost:1/none"
REDIS = "redis://localhost:1/0"


@pytest.mark.parametrize(
    ("settings", "rung", "waited_at"),
    [
        ({}, InProcessBell, InProcessBell),
        ({"database_url": POSTGRES}, PostgresqlBell, InProcessBell),
        ({"database_url": POSTGRES, "redis_url": REDIS}, RedisBell, RedisBell),
    ],
)
def test_settings_choose_the_doorbell(
    installed: Installation, settings: dict[str, str], rung: type, waited_at: type
) -> None:
    chosen = Settings(home=installed.settings.home, secret="5e" * 32, **settings)  # type: ignore[arg-type]
    assert installed.database.is_sqlite, "opened while it is: a bell is made with one and asks it nothing"
    installed.settings = chosen
    assert type(open_bell(installed)) is rung
    assert type(open_messages(chosen)) is waited_at
