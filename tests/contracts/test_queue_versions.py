"""Further versions of delivered files: planned, seen by workers once all is, and the old one current until then."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, update

from storage.installation import Installation
from storage.names import CampaignId
from storage.queue import assets as asset_rows
from storage.queue import campaigns as campaign_rows
from storage.queue import remake, reviews, takes
from storage.queue import utterances as utterance_rows
from storage.queue.bulk import insert_utterances
from storage.queue.leases import ASSETS, UTTERANCES
from storage.queue.remake import PlacedUtterance
from storage.queue.reviews import Review
from storage.records import Campaign, Claim, PlannedTake, TakePlace
from storage.tables import (
    CampaignState,
    RowStatus,
    asset_utterances,
    assets,
    utterances,
)
from storage.tables import (
    reviews as review_table,
)
from tests.clock import FrozenClock
from tests.contracts.work import (
    another,
    claim,
    counts,
    fail,
    move,
    owners,
    row_of,
    settle,
    state_of,
    store,
    store_assets,
)
from workers.requests import Spec

ROWS = 10


@pytest.fixture
def delivered(installed: Installation, running: Campaign) -> Campaign:
    """Every file was made, and the campaign ended."""
    store(installed, claim(installed, running))
    store_assets(installed, running, claim(installed, running, ASSETS))
    assert settle(installed, running) == CampaignState.FINISHED
    return running


def ids(installed: Installation, campaign: Campaign) -> list[int]:
    """Assets, by row."""
    with installed.database.read() as connection:
        mine = select(assets.c.id).where(assets.c.campaign_id == campaign.id).order_by(assets.c.row)
        return list(connection.scalars(mine))


def places(installed: Installation, campaign: Campaign, *rows: int) -> list[PlacedUtterance]:
    with installed.database.read() as connection:
        return remake.placed_utterances(connection, campaign.id, rows)


def new_words(installed: Installation, campaign: Campaign, *keys: str, characters: int = 7) -> None:
    voice = (campaign.preset, campaign.pin_id, campaign.engine, campaign.engine_revision)
    rows = [(key, campaign.id, RowStatus.PENDING, 1, {"take": 1}, *voice, characters) for key in keys]
    with installed.database.write() as connection:
        insert_utterances(connection, rows)


def plan(
    installed: Installation, campaign: Campaign, added: list[tuple[int, int, int, str, int | None]]
) -> int:
    with installed.database.write() as connection:
        remake.add_places(connection, [(*place, None) for place in added])
        return remake.plan_added(connection, campaign.id)


def in_file(installed: Installation, held: Claim) -> list[str]:
    """The utterances that a worker is given for an asset in its hands."""
    with installed.database.read() as connection:
        (work,) = asset_rows.load(connection, [held])
    return [part.utterance_key for part in work.parts]


def test_sentences_are_in_their_places_in_whatever_order_they_were_written(
    installed: Installation, delivered: Campaign
) -> None:
    first, *_ = ids(installed, delivered)
    expected = [one.key for one in places(installed, delivered, 1)]
    begins = asset_utterances.c.asset_id == first, asset_utterances.c.position == 0
    with installed.database.write() as connection:
        row = connection.execute(select(asset_utterances).where(*begins)).one()
        connection.execute(asset_utterances.delete().where(*begins))
        connection.execute(asset_utterances.insert().values(row._asdict()))
        connection.execute(update(assets).where(assets.c.id == first).values(status=RowStatus.PENDING))
        remake.start(connection, delivered.id)
    (held,) = claim(installed, delivered, ASSETS)
    assert in_file(installed, held) == expected
    assert [one.key for one in places(installed, delivered, 1)] == expected
    assert [one.position for one in taken(installed, delivered, 1)] == [0, 1]


def test_the_places_of_a_plan_are_told_in_the_order_of_rows_and_sentences(
    installed: Installation, delivered: Campaign
) -> None:
    found = places(installed, delivered, 2, 1)
    assert [one.row for one in found] == [1, 1, 2, 2]
    assert found[0].key == found[2].key != found[1].key
    assert Spec.from_json(found[1].spec).spans[0].text == "Hello Mae."
    assert [one.pause_after_ms for one in found] == [None] * 4
    with installed.database.write() as connection:
        connection.execute(update(asset_utterances).values(pause_after_ms=250))
    assert places(installed, delivered, 1)[0].pause_after_ms == 250
    assert places(installed, delivered) == []


def test_a_plan_that_was_given_is_made_and_nothing_else_while_the_old_file_stays_current(
    installed: Installation, delivered: Campaign
) -> None:
    first, second, *_ = ids(installed, delivered)
    new_words(installed, delivered, "new-a", "new-b")
    assert plan(installed, delivered, [(first, 2, 0, "new-a", None), (first, 2, 1, "new-b", 300)]) == 1
    row = row_of(installed, ASSETS, first)
    assert (row.planned_version, row.current_version, row.characters) == (2, 1, 14)
    assert (row.status, row.watch, row.worker, row.lease_until_ms) == (RowStatus.PENDING, None, None, None)
    assert row_of(installed, ASSETS, second).planned_version == 1
    assert state_of(installed, delivered) == CampaignState.FINISHED
    assert counts(installed, delivered) == {"stored": 9, "pending": 1}
    with installed.database.write() as connection:
        remake.start(connection, delivered.id)
    assert state_of(installed, delivered) == CampaignState.RUNNING
    assert row_of(installed, ASSETS, first).watch in ("new-a", "new-b")
    claims = claim(installed, delivered)
    assert {held.key for held in claims} == {"new-a", "new-b"}
    store(installed, claims)
    (held,) = claim(installed, delivered, ASSETS)
    assert held.key == first
    assert in_file(installed, held) == ["new-a", "new-b"], "and nothing of version 1"
    with installed.database.read() as connection:
        assert remake.planned_versions(connection, delivered.id, [1, 2]) == {1: 2, 2: 1}
        assert remake.planned_versions(connection, CampaignId("another"), [1, 2]) == {}


def test_a_failed_row_gets_the_new_plan_and_waits_for_retry(
    installed: Installation, delivered: Campaign
) -> None:
    first, second, *_ = ids(installed, delivered)
    with installed.database.write() as connection:
        connection.execute(
            update(assets).where(assets.c.id == first).values(status=RowStatus.FAILED, code="x")
        )
        connection.execute(update(assets).where(assets.c.id == second).values(status=RowStatus.ERASED))
    new_words(installed, delivered, "new-a")
    assert plan(installed, delivered, [(first, 2, 0, "new-a", None), (second, 2, 0, "new-a", None)]) == 0
    row = row_of(installed, ASSETS, first)
    assert (row.status, row.code, row.planned_version, row.characters) == (RowStatus.FAILED, "x", 2, 7)
    assert row_of(installed, ASSETS, second).planned_version == 1
    with installed.database.read() as connection:
        assert remake.broken_rows(connection, delivered.id) == [1]
        assert remake.broken_rows(connection, CampaignId("another")) == []


def test_a_row_that_never_had_a_plan_is_none_that_retry_must_find_one_for(
    installed: Installation, delivered: Campaign
) -> None:
    first = ids(installed, delivered)[0]
    with installed.database.write() as connection:
        connection.execute(update(assets).where(assets.c.id == first).values(status=RowStatus.FAILED))
        connection.execute(asset_utterances.delete().where(asset_utterances.c.asset_id == first))
        assert remake.broken_rows(connection, delivered.id) == []


def test_retry_opens_no_row_that_has_no_plan_of_the_version_it_is_at(
    installed: Installation, delivered: Campaign
) -> None:
    first, second, *_ = ids(installed, delivered)
    with installed.database.write() as connection:
        connection.execute(
            update(assets).where(assets.c.id.in_([first, second])).values(status=RowStatus.FAILED)
        )
        connection.execute(update(assets).where(assets.c.id == first).values(planned_version=2))
        assert campaign_rows.reopen_rows(connection, delivered.id) == 1
    assert row_of(installed, ASSETS, first).status == RowStatus.FAILED
    assert row_of(installed, ASSETS, second).status == RowStatus.PENDING


def test_an_interrupted_plan_is_forgotten_and_what_was_made_is_not(
    installed: Installation, delivered: Campaign
) -> None:
    other = another(installed)
    first = ids(installed, delivered)[0]
    theirs = ids(installed, other)[0]
    with installed.database.write() as connection:
        remake.add_places(connection, [(first, 2, 0, "k", None, None), (theirs, 2, 0, "k", None, None)])
        remake.forget_plans(connection, delivered.id)
        left = connection.execute(
            select(asset_utterances.c.asset_id, asset_utterances.c.version).where(
                asset_utterances.c.version > 1
            )
        )
        assert left.tuples().all() == [(theirs, 2)]
    assert len(places(installed, delivered, 1)) == 2


def test_the_same_words_can_be_planned_again_for_every_stored_file(
    installed: Installation, delivered: Campaign
) -> None:
    first, second, *_ = ids(installed, delivered)
    with installed.database.write() as connection:
        connection.execute(update(asset_utterances).values(pause_after_ms=99))
        connection.execute(update(assets).where(assets.c.id == second).values(status=RowStatus.FAILED))
    before = places(installed, delivered, 1)
    with installed.database.write() as connection:
        assert remake.plan_same(connection, delivered.id) == ROWS - 1
    assert places(installed, delivered, 1) == before
    with installed.database.write() as connection:
        connection.execute(update(assets).where(assets.c.id == first).values(status=RowStatus.STORED))
        assert remake.plan_same(connection, delivered.id) == 1
    assert places(installed, delivered, 1) == before, "of the version that was planned, not of all"
    row = row_of(installed, ASSETS, first)
    assert (row.planned_version, row.current_version, row.status) == (3, 1, RowStatus.PENDING)
    assert row_of(installed, ASSETS, second).planned_version == 1


def test_sound_that_is_to_be_made_again_is_remembered_by_digest_and_forgotten(
    installed: Installation, delivered: Campaign
) -> None:
    with installed.database.write() as connection:
        connection.execute(update(utterances).values(retries=3, campaign_id="another"))
        assert remake.forget_sound(connection, delivered.id) == {}, "nothing is open"
        remake.plan_same(connection, delivered.id)
        known = remake.forget_sound(connection, delivered.id)
        remake.start(connection, delivered.id)
    assert known == {key: key for key in owners(installed)}
    assert set(owners(installed).values()) == {delivered.id}
    row = row_of(installed, UTTERANCES, next(iter(known)))
    assert (row.status, row.pcm_key, row.pcm_sha256, row.retries) == (RowStatus.PENDING, None, None, 0)
    assert len(claim(installed, delivered)) == 11


def test_what_failed_is_tried_again_when_workers_are_let_in(
    installed: Installation, delivered: Campaign
) -> None:
    first = ids(installed, delivered)[0]
    new_words(installed, delivered, "new-a")
    plan(installed, delivered, [(first, 2, 0, "new-a", None)])
    with installed.database.write() as connection:
        connection.execute(
            update(utterances)
            .where(utterances.c.key == "new-a")
            .values(status=RowStatus.QUARANTINED, deaths_alone=3)
        )
        remake.start(connection, delivered.id)
    assert [held.key for held in claim(installed, delivered)] == ["new-a"]
    assert row_of(installed, UTTERANCES, "new-a").deaths_alone == 0


# reviews


def test_verdicts_are_kept_with_all_that_was_said_oldest_first(
    installed: Installation, delivered: Campaign, clock: FrozenClock
) -> None:
    other = another(installed)
    first, second, *_ = ids(installed, delivered)
    with installed.database.write() as connection:
        reviews.note(connection, second, 1, verdict="rejected", reason="swallowed", actor="ann")
        reviews.note(connection, ids(installed, other)[0], 1, verdict="accepted", reason="", actor="ann")
    clock.advance(5)
    with installed.database.write() as connection:
        reviews.note(connection, first, 2, verdict="accepted", reason="", actor="ben")
        assert reviews.of_campaign(connection, delivered.id) == [
            Review(
                row=2, version=1, verdict="rejected", reason="swallowed", actor="ann", t_ms=clock.now_ms - 5
            ),
            Review(row=1, version=2, verdict="accepted", reason="", actor="ben", t_ms=clock.now_ms),
        ]
        assert len(connection.execute(select(review_table)).all()) == 3


def taken(installed: Installation, campaign: Campaign, *rows: int) -> list[TakePlace]:
    with installed.database.read() as connection:
        return takes.places(connection, campaign.id, rows)


def test_the_places_of_a_take_say_everything_that_a_next_one_needs(
    installed: Installation, delivered: Campaign
) -> None:
    found = taken(installed, delivered, 1, 2)
    assert [(one.asset_id & 0xFF, one.version, one.position) for one in found] == [
        (1, 1, 0),
        (1, 1, 1),
        (2, 1, 0),
        (2, 1, 1),
    ]
    one = found[1]
    assert (one.preset, one.pin_id, one.engine) == (delivered.preset, delivered.pin_id, delivered.engine)
    assert one.engine_revision == delivered.engine_revision
    assert one.characters == len("Hello Mae.") and one.rank >= 0 > found[0].rank
    assert Spec.from_json(one.spec).spans[0].text == "Hello Mae."
    assert taken(installed, another(installed), 3) == []


def test_a_next_take_is_planned_for_what_was_made_or_failed_and_for_nothing_else(
    installed: Installation, delivered: Campaign
) -> None:
    first, second, third, *_ = ids(installed, delivered)
    with installed.database.write() as connection:
        connection.execute(update(assets).where(assets.c.id == second).values(status=RowStatus.CANCELLED))
        connection.execute(
            update(assets).where(assets.c.id == third).values(status=RowStatus.FAILED, code="x", retries=4)
        )
        anew = [
            PlannedTake(one, f"take-{one.asset_id}-{one.position}", {"take": 2})
            for one in taken(installed, delivered, 1, 2, 3)
        ]
        assert takes.plan_takes(connection, delivered.id, anew) == 2
    for asset in (first, third):
        row = row_of(installed, ASSETS, asset)
        assert (row.status, row.planned_version, row.watch, row.code, row.retries) == (
            *(RowStatus.PENDING, 2, None),
            *(None, 0),
        )
    assert row_of(installed, ASSETS, second).planned_version == 1
    planned = places(installed, delivered, 1)
    assert [one.key for one in planned] == [f"take-{first}-0", f"take-{first}-1"]
    row = row_of(installed, UTTERANCES, f"take-{first}-1")
    before = taken(installed, delivered, 1)[1]
    assert (row.campaign_id, row.status, row.spec) == (delivered.id, RowStatus.PENDING, {"take": 2})
    assert (row.preset, row.pin_id, row.engine, row.engine_revision, row.characters, row.rank) == (
        *(before.preset, before.pin_id, before.engine),
        *(before.engine_revision, before.characters, before.rank),
    )


def test_an_earlier_version_can_be_made_current_unless_the_row_is_at_work_or_gone(
    installed: Installation, delivered: Campaign
) -> None:
    first, second, third, fourth, *_ = ids(installed, delivered)
    with installed.database.write() as connection:
        connection.execute(update(assets).where(assets.c.id == fourth).values(current_version=2))
    for asset, status in ((first, "failed"), (second, "pending"), (third, "erased")):
        with installed.database.write() as connection:
            mine: Any = assets.c.id == asset
            connection.execute(
                update(assets).where(mine).values(status=status, current_version=2, code="x", reason="y")
            )
            reviews.choose(connection, asset, 1)
    row = row_of(installed, ASSETS, first)
    assert (row.status, row.current_version, row.code, row.reason) == (RowStatus.STORED, 1, None, None)
    for asset, status in ((second, "pending"), (third, "erased")):
        row = row_of(installed, ASSETS, asset)
        assert (row.status, row.current_version) == (status, 2)
    assert row_of(installed, ASSETS, fourth).current_version == 2, "one file is chosen, not every one"


def test_versions_above_one_are_told_oldest_first(installed: Installation, delivered: Campaign) -> None:
    first = ids(installed, delivered)[0]
    with installed.database.read() as connection:
        assert [one.version for one in reviews.versions(connection, first, above=0)] == [1]
        assert reviews.versions(connection, first, above=1) == []


# failing


def test_a_failed_take_fails_its_row_and_the_file_before_it_stays_current(
    installed: Installation, delivered: Campaign
) -> None:
    first = ids(installed, delivered)[0]
    new_words(installed, delivered, "new-a")
    plan(installed, delivered, [(first, 2, 0, "new-a", None)])
    with installed.database.write() as connection:
        remake.start(connection, delivered.id)
    fail(installed, claim(installed, delivered))
    row = row_of(installed, ASSETS, first)
    assert (row.status, row.current_version) == (RowStatus.FAILED, 1)
    assert settle(installed, delivered) == CampaignState.FINISHED_WITH_ERRORS
    move(installed, delivered, CampaignState.RUNNING)
    with installed.database.read() as connection:
        assert utterance_rows.depth(connection) == 0
