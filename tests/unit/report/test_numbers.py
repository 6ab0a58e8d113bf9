"""The report's numbers: shares and costs are of what they say, and what was not measured is null, never 0."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from campaign.report.html import render_report
from campaign.report.numbers import Gathered, report_document
from storage.history.delivery import Totals
from storage.history.timings import FilesOverTime
from storage.names import PinId
from storage.records import Campaign
from storage.registry.pins import Pin
from storage.settings import Settings
from tests import build
from tests.unit.report.rows import delivered

TOTALS = Totals(
    by_status={"stored": 4},
    by_code={},
    by_language={"en": 4},
    by_preset={"demo-voice@1": 4},
    delivered_files=4,
    delivered_seconds=100.0,
    delivered_bytes=10,
    utterances=5,
    made_utterances=3,
    made_seconds=40.0,
    engine_seconds=30.0,
    engine_seconds_by_gpu={None: 10.0, "H100": 20.0},
    energy_joules=None,
    runs=3,
    fallback_rows=0,
)
NOTHING = replace(
    TOTALS,
    delivered_files=0,
    delivered_seconds=0.0,
    made_seconds=0.0,
    engine_seconds=0.0,
    engine_seconds_by_gpu={None: 0.0},
)


PIN = Pin(
    id=PinId("mine"),
    digest="0" * 64,
    engine="pocket",
    licence="CC-BY-4.0",
    attribution="Pocket TTS by Kyutai, CC BY 4.0",
    purposes=["commercial"],
    capabilities={},
    files={},
    t_created_ms=0,
)


@pytest.fixture(scope="module")
def campaign(tmp_path_factory: pytest.TempPathFactory) -> Campaign:
    made = build.installation(tmp_path_factory.mktemp("home"))
    submitted = build.submitted(made, build.people(1)).campaign
    made.close()
    return submitted


def document(campaign: Campaign, totals: Totals, tmp_path: Path, **more: Any) -> dict[str, Any]:
    settings = Settings(home=tmp_path, cost_per_gpu_hour=1.0, gpu_prices={"H100": 3600.0})
    values: dict[str, Any] = {"gathered": Gathered(), "latencies_ms": {}, "over_time": None} | more
    return report_document(campaign, totals, settings, manifest_root="r", pin=PIN, **values)


def test_cost_is_by_the_price_of_each_machine(campaign: Campaign, tmp_path: Path) -> None:
    cost = document(campaign, TOTALS, tmp_path)["cost"]
    assert [(one["gpu_model"], one["per_hour"]) for one in cost["machines"]] == [
        (None, 1.0),
        ("H100", 3600.0),
    ]
    assert cost["total"] == pytest.approx(20 + 10 / 3600, abs=1e-5)
    assert cost["per_thousand"] == pytest.approx(1000 * cost["total"] / 4)


def test_shares_are_of_what_was_delivered_and_of_what_was_made(campaign: Campaign, tmp_path: Path) -> None:
    made = document(campaign, TOTALS, tmp_path)["synthesised"]
    assert (made["saved_by_sharing"], made["real_time_factor"], made["gpu_seconds"]) == (0.6, 0.75, 20.0)
    more = document(campaign, replace(TOTALS, made_seconds=200.0), tmp_path)["synthesised"]
    assert more["saved_by_sharing"] == 0


def test_what_was_not_measured_is_null(campaign: Campaign, tmp_path: Path) -> None:
    told = document(campaign, NOTHING, tmp_path)
    made = told["synthesised"]
    unknown = (
        "saved_by_sharing",
        "real_time_factor",
        "gpu_seconds",
        "energy_joules",
        "energy_joules_per_thousand",
    )
    assert {made[name] for name in unknown} == {None}
    assert told["cost"]["per_thousand"] is None
    assert told["delivered"]["over_time"] is told["delivered"]["duration_s"] is None
    energy = document(campaign, replace(TOTALS, energy_joules=8.0), tmp_path)["synthesised"]
    assert (energy["energy_joules"], energy["energy_joules_per_thousand"]) == (8.0, 2000.0)


def test_failed_rows_are_told_by_code_with_the_first_of_them(campaign: Campaign, tmp_path: Path) -> None:
    gathered = Gathered(failed_rows={"silent": [3, 9]}, failed={"silent": 70}, lexicon_hits={"b": 1, "a": 2})
    gathered.measurements.add(delivered(1, seconds=2))
    over_time = FilesOverTime(start_ms=1, step_ms=2, stored=(1, 2))
    told = document(campaign, TOTALS, tmp_path, gathered=gathered, over_time=over_time)
    assert told["rows"]["failed"] == [{"code": "silent", "count": 70, "rows": [3, 9]}]
    assert list(told["lexicon_hits"]) == ["a", "b"]
    assert told["delivered"]["over_time"] == {"start_ms": 1, "step_ms": 2, "stored": [1, 2]}
    assert told["delivered"]["duration_s"]["p50"] == 2.0
    assert told["lock"] == campaign.lock.as_json()


def test_whom_the_licence_wants_named_is_named(campaign: Campaign, tmp_path: Path) -> None:
    told = document(campaign, TOTALS, tmp_path)
    assert told["weights"] == {"licence": "CC-BY-4.0", "attribution": "Pocket TTS by Kyutai, CC BY 4.0"}
    assert "CC-BY-4.0; Pocket TTS by Kyutai, CC BY 4.0" in render_report(told, samples=[], outliers=[])
