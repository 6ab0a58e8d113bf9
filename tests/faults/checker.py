"""One checker in the Jepsen manner: what was acknowledged against what is there."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass

from sqlalchemy import func, select

from storage.history import delivery
from storage.installation import Installation
from storage.names import CampaignId
from storage.tables import OPEN_ROWS, RowStatus, asset_versions, assets, recipients, runs, utterances


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Counts that must all be zero."""

    lost: int
    """Acknowledged rows that are not terminal, or whose object is missing or has other bytes."""
    unexpected: int
    """Rows that nobody submitted, or that ended otherwise than they should."""
    duplicated: int
    """Rows with more than one version or more than one file, or utterances committed more than once."""

    def __str__(self) -> str:
        """The line that `make faults` ends with."""
        return f"lost {self.lost}, unexpected {self.unexpected}, duplicated {self.duplicated}"


CLEAN = Verdict(lost=0, unexpected=0, duplicated=0)


def check(
    installed: Installation,
    campaign_id: str,
    acknowledged: set[str],
    *,
    broken: set[str] = frozenset(),  # type: ignore[assignment]
) -> Verdict:
    """Compare a campaign with the external ids that `submit` acknowledged; `broken` should not be stored."""
    lost = unexpected = 0
    with installed.database.read() as connection:
        found = list(delivery.rows(connection, CampaignId(campaign_id)))
        doubled_versions = connection.execute(
            select(func.count()).select_from(
                select(asset_versions.c.asset_id)
                .join(assets, assets.c.id == asset_versions.c.asset_id)
                .where(assets.c.campaign_id == campaign_id)
                .group_by(asset_versions.c.asset_id)
                .having(func.count() > 1)
                .subquery()
            )
        ).scalar_one()
        doubled_commits = connection.execute(
            select(func.count()).select_from(
                select(runs.c.utterance_key)
                .join(utterances, utterances.c.key == runs.c.utterance_key)
                .where(runs.c.outcome == "stored", runs.c.campaign_id == campaign_id)
                .group_by(runs.c.utterance_key)
                .having(func.count() > 1)
                .subquery()
            )
        ).scalar_one()
        people = connection.execute(
            select(func.count()).select_from(recipients).where(recipients.c.campaign_id == campaign_id)
        ).scalar_one()
    for row in found:
        if row.status in OPEN_ROWS:
            lost += 1
        elif row.external_id in broken:
            unexpected += row.status == RowStatus.STORED
        elif row.status != RowStatus.STORED:
            unexpected += 1
        elif not _is_there(installed, row):
            lost += 1
    ids = {row.external_id for row in found}
    lost += len(acknowledged - ids)
    unexpected += len(ids - acknowledged) + (people - len(found))
    return Verdict(
        lost=lost,
        unexpected=unexpected,
        duplicated=doubled_versions + doubled_commits + _doubled_files(installed, campaign_id),
    )


def _doubled_files(installed: Installation, campaign_id: str) -> int:
    """Rows with several files in the store, whatever the database says."""
    prefix = f"campaigns/{campaign_id}/"
    keys = [info.key.removeprefix(prefix) for info in installed.store.list(prefix)]
    files = Counter(key.partition("/")[0] for key in keys if "/v" in key)
    return sum(count > 1 for count in files.values())


def _is_there(installed: Installation, row: delivery.DeliveredRow) -> bool:
    if row.object_key is None or installed.store.head(row.object_key) is None:
        return False
    return hashlib.sha256(installed.store.get(row.object_key)).hexdigest() == row.sha256
