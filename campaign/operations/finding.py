"""What `campaign doctor` says of one thing."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthFinding:
    """One thing that was looked at."""

    what: str
    level: str
    """`good`, `note` (works, could be better) or `bad`."""
    found: str
    mend: str = ""
