"""Planned rows as the tables keep them: one chunk, one transaction."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from campaign.submission.compose import PlannedRow
from campaign.submission.plan import PlannedUtterance
from storage.keys import row_hmac
from storage.queue import amendments, bulk
from storage.queue import campaigns as campaign_rows
from storage.queue.amendments import Amendment
from storage.records import Campaign
from storage.session import UTTERANCES_LOCK, Connection, shared_lock
from storage.tables import RowStatus, assets, recipients


def row_status_of(row: PlannedRow) -> RowStatus:
    if row.raw.suppressed is not None:
        return RowStatus.SUPPRESSED
    return RowStatus.FAILED if row.error is not None else RowStatus.PENDING


RECIPIENT_COLUMNS = (
    "campaign_id",
    "row",
    "external_id",
    "locale",
    "fields",
    "script",
    "salt",
    "hmac",
    "person",
    "language",
    "voice",
    "fallbacks",
    "warnings",
    "lexicon_hits",
    "not_before",
    "not_after",
    "timezone",
)
KEPT_COLUMNS = ("campaign_id", "row", "salt")
"""Of a recipient whose row is amended."""
ASSET_COLUMNS = ("id", "campaign_id", "row", "status", "column", "characters", "code", "reason")


def insert_chunk(
    connection: Connection, campaign: Campaign, chunk: list[PlannedRow], *, secret: bytes
) -> None:
    """Write one chunk of rows of a draft."""
    shared_lock(connection, UTTERANCES_LOCK)
    words, places = _plans(campaign, chunk)
    bulk.insert_rows(
        connection, recipients, RECIPIENT_COLUMNS, [_recipient(campaign, row, secret) for row in chunk]
    )
    bulk.insert_rows(connection, assets, ASSET_COLUMNS, [_asset(campaign, row) for row in chunk])
    bulk.insert_utterances(connection, words)
    bulk.insert_places(connection, places)


def insert_amended(
    connection: Connection, campaign: Campaign, chunk: list[PlannedRow], *, secret: bytes
) -> None:
    """Write rows in the place of those that the campaign refused. Raises what `amendments.replace` raises."""
    shared_lock(connection, UTTERANCES_LOCK)
    words, places = _plans(campaign, chunk)
    amended = [_amendment(campaign, row, secret) for row in chunk]
    amendments.replace(connection, campaign.id, amended, utterances=words, places=places)


def _plans(
    campaign: Campaign, chunk: list[PlannedRow]
) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """The utterances that rows are made of, each once, and their places, as `storage.queue.bulk` takes them."""
    words: dict[str, tuple[Any, ...]] = {}
    places = []
    for row in chunk:
        asset = campaign_rows.asset_id(campaign.number, row.raw.number)
        for position, utterance in enumerate(row.utterances):
            places.append(
                (asset, 1, position, utterance.key, utterance.pause_after_ms, kept_places(utterance))
            )
            rank = row.raw.number << 12 | position
            words.setdefault(utterance.key, _utterance(campaign, row, utterance, rank))
    return list(words.values()), places


def kept_places(utterance: PlannedUtterance) -> list[list[str | int]] | None:
    """Where its values stand, as `asset_utterances` keeps it."""
    return [list(place) for place in utterance.value_places] or None


def _amendment(campaign: Campaign, row: PlannedRow, secret: bytes) -> Amendment:
    recipient = dict(zip(RECIPIENT_COLUMNS, _recipient(campaign, row, secret), strict=True))
    asset = dict(zip(ASSET_COLUMNS, _asset(campaign, row), strict=True))
    return Amendment(
        row=row.raw.number,
        recipient={name: value for name, value in recipient.items() if name not in KEPT_COLUMNS},
        **{name: asset[name] for name in ("status", "code", "reason", "column", "characters")},
    )


def insert_replanned_utterances(connection: Connection, campaign: Campaign, rows: list[PlannedRow]) -> None:
    """Write the utterances of rows that are planned again; those that are there stay as they are."""
    shared_lock(connection, UTTERANCES_LOCK)
    words = {
        utterance.key: _utterance(campaign, row, utterance, row.raw.number << 12 | position)
        for row in rows
        for position, utterance in enumerate(row.utterances)
    }
    bulk.insert_utterances(connection, list(words.values()))


def _recipient(campaign: Campaign, row: PlannedRow, secret: bytes) -> tuple[Any, ...]:
    raw = row.raw
    return (
        campaign.id,
        raw.number,
        _clean(raw.external_id),
        _clean(raw.locale),
        _clean_fields(raw.fields),
        row.script,
        secrets.token_bytes(16),
        row_hmac(secret, campaign.id, f"{raw.external_id}#{raw.number}"),
        raw.person,
        row.language,
        raw.voice or None,
        list(row.fallbacks) or None,
        list(row.warnings) or None,
        dict(row.lexicon_hits) or None,
        raw.window.not_before,
        raw.window.not_after,
        raw.window.timezone,
    )


def _asset(campaign: Campaign, row: PlannedRow) -> tuple[Any, ...]:
    raw, error = row.raw, row.error
    return (
        campaign_rows.asset_id(campaign.number, raw.number),
        campaign.id,
        raw.number,
        row_status_of(row),
        _clean(error.column) if error and error.column else None,
        row.characters,
        raw.suppressed or (error.code if error else None),
        f"{_clean(error.reason)} ({_clean(error.mend)})" if error else None,
    )


def _utterance(campaign: Campaign, row: PlannedRow, planned: PlannedUtterance, rank: int) -> tuple[Any, ...]:
    return (
        planned.key,
        campaign.id,
        RowStatus.PENDING,
        rank,
        planned.spec.as_json(),
        campaign.lock.preset_of(row.raw.voice).label if row.raw.voice else campaign.preset,
        campaign.pin_id,
        campaign.engine,
        campaign.engine_revision,
        planned.characters,
    )


def _clean(value: str) -> str:
    """What a database can hold: no NUL, no lone surrogate. Only rows that already failed have any."""
    return value.replace("\x00", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode()


def _clean_fields(fields: Mapping[str, str]) -> dict[str, str]:
    return {_clean(name): _clean(value) for name, value in fields.items()}
