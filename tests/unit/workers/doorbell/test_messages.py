"""Bells that are messages: few, without anything personal, and never an error for whoever rings."""

from __future__ import annotations

import dramatiq
import pytest
from dramatiq.middleware import ShutdownNotifications

from storage.tables import Lane
from workers.doorbell.bell import WINDOW, Bell
from workers.doorbell.in_process import InProcessBell
from workers.doorbell.messages import ACTOR, middleware
from workers.errors import BrokerError


def test_no_more_bells_wait_in_a_lane_than_its_window() -> None:
    bell = InProcessBell()
    assert bell.ring(Lane.BULK, 10 * WINDOW)
    assert bell.ring(Lane.BULK)
    assert (bell.waiting(Lane.BULK), bell.waiting(Lane.PREVIEW)) == (WINDOW, 0)


def test_bell_says_the_lane_and_nothing_else() -> None:
    bell = InProcessBell()
    bell.ring(Lane.PREVIEW)
    message = dramatiq.Message.decode(bell.broker.queues[Lane.PREVIEW].get_nowait())
    assert (message.actor_name, message.queue_name) == (f"{ACTOR}_preview", "preview")
    assert (message.args, message.kwargs, message.options) == (("preview",), {}, {})


NO_QUEUE: Exception = dramatiq.QueueNotFound("gone")  # type: ignore[no-untyped-call]


@pytest.mark.parametrize("problem", [BrokerError("gone"), OSError("gone"), NO_QUEUE])
def test_ringing_never_raises_and_says_that_it_was_not_heard(
    monkeypatch: pytest.MonkeyPatch, problem: Exception
) -> None:
    bell = InProcessBell()

    def refuse(_message: object) -> None:
        raise problem

    monkeypatch.setattr(bell, "_enqueue", refuse)
    assert bell.ring(Lane.BULK) is False


def test_check_asks_the_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    bell: Bell = InProcessBell()
    bell.check()

    def refuse(_lane: Lane) -> int:
        raise BrokerError("gone")

    monkeypatch.setattr(bell, "waiting", refuse)
    with pytest.raises(BrokerError):
        bell.check()


def test_dramatiq_retries_and_expires_nothing_by_itself() -> None:
    assert [type(one) for one in middleware()] == [ShutdownNotifications]
