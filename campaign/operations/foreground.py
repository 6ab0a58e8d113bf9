"""The embedded default: work on a campaign inside the command that asked for it, until it is done."""

from __future__ import annotations

import contextlib
import signal
import threading
import time
from collections.abc import Callable, Iterator
from types import FrameType

from campaign.report.publish import publish_report
from storage.installation import Installation
from storage.names import CampaignId
from storage.queue import campaigns as campaign_rows
from storage.records import Campaign, Progress
from storage.tables import CampaignState
from workers.doorbell import open_bell
from workers.process.app import WorkerProcess, assemble

AT_REST = frozenset(
    {
        CampaignState.FINISHED,
        CampaignState.FINISHED_WITH_ERRORS,
        CampaignState.CANCELLED,
        CampaignState.PAUSED,
        CampaignState.VALIDATED,
    }
)
"""States in which there is nothing to wait for."""
LOOK_EVERY_S = 0.25

Watch = Callable[[Campaign, Progress], None]


def look(installation: Installation, campaign_id: CampaignId) -> tuple[Campaign, Progress]:
    """A campaign and its counts, as of now."""
    with installation.database.read() as connection:
        return campaign_rows.get(connection, campaign_id), campaign_rows.progress(connection, campaign_id)


class Looks:
    """Looks at a campaign again and again, and spends a tenth of the time on it at most."""

    def __init__(self, installation: Installation, campaign_id: CampaignId, watch: Watch) -> None:
        self._installation = installation
        self._campaign_id = campaign_id
        self._watch = watch
        self._next_s = 0.0

    def ended_campaigns(self) -> bool:
        """Whether there is nothing to wait for; False when it is too early to look again."""
        start = time.monotonic()
        if start < self._next_s:
            return False
        campaign, counts = look(self._installation, self._campaign_id)
        self._watch(campaign, counts)
        end = time.monotonic()
        self._next_s = end + 10 * (end - start)
        return campaign.state in AT_REST


class Runner:
    """Who works on campaigns while a command waits: a worker in this process, or workers elsewhere."""

    def __init__(self, installation: Installation, worker: WorkerProcess | None) -> None:
        self._installation = installation
        self._worker = worker
        self.interrupted = threading.Event()

    def finish(self, campaign_id: CampaignId, watch: Watch, *, batch: int | None = None) -> Campaign:
        """Return the campaign once it pauses or ends; raises the engine's error, KeyboardInterrupt.

        `batch`: most utterances in one claim, None is what the settings say; what workers elsewhere claim is theirs
        to say.
        """
        if self._worker is None:
            campaign, _ = look(self._installation, campaign_id)
            open_bell(self._installation).ring(campaign.lane)
            return watch_until_done(self._installation, campaign_id, watch, every_s=0.1)
        looks = Looks(self._installation, campaign_id, watch)
        self._worker.limit_batch(batch)
        self._worker.ring()
        pin_id = look(self._installation, campaign_id)[0].pin_id
        self._worker.wait(
            lambda: self.interrupted.is_set() or looks.ended_campaigns(), every_s=LOOK_EVERY_S, pin_id=pin_id
        )
        if self.interrupted.is_set():
            raise KeyboardInterrupt
        return look(self._installation, campaign_id)[0]


@contextlib.contextmanager
def runner(installation: Installation, *, device: str = "cpu") -> Iterator[Runner]:
    """One worker for everything in the block, so that what it loads stays loaded; none where workers are elsewhere.

    SIGTERM and Ctrl-C give back current work and raise KeyboardInterrupt; the same command continues later.
    """
    if not installation.settings.is_embedded:
        yield Runner(installation, None)
        return
    worker = assemble(installation, device=device)
    running = Runner(installation, worker)

    def interrupt(_signal: int, _frame: FrameType | None) -> None:
        running.interrupted.set()

    before = {number: signal.signal(number, interrupt) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        worker.start()
        yield running
    finally:
        worker.stop(grace_s=5.0 if running.interrupted.is_set() else None)
        for number, handler in before.items():
            signal.signal(number, handler)


def work_until_done(installation: Installation, campaign_id: CampaignId, watch: Watch) -> Campaign:
    """Work in this process until the campaign pauses or ends, then write its report; returns it as it ended."""
    with runner(installation) as working:
        working.finish(campaign_id, watch)
    report_if_due(installation, campaign_id)
    return look(installation, campaign_id)[0]


def watch_until_done(
    installation: Installation, campaign_id: CampaignId, watch: Watch, *, every_s: float = 1.0
) -> Campaign:
    """Look on while workers elsewhere work; returns the campaign once it pauses or ends."""
    looks = Looks(installation, campaign_id, watch)
    while not looks.ended_campaigns():
        time.sleep(every_s)
    return look(installation, campaign_id)[0]


def report_if_due(installation: Installation, campaign_id: CampaignId) -> None:
    """Write manifest and report of a campaign that ended and has none yet."""
    with installation.database.read() as connection:
        due = campaign_id in campaign_rows.unreported(connection)
    if due:
        publish_report(installation, campaign_id)
