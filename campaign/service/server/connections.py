"""All connections of a server: so many, so many from one peer. Who has asked nothing yet makes room for who comes.

Descriptors are few, and an open connection that says nothing costs its owner none. So the limits refuse nobody as long
as some connection only waits: the one that waited longest is closed.
"""

from __future__ import annotations

import resource
from collections import Counter, OrderedDict
from typing import Protocol

from campaign.service.limits import Limits

RESERVED_DESCRIPTORS = 128
"""For the database, the store, files and children."""
WANTED_DESCRIPTORS = 4096


class Connection(Protocol):
    """What is counted."""

    peer: str

    def drop(self) -> None:
        """Close at once, without a word."""


class Connections:
    """Belongs to the event loop."""

    def __init__(self, *, limit: int, per_peer: int) -> None:
        self._limit = limit
        self._per_peer = per_peer
        self._open: set[Connection] = set()
        self._by_peer: Counter[str] = Counter()
        self._waiting: OrderedDict[Connection, None] = OrderedDict()

    @classmethod
    def of(cls, limits: Limits, *, is_one_peer: bool) -> Connections:
        """As limits and the system's descriptors allow; `is_one_peer` where all come through one address."""
        limit = min(limits.connections, max(_descriptors() - RESERVED_DESCRIPTORS, 16))
        return cls(limit=limit, per_peer=limit if is_one_peer else limits.connections_per_peer)

    def open(self, connection: Connection) -> bool:
        """Count one more; False when there is no room and nobody waits."""
        if self._by_peer[connection.peer] >= self._per_peer and not self._make_room(connection.peer):
            return False
        if len(self._open) >= self._limit and not self._make_room(None):
            return False
        self._open.add(connection)
        self._by_peer[connection.peer] += 1
        return True

    def close(self, connection: Connection) -> None:
        """It is gone. Idempotent."""
        if connection not in self._open:
            return
        self._open.discard(connection)
        self._waiting.pop(connection, None)
        self._by_peer[connection.peer] -= 1
        if not self._by_peer[connection.peer]:
            del self._by_peer[connection.peer]

    def waits(self, connection: Connection) -> None:
        """It has no request under way: it makes room when others come, the longest first."""
        if connection in self._open:
            self._waiting.setdefault(connection, None)

    def works(self, connection: Connection) -> None:
        """Its request is under way."""
        self._waiting.pop(connection, None)

    def _make_room(self, peer: str | None) -> bool:
        for connection in self._waiting:
            if peer in (None, connection.peer):
                self.close(connection)
                connection.drop()
                return True
        return False


def raise_descriptors() -> None:
    """Take as many descriptors as a service may need, where the system gives them."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = WANTED_DESCRIPTORS if hard == resource.RLIM_INFINITY else min(WANTED_DESCRIPTORS, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _descriptors() -> int:
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return WANTED_DESCRIPTORS if soft == resource.RLIM_INFINITY else soft
