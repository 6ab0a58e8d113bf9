"""Exit codes, named, with what each tells; `campaign.errors` says which error ends with which."""

from __future__ import annotations

import os
from collections.abc import Mapping

from campaign.errors import (
    CONFLICT,
    DEVICE_LOST,
    ENGINE,
    INPUT,
    NOT_FOUND,
    ROW_ERRORS,
    UNAVAILABLE,
    outcome_of,
)

__all__ = [
    "CONFLICT",
    "CRASH",
    "DEVICE_LOST",
    "ENGINE",
    "EXIT_TABLE",
    "FINISHED_WITH_ERRORS",
    "INPUT",
    "INTERRUPTED",
    "NOT_FOUND",
    "OK",
    "ROW_ERRORS",
    "UNAVAILABLE",
    "UNHEALTHY",
    "USAGE",
    "exit_code_of",
    "message_of",
]

OK = 0
CRASH = 1
USAGE = 2
FINISHED_WITH_ERRORS = 9
UNHEALTHY = 10
INTERRUPTED = 130

EXIT_TABLE: Mapping[int, str] = {
    OK: "done",
    CRASH: "a fault of the program itself",
    USAGE: "the command line is wrong",
    INPUT: "a file, brief, template or lexicon is wrong; nothing was submitted",
    CONFLICT: "the id has other content, or the state forbids this",
    NOT_FOUND: "no campaign, row, preset or pin of that name",
    ROW_ERRORS: "some rows are bad and --on-error reject stopped the submit; some lines of normalise are bad",
    UNAVAILABLE: "the database, broker, object store or a disk cannot be used",
    ENGINE: "the engine cannot be used",
    FINISHED_WITH_ERRORS: "the campaign ended and some rows failed",
    UNHEALTHY: "doctor found something to fix",
    DEVICE_LOST: "the device's context is lost: start the worker again (`--gpus` does)",
    INTERRUPTED: "interrupted; the same command continues",
}


def exit_code_of(error: BaseException) -> int | None:
    """The exit code of an error that is raised on purpose or is the disk's; None for a fault of the program."""
    outcome = outcome_of(error)
    if outcome is not None:
        return outcome.exit_code
    return UNAVAILABLE if isinstance(error, OSError) else None


def message_of(error: BaseException) -> str:
    """What is said of an error that ends a command. What the operating system refused is told with the place."""
    if not isinstance(error, OSError) or outcome_of(error) is not None:
        return str(error)
    place = (
        os.fsdecode(error.filename) if isinstance(error.filename, str | bytes) else "what is written or read"
    )
    return (
        f"{place}: {error.strerror or error}. Free space, mend the rights of this user or name another place; "
        "`campaign doctor` looks at disk, home and database, `-vv` shows where it happened."
    )
