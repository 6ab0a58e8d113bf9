"""Spans and meters on their way to a collector: one trace a campaign, no words of an error, nothing where none asks."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from tests.servers.collector import Collector, otlp_collector
from workers.errors import TracesError
from workers.observability.meters import Meters
from workers.observability.traces import NoTraces, OpenTelemetryTraces

TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736"


@pytest.fixture
def collector(monkeypatch: pytest.MonkeyPatch) -> Iterator[Collector]:
    with otlp_collector() as made:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", made.url)
        yield made


def test_span_is_of_the_campaign_s_trace_and_an_error_leaves_its_type_alone(collector: Collector) -> None:
    meters = Meters()
    meters.add("campaign_claims", 2, lane="bulk")
    traces = OpenTelemetryTraces(meters, worker="w")
    with traces.span("synthesise", TRACE_ID, {"campaign.rows": 3}):
        pass
    with pytest.raises(ValueError), traces.span("finish", TRACE_ID, {}):
        raise ValueError("Maria Quillworthy")
    traces.close()
    traces.close()
    assert {span.trace_id.hex() for span in collector.spans} == {TRACE_ID}
    assert {span.parent_span_id.hex() for span in collector.spans} == {TRACE_ID[:16]}
    assert {span.name: span.status.message for span in collector.spans} == {
        "synthesise": "",
        "finish": "ValueError",
    }
    assert b"Quillworthy" not in collector.words
    assert "campaign_claims" in collector.metrics


def test_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.trace", None)
    with pytest.raises(TracesError, match=r"\[otel\]"):
        OpenTelemetryTraces(Meters(), worker="w")


def test_where_nobody_collects_the_work_goes_on() -> None:
    traces, done = NoTraces(), []
    with traces.span("finish", TRACE_ID, {}):
        done.append(1)
    traces.close()
    assert done == [1]
