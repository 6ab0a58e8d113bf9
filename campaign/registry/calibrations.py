"""What was learned of a preset, as a campaign's lock has it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from storage.lock import LockedBounds, LockedCalibration, LockedPrint
from storage.registry import calibrations as calibration_rows
from storage.registry.calibrations import Calibration
from storage.registry.presets import Preset
from storage.session import Connection
from workers.strict import StrictTable


class PrintRecord(StrictTable):
    """A voice print without its vector."""

    digest: str
    lowest: float
    median: float
    renders: int


class LanguageRecord(StrictTable):
    """What was learned in one language."""

    nats: float
    unlike_sounds: float
    beyond: list[str]
    """Kinds of values that are not judged."""
    sentences: int
    heard: dict[str, Annotated[tuple[int, int], Field(strict=False)]]
    """Kind to how many values were heard, of how many."""
    print: PrintRecord | None = None
    telephone_print: PrintRecord | None = None
    """The same of the renders as a telephone has them."""

    @property
    def print_digests(self) -> list[str]:
        """Of the vectors that belong to it."""
        return [one.digest for one in (self.print, self.telephone_print) if one is not None]


class CalibrationRecord(StrictTable):
    """The record that a calibration keeps."""

    prompts: str
    """Digest of what was said."""
    encoder_file: str = ""
    """Among the models of a machine."""
    languages: dict[str, LanguageRecord]


def record_of(calibration: Calibration) -> CalibrationRecord:
    """What it says."""
    return CalibrationRecord.model_validate(dict(calibration.record))


def locked_calibration(
    connection: Connection, preset: Preset, pin_id: str, recogniser: str, listening_revision: int
) -> LockedCalibration | None:
    """The one that counts now for a preset on a pin, heard by a recogniser; None where there is none."""
    found = calibration_rows.newest(connection, preset, pin_id, recogniser, listening_revision)
    return None if found is None else _locked(found)


def _locked(calibration: Calibration) -> LockedCalibration:
    record = record_of(calibration)
    learned = record.languages.items() if calibration.has_vectors else ()
    return LockedCalibration(
        digest=calibration.digest,
        languages={
            language: LockedBounds(nats=one.nats, unlike_sounds=one.unlike_sounds, beyond=tuple(one.beyond))
            for language, one in record.languages.items()
        },
        encoder=calibration.encoder,
        encoder_file=record.encoder_file,
        prints={language: _print(one.print) for language, one in learned if one.print},
        telephone_prints={
            language: _print(one.telephone_print) for language, one in learned if one.telephone_print
        },
    )


def _print(record: PrintRecord) -> LockedPrint:
    return LockedPrint(digest=record.digest, lowest=record.lowest, median=record.median)
