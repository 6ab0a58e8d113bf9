"""One row of a campaign with all that is known of it: what an explanation reads. Personal data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, and_, select

from storage.keys import ROW_HMAC
from storage.names import CampaignId
from storage.records import JsonObject
from storage.tables import RowStatus, asset_utterances, assets, recipients, runs, utterances


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainedRow:
    """A recipient and what became of the row; an erased one has no id, fields or script."""

    asset_id: int
    external_id: str | None
    locale: str
    fields: Mapping[str, str] | None
    script: str | None
    voice: str | None
    """What the brief's `presets` calls the row's preset; None: the campaign's own."""
    status: RowStatus
    code: str | None
    reason: str | None
    column: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainedUtterance:
    """One utterance of a row, in the order of versions and positions, with the run that made it."""

    version: int
    """Of the row's file."""
    position: int
    pause_after_ms: int | None
    key: str
    status: RowStatus
    spec: JsonObject
    samples: int | None
    rate_hz: int | None
    run_id: str | None
    worker: str | None
    engine_version: str | None


def find(connection: Connection, campaign_id: CampaignId, row: int) -> ExplainedRow | None:
    """One row, or None."""
    query = (
        select(
            assets.c.id.label("asset_id"),
            *(recipients.c[name] for name in ("external_id", "locale", "fields", "script", "voice")),
            *(assets.c[name] for name in ("status", "code", "reason", "column")),
        )
        .join(
            assets,
            and_(assets.c.campaign_id == recipients.c.campaign_id, assets.c.row == recipients.c.row),
        )
        .where(recipients.c.campaign_id == campaign_id, recipients.c.row == row)
    )
    facts = connection.execute(query).mappings().one_or_none()
    return None if facts is None else ExplainedRow(**facts)


def rows_called(connection: Connection, campaign_id: CampaignId, external_id: str) -> list[int]:
    """Rows of a campaign that have this id, in order: a second one of a person is suppressed and has no file."""
    query = (
        select(recipients.c.row)
        .where(recipients.c.campaign_id == campaign_id, recipients.c.external_id == external_id)
        .order_by(recipients.c.row)
    )
    return list(connection.scalars(query))


def number_of(connection: Connection, campaign_id: CampaignId, recipient_hmac: str) -> int | None:
    """The row that a file names by its keyed hash; None where there is none, or it was erased.

    The file may be a stranger's: what is no hash is not asked for.
    """
    if not ROW_HMAC.fullmatch(recipient_hmac):
        return None
    query = select(recipients.c.row).where(
        recipients.c.campaign_id == campaign_id,
        recipients.c.hmac == recipient_hmac,
        recipients.c.fields.is_not(None),
    )
    row: int | None = connection.scalar(query.limit(1))
    return row


def utterances_of(connection: Connection, asset_id: int) -> list[ExplainedUtterance]:
    """Every utterance of every version of a row."""
    query = (
        select(
            *(asset_utterances.c[name] for name in ("version", "position", "pause_after_ms")),
            *(utterances.c[name] for name in ("key", "status", "spec", "samples", "rate_hz", "run_id")),
            *(runs.c[name] for name in ("worker", "engine_version")),
        )
        .join(utterances, utterances.c.key == asset_utterances.c.utterance_key)
        .outerjoin(runs, runs.c.run_id == utterances.c.run_id)
        .where(asset_utterances.c.asset_id == asset_id)
        .order_by(asset_utterances.c.version, asset_utterances.c.position)
    )
    return [ExplainedUtterance(**row) for row in connection.execute(query).mappings()]


def codes_without_sound(connection: Connection, campaign_id: CampaignId) -> dict[int, str]:
    """Row to why it has no sound, of every row that has none: for campaigns of a few hundred."""
    query = select(assets.c.row, assets.c.code).where(
        assets.c.campaign_id == campaign_id, assets.c.status != RowStatus.STORED
    )
    return {row.row: row.code or "not-made" for row in connection.execute(query)}
