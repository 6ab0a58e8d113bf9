"""The fleet's forecast obeys the laws that it is made of."""

from __future__ import annotations

from dataclasses import replace

import pytest

from benchmarks.scale import Fleet, Times, simulate, smallest_fleet

GPU = Times(rtf=0.01, batch_s=0.0, worker_s=0.001, worker_cpu_s=0.001, server_cpu_s=0.001, writes=0.5)
FLEET = Fleet(workers=4, cores=64, server_cores=64, deaths_per_worker_hour=0.0)
ROWS = 100_000
SPEECH_S = 10.0


def test_engine_limits_a_fleet_with_cores_enough() -> None:
    found = simulate(GPU, FLEET, ROWS, SPEECH_S)
    assert found.limit == "engine"
    assert found.assets_per_s == pytest.approx(4 / (GPU.rtf * SPEECH_S), rel=0.03)
    assert found.engine_busy > 0.97
    assert found.writes_per_s == pytest.approx(0.5 * found.assets_per_s)


def test_twice_the_gpus_take_half_the_time() -> None:
    one = simulate(GPU, FLEET, ROWS, SPEECH_S)
    two = simulate(GPU, replace(FLEET, workers=8), ROWS, SPEECH_S)
    assert two.seconds == pytest.approx(one.seconds / 2, rel=0.03)


@pytest.mark.parametrize(
    ("fleet", "limit", "rate"),
    [
        (replace(FLEET, workers=1000, cores=2), "cores", 2 / GPU.worker_cpu_s),
        (replace(FLEET, workers=1000, server_cores=1), "database", 1 / GPU.server_cpu_s),
    ],
)
def test_what_is_scarce_limits(fleet: Fleet, limit: str, rate: float) -> None:
    found = simulate(GPU, fleet, 1_000_000, SPEECH_S)
    assert found.limit == limit
    assert found.assets_per_s == pytest.approx(rate, rel=0.1)


def test_deaths_cost_time_and_lose_nothing() -> None:
    healthy = simulate(GPU, FLEET, ROWS, SPEECH_S)
    dying = simulate(GPU, replace(FLEET, deaths_per_worker_hour=20.0), ROWS, SPEECH_S)
    assert healthy.seconds < dying.seconds < 2 * healthy.seconds


def test_smallest_fleet_is_done_in_time_and_one_worker_fewer_is_not() -> None:
    found = smallest_fleet(GPU, 1_000_000, SPEECH_S, 8.0)
    assert found is not None
    fleet, forecast = found
    assert forecast.seconds <= 8 * 3600
    fewer = simulate(GPU, replace(fleet, workers=fleet.workers - 1), 1_000_000, SPEECH_S)
    assert fewer.seconds > 8 * 3600
    assert smallest_fleet(GPU, 10**12, SPEECH_S, 1.0) is None
