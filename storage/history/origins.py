"""The origins of files: which pin or preset, which utterances with their sound, which numeric classes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, select, true

from storage.names import CampaignId
from storage.records import JsonObject
from storage.tables import (
    CURRENT_VERSION,
    PLANNED_PLACES,
    RowStatus,
    asset_utterances,
    asset_versions,
    assets,
    campaigns,
    recipients,
    runs,
    utterances,
)

STREAMED_ROWS = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeUtterance:
    """An utterance of a delivered file, as it was made."""

    key: str
    spec: JsonObject
    preset: str
    pin_id: str
    engine: str
    engine_revision: int
    pcm_key: str | None
    """None when the cache let it go."""
    pcm_sha256: str | None
    rate_hz: int | None
    run_id: str | None
    numeric_class: str | None
    engine_version: str | None


def keys(connection: Connection, campaign_id: CampaignId) -> list[str]:
    """Synthesis keys of the campaign's current files, sorted."""
    return sorted(connection.scalars(_keys(campaign_id).distinct()))


def utterance(connection: Connection, key: str) -> MadeUtterance | None:
    """One of them; None when it is gone."""
    query = (
        select(utterances, runs.c.numeric_class, runs.c.engine_version)
        .outerjoin(runs, runs.c.run_id == utterances.c.run_id)
        .where(utterances.c.key == key, utterances.c.status == RowStatus.STORED)
    )
    row = connection.execute(query).mappings().one_or_none()
    return None if row is None else MadeUtterance(**{name: row[name] for name in MadeUtterance.__slots__})


def numeric_classes(connection: Connection, campaign_id: CampaignId) -> list[str]:
    """Of the runs whose sound the current files hold, sorted."""
    query = (
        select(runs.c.numeric_class)
        .join(utterances, utterances.c.run_id == runs.c.run_id)
        .where(utterances.c.key.in_(_keys(campaign_id)))
        .distinct()
    )
    return sorted(connection.scalars(query))


