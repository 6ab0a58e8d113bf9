"""A campaign that is held for a time: until then, whoever asks; past times and other times are refused."""

from __future__ import annotations

import pytest

from campaign.errors import ConflictError, InputError
from campaign.operations import control
from campaign.operations.control import find_campaign
from campaign.operations.foreground import wait_for_start
from storage.clock import read_now_ms
from storage.installation import Installation
from storage.names import CampaignId
from storage.queue import starts
from storage.tables import CampaignState
from tests import build

MINE = CampaignId("mine")
FAR_MS = 1 << 42


def now_ms(installed: Installation) -> int:
    with installed.database.read() as connection:
        return read_now_ms(connection)


def submitted(installed: Installation, start_at_ms: int | None) -> bool:
    done = build.submitted(installed, build.people(1), campaign_id=MINE, start_at_ms=start_at_ms)
    return done.is_new


def test_it_is_held_and_the_same_again_is_the_same_campaign(installed: Installation) -> None:
    assert [submitted(installed, FAR_MS), submitted(installed, FAR_MS)] == [True, False]
    campaign = find_campaign(installed, MINE)
    assert (campaign.state, campaign.t_start_ms) == (CampaignState.VALIDATED, FAR_MS)


def test_a_time_that_is_past_is_refused_before_anything_is_kept(installed: Installation) -> None:
    with pytest.raises(InputError, match="is past"):
        submitted(installed, now_ms(installed) - 1)
    assert submitted(installed, None)


def test_a_campaign_that_is_held_for_another_time_is_a_conflict(installed: Installation) -> None:
    submitted(installed, FAR_MS)
    with pytest.raises(ConflictError, match="is held until"):
        submitted(installed, FAR_MS + 1000)


def test_nobody_starts_it_before_its_time(installed: Installation) -> None:
    submitted(installed, FAR_MS)
    with installed.database.write() as connection:
        assert starts.start_if_due(connection, MINE) is False
    assert find_campaign(installed, MINE).state == CampaignState.VALIDATED


def test_a_command_that_waits_starts_it_when_its_time_comes(installed: Installation) -> None:
    submitted(installed, now_ms(installed) + 300)
    assert wait_for_start(installed, MINE, every_s=0.05).state == CampaignState.RUNNING
    assert now_ms(installed) >= (find_campaign(installed, MINE).t_start_ms or FAR_MS)
    assert submitted(installed, 1) is False  # what runs is not asked for its time


@pytest.mark.parametrize(
    ("act", "state"),
    [("pause", CampaignState.PAUSED), ("cancel", CampaignState.CANCELLED), ("resume", CampaignState.RUNNING)],
)
def test_whoever_moves_it_ends_the_waiting(installed: Installation, act: str, state: CampaignState) -> None:
    submitted(installed, FAR_MS)
    said = {"reason": ""} if act == "pause" else {}
    getattr(control, act)(installed, MINE, actor="test", **said)
    assert wait_for_start(installed, MINE).state == state


def test_a_held_one_gets_a_time_and_another_time(installed: Installation) -> None:
    asked = build.brief(timezone="Asia/Tokyo")
    build.submitted(installed, build.people(1), asked, campaign_id=MINE, start=False)
    control.start_at(installed, MINE, "2999-01-01T10:00Z", actor="test")
    assert find_campaign(installed, MINE).t_start_ms == 32472180000000
    control.start_at(installed, MINE, "2999-01-01 10:00", actor="test")
    campaign = find_campaign(installed, MINE)
    assert (campaign.waits_for_its_time, campaign.t_start_ms) == (True, 32472147600000)


@pytest.mark.parametrize(
    ("written", "error", "said"),
    [
        ("2026-01-01T10:00Z", InputError, "is past. Give a later time, or none"),
        ("soon", InputError, "'soon' is no time of ISO 8601; write it as"),
        ("2999-01-01 10:00", InputError, "write its offset, or say the time zone"),
    ],
)
def test_a_time_that_is_none_leaves_it_held_as_it_was(
    installed: Installation, written: str, error: type[Exception], said: str
) -> None:
    build.submitted(installed, build.people(1), campaign_id=MINE, start=False)
    with pytest.raises(error, match=said):
        control.start_at(installed, MINE, written, actor="test")
    assert not find_campaign(installed, MINE).waits_for_its_time


def test_what_runs_gets_no_time(installed: Installation) -> None:
    submitted(installed, None)
    with pytest.raises(ConflictError, match="mine is running: only a held one"):
        control.start_at(installed, MINE, "2999-01-01T10:00Z", actor="test")
