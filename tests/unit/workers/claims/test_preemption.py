"""Previews between two steps of a bulk batch: how often they are looked for, and what becomes of their rows."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import pytest
from sqlalchemy import select

from storage.errors import DatabaseError
from storage.installation import Installation
from storage.queue import utterances as utterance_rows
from storage.queue.leases import UTTERANCES
from storage.records import Campaign, Runnable, UtteranceWork
from storage.tables import Lane, RowStatus, utterances
from tests import build
from workers.claims import preemption
from workers.claims.preemption import Interruptions, Keep
from workers.engines.engine import Outcome, SynthesisFailure
from workers.errors import PresetError
from workers.process.app import WorkerProcess, assemble
from workers.runs import BatchFacts

COUNT, BULK = 3, 2
LOOK_EVERY_S = 0.25
"""Exact in binary, so that the clock can stand right at it."""
OUTCOMES = [SynthesisFailure(code="unspeakable", reason="no words")] * COUNT

Kept = tuple[Sequence[UtteranceWork], Sequence[Outcome], BatchFacts]


class SteppedTime:
    """A clock that stands still between a test's steps."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now_s = 1_000.0
        monkeypatch.setattr("workers.claims.preemption.time.monotonic", lambda: self.now_s)
        monkeypatch.setattr(preemption, "LOOK_EVERY_S", LOOK_EVERY_S)

    def until_the_next_look(self) -> None:
        self.now_s += LOOK_EVERY_S


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SteppedTime:
    return SteppedTime(monkeypatch)


@pytest.fixture
def installed(tmp_path: Path) -> Iterator[Installation]:
    made = build.installation(tmp_path)
    yield made
    made.close()


@pytest.fixture
def campaign(installed: Installation) -> Campaign:
    """As many previews as `COUNT`, beside a bulk campaign that waits for `BULK` utterances."""
    build.submitted(installed, build.people(BULK))
    asked = build.brief("Good day {{ name }}.", lane=Lane.PREVIEW)
    return build.submitted(installed, build.people(COUNT), asked).campaign


@pytest.fixture
def worker(installed: Installation, campaign: Campaign) -> Iterator[WorkerProcess]:
    """Not started: the tests take its steps."""
    made = assemble(installed)
    yield made
    made.resources.close()


@pytest.fixture
def kept() -> list[Kept]:
    """What was given to be stored."""
    return []


@pytest.fixture
def opened(worker: WorkerProcess, kept: list[Kept], clock: SteppedTime) -> Callable[..., Interruptions]:
    """Of one bulk batch of the pin that the previews are spoken with, its first look due at once."""

    def open_one(pin_id: str = "tone", keep: Keep | None = None) -> Interruptions:
        def store(work: Sequence[UtteranceWork], outcomes: Sequence[Outcome], facts: BatchFacts) -> None:
            assert set(held(worker)) == {one.key for one in work}
            kept.append((work, outcomes, facts))

        made = Interruptions(worker.resources, worker.pipeline.claimer, keep or store, pin_id)
        clock.until_the_next_look()
        return made

    return open_one


Opened = Callable[..., Interruptions]


def held(worker: WorkerProcess) -> list[str]:
    """Keys of the utterances whose leases are kept alive."""
    return worker.pipeline.claimer.holdings.keys(UTTERANCES)


def statuses(installed: Installation, campaign: Campaign) -> set[str]:
    with installed.database.read() as connection:
        return set(
            connection.scalars(select(utterances.c.status).where(utterances.c.campaign_id == campaign.id))
        )


