"""Bells inside one process, from Dramatiq's in-memory broker: the embedded default, and the last step of PostgreSQL's.

`StubBroker` is no test double: it is the broker that Dramatiq ships for use without a server.
"""

from __future__ import annotations

import dramatiq
from dramatiq.brokers.stub import StubBroker

from storage.tables import Lane
from workers.doorbell.messages import MessageBell, middleware


class InProcessBell(MessageBell):
    """Reaches the threads of this process alone."""

    broker: StubBroker

    def __init__(self) -> None:
        super().__init__(StubBroker(middleware=middleware()))

    def waiting(self, lane: Lane) -> int:
        """Bells that no thread has taken yet."""
        return int(self.broker.queues[lane].qsize())

    def _enqueue(self, message: dramatiq.Message[None]) -> None:
        self.broker.enqueue(message)
