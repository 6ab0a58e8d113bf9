"""How fast a voice was on earlier runs, and what a drafted campaign asks for: what an estimate is made of."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from storage.names import CampaignId
from storage.tables import RowStatus, asset_utterances, assets, runs, utterances

KEYS_AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredSpeed:
    """What earlier runs of a voice say; None where there are none."""

    characters_per_second: float | None
    """Of speech."""
    real_time_factor: float | None
    """Seconds of an engine's time for one second of sound."""


def measured_speed(connection: Connection, presets: Collection[str], pin_id: str) -> MeasuredSpeed:
    """Length of speech and speed of earlier runs of these presets on a pin."""
    same = (runs.c.preset.in_(presets), runs.c.pin_id == pin_id, runs.c.outcome == "stored")
    characters, sound_ms = connection.execute(
        select(func.sum(utterances.c.characters), func.sum(runs.c.duration_ms))
        .join(utterances, utterances.c.run_id == runs.c.run_id)
        .where(*same)
    ).one()
    if not sound_ms:
        return MeasuredSpeed(characters_per_second=None, real_time_factor=None)
    batches = (
        select(func.max(runs.c.t_last_token_ms) - func.min(runs.c.t_claim_ms))
        .where(*same)
        .group_by(runs.c.batch_id)
    ).subquery()
    busy_ms = connection.execute(select(func.sum(batches.c[0]))).scalar_one()
    return MeasuredSpeed(
        characters_per_second=float(characters) / (float(sound_ms) / 1000),
        real_time_factor=float(busy_ms) / float(sound_ms),
    )


def characters_to_deliver(connection: Connection, campaign_id: CampaignId) -> int:
    """Spoken characters of all files that are still to be made."""
    query = select(func.coalesce(func.sum(assets.c.characters), 0)).where(
        assets.c.campaign_id == campaign_id, assets.c.status == RowStatus.PENDING
    )
    return int(connection.execute(query).scalar_one())


def characters_by_key(connection: Connection, campaign_id: CampaignId) -> dict[str, int]:
    """The distinct utterances that a campaign needs, and their lengths."""
    query = (
        select(utterances.c.key, utterances.c.characters)
        .join(asset_utterances, asset_utterances.c.utterance_key == utterances.c.key)
        .join(assets, assets.c.id == asset_utterances.c.asset_id)
        .where(assets.c.campaign_id == campaign_id)
        .distinct()
    )
    return dict(connection.execute(query).tuples().all())


def stored_among(connection: Connection, keys: list[str]) -> set[str]:
    """Those of `keys` whose sound is stored."""
    stored: set[str] = set()
    for start in range(0, len(keys), KEYS_AT_ONCE):
        some = keys[start : start + KEYS_AT_ONCE]
        query = select(utterances.c.key).where(
            utterances.c.key.in_(some), utterances.c.status == RowStatus.STORED
        )
        stored.update(connection.scalars(query))
    return stored
