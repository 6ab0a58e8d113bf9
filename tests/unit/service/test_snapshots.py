"""Counts of campaigns: kept for a moment, counted in the background while somebody asks, and no longer."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from campaign.service.snapshots import Snapshot, Snapshots
from storage.errors import RecordMissingError
from storage.installation import Installation
from storage.names import CampaignId
from tests import build
from tests.waiting import LONGEST_S

MODULE = "campaign.service.snapshots"


@pytest.fixture
def installed(tmp_path: Path) -> Iterator[Installation]:
    made = build.installation(tmp_path / "home")
    build.submitted(made, build.people(2), campaign_id="one")
    yield made
    made.close()


@pytest.fixture
def snapshots(installed: Installation) -> Iterator[Snapshots]:
    made = Snapshots(installed)
    yield made
    made.stop()


def test_first_question_is_answered_by_a_count_and_the_next_by_the_same(snapshots: Snapshots) -> None:
    first = snapshots.of(CampaignId("one"))
    assert first.counts.by_status == {"pending": 2}
    assert snapshots.of(CampaignId("one")) is first


def test_no_campaign_has_no_count(snapshots: Snapshots) -> None:
    with pytest.raises(RecordMissingError, match="none"):
        snapshots.of(CampaignId("none"))


def test_after_something_was_done_the_next_answer_shows_it(
    snapshots: Snapshots, installed: Installation
) -> None:
    snapshots.of(CampaignId("one"))
    build.worked(installed, "one")
    assert snapshots.of(CampaignId("one")).counts.by_status == {"pending": 2}, "nobody counts yet"
    snapshots.forget(CampaignId("one"))
    assert snapshots.of(CampaignId("one")).counts.by_status == {"stored": 2}


def test_while_somebody_asks_it_is_counted_again_in_the_background(
    snapshots: Snapshots, installed: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"{MODULE}.MAX_AGE_S", 0.1)
    snapshots.start()
    assert snapshots.of(CampaignId("one")).counts.by_status == {"pending": 2}
    build.worked(installed, "one")
    deadline = time.monotonic() + LONGEST_S
    while snapshots.of(CampaignId("one")).counts.by_status != {"stored": 2}:
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_what_nobody_asks_about_is_neither_kept_nor_counted(
    snapshots: Snapshots, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"{MODULE}.FORGET_S", 0.05)
    monkeypatch.setattr(f"{MODULE}.MAX_AGE_S", 0.2)
    counted: list[str] = []
    count = snapshots._count

    def noted(name: str) -> Snapshot:
        counted.append(name)
        return count(CampaignId(name))

    monkeypatch.setattr(snapshots, "_count", noted)
    snapshots.start()
    first = snapshots.of(CampaignId("one"))
    time.sleep(0.5)
    so_far = len(counted)
    time.sleep(0.5)
    assert len(counted) == so_far, "counted for nobody"
    assert snapshots.of(CampaignId("one")) is not first


def test_a_campaign_that_went_does_not_stop_the_others_from_being_counted(
    snapshots: Snapshots, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"{MODULE}.MAX_AGE_S", 0.1)
    monkeypatch.setattr(f"{MODULE}.FORGET_S", 10 * LONGEST_S)
    with pytest.raises(RecordMissingError):
        snapshots.of(CampaignId("none"))
    first = snapshots.of(CampaignId("one"))
    snapshots.start()
    deadline = time.monotonic() + LONGEST_S
    while snapshots.of(CampaignId("one")) is first:
        assert time.monotonic() < deadline
        time.sleep(0.02)
