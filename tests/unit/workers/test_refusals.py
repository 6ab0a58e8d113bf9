"""What becomes of rows that the object store does not take: it is away, it refuses one object, it refuses all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from campaign.operations import control
from storage.errors import (
    ObjectCorruptError,
    ObjectRefusedError,
    ObjectStoreError,
    StoreRefusedError,
    StoreUnavailableError,
)
from storage.history import audit
from storage.installation import Installation
from storage.queue import campaigns as campaign_rows
from storage.queue import leases
from storage.records import Campaign
from storage.tables import CampaignState, RowStatus, assets, utterances
from tests import build
from tests.clock import FrozenClock
from workers.pipeline import Pipeline
from workers.process.app import WorkerProcess, assemble
from workers.refusals import PAUSE_REASON
from workers.retries import FIRST_RETRY_MS, LONGEST_RETRY_MS

ATTEMPTS = 3
ROWS = 4


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Installation]:
    monkeypatch.setattr("workers.claims.claiming.BACK_OFF_S", 0.0)
    made = build.installation(tmp_path, max_attempts=ATTEMPTS)
    yield made
    made.close()


@pytest.fixture
def campaign(installed: Installation) -> Campaign:
    return build.submitted(installed, build.people(ROWS)).campaign


@pytest.fixture
def clock(installed: Installation, campaign: Campaign) -> FrozenClock:
    return FrozenClock(installed.database)


@pytest.fixture
def worker(installed: Installation, clock: FrozenClock) -> Iterator[WorkerProcess]:
    """Not started: the tests take its steps."""
    made = assemble(installed)
    yield made
    made.resources.close()


def state(installed: Installation, campaign: Campaign) -> tuple[CampaignState, str | None]:
    with installed.database.read() as connection:
        now = campaign_rows.get(connection, campaign.id)
    return now.state, now.state_reason


def rows(installed: Installation, table: Any) -> list[Any]:
    with installed.database.read() as connection:
        return list(connection.execute(select(table).order_by(table.c.status)))


def answer(
    patch: pytest.MonkeyPatch, worker: WorkerProcess, decide: Callable[[str], ObjectStoreError | None]
) -> None:
    """Have the store say this of each key that is put; None lets it through."""
    whole = worker.resources.store.put

    def put(key: str, *arguments: Any, **options: Any) -> None:
        if (error := decide(key)) is not None:
            raise error
        whole(key, *arguments, **options)

    patch.setattr(worker.resources.store, "put", put)


@pytest.mark.parametrize("error", [StoreRefusedError("campaigns/x: 403"), ObjectCorruptError("other bytes")])
def test_a_store_that_refuses_everything_pauses_the_campaign_and_resume_goes_on(
    installed: Installation,
    campaign: Campaign,
    worker: WorkerProcess,
    clock: FrozenClock,
    error: ObjectStoreError,
) -> None:
    pipeline = Pipeline(worker.resources)
    with pytest.MonkeyPatch.context() as patch:
        answer(patch, worker, lambda _: error)
        for _ in range(ATTEMPTS - 1):
            assert pipeline.synthesise() == ROWS
            assert state(installed, campaign)[0] == CampaignState.RUNNING
            clock.advance(LONGEST_RETRY_MS)
        assert pipeline.synthesise() == ROWS
        now, reason = state(installed, campaign)
        assert now == CampaignState.PAUSED
        assert reason == f"{PAUSE_REASON}, {ATTEMPTS} batches in a row: {error}."
        assert pipeline.synthesise() == 0
    with installed.database.read() as connection:
        assert [entry["actor"] for entry in audit.of(connection, campaign.id)][-1] == "object-store"
    assert {(row.status, row.retries, row.not_before_ms) for row in rows(installed, utterances)} == {
        (RowStatus.PENDING, 0, 0)
    }
    control.resume(installed, campaign.id, actor="test")
    assert pipeline.synthesise() == ROWS
    assert pipeline.finish() == ROWS
    assert {row.status for row in rows(installed, assets)} == {RowStatus.STORED}


@pytest.mark.parametrize("work", ["cache/", "campaigns/"])
def test_an_object_that_is_refused_fails_its_row_alone_and_at_once(
    installed: Installation, campaign: Campaign, worker: WorkerProcess, work: str
) -> None:
    refused: list[str] = []

    def decide(key: str) -> ObjectStoreError | None:
        if key.startswith(work) and not refused:
            refused.append(key)
            return ObjectRefusedError(f"{key}: 413 EntityTooLarge")
        return None

    pipeline = Pipeline(worker.resources)
    with pytest.MonkeyPatch.context() as patch:
        answer(patch, worker, decide)
        pipeline.synthesise()
        pipeline.finish()
    worker.resources.settle(campaign.id)
    failed = [row for row in rows(installed, assets) if row.status == RowStatus.FAILED]
    assert [(row.code, row.reason) for row in failed] == [
        ("object-refused", f"{refused[0]}: 413 EntityTooLarge")
    ]
    assert state(installed, campaign)[0] == CampaignState.FINISHED_WITH_ERRORS


def test_a_store_that_refuses_each_object_as_if_it_were_its_own_pauses_and_burns_no_row(
    installed: Installation, campaign: Campaign, worker: WorkerProcess, clock: FrozenClock
) -> None:
    """A header that the server does not know, a proxy's limit of bodies: 400 or 413 for all alike."""
    pipeline = Pipeline(worker.resources)
    pipeline.synthesise()
    with pytest.MonkeyPatch.context() as patch:
        answer(patch, worker, lambda key: ObjectRefusedError(f"{key}: 400 InvalidArgument"))
        for _ in range(ATTEMPTS):
            assert pipeline.finish() == ROWS
            clock.advance(LONGEST_RETRY_MS)
    now, reason = state(installed, campaign)
    assert (now, "400 InvalidArgument" in (reason or "")) == (CampaignState.PAUSED, True)
    assert {row.status for row in rows(installed, assets)} == {RowStatus.PENDING}
    control.resume(installed, campaign.id, actor="test")
    assert pipeline.finish() == ROWS
    assert {row.status for row in rows(installed, assets)} == {RowStatus.STORED}


