"""A small campaign beside a large one: its share is counted in claims, because seconds are the machine's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.installation import Installation
from storage.names import CampaignId
from storage.queue import campaigns as campaign_rows
from storage.tables import CampaignState
from tests import build
from workers.pipeline import Pipeline
from workers.process.app import assemble

SMALL, LARGE = 100, 3_000
ALLOWED = 3
"""Times as long as alone."""


@pytest.fixture
def installed(tmp_path: Path) -> Iterator[Installation]:
    made = build.installation(tmp_path, synthesis_batch=16, finish_batch=16)
    yield made
    made.close()


def claims_until_small_is_done(installed: Installation) -> float:
    """Batches of every campaign, one thread doing all the work."""
    worker = assemble(installed)
    pipeline = Pipeline(worker.resources)
    while not _done(installed):
        pipeline.synthesise()
        pipeline.finish()
    worker.resources.close()
    return worker.resources.meters.value("campaign_claims")


def _done(installed: Installation) -> bool:
    with installed.database.read() as connection:
        return campaign_rows.get(connection, CampaignId("small")).state == CampaignState.FINISHED


def test_small_campaign_beside_a_large_one_ends_within_three_times_its_time_alone(
    installed: Installation, tmp_path: Path
) -> None:
    asked = build.brief("Small for {{ name }}.")
    alone = build.installation(tmp_path / "alone", synthesis_batch=16, finish_batch=16)
    build.submitted(alone, build.people(SMALL), asked, campaign_id="small")
    needed = claims_until_small_is_done(alone)
    alone.close()
    build.submitted(installed, build.people(LARGE), build.brief("Large for {{ name }}."), campaign_id="large")
    build.submitted(installed, build.people(SMALL), asked, campaign_id="small")
    beside = claims_until_small_is_done(installed)
    assert needed < beside <= ALLOWED * needed


def test_campaign_past_its_error_budget_pauses_with_the_reason(installed: Installation) -> None:
    rows = [
        *build.people(400),
        *({"id": f"bad-{number}", "locale": "en", "name": ""} for number in range(100)),
    ]
    asked = build.brief("Hello {{ name }}.", error_budget=0.1)
    build.submitted(installed, rows, asked, campaign_id="small")
    worker = assemble(installed)
    worker.start()
    try:
        worker.wait(lambda: _state(installed) != CampaignState.RUNNING)
    finally:
        worker.stop()
    with installed.database.read() as connection:
        found = campaign_rows.get(connection, CampaignId("small"))
    assert found.state == CampaignState.PAUSED
    assert found.state_reason == "100 of 500 rows failed, more than the error budget of 10.0%"


def _state(installed: Installation) -> CampaignState:
    with installed.database.read() as connection:
        return campaign_rows.get(connection, CampaignId("small")).state
