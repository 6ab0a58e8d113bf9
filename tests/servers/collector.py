"""An OpenTelemetry collector that keeps what it is sent: OTLP over HTTP, in protobuf, as the exporters speak it."""

from __future__ import annotations

import contextlib
import gzip
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import (
    ExportMetricsServiceRequest,
    ExportMetricsServiceResponse,
)
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)


class Collector:
    """Spans and metrics by name, as they came."""

    def __init__(self) -> None:
        self.spans: list[Any] = []
        self.metrics: dict[str, Any] = {}
        self.words = b""
        """Every byte that was sent, unpacked."""
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def start(self) -> None:
        """Begin to listen."""
        self._thread.start()

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _take(self, path: str, data: bytes) -> bytes:
        self.words += data
        if path == "/v1/traces":
            traces = ExportTraceServiceRequest.FromString(data)
            for resource in traces.resource_spans:
                for scope in resource.scope_spans:
                    self.spans.extend(scope.spans)
            return bytes(ExportTraceServiceResponse().SerializeToString())
        found = ExportMetricsServiceRequest.FromString(data)
        for resource in found.resource_metrics:
            for scope in resource.scope_metrics:
                self.metrics |= {metric.name: metric for metric in scope.metrics}
        return bytes(ExportMetricsServiceResponse().SerializeToString())

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        collector = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                data = self.rfile.read(int(self.headers["Content-Length"]))
                if self.headers.get("Content-Encoding") == "gzip":
                    data = gzip.decompress(data)
                answer = collector._take(self.path, data)
                self.send_response(200)
                self.send_header("Content-Type", "application/x-protobuf")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_args: object) -> None:
                """Nothing on stderr."""

        return Handler


@contextlib.contextmanager
def otlp_collector() -> Iterator[Collector]:
    """A collector on a free port."""
    collector = Collector()
    collector.start()
    try:
        yield collector
    finally:
        collector.close()
