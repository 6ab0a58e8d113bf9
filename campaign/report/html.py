"""`report.html`: one self-contained page that opens from disk and from S3, with nothing fetched but its own audio.

Everything is escaped by Jinja; the only style is the one whose digest the page's policy names, and there is no script.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined, Template

from campaign.report.reasons import reason_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One row as the page shows it: ids only."""

    row: int
    recipient: str
    locale: str
    status: str
    code: str | None
    column: str | None
    url: str | None
    duration_s: float | None


STATUS_ORDER = ("stored", "failed", "quarantined", "suppressed", "cancelled", "pending", "claimed", "erased")


def render_report(
    document: Mapping[str, Any], *, samples: Sequence[Sample], failures: Sequence[Sample]
) -> str:
    """The page."""
    style = (Path(__file__).parent / "report.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    rows = document["rows"]
    total = sum(rows["by_status"].values()) or 1
    outcomes = [
        (status, rows["by_status"][status], 100 * rows["by_status"][status] / total)
        for status in STATUS_ORDER
        if rows["by_status"].get(status)
    ]
    return _template().render(
        document=document,
        outcomes=outcomes,
        reasons=[(code, count, reason_of(code)) for code, count in rows["by_code"].items()],
        samples=samples,
        failures=failures,
        style=style,
        style_digest=digest,
    )


@cache
def _template() -> Template:
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["clock"] = _clock
    environment.filters["duration"] = _duration
    environment.filters["thousands"] = lambda number: f"{number:,}"
    return environment.from_string((Path(__file__).parent / "report.html.j2").read_text(encoding="utf-8"))


def _clock(time_ms: int | None) -> str:
    if time_ms is None:
        return "–"
    return datetime.fromtimestamp(time_ms / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def _duration(seconds: float | None) -> str:
    if seconds is None:
        return "–"
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02d} min" if hours else f"{minutes} min {rest:02d} s"
