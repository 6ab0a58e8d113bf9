"""What the contract tests of the queue do to it: claim, store, fail, die, and look."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select, update

from storage.installation import Installation
from storage.queue import assets as asset_rows
from storage.queue import campaigns as campaign_rows
from storage.queue import leases
from storage.queue import utterances as utterance_rows
from storage.queue.leases import UTTERANCES, Work
from storage.records import Campaign, Claim, Failure, StoredAsset, StoredUtterance
from storage.tables import CampaignState, RowStatus, assets, utterances
from tests import build

LEASE_MS = 60_000


def claim(
    installed: Installation,
    campaign: Campaign,
    work: Work = UTTERANCES,
    *,
    worker: str = "w1",
    limit: int = 100,
) -> list[Claim]:
    with installed.database.write() as connection:
        if not campaign_rows.lock_running(connection, {campaign.id}):
            return []
        return leases.claim(
            connection, work, campaign_id=campaign.id, worker=worker, lease_ms=LEASE_MS, limit=limit
        )


def claim_suspects(
    installed: Installation, campaign: Campaign, work: Work = UTTERANCES, *, worker: str = "w1"
) -> list[Claim]:
    with installed.database.write() as connection:
        return leases.claim_suspects(
            connection, work, campaign_id=campaign.id, worker=worker, lease_ms=LEASE_MS
        )


def stored_utterance(held: Claim, *, run_id: str = "r") -> StoredUtterance:
    return StoredUtterance(
        claim=held,
        pcm_key=f"cache/x/{held.key}",
        pcm_sha256=held.key,
        size_bytes=1,
        samples=24_000,
        rate_hz=24_000,
        run_id=run_id,
    )


def stored_asset(campaign: Campaign, held: Claim, *, version: int = 1, sha256: str = "0" * 64) -> StoredAsset:
    return StoredAsset(
        voice=None,
        claim=held,
        version=version,
        object_key=f"campaigns/{campaign.id}/{held.key}/v{version}",
        sha256=sha256,
        sound_sha256="0" * 64,
        size_bytes=1,
        content_type="audio/wav",
        codec="wav",
        codec_settings={},
        samples=24_000,
        rate_hz=24_000,
        loudness_lufs=None,
        true_peak_dbtp=None,
        timebase=(0,),
        run_ids=("r",),
    )


def store(
    installed: Installation, claims: Sequence[Claim], *, worker: str = "w1", run_id: str = "r"
) -> set[str]:
    made = [stored_utterance(held, run_id=run_id) for held in claims]
    with installed.database.write() as connection:
        accepted = utterance_rows.store(connection, made, worker=worker)
    utterance_rows.follow_up(installed.database, accepted)
    return accepted.keys


def store_assets(
    installed: Installation,
    campaign: Campaign,
    claims: Sequence[Claim],
    *,
    worker: str = "w1",
    sha256: str = "0" * 64,
) -> set[int]:
    finished = [stored_asset(campaign, held, sha256=sha256) for held in claims]
    with installed.database.write() as connection:
        return asset_rows.store(connection, finished, campaign_id=campaign.id, worker=worker)


def fail(installed: Installation, claims: Sequence[Claim], *, worker: str = "w1") -> set[str]:
    failures = [Failure(claim=held, code="engine-crashed", reason="a reason") for held in claims]
    with installed.database.write() as connection:
        return utterance_rows.fail(connection, failures, worker=worker)


def fail_assets(installed: Installation, claims: Sequence[Claim], *, worker: str = "w1") -> int:
    failures = [Failure(claim=held, code="too-loud", reason="a reason") for held in claims]
    with installed.database.write() as connection:
        return asset_rows.fail(connection, failures, worker=worker)


def postpone(installed: Installation, work: Work, held: Claim, *, delay_ms: int, worker: str = "w1") -> bool:
    with installed.database.write() as connection:
        return leases.postpone(
            connection, work, held, worker=worker, delay_ms=delay_ms, code="store-failed", reason="away"
        )


def move(installed: Installation, campaign: Campaign, to: CampaignState) -> None:
    with installed.database.write() as connection:
        campaign_rows.move(connection, campaign.id, to)


def settle(installed: Installation, campaign: Campaign) -> CampaignState | None:
    with installed.database.write() as connection:
        return campaign_rows.settle(connection, campaign.id)


def die(installed: Installation) -> int:
    """Every lease runs out, as if its worker were gone for long."""
    with installed.database.write() as connection:
        for table in (utterances, assets):
            connection.execute(
                update(table).where(table.c.status == RowStatus.CLAIMED).values(lease_until_ms=0)
            )
        return campaign_rows.expire_all(connection)


def row_of(installed: Installation, work: Work, key: Any) -> Any:
    with installed.database.read() as connection:
        return connection.execute(select(work.table).where(work.key == key)).one()


def status_of(installed: Installation, key: str) -> str:
    status: str = row_of(installed, UTTERANCES, key).status
    return status


def owners(installed: Installation) -> dict[str, str]:
    """The campaign in whose name each utterance is claimed."""
    with installed.database.read() as connection:
        return dict(connection.execute(select(utterances.c.key, utterances.c.campaign_id)).tuples().all())


def counts(installed: Installation, campaign: Campaign) -> dict[str, int]:
    with installed.database.read() as connection:
        return dict(campaign_rows.progress(connection, campaign.id).by_status)


def state_of(installed: Installation, campaign: Campaign) -> CampaignState:
    with installed.database.read() as connection:
        return campaign_rows.get(connection, campaign.id).state


def another(installed: Installation, count: int = 2, **options: Any) -> Campaign:
    """A campaign that shares the first sentence of `running`, and says a second of its own."""
    lane = options.pop("lane", None)
    asked = build.brief(
        "Welcome back, friend. Good morning {{ name }}.", **({} if lane is None else {"lane": lane})
    )
    return build.submitted(installed, build.people(count), asked, **options).campaign
