"""The report's numbers, the same in every form."""

from __future__ import annotations

from typing import Any

from storage.delivery import Totals
from storage.records import Campaign
from storage.settings import Settings

REPORT_VERSION = 1


def report_document(
    campaign: Campaign, totals: Totals, settings: Settings, *, manifest_root: str | None
) -> dict[str, Any]:
    """`report.json`. Ids, counts and digests only."""
    cost = totals.engine_seconds / 3600 * settings.cost_per_gpu_hour
    files = totals.delivered_files
    return {
        "report_version": REPORT_VERSION,
        "campaign": campaign.id,
        "name": campaign.name,
        "state": campaign.state.value,
        "state_reason": campaign.state_reason,
        "purpose": campaign.purpose,
        "rows": {
            "total": campaign.rows_total,
            "by_status": dict(totals.by_status),
            "by_code": dict(totals.by_code),
        },
        "languages": dict(totals.by_language),
        "fallback_rows": totals.fallback_rows,
        "delivered": {
            "files": files,
            "seconds": round(totals.delivered_seconds, 3),
            "bytes": totals.delivered_bytes,
        },
        "synthesised": {
            "utterances_needed": totals.utterances,
            "utterances_made": totals.made_utterances,
            "seconds_made": round(totals.made_seconds, 3),
            "runs": totals.runs,
            "engine_seconds": round(totals.engine_seconds, 3),
            "real_time_factor": _ratio(totals.engine_seconds, totals.made_seconds),
            "energy_joules": totals.energy_joules,
        },
        "cost": {
            "currency": settings.currency,
            "per_gpu_hour": settings.cost_per_gpu_hour,
            "total": round(cost, 6),
            "per_thousand": round(1000 * cost / files, 6) if files else None,
        },
        "times_ms": {
            "created": campaign.t_created_ms,
            "queued": campaign.t_queued_ms,
            "finished": campaign.t_finished_ms,
        },
        "lock": dict(campaign.lock),
        "manifest_root": manifest_root,
        "trace_id": campaign.trace_id,
    }


def _ratio(part: float, whole: float) -> float | None:
    return round(part / whole, 5) if whole else None
