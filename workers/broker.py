"""The doorbell: Dramatiq messages that say "lane L has work" and nothing else.

The database is the queue of record (contract 1), so a lost, late or doubled message costs nothing but time:
every worker also sweeps. Messages carry no text, no names, no keys, and there are never more of them than
`WINDOW` a lane, so Redis stays as small for a million recipients as for ten.

Left out of Dramatiq's middleware on purpose: retries (the rows have their own), time limits (they cannot
interrupt CUDA), age limits and Prometheus (it binds to every interface).
"""

from __future__ import annotations

import logging

import dramatiq
from dramatiq.brokers.stub import StubBroker
from dramatiq.middleware import ShutdownNotifications

from storage.tables import Lane
from workers.errors import BrokerError

log = logging.getLogger(__name__)

BELL = "has_work"
"""Each lane has an actor `has_work_<lane>`."""
WINDOW = 64
"""Most bells that wait in one lane."""


def in_process_broker() -> dramatiq.Broker:
    """The embedded default: bells ring inside this process."""
    return StubBroker(middleware=[ShutdownNotifications()])


def redis_broker(url: str) -> dramatiq.Broker:
    """Production: bells ring over Redis. The client is built here: the broker's own two ways differ in retries."""
    import redis
    from dramatiq.brokers.redis import RedisBroker

    client = redis.Redis.from_url(
        url, socket_timeout=10, socket_connect_timeout=5, socket_keepalive=True, health_check_interval=30
    )
    return RedisBroker(  # type: ignore[no-untyped-call]
        client=client, middleware=[ShutdownNotifications()]
    )


class Bell:
    """Rings for lanes. Never raises: a bell that cannot be rung is heard at the next sweep."""

    def __init__(self, broker: dramatiq.Broker) -> None:
        self.broker = broker
        for lane in Lane:
            broker.declare_queue(lane)

    def ring(self, lane: Lane, times: int = 1) -> bool:
        """Ask for up to `times` worker threads; returns whether the bells were taken."""
        try:
            room = WINDOW - self.waiting(lane)
            for _ in range(min(times, room)):
                self._enqueue(lane)
        except (BrokerError, dramatiq.DramatiqError, OSError) as exc:
            log.warning("the doorbell of lane %s is out of order, workers will sweep: %s", lane, exc)
            return False
        return True

    def _enqueue(self, lane: Lane) -> None:
        message: dramatiq.Message[None] = dramatiq.Message(
            queue_name=lane, actor_name=f"{BELL}_{lane}", args=(lane.value,), kwargs={}, options={}
        )
        if isinstance(self.broker, StubBroker):
            self.broker.enqueue(message)
            return
        import redis

        try:
            self.broker.enqueue(message)
        except redis.RedisError as exc:  # not only connections: out of memory, a disk that is full, no right
            raise BrokerError(f"Redis refused a bell: {exc}. Look at it with `campaign doctor`.") from exc

    def waiting(self, lane: Lane) -> int:
        """Bells that nobody has answered yet."""
        if isinstance(self.broker, StubBroker):
            return int(self.broker.queues[lane].qsize())
        import redis

        try:
            return int(self.broker.client.hlen(f"{self.broker.namespace}:{lane}.msgs"))  # type: ignore[attr-defined]
        except redis.RedisError as exc:
            raise BrokerError(f"Redis does not answer: {exc}. Look at it with `campaign doctor`.") from exc
