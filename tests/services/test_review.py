"""Listening review: the queue, verdicts, and rejected files made again with the next take."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import select, update

from campaign.errors import ConflictError
from campaign.operations.control import find_campaign
from campaign.operations.suppression import add_persons, remove_persons
from campaign.rerender.review import _next_take, queue, record_verdicts, remake_rejected
from storage.installation import Installation
from storage.names import CampaignId
from storage.tables import asset_versions, assets, runs, utterances
from tests import build
from tests.build import _unwatched
from workers.finish.reading import read_file


@dataclass(frozen=True, slots=True)
class Done:
    installation: Installation
    campaign_id: str


@pytest.fixture
def done(tmp_path: Path) -> Done:
    made = build.installation(tmp_path / "home")
    asked = build.brief("Welcome back, friend. Hello {{ name }}.")
    campaign_id = build.submitted(made, build.people(15), asked).campaign.id
    build.worked(made, campaign_id)
    return Done(made, campaign_id)


def test_queue_has_outliers_first_then_a_sample_and_forgets_what_was_judged(done: Done) -> None:
    with done.installation.database.write() as connection:
        asset = connection.execute(select(assets.c.id).where(assets.c.row == 7)).scalar_one()
        connection.execute(
            update(asset_versions)
            .where(asset_versions.c.asset_id == asset)
            .values(samples=asset_versions.c.samples * 9)
        )
    waiting = queue(done.installation, CampaignId(done.campaign_id), sample=4)
    assert waiting[0].row == 7
    assert "slower than usual" in waiting[0].why
    assert [one.why for one in waiting[1:]] == ["random sample"] * 4
    assert queue(done.installation, CampaignId(done.campaign_id), sample=4) == waiting
    campaign = find_campaign(done.installation, CampaignId(done.campaign_id))
    record_verdicts(done.installation, campaign, accepted=[7], actor="test")
    assert 7 not in [one.row for one in queue(done.installation, CampaignId(done.campaign_id), sample=15)]


def test_a_rejected_file_is_made_again_with_the_next_take_as_a_new_version(done: Done) -> None:
    installation = done.installation
    campaign = find_campaign(installation, CampaignId(done.campaign_id))
    before = build.manifest(installation.store, done.campaign_id)
    record_verdicts(installation, campaign, rejected=[3], reason="swallowed the name", actor="test")
    (made,) = remake_rejected(installation, campaign, watch=_unwatched)
    assert (made.row, made.version, made.takes) == (3, 2, 1)
    after = build.manifest(installation.store, done.campaign_id)
    assert after[2]["version"] == 2
    assert after[2]["runs"] != before[2]["runs"]
    assert [line for line in after if line["row"] != 3] == [line for line in before if line["row"] != 3]
    with installation.database.read() as connection:
        takes = [spec["take"] for spec in connection.scalars(select(utterances.c.spec))]
        seeds = set(connection.scalars(select(runs.c.seed)))
    assert sorted(takes) == [0] * 16 + [1, 1]
    assert len(seeds) == 18
    file = installation.store.get(f"campaigns/{done.campaign_id}/{after[2]['url']}")
    descriptor = read_file(file).descriptor
    assert descriptor is not None
    assert descriptor["version"] == 2
    assert remake_rejected(installation, campaign, watch=_unwatched) == []


def test_best_of_several_takes_is_kept(done: Done) -> None:
    installation = done.installation
    campaign = find_campaign(installation, CampaignId(done.campaign_id))
    record_verdicts(installation, campaign, rejected=[3, 5], actor="test")
    made = remake_rejected(installation, campaign, best_of=3, watch=_unwatched)
    assert [(one.row, one.takes) for one in made] == [(3, 3), (5, 3)]
    after = {line["row"]: line for line in build.manifest(installation.store, done.campaign_id)}
    assert [after[one.row]["version"] for one in made] == [one.version for one in made]
    assert all(one.version in (2, 3, 4) for one in made)


def test_a_take_that_fails_the_checks_is_passed_over(done: Done) -> None:
    installation = done.installation
    campaign = find_campaign(installation, CampaignId(done.campaign_id))
    record_verdicts(installation, campaign, rejected=[3], actor="test")
    with installation.database.write() as connection:
        connection.execute(
            update(assets).where(assets.c.row == 3).values(characters=100_000)
        )  # no sound is long enough
    (made,) = remake_rejected(installation, campaign, best_of=2, watch=_unwatched)
    assert (made.version, made.takes) == (None, 0)
    line = build.manifest(installation.store, done.campaign_id)[2]
    assert (line["status"], line["error"]) == ("failed", "too-short")


def test_who_opted_out_since_gets_no_other_take(done: Done) -> None:
    installation = done.installation
    campaign = find_campaign(installation, CampaignId(done.campaign_id))
    record_verdicts(installation, campaign, rejected=[3, 5], actor="test")
    add_persons(installation, ["PERSON-3"], source="test", actor="test")
    for _ in range(2):
        made = remake_rejected(installation, campaign, watch=_unwatched)
        assert [(one.row, one.version) for one in made if one.opted_out] == [(3, None)]
    lines = build.manifest(installation.store, done.campaign_id)
    assert [(lines[row - 1]["status"], lines[row - 1]["version"]) for row in (3, 5)] == [
        ("stored", 1),
        ("stored", 2),
    ]


def test_a_plan_that_an_opt_out_stopped_does_not_stand_in_the_way(done: Done) -> None:
    installation = done.installation
    campaign = find_campaign(installation, CampaignId(done.campaign_id))
    record_verdicts(installation, campaign, rejected=[3], actor="test")
    _next_take(installation, campaign, [3])
    assert dict(add_persons(installation, ["person-3"], source="test", actor="test").stopped) == {
        campaign.id: 1
    }
    remove_persons(installation, ["person-3"], source="test", actor="test")
    (made,) = remake_rejected(
        installation, find_campaign(installation, CampaignId(done.campaign_id)), watch=_unwatched
    )
    assert (made.row, made.version) == (3, 2)


def test_a_row_without_a_file_cannot_be_judged(done: Done) -> None:
    campaign = find_campaign(done.installation, CampaignId(done.campaign_id))
    with pytest.raises(ConflictError, match="no file to judge"):
        record_verdicts(done.installation, campaign, rejected=[99], actor="test")
