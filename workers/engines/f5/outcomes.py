"""The outcomes of one call of the engine, as they come: each told once, in order at the end."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from workers.engines.engine import Outcome, SynthesisRequest


class BatchOutcomes:
    """The outcomes of one call, as they come."""

    def __init__(
        self, batch: Sequence[SynthesisRequest], tell: Callable[[SynthesisRequest, Outcome], None] | None
    ) -> None:
        self._batch = batch
        self._tell = tell
        self._start = time.perf_counter()
        self._settled: dict[int, Outcome] = {}

    def elapsed_ms(self) -> float:
        return 1000 * (time.perf_counter() - self._start)

    def settle(self, index: int, outcome: Outcome) -> None:
        self._settled[index] = outcome
        if self._tell is not None:
            self._tell(self._batch[index], outcome)

    def unsettled(self) -> list[tuple[int, SynthesisRequest]]:
        return [(index, request) for index, request in enumerate(self._batch) if index not in self._settled]

    @property
    def outcomes(self) -> list[Outcome]:
        return [self._settled[index] for index in range(len(self._batch))]
