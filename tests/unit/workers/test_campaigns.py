"""What a worker remembers of campaigns."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from sqlalchemy import update

from storage.queue import campaigns as campaign_rows
from storage.tables import Lane, campaigns
from tests import build
from workers.campaigns import KnownCampaigns


def test_campaign_is_read_once_and_anew_when_it_was_planned_with_another_voice(tmp_path: Path) -> None:
    installed = build.installation(tmp_path)
    made = build.submitted(installed, build.people(1)).campaign
    known = KnownCampaigns(installed.database)
    assert known.campaign(made.id).pin_id == "tone"
    with installed.database.write() as connection:
        connection.execute(
            update(campaigns).where(campaigns.c.id == made.id).values(pin_id="espeak", repins=1)
        )
    with installed.database.read() as connection:
        (now,) = campaign_rows.runnable(connection, tuple(Lane))
    known.forget_if_planned_again(replace(now, repins=0))
    assert known.campaign(made.id).pin_id == "tone"
    known.forget_if_planned_again(now)
    assert known.campaign(made.id).pin_id == "espeak"
    assert known.profile(made.id).codec == "wav"
    installed.close()
