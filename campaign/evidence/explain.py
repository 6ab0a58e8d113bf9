"""Why a row sounds as it does: raw fields, script, spans with reasons, spoken text, utterances, runs."""

from __future__ import annotations

from typing import Any

from campaign.errors import NotFoundError, RowError
from campaign.registry.voice import OWN
from campaign.speech.front_end import FrontEnd
from campaign.speech.revision import SPEECH_REVISION
from campaign.submission.replay import replayed
from storage.history import origins, rows
from storage.history.rows import ExplainedRow, ExplainedUtterance
from storage.installation import Installation
from storage.records import Campaign
from workers.requests import Spec


def explain(installation: Installation, campaign: Campaign, row: int) -> dict[str, Any]:
    """Everything that is known of one row. Personal data: for the operator's eyes."""
    with installation.database.read() as connection:
        explained = rows.find(connection, campaign.id, row)
        if explained is None:
            raise NotFoundError(
                f"campaign {campaign.id} has no row {row}. Rows count from 1 after the header."
            )
        utterances = rows.utterances_of(connection, explained.asset_id)
        versions = origins.versions(connection, campaign.id, row=row)
    return {
        "campaign": campaign.id,
        "row": row,
        "id": explained.external_id,
        "locale": explained.locale,
        "status": explained.status,
        "error": None
        if explained.code is None
        else {"code": explained.code, "column": explained.column, "reason": explained.reason},
        "fields": explained.fields,
        "script": explained.script,
        "trace": _trace(installation, campaign, explained),
        "utterances": [_utterance(utterance) for utterance in utterances],
        "versions": [_version(version) for version in versions],
    }


def _version(version: origins.FileVersion) -> dict[str, Any]:
    return {
        "version": version.version,
        "object_key": version.object_key,
        "sha256": version.sha256,
        "samples": version.samples,
        "rate_hz": version.rate_hz,
        "timebase": version.timebase,
        "pin_id": version.pin_id,
        "preset": version.preset,
    }


def _trace(installation: Installation, campaign: Campaign, row: ExplainedRow) -> dict[str, Any]:
    """The way of the text, gone again with the campaign's own brief."""
    if campaign.speech_revision != SPEECH_REVISION:
        return {
            "unavailable": f"the text was made by front end revision {campaign.speech_revision}, "
            f"installed is {SPEECH_REVISION}"
        }
    if row.fields is None:
        return {"unavailable": "the recipient was erased"}
    front_end = FrontEnd(replayed(installation, campaign).row_voices[row.voice or OWN].config)
    try:
        return front_end.compose(locale=row.locale, fields=row.fields).trace.as_json()
    except RowError as exc:
        return {"error": {"code": exc.code, "reason": exc.reason, "mend": exc.mend, "column": exc.column}}


def _utterance(utterance: ExplainedUtterance) -> dict[str, Any]:
    seconds = None
    if utterance.samples is not None and utterance.rate_hz is not None:
        seconds = round(utterance.samples / utterance.rate_hz, 3)
    spans = Spec.from_json(utterance.spec).spans
    return {
        "position": utterance.position,
        "key": utterance.key,
        "status": utterance.status,
        "spoken": [{"language": span.language, "text": span.text} for span in spans],
        "pause_after_ms": utterance.pause_after_ms,
        "seconds": seconds,
        "run": utterance.run_id,
        "worker": utterance.worker,
        "engine_version": utterance.engine_version,
    }
