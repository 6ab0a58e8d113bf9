"""Forgetting: rows lose what is personal, sound that nobody else needs goes, and every object version is removed.

    erase_rows   one transaction: tombstones, and prefixes of objects that are to go
    sweep        removes the objects; what a worker had in hand when the row went is swept again a lease later

A row is fenced by its status: what a worker makes of an erased row is refused at the commit. An utterance goes when no
asset of any campaign refers to it. Submits share `UTTERANCES_LOCK` while they refer to utterances, so that
none of theirs is dropped between the lookup and the reference.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from sqlalchemy import Connection, and_, delete, func, insert, or_, select, true, update

from storage.clock import now_ms
from storage.errors import ObjectStoreError
from storage.history.delivery import captions_asked
from storage.keys import cache_prefix, caption_key, row_prefix
from storage.names import CampaignId
from storage.objects import ObjectStore
from storage.service import intakes as intake_rows
from storage.session import UTTERANCES_LOCK, Database, exclusive_lock
from storage.tables import (
    Lane,
    RowStatus,
    asset_utterances,
    asset_versions,
    assets,
    campaigns,
    erasures,
    objects,
    recipients,
    reviews,
    runs,
    tombstones,
    utterances,
)

log = logging.getLogger(__name__)

SWEPT_AT_ONCE = 500
SWEEP_THREADS = 8
AGAIN_AFTER_MS = 60_000
AFTER_EVERY_KEY = "\x7f"
"""Above every character that a key may hold."""


LONGEST_WAIT_MS = 86_400_000
"""No erasure waits for longer: one that does was put off before the database's clock was set back."""
_IS_DUE = or_(erasures.c.not_before_ms <= now_ms(), erasures.c.not_before_ms > now_ms() + LONGEST_WAIT_MS)


@dataclass(slots=True, kw_only=True)
class ErasureCounts:
    """How much was erased."""

    rows: int = 0
    versions: int = 0
    """Of delivered files."""
    utterances: int = 0
    """That nobody else needed."""
    shared: int = 0
    """That others need: they stay."""

    def add(self, other: ErasureCounts) -> None:
        """Sum up."""
        self.rows += other.rows
        self.versions += other.versions
        self.utterances += other.utterances
        self.shared += other.shared


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepResult:
    """What a sweep did."""

    objects: int
    """Object versions removed."""
    open: int
    """Prefixes still to be swept."""
    problem: str | None
    """The store's last refusal."""

    def and_then(self, later: SweepResult) -> SweepResult:
        """Both."""
        return SweepResult(
            objects=self.objects + later.objects, open=later.open, problem=self.problem or later.problem
        )


def rows_of(connection: Connection, external_id: str) -> dict[CampaignId, list[int]]:
    """Every row with this id, by campaign."""
    query = (
        select(recipients.c.campaign_id, recipients.c.row)
        .where(recipients.c.external_id == external_id)
        .order_by(recipients.c.campaign_id, recipients.c.row)
    )
    rows: dict[CampaignId, list[int]] = {}
    for row in connection.execute(query):
        rows.setdefault(row.campaign_id, []).append(row.row)
    return rows


def spellings_of(connection: Connection, person: str) -> list[str]:
    """The ids, as they were written, of the rows of one person."""
    query = select(recipients.c.external_id).where(recipients.c.person == person).distinct().limit(10)
    return sorted(one for one in connection.scalars(query) if one)


def remaining_rows(connection: Connection, campaign_id: CampaignId, *, after: int, limit: int) -> list[int]:
    """The next rows of a campaign that are not erased."""
    query = (
        select(assets.c.row)
        .where(assets.c.campaign_id == campaign_id, assets.c.row > after)
        .where(assets.c.status != RowStatus.ERASED)
        .order_by(assets.c.row)
        .limit(limit)
    )
    return list(connection.scalars(query))


def object_keys(connection: Connection, campaign_id: CampaignId, rows: Collection[int]) -> list[str]:
    """Every version's file of these rows, and the captions beside it."""
    query = (
        select(asset_versions.c.object_key)
        .join(assets, assets.c.id == asset_versions.c.asset_id)
        .where(assets.c.campaign_id == campaign_id, assets.c.row.in_(rows))
        .order_by(asset_versions.c.asset_id, asset_versions.c.version)
    )
    captions = captions_asked(connection, campaign_id)
    return [
        key
        for file in connection.scalars(query)
        for key in (file, *(caption_key(file, form) for form in captions))
    ]


