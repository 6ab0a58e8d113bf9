"""Engines that let urgent work in between: served once at a time, and never blamed on the batch in hand."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.unit.workers.engines.spoken import request
from workers.engines.engine import (
    EngineError,
    Outcome,
    PreemptibleEngine,
    SynthesisFailure,
    SynthesisRequest,
    UrgentBatch,
)
from workers.engines.f5.engine import F5Engine
from workers.engines.preemption import Preemptible

FAILED = SynthesisFailure(code="x", reason="y")


def never(_requests: Sequence[SynthesisRequest]) -> Sequence[Outcome]:
    raise AssertionError("nothing was urgent")


def test_urgent_batch_is_spoken_and_delivered() -> None:
    delivered: list[Sequence[Outcome]] = []
    engine = Preemptible()
    engine.between_steps = lambda: UrgentBatch(requests=[request(("en", "Now."))], deliver=delivered.append)
    engine.serve_urgent(lambda requests: [FAILED for _ in requests])
    assert delivered == [[FAILED]]


def test_nothing_is_spoken_where_nothing_is_urgent() -> None:
    engine = Preemptible()
    engine.serve_urgent(never)
    engine.between_steps = lambda: None
    engine.serve_urgent(never)


def test_urgent_batch_is_not_interrupted_by_another() -> None:
    asked: list[int] = []
    engine = Preemptible()

    def look() -> UrgentBatch:
        asked.append(1)
        return UrgentBatch(requests=[], deliver=lambda outcomes: None)

    def speak(requests: Sequence[SynthesisRequest]) -> Sequence[Outcome]:
        engine.serve_urgent(never)
        return []

    engine.between_steps = look
    engine.serve_urgent(speak)
    engine.serve_urgent(speak)
    assert len(asked) == 2, "asked again once the first is done"


def test_fault_of_the_hook_is_an_engine_error_and_the_next_look_is_asked() -> None:
    engine = Preemptible()

    def fail() -> UrgentBatch:
        raise RuntimeError("CUDA error")

    engine.between_steps = fail
    for _ in range(2):
        with pytest.raises(EngineError, match="a preview could not be asked for"):
            engine.serve_urgent(never)


def test_each_outcome_is_told_to_whoever_listens() -> None:
    told: list[tuple[SynthesisRequest, Outcome]] = []
    asked, engine = request(("en", "Now.")), Preemptible()
    engine.tell(asked, FAILED)
    engine.on_outcome = lambda *what: told.append(what)
    engine.tell(asked, FAILED)
    assert told == [(asked, FAILED)]


def test_f5_is_preemptible() -> None:
    assert issubclass(F5Engine, Preemptible)
    assert isinstance(Preemptible(), Preemptible)
    assert {"between_steps", "on_outcome"} <= PreemptibleEngine.__annotations__.keys()
