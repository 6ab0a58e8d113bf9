"""How long the parts of a campaign took: percentiles by nearest rank, and files summed up over time."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, update

from storage.history.timings import PROGRESS_STEPS, files_over_time, latencies_ms, percentiles
from storage.names import CampaignId
from storage.records import Campaign
from storage.tables import assets, campaigns, runs


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ([7], (7, 7, 7)),
        (range(100), (50, 95, 99)),
        ([3, 1, 2], (2, 3, 3)),
    ],
)
def test_percentiles_are_values_that_were_measured(values: list[float], told: tuple[float, ...]) -> None:
    assert percentiles(values) == dict(zip(("p50", "p95", "p99"), told, strict=True))


def test_percentiles_of_nothing_are_none() -> None:
    assert percentiles([]) is None


def test_stages_are_told_apart_and_a_time_that_is_not_known_is_left_out(
    connection: Connection, campaign: Campaign
) -> None:
    connection.execute(
        update(runs).values(
            t_submit_ms=1000, t_claim_ms=1100, t_first_token_ms=None, t_last_token_ms=1400, t_stored_ms=2000
        )
    )
    connection.execute(update(campaigns).values(t_queued_ms=1000))
    connection.execute(update(assets).values(t_stored_ms=4000))
    told = latencies_ms(connection, campaign.id)
    assert {name: span and span["p50"] for name, span in told.items()} == {
        "queue": 100,
        "first_audio": None,
        "synthesis": 300,
        "storing": 600,
        "delivery": 3000,
    }


def test_files_are_summed_up_at_equal_steps(connection: Connection, campaign: Campaign) -> None:
    for row, t_ms in ((1, 10_000), (2, 10_000), (3, 10_000 + 10 * PROGRESS_STEPS - 1)):
        connection.execute(update(assets).where(assets.c.row == row).values(t_stored_ms=t_ms))
    told = files_over_time(connection, campaign.id)
    assert told is not None
    assert (told.start_ms, told.step_ms, len(told.stored)) == (10_000, 10, PROGRESS_STEPS)
    assert (told.stored[0], told.stored[-2], told.stored[-1]) == (2, 2, 3)
    assert files_over_time(connection, CampaignId("other")) is None
