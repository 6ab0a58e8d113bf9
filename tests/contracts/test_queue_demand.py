"""In whose name a shared utterance is made: who adopts it, to whom it is handed over, and in what order it is made."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from storage.installation import Installation
from storage.names import CampaignId
from storage.queue import assets as asset_rows
from storage.queue import campaigns as campaign_rows
from storage.queue import demand
from storage.queue import utterances as utterance_rows
from storage.queue.demand import SHARED_FIRST
from storage.queue.leases import ASSETS, UTTERANCES
from storage.records import Campaign
from storage.tables import CampaignState, Lane, asset_utterances, assets, campaigns, utterances
from tests import build
from tests.contracts.work import (
    another,
    claim,
    counts,
    die,
    fail,
    move,
    owners,
    row_of,
    state_of,
    status_of,
    store,
)


def shared_key(installed: Installation) -> str:
    """Of the sentence that every campaign here says."""
    with installed.database.read() as connection:
        key: str = connection.execute(
            select(utterances.c.key).order_by(utterances.c.rank).limit(1)
        ).scalar_one()
        return key


def adopt(installed: Installation, campaign: Campaign) -> None:
    with installed.database.write() as connection:
        demand.adopt(connection, campaign.id, campaign.lane)


def owner(installed: Installation) -> str:
    return owners(installed)[shared_key(installed)]


@pytest.fixture
def preview(installed: Installation) -> Campaign:
    """The first of all, and urgent."""
    return another(installed, 1, lane=Lane.PREVIEW)


# adopt


def test_an_equally_urgent_campaign_leaves_what_a_running_one_stands_for(
    installed: Installation, running: Campaign
) -> None:
    other = another(installed)
    adopt(installed, other)
    assert owner(installed) == running.id


def test_a_more_urgent_campaign_takes_what_it_needs_and_no_more(
    installed: Installation, running: Campaign
) -> None:
    other = another(installed, 1, lane=Lane.PREVIEW)
    assert owner(installed) == other.id
    names = owners(installed)
    assert list(names.values()).count(running.id) == 10
    assert list(names.values()).count(other.id) == 2


def test_a_less_urgent_campaign_takes_nothing_from_a_preview(
    installed: Installation, preview: Campaign
) -> None:
    bulk = another(installed, 3)
    adopt(installed, bulk)
    assert owner(installed) == preview.id


@pytest.mark.parametrize("state", [CampaignState.PAUSED, CampaignState.CANCELLED])
def test_what_nobody_running_stands_for_is_adopted_by_whoever_needs_it(
    state: CampaignState, installed: Installation, running: Campaign
) -> None:
    move(installed, running, state)
    other = another(installed)
    assert owner(installed) == other.id


def test_a_campaign_that_is_not_started_gets_what_it_needs_when_it_is(
    installed: Installation, running: Campaign
) -> None:
    other = another(installed, start=False)
    assert owner(installed) == running.id
    move(installed, running, CampaignState.PAUSED)
    assert owner(installed) == running.id, "nobody else runs"
    move(installed, other, CampaignState.RUNNING)
    assert owner(installed) == other.id


def test_what_is_in_hand_or_stored_changes_no_name(installed: Installation, running: Campaign) -> None:
    (held,) = claim(installed, running, limit=1)
    other = another(installed, 1, lane=Lane.PREVIEW)
    assert owners(installed)[held.key] == running.id
    store(installed, [held])
    adopt(installed, other)
    assert owners(installed)[held.key] == running.id


def test_a_campaign_whose_rows_are_done_needs_nothing(installed: Installation, running: Campaign) -> None:
    other = another(installed, 2, start=False)
    move(installed, other, CampaignState.CANCELLED)
    move(installed, running, CampaignState.PAUSED)
    with installed.database.write() as connection:
        demand.adopt(connection, other.id, other.lane)
    assert owner(installed) == running.id


# hand over


def test_the_most_urgent_lane_is_handed_it_before_older_campaigns(
    installed: Installation, preview: Campaign, running: Campaign
) -> None:
    bulk = another(installed, 2, campaign_id="bulk")
    urgent = another(installed, 2, campaign_id="urgent", lane=Lane.PREVIEW)
    assert owner(installed) == preview.id
    assert running.number < bulk.number < urgent.number
    move(installed, preview, CampaignState.PAUSED)
    assert owner(installed) == urgent.id


def test_of_one_lane_the_oldest_is_handed_it(installed: Installation, running: Campaign) -> None:
    second = another(installed, 2, campaign_id="zz-second")
    another(installed, 2, campaign_id="aa-third")
    move(installed, running, CampaignState.PAUSED)
    assert owner(installed) == second.id


def test_only_a_running_campaign_with_open_rows_is_handed_it(
    installed: Installation, running: Campaign
) -> None:
    paused = another(installed, 2, campaign_id="paused")
    done = another(installed, 2, campaign_id="done")
    needy = another(installed, 2, campaign_id="needy")
    build.submitted(installed, build.people(2), build.brief("Other words, {{ name }}."), campaign_id="others")
    move(installed, paused, CampaignState.PAUSED)
    with installed.database.write() as connection:
        connection.execute(update(assets).where(assets.c.campaign_id == done.id).values(status="stored"))
    move(installed, running, CampaignState.PAUSED)
    assert owner(installed) == needy.id


def test_nothing_is_handed_to_a_campaign_that_does_not_need_it(
    installed: Installation, running: Campaign
) -> None:
    other = build.submitted(installed, build.people(2), build.brief("Other words, {{ name }}.")).campaign
    before = owners(installed)
    move(installed, running, CampaignState.PAUSED)
    assert owners(installed) == before
    assert len(claim(installed, other)) == 2


@pytest.mark.parametrize("state", [CampaignState.PAUSED, CampaignState.CANCELLED])
def test_its_own_sentences_stay_in_its_name(
    state: CampaignState, installed: Installation, running: Campaign
) -> None:
    other = another(installed)
    move(installed, running, state)
    names = list(owners(installed).values())
    assert (names.count(running.id), names.count(other.id)) == (10, 3)


def test_what_was_in_hand_when_its_campaign_stopped_is_adopted_once_it_is_free(
    installed: Installation, running: Campaign
) -> None:
    other = another(installed)
    claim(installed, running, limit=1)
    move(installed, running, CampaignState.CANCELLED)
    die(installed)
    assert owner(installed) == running.id
    adopt(installed, other)
    assert owner(installed) == other.id


def test_a_new_need_opens_what_it_says_and_nothing_else_that_failed(
    installed: Installation, running: Campaign
) -> None:
    claims = claim(installed, running, limit=2)
    fail(installed, claims)
    other = another(installed)
    shared, own = sorted(claims, key=lambda held: held.key != shared_key(installed))
    assert (status_of(installed, shared.key), status_of(installed, own.key)) == ("pending", "failed")
    assert owners(installed)[shared.key] == other.id


# in what order


def test_shared_sentences_are_made_first_and_moved_forward_once(
    installed: Installation, running: Campaign
) -> None:
    key = shared_key(installed)
    rank = row_of(installed, UTTERANCES, key).rank
    assert -SHARED_FIRST <= rank < 0
    own = [row_of(installed, UTTERANCES, other).rank for other in owners(installed) if other != key]
    assert all(rank >= 0 for rank in own)
    another(installed)
    assert row_of(installed, UTTERANCES, key).rank == rank


def test_a_sentence_of_two_places_is_moved_forward(installed: Installation) -> None:
    build.submitted(installed, build.people(2), build.brief("Twice. Hello {{ name }}."))
    assert row_of(installed, UTTERANCES, shared_key(installed)).rank < 0


def test_a_sentence_of_one_place_is_not_moved_forward(installed: Installation) -> None:
    build.submitted(installed, build.people(1), build.brief("Once. Hello {{ name }}."))
    with installed.database.read() as connection:
        assert all(rank >= 0 for rank in connection.scalars(select(utterances.c.rank)))


def test_an_asset_waits_for_the_last_of_what_is_missing_and_then_for_nothing(
    installed: Installation, running: Campaign
) -> None:
    first, *rest = claim(installed, running)
    asset = next(iter(watches(installed)))
    own = watches(installed)[asset]
    assert own != first.key
    store(installed, [held for held in rest if held.key == own])
    assert watches(installed)[asset] == first.key
    assert claim(installed, running, ASSETS) == []
    store(installed, [first])
    assert watches(installed)[asset] is None
    assert [held.key for held in claim(installed, running, ASSETS)] == [asset]


def watches(installed: Installation) -> dict[int, str | None]:
    with installed.database.read() as connection:
        return dict(
            connection.execute(select(assets.c.id, assets.c.watch).order_by(assets.c.id)).tuples().all()
        )


def test_a_failed_sentence_fails_an_asset_that_watched_another_one(
    installed: Installation, running: Campaign
) -> None:
    first, *rest = claim(installed, running)
    fail(installed, [first])
    assert counts(installed, running) == {"pending": 10}, "each watches its own last sentence"
    store(installed, rest[:4])
    assert counts(installed, running) == {"pending": 6, "failed": 4}
    with installed.database.read() as connection:
        told = connection.execute(select(assets.c.code, assets.c.reason).where(assets.c.status == "failed"))
        assert set(told.tuples()) == {("engine-crashed", "a reason")}


def test_what_a_crash_left_waiting_for_something_stored_is_woken(
    installed: Installation, running: Campaign
) -> None:
    store(installed, claim(installed, running))
    with installed.database.write() as connection:
        connection.execute(update(assets).values(watch=shared_key(installed)))
    assert claim(installed, running, ASSETS) == []
    with installed.database.write() as connection:
        utterance_rows.wake_all(connection)
    assert len(claim(installed, running, ASSETS)) == 10


def test_only_what_was_stored_is_made_again_for_its_sound(installed: Installation, running: Campaign) -> None:
    (held,) = claim(installed, running, limit=1)
    with installed.database.write() as connection:
        utterance_rows.reopen(connection, [held.key], campaign_id=CampaignId("another"))
    row = row_of(installed, UTTERANCES, held.key)
    assert (row.status, row.campaign_id) == ("claimed", running.id)


def test_a_sentence_whose_sound_is_gone_is_made_again_for_who_asks_and_its_asset_waits(
    installed: Installation, running: Campaign
) -> None:
    other = another(installed)
    store(installed, claim(installed, running))
    store(installed, claim(installed, other))
    key = shared_key(installed)
    held = claim(installed, other, ASSETS)
    with installed.database.write() as connection:
        connection.execute(update(utterances).values(retries=2, deaths_alone=2))
        utterance_rows.reopen(connection, [key], campaign_id=other.id)
        asset_rows.wait_again(connection, held[0], key, worker="w1")
    row = row_of(installed, UTTERANCES, key)
    assert (row.status, row.campaign_id, row.pcm_key, row.pcm_sha256) == ("pending", other.id, None, None)
    assert (row.retries, row.deaths_alone) == (0, 0), "a new chance"
    assert row_of(installed, ASSETS, held[0].key).watch == key
    store(installed, claim(installed, other))
    assert [one.key for one in claim(installed, other, ASSETS)] == [held[0].key]


# drafts


def test_a_dropped_draft_leaves_what_a_later_campaign_asks_for(installed: Installation) -> None:
    draft = another(installed, 2, start=False)
    other = another(installed, 1, campaign_id="later")
    with installed.database.write() as connection:
        connection.execute(
            update(utterances).where(utterances.c.status == "pending").values(campaign_id=draft.id)
        )
        connection.execute(update(campaigns).where(campaigns.c.id == draft.id).values(state="draft"))
        campaign_rows.drop_draft(connection, draft.id)
    assert len(owners(installed)) == 2
    adopt(installed, other)
    assert len(claim(installed, other)) == 2


def test_a_dropped_draft_takes_along_only_what_nobody_else_asks_for(
    installed: Installation, running: Campaign
) -> None:
    other = another(installed, 2, start=False)
    with installed.database.write() as connection:
        connection.execute(update(campaigns).where(campaigns.c.id == other.id).values(state="draft"))
        campaign_rows.drop_draft(connection, other.id)
    assert len(owners(installed)) == 11
    assert status_of(installed, shared_key(installed)) == "pending"
    with installed.database.read() as connection:
        assert campaign_rows.find(connection, other.id) is None
        places = connection.scalars(select(asset_utterances.c.asset_id).distinct()).all()
    assert len(places) == 10
    assert state_of(installed, running) == CampaignState.RUNNING


def test_rows_that_are_opened_again_open_what_they_are_made_of_and_nothing_of_another_campaign(
    installed: Installation, running: Campaign
) -> None:
    other = build.submitted(
        installed, build.people(2, prefix="guest"), build.brief("Goodbye {{ name }}.")
    ).campaign
    mine, theirs = claim(installed, running)[-1], claim(installed, other)[-1]
    for held in (mine, theirs):
        fail(installed, [held])
    with installed.database.write() as connection:
        assert campaign_rows.reopen_rows(connection, running.id) > 0
    assert row_of(installed, UTTERANCES, mine.key).status == "pending"
    assert row_of(installed, UTTERANCES, theirs.key).status == "failed"
