"""An opt-out is a fact on both databases: from its commit on nothing of the person is claimed or becomes stored."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select, update

from campaign.submission.submit import Submission
from storage.installation import Installation
from storage.names import CampaignId
from storage.persons import person_hash
from storage.queue import assets as asset_rows
from storage.queue import campaigns as campaign_rows
from storage.queue import leases, suppressions
from storage.queue.leases import ASSETS
from storage.records import Campaign, Claim
from storage.tables import (
    CampaignState,
    RowStatus,
    SuppressionChange,
    assets,
    suppression_log,
)
from tests import build
from tests.contracts.work import LEASE_MS, stored_asset
from tests.waiting import LONGEST_S


def opted_out(installed: Installation, *ids: str) -> tuple[int, suppressions.Stopped]:
    persons = {person_hash(installed.secret, one): one for one in ids}
    with installed.database.write() as connection:
        added = suppressions.add(connection, persons, source="test", actor="ann")
    with installed.database.write() as connection:
        return added, suppressions.stop_everywhere(connection, list(persons))


def statuses(installed: Installation, campaign: Campaign) -> dict[int, str]:
    with installed.database.read() as connection:
        rows = connection.execute(
            select(assets.c.row, assets.c.status).where(assets.c.campaign_id == campaign.id)
        )
        return dict(rows.tuples().all())


def ready(installed: Installation) -> None:
    """Every asset can be finished."""
    with installed.database.write() as connection:
        connection.execute(update(assets).values(watch=None))


def claimed(installed: Installation, campaign: Campaign, limit: int) -> list[Claim]:
    with installed.database.write() as connection:
        return leases.claim(
            connection, ASSETS, campaign_id=campaign.id, worker="w1", lease_ms=LEASE_MS, limit=limit
        )


def test_rows_that_wait_and_rows_in_hand_are_stopped_and_delivered_ones_counted(
    installed: Installation, running: Campaign
) -> None:
    ready(installed)
    held = claimed(installed, running, 3)
    with installed.database.write() as connection:
        first = [stored_asset(running, held[0])]
        assert asset_rows.store(connection, first, campaign_id=running.id, worker="w1")
    added, stopped = opted_out(installed, "PERSON-1", "person-2", "person-9", "nobody")
    assert added == 4
    assert (dict(stopped.rows), stopped.delivered) == ({running.id: 2}, 1)
    now = statuses(installed, running)
    assert (now[1], now[2], now[3], now[9]) == ("stored", "suppressed", "claimed", "suppressed")
    with installed.database.write() as connection:  # the worker comes with what it had in hand
        rest = [stored_asset(running, one) for one in held[1:]]
        accepted = asset_rows.store(connection, rest, campaign_id=running.id, worker="w1")
    assert accepted == {held[2].key}
    assert statuses(installed, running)[2] == "suppressed"


def test_the_last_open_row_ends_the_campaign(installed: Installation, running: Campaign) -> None:
    opted_out(installed, *(f"person-{number}" for number in range(1, 11)))
    with installed.database.read() as connection:
        assert campaign_rows.get(connection, running.id).state == CampaignState.FINISHED


def test_a_row_that_slipped_through_is_stopped_at_its_claim(
    installed: Installation, running: Campaign
) -> None:
    ready(installed)
    opted_out(installed, "person-1", "person-2")
    with installed.database.write() as connection:  # as if it had been written in the same moment
        connection.execute(update(assets).where(assets.c.row == 1).values(status=RowStatus.PENDING))
    held = [one.key for one in claimed(installed, running, 3)]
    with installed.database.write() as connection:
        assert len(suppressions.stop_claimed(connection, held, worker="w2")) == 0
        assert suppressions.stop_claimed(connection, held, worker="w1") == {held[0]}
    assert statuses(installed, running)[1] == "suppressed"


def test_rows_that_were_read_before_are_stopped_when_their_campaign_becomes_visible(
    installed: Installation, running: Campaign
) -> None:
    opted_out(installed, "person-4")
    with installed.database.write() as connection:
        connection.execute(update(assets).where(assets.c.row == 4).values(status=RowStatus.PENDING))
        assert suppressions.stop(connection, running.id) == 1
        assert suppressions.stop(connection, running.id) == 0
    assert statuses(installed, running)[4] == "suppressed"


def test_nobody_else_is_stopped(installed: Installation, running: Campaign) -> None:
    other = submitted(installed, "else").campaign
    opted_out(installed, "else-1")
    assert set(statuses(installed, running).values()) == {"pending"}
    assert statuses(installed, other) == {1: "suppressed", 2: "pending"}


def submitted(installed: Installation, prefix: str) -> Submission:
    return build.submitted(installed, build.people(2, prefix=prefix), campaign_id=CampaignId(prefix))


def test_who_was_removed_is_called_by_later_campaigns_and_the_log_has_it_all(
    installed: Installation, running: Campaign
) -> None:
    assert opted_out(installed, "person-1")[0] == 1
    assert opted_out(installed, "Person-1")[0] == 0
    person = person_hash(installed.secret, "person-1")
    with installed.database.write() as connection:
        assert suppressions.remove(connection, [person, "0" * 32], source="called back", actor="bob") == 1
        assert suppressions.remove(connection, [person], source="again", actor="bob") == 0
    assert statuses(installed, running)[1] == "suppressed"
    with installed.database.read() as connection:
        assert suppressions.count(connection) == 0
        log = [
            (one.change, one.external_id, one.actor, one.source)
            for one in suppressions.newest(connection, limit=9)
        ]
        assert suppressions.log(connection) == list(
            enumerate(suppressions.newest(connection, limit=9), suppressions.log(connection)[0][0])
        )
    assert log == [
        (SuppressionChange.ADDED, "person-1", "ann", "test"),
        (SuppressionChange.REMOVED, "person-1", "bob", "called back"),
    ]


def test_the_list_is_given_page_by_page_and_an_erased_id_leaves_its_hash(
    installed: Installation, running: Campaign
) -> None:
    ids = [f"p{number}" for number in range(7)]
    opted_out(installed, *ids)
    pages: list[suppressions.OptOut] = []
    with installed.database.write() as connection:
        while page := suppressions.listed(connection, after=pages[-1].person if pages else "", limit=3):
            pages += page
        assert sorted(one.external_id or "" for one in pages) == ids
        suppressions.forget_id(connection, pages[0].person)
        assert suppressions.listed(connection, limit=1)[0].external_id is None
        assert suppressions.among(connection, [pages[0].person]) == {pages[0].person}
        named = select(suppression_log.c.external_id).where(suppression_log.c.person == pages[0].person)
        assert connection.scalars(named).all() == [None]


def test_an_opt_out_waits_for_the_commits_under_way_and_then_holds(
    installed: Installation, running: Campaign
) -> None:
    """As a pause does: two that hold rows of one campaign and wait for each other would both be lost."""
    ready(installed)
    held = claimed(installed, running, 2)
    with ThreadPoolExecutor(1) as pool:
        with installed.database.write() as connection:
            first = [stored_asset(running, held[0])]
            assert asset_rows.store(connection, first, campaign_id=running.id, worker="w1")
            adding = pool.submit(opted_out, installed, "person-2")
            with pytest.raises(TimeoutError):
                adding.result(timeout=0.5)
        _, stopped = adding.result(timeout=LONGEST_S)
    assert (dict(stopped.rows), stopped.delivered) == ({running.id: 1}, 0)


def test_a_row_that_is_published_while_somebody_opts_out_is_not_delivered(
    installed: Installation, running: Campaign
) -> None:
    """The list is committed before rows are stopped: who claims in between sees it."""
    ready(installed)
    with installed.database.write() as connection:
        connection.execute(update(assets).where(assets.c.row == 2).values(status=RowStatus.CANCELLED))
    person = person_hash(installed.secret, "person-2")
    with installed.database.write() as connection:
        suppressions.add(connection, {person: None}, source="test", actor="ann")
    with installed.database.write() as connection:  # published at this moment
        connection.execute(update(assets).where(assets.c.row == 2).values(status=RowStatus.PENDING))
    held = [one.key for one in claimed(installed, running, 5)]
    with installed.database.write() as connection:
        assert suppressions.stop_claimed(connection, held, worker="w1") == {held[1]}


def test_a_row_that_is_made_again_keeps_what_was_delivered(
    installed: Installation, running: Campaign
) -> None:
    ready(installed)
    (held,) = claimed(installed, running, 1)
    with installed.database.write() as connection:
        assert asset_rows.store(
            connection, [stored_asset(running, held)], campaign_id=running.id, worker="w1"
        )
        again = {"status": RowStatus.PENDING, "planned_version": 2}
        connection.execute(update(assets).where(assets.c.id == held.key).values(**again))
    _, stopped = opted_out(installed, "person-1")
    assert (dict(stopped.rows), stopped.delivered) == ({running.id: 1}, 1)
    with installed.database.read() as connection:
        row = connection.execute(select(assets).where(assets.c.id == held.key)).mappings().one()
    assert (row["status"], row["planned_version"], row["current_version"], row["code"]) == (
        "stored",
        1,
        1,
        None,
    )


def test_who_is_kept_by_the_hash_alone_leaves_no_id(installed: Installation, running: Campaign) -> None:
    opted_out(installed, "person-1")
    person = person_hash(installed.secret, "person-1")
    with installed.database.write() as connection:
        assert suppressions.add(connection, {person: None}, source="test", actor="ann") == 0
        assert suppressions.listed(connection)[0].external_id is None
