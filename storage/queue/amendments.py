"""Rows that a campaign refused for their text, and others in their place: the same row, and its first plan.

A refused row is failed and has no plan: no sound was ever asked for. One that failed in sound has a plan: `retry`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, and_, func, null, or_, select, update

from storage.errors import StateError
from storage.names import CampaignId
from storage.queue import campaigns as campaign_rows
from storage.queue import demand, leases
from storage.queue.bulk import Row, insert_places, insert_utterances
from storage.session import UTTERANCES_LOCK, shared_lock
from storage.tables import (
    PLANNED_PLACES,
    CampaignState,
    Lane,
    RowStatus,
    asset_utterances,
    assets,
    campaigns,
    recipients,
)

AMENDABLE = (
    CampaignState.VALIDATED,
    CampaignState.RUNNING,
    CampaignState.PAUSED,
    CampaignState.FINISHED,
    CampaignState.FINISHED_WITH_ERRORS,
)
"""States in which rows are replaced: every one but a draft's and a cancelled campaign's."""
_OF_RECIPIENT = and_(recipients.c.campaign_id == assets.c.campaign_id, recipients.c.row == assets.c.row)
_planned = select(asset_utterances.c.asset_id).where(PLANNED_PLACES).correlate(assets).exists()
_is_refused = and_(assets.c.status == RowStatus.FAILED, ~_planned)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownRow:
    """A row of a campaign, as somebody finds it who wants to amend it. Personal data."""

    row: int
    external_id: str | None
    """None once erased."""
    fields: Mapping[str, str] | None
    status: RowStatus
    code: str | None
    reason: str | None
    """For a refused row with its mend in parentheses."""
    column: str | None
    is_refused: bool
    """Whether it failed before any sound was asked for."""


def hold(connection: Connection, campaign_id: CampaignId) -> None:
    """Hold a campaign to the end of the transaction, in the order in which who writes rows takes its locks."""
    shared_lock(connection, UTTERANCES_LOCK)
    connection.execute(select(campaigns.c.state).where(campaigns.c.id == campaign_id).with_for_update())


def rows(connection: Connection, campaign_id: CampaignId, numbers: Collection[int]) -> dict[int, KnownRow]:
    """Those of these rows that there are, by number."""
    query = _known(campaign_id).where(assets.c.row.in_(numbers))
    return {row.row: row for row in (KnownRow(**found) for found in connection.execute(query).mappings())}


def refused(connection: Connection, campaign_id: CampaignId, *, after: int = 0, limit: int) -> list[KnownRow]:
    """The next refused rows after one, in order."""
    query = _known(campaign_id).where(assets.c.row > after, _is_refused).order_by(assets.c.row).limit(limit)
    return [KnownRow(**found) for found in connection.execute(query).mappings()]


def rows_of_ids(
    connection: Connection, campaign_id: CampaignId, external_ids: Collection[str]
) -> dict[str, list[KnownRow]]:
    """The rows of a campaign that have one of these ids, by id, in order."""
    wanted = _storable(external_ids)
    if not wanted:
        return {}
    query = _known(campaign_id).where(recipients.c.external_id.in_(wanted)).order_by(assets.c.row)
    found: dict[str, list[KnownRow]] = {}
    for row in connection.execute(query).mappings():
        found.setdefault(row["external_id"], []).append(KnownRow(**row))
    return found


def _storable(names: Collection[str]) -> list[str]:
    """Those that a database can hold: no row has another."""
    return [name for name in names if "\0" not in name and name.encode(errors="replace").decode() == name]


def count_refused(connection: Connection, campaign_id: CampaignId) -> int:
    """How many rows of a campaign were refused."""
    query = select(func.count()).where(assets.c.campaign_id == campaign_id, _is_refused)
    number: int = connection.execute(query).scalar_one()
    return number


def _known(campaign_id: CampaignId) -> Select[Any]:
    return (
        select(
            assets.c.row,
            recipients.c.external_id,
            recipients.c.fields,
            assets.c.status,
            assets.c.code,
            assets.c.reason,
            assets.c.column,
            _is_refused.label("is_refused"),
        )
        .join(recipients, _OF_RECIPIENT)
        .where(assets.c.campaign_id == campaign_id)
    )


def rows_with_ids(
    connection: Connection, campaign_id: CampaignId, persons: Mapping[str, str]
) -> dict[str, int]:
    """Id (given with the hash of its person) to the first row that has it and is, or was, to be made."""
    query = (
        select(recipients.c.external_id, func.min(recipients.c.row).label("row"))
        .join(assets, _OF_RECIPIENT)
        .where(
            recipients.c.campaign_id == campaign_id,
            or_(recipients.c.person.in_(set(persons.values())), recipients.c.person.is_(None)),
            recipients.c.external_id.in_(_storable(persons)),
            assets.c.status.not_in((RowStatus.SUPPRESSED, RowStatus.ERASED)),
            ~_is_refused,
        )
        .group_by(recipients.c.external_id)
    )
    return {row.external_id: row.row for row in connection.execute(query)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Amendment:
    """What a refused row becomes."""

    row: int
    recipient: Mapping[str, Any]
    """Columns of `recipients`."""
    status: RowStatus
    """Pending, suppressed, or failed once more."""
    code: str | None
    reason: str | None
    column: str | None
    characters: int


def replace(
    connection: Connection,
    campaign_id: CampaignId,
    amendments: Sequence[Amendment],
    *,
    utterances: Sequence[Row],
    places: Sequence[Row],
) -> None:
    """Put rows in the place of refused ones, and let workers see those that can be made.

    `utterances` and `places` as `storage.queue.bulk` takes them. A campaign that had ended runs again, until its last
    row is made; one that is paused or held stays so. Raises `StateError` for a campaign that was cancelled meanwhile,
    and for a row that somebody else amended in this moment.
    """
    campaign = connection.execute(
        select(campaigns.c.number, campaigns.c.state, campaigns.c.lane)
        .where(campaigns.c.id == campaign_id)
        .with_for_update()
    ).one()
    if campaign.state not in AMENDABLE:
        raise StateError(f"campaign {campaign_id} is {campaign.state}: its rows cannot be amended.")
    for one in amendments:
        _replace_row(connection, campaign_id, one)
    insert_utterances(connection, utterances)
    insert_places(connection, places)
    ids = [campaign_rows.asset_id(campaign.number, one.row) for one in amendments]
    keys = select(asset_utterances.c.utterance_key).where(asset_utterances.c.asset_id.in_(ids))
    demand.reopen_broken(connection, keys, campaign_id)
    demand.set_watches(connection, assets.c.id.in_(ids))
    if campaign.state == CampaignState.RUNNING:
        demand.adopt(connection, campaign_id, Lane(campaign.lane))
    elif campaign.state in campaign_rows.TERMINAL:
        campaign_rows.move(connection, campaign_id, CampaignState.RUNNING)


def _replace_row(connection: Connection, campaign_id: CampaignId, one: Amendment) -> None:
    mine = assets.c.campaign_id == campaign_id, assets.c.row == one.row, _is_refused
    fresh = leases.FRESH | {"status": one.status, "code": one.code, "reason": one.reason}
    done = connection.execute(
        update(assets).where(*mine).values(column=one.column, characters=one.characters, watch=None, **fresh)
    )
    if not done.rowcount:
        raise StateError(
            f"row {one.row} of campaign {campaign_id} was amended meanwhile. Give the command again."
        )
    connection.execute(
        update(recipients)
        .where(recipients.c.campaign_id == campaign_id, recipients.c.row == one.row)
        .values({name: null() if value is None else value for name, value in one.recipient.items()})
    )
