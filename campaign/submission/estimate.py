"""What a campaign will take: counted on its rows, before any sound is made.

A dry run drafts the campaign into a scratch database with the very code that submits it, and counts there.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from sqlalchemy import Connection, func, select

from campaign.brief import LoadedBrief
from campaign.registry.lexicons import fixed
from campaign.registry.voice import check_use, choose_voice, install_shipped
from campaign.submission.draft import Listener, Tally, write_draft
from campaign.submission.plan import Estimate, characters_to_seconds
from campaign.submission.preflight import refuse_voiceless
from campaign.submission.recipients import Recipients
from campaign.submission.submit import create_draft
from storage.installation import Installation
from storage.queue import campaigns as campaign_rows
from storage.session import Database
from storage.tables import RowStatus, asset_utterances, assets, metadata, runs, utterances

KEYS_AT_ONCE = 500


def dry_run(
    installation: Installation, source: Recipients, loaded: LoadedBrief, listener: Listener
) -> tuple[Tally, Estimate]:
    """Everything of `submit` but its effect."""
    with installation.database.write() as connection:
        install_shipped(connection)
        chosen = choose_voice(connection, loaded.brief)
        refuse_voiceless(loaded.brief, chosen)
        loaded = fixed(connection, loaded, chosen)
        check_use(connection, chosen, loaded.brief)
    with tempfile.TemporaryDirectory(prefix="campaign-dry-run-") as folder:
        scratch = Database(f"sqlite:///{Path(folder) / 'scratch.sqlite'}")
        metadata.create_all(scratch.engine)
        with scratch.write() as connection:
            draft = create_draft(connection, loaded, chosen, "dry-run", "dry-run", source.label)
        tally = write_draft(installation, scratch, draft, source, loaded, chosen, listener)
        counted = estimate(installation, scratch, draft.id, preset=draft.preset, pin_id=draft.pin_id)
        scratch.close()
    return tally, counted


def estimate(
    installation: Installation, database: Database, campaign_id: str, *, preset: str, pin_id: str
) -> Estimate:
    """Counts of a drafted campaign, with the speed and the length of speech measured on earlier runs."""
    with database.read() as connection:
        outcomes = campaign_rows.progress(connection, campaign_id).by_status
        delivered = _characters_delivered(connection, campaign_id)
        keys = _distinct(connection, campaign_id)
    cached = cached_keys(installation.database, [key for key, _ in keys])
    to_make = sum(characters for key, characters in keys if key not in cached)
    with installation.database.read() as connection:
        measured = measured_speed(connection, preset, pin_id)
    seconds_to_make = characters_to_seconds(to_make, measured.characters_per_second)
    wall_s = None if measured.real_time_factor is None else seconds_to_make * measured.real_time_factor
    settings = installation.settings
    return Estimate(
        rows_by_outcome=dict(outcomes),
        utterances=len(keys),
        utterances_cached=len(cached),
        seconds_to_make=seconds_to_make,
        seconds_to_deliver=characters_to_seconds(delivered, measured.characters_per_second),
        expected_wall_s=wall_s,
        expected_cost=(wall_s or 0.0) / 3600 * settings.cost_per_gpu_hour,
        currency=settings.currency,
    )


class Measured:
    """What earlier runs of the same voice say."""

    def __init__(self, characters_per_second: float | None, real_time_factor: float | None) -> None:
        self.characters_per_second = characters_per_second
        self.real_time_factor = real_time_factor


def measured_speed(connection: Connection, preset: str, pin_id: str) -> Measured:
    """Length of speech and speed of earlier runs."""
    same = (runs.c.preset == preset, runs.c.pin_id == pin_id, runs.c.outcome == "stored")
    row = connection.execute(
        select(func.sum(utterances.c.characters), func.sum(runs.c.duration_ms))
        .join(utterances, utterances.c.run_id == runs.c.run_id)
        .where(*same)
    ).one()
    characters, sound_ms = row
    if not sound_ms:
        return Measured(None, None)
    batches = (
        select(func.max(runs.c.t_last_token_ms) - func.min(runs.c.t_claim_ms))
        .where(*same)
        .group_by(runs.c.batch_id)
    ).subquery()
    busy_ms = connection.execute(select(func.sum(batches.c[0]))).scalar_one()
    return Measured(float(characters) / (float(sound_ms) / 1000), float(busy_ms) / float(sound_ms))


def _characters_delivered(connection: Connection, campaign_id: str) -> int:
    query = select(func.coalesce(func.sum(assets.c.characters), 0)).where(
        assets.c.campaign_id == campaign_id, assets.c.status == RowStatus.PENDING
    )
    return int(connection.execute(query).scalar_one())


def _distinct(connection: Connection, campaign_id: str) -> list[tuple[str, int]]:
    query = (
        select(utterances.c.key, utterances.c.characters)
        .join(asset_utterances, asset_utterances.c.utterance_key == utterances.c.key)
        .join(assets, assets.c.id == asset_utterances.c.asset_id)
        .where(assets.c.campaign_id == campaign_id)
        .distinct()
    )
    return list(connection.execute(query).tuples())


def cached_keys(database: Database, keys: list[str]) -> set[str]:
    """Those of `keys` whose sound is stored."""
    stored: set[str] = set()
    with database.read() as connection:
        for start in range(0, len(keys), KEYS_AT_ONCE):
            part = keys[start : start + KEYS_AT_ONCE]
            query = select(utterances.c.key).where(
                utterances.c.key.in_(part), utterances.c.status == RowStatus.STORED
            )
            stored.update(connection.scalars(query))
    return stored
