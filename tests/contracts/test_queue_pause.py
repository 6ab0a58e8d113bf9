"""Pause, cancel and settle: moves that wait for claims and commits under way, and ends that are ends."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator

import pytest
from sqlalchemy import select, update

from storage.errors import StateError
from storage.installation import Installation
from storage.queue import assets as asset_rows
from storage.queue import campaigns as campaign_rows
from storage.queue import leases
from storage.queue import utterances as utterance_rows
from storage.queue.leases import ASSETS, UTTERANCES
from storage.records import Campaign
from storage.tables import CampaignState, RowStatus, assets, campaigns, events
from tests import build
from tests.contracts.work import (
    LEASE_MS,
    another,
    claim,
    counts,
    move,
    row_of,
    settle,
    state_of,
    status_of,
    store,
    store_assets,
    stored_asset,
    stored_utterance,
)
from tests.waiting import LONGEST_S

SHORT_S = 0.3
STOPPED = pytest.mark.parametrize("state", [CampaignState.PAUSED, CampaignState.CANCELLED])


@contextlib.contextmanager
def moving(installed: Installation, campaign: Campaign, to: CampaignState) -> Iterator[threading.Event]:
    """The move in a thread; the event is set when it returned. It must have, soon after the block."""
    done = threading.Event()

    def run() -> None:
        move(installed, campaign, to)
        done.set()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    yield done
    assert done.wait(LONGEST_S)
    thread.join()


@STOPPED
def test_a_move_waits_for_a_claim_under_way_and_none_follows(
    state: CampaignState, installed: Installation, running: Campaign
) -> None:
    with contextlib.ExitStack() as later, installed.database.write() as connection:
        assert campaign_rows.lock_running(connection, {running.id}) == {running.id}
        done = later.enter_context(moving(installed, running, state))
        assert not done.wait(SHORT_S), "it returned in the middle of a claim"
        held = leases.claim(
            connection, UTTERANCES, campaign_id=running.id, worker="w1", lease_ms=LEASE_MS, limit=1
        )
    assert len(held) == 1
    assert claim(installed, running) == []
    assert store(installed, held) == set()


@STOPPED
def test_a_move_waits_for_a_commit_under_way_and_nothing_becomes_stored_after_it(
    state: CampaignState, installed: Installation, running: Campaign
) -> None:
    first, second = claim(installed, running, limit=2)
    with contextlib.ExitStack() as later, installed.database.write() as connection:
        made = [stored_utterance(first)]
        assert utterance_rows.store(connection, made, worker="w1").keys == {first.key}
        done = later.enter_context(moving(installed, running, state))
        assert not done.wait(SHORT_S), "it returned in the middle of a commit"
    assert status_of(installed, first.key) == "stored"
    assert store(installed, [second]) == set()
    assert status_of(installed, second.key) == "pending"


@STOPPED
def test_a_move_waits_for_a_file_that_is_being_committed(
    state: CampaignState, installed: Installation, running: Campaign
) -> None:
    store(installed, claim(installed, running))
    first, second = claim(installed, running, ASSETS, limit=2)
    with contextlib.ExitStack() as later, installed.database.write() as connection:
        done_assets = asset_rows.store(
            connection, [stored_asset(running, first)], campaign_id=running.id, worker="w1"
        )
        assert done_assets == {first.key}
        done = later.enter_context(moving(installed, running, state))
        assert not done.wait(SHORT_S), "it returned in the middle of a commit"
    assert store_assets(installed, running, [second]) == set()
    assert row_of(installed, ASSETS, first.key).status == "stored"
    left = "pending" if state == CampaignState.PAUSED else "cancelled"
    assert counts(installed, running) == {"stored": 1, left: 9}


@STOPPED
def test_a_claim_waits_for_a_move_under_way_and_finds_nothing(
    state: CampaignState, installed: Installation, running: Campaign
) -> None:
    taken: list[int] = []
    done = threading.Event()

    def take() -> None:
        taken.append(len(claim(installed, running)))
        done.set()

    thread = threading.Thread(target=take, daemon=True)
    with installed.database.write() as connection:
        campaign_rows.move(connection, running.id, state)
        thread.start()
        assert not done.wait(SHORT_S), "it claimed while the campaign was being stopped"
    assert done.wait(LONGEST_S)
    thread.join()
    assert taken == [0]


def test_of_two_moves_at_once_the_second_is_judged_by_where_the_first_led(
    installed: Installation, running: Campaign
) -> None:
    refused: list[str] = []
    done = threading.Event()

    def pause() -> None:
        try:
            move(installed, running, CampaignState.PAUSED)
        except StateError as exc:
            refused.append(str(exc))
        done.set()

    thread = threading.Thread(target=pause, daemon=True)
    with installed.database.write() as connection:
        campaign_rows.move(connection, running.id, CampaignState.CANCELLED)
        thread.start()
        assert not done.wait(SHORT_S)
    assert done.wait(LONGEST_S)
    thread.join()
    assert refused and "is cancelled: it cannot become paused" in refused[0]
    assert state_of(installed, running) == CampaignState.CANCELLED


def test_sound_for_two_campaigns_is_stored_while_one_of_them_runs(
    installed: Installation, running: Campaign
) -> None:
    other = another(installed)
    held = claim(installed, running, limit=1)
    move(installed, running, CampaignState.PAUSED)
    with installed.database.write() as connection:
        accepted = utterance_rows.store(connection, [stored_utterance(held[0])], worker="w1")
    assert accepted.keys == {held[0].key}
    move(installed, other, CampaignState.PAUSED)
    assert status_of(installed, held[0].key) == "stored"


def test_sound_that_the_other_campaign_no_longer_needs_is_given_back(
    installed: Installation, running: Campaign
) -> None:
    other = another(installed)
    held = claim(installed, running, limit=1)
    move(installed, running, CampaignState.PAUSED)
    with installed.database.write() as connection:
        connection.execute(
            update(assets).where(assets.c.campaign_id == other.id).values(status=RowStatus.FAILED)
        )
    assert store(installed, held) == set()
    assert status_of(installed, held[0].key) == "pending"


def test_sound_of_a_cancelled_campaign_is_given_back_where_the_running_one_says_other_words(
    installed: Installation, running: Campaign
) -> None:
    build.submitted(installed, build.people(2), build.brief("Something else, {{ name }}."))
    held = claim(installed, running, limit=1)
    move(installed, running, CampaignState.CANCELLED)
    assert store(installed, held) == set()


def test_one_commit_stores_what_its_own_campaign_needs_and_what_another_does(
    installed: Installation, running: Campaign
) -> None:
    other = another(installed)
    shared = claim(installed, running, limit=1)
    move(installed, running, CampaignState.PAUSED)
    own = claim(installed, other)
    assert len(own) == 2
    assert store(installed, [*shared, *own]) == {held.key for held in (*shared, *own)}


def test_a_move_is_told_with_where_it_led_from_and_an_end_with_its_rows(
    installed: Installation, running: Campaign
) -> None:
    move(installed, running, CampaignState.PAUSED)
    move(installed, running, CampaignState.CANCELLED)
    with installed.database.read() as connection:
        mine = select(events.c.kind, events.c.body).where(events.c.campaign_id == running.id)
        told = dict(connection.execute(mine.order_by(events.c.id)).tuples().all())
    assert told["campaign.paused"] == {"state": "paused", "was": "running"}
    assert told["campaign.cancelled"] == {"state": "cancelled", "was": "paused", "rows": {"cancelled": 10}}


def test_paused_rows_go_on_where_they_were(installed: Installation, running: Campaign) -> None:
    store(installed, claim(installed, running, limit=4))
    move(installed, running, CampaignState.PAUSED)
    assert state_of(installed, running) == CampaignState.PAUSED
    move(installed, running, CampaignState.RUNNING)
    assert len(claim(installed, running, ASSETS)) == 3
    assert len(claim(installed, running)) == 7


# settle


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (RowStatus.PENDING, None),
        (RowStatus.CLAIMED, None),
        (RowStatus.STORED, CampaignState.FINISHED),
        (RowStatus.SUPPRESSED, CampaignState.FINISHED),
        (RowStatus.CANCELLED, CampaignState.FINISHED),
        (RowStatus.ERASED, CampaignState.FINISHED),
        (RowStatus.FAILED, CampaignState.FINISHED_WITH_ERRORS),
        (RowStatus.QUARANTINED, CampaignState.FINISHED_WITH_ERRORS),
    ],
)
def test_a_campaign_ends_when_its_last_row_has_and_says_how(
    status: RowStatus, expected: CampaignState | None, installed: Installation, running: Campaign
) -> None:
    another(installed, 1)
    with installed.database.write() as connection:
        mine = assets.c.campaign_id == running.id
        connection.execute(update(assets).where(mine).values(status=RowStatus.STORED))
        connection.execute(update(assets).where(mine, assets.c.row == 7).values(status=status))
    assert settle(installed, running) == expected
    assert state_of(installed, running) == (expected or CampaignState.RUNNING)
    assert settle(installed, running) is None, "it ends once"
    with installed.database.read() as connection:
        ended = campaign_rows.get(connection, running.id).t_finished_ms
    assert (ended is None) == (expected is None)


@pytest.mark.parametrize("state", [state for state in CampaignState if state != CampaignState.RUNNING])
def test_only_a_running_campaign_is_settled(
    state: CampaignState, installed: Installation, running: Campaign
) -> None:
    with installed.database.write() as connection:
        connection.execute(update(assets).values(status=RowStatus.STORED))
        connection.execute(update(campaigns).values(state=state))
    assert settle(installed, running) is None
    assert state_of(installed, running) == state


def test_cancelling_ends_open_rows_and_leaves_what_was_delivered(
    installed: Installation, running: Campaign
) -> None:
    store(installed, claim(installed, running))
    store_assets(installed, running, claim(installed, running, ASSETS, limit=3))
    (held,) = claim(installed, running, ASSETS, limit=1)
    move(installed, running, CampaignState.PAUSED)
    move(installed, running, CampaignState.CANCELLED)
    assert counts(installed, running) == {"stored": 3, "cancelled": 7}
    row = row_of(installed, ASSETS, held.key)
    assert (row.worker, row.lease_until_ms) == (None, None)


def test_a_retried_campaign_runs_again_and_has_no_end(installed: Installation, running: Campaign) -> None:
    with installed.database.write() as connection:
        connection.execute(update(assets).values(status=RowStatus.FAILED))
    settle(installed, running)
    with installed.database.write() as connection:
        campaign_rows.mark_reported(connection, running.id)
        assert campaign_rows.unreported(connection) == []
        campaign_rows.move(connection, running.id, CampaignState.RUNNING)
        again = campaign_rows.get(connection, running.id)
    assert (again.t_finished_ms, again.t_reported_ms) == (None, None)
    assert again.t_queued_ms == running.t_queued_ms