def _keys(campaign_id: CampaignId) -> Select[tuple[str]]:
    return (
        select(asset_utterances.c.utterance_key)
        .join(
            assets,
            (assets.c.id == asset_utterances.c.asset_id)
            & (assets.c.current_version == asset_utterances.c.version),
        )
        .where(assets.c.campaign_id == campaign_id)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class FileVersion:
    """One version of one recipient's file."""

    row: int
    version: int
    pin_id: str
    preset: str
    object_key: str
    sha256: str
    samples: int
    rate_hz: int
    timebase: Any
    """Where each utterance lies in it, see `campaign.evidence.aligned`."""
    is_current: bool
    row_status: RowStatus


_VERSION_COLUMNS = [
    asset_versions.c[name]
    for name in ("version", "pin_id", "preset", "object_key", "sha256", "samples", "rate_hz", "timebase")
]


def versions(connection: Connection, campaign_id: CampaignId, *, row: int | None = None) -> list[FileVersion]:
    """Every version of a campaign's files, or of one row's, in order."""
    is_current = (asset_versions.c.version == assets.c.current_version).label("is_current")
    query = (
        select(assets.c.row, assets.c.status, is_current, *_VERSION_COLUMNS)
        .join(asset_versions, asset_versions.c.asset_id == assets.c.id)
        .where(assets.c.campaign_id == campaign_id)
        .order_by(assets.c.row, asset_versions.c.version)
    )
    if row is not None:
        query = query.where(assets.c.row == row)
    return [
        FileVersion(
            row=version["row"],
            is_current=bool(version["is_current"]),
            row_status=RowStatus(version["status"]),
            **{column.name: version[column.name] for column in _VERSION_COLUMNS},
        )
        for version in connection.execute(query).mappings()
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Maker:
    """What made a file: a pin, a preset, or whatever it was."""

    pin_id: str | None = None
    preset: str | None = None
    """`name@version`."""

    def condition(self) -> ColumnElement[bool]:
        """On `asset_versions`."""
        if self.pin_id is not None:
            return asset_versions.c.pin_id == self.pin_id
        if self.preset is not None:
            return asset_versions.c.preset == self.preset
        return true()


def campaigns_of(connection: Connection, maker: Maker) -> list[CampaignId]:
    """Ids of campaigns with a current file that it made, oldest first."""
    current = (
        select(assets.c.campaign_id).join(asset_versions, CURRENT_VERSION).where(maker.condition()).distinct()
    )
    query = select(campaigns.c.id).where(campaigns.c.id.in_(current)).order_by(campaigns.c.number)
    return list(connection.scalars(query))


def campaigns_with_lexicon(connection: Connection, label: str) -> list[CampaignId]:
    """Ids of campaigns that fixed this version of a lexicon, oldest first."""
    kept = connection.execute(select(campaigns.c.id, campaigns.c.lock).order_by(campaigns.c.number))
    return [row.id for row in kept if label in row.lock["lexicons"]]


def rows_of(connection: Connection, campaign_id: CampaignId, maker: Maker) -> list[int]:
    """Rows of a campaign whose current file it made."""
    query = (
        select(assets.c.row)
        .join(asset_versions, CURRENT_VERSION)
        .where(assets.c.campaign_id == campaign_id, assets.c.status == RowStatus.STORED, maker.condition())
        .order_by(assets.c.row)
    )
    return list(connection.scalars(query))


def voices_of(connection: Connection, campaign_id: CampaignId, maker: Maker) -> list[str | None]:
    """What the rows whose current file it made call their preset, each once; None: the campaign's own."""
    query = (
        select(recipients.c.voice)
        .join(assets, (recipients.c.campaign_id == assets.c.campaign_id) & (recipients.c.row == assets.c.row))
        .join(asset_versions, CURRENT_VERSION)
        .where(assets.c.campaign_id == campaign_id, assets.c.status == RowStatus.STORED, maker.condition())
        .distinct()
    )
    return list(connection.scalars(query))


def keys_of_preset(connection: Connection, label: str) -> list[str]:
    """Synthesis keys of every current file that was stored with a preset, their sound kept; sorted."""
    query = (
        select(asset_utterances.c.utterance_key)
        .join(assets, assets.c.id == asset_utterances.c.asset_id)
        .join(asset_versions, CURRENT_VERSION)
        .join(utterances, utterances.c.key == asset_utterances.c.utterance_key)
        .where(asset_versions.c.version == asset_utterances.c.version)
        .where(asset_versions.c.preset == label, utterances.c.status == RowStatus.STORED)
        .distinct()
    )
    return sorted(connection.scalars(query))


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPart:
    """One utterance of a stored row, with what the row was made of."""

    row: int
    external_id: str
    locale: str
    language: str
    fields: Mapping[str, str]
    pcm_key: str
    pcm_sha256: str
    rate_hz: int


def stored_parts(connection: Connection, campaign_id: CampaignId) -> list[StoredPart]:
    """Every utterance of every stored row, in order: for campaigns of a few hundred."""
    query = (
        select(
            assets.c.row,
            *(recipients.c[name] for name in ("external_id", "locale", "language", "fields")),
            *(utterances.c[name] for name in ("pcm_key", "pcm_sha256", "rate_hz")),
        )
        .join(
            recipients,
            (recipients.c.campaign_id == assets.c.campaign_id) & (recipients.c.row == assets.c.row),
        )
        .join(asset_utterances, PLANNED_PLACES)
        .join(utterances, utterances.c.key == asset_utterances.c.utterance_key)
        .where(assets.c.campaign_id == campaign_id, assets.c.status == RowStatus.STORED)
        .order_by(assets.c.row, asset_utterances.c.position)
    )
    return [StoredPart(**row) for row in connection.execute(query).mappings()]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveredVersion:
    """One file that a voice or a pin made, by what may be said outside the database."""

    campaign_id: CampaignId
    row: int
    recipient_hmac: str
    version: int
    object_key: str
    is_current: bool


def delivered_by(connection: Connection, maker: Maker) -> Iterator[DeliveredVersion]:
    """Every file that it made, current or not, campaign by campaign; streamed, for there may be millions."""
    query = (
        select(
            assets.c.campaign_id,
            assets.c.row,
            recipients.c.hmac,
            asset_versions.c.version,
            asset_versions.c.object_key,
            (asset_versions.c.version == assets.c.current_version).label("is_current"),
        )
        .join(assets, assets.c.id == asset_versions.c.asset_id)
        .join(
            recipients,
            (recipients.c.campaign_id == assets.c.campaign_id) & (recipients.c.row == assets.c.row),
        )
        .where(maker.condition())
        .order_by(asset_versions.c.asset_id, asset_versions.c.version)
        .execution_options(yield_per=STREAMED_ROWS)
    )
    for campaign_id, row, hmac, version, object_key, is_current in connection.execute(query):
        yield DeliveredVersion(
            campaign_id=campaign_id,
            row=row,
            recipient_hmac=hmac,
            version=version,
            object_key=object_key,
            is_current=bool(is_current),
        )
