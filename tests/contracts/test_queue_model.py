"""Any interleaving of what happens to the queue, against a model in plain Python.

Workers claim, commit, postpone, fail, fall silent and come back with what they held long ago, while campaigns that
share sentences are published, paused, resumed, cancelled, retried, erased from and swept. After every step the
database shows what the model says; at the end everything is worked off and every promise is looked at once more.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, Phase, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import rule, run_state_machine_as_test
from sqlalchemy import event, select

from storage.installation import Installation
from storage.names import CampaignId
from storage.queue import assets as asset_rows
from storage.queue import campaigns as campaign_rows
from storage.queue import demand, leases
from storage.queue import utterances as utterance_rows
from storage.queue.leases import ASSETS, UTTERANCES, Work
from storage.records import Claim, Failure
from storage.tables import LANE_RANK, CampaignState, Lane, RowStatus, utterances
from tests import build
from tests.clock import FrozenClock
from tests.contracts.queue_machine import STOPPED, CampaignMachine
from tests.contracts.queue_model import LEASE_MS, ModelAsset, ModelRow
from tests.contracts.work import stored_asset, stored_utterance
from tests.examples import FUZZ_EXAMPLES

WORKERS: Final = ("w1", "w2", "w3")
EXAMPLES: Final = {"sqlite": 30, "postgresql": 20}
STEPS: Final = 4
KINDS: Final = (UTTERANCES, ASSETS)
ACTS: Final = (
    *("claim_fresh",) * 12,
    *("commit", "give_up") * 7,
    *("claim_suspects", "pass_time", "sweep") * 6,
    *("settle", "pause", "resume", "resume", "retry", "publish") * 2,
    *("cancel", "erase"),
)
"""As often as they are listed."""
NOT_COUNTED: Final = -1
DRAINED_IN: Final = 200
"""Rounds within which one worker must be done with whatever is left."""


class QueueMachine(CampaignMachine):
    """What workers do to the rows, and what each believes to hold."""

    def __init__(self) -> None:
        super().__init__()
        self.believed: dict[str, dict[str, list[Claim]]] = {
            worker: {work.table.name: [] for work in KINDS} for worker in WORKERS
        }

    def row(self, work: Work, key: Any) -> ModelRow | None:
        return self.model.utterances.get(key) if work is UTTERANCES else self.model.assets.get(key)

    def held(self, worker: str, work: Work, claim: Claim) -> ModelRow | None:
        """The row, if the fence lets this claim through."""
        row = self.row(work, claim.key)
        return row if row is not None and row.is_held(claim, worker) else None

    def some_claims(self, pick: int, *, whole: bool) -> tuple[str, Work, list[Claim]]:
        """(worker, kind, what it believes to hold of it and forgets now); one claim, or all of that kind."""
        pairs = [
            (worker, work) for worker in WORKERS for work in KINDS if self.believed[worker][work.table.name]
        ]
        if not pairs:
            return WORKERS[0], UTTERANCES, []
        worker, work = pairs[pick % len(pairs)]
        mine = self.believed[worker][work.table.name]
        taken = [*mine] if whole else [mine[pick % len(mine)]]
        self.believed[worker][work.table.name] = [claim for claim in mine if claim not in taken]
        return worker, work, taken

    def anybody_holds(self) -> bool:
        return any(claims for mine in self.believed.values() for claims in mine.values())

    @rule(acts=st.lists(st.integers(0, 2**20), min_size=30, max_size=60))
    def happen(self, acts: list[int]) -> None:
        """Many, each drawn as one number: of many rules, or of a list, Hypothesis would choose few and often."""
        for number in acts:
            pick, act = divmod(number, len(ACTS))
            note(f"{ACTS[act]}({pick})")
            getattr(self, ACTS[act])(pick)
            self.every_promise_holds()

    # claim

    def claim_fresh(self, pick: int) -> None:
        work, name = self._something_to_claim(pick, suspect=False)
        self._claim(work, WORKERS[pick % 3], name, 1 + pick // 3 % 4)

    def claim_suspects(self, pick: int) -> None:
        work, name = self._something_to_claim(pick, suspect=True)
        self._claim_suspects(work, WORKERS[pick % 3], name)

    def _something_to_claim(self, pick: int, *, suspect: bool) -> tuple[Work, str | None]:
        """Where there is a row in a claimable state, whether or not its campaign runs; else any campaign."""
        places = [
            (work, name)
            for work in KINDS
            for name in self.model.campaigns
            if any(row.may_be_claimed(self.clock.now_ms, suspect=suspect) for row in self._rows(work, name))
        ]
        return places[pick % len(places)] if places else (UTTERANCES, self.chosen(pick))

    def _rows(self, work: Work, name: str) -> list[ModelRow]:
        files = self.model.of(name).values()
        if work is ASSETS:
            return [asset for asset in files if self.model.has_all(asset)]
        return [self.model.utterances[key] for asset in files for key in asset.keys]

    def _claim(self, work: Work, worker: str, name: str | None, limit: int) -> int:
        """Fresh rows of a campaign; returns how many."""
        if name is None:
            return 0
        with self.installed.database.write() as connection:
            claims = []
            if campaign_rows.lock_running(connection, {CampaignId(name)}):
                claims = leases.claim(
                    connection,
                    work,
                    campaign_id=CampaignId(name),
                    worker=worker,
                    lease_ms=LEASE_MS,
                    limit=limit,
                )
        if work is ASSETS and not self.model.reopened:
            assert [claim.key for claim in claims] == self._ready(name)[:limit]
        assert len(claims) <= limit
        self._taken(work, worker, name, claims, suspect=False)
        return len(claims)

    def _ready(self, name: str) -> list[int]:
        files = self.model.of(name).items() if self.model.is_running(name) else ()
        now_ms = self.clock.now_ms
        return sorted(
            id_ for id_, one in files if one.may_be_claimed(now_ms, suspect=False) and self.model.has_all(one)
        )

    def _claim_suspects(self, work: Work, worker: str, name: str | None) -> int:
        """Of a worker that holds nothing else, as it must; what it lost it may still believe to hold."""
        if name is None or any(row.worker == worker for row in self.model.rows()):
            return 0
        with self.installed.database.write() as connection:
            claims = []
            if campaign_rows.lock_running(connection, {CampaignId(name)}):
                claims = leases.claim_suspects(
                    connection, work, campaign_id=CampaignId(name), worker=worker, lease_ms=LEASE_MS
                )
        groups = {row.claimed_with for claim in claims if (row := self.row(work, claim.key)) is not None}
        assert len(groups) <= 1, "suspects of one size of claim only"
        if groups:
            assert len(claims) <= max(1, groups.pop() // 2)
        self._taken(work, worker, name, claims, suspect=True)
        return len(claims)

    def _taken(self, work: Work, worker: str, name: str, claims: list[Claim], *, suspect: bool) -> None:
        assert len({claim.key for claim in claims}) == len(claims)
        if claims:
            assert self.model.is_running(name), "claimed in the name of a campaign that does not run"
        for claim in claims:
            row = self.row(work, claim.key)
            assert row is not None and row.may_be_claimed(self.clock.now_ms, suspect=suspect)
            if isinstance(row, ModelAsset):
                assert row.campaign == name
                assert self.model.has_all(row) or self.model.reopened & set(row.keys)
            row.take(worker, self.clock.now_ms, len(claims))
            assert row.attempt == claim.attempt
        self.believed[worker][work.table.name] += claims

    # commit

    def commit(self, pick: int) -> None:
        """What a worker holds, or believes to hold; one that dies after the commit does not follow up."""
        worker, work, claims = self.some_claims(pick, whole=pick % 4 > 0)
        if work is UTTERANCES:
            self._commit_sentences(worker, claims, follows=pick % 3 > 0)
        else:
            self._commit_files(worker, claims)

    def _commit_sentences(self, worker: str, claims: list[Claim], *, follows: bool) -> None:
        held = [claim for claim in claims if self.held(worker, UTTERANCES, claim)]
        with self.installed.database.write() as connection:
            made = [stored_utterance(claim) for claim in claims]
            accepted = utterance_rows.store(connection, made, worker=worker)
        if follows:
            utterance_rows.follow_up(self.installed.database, accepted)
        assert accepted.keys <= {claim.key for claim in held}, "a stale commit won"
        for claim in held:
            is_stored = claim.key in accepted.keys
            assert is_stored or not self.model.needers(claim.key), "a running campaign needs it"
            assert not is_stored or any(map(self.model.is_running, self.model.campaigns))
            self.model.utterances[claim.key].end(RowStatus.STORED if is_stored else RowStatus.PENDING)

    def _commit_files(self, worker: str, claims: list[Claim]) -> None:
        for name in sorted({self.model.assets[claim.key].campaign for claim in claims}):
            of_one = [claim for claim in claims if self.model.assets[claim.key].campaign == name]
            whole = [claim for claim in of_one if not self._lost_sound(worker, claim)]
            held = [claim for claim in whole if self.held(worker, ASSETS, claim)]
            with self.installed.database.write() as connection:
                campaign = campaign_rows.get(connection, CampaignId(name))
                made = [stored_asset(campaign, claim) for claim in whole]
                accepted = asset_rows.store(connection, made, campaign_id=CampaignId(name), worker=worker)
            assert accepted == ({claim.key for claim in held} if self.model.is_running(name) else set())
            for claim in held:
                asset = self.model.assets[claim.key]
                asset.end(RowStatus.STORED if claim.key in accepted else RowStatus.PENDING)
                asset.deliveries += claim.key in accepted

    def _lost_sound(self, worker: str, claim: Claim) -> bool:
        """Whether an asset cannot be finished because a sentence went away; then it waits for it again."""
        keys = self.model.assets[claim.key].keys
        gone = [key for key in keys if self.model.utterances[key].status != RowStatus.STORED]
        if gone:
            self._wait_again(worker, claim, gone[0])
        return bool(gone)

    def _wait_again(self, worker: str, claim: Claim, key: str) -> None:
        """As `workers/pipeline.py` does when the cache lost a sound."""
        asset = self.model.assets[claim.key]
        with self.installed.database.write() as connection:
            utterance_rows.reopen(connection, [key], campaign_id=CampaignId(asset.campaign))
            asset_rows.wait_again(connection, claim, key, worker=worker)
        row = self.model.utterances[key]
        if row.status == RowStatus.STORED:
            row.renew()
        self.model.reopened.add(key)
        if asset.is_held(claim, worker):
            asset.end(RowStatus.PENDING)

    # or not

    def give_up(self, pick: int) -> None:
        how = ("postpone", "fail", "release", "suspect", "sound_gone")[pick % 5]
        worker, work, claims = self.some_claims(pick, whole=how in ("release", "suspect"))
        if not claims:
            return
        act: Callable[[str, Work, list[Claim]], int] = getattr(self, f"_{how}")
        held = [row for claim in claims if (row := self.held(worker, work, claim)) is not None]
        assert act(worker, work, claims) == (NOT_COUNTED if how == "sound_gone" else len(held))
        for row in held:
            if how == "postpone":
                row.postpone(self.clock.now_ms + LEASE_MS)
            elif how == "suspect":
                row.die()
            elif how != "sound_gone":
                row.end(RowStatus.FAILED if how == "fail" else RowStatus.PENDING)

    def _postpone(self, worker: str, work: Work, claims: list[Claim]) -> int:
        told: Any = {"code": "store-failed", "reason": "away"}
        with self.installed.database.write() as connection:
            return leases.postpone(connection, work, claims[0], worker=worker, delay_ms=LEASE_MS, **told)

    def _fail(self, worker: str, work: Work, claims: list[Claim]) -> int:
        failures = [Failure(claim=claims[0], code="unspeakable", reason="no words")]
        with self.installed.database.write() as connection:
            if work is UTTERANCES:
                return len(utterance_rows.fail(connection, failures, worker=worker))
            return asset_rows.fail(connection, failures, worker=worker)

    def _release(self, worker: str, work: Work, claims: list[Claim]) -> int:
        with self.installed.database.write() as connection:
            return leases.release(connection, work, claims, worker=worker)

    def _suspect(self, worker: str, work: Work, claims: list[Claim]) -> int:
        with self.installed.database.write() as connection:
            return leases.suspect(connection, work, claims, worker=worker)

    def _sound_gone(self, worker: str, work: Work, claims: list[Claim]) -> int:
        keys = self.model.assets[claims[0].key].keys if work is ASSETS else ()
        if keys:
            self._wait_again(worker, claims[0], keys[0])
        return NOT_COUNTED

    # time

    def pass_time(self, pick: int) -> None:
        """Workers that are alive renew; the others fall silent, and may come back with what they held."""
        alive = [worker for number, worker in enumerate(WORKERS) if pick >> number & 1]
        for worker in alive:
            for work in KINDS:
                keys = [claim.key for claim in self.believed[worker][work.table.name]]
                with self.installed.database.write() as connection:
                    leases.renew(connection, work, keys, worker=worker, lease_ms=LEASE_MS)
                for key in keys:
                    row = self.row(work, key)
                    if row is not None and (row.status, row.worker) == (RowStatus.CLAIMED, worker):
                        row.lease_until_ms = self.clock.now_ms + LEASE_MS
        self.clock.advance((1 + pick % 6) * LEASE_MS // 4)

    def sweep(self, _pick: int = 0) -> None:
        """As `workers/process/sweeper.py` does."""
        with self.installed.database.write() as connection:
            freed = campaign_rows.expire_all(connection)
            utterance_rows.fail_dependents(connection)
            utterance_rows.wake_all(connection)
            for campaign in campaign_rows.runnable(connection, tuple(Lane)):
                demand.adopt(connection, campaign.id, campaign.lane)
        claimed = [row for row in self.model.rows() if row.status == RowStatus.CLAIMED]
        dead = [row for row in claimed if (row.lease_until_ms or 0) < self.clock.now_ms]
        assert freed == len(dead)
        for row in dead:
            row.die()
        self._everything_needed_has_an_owner()

    def _everything_needed_has_an_owner(self) -> None:
        with self.installed.database.read() as connection:
            owners = dict(
                connection.execute(select(utterances.c.key, utterances.c.campaign_id)).tuples().all()
            )
        for key, row in self.model.utterances.items():
            needers = self.model.needers(key)
            if row.status == RowStatus.PENDING and needers:
                owner = self.model.campaigns[owners[key]]
                assert owner.state == CampaignState.RUNNING
                urgent = min(LANE_RANK[self.model.campaigns[name].lane] for name in needers)
                assert LANE_RANK[owner.lane] <= urgent

    # the end

    def teardown(self) -> None:
        """Everything runs, one worker takes all there is, and nothing is left."""
        for name, campaign in self.model.campaigns.items():
            if campaign.state in STOPPED:
                self._move(name, CampaignState.RUNNING)
        while self.anybody_holds():
            self.some_claims(0, whole=True)
        for _ in range(DRAINED_IN):
            if not any(map(self.model.is_running, self.model.campaigns)):
                break
            self._work_off()
        for name, campaign in self.model.campaigns.items():
            assert campaign.state in campaign_rows.TERMINAL, f"{name} never ends"
        self.counts_are_of_the_rows()
        self.every_promise_holds()

    def _work_off(self) -> None:
        self.clock.advance(3 * LEASE_MS)
        self.sweep()
        for name in self.model.campaigns:
            for work in KINDS:
                for taken in (self._claim(work, "w1", name, 3), self._claim_suspects(work, "w1", name)):
                    if taken:
                        self.commit(1)
        self.every_promise_holds()
        for number in range(len(self.model.campaigns)):
            self.settle(number)


@pytest.mark.hypothesis
def test_the_queue_keeps_its_promises_whatever_happens_in_whatever_order(installed: Installation) -> None:
    if installed.database.is_sqlite:
        event.listen(installed.database.engine, "connect", _never_wait_for_the_disk)
    drafted = build.submitted(installed, build.people(1), start=False).campaign
    clock = FrozenClock(installed.database)
    attributes = {"installed": installed, "clock": clock, "template": drafted}
    run_state_machine_as_test(
        type("Machine", (QueueMachine,), attributes),
        settings=settings(
            max_examples=max(EXAMPLES[installed.database.engine.dialect.name], FUZZ_EXAMPLES // 20),
            stateful_step_count=STEPS,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
            phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
            report_multiple_bugs=False,
        ),
    )


def _never_wait_for_the_disk(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA synchronous = OFF")
