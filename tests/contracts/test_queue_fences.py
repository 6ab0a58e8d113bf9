"""The fence of every commit: whoever holds a row no longer changes nothing of it, whatever it wants to do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select, update

from storage.installation import Installation
from storage.queue import assets as asset_rows
from storage.queue import leases
from storage.queue.leases import ASSETS, UTTERANCES, Work
from storage.records import Campaign, Claim
from storage.tables import RowStatus, asset_versions
from tests.contracts.work import (
    claim,
    claim_suspects,
    die,
    fail,
    fail_assets,
    postpone,
    row_of,
    store,
    store_assets,
)

Act = Callable[[Installation, Campaign, Claim, str], Any]


def _released(work: Work) -> Act:
    def act(installed: Installation, _campaign: Campaign, held: Claim, worker: str) -> int:
        with installed.database.write() as connection:
            return leases.release(connection, work, [held], worker=worker)

    return act


def _suspected(work: Work) -> Act:
    def act(installed: Installation, _campaign: Campaign, held: Claim, worker: str) -> int:
        with installed.database.write() as connection:
            return leases.suspect(connection, work, [held], worker=worker)

    return act


def _postponed(work: Work) -> Act:
    return lambda installed, _campaign, held, worker: postpone(
        installed, work, held, delay_ms=1, worker=worker
    )


def _waiting_again(installed: Installation, _campaign: Campaign, held: Claim, worker: str) -> None:
    with installed.database.write() as connection:
        asset_rows.wait_again(connection, held, "some key", worker=worker)


ACTS: dict[str, tuple[Work, Act]] = {
    "store an utterance": (UTTERANCES, lambda i, _c, held, worker: store(i, [held], worker=worker)),
    "fail an utterance": (UTTERANCES, lambda i, _c, held, worker: fail(i, [held], worker=worker)),
    "postpone an utterance": (UTTERANCES, _postponed(UTTERANCES)),
    "release an utterance": (UTTERANCES, _released(UTTERANCES)),
    "suspect an utterance": (UTTERANCES, _suspected(UTTERANCES)),
    "store an asset": (ASSETS, lambda i, c, held, worker: store_assets(i, c, [held], worker=worker)),
    "fail an asset": (ASSETS, lambda i, _c, held, worker: fail_assets(i, [held], worker=worker)),
    "postpone an asset": (ASSETS, _postponed(ASSETS)),
    "release an asset": (ASSETS, _released(ASSETS)),
    "suspect an asset": (ASSETS, _suspected(ASSETS)),
    "let an asset wait again": (ASSETS, _waiting_again),
}


@pytest.fixture(params=ACTS)
def act(request: pytest.FixtureRequest) -> tuple[Work, Act]:
    return ACTS[request.param]


def fresh_claim(installed: Installation, running: Campaign, work: Work) -> tuple[Claim, Claim]:
    """(the attempt that died, the one that holds the row now), both of w1."""
    if work is ASSETS:
        store(installed, claim(installed, running))
    (stale,) = claim(installed, running, work, limit=1)
    die(installed)
    (fresh,) = claim_suspects(installed, running, work)
    assert (fresh.key, fresh.attempt) == (stale.key, stale.attempt + 1)
    return stale, fresh


def test_only_the_attempt_that_holds_a_row_changes_it(
    act: tuple[Work, Act], installed: Installation, running: Campaign
) -> None:
    work, do = act
    stale, fresh = fresh_claim(installed, running, work)
    before = row_of(installed, work, fresh.key)
    assert not do(installed, running, stale, "w1"), "an attempt that died, under its worker's name"
    assert row_of(installed, work, fresh.key) == before
    assert not do(installed, running, fresh, "w2"), "another worker"
    assert row_of(installed, work, fresh.key) == before
    do(installed, running, fresh, "w1")
    row = row_of(installed, work, fresh.key)
    assert row.status != RowStatus.CLAIMED
    assert (row.worker, row.lease_until_ms, row.attempt) == (None, None, fresh.attempt)


def test_a_row_that_is_not_claimed_is_changed_by_nobody_and_a_fence_is_of_one_row(
    act: tuple[Work, Act], installed: Installation, running: Campaign
) -> None:
    work, do = act
    if work is ASSETS:
        store(installed, claim(installed, running))
    first, second = claim(installed, running, work, limit=2)
    before = row_of(installed, work, second.key)
    do(installed, running, first, "w1")
    assert row_of(installed, work, second.key) == before
    with installed.database.write() as connection:
        mine = work.key == second.key
        connection.execute(update(work.table).where(mine).values(status=RowStatus.STORED))
    before = row_of(installed, work, second.key)
    assert not do(installed, running, second, "w1")
    assert row_of(installed, work, second.key) == before


def test_a_stale_file_leaves_no_version_and_the_right_one_exactly_one(
    installed: Installation, running: Campaign
) -> None:
    stale, fresh = fresh_claim(installed, running, ASSETS)
    assert store_assets(installed, running, [stale], sha256="a" * 64) == set()
    assert store_assets(installed, running, [fresh], sha256="b" * 64) == {fresh.key}
    assert store_assets(installed, running, [fresh], sha256="c" * 64) == set()
    with installed.database.read() as connection:
        kept = connection.execute(select(asset_versions.c.asset_id, asset_versions.c.sha256)).tuples().all()
        assert kept == [(fresh.key, "b" * 64)]
        current = connection.execute(
            select(func.max(asset_versions.c.version)).where(asset_versions.c.asset_id == fresh.key)
        ).scalar_one()
    assert row_of(installed, ASSETS, fresh.key).current_version == current == 1


def test_of_a_batch_the_rows_that_are_still_held_are_stored(
    installed: Installation, running: Campaign
) -> None:
    claims = claim(installed, running, limit=4)
    with installed.database.write() as connection:
        leases.release(connection, UTTERANCES, claims[:1], worker="w1")
    (taken,) = claim(installed, running, limit=1, worker="w2")
    assert taken.key == claims[0].key
    assert store(installed, claims, run_id="old") == {one.key for one in claims[1:]}
    assert store(installed, [taken], worker="w2", run_id="new") == {taken.key}
    assert row_of(installed, UTTERANCES, taken.key).run_id == "new"


def test_who_gives_rows_back_hears_how_many_were_its_own(installed: Installation, running: Campaign) -> None:
    claims = claim(installed, running, worker="one", limit=2)
    others = claim(installed, running, worker="two", limit=1)
    assert (len(claims), len(others)) == (2, 1)
    with installed.database.write() as connection:
        assert leases.release(connection, UTTERANCES, [*claims, *others], worker="one") == 2
        assert leases.release(connection, UTTERANCES, [*others, *claims], worker="two") == 1
