"""Bells that are Dramatiq messages: what the in-process broker and Redis have in common.

There are never more of them than `WINDOW` a lane, so a broker stays as small for a million recipients as for ten.

Left out of Dramatiq's middleware on purpose: retries (the rows have their own), time limits (they cannot
interrupt CUDA), age limits and Prometheus (it binds to every interface).
"""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod

import dramatiq
from dramatiq.middleware import Middleware, ShutdownNotifications

from storage.tables import Lane
from workers.doorbell.bell import WINDOW
from workers.errors import BrokerError

log = logging.getLogger(__name__)

ACTOR = "has_work"
"""Each lane has an actor `has_work_<lane>`."""


def middleware() -> list[Middleware]:
    """All that Dramatiq adds."""
    return [ShutdownNotifications()]


class MessageBell(ABC):
    """Puts messages into a broker, from which the threads of worker processes take them."""

    def __init__(self, broker: dramatiq.Broker) -> None:
        self.broker = broker
        for lane in Lane:
            broker.declare_queue(lane)

    def ring(self, lane: Lane, times: int = 1, *, window: int = WINDOW) -> bool:
        """Ask for up to `times` threads, so that at most `window` bells wait; whether the bells were taken."""
        try:
            room = window - self.waiting(lane)
            for _ in range(min(times, room)):
                self._enqueue(
                    dramatiq.Message(
                        queue_name=lane,
                        actor_name=f"{ACTOR}_{lane}",
                        args=(lane.value,),
                        kwargs={},
                        options={},
                    )
                )
        except (BrokerError, dramatiq.DramatiqError, OSError) as exc:
            log.warning("the doorbell of lane %s is out of order, workers will sweep: %s", lane, exc)
            return False
        return True

    def check(self) -> None:
        """Raise `BrokerError` when it cannot be rung now."""
        self.waiting(Lane.PREVIEW)

    @abstractmethod
    def waiting(self, lane: Lane) -> int:
        """Bells that nobody has answered yet. Raises `BrokerError`."""

    @abstractmethod
    def _enqueue(self, message: dramatiq.Message[None]) -> None:
        """Hand one to the broker. Raises `BrokerError`."""
