"""A worker is killed between every two stages, on PostgreSQL, Redis and S3, while others work."""

from __future__ import annotations

import os
import uuid
from pathlib import Path

import pytest

from tests import build
from tests.faults.checker import CLEAN
from tests.faults.conftest import staged
from tests.faults.test_workers import odd_worker
from tests.faults.worker import STAGES
from tests.servers import PostgresServer, RedisServer, S3Endpoint

ROWS = 30
BEFORE = [f"dies-before={stage}" for stage in STAGES]
AFTER = [f"dies-after={stage}" for stage in STAGES]
PLACES = [*BEFORE, *(AFTER if "FAULT_ROWS" in os.environ else AFTER[-1:])]
"""Before each stage is after the one before it; `make faults` kills on both sides."""
TOGETHER = 5
"""Places a campaign: a campaign costs more than a death."""


def people(number: int) -> list[dict[str, str]]:
    """Of one campaign: names that no other has, so that all of its sound is made."""
    return build.people(ROWS * (number + 1))[ROWS * number :]


@pytest.mark.parametrize("first", range(TOGETHER))
def test_kill_9_between_every_two_stages(
    first: int,
    own_servers: tuple[PostgresServer, RedisServer],
    moto: S3Endpoint,
    tmp_path: Path,
) -> None:
    places = PLACES[first::TOGETHER]
    settings = build.s3_settings(moto, f"stages-{uuid.uuid4().hex[:8]}")
    with staged(
        *own_servers, tmp_path, lease_seconds=2, synthesis_batch=2, finish_batch=2, **settings
    ) as stage:
        died = []
        for number, place in enumerate(places):
            name = f"at-{number}"
            stage.submit(people(number), name)
            victim = stage.start(*odd_worker(stage, place))
            stage.until(lambda one=victim: one.poll() is not None)  # type: ignore[misc]
            died.append((place, victim.returncode))
        assert died == [(place, -9) for place in places]
        stage.start()
        stage.start()
        for number, _ in enumerate(places):
            name = f"at-{number}"
            stage.until(lambda name=name: stage.open_rows(name) == 0)  # type: ignore[misc]
            stage.acknowledged = {row["id"] for row in people(number)}
            assert stage.verdict(campaign_id=name) == CLEAN, places[number]
