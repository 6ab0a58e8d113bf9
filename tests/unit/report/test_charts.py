"""Charts of a report: shapes that a strict policy lets through, and none where there is nothing to show."""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree

import pytest

from campaign.report.charts import BINS_IN_ONE, drift_chart, files_over_time_chart, histogram
from campaign.report.distribution import distribution


def labels(drawn: str) -> list[str]:
    return [
        text for element in ElementTree.fromstring(drawn).iter() if (text := (element.text or "").strip())
    ]


def over_time(steps: int, step_ms: int) -> dict[str, Any]:
    return {"start_ms": 5, "step_ms": step_ms, "stored": list(range(1, steps + 1))}


def test_drawing_shrinks_with_the_page_and_runs_nothing() -> None:
    drawn = files_over_time_chart(over_time(10, 1000))
    assert drawn is not None
    head = drawn[: drawn.index(">")]
    assert 'viewBox="0 0 480 230"' in head
    assert not re.search(r"(?<!stroke-)\bwidth=", head)
    assert not re.search(r"<script|\bon\w+=|<style|\bstyle=|https?://(?!www\.w3\.org)", drawn)


@pytest.mark.parametrize(("steps", "unit"), [(10, "seconds"), (300, "seconds"), (301, "minutes")])
def test_long_campaigns_are_shown_in_minutes(steps: int, unit: str) -> None:
    drawn = files_over_time_chart(over_time(steps, 1000))
    assert drawn is not None
    assert unit in labels(drawn)


@pytest.mark.parametrize("told", [None, over_time(2, 1000)])
def test_less_than_three_steps_are_no_line(told: dict[str, Any] | None) -> None:
    assert files_over_time_chart(told) is None


def test_histogram_keeps_every_file_in_fewer_columns() -> None:
    spread = distribution([float(value) for value in range(48)])
    drawn = histogram(spread, "seconds")
    assert spread is not None and drawn is not None
    bars = [one for one in ElementTree.fromstring(drawn).iter() if one.tag.endswith("rect")]
    assert len([bar for bar in bars if float(bar.get("height", 0)) > 0]) >= 24 // BINS_IN_ONE
    assert "seconds" in labels(drawn)


@pytest.mark.parametrize("values", [[], [3.0, 3.0]])
def test_nothing_and_all_alike_are_no_histogram(values: list[float]) -> None:
    assert histogram(distribution(values), "seconds") is None


def past(*medians: float | None, calibration: str = "a") -> list[dict[str, Any]]:
    return [
        {"median": median, "lowest": median and median - 0.1, "calibration": calibration}
        for median in medians
    ]


def test_a_voice_over_campaigns_has_two_lines_of_the_newest_print() -> None:
    drawn = drift_chart([*past(0.1, 0.2), *past(0.9, None, 0.8, 0.7, calibration="b")])
    assert drawn is not None
    told = labels(drawn)
    assert {"middle", "lowest", "campaigns"} <= set(told)
    assert "3" in told and "4" not in told, "three campaigns have scores by that print"
    lines = [one for one in ElementTree.fromstring(drawn).iter() if one.tag.endswith("path")]
    assert len(lines) == 2


@pytest.mark.parametrize("told", [[], past(0.9), past(0.9, None), [*past(0.9), *past(0.9, calibration="b")]])
def test_one_campaign_with_scores_is_no_line(told: list[dict[str, Any]]) -> None:
    assert drift_chart(told) is None
