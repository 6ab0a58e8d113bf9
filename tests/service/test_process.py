"""`campaign serve` as a process: what it holds in memory, and what outlives it."""

from __future__ import annotations

from pathlib import Path

from benchmarks.service import first_audio_ms, measured, serving, upload
from tests.service.calls import finished, until

MEMORY_MIB = 60


def test_large_upload_costs_the_service_no_memory_and_others_are_answered(tmp_path: Path) -> None:
    found = measured(2, 4000, tmp_path)
    resident = found["resident_mib"]
    assert resident["most"] - resident["idle"] < MEMORY_MIB
    assert len(found["first_audio_ms"]) == 2


def test_upload_that_was_acknowledged_outlives_the_service(tmp_path: Path) -> None:
    with serving(tmp_path) as (client, _pid):
        upload(client, "survivor", 3000)
    with serving(tmp_path) as (client, _pid):
        found = until(
            client, "/v1/campaigns/survivor/preflight", lambda one: one["state"] in ("read", "refused")
        )
        assert found["preflight"]["by_outcome"] == {"pending": 3000}
        first_audio_ms(client, 1)
        client.post("/v1/campaigns/survivor/cancel").raise_for_status()


def test_campaign_under_way_goes_on_after_a_restart(tmp_path: Path) -> None:
    with serving(tmp_path) as (client, _pid):
        upload(client, "on", 60)
        until(client, "/v1/campaigns/on/preflight", lambda one: one["state"] == "read")
        client.post("/v1/campaigns/on/start").raise_for_status()
    with serving(tmp_path) as (client, _pid):
        assert finished(client, "on")["by_status"] == {"stored": 60}
