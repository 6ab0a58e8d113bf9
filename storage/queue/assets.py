"""Assets: the file for one recipient, its versions, and the work of finishing it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from sqlalchemy import Connection, and_, insert, select, update

from storage.clock import now_ms
from storage.names import CampaignId
from storage.queue import campaigns as campaign_rows
from storage.queue import leases, takes
from storage.queue.leases import ASSETS
from storage.queue.utterances import keep_object
from storage.records import AssetPart, AssetWork, Claim, Failure, SpokenWords, StoredAsset
from storage.session import UTTERANCES_LOCK, shared_lock
from storage.tables import (
    PLANNED_PLACES,
    RowStatus,
    asset_utterances,
    asset_versions,
    assets,
    campaigns,
    recipients,
    utterances,
)

NOT_KEPT = frozenset({"claim", "voice", "unheard", "next_takes", "heard", "captions"})
"""Of a stored asset, what its version does not keep."""


def load(connection: Connection, claims: Sequence[Claim], *, with_words: bool = False) -> list[AssetWork]:
    """What finishing needs of claimed assets, in the order of the claims; `with_words` what listening needs too."""
    by_id = {claim.key: claim for claim in claims}
    parts = _parts(connection, list(by_id), with_words=with_words)
    of_recipient = and_(recipients.c.campaign_id == assets.c.campaign_id, recipients.c.row == assets.c.row)
    query = (
        select(
            assets.c.id,
            assets.c.campaign_id,
            assets.c.row,
            assets.c.characters,
            assets.c.planned_version,
            recipients.c.hmac,
            recipients.c.language,
            recipients.c.voice,
        )
        .join(recipients, of_recipient)
        .where(assets.c.id.in_(by_id))
    )
    work = {
        row.id: AssetWork(
            claim=by_id[row.id],
            campaign_id=row.campaign_id,
            row=row.row,
            recipient_hmac=row.hmac,
            language=row.language,
            voice=row.voice,
            characters=row.characters,
            version=row.planned_version,
            parts=tuple(parts[row.id]),
        )
        for row in connection.execute(query)
    }
    return [work[claim.key] for claim in claims if claim.key in work]


def _parts(connection: Connection, ids: Sequence[int], *, with_words: bool) -> dict[int, list[AssetPart]]:
    """The utterances of each asset's planned version, in order."""
    planned = PLANNED_PLACES
    words = (utterances.c.spec, utterances.c.heard, asset_utterances.c.value_places) if with_words else ()
    query = (
        select(
            asset_utterances.c.asset_id,
            asset_utterances.c.pause_after_ms,
            utterances.c.key,
            utterances.c.characters,
            utterances.c.pcm_key,
            utterances.c.pcm_sha256,
            utterances.c.rate_hz,
            utterances.c.run_id,
            *words,
        )
        .join(assets, planned)
        .join(utterances, utterances.c.key == asset_utterances.c.utterance_key)
        .where(asset_utterances.c.asset_id.in_(ids))
        .order_by(asset_utterances.c.asset_id, asset_utterances.c.position)
    )
    parts: dict[int, list[AssetPart]] = defaultdict(list)
    for row in connection.execute(query):
        parts[row.asset_id].append(
            AssetPart(
                utterance_key=row.key,
                characters=row.characters,
                pause_after_ms=row.pause_after_ms,
                pcm_key=row.pcm_key or "",
                pcm_sha256=row.pcm_sha256 or "",
                rate_hz=row.rate_hz or 0,
                run_id=row.run_id or "",
                words=SpokenWords(spec=row.spec, value_places=row.value_places or (), heard=row.heard)
                if with_words
                else None,
            )
        )
    return parts


def store(
    connection: Connection, finished: Sequence[StoredAsset], *, campaign_id: CampaignId, worker: str
) -> set[int]:
    """Commit finished assets; returns the ids that were accepted: none unless the campaign runs.

    One with `next_takes` is kept as its version and goes on to the next one at once.
    """
    if any(asset.next_takes for asset in finished):
        shared_lock(connection, UTTERANCES_LOCK)  # before the campaign's row, as a submit takes them
    if not campaign_rows.lock_running(connection, {campaign_id}):
        leases.release(connection, ASSETS, [asset.claim for asset in finished], worker=worker)
        return set()
    accepted = [asset for asset in finished if _accept(connection, asset, worker)]
    for asset in accepted:
        keep_object(connection, asset.object_key, asset.sha256, asset.size_bytes)
        for captions in asset.captions:
            keep_object(connection, captions.key, captions.sha256, captions.size_bytes)
    if accepted:
        made_by = connection.execute(
            select(campaigns.c.pin_id, campaigns.c.preset, campaigns.c.finish_revision).where(
                campaigns.c.id == campaign_id
            )
        ).one()
        rows = [_version(asset) | made_by._asdict() for asset in accepted]
        if any(asset.voice for asset in accepted):
            lock = campaign_rows.get(connection, campaign_id).lock
            presets = [lock.preset_of(asset.voice).label for asset in accepted]
            rows = [row | {"preset": preset} for row, preset in zip(rows, presets, strict=True)]
        connection.execute(insert(asset_versions).values(t_stored_ms=now_ms()), rows)
        _keep_heard(connection, accepted)
        if again := [take for asset in accepted for take in asset.next_takes]:
            takes.plan_at_work(connection, campaign_id, again)
    return {asset.claim.key for asset in accepted}


def _keep_heard(connection: Connection, accepted: Sequence[StoredAsset]) -> None:
    """How utterances were judged, in the order of their keys, so that two workers cannot deadlock."""
    heard = {key: judged for asset in accepted for key, judged in asset.heard.items()}
    for key in sorted(heard):
        connection.execute(update(utterances).where(utterances.c.key == key).values(heard=heard[key]))


def _accept(connection: Connection, asset: StoredAsset, worker: str) -> bool:
    values: dict[str, object] = {
        "status": RowStatus.STORED,
        "current_version": asset.version,
        "t_stored_ms": now_ms(),
        "code": None,
        "reason": None,
    }
    if (unheard := asset.unheard) is not None:  # kept, and nobody's: `reviews.choose` may deliver it
        values = {"status": RowStatus.FAILED, "code": unheard.code, "reason": unheard.reason}
    return leases.end_claim(connection, ASSETS, asset.claim, values, worker=worker)


def _version(asset: StoredAsset) -> dict[str, Any]:
    """A row of `asset_versions`, less what the campaign says."""
    values = {field.name: getattr(asset, field.name) for field in fields(asset) if field.name not in NOT_KEPT}
    return values | {
        "asset_id": asset.claim.key,
        "codec_settings": dict(asset.codec_settings),
        "timebase": list(asset.timebase),
        "run_ids": list(asset.run_ids),
    }


def fail(connection: Connection, failures: Sequence[Failure], *, worker: str) -> int:
    """Fail assets for good; returns how many were still ours."""
    return len(leases.fail(connection, ASSETS, failures, worker=worker))


def wait_again(connection: Connection, claim: Claim, key: str, *, worker: str) -> None:
    """Give an asset back to wait for an utterance whose PCM is gone."""
    leases.end_claim(connection, ASSETS, claim, {"status": RowStatus.PENDING, "watch": key}, worker=worker)