def test_the_last_objects_of_a_campaign_that_are_refused_fail_and_let_it_end(
    installed: Installation, campaign: Campaign, worker: WorkerProcess
) -> None:
    pipeline = Pipeline(worker.resources)
    pipeline.synthesise()
    installed.settings.finish_batch = 2
    assert pipeline.finish() == 2
    with pytest.MonkeyPatch.context() as patch:
        answer(patch, worker, lambda key: ObjectRefusedError(f"{key}: 413 EntityTooLarge"))
        assert pipeline.finish() == 2
    assert sorted(row.code or "" for row in rows(installed, assets)) == [
        "",
        "",
        "object-refused",
        "object-refused",
    ]
    assert state(installed, campaign)[0] == CampaignState.FINISHED_WITH_ERRORS


def test_one_object_that_a_willing_store_refuses_for_rights_fails_after_the_attempts(
    installed: Installation, campaign: Campaign, worker: WorkerProcess, clock: FrozenClock
) -> None:
    """A key that is locked, say: while others are stored beside it, it is not the store's refusal."""
    pipeline = Pipeline(worker.resources)
    pipeline.synthesise()
    installed.settings.finish_batch = 2  # the locked one and another
    first: list[str] = []

    def decide(key: str) -> ObjectStoreError | None:
        row = key.rsplit("/", 2)[0]
        first[:] = first or [row]
        return StoreRefusedError("403 locked") if row == first[0] else None

    with pytest.MonkeyPatch.context() as patch:
        answer(patch, worker, decide)
        for _ in range(ATTEMPTS):
            assert pipeline.finish() == 2
            clock.advance(LONGEST_RETRY_MS)
    assert [(row.status, row.code, row.reason) for row in rows(installed, assets)] == [
        (RowStatus.FAILED, "object-refused", "403 locked"),
        *[(RowStatus.STORED, None, None)] * (ROWS - 1),
    ]
    assert state(installed, campaign)[0] == CampaignState.FINISHED_WITH_ERRORS


