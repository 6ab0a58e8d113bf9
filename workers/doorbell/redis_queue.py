"""Bells over Redis, by Dramatiq's own broker: the threads of every worker process wait at one queue a lane."""

from __future__ import annotations

import dramatiq

from storage.tables import Lane
from workers.doorbell.messages import MessageBell, middleware
from workers.errors import BrokerError


def redis_broker(url: str) -> dramatiq.Broker:
    """The client is built here: the broker's own two ways differ in retries."""
    import redis
    from dramatiq.brokers.redis import RedisBroker

    client = redis.Redis.from_url(
        url, socket_timeout=10, socket_connect_timeout=5, socket_keepalive=True, health_check_interval=30
    )
    return RedisBroker(client=client, middleware=middleware())  # type: ignore[no-untyped-call]


class RedisBell(MessageBell):
    """Reaches the threads of every worker process on this Redis."""

    @classmethod
    def at(cls, url: str) -> RedisBell:
        """Of the Redis behind a URL; connects when it is first rung."""
        return cls(redis_broker(url))

    def waiting(self, lane: Lane) -> int:
        """Bells that no worker has answered yet. Raises `BrokerError`."""
        import redis

        try:
            return int(self.broker.client.hlen(f"{self.broker.namespace}:{lane}.msgs"))  # type: ignore[attr-defined]
        except redis.RedisError as exc:
            raise BrokerError(f"Redis does not answer: {exc}. Look at it with `campaign doctor`.") from exc

    def _enqueue(self, message: dramatiq.Message[None]) -> None:
        import redis

        try:
            self.broker.enqueue(message)
        except redis.RedisError as exc:  # not only connections: out of memory, a disk that is full, no right
            raise BrokerError(f"Redis refused a bell: {exc}. Look at it with `campaign doctor`.") from exc
