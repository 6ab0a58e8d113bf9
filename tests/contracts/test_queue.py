"""Contract 1 and 2 on SQLite and PostgreSQL: claims, fences, suspects, sharing, pause, cancel, retry."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import func, select, update

from storage.errors import StateError
from storage.installation import Installation
from storage.queue import campaigns as campaign_rows
from storage.queue import leases
from storage.queue import utterances as utterance_rows
from storage.queue.leases import ASSETS, DEATHS_TO_QUARANTINE, UTTERANCES
from storage.records import Campaign, Claim, Failure
from storage.tables import CampaignState, RowStatus, asset_versions, utterances
from tests import build
from tests.contracts.work import LEASE_MS, claim, claim_suspects, counts, die, status_of, store, store_assets
from workers.requests import Spec


def test_shared_utterance_is_one_row_and_is_claimed_first(installed: Installation, running: Campaign) -> None:
    with installed.database.read() as connection:
        assert connection.execute(select(func.count()).select_from(utterances)).scalar_one() == 11
    first = claim(installed, running, limit=1)[0]
    with installed.database.read() as connection:
        work = utterance_rows.load(connection, [first])[0]
    assert Spec.from_json(work.spec).spans[0].text == "Welcome back, friend."


def test_two_workers_never_hold_the_same_row(installed: Installation, running: Campaign) -> None:
    taken: list[list[Claim]] = []
    start = threading.Barrier(4)

    def take(worker: str) -> None:
        start.wait()
        taken.extend(claim(installed, running, worker=worker, limit=2) for _ in range(3))

    threads = [threading.Thread(target=take, args=(f"w{number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    keys = [held.key for claims in taken for held in claims]
    assert len(keys) == len(set(keys)) == 11


def test_asset_is_claimable_once_all_its_utterances_are_stored(
    installed: Installation, running: Campaign
) -> None:
    assert claim(installed, running, ASSETS) == []
    claims = claim(installed, running)
    store(installed, claims[:1])
    assert claim(installed, running, ASSETS) == []
    store(installed, claims[1:4])
    assert len(claim(installed, running, ASSETS)) == 3


def test_utterances_stored_at_the_same_moment_wake_their_asset(
    installed: Installation, running: Campaign
) -> None:
    claims = claim(installed, running)
    start = threading.Barrier(len(claims))

    def put(held: Claim) -> None:
        start.wait()
        store(installed, [held])

    threads = [threading.Thread(target=put, args=(held,)) for held in claims]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(claim(installed, running, ASSETS)) == 10


def test_stale_worker_is_fenced(installed: Installation, running: Campaign) -> None:
    stale = claim(installed, running, limit=1)
    die(installed)
    fresh = claim_suspects(installed, running, worker="w2")
    assert fresh[0].key == stale[0].key
    assert store(installed, stale, worker="w1") == set()
    assert store(installed, fresh, worker="w2") == {fresh[0].key}


def test_renewed_lease_does_not_expire(installed: Installation, running: Campaign) -> None:
    held = claim(installed, running, limit=1)
    with installed.database.write() as connection:
        connection.execute(update(utterances).where(utterances.c.key == held[0].key).values(lease_until_ms=1))
        assert leases.renew(connection, UTTERANCES, [held[0].key], worker="w1", lease_ms=LEASE_MS) == 1
        assert campaign_rows.expire_all(connection) == 0


def test_suspects_are_claimed_in_ever_smaller_batches_at_last_alone(
    installed: Installation, running: Campaign
) -> None:
    claim(installed, running, limit=8)
    sizes = []
    for _ in range(8):
        die(installed)
        sizes.append(len(claim_suspects(installed, running)))
    assert sizes[0] == 4
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[-1] == 1


def test_poison_row_is_quarantined_alone_and_every_neighbour_completes(
    installed: Installation, running: Campaign
) -> None:
    poison = claim(installed, running, limit=100)[4].key
    die(installed)
    for _ in range(100):
        claims = claim_suspects(installed, running)
        if not claims:
            break
        if poison in {held.key for held in claims}:
            die(installed)
        else:
            store(installed, claims)
    with installed.database.read() as connection:
        by_status: dict[RowStatus, int] = dict(
            connection.execute(select(utterances.c.status, func.count()).group_by(utterances.c.status))
            .tuples()
            .all()
        )
    assert by_status == {"stored": 10, "quarantined": 1}
    assert status_of(installed, poison) == "quarantined"


def test_kills_of_a_healthy_batch_quarantine_nobody(installed: Installation, running: Campaign) -> None:
    for _ in range(DEATHS_TO_QUARANTINE):
        claim(installed, running, limit=11)
        claim_suspects(installed, running)
        die(installed)
    with installed.database.read() as connection:
        quarantined = connection.execute(
            select(func.count()).where(utterances.c.status == RowStatus.QUARANTINED)
        ).scalar_one()
    assert quarantined == 0


def test_giving_back_counts_for_nothing(installed: Installation, running: Campaign) -> None:
    for _ in range(2 * DEATHS_TO_QUARANTINE):
        held = claim(installed, running, limit=1)
        with installed.database.write() as connection:
            assert leases.release(connection, UTTERANCES, held, worker="w1") == 1
    with installed.database.read() as connection:
        row = connection.execute(select(utterances).where(utterances.c.key == held[0].key)).one()
    assert (row.status, row.expiries, row.deaths_alone) == ("pending", 0, 0)


def test_after_pause_nothing_is_claimed_and_nothing_becomes_stored(
    installed: Installation, running: Campaign
) -> None:
    in_hand = claim(installed, running, limit=3)
    with installed.database.write() as connection:
        campaign_rows.move(connection, running.id, CampaignState.PAUSED)
    assert claim(installed, running) == []
    assert store(installed, in_hand) == set()
    assert status_of(installed, in_hand[0].key) == "pending"
    with installed.database.write() as connection:
        campaign_rows.move(connection, running.id, CampaignState.RUNNING)
    assert len(claim(installed, running)) == 11


def test_finished_asset_is_not_stored_after_cancel(installed: Installation, running: Campaign) -> None:
    store(installed, claim(installed, running))
    in_hand = claim(installed, running, ASSETS, limit=5)
    with installed.database.write() as connection:
        campaign_rows.move(connection, running.id, CampaignState.CANCELLED)
    assert store_assets(installed, running, in_hand) == set()
    assert counts(installed, running) == {"cancelled": 10}


def test_what_another_campaign_needs_is_kept_when_its_first_asker_is_cancelled(
    installed: Installation, running: Campaign
) -> None:
    asked = build.brief("Welcome back, friend. Good morning {{ name }}.")
    other = build.submitted(installed, build.people(2), asked).campaign
    shared = claim(installed, running, limit=1)
    with installed.database.write() as connection:
        campaign_rows.move(connection, running.id, CampaignState.CANCELLED)
    assert store(installed, shared) == {shared[0].key}
    assert len(claim(installed, other)) == 2


def test_pending_utterances_pass_to_another_campaign_that_needs_them(
    installed: Installation, running: Campaign
) -> None:
    asked = build.brief("Welcome back, friend. Good morning {{ name }}.")
    other = build.submitted(installed, build.people(2), asked).campaign
    assert len(claim(installed, other, limit=1)) == 1
    with installed.database.write() as connection:
        leases.release_all(connection, worker="w1")
        campaign_rows.move(connection, running.id, CampaignState.PAUSED)
    assert len(claim(installed, other)) == 3


def test_failed_utterance_fails_its_assets_and_only_those(installed: Installation, running: Campaign) -> None:
    claims = claim(installed, running)
    own = claims[1]
    with installed.database.write() as connection:
        failure = Failure(claim=own, code="unspeakable", reason="a reason")
        assert utterance_rows.fail(connection, [failure], worker="w1") == {own.key}
    store(installed, [held for held in claims if held.key != own.key])
    ready = claim(installed, running, ASSETS)
    assert len(ready) == 9
    store_assets(installed, running, ready)
    assert counts(installed, running) == {"stored": 9, "failed": 1}
    with installed.database.write() as connection:
        assert campaign_rows.settle(connection, running.id) == CampaignState.FINISHED_WITH_ERRORS


def test_retry_opens_failed_rows_and_what_they_need(installed: Installation, running: Campaign) -> None:
    claims = claim(installed, running)
    with installed.database.write() as connection:
        failure = Failure(claim=claims[0], code="engine-crashed", reason="a reason")
        utterance_rows.fail(connection, [failure], worker="w1")
    store(installed, claims[1:])
    with installed.database.write() as connection:
        utterance_rows.fail_dependents(connection)
        campaign_rows.settle(connection, running.id)
        assert campaign_rows.reopen_rows(connection, running.id) == 10
        campaign_rows.move(connection, running.id, CampaignState.RUNNING)
    again = claim(installed, running)
    assert [held.key for held in again] == [claims[0].key]
    store(installed, again)
    assert len(claim(installed, running, ASSETS)) == 10


def test_campaign_finishes_only_when_every_row_is_terminal(
    installed: Installation, running: Campaign
) -> None:
    store(installed, claim(installed, running))
    ready = claim(installed, running, ASSETS)
    store_assets(installed, running, ready[:9])
    with installed.database.write() as connection:
        assert campaign_rows.settle(connection, running.id) is None
    store_assets(installed, running, ready[9:])
    with installed.database.write() as connection:
        assert campaign_rows.settle(connection, running.id) == CampaignState.FINISHED
    with installed.database.read() as connection:
        assert connection.execute(select(func.count()).select_from(asset_versions)).scalar_one() == 10


def test_second_commit_of_the_same_asset_is_refused(installed: Installation, running: Campaign) -> None:
    store(installed, claim(installed, running))
    ready = claim(installed, running, ASSETS, limit=1)
    assert store_assets(installed, running, ready) == {ready[0].key}
    assert store_assets(installed, running, ready) == set()


@pytest.mark.parametrize(
    ("first", "then"),
    [
        (CampaignState.CANCELLED, CampaignState.RUNNING),
        (CampaignState.FINISHED, CampaignState.PAUSED),
        (CampaignState.RUNNING, CampaignState.DRAFT),
    ],
)
def test_guarded_moves_are_refused(
    installed: Installation, running: Campaign, first: CampaignState, then: CampaignState
) -> None:
    with installed.database.write() as connection:
        campaign_rows.move(connection, running.id, first)
    with pytest.raises(StateError), installed.database.write() as connection:
        campaign_rows.move(connection, running.id, then)


def test_failed_utterance_gets_a_new_chance_in_a_new_campaign(
    installed: Installation, running: Campaign
) -> None:
    claims = claim(installed, running)
    with installed.database.write() as connection:
        failure = Failure(claim=claims[0], code="engine-crashed", reason="a reason")
        utterance_rows.fail(connection, [failure], worker="w1")
    asked = build.brief("Welcome back, friend. Good morning {{ name }}.")
    other = build.submitted(installed, build.people(2), asked).campaign
    assert claims[0].key in {held.key for held in claim(installed, other)}
