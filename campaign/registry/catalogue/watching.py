"""What is told while files are fetched, and why a source is passed over."""

from __future__ import annotations

from typing import Protocol


class FetchWatch(Protocol):
    """Who looks on."""

    def arriving(self, what: str, done_bytes: int, total_bytes: int) -> None:
        """So much of one file has come."""

    def passed_over(self, what: str, why: str) -> None:
        """A source did not give what it should; the next one is tried."""

    def waiting(self, for_what: str) -> None:
        """Another process is at it."""


class Unwatched:
    """Nobody looks on."""

    def arriving(self, what: str, done_bytes: int, total_bytes: int) -> None:
        """Silence."""

    def passed_over(self, what: str, why: str) -> None:
        """Silence."""

    def waiting(self, for_what: str) -> None:
        """Silence."""


class SourceRefusedError(Exception):
    """One source does not give what it should: the next is tried. Never seen outside the catalogue."""

    def __init__(self, why: str, *, is_changed: bool = False, is_silent: bool = False) -> None:
        super().__init__(why)
        self.is_changed = is_changed
        """It gave other bytes than the catalogue says: nobody else fetches better ones there."""
        self.is_silent = is_silent
        """Nobody answers there: its other files need not be asked for."""
