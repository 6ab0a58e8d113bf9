"""What Prometheus reads: meters under their names, nothing that cannot be told, and a port that is taken named."""

from __future__ import annotations

import urllib.request
from types import SimpleNamespace
from typing import Any

import pytest

from storage.errors import DatabaseError
from tests.servers.process import free_port
from workers.errors import MetricsPortError
from workers.observability.gpu import GpuReading, Telemetry
from workers.observability.meters import Meters
from workers.process import metrics


def page_of(meters: Meters) -> str:
    port = free_port()
    end = metrics.serve(meters, host="127.0.0.1", port=port)
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=60) as answer:
            page: str = answer.read().decode()
        with pytest.raises(MetricsPortError, match=r"Choose another --metrics-port\."):
            metrics.serve(meters, host="127.0.0.1", port=port)
    finally:
        end()
    return page


def watched(*, depth: Any, telemetry: Any) -> dict[str, float]:
    """What the gauges read, by name."""
    meters = Meters()
    threads: Any = SimpleNamespace(busy=2, count=5)
    metrics.watch(meters, threads, depth=depth, telemetry=telemetry)
    return {reading.name: reading.value for reading in meters.read()}


def test_counters_and_gauges_are_shown_with_their_labels() -> None:
    meters = Meters()
    meters.add("campaign_stored_rows", 21, work="assets")
    meters.put("campaign_rtf", 0.25, engine="tone")
    page = page_of(meters)
    assert 'campaign_stored_rows_total{work="assets"} 21.0' in page
    assert 'campaign_rtf{engine="tone"} 0.25' in page


def test_gauges_read_threads_depth_and_gpu() -> None:
    reading = GpuReading(
        model="H100", uuid="u", driver="1", clock_mhz=1, power_w=300, utilisation=0.5, energy_joules=1
    )
    telemetry = SimpleNamespace(read=lambda: reading, memory_used_mib=lambda: 3)
    assert watched(depth=SimpleNamespace(read=lambda: 9), telemetry=telemetry) == {
        "campaign_queue_depth": 9,
        "campaign_busy_threads": 2,
        "campaign_threads": 5,
        "campaign_gpu_utilisation": 0.5,
        "campaign_gpu_power_watts": 300,
        "campaign_gpu_memory_bytes": 3 * 2**20,
    }


def test_what_cannot_be_told_is_left_out_and_never_zero() -> None:
    def fail() -> int:
        raise DatabaseError("away")

    told = watched(depth=SimpleNamespace(read=fail), telemetry=Telemetry("cpu"))
    assert told.keys() == {"campaign_busy_threads", "campaign_threads"}
