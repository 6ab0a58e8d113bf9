"""A peer that takes nothing of what it is sent: given up after a while, so that it holds neither memory nor a place."""

from __future__ import annotations

import asyncio

STALLED_S = 60.0


class Stalls:
    """Of one transport."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._deadline: asyncio.TimerHandle | None = None

    def begin(self) -> None:
        """Nothing more goes out for now."""
        if self._deadline is None:
            self._deadline = asyncio.get_running_loop().call_later(STALLED_S, self._transport.abort)

    def end(self) -> None:
        """It flows again, or has ended."""
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
