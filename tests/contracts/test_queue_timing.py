"""Delays and leases to the millisecond, on a clock that stands still: postponed rows, leases, quarantine by deaths."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import update

from storage.installation import Installation
from storage.queue import campaigns as campaign_rows
from storage.queue import leases
from storage.queue import utterances as utterance_rows
from storage.queue.leases import ASSETS, DEATHS_TO_QUARANTINE, UTTERANCES, Work
from storage.records import Campaign, Claim
from storage.tables import CampaignState, RowStatus, assets, utterances
from tests.clock import FrozenClock
from tests.contracts.work import (
    LEASE_MS,
    another,
    claim,
    claim_suspects,
    counts,
    die,
    fail,
    move,
    postpone,
    row_of,
    status_of,
    store,
)

DELAY_MS = 10_000
BOTH = pytest.mark.parametrize("work", [UTTERANCES, ASSETS], ids=["utterances", "assets"])


def ready(installed: Installation, running: Campaign, work: Work) -> None:
    """Make rows of this kind claimable."""
    if work is ASSETS:
        store(installed, claim(installed, running))


def expire(installed: Installation, **options: Any) -> int:
    with installed.database.write() as connection:
        return campaign_rows.expire_all(connection, **options)


@BOTH
def test_postponed_row_is_claimable_at_its_time_and_not_a_millisecond_before(
    work: Work, installed: Installation, running: Campaign, clock: FrozenClock
) -> None:
    ready(installed, running, work)
    (held,) = claim(installed, running, work, limit=1)
    assert postpone(installed, work, held, delay_ms=DELAY_MS)
    row = row_of(installed, work, held.key)
    assert (row.status, row.worker, row.lease_until_ms) == (RowStatus.PENDING, None, None)
    assert (row.retries, row.code, row.reason) == (1, "store-failed", "away")
    others = claim(installed, running, work, worker="w2")
    assert held.key not in {one.key for one in others}
    clock.advance(DELAY_MS - 1)
    assert claim(installed, running, work) == []
    clock.advance(1)
    assert claim(installed, running, work) == [Claim(held.key, held.attempt + 1)]


@BOTH
def test_postponed_suspect_waits_as_well(
    work: Work, installed: Installation, running: Campaign, clock: FrozenClock
) -> None:
    ready(installed, running, work)
    claim(installed, running, work, limit=1)
    die(installed)
    (held,) = claim_suspects(installed, running, work)
    assert postpone(installed, work, held, delay_ms=DELAY_MS)
    clock.advance(DELAY_MS - 1)
    assert claim_suspects(installed, running, work) == []
    clock.advance(1)
    assert [one.key for one in claim_suspects(installed, running, work)] == [held.key]


def test_postponed_suspects_do_not_keep_others_of_their_group_waiting(
    installed: Installation, running: Campaign, clock: FrozenClock
) -> None:
    claim(installed, running, limit=4)
    die(installed)
    first = claim_suspects(installed, running)
    for held in first:
        postpone(installed, UTTERANCES, held, delay_ms=DELAY_MS)
    second = claim_suspects(installed, running)
    assert (len(first), len(second)) == (2, 2)
    assert not {one.key for one in first} & {one.key for one in second}


def test_postponed_suspects_do_not_keep_smaller_groups_waiting(
    installed: Installation, running: Campaign, clock: FrozenClock
) -> None:
    large = claim(installed, running, limit=6)
    small = claim(installed, running, limit=2, worker="w2")
    die(installed)
    for _ in range(2):
        for held in claim_suspects(installed, running):
            assert held.key in {one.key for one in large}
            postpone(installed, UTTERANCES, held, delay_ms=DELAY_MS)
    assert [one.key for one in claim_suspects(installed, running)] == [small[0].key]


def test_each_postponement_counts_and_a_new_chance_forgets_them_and_the_delay(
    installed: Installation, running: Campaign, clock: FrozenClock
) -> None:
    key = claim(installed, running, limit=1)[0].key
    store(installed, claim(installed, running))
    with installed.database.write() as connection:
        connection.execute(
            update(utterances).where(utterances.c.key == key).values(expiries=2, deaths_alone=2)
        )
    for expected in (1, 2, 3):
        row = row_of(installed, UTTERANCES, key)
        held = Claim(key, row.attempt)
        postpone(installed, UTTERANCES, held, delay_ms=DELAY_MS)
        with installed.database.read() as connection:
            assert leases.retries(connection, UTTERANCES, held) == expected
        clock.advance(DELAY_MS)
        assert key in {one.key for one in claim_suspects(installed, running)}
    last = Claim(key, row_of(installed, UTTERANCES, key).attempt)
    postpone(installed, UTTERANCES, last, delay_ms=DELAY_MS)
    clock.advance(DELAY_MS)
    (held,) = claim_suspects(installed, running)
    fail(installed, [held])
    with installed.database.write() as connection:
        assert campaign_rows.reopen_rows(connection, running.id) == 10
    row = row_of(installed, UTTERANCES, key)
    assert (row.status, row.retries, row.expiries, row.deaths_alone) == (RowStatus.PENDING, 0, 0, 0)
    assert (row.not_before_ms, row.code, row.reason) == (0, None, None)


@BOTH
def test_lease_holds_to_its_last_millisecond_and_no_longer(
    work: Work, installed: Installation, running: Campaign, clock: FrozenClock
) -> None:
    ready(installed, running, work)
    (held,) = claim(installed, running, work, limit=1)
    assert row_of(installed, work, held.key).lease_until_ms == clock.now_ms + LEASE_MS
    clock.advance(LEASE_MS)
    assert expire(installed) == 0
    clock.advance(1)
    assert expire(installed) == 1
    assert row_of(installed, work, held.key).status == RowStatus.PENDING


@BOTH
def test_renewed_lease_runs_from_now_for_its_worker_alone(
    work: Work, installed: Installation, running: Campaign, clock: FrozenClock
) -> None:
    ready(installed, running, work)
    mine = claim(installed, running, work, limit=2)
    theirs = claim(installed, running, work, limit=1, worker="w2")
    clock.advance(LEASE_MS)
    keys = [one.key for one in (*mine, *theirs)]
    with installed.database.write() as connection:
        assert leases.renew(connection, work, keys, worker="w1", lease_ms=LEASE_MS) == 2
        assert leases.renew(connection, work, [], worker="w1", lease_ms=LEASE_MS) == 0
    assert row_of(installed, work, mine[0].key).lease_until_ms == clock.now_ms + LEASE_MS
    clock.advance(1)
    assert expire(installed) == 1
    assert row_of(installed, work, theirs[0].key).status == RowStatus.PENDING


def test_a_row_that_is_no_longer_claimed_has_no_lease_to_renew(
    installed: Installation, running: Campaign
) -> None:
    held = claim(installed, running, limit=1)
    store(installed, held)
    with installed.database.write() as connection:
        assert leases.renew(connection, UTTERANCES, [held[0].key], worker="w1", lease_ms=LEASE_MS) == 0
    assert row_of(installed, UTTERANCES, held[0].key).lease_until_ms is None


def test_when_no_worker_can_be_alive_every_lease_ends_at_once(
    installed: Installation, running: Campaign
) -> None:
    store(installed, claim(installed, running, limit=5))
    claim(installed, running, limit=2)
    claim(installed, running, ASSETS, limit=1)
    assert expire(installed) == 0
    assert expire(installed, everything=True) == 3
    assert counts(installed, running) == {"pending": 10}


def test_a_worker_that_stops_gives_back_both_kinds_of_its_own_rows(
    installed: Installation, running: Campaign
) -> None:
    store(installed, claim(installed, running, limit=5))
    mine = claim(installed, running, limit=2)
    claim(installed, running, ASSETS, limit=1)
    theirs = claim(installed, running, limit=1, worker="w2")
    with installed.database.write() as connection:
        assert leases.release_all(connection, worker="w1") == 3
    assert status_of(installed, mine[0].key) == "pending"
    assert status_of(installed, theirs[0].key) == "claimed"
    row = row_of(installed, UTTERANCES, mine[0].key)
    assert (row.expiries, row.worker, row.lease_until_ms) == (0, None, None)


# suspects


def test_suspects_are_halved_to_one_exactly(installed: Installation, running: Campaign) -> None:
    claim(installed, running, limit=8)
    sizes = []
    for _ in range(7):
        die(installed)
        sizes.append(len(claim_suspects(installed, running)))
    assert sizes == [4, 4, 2, 2, 2, 2, 1]


@pytest.mark.parametrize(("size", "then"), [(1, 1), (2, 1), (3, 1), (5, 2), (11, 5)])
def test_a_group_is_half_of_the_claim_it_died_in_rounded_down_and_never_empty(
    size: int, then: int, installed: Installation, running: Campaign
) -> None:
    claim(installed, running, limit=size)
    die(installed)
    assert len(claim_suspects(installed, running)) == then


def test_fresh_rows_and_suspects_are_never_in_one_claim(installed: Installation, running: Campaign) -> None:
    suspects = {one.key for one in claim(installed, running, limit=4)}
    die(installed)
    fresh = claim(installed, running)
    assert len(fresh) == 7 and not suspects & {one.key for one in fresh}
    with installed.database.write() as connection:
        assert leases.is_waiting(connection, UTTERANCES, campaign_id=running.id)
        leases.release_all(connection, worker="w1")
    assert {one.key for one in claim_suspects(installed, running)} < suspects


def test_how_many_fresh_rows_were_claimed_with_says_nothing_of_suspects(
    installed: Installation, running: Campaign
) -> None:
    suspects = {one.key for one in claim(installed, running, limit=4)}
    die(installed)
    claim(installed, running)
    with installed.database.write() as connection:
        leases.release_all(connection, worker="w1")
    group = claim_suspects(installed, running)
    assert len(group) == 2 and {one.key for one in group} < suspects


def test_a_suspect_is_claimed_for_a_lease_as_any_row_is(
    installed: Installation, running: Campaign, clock: FrozenClock
) -> None:
    claim(installed, running, limit=1)
    die(installed)
    (held,) = claim_suspects(installed, running)
    assert row_of(installed, UTTERANCES, held.key).lease_until_ms == clock.now_ms + LEASE_MS


def test_a_death_leaves_what_was_said_of_the_row_before(installed: Installation, running: Campaign) -> None:
    (held,) = claim(installed, running, limit=1)
    postpone(installed, UTTERANCES, held, delay_ms=0)
    claim(installed, running, limit=1)
    die(installed)
    row = row_of(installed, UTTERANCES, held.key)
    assert (row.code, row.reason, row.expiries) == ("store-failed", "away", 1)


def test_a_campaign_waits_for_its_own_rows_and_not_for_another_s(
    installed: Installation, running: Campaign
) -> None:
    other = another(installed)
    claim(installed, other)
    with installed.database.read() as connection:
        waiting = [leases.is_waiting(connection, UTTERANCES, campaign_id=one.id) for one in (running, other)]
    assert waiting == [True, False]


@BOTH
def test_quarantine_takes_exactly_so_many_deaths_alone(
    work: Work, installed: Installation, running: Campaign
) -> None:
    ready(installed, running, work)
    (held,) = claim(installed, running, work, limit=1)
    for death in range(1, DEATHS_TO_QUARANTINE + 1):
        assert row_of(installed, work, held.key).status == RowStatus.CLAIMED
        assert die(installed) == 1
        row = row_of(installed, work, held.key)
        assert (row.deaths_alone, row.expiries) == (death, death)
        if death < DEATHS_TO_QUARANTINE:
            assert (row.status, row.code) == (RowStatus.PENDING, None)
            assert [one.key for one in claim_suspects(installed, running, work)] == [held.key]
    assert (row.status, row.code) == (RowStatus.QUARANTINED, "killed-its-worker")
    assert "3 workers died" in row.reason
    assert (row.worker, row.lease_until_ms) == (None, None)
    assert claim_suspects(installed, running, work) == []


@pytest.mark.parametrize("table", [utterances, assets])
def test_a_row_that_its_worker_calls_suspect_is_one_of_a_lease_that_ran_out(
    table: Any, installed: Installation, running: Campaign
) -> None:
    work = UTTERANCES if table is utterances else ASSETS
    ready(installed, running, work)
    held = claim(installed, running, work, limit=2)
    with installed.database.write() as connection:
        assert leases.suspect(connection, work, held, worker="w1") == 2
    row = row_of(installed, work, held[0].key)
    assert (row.status, row.expiries, row.deaths_alone) == (RowStatus.PENDING, 1, 0)
    assert [one.key for one in claim_suspects(installed, running, work)] == [held[0].key]


def test_quarantined_utterance_takes_the_assets_that_need_it_along_with_its_reason(
    installed: Installation, running: Campaign
) -> None:
    claims = claim(installed, running)
    own = claims[3]
    store(installed, [one for one in claims if one is not own])
    for _ in range(DEATHS_TO_QUARANTINE):
        with installed.database.write() as connection:
            connection.execute(update(utterances).where(utterances.c.key == own.key).values(claimed_with=1))
        die(installed)
        claim_suspects(installed, running)
    assert status_of(installed, own.key) == "quarantined"
    with installed.database.write() as connection:
        utterance_rows.fail_dependents(connection)
    assert counts(installed, running) == {"pending": 9, "quarantined": 1}
    with installed.database.read() as connection:
        broken = [
            row
            for row in connection.execute(assets.select().where(assets.c.campaign_id == running.id))
            if row.status == RowStatus.QUARANTINED
        ]
    assert [(one.code, "3 workers died" in one.reason) for one in broken] == [("killed-its-worker", True)]


@pytest.mark.parametrize("take", [claim, claim_suspects])
def test_nothing_of_another_campaign_is_claimed(
    take: Callable[..., list[Claim]], installed: Installation, running: Campaign
) -> None:
    other = another(installed, 2)
    mine = {one.key for one in claim(installed, running)}
    theirs = {one.key for one in claim(installed, other)}
    assert (len(mine), len(theirs)) == (11, 2)
    die(installed)
    if take is claim_suspects:
        taken = {one.key for _ in range(20) for one in take(installed, other)}
        assert taken == theirs
    else:
        assert take(installed, other) == []
    move(installed, other, CampaignState.PAUSED)
    assert claim(installed, other) == []


@BOTH
def test_a_clock_that_is_set_back_leaves_no_row_to_a_dead_worker_and_none_put_off(
    work: Work, installed: Installation, running: Campaign, clock: FrozenClock
) -> None:
    ready(installed, running, work)
    dead, delayed = claim(installed, running, work, limit=2)
    assert postpone(installed, work, delayed, delay_ms=DELAY_MS)
    clock.advance(-3_600_000)
    alive = claim(installed, running, work, worker="w2", limit=1)
    assert delayed.key in {one.key for one in alive + claim(installed, running, work, worker="w2")}
    assert expire(installed) == 0
    assert expire(installed, lease_ms=LEASE_MS) == 1
    assert row_of(installed, work, dead.key).status == RowStatus.PENDING
    assert row_of(installed, work, alive[0].key).status == RowStatus.CLAIMED


@BOTH
def test_a_clock_that_is_set_ahead_fences_and_blames_nobody(
    work: Work, installed: Installation, running: Campaign, clock: FrozenClock
) -> None:
    ready(installed, running, work)
    held = claim(installed, running, work, limit=2)
    clock.advance(3_600_000)
    assert expire(installed, lease_ms=LEASE_MS) == 2
    with installed.database.write() as connection:
        assert leases.release(connection, work, held, worker="w1") == 0
    assert {row_of(installed, work, one.key).status for one in held} == {RowStatus.PENDING}
    assert {row_of(installed, work, one.key).deaths_alone for one in held} == {0}
