"""Two submits of one id at one moment, and what a submit gives back of a campaign that is there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from campaign.errors import ConflictError
from campaign.submission import submit as module
from storage.installation import Installation
from storage.queue import campaigns as campaign_rows
from storage.registry import presets as preset_rows
from storage.tables import CampaignState
from tests import build


@pytest.fixture
def installed(tmp_path: Path) -> Iterator[Installation]:
    opened = build.installation(tmp_path / "home")
    yield opened
    opened.close()


def overtaken(monkeypatch: pytest.MonkeyPatch, by: Callable[[], object]) -> None:
    """Let `by` happen between the next submit's proposal and its draft."""
    original = module.propose

    def propose(*arguments: Any, **options: Any) -> module.Proposal:
        monkeypatch.setattr(module, "propose", original)
        proposal = original(*arguments, **options)
        by()
        return proposal

    monkeypatch.setattr(module, "propose", propose)


def test_the_same_content_that_was_quicker_is_this_campaign(
    installed: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = build.people(3)
    overtaken(monkeypatch, lambda: build.submitted(installed, rows, campaign_id="one"))
    later = build.submitted(installed, rows, campaign_id="one")
    assert (later.is_new, later.campaign.state) == (False, CampaignState.RUNNING)
    with installed.database.read() as connection:
        assert campaign_rows.progress(connection, "one").rows == 3


def test_other_content_that_was_quicker_is_a_conflict_and_stays_whole(
    installed: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    quicker = build.people(2, prefix="other")
    overtaken(monkeypatch, lambda: build.submitted(installed, quicker, campaign_id="one"))
    with pytest.raises(ConflictError, match="exists with other content"):
        build.submitted(installed, build.people(3), campaign_id="one")
    with installed.database.read() as connection:
        assert campaign_rows.progress(connection, "one").rows == 2


def test_what_was_submitted_is_what_it_was_when_its_voice_is_retired(installed: Installation) -> None:
    first = build.submitted(installed, build.people(1), campaign_id="one")
    with installed.database.write() as connection:
        preset = preset_rows.find(connection, "demo-voice", 1)
        assert preset is not None
        preset_rows.record(connection, preset, "retirement", {"reason": "old"}, actor="test")
    again = build.submitted(installed, build.people(1), campaign_id="one")
    assert (again.is_new, again.campaign.id) == (False, first.campaign.id)
    with pytest.raises(ConflictError, match="was retired"):
        build.submitted(installed, build.people(1), campaign_id="two")
