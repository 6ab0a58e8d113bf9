"""`campaign worker`: work on campaigns until told to stop."""

from __future__ import annotations

import signal
import threading
from types import FrameType

import click

from campaign.cli.shared import opened
from campaign.report.publish import publish_report
from storage.errors import StorageError
from storage.tables import Lane


@click.command("worker")
@click.option("--lanes", default="preview,bulk", show_default=True, help="Lanes to serve, most urgent first.")
@click.option("--device", default="cpu", show_default=True, help="Where engines run: cpu, cuda or cuda:N.")
def worker_command(lanes: str, device: str) -> None:
    """Work on campaigns until told to stop.

    SIGTERM or Ctrl-C finishes or gives back what is in hand within the grace time; a second one leaves at once.
    """
    from workers.app import assemble

    try:
        chosen = [Lane(name.strip()) for name in lanes.split(",") if name.strip()]
    except ValueError as exc:
        raise click.UsageError(f"--lanes: {exc}; lanes are {', '.join(Lane)}") from exc
    with opened() as installation:

        def publish(campaign_id: str) -> None:
            try:
                publish_report(installation, campaign_id)
            except StorageError as exc:
                click.echo(f"the report of {campaign_id} waits: {exc}", err=True)

        worker = assemble(installation, lanes=chosen, device=device, on_settled=publish)
        stopping = threading.Event()

        def stop(_number: int, _frame: FrameType | None) -> None:
            if stopping.is_set():
                raise KeyboardInterrupt
            stopping.set()

        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, stop)
        worker.start()
        click.echo(f"worker {worker.shop.worker} serves {', '.join(worker.shop.lanes)} on {device}", err=True)
        try:
            worker.wait(stopping.is_set)
        finally:
            worker.stop()
