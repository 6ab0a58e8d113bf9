"""Work inside a command."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import func, select

from campaign.operations.foreground import runner
from storage.installation import Installation
from storage.names import CampaignId
from storage.queue import campaigns as campaign_rows
from storage.records import Campaign, Progress
from storage.tables import CampaignState, runs
from tests import build


def _unwatched(_campaign: Campaign, _counts: Progress) -> None:
    """Nobody looks on."""


def largest_batch(installed: Installation, campaign_id: str) -> int:
    with installed.database.read() as connection:
        largest: int = connection.execute(
            select(func.max(runs.c.batch_size)).where(runs.c.campaign_id == campaign_id)
        ).scalar_one()
    return largest


def test_batch_is_limited_for_one_campaign_and_not_for_the_next(tmp_path: Path) -> None:
    installed = build.installation(tmp_path, synthesis_batch=5)
    with runner(installed) as working:
        for name, batch, largest in (("first", 2, 2), ("second", None, 5)):
            asked = build.brief(f"{name.title()} for {{{{ name }}}}.")
            build.submitted(installed, build.people(10), asked, campaign_id=name, start=False)
            with installed.database.write() as connection:
                campaign_rows.move(connection, CampaignId(name), CampaignState.RUNNING)
            assert working.finish(CampaignId(name), _unwatched, batch=batch).state == CampaignState.FINISHED
            assert largest_batch(installed, name) == largest
    installed.close()
