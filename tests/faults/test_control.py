"""Campaigns are paused, resumed, cancelled, and their channel is moved, while workers are at them."""

from __future__ import annotations

import threading

from sqlalchemy import select

from campaign.registry import install_shipped
from storage import campaigns as campaign_rows
from storage import pins as pin_rows
from storage.tables import CampaignState, asset_versions, runs
from tests import build
from tests.faults.checker import CLEAN
from tests.faults.conftest import ROWS, Stage


def test_pause_resume_and_cancel_in_mid_run(stage: Stage) -> None:
    stage.submit(build.people(ROWS))
    stage.start()
    stage.start()
    stage.until(lambda: stage.stored() > 20)
    with stage.installed.database.write() as connection:
        campaign_rows.move(connection, "mine", CampaignState.PAUSED)
    at_pause = _made(stage)
    threading.Event().wait(1.5)
    assert _made(stage) == at_pause
    with stage.installed.database.write() as connection:
        campaign_rows.move(connection, "mine", CampaignState.RUNNING)
    stage.until(lambda: stage.stored() > at_pause[0] + 20)
    with stage.installed.database.write() as connection:
        campaign_rows.move(connection, "mine", CampaignState.CANCELLED)
    at_cancel = _made(stage)
    threading.Event().wait(1.5)
    assert _made(stage) == at_cancel
    assert stage.open_rows() == 0


def test_channel_is_moved_in_mid_campaign_and_the_campaign_keeps_its_pin(stage: Stage) -> None:
    with stage.installed.database.write() as connection:
        install_shipped(connection)
        pin_rows.move_channel(connection, "production", "tone", kind="promote", reason="first", actor="test")
    stage.submit(build.people(ROWS), model="production")
    stage.start()
    stage.until(lambda: stage.stored() > 20)
    with stage.installed.database.write() as connection:
        pin_rows.move_channel(
            connection, "production", "espeak", kind="promote", reason="newer", actor="test"
        )
    stage.until(lambda: stage.open_rows() == 0)
    assert stage.verdict() == CLEAN
    with stage.installed.database.read() as connection:
        assert set(connection.scalars(select(runs.c.pin_id))) == {"tone"}
        assert set(connection.scalars(select(asset_versions.c.pin_id))) == {"tone"}


def _made(stage: Stage) -> tuple[int, int]:
    """Stored assets and stored runs."""
    with stage.installed.database.read() as connection:
        made = connection.execute(select(runs.c.run_id).where(runs.c.outcome == "stored")).all()
    return stage.stored(), len(made)
