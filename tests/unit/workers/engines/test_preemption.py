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
from workers.engines.preemption import Preemptible, PutOffError

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


# what is put off


class Later:
    """An engine with urgent batches that find no room beside what is in hand, and what became of them."""

    def __init__(self, *names: str) -> None:
        self.engine = Preemptible()
        self.delivered: list[tuple[str, int]] = []
        self.asked = 0
        self._waiting = list(names)
        self.engine.between_steps = self._next

    def _next(self) -> UrgentBatch | None:
        self.asked += 1
        if not self._waiting:
            return None
        name = self._waiting.pop(0)
        return UrgentBatch(
            requests=[request(("en", name))],
            deliver=lambda outcomes: self.delivered.append((name, len(outcomes))),
        )

    def speak(self, requests: Sequence[SynthesisRequest]) -> Sequence[Outcome]:
        if self.engine.is_between_steps:
            raise PutOffError
        return [FAILED for _ in requests]


def test_what_is_put_off_is_spoken_afterwards_and_delivered_once() -> None:
    later = Later("First.")
    later.engine.serve_urgent(later.speak)
    assert later.delivered == [], "not delivered half"
    later.engine.serve_put_off()
    later.engine.serve_put_off()
    assert later.delivered == [("First.", 1)]


def test_nothing_more_is_asked_for_while_something_waits() -> None:
    later = Later("First.", "Second.")
    for _ in range(3):
        later.engine.serve_urgent(later.speak)
    assert later.asked == 1
    later.engine.serve_put_off()
    later.engine.serve_urgent(later.speak)
    later.engine.serve_put_off()
    assert later.delivered == [("First.", 1), ("Second.", 1)]


def test_what_is_left_is_resumed() -> None:
    delivered: list[Sequence[Outcome]] = []
    engine = Preemptible()
    engine.between_steps = lambda: UrgentBatch(requests=[], deliver=delivered.append)

    def speak(_requests: Sequence[SynthesisRequest]) -> Sequence[Outcome]:
        raise PutOffError(resume=lambda: [FAILED])

    engine.serve_urgent(speak)
    engine.serve_put_off()
    assert delivered == [[FAILED]]


def test_what_was_put_off_is_not_interrupted_and_waits_for_the_end() -> None:
    later = Later("First.", "Second.")

    def speak(requests: Sequence[SynthesisRequest]) -> Sequence[Outcome]:
        later.engine.serve_put_off()  # as the packs of a preview do
        if not later.engine.is_between_steps:
            later.engine.serve_urgent(never)
        return later.speak(requests)

    later.engine.serve_urgent(speak)
    assert later.delivered == []
    later.engine.serve_put_off()
    assert (later.delivered, later.asked) == ([("First.", 1)], 1)


def test_fault_while_something_put_off_is_spoken_does_not_stop_the_next() -> None:
    later = Later("First.", "Second.")
    later.engine.serve_urgent(later.speak)
    later.engine._put_off[0] = (
        later.engine._put_off[0][0],
        lambda: (_ for _ in ()).throw(RuntimeError("no")),
    )
    with pytest.raises(EngineError, match="could not be delivered"):
        later.engine.serve_put_off()
    later.engine.serve_urgent(later.speak)
    later.engine.serve_put_off()
    assert later.delivered == [("Second.", 1)]


def test_what_was_put_off_is_forgotten_with_its_batch() -> None:
    later = Later("First.")
    later.engine.serve_urgent(later.speak)
    later.engine.forget_put_off()
    later.engine.serve_put_off()
    assert later.delivered == []
