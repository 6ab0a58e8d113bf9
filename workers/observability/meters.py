"""What a worker counts about itself, whoever reads it: plain numbers under the names that dashboards know.

Counts only grow, from the start of the process. Labels are lanes, kinds of work, engines and codes: nothing personal,
and few values each. `workers.process.metrics` shows them to Prometheus and OpenTelemetry.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

COUNTERS: Mapping[str, str] = {
    "campaign_claims": "Batches of rows claimed.",
    "campaign_claimed_rows": "Rows claimed.",
    "campaign_stored_rows": "Rows committed as stored.",
    "campaign_failed_rows": "Rows failed for good.",
    "campaign_retried_rows": "Rows given back after a retryable failure.",
    "campaign_fenced_rows": "Rows whose lease was lost before their commit.",
    "campaign_freed_rows": "Rows of dead workers that this worker's sweeper freed.",
    "campaign_voice_swaps": "Times that the pin or preset in use changed.",
    "campaign_engine_seconds": "Wall time of the engine.",
    "campaign_speech_seconds": "Speech that the engine made.",
    "campaign_energy_joules": "Energy of the GPU during the engine's batches.",
}
GAUGES: Mapping[str, str] = {
    "campaign_queue_depth": "Utterances that running campaigns wait for, in the whole installation.",
    "campaign_busy_threads": "Threads at work.",
    "campaign_threads": "Threads there are.",
    "campaign_rtf": "Engine seconds for a second of speech, in the last batch.",
    "campaign_gpu_utilisation": "Share of time that the GPU was at work, 0 to 1.",
    "campaign_gpu_power_watts": "Power that the GPU draws.",
    "campaign_gpu_memory_bytes": "Memory in use on the GPU, by every process.",
}
Labels = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterReading:
    """One number now."""

    name: str
    labels: Mapping[str, str]
    value: float


class Meters:
    """Counters, the last value of gauges, and functions that are asked for one when somebody reads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._values: dict[tuple[str, Labels], float] = {}
        self._sources: list[tuple[str, Callable[[], float | None]]] = []

    def add(self, name: str, amount: float = 1, **labels: str) -> None:
        """Count `amount` more."""
        key = (name, tuple(sorted(labels.items())))
        with self._lock:
            self._values[key] = self._values.get(key, 0.0) + amount

    def put(self, name: str, value: float, **labels: str) -> None:
        """A gauge's value now."""
        with self._lock:
            self._values[name, tuple(sorted(labels.items()))] = value

    def read_from(self, name: str, source: Callable[[], float | None]) -> None:
        """Read a gauge from `source` whenever somebody looks; None is left out."""
        self._sources.append((name, source))

    def value(self, name: str, **labels: str) -> float:
        """Sum over every label set that has these labels."""
        labelled = set(labels.items())
        with self._lock:
            return sum(
                value
                for (mine, pairs), value in self._values.items()
                if mine == name and labelled <= set(pairs)
            )

    def read(self) -> Sequence[MeterReading]:
        """Everything, in a stable order. What cannot be told now is left out."""
        with self._lock:
            kept = dict(self._values)
        for name, source in self._sources:
            value = source()
            if value is not None:
                kept[name, ()] = value
        return [
            MeterReading(name=name, labels=dict(labels), value=value)
            for (name, labels), value in sorted(kept.items())
        ]
