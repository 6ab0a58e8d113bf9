"""What a worker takes in hand: when it rests, how much at once, and who is alone with suspects."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from storage.installation import Installation
from storage.queue import leases
from storage.queue.leases import ASSETS, UTTERANCES
from storage.records import Campaign, Claim
from storage.tables import Lane, utterances
from tests import build
from tests.clock import FrozenClock
from workers.claims.claiming import BACK_OFF_S, PREVIEW_BATCH, Batch, Claimer
from workers.engines.engine import DeviceLostError, EngineError
from workers.process.app import WorkerProcess, assemble


@pytest.fixture
def installed(tmp_path: Path) -> Iterator[Installation]:
    made = build.installation(tmp_path, synthesis_batch=4)
    yield made
    made.close()


@pytest.fixture
def campaign(installed: Installation) -> Campaign:
    """Ten sentences of ten assets."""
    return build.submitted(installed, build.people(10)).campaign


@pytest.fixture
def claimer(installed: Installation, campaign: Campaign) -> Iterator[Claimer]:
    worker = assemble(installed)
    yield worker.pipeline.claimer
    worker.resources.close()


def of_lanes(installed: Installation, *lanes: Lane) -> Claimer:
    return assemble(installed, lanes=lanes).pipeline.claimer


def taken(claimer: Claimer) -> Batch | None:
    """A batch that stays claimed."""
    with claimer.batch(UTTERANCES) as batch:
        return batch


def make_suspects(installed: Installation, campaign: Campaign, count: int) -> list[Claim]:
    with installed.database.write() as connection:
        claims = leases.claim(
            connection, UTTERANCES, campaign_id=campaign.id, worker="dead", lease_ms=1, limit=count
        )
        leases.suspect(connection, UTTERANCES, claims, worker="dead")
    return claims


def test_a_worker_that_was_refused_claims_nothing_for_a_while_and_then_again(
    claimer: Claimer, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [1000.0]
    monkeypatch.setattr("workers.claims.claiming.time.monotonic", lambda: now[0])
    claimer.back_off()
    assert taken(claimer) is None
    now[0] += BACK_OFF_S - 0.001
    assert taken(claimer) is None
    now[0] += 0.001
    assert taken(claimer) is not None


def test_a_batch_is_no_larger_than_the_setting_the_engine_and_what_is_there(
    installed: Installation, campaign: Campaign, claimer: Claimer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def size() -> int:
        batch = taken(claimer)
        return 0 if batch is None else len(batch.claims)

    assert size() == 4
    claimer.synthesis_batch = 3
    assert size() == 3
    claimer.synthesis_batch = 100
    assert size() == 3
    assert size() == 0


def test_what_is_taken_is_kept_alive_inside_and_let_go_after(claimer: Claimer) -> None:
    with claimer.batch(UTTERANCES) as batch:
        assert batch is not None and not batch.suspects
        assert set(claimer.holdings.keys(UTTERANCES)) == {held.key for held in batch.claims}
    assert claimer.holdings.keys(UTTERANCES) == []


def test_suspects_are_taken_when_nothing_fresh_is_left_and_nothing_else_is_in_hand(
    installed: Installation, campaign: Campaign, claimer: Claimer
) -> None:
    suspects = make_suspects(installed, campaign, 8)
    fresh = taken(claimer)
    assert fresh is not None and not fresh.suspects and len(fresh.claims) == 2
    with claimer.batch(UTTERANCES) as batch:
        assert batch is not None and batch.suspects
        assert {held.key for held in batch.claims} < {held.key for held in suspects}
        assert len(batch.claims) == 4


def test_suspects_are_left_while_this_process_holds_anything_else(
    installed: Installation, campaign: Campaign, claimer: Claimer
) -> None:
    make_suspects(installed, campaign, 8)
    with contextlib.ExitStack() as stack:
        assert stack.enter_context(claimer.batch(UTTERANCES)) is not None
        with claimer.batch(UTTERANCES) as other:
            assert other is None
    with claimer.batch(UTTERANCES) as batch:
        assert batch is not None and batch.suspects


def test_a_lane_with_a_limit_takes_no_more_threads_and_gives_its_place_back(tmp_path: Path) -> None:
    limited = build.installation(tmp_path, synthesis_batch=2, lane_threads={"bulk": 1})
    build.submitted(limited, build.people(6))
    claimer = assemble(limited).pipeline.claimer
    for _ in range(2):
        with claimer.batch(UTTERANCES) as batch:
            assert batch is not None
            with claimer.batch(UTTERANCES) as second:
                assert second is None
    limited.close()


def test_what_is_not_claimed_keeps_no_place_in_its_lane(tmp_path: Path) -> None:
    limited = build.installation(tmp_path, lane_threads={"bulk": 1})
    build.submitted(limited, build.people(2))
    claimer = assemble(limited).pipeline.claimer
    for _ in range(3):
        with claimer.batch(ASSETS) as batch:
            assert batch is None
    assert taken(claimer) is not None
    limited.close()


def test_a_worker_takes_only_its_lanes(installed: Installation, campaign: Campaign) -> None:
    assert taken(of_lanes(installed, Lane.PREVIEW)) is None
    urgent = build.submitted(
        installed, build.people(2), build.brief("Good day {{ name }}.", lane=Lane.PREVIEW)
    ).campaign
    batch = taken(of_lanes(installed, Lane.PREVIEW))
    assert batch is not None and batch.campaign.id == urgent.id
    batch = taken(of_lanes(installed, Lane.BULK))
    assert batch is not None and batch.campaign.id == campaign.id


def test_previews_in_between_are_few_of_the_same_pin_and_of_that_lane(
    installed: Installation, campaign: Campaign
) -> None:
    urgent = build.submitted(
        installed, build.people(PREVIEW_BATCH + 2), build.brief("Good day {{ name }}.", lane=Lane.PREVIEW)
    ).campaign
    claimer = of_lanes(installed, *Lane)
    assert claimer.preview("espeak") is None
    assert of_lanes(installed, Lane.BULK).preview("tone") is None
    first, second, third = (claimer.preview("tone") for _ in range(3))
    assert first is not None and second is not None and third is None
    assert (len(first.claims), len(second.claims)) == (PREVIEW_BATCH, 2)
    assert {first.campaign.id, second.campaign.id} == {urgent.id}


def test_a_pin_that_was_set_aside_is_claimed_for_by_nobody_here(
    installed: Installation, campaign: Campaign
) -> None:
    worker = assemble(installed)
    worker.resources.voices.set_aside("tone", EngineError("no weights"))
    assert taken(worker.pipeline.claimer) is None
    with installed.database.read() as connection:
        assert leases.is_waiting(connection, UTTERANCES, campaign_id=campaign.id)


def waiting(installed: Installation, campaign: Campaign) -> bool:
    with installed.database.read() as connection:
        return leases.is_waiting(connection, UTTERANCES, campaign_id=campaign.id)


def refuse_to_warm(worker: WorkerProcess, monkeypatch: pytest.MonkeyPatch, problem: Exception) -> list[Any]:
    """What was to be loaded, one entry a try."""
    asked: list[Any] = []

    def warm(*voice: str) -> None:
        asked.append(voice)
        raise problem

    monkeypatch.setattr(worker.resources.voices, "warm", warm)
    return asked


def test_a_voice_that_cannot_be_loaded_is_set_aside_before_anything_is_claimed(
    installed: Installation, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = assemble(installed)
    problem = EngineError("no weights")
    asked = refuse_to_warm(worker, monkeypatch, problem)
    for _ in range(2):
        assert taken(worker.pipeline.claimer) is None
    assert asked == [("tone", campaign.preset)]
    assert worker.resources.voices.problem_of("tone") is problem
    assert waiting(installed, campaign)
    assert worker.pipeline.claimer.holdings.keys(UTTERANCES) == []


def test_a_lost_device_is_not_one_voice_s_problem(
    installed: Installation, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = assemble(installed)
    refuse_to_warm(worker, monkeypatch, DeviceLostError("the device is lost"))
    with pytest.raises(DeviceLostError):
        taken(worker.pipeline.claimer)
    assert worker.resources.voices.problem_of("tone") is None


def test_a_voice_is_not_loaded_for_a_campaign_that_has_nothing_left_to_say(
    installed: Installation, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = of_lanes(installed, *Lane)
    while taken(first) is not None:
        pass
    later = assemble(installed)
    asked = refuse_to_warm(later, monkeypatch, EngineError("no weights"))
    assert taken(later.pipeline.claimer) is None
    assert asked == []


def test_pin_that_a_warm_up_loads_keeps_nobody_waiting(
    installed: Installation, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Other voices have their turn meanwhile; its rows wait for nobody's mistake."""
    worker = assemble(installed)
    voices = worker.resources.voices
    voices.warm(campaign.pin_id, campaign.preset)
    monkeypatch.setattr(voices, "_loading", {campaign.pin_id})
    assert taken(worker.pipeline.claimer) is None
    monkeypatch.setattr(voices, "_loading", {"another"})
    assert taken(worker.pipeline.claimer) is not None


