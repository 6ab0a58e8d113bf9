"""What was delivered: every row of a campaign with the version it has now, streamed in order."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Table, and_, func, select, true

from storage.keys import caption_key
from storage.lock import Lock, LockedListening
from storage.names import CampaignId
from storage.tables import (
    CURRENT_VERSION,
    RowStatus,
    asset_utterances,
    asset_versions,
    assets,
    campaigns,
    recipients,
    runs,
    tombstones,
    utterances,
)

STREAMED_ROWS = 1000
HEARD = "heard"
"""The verdict on a value that was heard as it was to be said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceScore:
    """How much a file's voice is its preset's, by the print that the campaign's lock names."""

    likeness: float | None
    """Cosine to the print, -1 to 1; None: the worker had no encoder, or the file is too short to tell."""
    lowest: float
    """Of the renders that the print was made of."""
    preset: str
    """`name@version`."""
    calibration: str
    """Digest of the record that has the print."""
    encoder: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListenedTo:
    """What was heard in a row's file, or in the one that is held, without a word of it."""

    verdict: str
    """`heard`, `misheard` or `not-judged`."""
    values: Mapping[str, tuple[int, int]]
    """Kind to how many values were heard, of how many that were to be said."""
    take: int = 0
    """Of the sentence in it that was said anew most often."""
    opinion: float | None = None
    """Predicted, 1 to 5, by whom the campaign's lock names; None: not rated."""
    line: str | None = None
    """Over which line; None where the file was heard as it is."""
    voice: VoiceScore | None = None
    """None where its preset has no print in the row's language."""

    @property
    def all_values(self) -> tuple[int, int]:
        """The same, of every kind."""
        return sum(heard for heard, _ in self.values.values()), sum(said for _, said in self.values.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveredRow:
    """One recipient's row as it stands. `external_id` is personal: it leaves only towards the operator."""

    row: int
    external_id: str | None
    recipient_hmac: str
    salt: bytes
    locale: str
    language: str
    status: str
    code: str | None
    reason: str | None
    column: str | None
    fallbacks: tuple[str, ...]
    version: int | None
    object_key: str | None
    sha256: str | None
    samples: int | None
    rate_hz: int | None
    codec: str | None
    size_bytes: int | None
    loudness_lufs: float | None
    true_peak_dbtp: float | None
    pin_id: str | None
    preset: str | None
    run_ids: tuple[str, ...]
    characters: int
    """Of spoken text."""
    lexicon_hits: Mapping[str, int]
    tombstone_leaf: str | None
    """Of an erased row: its last manifest leaf, all that is left of it."""
    not_before: str | None = None
    """When whoever sends it may send it, ISO 8601 with an offset."""
    not_after: str | None = None
    timezone: str | None = None
    """The recipient's, as IANA calls it."""
    is_of_listening: bool = False
    """Whether somebody listens to files of its campaign."""
    listening: ListenedTo | None = None
    """None where nobody listened to this one."""
    captions: tuple[str, ...] = ()
    """What the names of the captions beside the file end with, as the campaign asked for."""

    @property
    def duration_s(self) -> float | None:
        """Seconds of sound in the file."""
        if self.samples is None or not self.rate_hz:
            return None
        return self.samples / self.rate_hz

    @property
    def caption_keys(self) -> dict[str, str]:
        """Where each of them lies."""
        if self.object_key is None:
            return {}
        return {form: caption_key(self.object_key, form) for form in self.captions}


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """Sums over a campaign."""

    by_status: Mapping[str, int]
    by_code: Mapping[str, int]
    by_language: Mapping[str, int]
    by_preset: Mapping[str, int]
    """Files that recipients get, by the preset that speaks them."""
    delivered_files: int
    delivered_seconds: float
    delivered_bytes: int
    utterances: int
    """Distinct ones its assets hold."""
    made_utterances: int
    """Of those, made for this campaign."""
    made_seconds: float
    engine_seconds: float
    """Wall time of the engine over all its batches."""
    engine_seconds_by_gpu: Mapping[str | None, float]
    """By the GPU's model; None is no GPU."""
    energy_joules: float | None
    runs: int
    fallback_rows: int


def rows(
    connection: Connection, campaign_id: CampaignId, *, only: Collection[int] | None = None
) -> Iterator[DeliveredRow]:
    """All rows (or these), in the order of the file; memory does not grow with their number."""
    captions = captions_asked(connection, campaign_id)
    chosen = true() if only is None else assets.c.row.in_(only)
    lock = connection.execute(select(campaigns.c.lock).where(campaigns.c.id == campaign_id)).scalar()
    listening = None if lock is None else Lock.from_json(lock).listening
    query = (
        select(
            assets.c.row,
            recipients.c.external_id,
            recipients.c.hmac,
            recipients.c.salt,
            recipients.c.locale,
            recipients.c.language,
            recipients.c.fallbacks,
            assets.c.status,
            assets.c.code,
            assets.c.reason,
            assets.c.column,
            assets.c.characters,
            recipients.c.lexicon_hits,
            recipients.c.not_before,
            recipients.c.not_after,
            recipients.c.timezone,
            tombstones.c.leaf,
            *(column for column in asset_versions.c if column.name not in ("listening", "likeness")),
        )
        .join(
            recipients,
            and_(recipients.c.campaign_id == assets.c.campaign_id, recipients.c.row == assets.c.row),
        )
        .outerjoin(
            asset_versions,
            CURRENT_VERSION,
        )
        .outerjoin(
            tombstones,
            and_(tombstones.c.campaign_id == assets.c.campaign_id, tombstones.c.row == assets.c.row),
        )
        .where(assets.c.campaign_id == campaign_id, chosen)
        .order_by(assets.c.id)
        .execution_options(yield_per=STREAMED_ROWS)
    )
    if listening is not None:
        query = query.outerjoin(_heard, _HEARD_VERSION).add_columns(
            _heard.c.listening["verdict"].as_string().label("verdict"),
            _heard.c.listening["values"].label("values_heard"),
            _heard.c.listening["take"].as_integer().label("take"),
            _heard.c.listening["opinion"].as_float().label("opinion"),
            _heard.c.listening["line"].as_string().label("line_heard"),
            _heard.c.likeness,
            _heard.c.preset.label("preset_heard"),
            _heard.c.rate_hz.label("rate_heard"),
        )
    for row in connection.execute(query):
        yield _delivered(row, captions, listening)


def captions_asked(connection: Connection, campaign_id: CampaignId) -> tuple[str, ...]:
    """Which captions lie beside every file of a campaign, by its finish profile; it is kept as it was written."""
    profile = connection.scalar(select(campaigns.c.finish_profile).where(campaigns.c.id == campaign_id))
    return tuple(sorted(set((profile or {}).get("captions", ()))))


_heard = asset_versions.alias("heard")
_HEARD_VERSION = and_(
    _heard.c.asset_id == assets.c.id,
    _heard.c.version == func.coalesce(assets.c.current_version, assets.c.planned_version),
)
"""Joins an asset to the version that its recipient gets, or would get were it not held."""


def _listened_to(row: Row[*tuple[Any, ...]], listening: LockedListening | None) -> ListenedTo | None:
    if listening is None or row.verdict is None:
        return None
    counts: Mapping[str, Mapping[str, int]] = row.values_heard or {}
    return ListenedTo(
        verdict=row.verdict,
        values={kind: (told.get(HEARD, 0), sum(told.values())) for kind, told in counts.items()},
        take=row.take or 0,
        opinion=row.opinion,
        line=row.line_heard,
        voice=_voice(row, listening),
    )


def _voice(row: Row[*tuple[Any, ...]], listening: LockedListening) -> VoiceScore | None:
    calibration = listening.calibrations.get(row.preset_heard)
    if calibration is None:
        return None
    held_against = calibration.print_for(row.language.partition("-")[0], row.rate_heard)
    if held_against is None:
        return None
    return VoiceScore(
        likeness=row.likeness,
        lowest=held_against.lowest,
        preset=row.preset_heard,
        calibration=calibration.digest,
        encoder=calibration.encoder,
    )


def _delivered(
    row: Row[*tuple[Any, ...]], captions: tuple[str, ...], listening: LockedListening | None
) -> DeliveredRow:
    return DeliveredRow(
        is_of_listening=listening is not None,
        listening=_listened_to(row, listening),
        row=row.row,
        external_id=row.external_id,
        recipient_hmac=row.hmac,
        salt=bytes(row.salt),
        locale=row.locale,
        language=row.language,
        status=row.status,
        code=row.code,
        reason=row.reason,
        column=row.column,
        fallbacks=tuple(row.fallbacks or ()),
        version=row.version,
        object_key=row.object_key,
        sha256=row.sha256,
        samples=row.samples,
        rate_hz=row.rate_hz,
        codec=row.codec,
        size_bytes=row.size_bytes,
        loudness_lufs=row.loudness_lufs,
        true_peak_dbtp=row.true_peak_dbtp,
        pin_id=row.pin_id,
        preset=row.preset,
        run_ids=tuple(row.run_ids or ()),
        characters=row.characters,
        lexicon_hits=row.lexicon_hits or {},
        tombstone_leaf=row.leaf,
        not_before=row.not_before,
        not_after=row.not_after,
        timezone=row.timezone,
        captions=captions,
    )


def sentences_heard(connection: Connection, campaign_id: CampaignId) -> tuple[int, int]:
    """(sentences in the files that were listened to, distinct ones): what is the same is judged once and shared."""
    query = (
        select(func.count(), func.count(asset_utterances.c.utterance_key.distinct()))
        .select_from(assets)
        .join(_heard, _HEARD_VERSION)
        .join(
            asset_utterances,
            and_(asset_utterances.c.asset_id == assets.c.id, asset_utterances.c.version == _heard.c.version),
        )
        .where(assets.c.campaign_id == campaign_id, _heard.c.listening["verdict"].as_string().is_not(None))
    )
    sentences, distinct = connection.execute(query).one()
    return int(sentences), int(distinct)


def totals(connection: Connection, campaign_id: CampaignId) -> Totals:
    """Sums, counted by the database."""
    of_campaign = assets.c.campaign_id == campaign_id
    files, seconds, size_bytes = _delivered_sums(connection, of_campaign)
    made_utterances, sound_ms, energy_joules, by_gpu = _made_sums(connection, campaign_id)
    keys = (
        select(asset_utterances.c.utterance_key)
        .join(assets, assets.c.id == asset_utterances.c.asset_id)
        .where(of_campaign)
        .distinct()
    )
    spoken = and_(recipients.c.campaign_id == campaign_id, recipients.c.language != "")
    fell_back = and_(recipients.c.campaign_id == campaign_id, recipients.c.fallbacks.is_not(None))
    return Totals(
        by_status=_counts(connection, assets.c.status, of_campaign),
        by_code=_counts(connection, assets.c.code, and_(of_campaign, assets.c.code.is_not(None))),
        by_language=_counts(connection, recipients.c.language, spoken),
        by_preset=_delivered_by_preset(connection, of_campaign),
        delivered_files=files,
        delivered_seconds=seconds,
        delivered_bytes=size_bytes,
        utterances=_count(connection, utterances, utterances.c.key.in_(keys)),
        made_utterances=made_utterances,
        made_seconds=sound_ms / 1000,
        engine_seconds=sum(by_gpu.values()),
        engine_seconds_by_gpu=by_gpu,
        energy_joules=energy_joules,
        runs=_count(connection, runs, runs.c.campaign_id == campaign_id),
        fallback_rows=_count(connection, recipients, fell_back),
    )


def _delivered_sums(connection: Connection, of_campaign: ColumnElement[bool]) -> tuple[int, float, int]:
    """(files, seconds, bytes) of the current versions."""
    query = (
        select(
            func.count(),
            func.coalesce(func.sum(1.0 * asset_versions.c.samples / asset_versions.c.rate_hz), 0.0),
            func.coalesce(func.sum(asset_versions.c.size_bytes), 0),
        )
        .join(assets, assets.c.id == asset_versions.c.asset_id)
        .where(of_campaign, asset_versions.c.version == assets.c.current_version)
        .where(assets.c.status == RowStatus.STORED)
    )
    files, seconds, size_bytes = connection.execute(query).one()
    return int(files), float(seconds), int(size_bytes)


def _delivered_by_preset(connection: Connection, of_campaign: ColumnElement[bool]) -> dict[str, int]:
    query = (
        select(asset_versions.c.preset, func.count())
        .join(assets, CURRENT_VERSION)
        .where(of_campaign, assets.c.status == RowStatus.STORED)
        .group_by(asset_versions.c.preset)
        .order_by(func.count().desc(), asset_versions.c.preset)
    )
    return dict(connection.execute(query).tuples().all())


def _made_sums(
    connection: Connection, campaign_id: CampaignId
) -> tuple[int, float, float | None, dict[str | None, float]]:
    """(utterances, ms of sound, joules, engine seconds by GPU) of what was made in this campaign's name."""
    own = and_(runs.c.campaign_id == campaign_id, runs.c.outcome == "stored")
    count, sound_ms, joules = connection.execute(
        select(
            func.count(), func.coalesce(func.sum(runs.c.duration_ms), 0), func.sum(runs.c.energy_joules)
        ).where(own)
    ).one()
    batches = (
        select(
            runs.c.gpu_model,
            (func.max(runs.c.t_last_token_ms) - func.min(runs.c.t_claim_ms)).label("ms"),
        )
        .where(own)
        .group_by(runs.c.batch_id, runs.c.gpu_model)
        .subquery()
    )
    spent = connection.execute(
        select(batches.c.gpu_model, func.sum(batches.c.ms)).group_by(batches.c.gpu_model)
    )
    by_gpu = {model: float(ms or 0) / 1000 for model, ms in spent}
    return int(count), float(sound_ms), None if joules is None else float(joules), by_gpu


def _count(connection: Connection, table: Table, where: ColumnElement[bool]) -> int:
    return int(connection.execute(select(func.count()).select_from(table).where(where)).scalar_one())


def _counts(connection: Connection, column: ColumnElement[str], where: ColumnElement[bool]) -> dict[str, int]:
    query = select(column, func.count()).where(where).group_by(column).order_by(func.count().desc(), column)
    return dict(connection.execute(query).tuples().all())
