"""What a worker does with engines: loads before it claims, lets previews in between, outlives a bad pin."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from storage.errors import DatabaseError
from storage.history import delivery
from storage.installation import Installation
from storage.queue import campaigns as campaign_rows
from storage.records import UtteranceWork
from storage.tables import CampaignState, Lane, RowStatus, utterances
from tests import build
from workers import voices
from workers.claims import preemption as interruptions
from workers.engines.engine import (
    DeviceLostError,
    EngineError,
    Outcome,
    PresetSound,
    SynthesisRequest,
    UrgentBatch,
)
from workers.engines.registry import create_engine
from workers.engines.tone import ToneEngine
from workers.pipeline import Pipeline
from workers.process.app import WorkerProcess, assemble
from workers.runs import BatchFacts

PREVIEW = build.brief("Good day {{ name }}.", lane=Lane.PREVIEW)


class Interruptible(ToneEngine):
    """Tones, one after another, with a look at what is urgent before each."""

    def __init__(self) -> None:
        super().__init__()
        self.between_steps: Callable[[], UrgentBatch | None] | None = None
        self.on_outcome: Callable[[SynthesisRequest, Outcome], None] | None = None
        self.spoken: list[str] = []
        self.warmed = 0
        self.on_warm: Callable[[], None] = lambda: None
        self.before_each: Callable[[SynthesisRequest], None] = lambda request: None

    def warm(self, presets: Sequence[PresetSound]) -> None:
        self.warmed += 1
        self.on_warm()
        super().warm(presets)

    def synthesise(self, batch: Sequence[SynthesisRequest]) -> Sequence[Outcome]:
        outcomes: list[Outcome] = []
        for request in batch:
            self.before_each(request)
            urgent = self.between_steps() if self.between_steps else None
            if urgent is not None:
                self.spoken += [one.key for one in urgent.requests]
                urgent.deliver(super().synthesise(urgent.requests))
            self.spoken.append(request.key)
            outcomes += super().synthesise([request])
        return outcomes


@pytest.fixture
def installed(tmp_path: Path) -> Iterator[Installation]:
    made = build.installation(tmp_path)
    yield made
    made.close()


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Interruptible:
    """What every pin of these tests speaks with."""
    made = Interruptible()
    monkeypatch.setattr(voices, "create_engine", lambda *_names, **_options: made)
    monkeypatch.setattr(interruptions, "LOOK_EVERY_S", 0.0)
    return made


@pytest.fixture
def worker(installed: Installation, engine: Interruptible) -> Iterator[WorkerProcess]:
    """Not started: the tests take its steps."""
    made = assemble(installed)
    yield made
    made.resources.close()


def statuses(installed: Installation, campaign_id: str) -> dict[str, str]:
    """Synthesis key to status."""
    with installed.database.read() as connection:
        rows = connection.execute(
            select(utterances.c.key, utterances.c.status).where(utterances.c.campaign_id == campaign_id)
        )
        return {row.key: row.status for row in rows}


def test_engine_is_warm_before_its_first_claim(
    installed: Installation, engine: Interruptible, worker: WorkerProcess
) -> None:
    made = build.submitted(installed, build.people(3)).campaign
    seen: list[set[str]] = []
    engine.on_warm = lambda: seen.append(set(statuses(installed, made.id).values()))
    assert Pipeline(worker.resources).synthesise() == 3
    assert seen == [{RowStatus.PENDING}]
    assert engine.warmed == 1


def test_engine_is_not_loaded_for_a_campaign_that_has_nothing_left_to_say(
    installed: Installation, engine: Interruptible, worker: WorkerProcess
) -> None:
    made = build.submitted(installed, build.people(3)).campaign
    Pipeline(worker.resources).synthesise()
    later = assemble(installed)
    pipeline = Pipeline(later.resources)
    assert pipeline.synthesise() == 0
    assert pipeline.finish() == 3
    assert engine.warmed == 1
    assert set(statuses(installed, made.id).values()) == {RowStatus.STORED}


def test_preview_is_stored_while_the_bulk_batch_it_interrupts_is_still_under_way(
    installed: Installation, engine: Interruptible, worker: WorkerProcess
) -> None:
    bulk = build.submitted(installed, build.people(6)).campaign
    asked: list[str] = []
    seen: list[tuple[dict[str, str], set[str]]] = []

    def ask_then_look(request: SynthesisRequest) -> None:
        if len(engine.spoken) == 2 and not asked:
            asked.append(build.submitted(installed, build.people(2), PREVIEW).campaign.id)
        elif len(engine.spoken) == 5:
            seen.append((statuses(installed, asked[0]), set(statuses(installed, bulk.id).values())))

    engine.before_each = ask_then_look
    pipeline = Pipeline(worker.resources)
    assert pipeline.synthesise() == 6
    preview, bulk_statuses = seen[0]
    assert set(preview.values()) == {RowStatus.STORED}
    assert bulk_statuses == {RowStatus.CLAIMED}
    assert engine.spoken[2:4] == [key for key in engine.spoken if key in preview]
    assert set(statuses(installed, bulk.id).values()) == {RowStatus.STORED}
    assert pipeline.synthesise() == 0


def test_preview_that_cannot_be_stored_goes_back_and_the_bulk_batch_is_unharmed(
    installed: Installation, engine: Interruptible, worker: WorkerProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    bulk = build.submitted(installed, build.people(4)).campaign
    preview = build.submitted(installed, build.people(2), PREVIEW, start=False).campaign
    pipeline = Pipeline(worker.resources)
    keep = pipeline._keep_utterances
    refused: list[int] = []

    def fail_once(work: Sequence[UtteranceWork], outcomes: Sequence[Outcome], facts: BatchFacts) -> None:
        if not refused and work[0].campaign_id == preview.id:
            refused.append(len(work))
            raise DatabaseError("the server closed the connection")
        keep(work, outcomes, facts)

    def start_in_between(_request: SynthesisRequest) -> None:
        if len(engine.spoken) == 1:
            with installed.database.write() as connection:
                campaign_rows.move(connection, preview.id, CampaignState.RUNNING)

    monkeypatch.setattr(pipeline, "_keep_utterances", fail_once)
    engine.before_each = start_in_between
    assert pipeline.synthesise() == 4
    assert refused == [2]
    assert set(statuses(installed, bulk.id).values()) == {RowStatus.STORED}
    assert set(statuses(installed, preview.id).values()) <= {RowStatus.PENDING, RowStatus.STORED}
    pipeline.synthesise()
    assert set(statuses(installed, preview.id).values()) == {RowStatus.STORED}


def test_no_other_thread_loads_with_an_engine_that_speaks(
    installed: Installation, engine: Interruptible, worker: WorkerProcess
) -> None:
    made = build.submitted(installed, build.people(3)).campaign
    voices_of_worker = worker.resources.voices
    late = threading.Thread(target=voices_of_worker.warm, args=(made.pin_id, "nobody@1"))
    seen: list[bool] = []

    def load_beside(_request: SynthesisRequest) -> None:
        if not seen:
            late.start()
            late.join(0.2)
        seen.append(voices_of_worker.is_warm(made.pin_id, "nobody@1"))

    engine.before_each = load_beside
    assert Pipeline(worker.resources).synthesise() == 3
    late.join()
    assert seen == [False] * 3
    assert voices_of_worker.is_warm(made.pin_id, "nobody@1")


def test_pin_whose_engine_cannot_be_used_is_set_aside_and_other_pins_go_on(
    installed: Installation, engine: Interruptible, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = build.submitted(installed, build.people(3)).campaign
    well = build.submitted(
        installed, build.people(3), build.brief("Bye {{ name }}.", model="espeak")
    ).campaign

    def make(name: str, **options: Any) -> Any:
        return engine if name == "tone" else create_engine(name, **options)

    def refuse(_request: SynthesisRequest) -> None:
        raise EngineError("the weights were changed since they were pinned")

    engine.before_each = refuse
    monkeypatch.setattr(voices, "create_engine", make)
    worker = assemble(installed)
    try:
        worker.start()
        worker.wait(lambda: set(statuses(installed, well.id).values()) == {RowStatus.STORED})
        assert worker.threads.fault is None
        assert set(statuses(installed, broken.id).values()) == {RowStatus.PENDING}
    finally:
        worker.stop()


@pytest.mark.parametrize("problem", [DeviceLostError("the device is lost"), EngineError("no weights")])
def test_who_waits_for_a_campaign_hears_that_its_voice_cannot_be_used(
    problem: EngineError, installed: Installation, engine: Interruptible
) -> None:
    made = build.submitted(installed, build.people(3)).campaign

    def refuse(_request: SynthesisRequest) -> None:
        raise problem

    engine.before_each = refuse
    worker = assemble(installed)
    worker.start()
    try:
        with pytest.raises(type(problem)):
            worker.wait(lambda: False, pin_id=made.pin_id)
    finally:
        worker.stop()
    assert set(statuses(installed, made.id).values()) == {RowStatus.PENDING}


def test_campaign_whose_engine_cannot_even_be_made_stops_no_other(
    installed: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = build.submitted(installed, build.people(3)).campaign
    well = build.submitted(
        installed, build.people(3), build.brief("Bye {{ name }}.", model="espeak")
    ).campaign

    def make(name: str, **options: Any) -> Any:
        if name == "tone":
            raise EngineError("its server is away")
        return create_engine(name, **options)

    monkeypatch.setattr(voices, "create_engine", make)
    assert build.worked(installed, well.id).state == CampaignState.FINISHED
    assert set(statuses(installed, away.id).values()) == {RowStatus.PENDING}


def test_row_that_this_program_has_a_fault_with_is_quarantined_and_its_neighbours_are_delivered(
    installed: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault nobody foresaw, in the finishing of one row, each time it is tried."""
    made = build.submitted(installed, build.people(6)).campaign
    finish_one = Pipeline._finish_one

    def faulty(pipeline: Pipeline, work: Any, *rest: Any) -> Any:
        if work.row == 4:
            raise TypeError("nobody foresaw this")
        return finish_one(pipeline, work, *rest)

    monkeypatch.setattr(Pipeline, "_finish_one", faulty)
    assert build.worked(installed, made.id).state == CampaignState.FINISHED_WITH_ERRORS
    with installed.database.read() as connection:
        ended = {row.row: row.status for row in delivery.rows(connection, made.id)}
    assert ended.pop(4) == RowStatus.QUARANTINED
    assert set(ended.values()) == {RowStatus.STORED}
