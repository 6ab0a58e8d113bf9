"""Exit codes, named; and one table from error class to exit code."""

from __future__ import annotations

from collections.abc import Mapping

OK = 0
CRASH = 1
USAGE = 2
INPUT = 3
CONFLICT = 4
NOT_FOUND = 5
ROW_ERRORS = 6
UNAVAILABLE = 7
ENGINE = 8
FINISHED_WITH_ERRORS = 9
UNHEALTHY = 10
DEVICE_LOST = 75
INTERRUPTED = 130

EXIT_TABLE: Mapping[int, str] = {
    OK: "done",
    CRASH: "a fault of the program itself",
    USAGE: "the command line is wrong",
    INPUT: "a file, brief, template or lexicon is wrong; nothing was submitted",
    CONFLICT: "the id has other content, or the state forbids this",
    NOT_FOUND: "no campaign, row, preset or pin of that name",
    ROW_ERRORS: "some rows are bad and --on-error reject stopped the submit; some lines of normalise are bad",
    UNAVAILABLE: "the database, broker or object store cannot be used",
    ENGINE: "the engine cannot be used",
    FINISHED_WITH_ERRORS: "the campaign ended and some rows failed",
    UNHEALTHY: "doctor found something to mend",
    DEVICE_LOST: "the device's context is lost: start the worker again (`--gpus` does)",
    INTERRUPTED: "interrupted; the same command goes on",
}


def exit_code_of(error: BaseException) -> int | None:
    """The exit code of an error that is raised on purpose; None for a fault of the program."""
    from campaign import errors
    from campaign.submission.submit import RowErrorsFound
    from storage.errors import StateError, StorageError, UnkeepableTextError
    from workers.engines.engine import DeviceLostError, EngineError, UnknownEngineError
    from workers.errors import AlreadyWorkingError, RecordingError, WorkerError

    table: tuple[tuple[type[BaseException], int], ...] = (
        (RowErrorsFound, ROW_ERRORS),
        (errors.ConflictError, CONFLICT),
        (errors.NotFoundError, NOT_FOUND),
        (errors.CampaignError, INPUT),
        (StateError, CONFLICT),
        (UnkeepableTextError, INPUT),
        (AlreadyWorkingError, CONFLICT),
        (StorageError, UNAVAILABLE),
        (DeviceLostError, DEVICE_LOST),
        (UnknownEngineError, NOT_FOUND),
        (EngineError, ENGINE),
        (RecordingError, INPUT),
        (WorkerError, UNAVAILABLE),
    )
    return next((code for kind, code in table if isinstance(error, kind)), None)
