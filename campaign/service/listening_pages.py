"""Listening pages that the console opened: blind pages of gates, each a server of its own on this machine."""

from __future__ import annotations

import threading
from http.server import ThreadingHTTPServer

from campaign.gate.listening_page import open_listening_page
from storage.installation import Installation


class ListeningPages:
    """One page a gate, open until the service ends. Safe to share between threads."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._open: dict[str, tuple[ThreadingHTTPServer, str]] = {}
        self._lock = threading.Lock()

    def address_of(self, gate_id: str) -> str:
        """The gate's page, under a path that cannot be guessed; raises `CampaignError` where nothing can be heard."""
        with self._lock:
            if gate_id not in self._open:
                server, address = open_listening_page(self._installation, gate_id)
                threading.Thread(
                    target=server.serve_forever, name=f"listening-page {gate_id}", daemon=True
                ).start()
                self._open[gate_id] = (server, address)
            return self._open[gate_id][1]

    def close(self) -> None:
        """Scores are kept; pages end. Idempotent."""
        with self._lock:
            for server, _ in self._open.values():
                server.shutdown()
                server.server_close()
            self._open.clear()
