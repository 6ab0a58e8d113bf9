"""Retries to the number, delays to the millisecond, and what a store's refusal does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import Table, select, update

from storage.errors import ObjectStoreError, StoreRefusedError, StoreUnavailableError
from storage.installation import Installation
from storage.queue.leases import ASSETS, UTTERANCES, Work
from storage.records import Campaign
from storage.tables import RowStatus, asset_versions, assets, erasures, recipients, runs, utterances
from tests import build
from tests.clock import FrozenClock
from workers import voices
from workers.engines.engine import EngineError, Outcome, SynthesisFailure, SynthesisRequest, Waveform
from workers.engines.tone import ToneEngine
from workers.errors import PresetError
from workers.finish.reading import read_file
from workers.pipeline import Pipeline
from workers.process.app import WorkerProcess, assemble
from workers.retries import FIRST_RETRY_MS, LONGEST_RETRY_MS

DELAYS_MS = [500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000, 60_000, 60_000]


class Failing(ToneEngine):
    """Tones, but for as many failures as it is told."""

    def __init__(self) -> None:
        super().__init__()
        self.failures: list[SynthesisFailure] = []
        self.asked = 0

    def synthesise(self, batch: Sequence[SynthesisRequest]) -> Sequence[Outcome]:
        self.asked += 1
        if self.failures:
            failure = self.failures.pop(0)
            return [failure for _ in batch]
        return super().synthesise(batch)


@pytest.fixture
def installed(tmp_path: Path) -> Iterator[Installation]:
    made = build.installation(tmp_path, max_attempts=3)
    yield made
    made.close()


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Failing:
    made = Failing()
    monkeypatch.setattr(voices, "create_engine", lambda *_names, **_options: made)
    return made


@pytest.fixture
def campaign(installed: Installation) -> Campaign:
    return build.submitted(installed, build.people(1)).campaign


@pytest.fixture
def clock(installed: Installation, campaign: Campaign) -> FrozenClock:
    return FrozenClock(installed.database)


@pytest.fixture
def worker(installed: Installation, engine: Failing, clock: FrozenClock) -> Iterator[WorkerProcess]:
    """Not started: the tests take its steps."""
    made = assemble(installed)
    yield made
    made.resources.close()


def only_row(installed: Installation, work: Work) -> Any:
    with installed.database.read() as connection:
        return connection.execute(select(work.table)).one()


def outcomes(installed: Installation) -> list[str]:
    with installed.database.read() as connection:
        return list(connection.scalars(select(runs.c.outcome).order_by(runs.c.t_claim_ms)))


def refuse(worker: WorkerProcess, monkeypatch: pytest.MonkeyPatch, exc: ObjectStoreError) -> None:
    def put(*_arguments: Any, **_options: Any) -> None:
        raise exc

    monkeypatch.setattr(worker.resources.store, "put", put)


def test_a_row_fails_at_the_last_attempt_and_not_at_the_one_before(
    installed: Installation, engine: Failing, worker: WorkerProcess, clock: FrozenClock
) -> None:
    engine.failures = [SynthesisFailure(code="engine-crashed", reason="again", retryable=True)] * 10
    pipeline = Pipeline(worker.resources)
    for attempt in (1, 2):
        assert pipeline.synthesise() == 1
        row = only_row(installed, UTTERANCES)
        assert (row.status, row.retries, row.attempt) == (RowStatus.PENDING, attempt, attempt)
        assert only_row(installed, ASSETS).status == RowStatus.PENDING
        clock.advance(LONGEST_RETRY_MS)
    assert pipeline.synthesise() == 1
    row = only_row(installed, UTTERANCES)
    assert (row.status, row.code, row.reason) == (RowStatus.FAILED, "engine-crashed", "again")
    assert only_row(installed, ASSETS).status == RowStatus.FAILED
    clock.advance(LONGEST_RETRY_MS)
    assert pipeline.synthesise() == 0
    assert engine.asked == 3


def test_a_row_that_speaks_at_its_last_attempt_is_stored(
    installed: Installation, engine: Failing, worker: WorkerProcess, clock: FrozenClock
) -> None:
    engine.failures = [SynthesisFailure(code="engine-crashed", reason="again", retryable=True)] * 2
    pipeline = Pipeline(worker.resources)
    for _ in range(3):
        pipeline.synthesise()
        clock.advance(LONGEST_RETRY_MS)
    row = only_row(installed, UTTERANCES)
    assert (row.status, row.code, row.reason) == (RowStatus.STORED, None, None)
    assert sorted(outcomes(installed)) == ["engine-crashed", "engine-crashed", "stored"]
    assert pipeline.finish() == 1
    assert only_row(installed, ASSETS).status == RowStatus.STORED


def test_a_failure_that_trying_again_does_not_mend_fails_at_once(
    installed: Installation, engine: Failing, worker: WorkerProcess
) -> None:
    engine.failures = [SynthesisFailure(code="unspeakable", reason="no words")]
    assert Pipeline(worker.resources).synthesise() == 1
    assert only_row(installed, UTTERANCES).status == RowStatus.FAILED
    assert only_row(installed, ASSETS).code == "unspeakable"


@pytest.mark.parametrize("retries", range(len(DELAYS_MS)))
def test_the_delay_doubles_from_half_a_second_to_a_minute(
    retries: int, installed: Installation, engine: Failing, worker: WorkerProcess, clock: FrozenClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    assert (DELAYS_MS[0], DELAYS_MS[-1]) == (FIRST_RETRY_MS, LONGEST_RETRY_MS)
    monkeypatch.setattr(worker.resources.settings, "max_attempts", 99)
    engine.failures = [SynthesisFailure(code="engine-crashed", reason="again", retryable=True)]
    with installed.database.write() as connection:
        connection.execute(update(utterances).values(retries=retries))
    assert Pipeline(worker.resources).synthesise() == 1
    row = only_row(installed, UTTERANCES)
    assert (row.status, row.code, row.retries) == (RowStatus.PENDING, "engine-crashed", retries + 1)
    assert row.not_before_ms == clock.now_ms + DELAYS_MS[retries]
    assert outcomes(installed) == ["engine-crashed"]


def test_waiting_for_a_store_that_is_away_is_no_attempt(
    installed: Installation, engine: Failing, worker: WorkerProcess, clock: FrozenClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr("workers.claims.claiming.BACK_OFF_S", 0.0)
    pipeline = Pipeline(worker.resources)
    with monkeypatch.context() as patch:
        refuse(worker, patch, StoreUnavailableError("a timeout"))
        for _ in range(3 * worker.resources.settings.max_attempts):
            assert pipeline.synthesise() == 1
            row = only_row(installed, UTTERANCES)
            assert (row.status, row.code, row.reason, row.retries) == (
                RowStatus.PENDING,
                "store-failed",
                "a timeout",
                0,
            )
            clock.advance(FIRST_RETRY_MS)
    assert pipeline.synthesise() == 1
    assert only_row(installed, UTTERANCES).status == RowStatus.STORED


def test_a_store_that_refuses_this_worker_has_it_rest_and_others_go_on(
    installed: Installation, worker: WorkerProcess, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse(worker, monkeypatch, StoreRefusedError("403"))
    pipeline = Pipeline(worker.resources)
    assert pipeline.synthesise() == 1
    monkeypatch.undo()
    clock.advance(LONGEST_RETRY_MS)
    assert pipeline.synthesise() == 0, "it rests"
    assert Pipeline(worker.resources).synthesise() == 1, "another claimer does not"


def test_a_store_that_is_away_for_a_moment_costs_the_row_a_delay_and_the_worker_nothing(
    installed: Installation, worker: WorkerProcess, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        refuse(worker, patch, StoreUnavailableError("a timeout"))
        pipeline = Pipeline(worker.resources)
        assert pipeline.synthesise() == 1
    clock.advance(FIRST_RETRY_MS - 1)
    assert pipeline.synthesise() == 0
    clock.advance(1)
    assert pipeline.synthesise() == 1
    assert only_row(installed, UTTERANCES).status == RowStatus.STORED


def test_a_file_that_cannot_be_stored_waits_and_is_finished_later(
    installed: Installation, worker: WorkerProcess, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipeline = Pipeline(worker.resources)
    assert pipeline.synthesise() == 1
    with monkeypatch.context() as patch:
        refuse(worker, patch, StoreUnavailableError("a timeout"))
        assert pipeline.finish() == 1
    row = only_row(installed, ASSETS)
    assert (row.status, row.code, row.not_before_ms) == (
        RowStatus.PENDING,
        "store-failed",
        clock.now_ms + FIRST_RETRY_MS,
    )
    assert pipeline.finish() == 0
    clock.advance(FIRST_RETRY_MS)
    assert pipeline.finish() == 1
    assert only_row(installed, ASSETS).status == RowStatus.STORED


def test_sound_that_its_cache_lost_is_made_again_before_its_file_is(
    installed: Installation, engine: Failing, worker: WorkerProcess
) -> None:
    pipeline = Pipeline(worker.resources)
    pipeline.synthesise()
    for key in build.objects(worker.resources.store, "cache/"):
        worker.resources.store.delete(key)
    worker.resources.pcm._sounds.clear()
    assert pipeline.finish() == 1
    row = only_row(installed, ASSETS)
    assert (row.status, row.watch) == (RowStatus.PENDING, only_row(installed, UTTERANCES).key)
    assert pipeline.finish() == 0
    assert pipeline.synthesise() == 1
    assert pipeline.finish() == 1
    assert only_row(installed, ASSETS).status == RowStatus.STORED
    assert engine.asked == 2


def test_what_was_made_here_is_finished_from_memory(
    installed: Installation, worker: WorkerProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipeline = Pipeline(worker.resources)
    pipeline.synthesise()

    def get(_key: str) -> bytes:
        raise AssertionError("asked of the store")

    monkeypatch.setattr(worker.resources.store, "get", get)
    assert pipeline.finish() == 1
    assert only_row(installed, ASSETS).status == RowStatus.STORED


def test_a_voice_that_is_not_there_fails_its_rows_and_says_so(
    installed: Installation, worker: WorkerProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    def voice(*_names: str) -> None:
        raise PresetError("there is no preset x@1. Add it.")

    monkeypatch.setattr(worker.resources.voices, "voice", voice)
    assert Pipeline(worker.resources).synthesise() == 1
    row = only_row(installed, UTTERANCES)
    assert (row.status, row.code) == (RowStatus.FAILED, "preset-unusable")
    assert row.reason == "there is no preset x@1. Add it."


def test_an_engine_that_cannot_be_used_is_set_aside_with_the_reason_and_its_rows_go_back(
    installed: Installation, worker: WorkerProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(self: Failing, batch: Sequence[SynthesisRequest]) -> Sequence[Outcome]:
        raise EngineError("the weights were changed")

    monkeypatch.setattr(Failing, "synthesise", broken)
    with pytest.raises(EngineError):
        Pipeline(worker.resources).synthesise()
    assert str(worker.resources.voices.problem_of("tone")) == "the weights were changed"
    row = only_row(installed, UTTERANCES)
    assert (row.status, row.expiries, row.retries) == (RowStatus.PENDING, 0, 0)


def test_sound_that_may_not_be_delivered_fails_its_row_with_code_and_reason(
    installed: Installation, engine: Failing, worker: WorkerProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    def silent(self: Failing, batch: Sequence[SynthesisRequest]) -> Sequence[Outcome]:
        made = [one for one in ToneEngine.synthesise(self, batch) if isinstance(one, Waveform)]
        return [replace(one, pcm=np.zeros_like(one.pcm)) for one in made]

    monkeypatch.setattr(Failing, "synthesise", silent)
    pipeline = Pipeline(worker.resources)
    pipeline.synthesise()
    assert pipeline.finish() == 1
    row = only_row(installed, ASSETS)
    assert (row.status, row.code) == (RowStatus.FAILED, "silent")
    assert row.reason
    assert build.objects(worker.resources.store, "campaigns/") == {}


def test_how_much_speech_is_too_much_depends_on_the_language(
    installed: Installation, worker: WorkerProcess
) -> None:
    """Tones speak fifteen characters a second: fewer than Chinese allows, as many as English does."""
    pipeline = Pipeline(worker.resources)
    pipeline.synthesise()
    with installed.database.write() as connection:
        connection.execute(update(recipients).values(language="zh"))
        connection.execute(
            update(assets).values(characters=14 * only_row(installed, UTTERANCES).samples // 24_000)
        )
    assert pipeline.finish() == 1
    assert only_row(installed, ASSETS).code == "too-short"


@pytest.mark.parametrize("table", [assets, utterances])
def test_a_file_or_a_sentence_with_fewer_seconds_than_its_words_need_is_not_delivered(
    table: Table, installed: Installation, worker: WorkerProcess
) -> None:
    pipeline = Pipeline(worker.resources)
    pipeline.synthesise()
    with installed.database.write() as connection:
        connection.execute(update(table).values(characters=10_000))
    assert pipeline.finish() == 1
    assert only_row(installed, ASSETS).code == "too-short"


def test_a_stored_file_explains_itself_and_its_row_says_how_it_sounds(
    installed: Installation, worker: WorkerProcess
) -> None:
    asked = build.brief("Good morning.", columns={}, finish={"codec": "wav", "gain": "asset"})
    campaign = build.submitted(installed, [{"id": "1"}], asked).campaign
    pipeline = Pipeline(worker.resources)
    while pipeline.synthesise() or pipeline.finish():
        pass
    mine = asset_versions.c.object_key.startswith(f"campaigns/{campaign.id}/")
    with installed.database.read() as connection:
        made = connection.execute(select(asset_versions).where(mine)).one()
    file = read_file(worker.resources.store.get(made.object_key))
    assert file.descriptor is not None
    assert file.descriptor["campaign"] == campaign.id
    assert [run["run_id"] for run in file.descriptor["runs"]] == made.run_ids
    assert file.descriptor["finish"]["true_peak_dbtp"] == pytest.approx(made.true_peak_dbtp, abs=0.01)
    assert -30 < made.true_peak_dbtp < 0


def test_a_failure_says_what_it_was_while_the_row_waits(
    installed: Installation, engine: Failing, worker: WorkerProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine.failures = [SynthesisFailure(code="engine-crashed", reason="again", retryable=True)]
    pipeline = Pipeline(worker.resources)
    pipeline.synthesise()
    row = only_row(installed, UTTERANCES)
    assert (row.status, row.code, row.reason) == (RowStatus.PENDING, "engine-crashed", "again")


def test_a_file_of_an_attempt_that_lost_is_collected_once_another_has_stored_the_row(
    installed: Installation, worker: WorkerProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipeline = Pipeline(worker.resources)
    pipeline.synthesise()
    put = worker.resources.store.put

    def overtaken(key: str, *arguments: Any, **options: Any) -> None:
        put(key, *arguments, **options)
        with installed.database.write() as connection:
            connection.execute(update(assets).values(status=RowStatus.STORED, attempt=9))

    monkeypatch.setattr(worker.resources.store, "put", overtaken)
    pipeline.finish()
    (left,) = build.objects(worker.resources.store, "campaigns/")
    with installed.database.read() as connection:
        assert list(connection.scalars(select(erasures.c.prefix))) == [left]
    assert worker.resources.meters.value("campaign_fenced_rows", work="assets") == 1


def test_every_row_that_is_given_back_is_counted_under_its_cause(
    installed: Installation, worker: WorkerProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse(worker, monkeypatch, StoreUnavailableError("a timeout"))
    Pipeline(worker.resources).synthesise()
    counted = worker.resources.meters.value("campaign_retried_rows", work="utterances", code="store-failed")
    assert counted == 1


def test_sound_of_a_row_that_was_lost_meanwhile_is_told_as_fenced_and_not_stored(
    installed: Installation, engine: Failing, worker: WorkerProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoken = Failing.synthesise

    def overtaken(self: Failing, batch: Sequence[SynthesisRequest]) -> Sequence[Outcome]:
        with installed.database.write() as connection:
            connection.execute(update(utterances).values(attempt=utterances.c.attempt + 1))
        return spoken(self, batch)

    monkeypatch.setattr(Failing, "synthesise", overtaken)
    assert Pipeline(worker.resources).synthesise() == 1
    assert only_row(installed, UTTERANCES).status == RowStatus.CLAIMED
    assert outcomes(installed) == ["fenced"]
    with installed.database.read() as connection:
        assert connection.execute(select(assets.c.status)).scalar_one() == RowStatus.PENDING


def test_a_run_names_the_class_its_sound_was_made_in_and_not_the_one_the_engine_has_since(
    installed: Installation, engine: Failing, worker: WorkerProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = ToneEngine.synthesise

    def falls_back(self: ToneEngine, batch: Sequence[SynthesisRequest]) -> Sequence[Outcome]:
        made = [
            replace(sound, numeric_class="fused")
            for sound in honest(self, batch)
            if isinstance(sound, Waveform)
        ]
        self.numeric_class = "eager"
        return made

    monkeypatch.setattr(ToneEngine, "synthesise", falls_back)
    assert Pipeline(worker.resources).synthesise() == 1
    with installed.database.read() as connection:
        assert list(connection.scalars(select(runs.c.numeric_class))) == ["fused"]
