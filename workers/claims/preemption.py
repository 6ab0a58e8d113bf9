"""Previews in the middle of a bulk batch: claimed, spoken and stored between two steps of the engine.

An engine that can be interrupted asks `Interruptions.next` often; the database is looked at twenty times a second. What
goes wrong with a preview gives its rows back and never harms the batch that it interrupted.
"""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Self

from storage.errors import StorageError
from storage.queue import utterances as utterance_rows
from storage.queue.leases import UTTERANCES
from storage.records import UtteranceWork
from workers.claims.claiming import Batch, Claimer
from workers.engines.engine import Outcome, UrgentBatch
from workers.errors import PresetError
from workers.requests import preset_of, request_of
from workers.resources import WorkerResources
from workers.runs import BatchFacts

log = logging.getLogger(__name__)

LOOK_EVERY_S = 0.05

Keep = Callable[[Sequence[UtteranceWork], Sequence[Outcome], BatchFacts], None]


class Interruptions:
    """What may interrupt one batch of an engine that speaks with one pin."""

    def __init__(self, resources: WorkerResources, claimer: Claimer, keep: Keep, pin_id: str) -> None:
        self._resources = resources
        self._claimer = claimer
        self._keep = keep
        self._pin_id = pin_id
        self._looked_at = time.monotonic()
        self._in_hand = contextlib.ExitStack()

    def __enter__(self) -> Self:
        """Previews claimed inside are given back when the batch raises."""
        self._in_hand.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> bool | None:
        """Give back what was claimed and not delivered."""
        return self._in_hand.__exit__(kind, exc, trace)

    def next(self) -> UrgentBatch | None:
        """Previews to be spoken now, if any."""
        now = time.monotonic()
        if now - self._looked_at < LOOK_EVERY_S:
            return None
        self._looked_at = now
        try:
            batch = self._claimer.preview(self._pin_id)
            return None if batch is None else self._take(batch)
        except (StorageError, PresetError) as exc:
            log.warning("no preview could be taken in between: %s", exc)
            return None

    def _take(self, batch: Batch) -> UrgentBatch:
        resources, campaign = self._resources, batch.campaign
        with contextlib.ExitStack() as claimed:
            claimed.enter_context(self._claimer.holdings.holding(UTTERANCES, batch.claims))
            with resources.database.read() as connection:
                work = utterance_rows.load(connection, batch.claims)
            known = resources.campaigns.campaign(campaign.id)
            requests = []
            for utterance in work:
                _engine, preset = resources.voices.voice(campaign.pin_id, preset_of(utterance, known))
                requests.append(request_of(utterance, preset))
            facts = BatchFacts.begin(
                resources.clock,
                resources.telemetry,
                campaign,
                size=len(work),
                queue_depth=resources.queue_depth.read(),
            )
            claimed.enter_context(resources.live.sending(campaign, [utterance.key for utterance in work]))
            claimed_rows = self._in_hand.enter_context(claimed.pop_all())

        def deliver(outcomes: Sequence[Outcome]) -> None:
            try:
                with claimed_rows.pop_all():
                    self._keep(work, outcomes, facts.end(resources.database, resources.telemetry, outcomes))
            except StorageError as exc:
                log.warning("a preview could not be stored, it is made again: %s", exc)

        return UrgentBatch(requests=requests, deliver=deliver)
