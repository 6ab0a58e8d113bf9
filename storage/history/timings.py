"""How long the parts of a campaign took, and when its files came out."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Integer, func, select

from storage.names import CampaignId
from storage.tables import RowStatus, assets, campaigns, runs

PROGRESS_STEPS = 48
PERCENTILES = {"p50": 0.50, "p95": 0.95, "p99": 0.99}
STAGES: Mapping[str, tuple[str, str]] = {
    "queue": ("t_submit_ms", "t_claim_ms"),
    "first_audio": ("t_claim_ms", "t_first_token_ms"),
    "synthesis": ("t_claim_ms", "t_last_token_ms"),
    "storing": ("t_last_token_ms", "t_stored_ms"),
}
"""Of a run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FilesOverTime:
    """Files stored, summed up at equal steps."""

    start_ms: int
    step_ms: int
    stored: Sequence[int]


def percentiles(values: Sequence[float]) -> dict[str, float] | None:
    """p50, p95 and p99 by nearest rank; None of nothing."""
    if not values:
        return None
    ordered = sorted(values)
    last = len(ordered) - 1
    return {name: ordered[min(last, int(share * len(ordered)))] for name, share in PERCENTILES.items()}


def latencies_ms(connection: Connection, campaign_id: CampaignId) -> dict[str, dict[str, float] | None]:
    """Percentiles by stage of a run, and of a file from release to stored (`delivery`). 8 bytes a value are held."""
    spans = {name: array("q") for name in STAGES}
    columns = [(runs.c[end] - runs.c[start]).label(name) for name, (start, end) in STAGES.items()]
    query = (
        select(*columns)
        .where(runs.c.campaign_id == campaign_id, runs.c.outcome == "stored")
        .execution_options(yield_per=5000)
    )
    for row in connection.execute(query):
        for span, value in zip(spans.values(), row, strict=True):
            if value is not None:
                span.append(value)
    delivered = (
        select(assets.c.t_stored_ms - campaigns.c.t_queued_ms)
        .join(campaigns, campaigns.c.id == assets.c.campaign_id)
        .where(assets.c.campaign_id == campaign_id, assets.c.status == RowStatus.STORED)
    )
    files = array("q", (value for (value,) in connection.execute(delivered) if value is not None))
    return {name: percentiles(span) for name, span in spans.items()} | {"delivery": percentiles(files)}


def files_over_time(connection: Connection, campaign_id: CampaignId) -> FilesOverTime | None:
    """Between the first file and the last; None when there is none."""
    stored = (assets.c.campaign_id == campaign_id, assets.c.status == RowStatus.STORED)
    first, last = connection.execute(
        select(func.min(assets.c.t_stored_ms), func.max(assets.c.t_stored_ms)).where(*stored)
    ).one()
    if first is None:
        return None
    step_ms = max(1, -(-(last - first + 1) // PROGRESS_STEPS))
    step = func.floor((assets.c.t_stored_ms - first) / step_ms).cast(Integer)
    counted = dict(
        connection.execute(select(step, func.count()).where(*stored).group_by(step)).tuples().all()
    )
    total, sums = 0, []
    for number in range((last - first) // step_ms + 1):
        total += counted.get(number, 0)
        sums.append(total)
    return FilesOverTime(start_ms=first, step_ms=step_ms, stored=sums)
