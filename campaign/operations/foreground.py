"""The embedded default: work on a campaign inside the command that asked for it, until it is done."""

from __future__ import annotations

import contextlib
import logging
import signal
import threading
import time
from collections.abc import Callable, Iterator
from types import FrameType

from campaign.report.publish import publish_report, publisher
from storage.clock import read_now_ms
from storage.history import audit
from storage.installation import Installation
from storage.names import CampaignId
from storage.queue import campaigns as campaign_rows
from storage.queue import starts
from storage.records import Campaign, Progress
from storage.tables import CampaignState
from storage.worker_lock import holder
from workers.doorbell import open_bell
from workers.engines.options import DeviceOptions
from workers.errors import AlreadyWorkingError
from workers.process.app import WorkerProcess, assemble

log = logging.getLogger(__name__)

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
FOLLOW_EVERY_S = 0.1
"""How often a command that follows another process's work looks whether it may take over."""

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
    """Who works on campaigns while a command waits: a worker in this process, or workers elsewhere.

    SQLite has one worker process. While that is another (`campaign serve`, another shell's `submit`), it makes what
    this command waits for; as soon as it ends, the worker here takes over.
    """

    def __init__(self, installation: Installation, *, device: str = "cpu") -> None:
        self._installation = installation
        self._device = device
        self._worker: WorkerProcess | None = None
        """None where workers are elsewhere."""
        self._works = False
        self._told: set[str] = set()
        self._own: set[CampaignId] = set()
        """Campaigns that this command publishes itself."""
        self.interrupted = threading.Event()

    def open(self) -> None:
        """Put the worker together and have it work, if nobody else does."""
        if not self._installation.settings.is_embedded:
            return
        self._worker = assemble(
            self._installation, options=DeviceOptions(device=self._device), on_settled=self._publish
        )
        if self._takes_over():
            return
        if self._device != "cpu":
            self._worker.start()  # what works there has another device: its error says who it is
        self._tell_who_works()  # at once: it may have made everything before this command looks again

    def close(self) -> None:
        """Give current work back and let others work."""
        if self._worker is not None:
            self._worker.stop(grace_s=5.0 if self.interrupted.is_set() else None)

    def finish(self, campaign_id: CampaignId, watch: Watch, *, batch: int | None = None) -> Campaign:
        """Return the campaign once it pauses or ends; raises the engine's error, KeyboardInterrupt.

        `batch`: most utterances in one claim, None is what the settings say; what workers elsewhere claim is theirs
        to say.
        """
        self._own.add(campaign_id)
        if self._worker is None:
            campaign, _ = look(self._installation, campaign_id)
            open_bell(self._installation).ring(campaign.lane)
            return watch_until_done(self._installation, campaign_id, watch, every_s=0.1)
        looks = Looks(self._installation, campaign_id, watch)

        def is_over() -> bool:
            return self.interrupted.is_set() or looks.ended_campaigns()

        while not is_over():
            if not self._takes_over():
                self._tell_who_works()
                time.sleep(FOLLOW_EVERY_S)
                continue
            self._worker.limit_batch(batch)
            self._worker.ring()
            pin_id = look(self._installation, campaign_id)[0].pin_id
            self._worker.wait(is_over, every_s=LOOK_EVERY_S, pin_id=pin_id)
            break
        if self.interrupted.is_set():
            raise KeyboardInterrupt
        return look(self._installation, campaign_id)[0]

    def publish_others(self) -> None:
        """Publish what ended and has no report yet, but for what this command publishes itself."""
        if self._worker is None:
            return
        with self._installation.database.read() as connection:
            unreported = campaign_rows.unreported(connection)
        for campaign_id in unreported:
            self._publish(campaign_id)

    def _publish(self, campaign_id: CampaignId) -> None:
        if campaign_id not in self._own:
            publisher(self._installation)(campaign_id)

    def _takes_over(self) -> bool:
        """Whether the worker here works, from now on or already."""
        if not self._works and self._worker is not None:
            with contextlib.suppress(AlreadyWorkingError):
                self._worker.start()
                self._works = True
        return self._works

    def _tell_who_works(self) -> None:
        """Once for each that it is."""
        who = str(holder(self._installation.database) or "another process")
        if who not in self._told:
            self._told.add(who)
            log.warning("%s works on this database: it is followed, and relieved when it ends", who)


@contextlib.contextmanager
def runner(installation: Installation, *, device: str = "cpu") -> Iterator[Runner]:
    """One worker for everything in the block, so that what it loads stays loaded; none where workers are elsewhere.

    SIGTERM and Ctrl-C give back current work and raise KeyboardInterrupt; the same command continues later.
    """
    running = Runner(installation, device=device)
    if not installation.settings.is_embedded:
        yield running
        return

    def interrupt(_signal: int, _frame: FrameType | None) -> None:
        running.interrupted.set()

    before = {number: signal.signal(number, interrupt) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        running.open()
        yield running
    finally:
        running.close()
        for number, handler in before.items():
            signal.signal(number, handler)
    running.publish_others()


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


def wait_for_start(installation: Installation, campaign_id: CampaignId, *, every_s: float = 1.0) -> Campaign:
    """Wait until a campaign that is held for a time runs, is paused or is cancelled; start it when its time comes."""
    while True:
        with installation.database.read() as connection:
            campaign = campaign_rows.get(connection, campaign_id)
            now = read_now_ms(connection)
        if not campaign.waits_for_its_time:
            return campaign
        left_s = ((campaign.t_start_ms or 0) - now) / 1000
        if left_s > 0:
            time.sleep(min(every_s, left_s))
            continue
        with installation.database.write() as connection:
            if starts.start_if_due(connection, campaign_id):
                audit.note(connection, "start", campaign_id, actor="start-at")


def report_if_due(installation: Installation, campaign_id: CampaignId) -> None:
    """Write manifest and report of a campaign that ended and has none yet."""
    with installation.database.read() as connection:
        due = campaign_id in campaign_rows.unreported(connection)
    if due:
        publish_report(installation, campaign_id)