def erase_rows(
    connection: Connection, campaign_id: CampaignId, leaves: Mapping[int, str], *, secret: bytes, wait_ms: int
) -> ErasureCounts:
    """Erase rows; `leaves` holds each one's last manifest leaf. What a worker has in hand is swept after `wait_ms`."""
    exclusive_lock(connection, UTTERANCES_LOCK)  # before the campaign's row, as a submit takes them
    connection.execute(select(campaigns.c.state).where(campaigns.c.id == campaign_id).with_for_update())
    erasable = connection.execute(
        select(assets.c.id, assets.c.row, assets.c.status, recipients.c.hmac)
        .join(
            recipients,
            and_(recipients.c.campaign_id == assets.c.campaign_id, recipients.c.row == assets.c.row),
        )
        .where(assets.c.campaign_id == campaign_id, assets.c.row.in_(leaves))
        .where(assets.c.status != RowStatus.ERASED)
    ).all()
    if not erasable:
        return ErasureCounts()
    ids = [row.id for row in erasable]
    connection.execute(
        insert(tombstones).values(t_erased_ms=now_ms()),
        [
            {"campaign_id": campaign_id, "row": row.row, "leaf": leaves[row.row], "was": row.status}
            for row in erasable
        ],
    )
    erased = _forget_sound(connection, ids, secret, wait_ms)
    erased.rows = len(erasable)
    erased.versions = connection.execute(
        delete(asset_versions).where(asset_versions.c.asset_id.in_(ids))
    ).rowcount
    for row in erasable:
        prefix = row_prefix(campaign_id=campaign_id, row_hmac=row.hmac)
        _schedule(connection, prefix, wait_ms if row.status == RowStatus.CLAIMED else 0)
    _forget_rows(connection, campaign_id, ids, [row.row for row in erasable])
    return erased


def _forget_rows(connection: Connection, campaign_id: CampaignId, ids: list[int], rows: list[int]) -> None:
    connection.execute(delete(reviews).where(reviews.c.asset_id.in_(ids)))
    intake_rows.forget_rows(connection, campaign_id, rows)
    connection.execute(
        update(recipients)
        .where(recipients.c.campaign_id == campaign_id, recipients.c.row.in_(rows))
        .values(
            external_id=None,
            fields=None,
            script=None,
            salt=b"",
            hmac="",
            person=None,
            locale="",
            voice=None,
            fallbacks=None,
            warnings=None,
            lexicon_hits=None,
            not_before=None,
            not_after=None,
            timezone=None,
        )
    )
    connection.execute(
        update(assets)
        .where(assets.c.id.in_(ids))
        .values(
            status=RowStatus.ERASED,
            column=None,
            code=None,
            reason=None,
            watch=None,
            worker=None,
            lease_until_ms=None,
            current_version=None,
            t_stored_ms=None,
            characters=0,
        )
    )


def _forget_sound(connection: Connection, ids: list[int], secret: bytes, wait_ms: int) -> ErasureCounts:
    """Take the rows' references away, and with them the utterances that nobody else refers to."""
    of_rows = asset_utterances.c.asset_id.in_(ids)
    keys = set(connection.scalars(select(asset_utterances.c.utterance_key).where(of_rows).distinct()))
    connection.execute(delete(asset_utterances).where(of_rows))
    needed = set(
        connection.scalars(
            select(asset_utterances.c.utterance_key)
            .where(asset_utterances.c.utterance_key.in_(keys))
            .distinct()
        )
    )
    gone = keys - needed
    claimed = select(utterances.c.key).where(
        utterances.c.key.in_(gone), utterances.c.status == RowStatus.CLAIMED
    )
    in_hand = set(connection.scalars(claimed))
    for key in gone:
        _schedule(connection, cache_prefix(secret, synthesis_key=key), wait_ms if key in in_hand else 0)
    connection.execute(delete(utterances).where(utterances.c.key.in_(gone)))
    connection.execute(
        update(runs)
        .where(runs.c.utterance_key.in_(gone))
        .values(utterance_key="", input_text_hash=None, output_audio_hash=None)
    )
    return ErasureCounts(utterances=len(gone), shared=len(needed))


