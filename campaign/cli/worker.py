"""`campaign worker`: work on campaigns until told to stop, in this process or in one for each GPU."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Iterator
from types import FrameType
from typing import TYPE_CHECKING

import click

from campaign.cli import exits
from campaign.cli.shared import finite, opened
from campaign.cli.terminal import tell
from campaign.report.publish import publisher
from storage.installation import Installation
from storage.tables import Lane

if TYPE_CHECKING:
    from workers.process.app import WorkerProcess

FINAL = frozenset({exits.USAGE, exits.INPUT, exits.CONFLICT, exits.NOT_FOUND})
"""Exit codes of a worker that a restart cannot fix."""


class Signals:
    """Counts how often this process was told to stop; a second time raises KeyboardInterrupt where that is wanted."""

    def __init__(self, *, interrupt: bool) -> None:
        self.count = 0
        self._interrupt = interrupt
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._hear)

    def _hear(self, _number: int, _frame: FrameType | None) -> None:
        self.count += 1
        if self.count > 1 and self._interrupt:
            raise KeyboardInterrupt


@click.command("worker")
@click.option("--lanes", default="preview,bulk", show_default=True, help="Lanes to serve, most urgent first.")
@click.option("--device", default="cpu", show_default=True, help="Where engines run: cpu, cuda or cuda:N.")
@click.option("--gpus", help="all, or numbers or UUIDs: one process for each, started again when it dies.")
@click.option(
    "--max-vram-gib",
    type=click.FloatRange(min=0, min_open=True),
    callback=finite,
    help="Most GPU memory to use.",
)
@click.option("--warm/--no-warm", default=True, show_default=True, help="Load voices before the first claim.")
@click.option(
    "--metrics-port", type=click.IntRange(0, 65535), help="Serve Prometheus metrics on this port; 0 for none."
)
def worker_command(
    lanes: str,
    device: str,
    gpus: str | None,
    max_vram_gib: float | None,
    warm: bool,
    metrics_port: int | None,
) -> None:
    """Work on campaigns until told to stop.

    SIGTERM or Ctrl-C finishes or gives back current work within the grace time; a second one exits at once.
    """
    from workers.process.app import assemble

    try:
        chosen = [Lane(name.strip()) for name in lanes.split(",") if name.strip()]
    except ValueError as exc:
        raise click.UsageError(f"--lanes: {exc}; lanes are {', '.join(Lane)}") from exc
    with opened() as installation:
        if metrics_port is not None:
            installation.settings.metrics_port = metrics_port
        if gpus is not None:
            options = ["--lanes", lanes, "--warm" if warm else "--no-warm"]
            options += [] if max_vram_gib is None else ["--max-vram-gib", str(max_vram_gib)]
            raise click.exceptions.Exit(_supervise(installation, gpus, options))
        worker = assemble(
            installation,
            lanes=chosen,
            device=device,
            max_vram_gib=max_vram_gib,
            on_settled=publisher(installation),
        )
        with _observed(worker):
            _work(worker, warm=warm)


@contextlib.contextmanager
def _observed(worker: WorkerProcess) -> Iterator[None]:
    """Metrics on a port and traces to a collector, where they are asked for."""
    resources = worker.resources
    settings = resources.settings
    with contextlib.ExitStack() as stack:
        if settings.metrics_port:
            from workers.process.metrics import serve

            stack.callback(serve(resources.meters, host=settings.metrics_host, port=settings.metrics_port))
        if any(name.startswith("OTEL_EXPORTER_OTLP") and name.endswith("ENDPOINT") for name in os.environ):
            from workers.observability.traces import OpenTelemetryTraces

            resources.traces = OpenTelemetryTraces(resources.meters, worker=resources.worker)
        yield


def _work(worker: WorkerProcess, *, warm: bool) -> None:
    signals = Signals(interrupt=True)

    def is_told() -> bool:
        return signals.count > 0

    if warm:
        for voice, seconds in worker.warm_up(is_told):
            tell(f"{voice} is warm after {seconds:.1f} s", err=True)
    worker.start()
    resources = worker.resources
    tell(f"worker {resources.worker} serves {', '.join(resources.lanes)} on {resources.device}", err=True)
    try:
        worker.wait(is_told)
    finally:
        worker.stop()


def _supervise(installation: Installation, gpus: str, options: list[str]) -> int:
    from workers.process.supervisor import Child, Supervisor, chosen_gpus

    uuids = chosen_gpus(gpus)
    if installation.database.is_sqlite and len(uuids) > 1:
        raise click.UsageError("--gpus with several GPUs needs PostgreSQL: SQLite has one worker at a time.")
    port = installation.settings.metrics_port
    children = [
        Child(
            name=uuid,
            command=(sys.executable, "-m", "campaign", "worker", "--device", "cuda:0", *options),
            environment={
                "CUDA_VISIBLE_DEVICES": uuid,
                "CAMPAIGN_METRICS_PORT": str(port + place if port else 0),
            },
        )
        for place, uuid in enumerate(uuids)
    ]
    installation.close()
    signals = Signals(interrupt=False)
    tell(f"a worker for each of {len(children)} GPUs: {', '.join(uuids)}", err=True)
    supervisor = Supervisor(children, final=FINAL, grace_s=installation.settings.grace_seconds)
    return supervisor.run(lambda: signals.count)
