"""Files held against the voice prints of their presets: a measure, never a reason to fail.

The print is read by the digest that the campaign's lock names, the encoder found under the lock's name. Where either is
missing, files are delivered without a score, and the log says so once.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping, Sequence

from storage.lock import LockedCalibration, LockedPrint
from storage.registry import calibrations
from storage.session import Database
from storage.settings import Settings
from workers.engines.engine import EngineError
from workers.finish.decoding import decoded
from workers.languages import primary
from workers.measure.likeness import OnnxEncoder, SpeakerEncoder
from workers.measure.voice_print import likeness

log = logging.getLogger(__name__)


class Likenesses:
    """What scores files in one worker process. Safe to share between threads; everything is loaded once."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self._settings = settings
        self._database = database
        self._encoders: dict[str, SpeakerEncoder | None] = {}
        """By the name that a lock has; None: not here."""
        self._prints: dict[str, Mapping[str, Sequence[float]]] = {}
        """Digest of the calibration to its prints by theirs."""
        self._lock = threading.Lock()

    def score(self, data: bytes, language: str, calibration: LockedCalibration | None) -> float | None:
        """Cosine of a finished file to its preset's print, -1 to 1; None where it cannot be told."""
        if calibration is None or not (calibration.prints or calibration.telephone_prints):
            return None
        pcm, rate_hz = decoded(data, dtype="int16")
        held_against = calibration.print_for(primary(language), rate_hz)
        if held_against is None:
            return None
        with self._lock:
            encoder = self._encoder(calibration)
            vector = self._vector(calibration, held_against)
        if encoder is None or vector is None:
            return None
        return likeness(encoder, vector, pcm, rate_hz)

    def _vector(self, calibration: LockedCalibration, held_against: LockedPrint) -> Sequence[float] | None:
        if calibration.digest not in self._prints:
            with self._database.read() as connection:
                self._prints[calibration.digest] = calibrations.vectors(connection, calibration.digest)
            if not self._prints[calibration.digest]:
                log.warning("a voice print is gone, files of its voice have no score")
        return self._prints[calibration.digest].get(held_against.digest)

    def _encoder(self, calibration: LockedCalibration) -> SpeakerEncoder | None:
        if calibration.encoder not in self._encoders:
            try:
                found: SpeakerEncoder | None = self._opened(calibration)
            except EngineError as exc:
                log.warning("encoder not here, files have no score of their voice: %s", exc)
                found = None
            self._encoders[calibration.encoder] = found
        return self._encoders[calibration.encoder]

    def _opened(self, calibration: LockedCalibration) -> SpeakerEncoder:
        """Raises `EngineError` where the one with the lock's name is not here."""
        if calibration.encoder_file:
            path = self._settings.kept_models / calibration.encoder_file
            mend = "fetch it here: campaign voice get speaker-encoder"
        elif self._settings.speaker_encoder is not None:
            path = self._settings.speaker_encoder.expanduser()
            mend = "name the same file with CAMPAIGN_SPEAKER_ENCODER here"
        else:
            raise EngineError(f"{calibration.encoder} is a file of CAMPAIGN_SPEAKER_ENCODER; set it here too")
        if not path.is_file():
            raise EngineError(f"{calibration.encoder} is not at {path}; {mend}")
        encoder = OnnxEncoder(path)
        if encoder.name != calibration.encoder:
            raise EngineError(
                f"the campaign's voices are told by {calibration.encoder}, and here is {encoder.name}; {mend}"
            )
        return encoder
