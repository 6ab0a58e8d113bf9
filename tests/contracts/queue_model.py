"""The queue in plain Python: what a row is, and what each act makes of it. The reference of `test_queue_model.py`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from storage.queue.leases import DEATHS_TO_QUARANTINE
from storage.records import Claim
from storage.tables import BROKEN_ROWS, OPEN_ROWS, CampaignState, Lane, RowStatus

LEASE_MS = 60_000


@dataclass
class ModelRow:
    """A work row of either kind."""

    status: RowStatus = RowStatus.PENDING
    attempt: int = 0
    worker: str | None = None
    lease_until_ms: int | None = None
    claimed_with: int = 0
    expiries: int = 0
    deaths_alone: int = 0
    retries: int = 0
    not_before_ms: int = 0

    def is_held(self, claim: Claim, worker: str) -> bool:
        """The fence."""
        return (self.status, self.attempt, self.worker) == (RowStatus.CLAIMED, claim.attempt, worker)

    def take(self, worker: str, now_ms: int, together: int) -> Claim:
        """Claimed; returns the claim, its key left out."""
        self.attempt += 1
        self.status, self.worker = RowStatus.CLAIMED, worker
        self.lease_until_ms, self.claimed_with = now_ms + LEASE_MS, together
        return Claim(None, self.attempt)

    def end(self, status: RowStatus) -> None:
        """No longer in anybody's hands."""
        self.status, self.worker, self.lease_until_ms = status, None, None

    def die(self) -> None:
        """Its worker died with it."""
        self.expiries += 1
        self.deaths_alone += self.claimed_with == 1
        is_over = self.deaths_alone >= DEATHS_TO_QUARANTINE
        self.end(RowStatus.QUARANTINED if is_over else RowStatus.PENDING)

    def postpone(self, until_ms: int) -> None:
        """Given back, for later."""
        self.end(RowStatus.PENDING)
        self.retries += 1
        self.not_before_ms = until_ms

    def renew(self) -> None:
        """A new chance, whatever happened before."""
        self.status = RowStatus.PENDING
        self.retries = self.expiries = self.deaths_alone = self.not_before_ms = 0

    def may_be_claimed(self, now_ms: int, *, suspect: bool) -> bool:
        """Beyond what it waits for."""
        is_due = self.not_before_ms <= now_ms
        return self.status == RowStatus.PENDING and is_due and (self.expiries > 0) == suspect

    def seen(self) -> tuple[object, ...]:
        """What the database must show of it."""
        return (
            *(self.status, self.attempt, self.worker, self.expiries, self.deaths_alone),
            *(self.retries, self.not_before_ms),
        )


@dataclass
class ModelAsset(ModelRow):
    """A file for one recipient."""

    campaign: str = ""
    keys: tuple[str, ...] = ()
    deliveries: int = 0


@dataclass
class ModelCampaign:
    """Only what decides about its rows."""

    lane: Lane
    state: CampaignState


@dataclass
class Model:
    """Everything."""

    campaigns: dict[str, ModelCampaign] = field(default_factory=dict)
    utterances: dict[str, ModelRow] = field(default_factory=dict)
    assets: dict[int, ModelAsset] = field(default_factory=dict)
    reopened: set[str] = field(default_factory=set)
    """Sentences whose sound went away after assets had been told that all was there."""

    def rows(self) -> Iterator[ModelRow]:
        """Both kinds."""
        yield from self.utterances.values()
        yield from self.assets.values()

    def of(self, campaign: str) -> dict[int, ModelAsset]:
        """Its assets."""
        return {id_: asset for id_, asset in self.assets.items() if asset.campaign == campaign}

    def is_running(self, campaign: str) -> bool:
        """Whether its rows may be claimed and stored."""
        return self.campaigns[campaign].state == CampaignState.RUNNING

    def has_all(self, asset: ModelAsset) -> bool:
        """Whether everything it says was made."""
        return all(self.utterances[key].status == RowStatus.STORED for key in asset.keys)

    def is_doomed(self, asset: ModelAsset) -> bool:
        """Whether something it says cannot be made."""
        return any(self.utterances[key].status in BROKEN_ROWS for key in asset.keys)

    def needers(self, key: str) -> set[str]:
        """Running campaigns with an open row that says it."""
        return {
            asset.campaign
            for asset in self.assets.values()
            if key in asset.keys and asset.status in OPEN_ROWS and self.is_running(asset.campaign)
        }

    def referrers(self, key: str) -> set[str]:
        """Campaigns with a row that says it, whatever became of the row."""
        return {asset.campaign for asset in self.assets.values() if key in asset.keys}

    def cancel(self, campaign: str) -> None:
        """End what is open."""
        for asset in self.of(campaign).values():
            if asset.status in OPEN_ROWS:
                asset.end(RowStatus.CANCELLED)

    def reopen_broken(self, keys: set[str]) -> None:
        """A new need is a new chance."""
        for key in keys:
            if self.utterances[key].status in BROKEN_ROWS:
                self.utterances[key].renew()

    def retry(self, campaign: str) -> int:
        """Open what failed; returns how many rows."""
        broken = [one for one in self.of(campaign).values() if one.status in BROKEN_ROWS]
        for asset in broken:
            asset.renew()
        if broken:
            pending = [one for one in self.of(campaign).values() if one.status == RowStatus.PENDING]
            self.reopen_broken({key for asset in pending for key in asset.keys})
        return len(broken)

    def settled(self, campaign: str) -> CampaignState | None:
        """What `settle` must say."""
        statuses = {asset.status for asset in self.of(campaign).values()}
        if not self.is_running(campaign) or statuses & set(OPEN_ROWS):
            return None
        broken = statuses & set(BROKEN_ROWS)
        return CampaignState.FINISHED_WITH_ERRORS if broken else CampaignState.FINISHED

    def erase(self, ids: list[int]) -> None:
        """Forget rows, and sentences that no other row says."""
        keys = {key for id_ in ids for key in self.assets[id_].keys}
        for id_ in ids:
            self.assets[id_].end(RowStatus.ERASED)
            self.assets[id_].keys = ()
            self.assets[id_].deliveries = 0
        for key in keys:
            if not self.referrers(key):
                del self.utterances[key]
