"""The outbox: each event once to each URL, by one sender at a time, and an erased person's URLs only until all know."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, select, update

from storage.history import events as outbox
from storage.history.events import ERASED, OLDEST_MS, Delivery
from storage.installation import Installation
from storage.names import CampaignId
from storage.tables import events, webhook_deliveries

ONE, TWO = "https://one.example/hook", "https://two.example/hook"


@pytest.fixture
def connection(installed: Installation) -> Iterator[Connection]:
    with installed.database.write() as opened:
        outbox.add(opened, CampaignId("autumn"), ERASED, {"rows": 1, "urls": ["https://cdn.example/a"]})
        yield opened


def claims(connection: Connection, *urls: str) -> list[Delivery]:
    return [mine for url in urls if (mine := outbox.claim(connection, url)) is not None]


def claimed(connection: Connection, *urls: str) -> list[tuple[str, int]]:
    return [(mine.url, mine.attempts) for mine in claims(connection, *urls)]


def test_event_is_addressed_once_to_each_url(connection: Connection) -> None:
    for _ in range(2):
        outbox.address(connection, [ONE, TWO])
    assert sorted(claimed(connection, ONE, TWO)) == [(ONE, 1), (TWO, 1)]


def test_url_that_is_added_later_is_not_told_of_old_events(connection: Connection) -> None:
    connection.execute(update(events).values(t_ms=events.c.t_ms - OLDEST_MS - 1000))
    outbox.address(connection, [ONE])
    assert claimed(connection, ONE) == []


def test_delivery_in_a_sender_s_hands_is_nobody_else_s_until_its_lease_ends(connection: Connection) -> None:
    outbox.address(connection, [ONE])
    assert claimed(connection, ONE) == [(ONE, 1)]
    assert claimed(connection, ONE) == []
    connection.execute(update(webhook_deliveries).values(not_before_ms=0))
    assert claimed(connection, ONE) == [(ONE, 2)]


def test_what_was_not_delivered_waits_and_what_was_given_up_waits_for_a_person(
    connection: Connection,
) -> None:
    outbox.address(connection, [ONE])
    [mine] = claims(connection, ONE)
    outbox.not_delivered(connection, mine, "503", again_after_ms=60_000)
    assert claimed(connection, ONE) == []
    outbox.not_delivered(connection, mine, "503", again_after_ms=0)
    [mine] = claims(connection, ONE)
    assert mine.attempts == 2
    outbox.not_delivered(connection, mine, "gone", again_after_ms=None)
    connection.execute(update(webhook_deliveries).values(not_before_ms=0))
    assert claimed(connection, ONE) == []
    assert outbox.try_again(connection) == 1
    assert claimed(connection, ONE) == [(ONE, 1)]


def test_urls_of_an_erased_person_are_forgotten_once_all_know(connection: Connection) -> None:
    outbox.address(connection, [ONE, TWO])
    first, second = claims(connection, ONE, TWO)
    outbox.delivered(connection, first)
    assert "urls" in connection.scalars(select(events.c.body)).one()
    outbox.delivered(connection, second)
    assert connection.scalars(select(events.c.body)).one() == {"rows": 1}
    assert outbox.try_again(connection) == 0


def test_what_was_delivered_is_shown_and_old_events_go(connection: Connection) -> None:
    outbox.address(connection, [ONE])
    [mine] = claims(connection, ONE)
    outbox.delivered(connection, mine)
    [shown] = outbox.recent(connection)
    assert (shown.kind, shown.campaign_id, shown.problem, shown.state) == (
        ERASED,
        "autumn",
        None,
        "delivered",
    )
    assert outbox.forget(connection, before_ms=mine.t_ms) == 0
    assert outbox.forget(connection, before_ms=mine.t_ms + 1) == 1
    assert outbox.recent(connection) == []


def test_what_a_late_sender_says_changes_nothing_unless_it_arrived(connection: Connection) -> None:
    outbox.address(connection, [ONE])
    [late] = claims(connection, ONE)
    connection.execute(update(webhook_deliveries).values(not_before_ms=0))
    [mine] = claims(connection, ONE)
    for again_after_ms in (0, None):
        outbox.not_delivered(connection, late, "late", again_after_ms=again_after_ms)
    assert claimed(connection, ONE) == [], "the other sender has it in hand"
    [shown] = outbox.recent(connection)
    assert (shown.state, shown.problem, shown.attempts) == ("waits", None, 2)
    outbox.delivered(connection, late)
    outbox.not_delivered(connection, mine, "503", again_after_ms=0)
    assert outbox.recent(connection)[0].state == "delivered"
    assert outbox.due(connection, [ONE]) == []


def test_what_a_sender_has_in_hand_is_not_sent_again_beside_it(connection: Connection) -> None:
    outbox.address(connection, [ONE, TWO])
    [mine] = claims(connection, ONE)
    assert outbox.try_again(connection) == 1, "the other one"
    assert claimed(connection, ONE) == []
    outbox.not_delivered(connection, mine, "503", again_after_ms=60_000)
    assert outbox.try_again(connection) == 2
    assert claimed(connection, ONE) == [(ONE, 1)]


def test_what_is_due_is_told_by_receiver_and_claimed_one_by_one_in_order(connection: Connection) -> None:
    outbox.add(connection, CampaignId("spring"), "campaign.finished", {})
    outbox.address(connection, [ONE, TWO])
    assert sorted(outbox.due(connection, [ONE, TWO])) == [ONE, TWO]
    first = outbox.claim(connection, ONE)
    assert first is not None and first.campaign_id == "autumn"
    second = outbox.claim(connection, ONE, after=first.event_id)
    assert second is not None and second.campaign_id == "spring"
    assert outbox.claim(connection, ONE, after=0) is None
    assert outbox.due(connection, [ONE, TWO]) == [TWO]
