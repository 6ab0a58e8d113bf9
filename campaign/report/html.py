"""`report.html`: one self-contained page that opens from disk and from S3, with nothing fetched but its own audio.

Everything is escaped by Jinja. The page's policy names its one style and, where captions lie beside its files, its one
script by digest: words.js, which lights up each word of the captions while it is heard. The page itself holds no word.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup

from campaign.report import charts
from campaign.report.heard import ears
from campaign.report.reasons import reason_of
from storage.history.delivery import DeliveredRow
from storage.keys import caption_key

HERE = Path(__file__).parent
WORDS_SCRIPT = HERE / "words.js"
"""The report's and the console's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileSample:
    """One delivered row as the page shows it: ids only."""

    row: int
    recipient: str
    locale: str
    url: str | None
    captions: Mapping[str, str]
    """Format to where they lie, seen from the page."""
    duration_s: float | None
    loudness_lufs: float | None

    @classmethod
    def of(cls, row: DeliveredRow, url: str | None) -> FileSample:
        """A row whose file lies at `url`, seen from the page."""
        return cls(
            row=row.row,
            recipient=row.recipient_hmac,
            locale=row.locale,
            url=url,
            captions={} if url is None else {form: caption_key(url, form) for form in row.captions},
            duration_s=row.duration_s,
            loudness_lufs=row.loudness_lufs,
        )


STATUS_ORDER = ("stored", "failed", "quarantined", "suppressed", "cancelled", "pending", "claimed", "erased")
STAGE_NAMES = {
    "queue": "Waiting for a worker",
    "first_audio": "First audio of a sentence",
    "synthesis": "Synthesis of a sentence",
    "storing": "Storing a sentence",
    "delivery": "From release to file",
}


def render_report(
    document: Mapping[str, Any], *, samples: Sequence[FileSample], outliers: Sequence[FileSample]
) -> str:
    """The page. `outliers` are the files of the document's outliers, in its order."""
    style = (HERE / "report.css").read_text(encoding="utf-8")
    lights = WORDS_SCRIPT.read_text(encoding="utf-8")
    has_words = any("vtt" in one.captions for one in (*samples, *outliers))
    rows, delivered = document["rows"], document["delivered"]
    total = sum(rows["by_status"].values()) or 1
    outcomes = [
        (status, rows["by_status"][status], 100 * rows["by_status"][status] / total)
        for status in STATUS_ORDER
        if rows["by_status"].get(status)
    ]
    return _template().render(
        document=document,
        outcomes=outcomes,
        failed=[{**row, "reason": reason_of(row["code"])} for row in rows["failed"]],
        left_out=[(code, count, reason_of(code)) for code, count in rows["left_out"].items()],
        opt_outs=_opt_outs(rows["opt_outs"]),
        ears=ears(document["listening"]["files"]["held"]) if "listening" in document else "",
        drifts=_drifts(document),
        samples=samples,
        outliers=list(zip(outliers, document["outliers"], strict=True)),
        stages=[(STAGE_NAMES[name], spans) for name, spans in document["latency_ms"].items() if spans],
        progress_chart=charts.files_over_time_chart(delivered["over_time"]),
        duration_chart=charts.histogram(delivered["duration_s"], "seconds"),
        loudness_chart=charts.histogram(delivered["loudness_lufs"], "LUFS"),
        lock=json.dumps(document["lock"], indent=2, sort_keys=True, ensure_ascii=False),
        style=style,
        style_source=_source(style),
        lights=lights if has_words else "",
        lights_source=_source(lights),
    )


def script_source() -> str:
    """The page's script as a policy names it; whoever serves the page lets it run."""
    return _source(WORDS_SCRIPT.read_text(encoding="utf-8"))


def _source(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _drifts(document: Mapping[str, Any]) -> list[tuple[Mapping[str, Any], Markup | None]]:
    """Presets whose files were scored, each with its chart over campaigns."""
    voices = document.get("listening", {}).get("voices", {})
    return [(one, charts.drift_chart(one["over_time"])) for one in voices.get("presets", ())]


def _opt_outs(met: Sequence[Mapping[str, Any]]) -> list[tuple[str, Mapping[str, Any]]]:
    """The lists with what each is called; the installation's, which is the last, only where it holds anybody."""
    if not met:
        return []
    *own, everybody = met
    named = [(f"{one['list']}", one) for one in own]
    return [*named, ("of the installation", everybody)] if everybody["ids"] else named


@cache
def _template() -> Template:
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["clock"] = _clock
    environment.filters["duration"] = _duration
    environment.filters["thousands"] = lambda number: f"{number:,}"
    environment.filters["ms"] = _milliseconds
    return environment.from_string((HERE / "report.html.j2").read_text(encoding="utf-8"))


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


def _milliseconds(span_ms: float) -> str:
    return f"{span_ms:,.0f} ms" if span_ms < 10_000 else _duration(span_ms / 1000)