def test_claims_are_counted_by_what_they_are(
    installed: Installation, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[Any, ...]] = []
    monkeypatch.setattr("workers.claims.claiming.observation.claimed", lambda *facts: told.append(facts))
    worker = assemble(installed)
    batch = taken(worker.pipeline.claimer)
    assert batch is not None
    assert told == [(worker.resources.meters, UTTERANCES, batch.campaign, 4)]


def test_leases_are_as_long_as_the_setting_and_this_worker_s(
    installed: Installation, campaign: Campaign
) -> None:
    clock = FrozenClock(installed.database)
    worker = assemble(installed)
    make_suspects(installed, campaign, 6)
    for _ in range(2):  # fresh ones, then suspects
        batch = taken(worker.pipeline.claimer)
        assert batch is not None
        keys = [one.key for one in batch.claims]
        with installed.database.read() as connection:
            rows = connection.execute(select(utterances).where(utterances.c.key.in_(keys))).all()
        assert {row.worker for row in rows} == {worker.resources.worker}
        assert {row.lease_until_ms for row in rows} == {clock.now_ms + worker.resources.lease_ms}


def test_a_voice_that_is_loaded_is_not_loaded_again(
    installed: Installation, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = assemble(installed)
    assert taken(worker.pipeline.claimer) is not None
    asked = refuse_to_warm(worker, monkeypatch, EngineError("no weights"))
    assert taken(worker.pipeline.claimer) is not None
    assert asked == []


def test_changes_of_the_voice_are_counted_on_the_worker_s_meters(
    installed: Installation, campaign: Campaign
) -> None:
    build.submitted(installed, build.people(2), build.brief("Bye {{ name }}.", model="espeak"))
    worker = assemble(installed)
    while taken(worker.pipeline.claimer) is not None:
        pass
    swaps = worker.resources.meters.value("campaign_voice_swaps")
    worker.resources.close()
    assert swaps == 1
