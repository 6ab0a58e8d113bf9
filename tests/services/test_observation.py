"""What a worker tells about itself: Prometheus, OpenTelemetry, JSON lines; and that no recipient is in any of it."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from campaign.cli import exits
from storage.names import CampaignId
from storage.queue import campaigns as campaign_rows
from tests import build
from tests.acceptance.conftest import Program, eventually
from tests.servers.collector import Collector, otlp_collector
from tests.servers.process import free_port
from tests.waiting import LONGEST_S

CANARIES = ("Quillworthy", "aubergine", "patient-77310")


@pytest.fixture
def collector() -> Iterator[Collector]:
    with otlp_collector() as made:
        yield made


def test_worker_is_seen_by_prometheus_and_opentelemetry_and_names_nobody(
    tmp_path: Path, postgres_url: str, redis_url: str, collector: Collector
) -> None:
    settings = {"database_url": postgres_url, "redis_url": redis_url}
    installed = build.installation(tmp_path / "home", **settings)
    rows = [*build.people(20), {"id": "patient-77310", "locale": "en", "name": "Zebedeea Quillworthy"}]
    rows.append({"id": "silent", "locale": "en", "name": "\u200b"})
    made = build.submitted(
        installed, rows, build.brief("Your aubergine, {{ name }}."), campaign_id="mine"
    ).campaign
    port = free_port()
    variables = {f"CAMPAIGN_{name.upper()}": value for name, value in settings.items()} | {
        "CAMPAIGN_LOG_FORMAT": "json",
        "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url,
    }
    program = Program(home=tmp_path / "home", settings=variables)
    with program.started("-v", "-v", "worker", "--metrics-port", str(port)) as worker:

        def finished() -> bool:
            with installed.database.read() as connection:
                return campaign_rows.progress(connection, CampaignId("mine")).open_rows == 0

        eventually(finished, what="the campaign")
        page = urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=LONGEST_S).read().decode()
        listeners = _addresses(port)
        worker.terminate()
        assert worker.wait(timeout=LONGEST_S) == exits.OK
    installed.close()
    # Prometheus, on loopback alone
    assert listeners == {"0100007F"}
    assert 'campaign_stored_rows_total{work="assets"} 21.0' in page
    assert "\ncampaign_queue_depth " in page
    assert 'campaign_rtf{engine="tone"}' in page
    assert "campaign_gpu" not in "".join(line for line in page.splitlines() if not line.startswith("#"))
    # OpenTelemetry: one trace, the campaign's
    assert {span.name for span in collector.spans} == {"synthesise", "finish"}
    assert {span.trace_id.hex() for span in collector.spans} == {made.trace_id}
    assert "campaign_claims" in collector.metrics
    # logs
    lines = [json.loads(line) for line in program.logs().splitlines() if line.startswith("{")]
    assert lines
    everything = page + program.logs() + collector.words.decode("latin-1")
    assert [canary for canary in CANARIES if canary.lower() in everything.lower()] == []


def _addresses(port: int) -> set[str]:
    """Local addresses on which somebody listens on a port, as the kernel writes them."""
    found = set()
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            address, _, listening = line.split()[1].partition(":")
            if int(listening, 16) == port and line.split()[3] == "0A":
                found.add(address)
    return found


def test_metrics_port_that_is_taken_is_said_with_the_mend(tmp_path: Path, collector: Collector) -> None:
    program = Program(home=tmp_path / "home")
    taken = collector.url.rpartition(":")[2]
    done = program.run("worker", "--metrics-port", taken)
    assert done.code == exits.UNAVAILABLE
    assert "Choose another --metrics-port" in done.err
