"""How people would rate a finished file, predicted: a measure, never a reason to fail.

The predictor is the one that the campaign's lock names. Where it is not here, files are delivered without an opinion,
and the log says so once.
"""

from __future__ import annotations

import logging
import threading

from storage.lock import LockedOpinion
from storage.settings import Settings
from workers.engines.engine import EngineError
from workers.finish.decoding import decoded
from workers.measure.distillmos import DistillMos

log = logging.getLogger(__name__)


class Opinions:
    """What rates files in one worker process. Safe to share between threads; each predictor is loaded once."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._predictors: dict[str, DistillMos | None] = {}
        """By the name that a lock has; None: not here."""
        self._lock = threading.Lock()

    def of(self, data: bytes, locked: LockedOpinion | None) -> float | None:
        """Of a finished file, 1 to 5; None where nobody predicts it, and of silence. 0.03 CPU s a second of sound."""
        if locked is None or (predictor := self._predictor(locked)) is None:
            return None
        pcm, rate_hz = decoded(data, dtype="int16")
        opinion = predictor.rate(pcm, rate_hz)
        return None if opinion is None else round(opinion, 3)

    def _predictor(self, locked: LockedOpinion) -> DistillMos | None:
        with self._lock:
            if locked.name not in self._predictors:
                try:
                    found = DistillMos(self._settings.kept_models / locked.file)
                    if found.name != locked.name:
                        raise EngineError(
                            f"files are rated by {locked.name}, and here is {found.name}; fetch it: "
                            "campaign voice get distillmos"
                        )
                    self._predictors[locked.name] = found
                except EngineError as exc:
                    log.warning("files have no predicted opinion: %s", exc)
                    self._predictors[locked.name] = None
            return self._predictors[locked.name]
