"""Why a row sounds as it does: raw fields, script, spans with reasons, spoken text, utterances, runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import and_, select

from campaign.brief import Brief
from campaign.errors import NotFoundError, RowError
from campaign.registry.lexicons import labelled_rules
from campaign.registry.voice import ChosenVoice, choose_voice
from campaign.speech.front_end import FrontEnd
from campaign.speech.lexicon.matching import LabelledRules
from campaign.speech.revision import SPEECH_REVISION
from campaign.submission.lock import front_end_config
from storage.installation import Installation
from storage.queue import campaigns as campaign_rows
from storage.records import Campaign
from storage.tables import asset_utterances, asset_versions, assets, recipients, runs, utterances
from workers.requests import spans_of


def explain(installation: Installation, campaign: Campaign, row: int) -> dict[str, Any]:
    """Everything that is known of one row. Personal data: for the operator's eyes."""
    with installation.database.read() as connection:
        person = (
            connection.execute(
                select(
                    recipients, assets.c.id, assets.c.status, assets.c.code, assets.c.reason, assets.c.column
                )
                .join(
                    assets,
                    and_(assets.c.campaign_id == recipients.c.campaign_id, assets.c.row == recipients.c.row),
                )
                .where(recipients.c.campaign_id == campaign.id, recipients.c.row == row)
            )
            .mappings()
            .one_or_none()
        )
        if person is None:
            raise NotFoundError(
                f"campaign {campaign.id} has no row {row}. Rows count from 1 after the header."
            )
        asset = campaign_rows.asset_id(campaign.number, row)
        made = _utterances(connection, asset)
        versions = [
            dict(one)
            for one in connection.execute(
                select(
                    asset_versions.c.version,
                    asset_versions.c.object_key,
                    asset_versions.c.sha256,
                    asset_versions.c.samples,
                    asset_versions.c.rate_hz,
                    asset_versions.c.timebase,
                    asset_versions.c.pin_id,
                ).where(asset_versions.c.asset_id == asset)
            ).mappings()
        ]
        brief = replace(Brief.from_json(campaign.brief), preset=campaign.preset, model=campaign.pin_id)
        chosen = choose_voice(connection, brief)
        lexicons = labelled_rules(connection, brief)
    return {
        "campaign": campaign.id,
        "row": row,
        "id": person["external_id"],
        "locale": person["locale"],
        "status": person["status"],
        "error": None
        if person["code"] is None
        else {"code": person["code"], "column": person["column"], "reason": person["reason"]},
        "fields": person["fields"],
        "script": person["script"],
        "trace": _trace(installation, campaign, brief, chosen, person, lexicons),
        "utterances": made,
        "versions": versions,
    }


def _trace(
    installation: Installation,
    campaign: Campaign,
    brief: Brief,
    chosen: ChosenVoice,
    person: Any,
    lexicons: Sequence[LabelledRules],
) -> Any:
    """The way of the text, walked again with the campaign's own brief."""
    if campaign.speech_revision != SPEECH_REVISION:
        return {
            "unavailable": f"the text was made by front end revision {campaign.speech_revision}, "
            f"installed is {SPEECH_REVISION}"
        }
    if person["fields"] is None:
        return {"unavailable": "the recipient was erased"}
    front_end = FrontEnd(front_end_config(brief, chosen, installation.settings, lexicons))
    try:
        return front_end.compose(locale=person["locale"], fields=person["fields"]).trace.as_json()
    except RowError as exc:
        return {"error": {"code": exc.code, "reason": exc.reason, "mend": exc.mend, "column": exc.column}}


def _utterances(connection: Any, asset: int) -> list[dict[str, Any]]:
    query = (
        select(
            asset_utterances.c.position,
            asset_utterances.c.pause_after_ms,
            utterances.c.key,
            utterances.c.status,
            utterances.c.spec,
            utterances.c.run_id,
            utterances.c.samples,
            utterances.c.rate_hz,
            runs.c.worker,
            runs.c.engine_version,
            runs.c.t_last_token_ms,
        )
        .join(utterances, utterances.c.key == asset_utterances.c.utterance_key)
        .outerjoin(runs, runs.c.run_id == utterances.c.run_id)
        .where(asset_utterances.c.asset_id == asset)
        .order_by(asset_utterances.c.version, asset_utterances.c.position)
    )
    found = []
    for one in connection.execute(query).mappings():
        spans = spans_of(one["spec"])
        found.append(
            {
                "position": one["position"],
                "key": one["key"],
                "status": one["status"],
                "spoken": [{"language": span.language, "text": span.text} for span in spans],
                "pause_after_ms": one["pause_after_ms"],
                "seconds": None if one["samples"] is None else round(one["samples"] / one["rate_hz"], 3),
                "run": one["run_id"],
                "worker": one["worker"],
                "engine_version": one["engine_version"],
            }
        )
    return found
