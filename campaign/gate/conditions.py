"""What goes on around a measurement: commands before and after, a neighbour's latency, GPU memory."""

from __future__ import annotations

import contextlib
import shlex
import statistics
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

from campaign.errors import ConditionsError
from workers.observability.gpu import Telemetry

COMMAND_TIMEOUT_S = 300
NEIGHBOUR_TIMEOUT_S = 30
NEIGHBOUR_SAMPLES = 5
"""Times before the measurement; the median counts."""
NEIGHBOUR_EVERY_S = 1.0
MEMORY_EVERY_S = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Commands:
    """What a person wants run; split like a shell's words, run without a shell."""

    before: str = ""
    """For example, pause another service on the same GPU. When it fails, nothing is measured."""
    after: str = ""
    """Always run, also when the measurement failed."""
    neighbour: str = ""
    """Prints another service's latency in ms."""


@dataclass(slots=True, kw_only=True)
class Observations:
    """What was observed while a side was made."""

    neighbour_before_ms: float | None = None
    neighbour_during_ms: list[float] = field(default_factory=list)
    memory_before_mib: float | None = None
    memory_peak_mib: float | None = None

    def numbers(self) -> dict[str, float]:
        """Those that rules know."""
        numbers = {}
        if self.neighbour_before_ms and self.neighbour_during_ms:
            during = statistics.median(self.neighbour_during_ms)
            numbers["neighbour_drift"] = round(during / self.neighbour_before_ms, 4)
        if self.memory_before_mib is not None and self.memory_peak_mib is not None:
            numbers["peak_vram_mib"] = round(self.memory_peak_mib - self.memory_before_mib, 1)
        return numbers


@contextlib.contextmanager
def under_conditions(commands: Commands, *, device: str) -> Iterator[Observations]:
    """Run `before`, watch while the block works, run `after`."""
    if commands.before:
        _run(commands.before, "--before", COMMAND_TIMEOUT_S)
    try:
        observations = Observations()
        if commands.neighbour:
            latencies_ms = [ask_neighbour(commands.neighbour) for _ in range(NEIGHBOUR_SAMPLES)]
            observations.neighbour_before_ms = statistics.median(latencies_ms)
        with _watching(observations, commands.neighbour, Telemetry(device)):
            yield observations
    finally:
        if commands.after:
            _run(commands.after, "--after", COMMAND_TIMEOUT_S)


def ask_neighbour(command: str) -> float:
    """One latency in ms; raises `ConditionsError` when the command prints none."""
    printed = _run(command, "--neighbour", NEIGHBOUR_TIMEOUT_S).strip()
    try:
        latency_ms = float(printed)
    except ValueError as exc:
        raise ConditionsError(
            f"--neighbour: {command!r} printed {printed[:60]!r}; it must print one number, a latency in ms."
        ) from exc
    if latency_ms <= 0:
        raise ConditionsError(f"--neighbour: {command!r} printed {latency_ms}; a latency is above 0.")
    return latency_ms


def _run(command: str, option: str, timeout_s: float) -> str:
    try:
        process = subprocess.run(
            shlex.split(command), capture_output=True, text=True, timeout=timeout_s, check=False
        )
    except (OSError, ValueError) as exc:
        raise ConditionsError(f"{option}: {command!r} cannot be run: {exc}. Correct the command.") from exc
    except subprocess.TimeoutExpired as exc:
        raise ConditionsError(f"{option}: {command!r} took longer than {timeout_s:g} s. Correct it.") from exc
    if process.returncode:
        complaint = (process.stderr or process.stdout).strip()[-200:]
        raise ConditionsError(
            f"{option}: {command!r} ended with {process.returncode}: {complaint}. Correct the command."
        )
    return process.stdout


@contextlib.contextmanager
def _watching(observations: Observations, neighbour: str, telemetry: Telemetry) -> Iterator[None]:
    finished = threading.Event()
    failures: list[ConditionsError] = []

    def poll_neighbour() -> None:
        while True:
            try:
                observations.neighbour_during_ms.append(ask_neighbour(neighbour))
            except ConditionsError as exc:
                failures.append(exc)
                return
            if finished.wait(NEIGHBOUR_EVERY_S):
                return

    def poll_memory() -> None:
        while not finished.wait(MEMORY_EVERY_S):
            used = telemetry.memory_used_mib()
            if used is not None:
                observations.memory_peak_mib = max(used, observations.memory_peak_mib or 0.0)

    observations.memory_before_mib = telemetry.memory_used_mib()
    threads = [threading.Thread(target=poll_neighbour, daemon=True)] if neighbour else []
    if observations.memory_before_mib is not None:
        threads.append(threading.Thread(target=poll_memory, daemon=True))
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        finished.set()
        for thread in threads:
            thread.join()
    if failures:
        raise failures[0]
