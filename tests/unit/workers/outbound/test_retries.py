"""When a webhook is tried again, how often, and when it is given up; no receiver is needed for that."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update

from storage.history import events as event_rows
from storage.installation import Installation
from storage.tables import events, webhook_deliveries
from tests import build
from tests.clock import FrozenClock
from workers.outbound import webhooks
from workers.outbound.attempt import ATTEMPT_S, WebhookError
from workers.outbound.deliveries import RETRY_AFTER_S, deliver_due

URL = "https://example.org/hook"


@pytest.fixture
def installed(tmp_path: Path) -> Iterator[Installation]:
    """One event for one receiver."""
    made = build.installation(tmp_path, webhook_urls=[URL])
    build.submitted(made, build.people(1), start=False)
    yield made
    made.close()


@pytest.fixture
def clock(installed: Installation) -> FrozenClock:
    clock = FrozenClock(installed.database)
    with installed.database.write() as connection:
        connection.execute(update(events).values(t_ms=clock.now_ms))
    return clock


class Receiver:
    """Answers as it is told, and counts."""

    def __init__(self) -> None:
        self.answers: list[int | WebhookError] = []
        self.heard = 0

    def send(self, *_arguments: Any, **_named: Any) -> tuple[int, str]:
        self.heard += 1
        answer = self.answers.pop(0)
        if isinstance(answer, WebhookError):
            raise answer
        return answer, "said"


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Receiver:
    made = Receiver()
    monkeypatch.setattr(webhooks, "send", made.send)
    monkeypatch.setattr(webhooks, "target_of", lambda url, allow_private: url)
    return made


def send(installed: Installation) -> int:
    return deliver_due(installed.database, installed.settings)


def delivery(installed: Installation) -> Any:
    with installed.database.read() as connection:
        return connection.execute(select(webhook_deliveries)).one()


def test_the_schedule_is_the_standards() -> None:
    assert RETRY_AFTER_S == (5, 5 * 60, 30 * 60, 2 * 3600, 5 * 3600, 10 * 3600, 10 * 3600)


def test_a_sender_has_longer_for_a_delivery_than_an_attempt_may_take() -> None:
    assert 0 < 2 * 1000 * ATTEMPT_S < event_rows.SENDER_LEASE_MS


def test_each_delay_is_kept_to_the_millisecond_and_the_last_failure_gives_up(
    installed: Installation, clock: FrozenClock, receiver: Receiver
) -> None:
    receiver.answers = [500, WebhookError("no answer"), *[503] * 10]
    for attempt, delay_s in enumerate(RETRY_AFTER_S, start=1):
        assert send(installed) == 0
        row = delivery(installed)
        assert (row.attempts, row.not_before_ms) == (attempt, clock.now_ms + 1000 * delay_s)
        assert row.t_given_up_ms is None
        clock.advance(1000 * delay_s - 1)
        send(installed)
        assert receiver.heard == attempt, "before its time"
        clock.advance(1)
    assert send(installed) == 0
    row = delivery(installed)
    assert (row.attempts, row.t_given_up_ms) == (len(RETRY_AFTER_S) + 1, clock.now_ms)
    clock.advance(event_rows.OLDEST_MS)
    send(installed)
    assert receiver.heard == len(RETRY_AFTER_S) + 1


def test_what_arrives_is_told_once(installed: Installation, clock: FrozenClock, receiver: Receiver) -> None:
    receiver.answers = [500, 204]
    assert send(installed) == 0
    assert delivery(installed).problem == "answered 500: said"
    clock.advance(5_000)
    assert send(installed) == 1
    row = delivery(installed)
    assert (row.t_delivered_ms, row.problem) == (clock.now_ms, None)
    clock.advance(10 * 3_600_000)
    assert send(installed) == 0
    assert receiver.heard == 2


@pytest.mark.parametrize(("status", "arrived"), [(199, 0), (200, 1), (299, 1), (300, 0)])
def test_two_hundreds_are_arrivals(
    status: int, arrived: int, installed: Installation, clock: FrozenClock, receiver: Receiver
) -> None:
    receiver.answers = [status]
    assert send(installed) == arrived


def test_a_receiver_that_is_gone_is_given_up_at_once(
    installed: Installation, clock: FrozenClock, receiver: Receiver
) -> None:
    receiver.answers = [410]
    send(installed)
    assert delivery(installed).t_given_up_ms == clock.now_ms


def test_a_sender_that_died_in_between_is_followed_by_another(
    installed: Installation, clock: FrozenClock, receiver: Receiver
) -> None:
    with installed.database.write() as connection:
        event_rows.address(connection, [URL])
        assert event_rows.claim(connection, URL) is not None
    receiver.answers = [200]
    clock.advance(event_rows.SENDER_LEASE_MS - 1)
    assert send(installed) == 0
    clock.advance(1)
    assert send(installed) == 1


@pytest.mark.parametrize(("age_ms", "told"), [(event_rows.OLDEST_MS - 1, 1), (event_rows.OLDEST_MS, 0)])
def test_a_receiver_that_is_added_later_is_not_told_of_old_events(
    age_ms: int, told: int, installed: Installation, clock: FrozenClock, receiver: Receiver
) -> None:
    receiver.answers = [200]
    clock.advance(age_ms)
    assert send(installed) == told
    with installed.database.read() as connection:
        assert connection.execute(select(func.count()).select_from(webhook_deliveries)).scalar_one() == told