def test_a_worker_that_is_refused_while_others_store_does_not_pause_the_campaign(
    installed: Installation, campaign: Campaign, worker: WorkerProcess, clock: FrozenClock
) -> None:
    """A host whose clock is off, say."""
    pipeline = Pipeline(worker.resources)
    with pytest.MonkeyPatch.context() as patch:
        answer(patch, worker, lambda _: StoreRefusedError("403 RequestTimeTooSkewed"))
        for round_ in range(ATTEMPTS + 2):
            pipeline.synthesise()
            clock.advance(LONGEST_RETRY_MS)
            if round_ == 1:
                with installed.database.write() as connection:
                    (one,) = leases.claim(
                        connection,
                        leases.UTTERANCES,
                        campaign_id=campaign.id,
                        worker="other",
                        lease_ms=1000,
                        limit=1,
                    )
                    values = {"status": RowStatus.STORED, "t_stored_ms": clock.now_ms}
                    assert leases.end_claim(connection, leases.UTTERANCES, one, values, worker="other")
    assert state(installed, campaign)[0] == CampaignState.RUNNING


def test_a_store_that_is_away_rests_the_worker_from_the_second_time_on(
    installed: Installation, campaign: Campaign, worker: WorkerProcess, clock: FrozenClock
) -> None:
    rests: list[int] = []
    pipeline = Pipeline(worker.resources)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pipeline.claimer, "back_off", rests.append)
        answer(patch, worker, lambda _: StoreUnavailableError("503"))
        for _ in range(3):
            assert pipeline.synthesise() == ROWS
            clock.advance(FIRST_RETRY_MS)
    assert rests == [1, 2]
    assert pipeline.synthesise() == ROWS
    assert state(installed, campaign)[0] == CampaignState.RUNNING


@pytest.mark.parametrize("step", ["synthesise", "finish"])
def test_what_a_store_that_is_away_is_not_even_asked_waits_too(
    installed: Installation, campaign: Campaign, worker: WorkerProcess, step: str
) -> None:
    """After two objects in a row: each takes all of its attempts and timeouts, and leases run meanwhile."""
    pipeline = Pipeline(worker.resources)
    if step == "finish":
        pipeline.synthesise()
    asked: list[str] = []

    def decide(key: str) -> ObjectStoreError | None:
        asked.append(key)
        return StoreUnavailableError("503")

    with pytest.MonkeyPatch.context() as patch:
        answer(patch, worker, decide)
        assert getattr(pipeline, step)() == ROWS
    assert len(asked) == 2
    with installed.database.read() as connection:
        assert leases.waiting_under(connection, campaign.id, "store-failed") == (ROWS, "503")


@pytest.mark.parametrize("step", ["synthesise", "finish"])
def test_what_the_disk_refuses_at_sync_is_not_stored_and_waits_under_its_reason(
    installed: Installation, campaign: Campaign, worker: WorkerProcess, clock: FrozenClock, step: str
) -> None:
    pipeline = Pipeline(worker.resources)
    if step == "finish":
        pipeline.synthesise()

    def full() -> None:
        raise StoreRefusedError("sync: no space left; free space")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(worker.resources.store, "sync", full)
        assert getattr(pipeline, step)() == ROWS
    table = utterances if step == "synthesise" else assets
    assert {(row.status, row.code) for row in rows(installed, table)} == {(RowStatus.PENDING, "store-failed")}
    with installed.database.read() as connection:
        waiting = leases.waiting_under(connection, campaign.id, "store-failed")
    assert waiting == (ROWS, "sync: no space left; free space")
