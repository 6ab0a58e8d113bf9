"""What all requests share: the installation, uploads, live sound, snapshots and, where nobody else works, a worker."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Coroutine
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from campaign.report.publish import publisher
from campaign.service.access import Authenticator
from campaign.service.intake import IntakeReader
from campaign.service.limits import Limits
from campaign.service.live import LiveSound
from campaign.service.readiness import Readiness
from campaign.service.snapshots import Snapshots
from campaign.service.working import ServiceWorker
from storage.installation import Installation
from storage.names import CampaignId
from storage.tables import Lane
from workers.doorbell import WINDOW, Bell, open_bell
from workers.process.app import WorkerProcess

log = logging.getLogger(__name__)

EVERY_INTERFACE = ("0.0.0.0", "::")
FEW_BELLS = 2
"""Enough for one text, or for one worker: every further bell is a look at the database for nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How a service is run."""

    host: str = "127.0.0.1"
    port: int = 8321
    host_names: tuple[str, ...] = ()
    """Further names under which it may be asked."""
    own_url: str = ""
    """Where workers reach this process; empty is host and port."""
    secure: bool = False
    """It stands behind TLS: cookies and headers say so."""
    works: bool = True
    """In the embedded default: also work on campaigns."""
    gate: str = ""
    """Serve the listening page of this gate and nothing else; empty is all that there is."""
    limits: Limits = field(default_factory=Limits)

    @property
    def is_loopback(self) -> bool:
        """Whether it listens to this machine alone."""
        return _is_loopback(self.host)

    @property
    def open_to_others(self) -> str:
        """The option by which others reach it, or a proxy that stands before it; empty when nobody does."""
        if not self.is_loopback:
            return f"--host {self.host}"
        if self.secure:
            return "--behind-tls"
        if self.host_names:
            return f"--host-name {self.host_names[0]}"
        return (
            ""
            if _is_loopback(urlsplit(self.own_url).hostname or "localhost")
            else f"--own-url {self.own_url}"
        )

    @property
    def hosts(self) -> frozenset[str]:
        """Names it answers to; empty is any, for a service that others reach and that asks for keys."""
        if not self.is_loopback and not self.host_names:
            return frozenset()
        named = {"localhost", "127.0.0.1", "[::1]", self.host, *self.host_names}
        return frozenset(map(str.lower, named))

    @property
    def sound_url(self) -> str:
        """Where workers send sound; an address that means every interface is this machine's own."""
        host = "127.0.0.1" if self.host in EVERY_INTERFACE else self.host
        return f"{self.own_url or f'http://{host}:{self.port}'}/internal/sound"


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class ServiceContext:
    """Everything behind the routes. `open` and `close` once each."""

    def __init__(self, installation: Installation, options: Options) -> None:
        self.installation = installation
        self.options = options
        self.authenticator = Authenticator(
            installation, may_be_open=not options.open_to_others and not options.gate
        )
        self.live = LiveSound(installation.secret)
        self.snapshots = Snapshots(installation)
        self.readiness = Readiness(installation, lambda: self.bell)
        self.intake = IntakeReader(installation, started=self.started)
        self.work: ServiceWorker | None = None
        if installation.settings.is_embedded and options.works:
            self.work = ServiceWorker(installation, on_settled=self._publish)
        self.closing = threading.Event()
        """Set when the service is told to stop: streams of events end."""
        self._tasks: set[asyncio.Task[None]] = set()
        self._bell: Bell | None = None
        self._bell_lock = threading.Lock()

    def open(self) -> None:
        """Begin: read what was acknowledged before, count, and work where that is asked."""
        if self.work is not None:
            self.work.start()
        self.snapshots.start()
        self.intake.start()

    async def end_background(self) -> None:
        """Wait for what still uses the installation after its answer is out; it ends soon, for the service closes."""
        self.closing.set()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def close(self) -> None:
        """Finish current work; what was acknowledged is read after the next start."""
        self.closing.set()
        self.intake.stop()
        self.snapshots.stop()
        if self.work is not None:
            self.work.stop()

    def in_background(self, work: Coroutine[Any, Any, None]) -> None:
        """Do it after the answer is out; on the event loop. Long work looks at `closing`."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (problem := task.exception()) is not None:
            log.warning("work in the background failed: %s", problem)

    def started(self, campaign_id: CampaignId, lane: Lane) -> None:
        """A campaign runs: tell the workers and count again."""
        self.snapshots.forget(campaign_id)
        self.bell.ring(lane, WINDOW if lane == Lane.BULK and self.worker is None else FEW_BELLS)

    @property
    def worker(self) -> WorkerProcess | None:
        """The worker inside this process, while it works."""
        return None if self.work is None else self.work.worker

    @property
    def work_problem(self) -> str:
        """Why nothing works here, where something should; empty while it does."""
        return "" if self.work is None else self.work.problem

    @property
    def bell(self) -> Bell:
        """The doorbell of whoever works."""
        if (worker := self.worker) is not None:
            return worker.bell
        with self._bell_lock:
            if self._bell is None:
                self._bell = open_bell(self.installation)
            return self._bell

    def _publish(self, campaign_id: CampaignId) -> None:
        self.snapshots.forget(campaign_id)
        publisher(self.installation)(campaign_id)
