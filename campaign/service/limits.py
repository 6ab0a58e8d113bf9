"""How much one caller may ask for, and how fast."""

from __future__ import annotations

from collections import Counter, OrderedDict
from dataclasses import dataclass

KNOWN_CALLERS = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much one caller may ask for."""

    upload_bytes: int = 4 << 30
    requests_per_s: float = 50.0
    """Each message of a socket is one."""
    burst: int = 200
    under_way: int = 100
    """Requests, streams and sockets of one caller at once."""
    connections: int = 512
    """Of everybody at once; fewer where the system gives fewer descriptors."""
    connections_per_peer: int = 128
    """From one address, or one IPv6 network. Behind TLS and on this machine all come from one."""


class Buckets:
    """A token bucket for each caller; the ones unseen longest are forgotten."""

    def __init__(self, *, rate_per_s: float, burst: int) -> None:
        self._rate, self._burst = rate_per_s, float(burst)
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait_s(self, name: str, now: float) -> float:
        """0 when this request may pass, else how long to wait."""
        tokens, at = self._buckets.pop(name, (self._burst, now))
        tokens = min(self._burst, tokens + (now - at) * self._rate)
        passes = tokens >= 1
        self._buckets[name] = (tokens - 1 if passes else tokens, now)
        if len(self._buckets) > KNOWN_CALLERS:
            self._buckets.popitem(last=False)
        return 0.0 if passes else (1 - tokens) / self._rate


class UnderWay:
    """What callers have under way."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._counts: Counter[str] = Counter()

    def begin(self, name: str) -> bool:
        """One more; False when the caller has as many as it may."""
        if self._counts[name] >= self._limit:
            return False
        self._counts[name] += 1
        return True

    def end(self, name: str) -> None:
        """One that began is over."""
        self._counts[name] -= 1
        if not self._counts[name]:
            del self._counts[name]
