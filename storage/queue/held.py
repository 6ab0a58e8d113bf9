"""Files that were made, listened to and not delivered: each waits for a person, its row failed, its version kept.

The newest version of such a row is the held one: it was stored and did not become current (`assets.store`).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Select, and_, exists, func, literal, select, true, update

from storage.history.delivery import HEARD
from storage.names import CampaignId
from storage.queue.next_versions import copy_places, forget_ahead
from storage.records import JsonObject
from storage.session import may_read
from storage.tables import (
    BROKEN_ROWS,
    RowStatus,
    asset_utterances,
    asset_versions,
    assets,
    recipients,
    reviews,
    suppressions,
    utterances,
)

NOT_HEARD, NOT_JUDGED = "not-heard", "not-judged"
"""Codes of rows whose file is held."""
HELD_CODES = (NOT_HEARD, NOT_JUDGED)
PLANNED_AT_ONCE = 500
"""Rows that get a next version in one statement."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldFile:
    """The held version of one row."""

    asset_id: int
    row: int
    version: int
    code: str
    reason: str
    locale: str
    object_key: str
    sha256: str
    codec: str
    samples: int
    rate_hz: int
    listening: JsonObject
    """What was heard in it. Holds words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldSentence:
    """One utterance of a held version."""

    asset_id: int
    spec: JsonObject
    """What the engine was given. Holds words."""
    samples: int | None
    rate_hz: int | None


def files(
    connection: Connection,
    campaign_id: CampaignId,
    *,
    only: Collection[int] | None = None,
    unjudged: bool = False,
    limit: int | None = None,
) -> list[HeldFile]:
    """Held files (or those of these rows), in the order of the rows; none of a person who opted out since.

    With `unjudged` only those that nobody rejected yet.
    """
    query = (
        _held(campaign_id, unjudged=unjudged)
        .with_only_columns(
            assets.c.id.label("asset_id"),
            assets.c.row,
            asset_versions.c.version,
            assets.c.code,
            assets.c.reason,
            recipients.c.locale,
            asset_versions.c.object_key,
            asset_versions.c.sha256,
            asset_versions.c.codec,
            asset_versions.c.samples,
            asset_versions.c.rate_hz,
            asset_versions.c.listening,
        )
        .where(true() if only is None else assets.c.row.in_(only))
        .order_by(assets.c.id)
        .limit(limit)
    )
    return [HeldFile(**row) for row in connection.execute(query).mappings()]


def count(connection: Connection, campaign_id: CampaignId) -> int:
    """How many rows have a file that is held, whoever they are of."""
    query = (
        select(func.count())
        .select_from(assets)
        .where(
            assets.c.campaign_id == campaign_id,
            assets.c.status == RowStatus.FAILED,
            assets.c.code.in_(HELD_CODES),
        )
    )
    number: int = connection.execute(query).scalar_one()
    return number


def waiting(connection: Connection, campaign_id: CampaignId) -> int:
    """How many unjudged `files` there are; whoever may not see whose they are and what was said of them counts all."""
    if not may_read(connection, "recipients", "reviews", "suppressions", "asset_versions"):
        return count(connection, campaign_id)
    query = _held(campaign_id, unjudged=True).with_only_columns(func.count())
    number: int = connection.execute(query).scalar_one()
    return number


def _held(campaign_id: CampaignId, *, unjudged: bool) -> Select[tuple[int]]:
    newest = (
        select(func.max(asset_versions.c.version))
        .where(asset_versions.c.asset_id == assets.c.id)
        .correlate(assets)
        .scalar_subquery()
    )
    judged = select(reviews.c.id).where(
        reviews.c.asset_id == asset_versions.c.asset_id, reviews.c.version == asset_versions.c.version
    )
    opted_out = select(suppressions.c.person).where(suppressions.c.person == recipients.c.person)
    return (
        select(assets.c.id)
        .join(
            recipients,
            and_(recipients.c.campaign_id == assets.c.campaign_id, recipients.c.row == assets.c.row),
        )
        .join(
            asset_versions,
            and_(asset_versions.c.asset_id == assets.c.id, asset_versions.c.version == newest),
        )
        .where(
            assets.c.campaign_id == campaign_id,
            assets.c.status == RowStatus.FAILED,
            assets.c.code.in_(HELD_CODES),
            asset_versions.c.listening.is_not(None),
            ~opted_out.exists(),
            ~judged.exists() if unjudged else true(),
        )
    )


def is_kept(connection: Connection, asset_id: int) -> bool:
    """Whether the newest version of an asset was misheard or not judged, and nobody said anything of it since."""
    newest = (
        select(asset_versions.c.version, asset_versions.c.listening)
        .where(asset_versions.c.asset_id == asset_id)
        .order_by(asset_versions.c.version.desc())
        .limit(1)
    )
    found = connection.execute(newest).first()
    if found is None or found.listening is None or found.listening["verdict"] == HEARD:
        return False
    judged = select(reviews.c.id).where(reviews.c.asset_id == asset_id, reviews.c.version == found.version)
    return connection.execute(judged.limit(1)).first() is None


def sentences(connection: Connection, held: Sequence[HeldFile]) -> dict[int, list[HeldSentence]]:
    """Asset to the utterances of its held version, in order."""
    versions = {one.asset_id: one.version for one in held}
    query = (
        select(
            asset_utterances.c.asset_id,
            asset_utterances.c.version,
            utterances.c.spec,
            utterances.c.samples,
            utterances.c.rate_hz,
        )
        .join(utterances, utterances.c.key == asset_utterances.c.utterance_key)
        .where(asset_utterances.c.asset_id.in_(versions))
        .order_by(asset_utterances.c.asset_id, asset_utterances.c.position)
    )
    found: dict[int, list[HeldSentence]] = {}
    for row in connection.execute(query):
        if versions[row.asset_id] == row.version:
            sentence = HeldSentence(
                asset_id=row.asset_id, spec=row.spec, samples=row.samples, rate_hz=row.rate_hz
            )
            found.setdefault(row.asset_id, []).append(sentence)
    return found


def plan_again(connection: Connection, campaign_id: CampaignId) -> None:
    """A next version of every broken row whose planned one is stored already: what is stored is never replaced."""
    made = exists().where(
        asset_versions.c.asset_id == assets.c.id, asset_versions.c.version == assets.c.planned_version
    )
    held = select(assets.c.id).where(
        assets.c.campaign_id == campaign_id, assets.c.status.in_(BROKEN_ROWS), made
    )
    ids = list(connection.scalars(held))
    for start in range(0, len(ids), PLANNED_AT_ONCE):
        part = ids[start : start + PLANNED_AT_ONCE]
        forget_ahead(connection, assets.c.id.in_(part))
        copy_places(connection, asset_utterances.c.asset_id.in_(part))
        connection.execute(
            update(assets)
            .where(assets.c.id.in_(part))
            .values(planned_version=assets.c.planned_version + literal(1))
        )
