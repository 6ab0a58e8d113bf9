"""`campaign worker`: work on campaigns until told to stop, in this process or in one or several for each GPU."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import click

from campaign.cli import exits
from campaign.cli.device import arguments_of, device_options, keep_kernels, tell_of_budgets
from campaign.cli.shared import opened
from campaign.cli.terminal import end_at_once, tell
from campaign.report.publish import publisher
from storage.installation import Installation
from storage.tables import Lane
from workers.engines.options import DeviceOptions
from workers.errors import GpuShareError

if TYPE_CHECKING:
    from workers.process.app import WorkerProcess
    from workers.process.supervisor import Child

FINAL = frozenset({exits.USAGE, exits.INPUT, exits.CONFLICT, exits.NOT_FOUND})
"""Exit codes of a worker that a restart cannot fix."""
LAST_PORT = 65535
REPORT_FOLDER = "CAMPAIGN_WORK_REPORTS"
"""Variable by which a supervisor tells its children where they report how busy the GPU was."""


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
@device_options
@click.option("--gpus", help="all, or numbers or UUIDs: processes for each, started again when they die.")
@click.option(
    "--per-gpu",
    default=1,
    show_default=True,
    type=click.IntRange(min=1),
    help="Processes on each of --gpus, each with its share of the memory.",
)
@click.option("--warm/--no-warm", default=True, show_default=True, help="Load voices before the first claim.")
@click.option(
    "--metrics-port", type=click.IntRange(0, 65535), help="Serve Prometheus metrics on this port; 0 for none."
)
def worker_command(
    lanes: str,
    options: DeviceOptions,
    gpus: str | None,
    per_gpu: int,
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
    if gpus is None and per_gpu > 1:
        raise click.UsageError("--per-gpu is for --gpus. Say which GPUs: --gpus all.")
    if gpus is not None and options.device != "cpu":
        raise click.UsageError(
            "--device is for one process, --gpus for one or several on each GPU. Give one."
        )
    with opened() as installation:
        if metrics_port is not None:
            installation.settings.metrics_port = metrics_port
        keep_kernels(installation.settings, options if gpus is None else replace(options, device="cuda"))
        if gpus is not None:
            arguments = ["--lanes", lanes, "--warm" if warm else "--no-warm"]
            tell_of_budgets(options)
            raise click.exceptions.Exit(_supervise(installation, gpus, per_gpu, options, arguments))
        worker = assemble(installation, lanes=chosen, options=options, on_settled=publisher(installation))
        if reports := os.environ.get(REPORT_FOLDER):
            worker.report_idleness(Path(reports))
        else:
            tell_of_budgets(options)
        with _observed(worker):
            _work(worker, warm=warm)
    if worker.is_loading:
        end_at_once(exits.OK)


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

    resources = worker.resources
    if warm:
        for voice, seconds in worker.warm_up(is_told):
            tell(f"{voice} is warm after {seconds:.1f} s", err=True)
        if is_told():
            resources.close()
            return
        if worker.still_cold:
            tell(
                f"loading takes longer than {resources.settings.warm_up_seconds:g} s: work begins with what is warm; "
                f"still to be loaded: {', '.join(worker.still_cold)}",
                err=True,
            )
    worker.start()
    tell(f"worker {resources.worker} serves {', '.join(resources.lanes)} on {resources.device}", err=True)
    try:
        worker.wait(is_told)
    finally:
        worker.stop()


def _supervise(
    installation: Installation, gpus: str, per_gpu: int, options: DeviceOptions, arguments: Sequence[str]
) -> int:
    from workers.process.gpus.advice import Advisor, SharedGpu
    from workers.process.gpus.choice import chosen_gpus, total_gib
    from workers.process.gpus.mps import shared
    from workers.process.gpus.shares import room_for
    from workers.process.supervisor import Supervisor

    uuids = chosen_gpus(gpus)
    count = per_gpu * len(uuids)
    _check(installation, count)
    totals = {uuid: total_gib(uuid) for uuid in uuids}
    shares = {uuid: _share(uuid, totals[uuid], per_gpu, options) for uuid in uuids}
    first_port = installation.settings.metrics_port
    installation.close()
    signals = Signals(interrupt=False)
    tell(f"{count} workers on {len(uuids)} GPUs: {', '.join(uuids)}", err=True)
    with contextlib.ExitStack() as stack:
        reports = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="campaign-worker-")))
        children: list[Child] = []
        served: list[SharedGpu] = []
        for place, uuid in enumerate(uuids):
            sharing = stack.enter_context(shared(uuid, per_gpu=per_gpu, say=_say))
            folder = reports / str(place)
            folder.mkdir()
            room = room_for(totals[uuid], asked_gib=options.max_vram_gib)
            served.append(SharedGpu(name=uuid, per_gpu=per_gpu, room=room, reports=folder))
            children += _children(
                uuid,
                per_gpu,
                arguments=[*arguments, *arguments_of(replace(options, max_vram_gib=shares[uuid]))],
                environment={**sharing.environment, REPORT_FOLDER: str(folder)},
                group=uuid if sharing.under_mps else "",
                first_port=first_port and first_port + len(children),
            )
        advisor = Advisor(served, _say)
        supervisor = Supervisor(
            children,
            final=FINAL,
            lost=exits.DEVICE_LOST,
            grace_s=installation.settings.grace_seconds,
            at_each_look=advisor.look,
        )
        code = supervisor.run(lambda: signals.count)
        advisor.finish()
    return code


def _check(installation: Installation, count: int) -> None:
    """Raise `UsageError` for what so many processes cannot do."""
    if installation.database.is_sqlite and count > 1:
        raise click.UsageError(
            "several processes (--gpus, --per-gpu) need PostgreSQL: SQLite has one worker at a time."
        )
    port = installation.settings.metrics_port
    if port and port + count - 1 > LAST_PORT:
        raise click.UsageError(
            f"{count} processes have {count} ports for metrics, and from {port} there are {LAST_PORT - port + 1}. "
            "Give a smaller --metrics-port."
        )


def _share(uuid: str, total_gib: float | None, per_gpu: int, options: DeviceOptions) -> float | None:
    """Each process's memory; raises `UsageError`."""
    from workers.process.gpus.shares import share_gib

    try:
        share = share_gib(uuid, total_gib, per_gpu=per_gpu, asked_gib=options.max_vram_gib)
    except GpuShareError as exc:
        raise click.UsageError(str(exc)) from exc
    if share is None:
        _say(f"{uuid}: NVML does not tell its memory, so nothing limits what is used; --max-vram-gib would")
    return share


def _children(
    uuid: str,
    per_gpu: int,
    *,
    arguments: Sequence[str],
    environment: Mapping[str, str],
    group: str,
    first_port: int,
) -> list[Child]:
    """The processes of one GPU, each with a port of its own where there is one for metrics."""
    from workers.process.supervisor import Child

    return [
        Child(
            name=uuid if per_gpu == 1 else f"{uuid} {number + 1} of {per_gpu}",
            command=(sys.executable, "-m", "campaign", "worker", "--device", "cuda:0", *arguments),
            environment={
                "CUDA_VISIBLE_DEVICES": uuid,
                "CAMPAIGN_METRICS_PORT": str(first_port and first_port + number),
                **environment,
            },
            group=group,
        )
        for number in range(per_gpu)
    ]


def _say(line: str) -> None:
    tell(line, err=True)
