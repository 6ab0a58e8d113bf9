"""A campaign whose marks cannot be set is paused with the reason, never sent without."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from campaign.evidence.certificates import test_certificate as certificate
from storage.history import audit
from storage.installation import Installation
from storage.queue import campaigns as campaign_rows
from storage.records import Campaign
from storage.settings import Settings
from storage.tables import CampaignState, campaigns
from tests import build
from workers.finish import FinishProfile
from workers.permission.marking import Marking, marker_of, problem_of

MARKED = FinishProfile(marks=("c2pa",))


@pytest.fixture
def running(installed: Installation) -> Campaign:
    return build.submitted(installed, build.people(1)).campaign


def now(installed: Installation, campaign: Campaign) -> Campaign:
    with installed.database.read() as connection:
        return campaign_rows.get(connection, campaign.id)


def test_profile_without_marks_needs_no_marker(installed: Installation, running: Campaign) -> None:
    marking = Marking(installed.settings, installed.database)
    assert marking.allows(running, FinishProfile())
    assert "marker" not in vars(marking), "nothing was looked for"


def test_marks_that_cannot_be_set_pause_the_campaign_once(installed: Installation, running: Campaign) -> None:
    marking = Marking(installed.settings, installed.database)
    assert not marking.allows(running, MARKED)
    assert not marking.allows(running, MARKED)
    paused = now(installed, running)
    assert (paused.state, (paused.state_reason or "")[:7]) == (CampaignState.PAUSED, "marks: ")
    with installed.database.read() as connection:
        pauses = [row for row in audit.of(connection, running.id) if row["action"] == "pause"]
    assert [(row["actor"], row["detail"]) for row in pauses] == [("marks", {"was": "running"})]


def test_campaign_that_ended_meanwhile_is_left_as_it_ended(
    installed: Installation, running: Campaign
) -> None:
    with installed.database.write() as connection:
        connection.execute(
            update(campaigns).where(campaigns.c.id == running.id).values(state=CampaignState.FINISHED)
        )
    assert not Marking(installed.settings, installed.database).allows(running, MARKED)
    assert now(installed, running).state == CampaignState.FINISHED


def test_signer_needs_certificate_and_key(installed: Installation) -> None:
    chain, key = certificate(days=30)
    home = installed.settings.home
    alone = marker_of(Settings(home=home, c2pa_certificate=chain))
    both = marker_of(Settings(home=home, c2pa_certificate=chain, c2pa_private_key=key))  # type: ignore[arg-type]
    assert (alone.signer is None, both.signer is None) == (True, False)
    assert problem_of(alone, MARKED) is not None
    assert problem_of(both, MARKED) is None
    assert problem_of(alone, FinishProfile()) is None
