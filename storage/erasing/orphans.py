"""Files that no row names: left by an attempt that was fenced, or by a worker that was killed before its commit.

They are removed like erased ones (`storage.erasing.erasure.sweep`), which leaves alone what a row names by then.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from sqlalchemy import Connection, insert, select

from storage.clock import now_ms
from storage.keys import campaign_prefix
from storage.names import CampaignId
from storage.objects import ObjectStore
from storage.queue import campaigns as campaign_rows
from storage.records import StoredAsset
from storage.session import Database
from storage.tables import RowStatus, assets, campaigns, erasures, objects

ROW_FILE = re.compile(r"campaigns/[^/]+/[0-9a-f]{32}/v[0-9]+/[0-9a-f]{64}\.[a-z0-9]{1,8}")
LISTED_AT_ONCE = 500
NEVER_STORED_AGAIN = (RowStatus.STORED, RowStatus.SUPPRESSED)


def collect(connection: Connection, keys: Iterable[str]) -> None:
    """Have objects removed that no row names; one that a row names when its turn comes is left alone."""
    for key in keys:
        connection.execute(insert(erasures).values(prefix=key, not_before_ms=now_ms(), t_asked_ms=now_ms()))


def collect_fenced(connection: Connection, left: Sequence[StoredAsset]) -> None:
    """What attempts left behind whose rows another attempt has stored; nobody will store these rows again."""
    ids = [asset.claim.key for asset in left]
    ended = set(
        connection.scalars(
            select(assets.c.id).where(assets.c.id.in_(ids), assets.c.status.in_(NEVER_STORED_AGAIN))
        )
    )
    unnamed = [asset for asset in left if asset.claim.key in ended]
    collect(connection, [asset.object_key for asset in unnamed])
    collect(connection, [captions.key for asset in unnamed for captions in asset.captions])


def unnamed_objects(database: Database, store: ObjectStore, campaign_id: CampaignId) -> Iterator[list[str]]:
    """Files and captions of a campaign that no row names, as they lie in the store: left by killed workers."""
    keys = (
        stored.key for stored in store.list(campaign_prefix(campaign_id)) if ROW_FILE.fullmatch(stored.key)
    )
    while listed := list(islice(keys, LISTED_AT_ONCE)):
        with database.read() as connection:
            named = set(connection.scalars(select(objects.c.key).where(objects.c.key.in_(listed))))
        yield [key for key in listed if key not in named]


def ended_campaigns(connection: Connection) -> list[CampaignId]:
    """Ids of campaigns that ended: no worker is still storing a file of theirs."""
    query = (
        select(campaigns.c.id)
        .where(campaigns.c.t_finished_ms.is_not(None), campaigns.c.state.in_(campaign_rows.TERMINAL))
        .order_by(campaigns.c.number)
    )
    return list(connection.scalars(query))
