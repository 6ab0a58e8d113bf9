"""The service on a free port of this machine, by its own server in a thread."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

from fastapi import FastAPI

from campaign.service.app import create_app
from campaign.service.context import Options, ServiceContext
from campaign.service.server.serving import server_of
from storage.installation import Installation
from tests.servers.process import free_port
from tests.waiting import LONGEST_S


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningService:
    """Where it is, and what is behind it."""

    url: str
    app: FastAPI
    installation: Installation

    @property
    def context(self) -> ServiceContext:
        """What all its requests share."""
        context: ServiceContext = self.app.state.context
        return context


@contextlib.contextmanager
def served(installation: Installation, **options: object) -> Iterator[RunningService]:
    """The service of an installation while the block runs."""
    port = free_port()
    asked = Options(port=port, **options)  # type: ignore[arg-type]
    app = create_app(installation, asked)
    server = server_of(app, asked, grace_s=5)
    thread = threading.Thread(target=server.run, name="service")
    thread.start()
    try:
        deadline = time.monotonic() + LONGEST_S
        while not server.started:
            assert thread.is_alive() and time.monotonic() < deadline, "the service did not start"
            time.sleep(0.02)
        yield RunningService(url=f"http://127.0.0.1:{port}", app=app, installation=installation)
    finally:
        server.should_exit = True
        thread.join(timeout=LONGEST_S)
