"""The port: what whoever has published work needs of a doorbell."""

from __future__ import annotations

from typing import Protocol

from storage.tables import Lane

WINDOW = 64
"""Most bells that wait in one lane."""


class Bell(Protocol):
    """Rings for lanes. Ringing never raises: a bell that cannot be rung is heard at the next sweep."""

    def ring(self, lane: Lane, times: int = 1) -> bool:
        """Say that the lane has work for up to `times` threads, which is a hint; whether the bell was taken."""
        ...

    def check(self) -> None:
        """Raise `BrokerError` when it cannot be rung now."""
        ...
