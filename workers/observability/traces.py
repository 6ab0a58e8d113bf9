"""Spans of a worker's batches and its meters, sent to an OpenTelemetry collector: the extra `otel`.

A campaign's trace id is made when it is submitted and lies in its row, in every run descriptor and in every log line
about it. Spans carry the same id, so that a collector shows a campaign as one trace, whichever workers made it. Where
they go is OpenTelemetry's own to say: `OTEL_EXPORTER_OTLP_ENDPOINT`, `OTEL_SERVICE_NAME` and so on.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Protocol

from workers.errors import TracesError
from workers.observability.meters import COUNTERS, GAUGES, Meters

if TYPE_CHECKING:
    from opentelemetry.metrics import CallbackOptions, Observation

SCOPE = "campaign"
EXPORT_EVERY_MS = 15_000


class Traces(Protocol):
    """Where spans go."""

    def span(
        self, name: str, trace_id: str, facts: Mapping[str, str | int]
    ) -> contextlib.AbstractContextManager[None]:
        """One step of a campaign's trace."""
        ...

    def close(self) -> None:
        """Send what is left. Idempotent."""
        ...


class NoTraces:
    """Nobody collects."""

    def span(
        self, name: str, trace_id: str, facts: Mapping[str, str | int]
    ) -> contextlib.AbstractContextManager[None]:
        """Nothing."""
        return contextlib.nullcontext()

    def close(self) -> None:
        """Nothing."""


class OpenTelemetryTraces:
    """Sends spans and meters over OTLP/HTTP; the variables `OTEL_*` say where."""

    def __init__(self, meters: Meters, *, worker: str, every_ms: int = EXPORT_EVERY_MS) -> None:
        """Raises `TracesError` when the extra is not installed."""
        try:
            from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
            from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
            from opentelemetry.sdk.metrics import MeterProvider
            from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
            from opentelemetry.sdk.resources import Resource
            from opentelemetry.sdk.trace import TracerProvider
            from opentelemetry.sdk.trace.export import BatchSpanProcessor
        except ImportError as exc:
            raise TracesError(
                "OpenTelemetry is not installed. Install the extra: pip install '.[otel]'."
            ) from exc
        resource = Resource.create({"service.name": SCOPE, "service.instance.id": worker})
        self._spans = TracerProvider(resource=resource, shutdown_on_exit=False)
        self._spans.add_span_processor(
            BatchSpanProcessor(OTLPSpanExporter(), schedule_delay_millis=every_ms / 3)
        )
        reader = PeriodicExportingMetricReader(OTLPMetricExporter(), export_interval_millis=every_ms)
        self._meter_provider = MeterProvider(
            resource=resource, metric_readers=[reader], shutdown_on_exit=False
        )
        self._tracer = self._spans.get_tracer(SCOPE)
        self._show(meters)

    def _show(self, meters: Meters) -> None:
        from opentelemetry.metrics import Observation

        meter = self._meter_provider.get_meter(SCOPE)

        def readings(name: str) -> list[Callable[[CallbackOptions], Iterable[Observation]]]:
            def observe(_options: CallbackOptions) -> Iterable[Observation]:
                matching = [reading for reading in meters.read() if reading.name == name]
                return [Observation(reading.value, dict(reading.labels)) for reading in matching]

            return [observe]

        for name, text in COUNTERS.items():
            meter.create_observable_counter(name, readings(name), description=text)
        for name, text in GAUGES.items():
            meter.create_observable_gauge(name, readings(name), description=text)

    @contextlib.contextmanager
    def span(self, name: str, trace_id: str, facts: Mapping[str, str | int]) -> Iterator[None]:
        """A span below the campaign's root; an exception is recorded by its type, never by its words."""
        from opentelemetry.trace import NonRecordingSpan, SpanContext, TraceFlags, set_span_in_context
        from opentelemetry.trace.status import Status, StatusCode

        root = SpanContext(
            trace_id=int(trace_id, 16),
            span_id=int(trace_id[:16], 16) or 1,
            is_remote=True,
            trace_flags=TraceFlags(TraceFlags.SAMPLED),
        )
        parent = set_span_in_context(NonRecordingSpan(root))
        with self._tracer.start_as_current_span(
            name,
            context=parent,
            attributes=dict(facts),
            record_exception=False,
            set_status_on_exception=False,
        ) as span:
            try:
                yield
            except BaseException as exc:
                span.set_status(Status(StatusCode.ERROR, type(exc).__name__))
                raise

    def close(self) -> None:
        """Send what is left. Idempotent."""
        self._spans.shutdown()
        self._meter_provider.shutdown()
