"""What a campaign will take, in numbers that can be reckoned by hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import pytest
from sqlalchemy import update

from campaign.submission.estimate import Cost, cost_of
from campaign.submission.plan import CHARACTERS_PER_SECOND, Estimate, characters_to_seconds
from storage.installation import Installation
from storage.tables import runs, utterances
from tests import build

PRICE = 3.6
"""Of an hour."""


@pytest.fixture
def installed(tmp_path: Path) -> Iterator[Installation]:
    made = build.installation(tmp_path, cost_per_gpu_hour=PRICE)
    yield made
    made.close()


@pytest.fixture
def made(installed: Installation) -> Installation:
    """Two utterances of 140 characters were made: 10 s of speech each, at half of real time, in one batch."""
    submission = build.submitted(installed, build.people(2), campaign_id="earlier")
    build.worked(installed, submission.campaign.id)
    with installed.database.write() as connection:
        connection.execute(update(utterances).values(characters=140))
        connection.execute(
            update(runs).values(duration_ms=10_000, batch_id="b", t_claim_ms=1_000, t_last_token_ms=11_000)
        )
    return installed


def cost(installed: Installation, characters_by_key: dict[str, int]) -> Cost:
    return cost_of(installed, characters_by_key, presets=["demo-voice@1"], pin_id="tone")


def test_a_price_is_of_an_hour_and_time_is_in_seconds(made: Installation) -> None:
    # 28,000 characters at 14 a second are 2,000 s of speech, 1,000 s of work, and 1,000/3,600 of the price
    found = cost(made, {"a": 14_000, "b": 14_000})
    assert asdict(found) == dict(  # noqa: C408 - reads as the record does
        utterances_cached=0,
        seconds_to_make=pytest.approx(2_000),
        expected_wall_s=pytest.approx(1_000),
        expected_cost=pytest.approx(1.0),
        characters_per_second=pytest.approx(14.0),
    )


def test_what_is_stored_costs_nothing_and_is_counted_as_cached(made: Installation) -> None:
    with made.database.read() as connection:
        keys = list(connection.scalars(utterances.select().with_only_columns(utterances.c.key)))
    found = cost(made, {**dict.fromkeys(keys, 140), "new": 28})
    assert found.utterances_cached == 2
    assert found.seconds_to_make == pytest.approx(2.0)
    assert found.expected_cost == pytest.approx(1.0 * PRICE / 3600)


def test_a_planned_utterance_is_not_cached_before_it_is_stored(made: Installation) -> None:
    with made.database.write() as connection:
        connection.execute(update(utterances).values(status="pending"))
        keys = list(connection.scalars(utterances.select().with_only_columns(utterances.c.key)))
    assert cost(made, dict.fromkeys(keys, 140)).utterances_cached == 0


def test_batches_are_summed_and_a_batch_is_counted_once(made: Installation) -> None:
    with made.database.write() as connection:
        for number, run_id in enumerate(
            connection.scalars(runs.select().with_only_columns(runs.c.run_id)).all()
        ):
            connection.execute(
                update(runs)
                .where(runs.c.run_id == run_id)
                .values(batch_id=f"b{number}", t_claim_ms=0, t_last_token_ms=10_000)
            )
    assert cost(made, {"a": 14}).expected_wall_s == pytest.approx(1.0)


def test_a_voice_without_runs_has_a_length_and_no_time_and_costs_nothing(installed: Installation) -> None:
    found = cost(installed, {"a": 140})
    assert asdict(found) == dict(  # noqa: C408 - reads as the record does
        utterances_cached=0,
        seconds_to_make=pytest.approx(140 / CHARACTERS_PER_SECOND),
        expected_wall_s=None,
        expected_cost=0.0,
        characters_per_second=None,
    )


def test_runs_of_another_voice_say_nothing(made: Installation) -> None:
    found = cost_of(made, {"a": 140}, presets=["demo-voice@1"], pin_id="espeak")
    assert found.expected_wall_s is None
    found = cost_of(made, {"a": 140}, presets=["other@1"], pin_id="tone")
    assert found.expected_wall_s is None


def test_the_share_that_sharing_saves_is_of_what_is_delivered() -> None:
    def estimate(make: float, deliver: float) -> Estimate:
        return Estimate(
            rows_by_outcome={},
            utterances=1,
            utterances_cached=0,
            seconds_to_make=make,
            seconds_to_deliver=deliver,
            expected_wall_s=None,
            expected_cost=0.0,
            currency="EUR",
        )

    assert estimate(25.0, 100.0).saved_by_sharing == pytest.approx(0.75)
    assert estimate(100.0, 100.0).saved_by_sharing == 0.0
    assert estimate(0.0, 0.0).saved_by_sharing == 0.0


def test_length_of_speech_is_characters_over_speed() -> None:
    assert characters_to_seconds(100, 20.0) == 5.0
    assert characters_to_seconds(28, None) == 2.0
