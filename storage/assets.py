"""Assets: the file for one recipient, its versions, and the work of finishing it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import Connection, and_, insert, select, update

from storage import campaigns as campaign_rows
from storage.clock import now_ms
from storage.leases import ASSETS, Claim, mine, release
from storage.records import AssetWork, Failure, Part, StoredAsset
from storage.tables import (
    RowStatus,
    asset_utterances,
    asset_versions,
    assets,
    campaigns,
    recipients,
    utterances,
)
from storage.utterances import keep_object


def load(connection: Connection, claims: Sequence[Claim]) -> list[AssetWork]:
    """What finishing needs of claimed assets, in the order of the claims."""
    by_id = {held.key: held for held in claims}
    parts: dict[int, list[Part]] = defaultdict(list)
    plan = (
        select(
            asset_utterances.c.asset_id,
            asset_utterances.c.pause_after_ms,
            utterances.c.key,
            utterances.c.characters,
            utterances.c.pcm_key,
            utterances.c.pcm_sha256,
            utterances.c.rate_hz,
            utterances.c.run_id,
        )
        .join(
            assets,
            and_(
                assets.c.id == asset_utterances.c.asset_id,
                assets.c.planned_version == asset_utterances.c.version,
            ),
        )
        .join(utterances, utterances.c.key == asset_utterances.c.utterance_key)
        .where(asset_utterances.c.asset_id.in_(by_id))
        .order_by(asset_utterances.c.asset_id, asset_utterances.c.position)
    )
    for row in connection.execute(plan):
        parts[row.asset_id].append(
            Part(
                utterance_key=row.key,
                characters=row.characters,
                pause_after_ms=row.pause_after_ms,
                pcm_key=row.pcm_key or "",
                pcm_sha256=row.pcm_sha256 or "",
                rate_hz=row.rate_hz or 0,
                run_id=row.run_id or "",
            )
        )
    query = (
        select(
            assets.c.id,
            assets.c.campaign_id,
            assets.c.row,
            assets.c.characters,
            assets.c.planned_version,
            recipients.c.hmac,
            recipients.c.language,
        )
        .join(
            recipients,
            and_(recipients.c.campaign_id == assets.c.campaign_id, recipients.c.row == assets.c.row),
        )
        .where(assets.c.id.in_(by_id))
    )
    found = {
        row.id: AssetWork(
            claim=by_id[row.id],
            campaign_id=row.campaign_id,
            row=row.row,
            recipient_hmac=row.hmac,
            language=row.language,
            characters=row.characters,
            version=row.planned_version,
            parts=tuple(parts[row.id]),
        )
        for row in connection.execute(query)
    }
    return [found[held.key] for held in claims if held.key in found]


def store(
    connection: Connection, finished: Sequence[StoredAsset], *, campaign_id: str, worker: str
) -> set[int]:
    """Commit finished assets; returns the ids that were accepted: none unless the campaign runs."""
    claims = [one.claim for one in finished]
    if not campaign_rows.hold_running(connection, {campaign_id}):
        release(connection, ASSETS, claims, worker=worker)
        return set()
    made_by = connection.execute(
        select(campaigns.c.pin_id, campaigns.c.preset, campaigns.c.finish_revision).where(
            campaigns.c.id == campaign_id
        )
    ).one()
    accepted: set[int] = set()
    rows = []
    for one in finished:
        result = connection.execute(
            update(assets)
            .where(mine(ASSETS, one.claim, worker))
            .values(
                status=RowStatus.STORED,
                current_version=one.version,
                t_stored_ms=now_ms(),
                worker=None,
                lease_until_ms=None,
                code=None,
                reason=None,
            )
        )
        if result.rowcount != 1:
            continue
        accepted.add(one.claim.key)
        keep_object(connection, one.object_key, one.sha256, one.size_bytes)
        rows.append(
            {
                "asset_id": one.claim.key,
                "version": one.version,
                "object_key": one.object_key,
                "sha256": one.sha256,
                "sound_sha256": one.sound_sha256,
                "size_bytes": one.size_bytes,
                "content_type": one.content_type,
                "codec": one.codec,
                "codec_settings": dict(one.codec_settings),
                "samples": one.samples,
                "rate_hz": one.rate_hz,
                "loudness_lufs": one.loudness_lufs,
                "true_peak_dbtp": one.true_peak_dbtp,
                "timebase": list(one.timebase),
                "run_ids": list(one.run_ids),
                "pin_id": made_by.pin_id,
                "preset": made_by.preset,
                "finish_revision": made_by.finish_revision,
            }
        )
    if rows:
        connection.execute(insert(asset_versions).values(t_stored_ms=now_ms()), rows)
    return accepted


def fail(connection: Connection, failures: Sequence[Failure], *, worker: str) -> int:
    """Fail assets for good; returns how many were still ours."""
    failed = 0
    for failure in failures:
        failed += connection.execute(
            update(assets)
            .where(mine(ASSETS, failure.claim, worker))
            .values(
                status=RowStatus.FAILED,
                code=failure.code,
                reason=failure.reason,
                worker=None,
                lease_until_ms=None,
            )
        ).rowcount
    return failed


def wait_again(connection: Connection, held: Claim, key: str, *, worker: str) -> None:
    """Give an asset back to wait for an utterance whose PCM is gone."""
    connection.execute(
        update(assets)
        .where(mine(ASSETS, held, worker))
        .values(status=RowStatus.PENDING, worker=None, lease_until_ms=None, watch=key)
    )