def _schedule(connection: Connection, prefix: str, wait_ms: int) -> None:
    """Plan a prefix's removal: what is there goes at once, what may still arrive goes `wait_ms` later."""
    connection.execute(
        delete(objects).where(objects.c.key > prefix, objects.c.key < prefix + AFTER_EVERY_KEY)
    )
    for delay_ms in {0, wait_ms}:
        connection.execute(
            insert(erasures).values(prefix=prefix, not_before_ms=now_ms() + delay_ms, t_asked_ms=now_ms())
        )


def is_due(connection: Connection) -> bool:
    """Whether there is something to sweep now."""
    query = select(erasures.c.id).where(_IS_DUE).limit(1)
    return connection.execute(query).first() is not None


def sweep(database: Database, store: ObjectStore, *, most: int = SWEPT_AT_ONCE) -> SweepResult:
    """Remove the objects that are due, every version of them; a store that fails is asked again a minute later.

    An object that a later submit made again under the same key is left to it.
    """
    with database.read() as connection:
        due = connection.execute(
            select(erasures.c.id, erasures.c.prefix).where(_IS_DUE).order_by(erasures.c.id).limit(most)
        ).all()

    def attempt(prefix: str) -> int | ObjectStoreError:
        try:
            return 0 if _is_in_use(database, prefix) else store.erase(prefix)
        except ObjectStoreError as exc:
            return exc

    with ThreadPoolExecutor(SWEEP_THREADS) as pool:
        outcomes = list(pool.map(attempt, [row.prefix for row in due]))
    removed, done, problem = 0, [], None
    with database.write() as connection:
        for row, outcome in zip(due, outcomes, strict=True):
            if isinstance(outcome, int):
                removed += outcome
                done.append(row.id)
                continue
            problem = str(outcome)
            log.warning("erased objects could not be removed yet: %s", outcome)
            connection.execute(
                update(erasures)
                .where(erasures.c.id == row.id)
                .values(not_before_ms=now_ms() + AGAIN_AFTER_MS, problem=problem)
            )
        connection.execute(delete(erasures).where(erasures.c.id.in_(done)))
        still_open: int = connection.execute(select(func.count()).select_from(erasures)).scalar_one()
    return SweepResult(objects=removed, open=still_open, problem=problem)


def sweep_all(database: Database, store: ObjectStore) -> SweepResult:
    """Sweep until nothing is due any more."""
    removed, problem = 0, None
    while True:
        swept = sweep(database, store)
        removed += swept.objects
        problem = problem or swept.problem
        with database.read() as connection:
            more = is_due(connection)
        if not more:
            return SweepResult(objects=removed, open=swept.open, problem=problem)


def _is_in_use(database: Database, prefix: str) -> bool:
    query = select(objects.c.key).where(objects.c.key >= prefix, objects.c.key < prefix + AFTER_EVERY_KEY)
    with database.read() as connection:
        return connection.execute(query.limit(1)).first() is not None


def stale_sound(connection: Connection, *, before_ms: int, limit: int) -> dict[str, str]:
    """Key to object of cached utterances made before a time that no open row waits for."""
    still_open = (
        select(asset_utterances.c.asset_id)
        .join(assets, assets.c.id == asset_utterances.c.asset_id)
        .where(asset_utterances.c.utterance_key == utterances.c.key)
        .where(assets.c.status.in_((RowStatus.PENDING, RowStatus.CLAIMED)))
    )
    query = (
        select(utterances.c.key, utterances.c.pcm_key)
        .join(objects, objects.c.key == utterances.c.pcm_key)
        .where(utterances.c.status == RowStatus.STORED, utterances.c.t_stored_ms < before_ms)
        .where(~still_open.exists())
        .limit(limit)
    )
    return {row.key: row.pcm_key for row in connection.execute(query)}


def drop_sound(connection: Connection, secret: bytes, keys: Collection[str]) -> None:
    """Have the cached sound of utterances removed; one that is needed later is made again."""
    for key in keys:
        _schedule(connection, cache_prefix(secret, synthesis_key=key), 0)


def ended_before(connection: Connection, before_ms: int, *, lane: Lane | None = None) -> list[CampaignId]:
    """Campaigns (of one lane) that ended before a time and have rows left to erase."""
    left = select(assets.c.id).where(
        assets.c.campaign_id == campaigns.c.id, assets.c.status != RowStatus.ERASED
    )
    query = (
        select(campaigns.c.id)
        .where(
            campaigns.c.t_finished_ms < before_ms,
            left.exists(),
            true() if lane is None else campaigns.c.lane == lane,
        )
        .order_by(campaigns.c.number)
    )
    return list(connection.scalars(query))
