"""Campaigns are paused, resumed, cancelled, and their channel is moved, while workers are at them."""

from __future__ import annotations

import threading
from pathlib import Path

from sqlalchemy import select

from campaign.operations import control
from storage.names import CampaignId, ChannelName
from storage.registry import pins as pin_rows
from storage.tables import asset_versions, runs
from tests import build
from tests.faults.checker import CLEAN
from tests.faults.conftest import ROWS, Stage, staged
from tests.servers import PostgresServer, RedisServer
from tests.servers.receiver import webhook_receiver


def test_pause_resume_and_cancel_in_mid_run(
    own_servers: tuple[PostgresServer, RedisServer], tmp_path: Path
) -> None:
    with (
        webhook_receiver() as receiver,
        staged(*own_servers, tmp_path, webhook_urls=[receiver.url], webhook_allow_private=True) as stage,
    ):
        stage.submit(build.people(ROWS))
        stage.start()
        stage.start()
        stage.until(lambda: stage.stored() > 20)
        control.pause(stage.installed, CampaignId("mine"), reason="by hand", actor="test")
        at_pause = _made(stage)
        stage.until(lambda: "campaign.paused" in receiver.types)
        threading.Event().wait(1.5)
        assert _made(stage) == at_pause
        assert receiver.types[-1] == "campaign.paused"
        control.resume(stage.installed, CampaignId("mine"), actor="test")
        stage.until(lambda: stage.stored() > at_pause[0] + 20)
        control.cancel(stage.installed, CampaignId("mine"), actor="test")
        at_cancel = _made(stage)
        stage.until(lambda: "campaign.cancelled" in receiver.types)
        threading.Event().wait(1.5)
        assert _made(stage) == at_cancel
        assert stage.open_rows() == 0
        assert receiver.types[2:] == ["campaign.paused", "campaign.running", "campaign.cancelled"]


def test_channel_is_moved_in_mid_campaign_and_the_campaign_keeps_its_pin(stage: Stage) -> None:
    with stage.installed.database.write() as connection:
        pin_rows.move_channel(
            connection, ChannelName("production"), "tone", kind="promote", reason="first", actor="test"
        )
    stage.submit(build.people(ROWS), model="production")
    stage.start()
    stage.until(lambda: stage.stored() > 20)
    with stage.installed.database.write() as connection:
        pin_rows.move_channel(
            connection, ChannelName("production"), "espeak", kind="promote", reason="newer", actor="test"
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
