"""Speech that does not come: nobody works, a text that cannot be said, a store that lost what was made."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from campaign.service.speech import CONTENT_TYPES
from campaign.service.views.speech import SpeechIn
from storage.installation import Installation
from storage.queue import campaigns as campaign_rows
from storage.queue import listeners
from storage.records import Campaign
from storage.tables import CampaignState
from tests import build
from tests.servers.service import RunningService, served
from tests.waiting import LONGEST_S

VOICE = {"voice": "demo-voice@1", "language": "en"}


@pytest.fixture
def idle(tmp_path: Path) -> Iterator[RunningService]:
    """A service beside which nobody works."""
    installation = build.installation(tmp_path / "home")
    with served(installation, works=False) as service:
        yield service
    installation.close()


def speech(service: RunningService, text: str, **asked: object) -> httpx.Response:
    return httpx.post(f"{service.url}/v1/speech", json={**VOICE, "input": text, **asked}, timeout=LONGEST_S)


def requests_of(installation: Installation) -> list[Campaign]:
    with installation.database.read() as connection:
        return [
            campaign_rows.get(connection, campaign.id)
            for campaign in campaign_rows.recent(connection, limit=9)
        ]


def waits_for_nothing(service: RunningService) -> bool:
    """No worker would send sound for any request so far."""
    with service.installation.database.read() as connection:
        return not any(
            listeners.of(connection, campaign.id) for campaign in requests_of(service.installation)
        )


@pytest.mark.parametrize("stream", [None, "audio"])
def test_where_nobody_works_it_says_so_and_listens_no_more(
    idle: RunningService, monkeypatch: pytest.MonkeyPatch, stream: str | None
) -> None:
    monkeypatch.setattr("campaign.service.speech.WAIT_S", 0.3)
    answer = speech(idle, "Is anybody there?", stream_format=stream)
    assert (answer.status_code, "campaign worker" in answer.json()["detail"]) == (503, True)
    [campaign] = requests_of(idle.installation)
    assert campaign.state == CampaignState.RUNNING, "it is paid for, and the next may want it"
    assert waits_for_nothing(idle)


def test_what_cannot_be_said_is_told_by_field_and_nothing_is_left_running(idle: RunningService) -> None:
    answer = speech(idle, "\U0001f600")
    [problem] = answer.json()["errors"]
    assert (answer.status_code, problem["field"]) == (422, "input")
    assert problem["mend"] in answer.json()["detail"]
    [campaign] = requests_of(idle.installation)
    assert campaign.state == CampaignState.CANCELLED
    assert waits_for_nothing(idle)


def test_every_format_that_can_be_asked_for_has_a_type() -> None:
    formats = SpeechIn.model_json_schema()["properties"]["response_format"]["enum"]
    assert set(formats) <= CONTENT_TYPES.keys()
