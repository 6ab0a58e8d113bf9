"""The error budget to the row, and the heartbeat against the lease."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select, update

from storage.history import audit
from storage.installation import Installation
from storage.queue import campaigns as campaign_rows
from storage.queue import leases
from storage.queue.leases import ASSETS, UTTERANCES
from storage.records import Campaign
from storage.tables import CampaignState, RowStatus, assets, campaigns, utterances
from tests import build
from tests.clock import FrozenClock
from workers.claims.holdings import Holdings
from workers.process.app import WorkerProcess, assemble
from workers.process.sweeper import BUDGET_MIN_ROWS, Heartbeat, Sweeper

ROWS = 40


@pytest.fixture
def installed(tmp_path: Path) -> Iterator[Installation]:
    made = build.installation(tmp_path)
    yield made
    made.close()


@pytest.fixture
def worker(installed: Installation) -> Iterator[WorkerProcess]:
    """Not started."""
    made = assemble(installed)
    yield made
    made.resources.close()


@pytest.fixture
def sweeper(worker: WorkerProcess) -> Sweeper:
    return Sweeper(worker.resources, worker.threads)


def ended(installed: Installation, *, failed: int, stored: int = 0, budget: float | None = 0.1) -> Campaign:
    """A running campaign of `ROWS` rows, so many of them ended."""
    asked = build.brief("Hello {{ name }}.", error_budget=budget)
    campaign = build.submitted(installed, build.people(ROWS), asked).campaign
    with installed.database.write() as connection:
        for status, first, last in (
            (RowStatus.FAILED, 1, failed),
            (RowStatus.STORED, failed + 1, failed + stored),
        ):
            connection.execute(
                update(assets).where(assets.c.row >= first, assets.c.row <= last).values(status=status)
            )
    return campaign


def swept(installed: Installation, sweeper: Sweeper) -> Campaign:
    sweeper.tick()
    with installed.database.read() as connection:
        (campaign,) = campaign_rows.recent(connection)
    return campaign


def test_exactly_the_budget_is_within_it(installed: Installation, sweeper: Sweeper) -> None:
    ended(installed, failed=4, stored=30)
    assert swept(installed, sweeper).state == CampaignState.RUNNING


def test_one_row_above_the_budget_pauses_with_the_numbers(installed: Installation, sweeper: Sweeper) -> None:
    campaign = ended(installed, failed=5, stored=30)
    found = swept(installed, sweeper)
    assert found.state == CampaignState.PAUSED
    assert found.state_reason == "5 of 40 rows failed, more than the error budget of 10.0%"
    with installed.database.read() as connection:
        (note,) = [one for one in audit.of(connection, campaign.id) if one["action"] == "pause"]
    assert (note["actor"], note["detail"]["errors"]) == ("error-budget", 5)


def test_one_row_below_the_budget_goes_on(installed: Installation, sweeper: Sweeper) -> None:
    ended(installed, failed=3, stored=30)
    assert swept(installed, sweeper).state == CampaignState.RUNNING


@pytest.mark.parametrize(
    ("stored", "state"),
    [(BUDGET_MIN_ROWS - 11, CampaignState.RUNNING), (BUDGET_MIN_ROWS - 10, CampaignState.PAUSED)],
)
def test_a_budget_says_nothing_before_so_many_rows_ended(
    stored: int, state: CampaignState, installed: Installation, sweeper: Sweeper
) -> None:
    ended(installed, failed=10, stored=stored)
    assert swept(installed, sweeper).state == state


def test_quarantined_rows_are_errors_too(installed: Installation, sweeper: Sweeper) -> None:
    ended(installed, failed=4, stored=30)
    with installed.database.write() as connection:
        connection.execute(update(assets).where(assets.c.row == 40).values(status=RowStatus.QUARANTINED))
    assert swept(installed, sweeper).state == CampaignState.PAUSED


def test_without_a_budget_every_row_may_fail(installed: Installation, sweeper: Sweeper) -> None:
    ended(installed, failed=39, budget=None)
    assert swept(installed, sweeper).state == CampaignState.RUNNING


def test_a_campaign_that_ended_meanwhile_is_not_paused(installed: Installation, sweeper: Sweeper) -> None:
    ended(installed, failed=10, stored=30)
    assert swept(installed, sweeper).state == CampaignState.FINISHED_WITH_ERRORS


def test_a_sweep_frees_the_rows_of_a_dead_worker_wakes_assets_and_adopts(
    installed: Installation, sweeper: Sweeper, worker: WorkerProcess
) -> None:
    campaign = build.submitted(installed, build.people(3)).campaign
    with installed.database.write() as connection:
        leases.claim(connection, UTTERANCES, campaign_id=campaign.id, worker="dead", lease_ms=60_000, limit=2)
        connection.execute(
            update(utterances).where(utterances.c.status == RowStatus.CLAIMED).values(lease_until_ms=1)
        )
        connection.execute(
            update(utterances).where(utterances.c.status == RowStatus.PENDING).values(status=RowStatus.STORED)
        )
        connection.execute(update(utterances).values(campaign_id="a-campaign-that-is-over"))
    sweeper.tick()
    with installed.database.read() as connection:
        rows = connection.execute(
            select(utterances.c.status, utterances.c.expiries, utterances.c.campaign_id)
        )
        assert sorted(rows.tuples()) == [
            ("pending", 1, campaign.id),
            ("pending", 1, campaign.id),
            ("stored", 0, "a-campaign-that-is-over"),
        ]
        assert len(connection.execute(select(assets).where(assets.c.watch.is_(None))).all()) == 1
    assert worker.resources.meters.value("campaign_freed_rows") == 2


def test_a_sweep_ends_a_campaign_whose_last_row_has(installed: Installation, sweeper: Sweeper) -> None:
    ended(installed, failed=0, stored=40)
    assert swept(installed, sweeper).state == CampaignState.FINISHED


# heartbeat


@pytest.mark.parametrize("lease_ms", [1_000, 30_000])
def test_the_heart_beats_three_times_in_the_life_of_a_lease(lease_ms: int, installed: Installation) -> None:
    holdings = Holdings(installed.database, worker="w1")
    heartbeat = Heartbeat(installed.database, holdings, worker="w1", lease_ms=lease_ms)
    assert heartbeat._every_s * 1000 * 3 == pytest.approx(lease_ms)


def test_a_worker_renews_by_its_own_lease(worker: WorkerProcess, installed: Installation) -> None:
    heartbeat = worker._heartbeat
    assert heartbeat._lease_ms == worker.resources.lease_ms == 1000 * installed.settings.lease_seconds
    assert heartbeat._every_s == pytest.approx(installed.settings.lease_seconds / 3)


def test_a_beat_extends_both_kinds_that_are_in_hand_and_nothing_else(installed: Installation) -> None:
    campaign = build.submitted(installed, build.people(3)).campaign
    clock = FrozenClock(installed.database)
    with installed.database.write() as connection:
        connection.execute(update(assets).where(assets.c.row == 3).values(watch=None))
        held, forgotten = leases.claim(
            connection, UTTERANCES, campaign_id=campaign.id, worker="w1", lease_ms=30_000, limit=2
        )
        (asset,) = leases.claim(
            connection, ASSETS, campaign_id=campaign.id, worker="w1", lease_ms=30_000, limit=1
        )
    holdings = Holdings(installed.database, worker="w1")
    heartbeat = Heartbeat(installed.database, holdings, worker="w1", lease_ms=30_000)
    with holdings.holding(UTTERANCES, [held]), holdings.holding(ASSETS, [asset]):
        clock.advance(20_000)
        heartbeat.tick()
    with installed.database.read() as connection:
        until = dict(connection.execute(select(utterances.c.key, utterances.c.lease_until_ms)).tuples().all())
        assert until[held.key] == clock.now_ms + 30_000
        assert until[forgotten.key] == clock.now_ms + 10_000
        finishing = connection.execute(
            select(assets.c.lease_until_ms).where(assets.c.id == asset.key)
        ).scalar_one()
        assert finishing == clock.now_ms + 30_000
        assert connection.execute(select(campaigns.c.state)).scalar_one() == CampaignState.RUNNING


def held(installed: Installation, start_at_ms: int) -> Campaign:
    campaign = build.submitted(installed, build.people(1), start=False).campaign
    with installed.database.write() as connection:
        connection.execute(update(campaigns).values(t_start_ms=start_at_ms))
    return campaign


def test_a_campaign_starts_when_its_time_has_come(installed: Installation, sweeper: Sweeper) -> None:
    campaign = held(installed, 1)
    assert swept(installed, sweeper).state == CampaignState.RUNNING
    with installed.database.read() as connection:
        assert ("start", "start-at") in [
            (row["action"], row["actor"]) for row in audit.of(connection, campaign.id)
        ]


def test_no_campaign_starts_before_its_time_nor_one_that_was_paused(
    installed: Installation, sweeper: Sweeper
) -> None:
    campaign = held(installed, 1 << 42)
    assert swept(installed, sweeper).state == CampaignState.VALIDATED
    with installed.database.write() as connection:
        campaign_rows.move(connection, campaign.id, CampaignState.PAUSED)
        connection.execute(update(campaigns).values(t_start_ms=1))
    assert swept(installed, sweeper).state == CampaignState.PAUSED
