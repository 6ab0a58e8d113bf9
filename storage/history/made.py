"""What made a campaign's current files: its utterances with their sound, and the numeric classes of their runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, select

from storage.tables import RowStatus, asset_utterances, assets, runs, utterances


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeUtterance:
    """An utterance of a delivered file, as it was made."""

    key: str
    spec: Mapping[str, Any]
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


def keys(connection: Connection, campaign_id: str) -> list[str]:
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


def numeric_classes(connection: Connection, campaign_id: str) -> list[str]:
    """Of the runs whose sound the current files hold, sorted."""
    query = (
        select(runs.c.numeric_class)
        .join(utterances, utterances.c.run_id == runs.c.run_id)
        .where(utterances.c.key.in_(_keys(campaign_id)))
        .distinct()
    )
    return sorted(connection.scalars(query))


def _keys(campaign_id: str) -> Select[tuple[str]]:
    return (
        select(asset_utterances.c.utterance_key)
        .join(
            assets,
            (assets.c.id == asset_utterances.c.asset_id)
            & (assets.c.current_version == asset_utterances.c.version),
        )
        .where(assets.c.campaign_id == campaign_id)
    )
