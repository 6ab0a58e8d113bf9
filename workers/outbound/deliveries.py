"""What is due, sent: each receiver by a thread of its own, so that a slow one delays what is for it and nothing else.

A receiver gets one message at a time, oldest first. Each is claimed alone, under a lease that is longer than an attempt
may take: no two senders have it at once.
"""

from __future__ import annotations

import logging
import threading
import time

from storage.errors import StorageError
from storage.history import events
from storage.history.events import Delivery
from storage.session import Database
from storage.settings import Settings
from workers.outbound import webhooks
from workers.outbound.attempt import WebhookError, printable

log = logging.getLogger(__name__)

RETRY_AFTER_S = (5, 300, 1_800, 7_200, 18_000, 36_000, 36_000)
"""Standard Webhooks' schedule: some 27 hours."""
GONE = 410


class Deliveries:
    """Sends in the background. Called by one thread at a time."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self._settings = settings
        self._threads: dict[str, threading.Thread] = {}
        self._arrived: list[Delivery] = []
        self._stopping = threading.Event()

    def begin(self) -> None:
        """Have what is due sent. Receivers that are still busy with earlier messages go on with these."""
        urls = tuple(dict.fromkeys(self._settings.webhook_urls))
        if not urls:
            return
        with self._database.write() as connection:
            events.address(connection, urls)
            due = events.due(connection, urls)
        for url in due:
            busy = self._threads.get(url)
            if busy is None or not busy.is_alive():
                self._threads[url] = threading.Thread(
                    target=self._deliver_to, args=(url,), name="webhooks", daemon=True
                )
                self._threads[url].start()

    def wait(self, timeout_s: float | None = None) -> int:
        """Until nothing is sent any more, or so long; returns how many arrived in all."""
        until = None if timeout_s is None else time.monotonic() + timeout_s
        for thread in self._threads.values():
            thread.join(None if until is None else max(0.0, until - time.monotonic()))
        return len(self._arrived)

    def stop(self) -> None:
        """Begin no further attempt."""
        self._stopping.set()

    def _deliver_to(self, url: str) -> None:
        """Everything that is due for one receiver, each once."""
        after = 0
        try:
            while not self._stopping.is_set():
                with self._database.write() as connection:
                    delivery = events.claim(connection, url, after=after)
                if delivery is None:
                    return
                after = delivery.event_id
                self._attempt(delivery)
        except StorageError as exc:
            log.warning("webhooks: %s", exc)

    def _attempt(self, delivery: Delivery) -> None:
        problem, is_gone = self._problem_of(delivery)
        with self._database.write() as connection:
            if problem is None:
                events.delivered(connection, delivery)
                self._arrived.append(delivery)
                return
            log.warning("webhook %s to %s: %s", delivery.event_id, delivery.url, problem)
            is_last = is_gone or delivery.attempts > len(RETRY_AFTER_S)
            again_ms = None if is_last else 1000 * RETRY_AFTER_S[delivery.attempts - 1]
            events.not_delivered(connection, delivery, problem, again_after_ms=again_ms)

    def _problem_of(self, delivery: Delivery) -> tuple[str | None, bool]:
        """(what went wrong, whether the receiver wants no more)."""
        message_id = f"msg_{delivery.event_id}_{delivery.campaign_id}"
        try:
            status, answer = webhooks.post(
                delivery.url, message_id, webhooks.message_of(delivery), self._settings
            )
        except WebhookError as exc:
            return printable(str(exc)), False
        except (
            Exception
        ) as exc:  # whatever it is, it stops neither this receiver's others nor other receivers
            log.exception("webhook %s to %s failed", delivery.event_id, delivery.url)
            return f"a fault of the program itself, {type(exc).__name__}; it was logged.", False
        if 200 <= status < 300:
            return None, False
        return f"answered {status}: {answer}", status == GONE


def deliver_due(database: Database, settings: Settings) -> int:
    """Send what is due, to all receivers at once; returns how many arrived."""
    deliveries = Deliveries(database, settings)
    deliveries.begin()
    return deliveries.wait()