def test_previews_are_looked_for_after_the_pause_and_not_before(
    opened: Opened, worker: WorkerProcess, clock: SteppedTime, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[str] = []
    monkeypatch.setattr(worker.pipeline.claimer, "preview", looks.append)
    interruptions = opened()
    clock.now_s -= 0.125  # the batch has only begun
    assert interruptions.next() is None and looks == []
    clock.now_s += 0.125
    assert interruptions.next() is None and looks == ["tone"]
    assert interruptions.next() is None and looks == ["tone"]
    clock.now_s += LOOK_EVERY_S - 0.125
    assert interruptions.next() is None and looks == ["tone"]
    clock.now_s += 0.125
    assert interruptions.next() is None and looks == ["tone", "tone"]


def test_previews_are_kept_alive_until_they_are_stored_with_what_is_known_of_them(
    opened: Opened, worker: WorkerProcess, kept: list[Kept], installed: Installation, campaign: Campaign
) -> None:
    with opened() as interruptions:
        urgent = interruptions.next()
        assert urgent is not None
        keys = {request.key for request in urgent.requests}
        assert set(held(worker)) == keys and len(keys) == COUNT
        assert statuses(installed, campaign) == {RowStatus.CLAIMED}
        assert kept == []
        urgent.deliver(OUTCOMES)
        assert held(worker) == []
        ((work, outcomes, facts),) = kept
        assert [one.key for one in work] == [request.key for request in urgent.requests]
        assert outcomes is OUTCOMES
        assert (facts.campaign.id, facts.size, facts.queue_depth) == (campaign.id, COUNT, BULK)
        assert facts.frames == [None] * COUNT
    assert len(kept) == 1
    assert statuses(installed, campaign) == {RowStatus.CLAIMED}  # `keep` decides what they become


def test_previews_are_spoken_with_the_campaign_s_own_voice(
    opened: Opened, worker: WorkerProcess, campaign: Campaign
) -> None:
    with opened() as interruptions:
        urgent = interruptions.next()
        assert urgent is not None
        _engine, preset = worker.resources.voices.voice("tone", campaign.preset)
        assert [request.preset for request in urgent.requests] == [preset] * COUNT
        assert len({request.seed for request in urgent.requests}) == COUNT


def test_previews_of_another_pin_are_left(
    opened: Opened, worker: WorkerProcess, installed: Installation, campaign: Campaign
) -> None:
    with opened("espeak") as interruptions:
        assert interruptions.next() is None
    assert statuses(installed, campaign) == {RowStatus.PENDING}


def test_who_listens_hears_the_previews_as_they_are_spoken(
    opened: Opened, worker: WorkerProcess, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[str, list[str]]] = []

    @contextlib.contextmanager
    def sending(running: Runnable, keys: Iterable[str]) -> Iterator[None]:
        told.append((running.id, list(keys)))
        yield
        told.append(("no longer", list(keys)))

    monkeypatch.setattr(worker.resources.live, "sending", sending)
    with opened() as interruptions:
        urgent = interruptions.next()
        assert urgent is not None
        keys = [request.key for request in urgent.requests]
        assert told == [(campaign.id, keys)]
        urgent.deliver(OUTCOMES)
        assert told[1:] == [("no longer", keys)]


def test_previews_that_were_not_delivered_go_back_when_the_batch_raises(
    opened: Opened, worker: WorkerProcess, kept: list[Kept], installed: Installation, campaign: Campaign
) -> None:
    with pytest.raises(DatabaseError), opened() as interruptions:
        assert interruptions.next() is not None
        raise DatabaseError("the server closed the connection")
    assert (held(worker), kept) == ([], [])
    assert statuses(installed, campaign) == {RowStatus.PENDING}


def test_previews_that_cannot_be_stored_go_back_and_nothing_is_raised(
    opened: Opened, worker: WorkerProcess, installed: Installation, campaign: Campaign
) -> None:
    def refuse(*_given: object) -> None:
        raise DatabaseError("the server closed the connection")

    with opened(keep=refuse) as interruptions:
        urgent = interruptions.next()
        assert urgent is not None
        urgent.deliver(OUTCOMES)
        assert held(worker) == []
        assert statuses(installed, campaign) == {RowStatus.PENDING}


@pytest.mark.parametrize("problem", [DatabaseError("away"), PresetError("anna@1 has no reference")])
def test_previews_that_cannot_be_prepared_go_back_and_the_batch_goes_on(
    opened: Opened, worker: WorkerProcess, installed: Installation, campaign: Campaign,
    problem: Exception, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    def refuse(*_given: object) -> None:
        raise problem

    monkeypatch.setattr(utterance_rows, "load", refuse)
    with opened() as interruptions:
        assert interruptions.next() is None
        assert held(worker) == []
        assert statuses(installed, campaign) == {RowStatus.PENDING}
