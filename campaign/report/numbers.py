"""The report's numbers, the same in every form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from campaign.report.distribution import Outlier, SoundMeasurements, distribution
from campaign.report.heard import HeardFiles, heard_document
from campaign.report.opinions import RatedFiles, opinions_document
from campaign.report.voices import ScoredVoices, voices_document
from storage.history.delivery import Totals
from storage.history.likenesses import PastLikeness
from storage.history.timings import FilesOverTime
from storage.records import Campaign
from storage.registry.pins import Pin
from storage.settings import Settings
from storage.tables import RowStatus

REPORT_VERSION = 2
LEFT_OUT = (RowStatus.SUPPRESSED, RowStatus.CANCELLED, RowStatus.ERASED)


@dataclass(slots=True, kw_only=True)
class Gathered:
    """What only a walk over all rows can tell."""

    measurements: SoundMeasurements = field(default_factory=SoundMeasurements)
    failed_rows: dict[str, list[int]] = field(default_factory=dict)
    """Code to the first rows that ended with it."""
    failed: dict[str, int] = field(default_factory=dict)
    left_out: dict[str, int] = field(default_factory=dict)
    """Rows that were meant to get nothing, by code or status."""
    lexicon_hits: dict[str, int] = field(default_factory=dict)
    """By lexicon."""
    heard: HeardFiles = field(default_factory=HeardFiles)
    rated: RatedFiles = field(default_factory=RatedFiles)
    voices: ScoredVoices = field(default_factory=ScoredVoices)


def report_document(
    campaign: Campaign,
    totals: Totals,
    settings: Settings,
    *,
    gathered: Gathered,
    latencies_ms: Mapping[str, Mapping[str, float] | None],
    over_time: FilesOverTime | None,
    manifest_root: str | None,
    pin: Pin,
    sentences: tuple[int, int] = (0, 0),
    past: Mapping[str, Sequence[PastLikeness]] | None = None,
    captions: Sequence[str] = (),
) -> dict[str, Any]:
    """`report.json` (schemas/report.schema.json). Ids, counts and digests only.

    `sentences`: those in the files that were listened to, and how many distinct ones; `past`: by preset, what earlier
    campaigns' files were like, this one's among them.
    """
    listening = campaign.lock.listening
    heard: dict[str, Any] = (
        {"listening": heard_document(listening, gathered.heard, sentences)} if listening else {}
    )
    if listening and listening.opinion:
        heard["listening"]["opinions"] = opinions_document(listening.opinion, gathered.rated)
    if gathered.voices.by_preset:
        heard["listening"]["voices"] = voices_document(gathered.voices, past or {})
    return {
        **heard,
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
            "failed": [
                {"code": code, "count": gathered.failed[code], "rows": rows}
                for code, rows in gathered.failed_rows.items()
            ],
            "left_out": dict(gathered.left_out),
            "opt_outs": [
                dict(met) | {"list": number} for number, met in enumerate(campaign.opt_outs or (), 1)
            ],
        },
        "languages": dict(totals.by_language),
        "lexicon_hits": dict(sorted(gathered.lexicon_hits.items())),
        "fallback_rows": totals.fallback_rows,
        "delivered": {
            "files": totals.delivered_files,
            "by_preset": dict(totals.by_preset),
            "seconds": round(totals.delivered_seconds, 3),
            "bytes": totals.delivered_bytes,
            "duration_s": distribution(gathered.measurements.duration_s),
            "loudness_lufs": distribution(gathered.measurements.loudness_lufs),
            "over_time": _over_time(over_time),
            **({"captions": list(captions)} if captions else {}),
        },
        "outliers": [_outlier(outlier) for outlier in gathered.measurements.outliers()],
        "synthesised": _synthesised(totals),
        "latency_ms": {stage: times and dict(times) for stage, times in latencies_ms.items()},
        "cost": _cost(totals, settings),
        "times_ms": {
            "created": campaign.t_created_ms,
            "queued": campaign.t_queued_ms,
            "finished": campaign.t_finished_ms,
        },
        "lock": campaign.lock.as_json(),
        "weights": {"licence": pin.licence, "attribution": pin.attribution},
        "manifest_root": manifest_root,
        "trace_id": campaign.trace_id,
    }


def _synthesised(totals: Totals) -> dict[str, Any]:
    on_gpus = [seconds for model, seconds in totals.engine_seconds_by_gpu.items() if model is not None]
    return {
        "utterances_needed": totals.utterances,
        "utterances_made": totals.made_utterances,
        "seconds_made": round(totals.made_seconds, 3),
        "saved_by_sharing": _saved(totals),
        "runs": totals.runs,
        "engine_seconds": round(totals.engine_seconds, 3),
        "gpu_seconds": round(sum(on_gpus), 3) if on_gpus else None,
        "real_time_factor": _ratio(totals.engine_seconds, totals.made_seconds),
        "energy_joules": _rounded(totals.energy_joules),
        "energy_joules_per_thousand": _per_thousand(totals.energy_joules, totals.delivered_files),
    }


def _cost(totals: Totals, settings: Settings) -> dict[str, Any]:
    """By the price table of the settings; a model that is not in it costs `cost_per_gpu_hour`."""
    machines = []
    total = 0.0
    for model, seconds in sorted(totals.engine_seconds_by_gpu.items(), key=lambda item: item[0] or ""):
        per_hour = settings.gpu_prices.get(model or "", settings.cost_per_gpu_hour)
        spent = seconds / 3600 * per_hour
        total += spent
        machines.append(
            {
                "gpu_model": model,
                "engine_seconds": round(seconds, 3),
                "per_hour": per_hour,
                "total": round(spent, 6),
            }
        )
    return {
        "currency": settings.currency,
        "machines": machines,
        "total": round(total, 6),
        "per_thousand": _per_thousand(total, totals.delivered_files),
    }


def _outlier(outlier: Outlier) -> dict[str, Any]:
    return {"row": outlier.row, "why": outlier.why, "distance": round(outlier.distance, 1)}


def _over_time(over_time: FilesOverTime | None) -> dict[str, Any] | None:
    if over_time is None:
        return None
    stored: Sequence[int] = over_time.stored
    return {"start_ms": over_time.start_ms, "step_ms": over_time.step_ms, "stored": list(stored)}


def _saved(totals: Totals) -> float | None:
    """Share of the delivered sound that did not have to be made here; below 0 never."""
    if not totals.delivered_seconds:
        return None
    return round(max(0.0, 1 - totals.made_seconds / totals.delivered_seconds), 4)


def _per_thousand(whole: float | None, files: int) -> float | None:
    return round(1000 * whole / files, 6) if files and whole is not None else None


def _ratio(part: float, whole: float) -> float | None:
    return round(part / whole, 5) if whole else None


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)
