"""What the parts of one worker process share: its connections, its settings, what it has loaded, and who it is.

A function takes what it needs of this, not all of it. Everything is opened on first use by the thread that needs it;
nothing at import.
"""

from __future__ import annotations

import os
import socket
import uuid
from collections.abc import Callable, Sequence

from storage.installation import Installation
from storage.names import CampaignId
from storage.queue import campaigns as campaign_rows
from storage.tables import CampaignState, Lane
from workers.campaigns import KnownCampaigns
from workers.clock import DatabaseClock
from workers.engines.options import ON_CPU, DeviceOptions
from workers.likenesses import Likenesses
from workers.listeners import Listeners
from workers.observability.gpu import Telemetry
from workers.observability.meters import Meters
from workers.observability.queue_depth import QueueDepth
from workers.observability.traces import NoTraces, Traces
from workers.opinions import Opinions
from workers.outbound.live import LiveSender
from workers.pcm import PcmMemoryCache
from workers.permission.permits import Permits
from workers.provenance import RunCache
from workers.voices import Voices

ALL_LANES = tuple(Lane)


def worker_name() -> str:
    """Unique to this process: host, process number and a random part."""
    return f"{socket.gethostname()}-{os.getpid()}-{uuid.uuid4().hex[:8]}"


def ignore_settled(_campaign_id: str) -> None:
    """The default of `WorkerResources.on_settled`."""


class WorkerResources:
    """One worker process's connections, settings and loaded parts; each part is safe to share between threads."""

    def __init__(
        self,
        installation: Installation,
        *,
        lanes: Sequence[Lane] = ALL_LANES,
        options: DeviceOptions = ON_CPU,
        on_settled: Callable[[CampaignId], None] = ignore_settled,
    ) -> None:
        """`on_settled` is called with the id of a campaign that this worker saw end."""
        self.settings = installation.settings
        self.database = installation.database
        self.store = installation.store
        self.secret = installation.secret
        self.worker = worker_name()
        self.lanes = tuple(sorted(lanes, key=list(Lane).index))
        """The most urgent first."""
        self.device = options.device
        self.meters = Meters()
        self.traces: Traces = NoTraces()
        self.telemetry = Telemetry(options.device)
        self.clock = DatabaseClock(self.database)
        self.queue_depth = QueueDepth(self.database)
        self.pcm = PcmMemoryCache(self.store, limit_bytes=self.settings.pcm_memory_mib << 20)
        self.runs = RunCache(self.database, self.secret)
        self.live = LiveSender(self.database, self.secret)
        self.campaigns = KnownCampaigns(self.database)
        self.permits = Permits(self.settings, self.database, self.campaigns)
        self.voices = Voices(self.database, self.store, options=options, on_outcome=self.live.send)
        self.listeners = Listeners(self.settings)
        self.opinions = Opinions(self.settings)
        self.likenesses = Likenesses(self.settings, self.database)
        self._on_settled = on_settled

    @property
    def lease_ms(self) -> int:
        """How long a claim holds without being renewed."""
        return round(self.settings.lease_seconds * 1000)

    def settle(self, campaign_id: CampaignId) -> CampaignState | None:
        """End the campaign if all its rows are terminal, and tell whoever listens."""
        with self.database.write() as connection:
            state = campaign_rows.settle(connection, campaign_id)
        if state is not None:
            self._on_settled(campaign_id)
        return state

    def tell_settled(self, campaign_id: CampaignId) -> None:
        """Tell whoever listens once more of a campaign that ended."""
        self._on_settled(campaign_id)

    def close(self) -> None:
        """Give engines back. Idempotent."""
        self.voices.close()
        self.listeners.close()
        self.traces.close()
        self.live.close()
