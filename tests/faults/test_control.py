"""Campaigns are paused, resumed, cancelled, and their channel is moved, while workers are at them."""

from __future__ import annotations

import threading

from sqlalchemy import select

from storage import campaigns as campaign_rows
from storage.tables import CampaignState, runs
from tests import build
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


def _made(stage: Stage) -> tuple[int, int]:
    """Stored assets and stored runs."""
    with stage.installed.database.read() as connection:
        made = connection.execute(select(runs.c.run_id).where(runs.c.outcome == "stored")).all()
    return stage.stored(), len(made)
