"""A worker's meters, shown to Prometheus: text on an HTTP port of this host alone, unless asked otherwise.

prometheus-client and not Dramatiq's middleware: that one listens on every interface and counts messages, which say
nothing here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from storage.errors import StorageError
from workers.errors import MetricsPortError
from workers.observability.gpu import Telemetry
from workers.observability.meters import COUNTERS, GAUGES, Meters
from workers.observability.queue_depth import QueueDepth
from workers.process.threads import WorkerThreads

if TYPE_CHECKING:
    from prometheus_client.core import Metric


class _Collector:
    """Translates meters when Prometheus asks."""

    def __init__(self, meters: Meters) -> None:
        self._meters = meters

    def describe(self) -> Iterable[Metric]:
        """Nothing before the first question: reading the queue's depth asks the database."""
        return ()

    def collect(self) -> Iterable[Metric]:
        """One family a name."""
        from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

        families: dict[str, Any] = {
            name: CounterMetricFamily(name, text) for name, text in COUNTERS.items()
        } | {name: GaugeMetricFamily(name, text) for name, text in GAUGES.items()}
        for reading in self._meters.read():
            family = families[reading.name]
            suffix = "_total" if reading.name in COUNTERS else ""
            family.add_sample(reading.name + suffix, reading.labels, reading.value)
        return families.values()


def watch(meters: Meters, threads: WorkerThreads, *, depth: QueueDepth, telemetry: Telemetry) -> None:
    """Tell the meters where the gauges are read."""
    meters.read_from("campaign_queue_depth", lambda: _depth(depth))
    meters.read_from("campaign_busy_threads", lambda: threads.busy)
    meters.read_from("campaign_threads", lambda: threads.count)

    def gpu(name: str) -> float | None:
        reading = telemetry.read()
        return None if reading is None else getattr(reading, name)

    def memory() -> float | None:
        used_mib = telemetry.memory_used_mib()
        return None if used_mib is None else used_mib * 2**20

    meters.read_from("campaign_gpu_utilisation", lambda: gpu("utilisation"))
    meters.read_from("campaign_gpu_power_watts", lambda: gpu("power_w"))
    meters.read_from("campaign_gpu_memory_bytes", memory)


def _depth(depth: QueueDepth) -> float | None:
    try:
        return depth.read()
    except StorageError:
        return None


def serve(meters: Meters, *, host: str, port: int) -> Callable[[], None]:
    """Answer on `http://host:port/metrics` from a thread; returns what ends it. Raises `MetricsPortError`."""
    from prometheus_client import start_http_server
    from prometheus_client.registry import CollectorRegistry

    registry = CollectorRegistry()
    registry.register(_Collector(meters))
    try:
        server, thread = start_http_server(port, addr=host, registry=registry)
    except OSError as exc:
        raise MetricsPortError(
            f"metrics cannot be shown on {host}:{port}: {exc}. Choose another --metrics-port."
        ) from exc

    def end() -> None:
        server.shutdown()
        server.server_close()
        thread.join()

    return end
