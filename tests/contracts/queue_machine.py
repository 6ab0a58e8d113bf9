"""The database and the model side by side: what happens to campaigns, and what must hold after every step."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant
from sqlalchemy import Column, Select, Table, delete, func, select

from storage.erasing import erasure
from storage.installation import Installation
from storage.keys import row_hmac
from storage.names import CampaignId
from storage.queue import bulk
from storage.queue import campaigns as campaign_rows
from storage.records import Campaign, NewCampaign
from storage.tables import (
    BROKEN_ROWS,
    OPEN_ROWS,
    CampaignState,
    Lane,
    RowStatus,
    asset_utterances,
    asset_versions,
    assets,
    campaigns,
    erasures,
    events,
    objects,
    recipients,
    tombstones,
    utterances,
)
from tests.clock import FrozenClock
from tests.contracts.queue_model import LEASE_MS, Model, ModelAsset, ModelCampaign, ModelRow

SECRET: Final = b"s" * 32
KEYS: Final = tuple(f"k{number}" for number in range(6))
MOST_CAMPAIGNS: Final = 5
ASSET_COLUMNS: Final = ("id", "campaign_id", "row", "status")
RECIPIENT_COLUMNS: Final = ("campaign_id", "row", "external_id", "locale", "salt", "hmac")
STOPPED: Final = (CampaignState.PAUSED, CampaignState.VALIDATED)

any_number = st.integers(0, 2**16)
some_rows = st.lists(
    st.lists(st.sampled_from(KEYS), min_size=1, max_size=3, unique=True), min_size=1, max_size=4
)
any_lane = st.sampled_from(Lane)
Rows = list[list[str]]


class CampaignMachine(RuleBasedStateMachine):
    """Campaigns that share sentences come, stop, go on and end."""

    installed: Installation
    clock: FrozenClock
    template: NewCampaign
    """A campaign; its id and lane say nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.model = Model()
        self.published = 0
        with self.installed.database.write() as connection:
            for table in (campaigns, utterances, objects, erasures, tombstones, events):
                connection.execute(delete(table))

    @initialize(first=some_rows, second=some_rows, lanes=st.tuples(any_lane, any_lane))
    def begin(self, first: Rows, second: Rows, lanes: tuple[Lane, Lane]) -> None:
        """Never with nothing to do."""
        self._publish(first, lanes[0], start=True, suppressed=False)
        self._publish(second, lanes[1], start=True, suppressed=True)

    def publish(self, pick: int) -> None:
        """One more, of rows and in a lane that follow from `pick`."""
        if self.published < MOST_CAMPAIGNS:
            rows = [[KEYS[(pick + row) % 6], KEYS[(pick // 6 + 2 * row) % 6]] for row in range(1 + pick % 3)]
            lane = list(Lane)[pick // 36 % 2]
            self._publish([sorted(set(row)) for row in rows], lane, start=pick % 4 > 0, suppressed=False)

    def _publish(self, rows: Rows, lane: Lane, *, start: bool, suppressed: bool) -> None:
        self.published += 1
        name = f"c{self.published}"
        with self.installed.database.write() as connection:
            campaign = campaign_rows.create(
                connection, replace(self.template, id=CampaignId(name), lane=lane)
            )
            self._insert(connection, campaign, rows, suppressed=suppressed)
            campaign_rows.publish(connection, CampaignId(name), rows_total=len(rows), start=start)
        state = CampaignState.RUNNING if start else CampaignState.VALIDATED
        self.model.campaigns[name] = ModelCampaign(lane, state)
        self.model.reopen_broken({key for one in self.model.of(name).values() for key in one.keys})

    def _insert(self, connection: Any, campaign: Campaign, rows: Rows, *, suppressed: bool) -> None:
        """As `campaign/submission/insert.py` does; the last row is suppressed if asked for, and says nothing."""
        words: dict[str, Any] = {}
        places: list[Any] = []
        files: list[Any] = []
        people: list[Any] = []
        for number, keys in enumerate(rows, start=1):
            is_suppressed = suppressed and number == len(rows)
            said = () if is_suppressed else tuple(keys)
            status = RowStatus.SUPPRESSED if is_suppressed else RowStatus.PENDING
            asset = campaign_rows.asset_id(campaign.number, number)
            files.append((asset, campaign.id, number, status))
            hmac = row_hmac(SECRET, campaign.id, str(number))
            people.append((campaign.id, number, f"p{number}", "en", b"salt", hmac))
            self.model.assets[asset] = ModelAsset(status=status, campaign=campaign.id, keys=said)
            for position, key in enumerate(said):
                places.append((asset, 1, position, key, None, None))
                rank = number << 12 | position
                voice = (campaign.preset, campaign.pin_id, campaign.engine, campaign.engine_revision)
                words.setdefault(key, (key, campaign.id, RowStatus.PENDING, rank, {}, *voice, 1))
                self.model.utterances.setdefault(key, ModelRow())
        bulk.insert_rows(connection, recipients, RECIPIENT_COLUMNS, people)
        bulk.insert_rows(connection, assets, ASSET_COLUMNS, files)
        bulk.insert_utterances(connection, list(words.values()))
        bulk.insert_places(connection, places)

    def chosen(self, pick: int, *states: CampaignState) -> str | None:
        """One of the campaigns in these states."""
        names = [name for name, one in self.model.campaigns.items() if not states or one.state in states]
        return names[pick % len(names)] if names else None

    def _move(self, name: str | None, to: CampaignState) -> None:
        if name is None:
            return
        with self.installed.database.write() as connection:
            campaign_rows.move(connection, CampaignId(name), to)
        self.model.campaigns[name].state = to

    def pause(self, pick: int) -> None:
        self._move(self.chosen(pick, CampaignState.RUNNING), CampaignState.PAUSED)

    def resume(self, pick: int) -> None:
        self._move(self.chosen(pick, *STOPPED), CampaignState.RUNNING)

    def cancel(self, pick: int) -> None:
        if (name := self.chosen(pick, CampaignState.RUNNING, *STOPPED)) is not None:
            self._move(name, CampaignState.CANCELLED)
            self.model.cancel(name)

    def retry(self, pick: int) -> None:
        """As `campaign/operations/control.py` does."""
        states = (CampaignState.RUNNING, CampaignState.PAUSED, CampaignState.FINISHED_WITH_ERRORS)
        if (name := self.chosen(pick, *states)) is None:
            return
        with self.installed.database.write() as connection:
            opened = campaign_rows.reopen_rows(connection, CampaignId(name))
            if opened:
                campaign_rows.move(connection, CampaignId(name), CampaignState.RUNNING)
        assert opened == self.model.retry(name)
        if opened:
            self.model.campaigns[name].state = CampaignState.RUNNING

    def settle(self, pick: int) -> None:
        if (name := self.chosen(pick)) is None:
            return
        with self.installed.database.write() as connection:
            state = campaign_rows.settle(connection, CampaignId(name))
        assert state == self.model.settled(name)
        if state is not None:
            self.model.campaigns[name].state = state

    def erase(self, pick: int) -> None:
        """A recipient opts out."""
        name = self.chosen(pick)
        ids = [id_ for id_, one in self.model.of(name or "").items() if one.status != RowStatus.ERASED]
        if name is None or not ids:
            return
        id_ = ids[pick % len(ids)]
        leaves = {id_ & 0xFFFFFFFF: "leaf"}
        with self.installed.database.write() as connection:
            erased = erasure.erase_rows(connection, CampaignId(name), leaves, secret=SECRET, wait_ms=LEASE_MS)
        assert erased.rows == 1
        self.model.erase([id_])

    @invariant()
    def every_promise_holds(self) -> None:
        """The database shows the model; no message is doubled, or made for who must not get one."""
        with self.installed.database.read() as connection:
            states = dict(connection.execute(select(campaigns.c.id, campaigns.c.state)).tuples().all())
            spoken = {row[0]: row[1:] for row in connection.execute(_shown(utterances, utterances.c.key))}
            files = {row[0]: row[1:] for row in connection.execute(_shown(assets, assets.c.id))}
            versions = Counter(connection.scalars(select(asset_versions.c.asset_id)))
        assert states == {name: one.state for name, one in self.model.campaigns.items()}
        assert spoken == {key: row.seen() for key, row in self.model.utterances.items()}
        for id_, row in files.items():
            asset = self.model.assets[id_]
            if asset.status == RowStatus.PENDING and row[0] in BROKEN_ROWS:
                assert self.model.is_doomed(asset), "it failed though nothing that it says did"
                asset.status = RowStatus(row[0])
        assert files == {id_: asset.seen() for id_, asset in self.model.assets.items()}
        for id_, asset in self.model.assets.items():
            assert versions[id_] == asset.deliveries == (asset.status == RowStatus.STORED)
            has_ended = self.model.campaigns[asset.campaign].state in campaign_rows.TERMINAL
            assert not (has_ended and asset.status in OPEN_ROWS), "a campaign ended before its rows"

    def counts_are_of_the_rows(self) -> None:
        for name in self.model.campaigns:
            with self.installed.database.read() as connection:
                counted = campaign_rows.progress(connection, CampaignId(name)).by_status
            assert dict(counted) == Counter(one.status for one in self.model.of(name).values())
        with self.installed.database.read() as connection:
            places = connection.execute(select(func.count()).select_from(asset_utterances)).scalar_one()
        assert places == sum(len(one.keys) for one in self.model.assets.values())


def _shown(table: Table, key: Column[Any]) -> Select[Any]:
    """The key, then as `ModelRow.seen`."""
    names = ("status", "attempt", "worker", "expiries", "deaths_alone", "retries", "not_before_ms")
    return select(key, *(table.c[name] for name in names))
