"""The operator's own copies: where they lie, and how a file gets there whole and harmless."""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

from campaign.errors import InputError, OutputError
from storage.folders import below, remove_below
from storage.installation import Installation
from storage.names import CampaignId

RESULTS = "results"
"""Below the home: a folder a campaign."""
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What a cell begins with that a spreadsheet takes for a formula, or for something that it leaves out."""


def result_folder(installation: Installation, campaign_id: CampaignId) -> Path:
    """The operator's own artefacts of one campaign."""
    return below(installation.settings.home / RESULTS, CampaignId(campaign_id))


def result_folders(installation: Installation) -> list[Path]:
    """Every folder of such artefacts, of campaigns and of submits of which none became."""
    root = installation.settings.home / RESULTS
    return [
        place
        for place in sorted(root.glob("*"))
        if place.is_dir() and re.fullmatch(CampaignId.form, place.name)
    ]


@contextlib.contextmanager
def held(folder: Path) -> Iterator[None]:
    """Alone with the lists of a folder that there is: who writes them anew waits for who takes people out."""
    with writing(folder):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def forget_results(installation: Installation, campaign_id: CampaignId) -> None:
    """Remove the operator's own artefacts of one campaign, and nothing beside them. Raises `InputError`."""
    folder = result_folder(installation, campaign_id)
    try:
        with held(folder) if folder.is_dir() else contextlib.nullcontext():
            remove_below(installation.settings.home / RESULTS, CampaignId(campaign_id))
    except OSError as exc:
        raise InputError(
            f"the results of {campaign_id} cannot be removed: {exc.strerror}. Remove {exc.filename} yourself, then "
            "erase again."
        ) from exc


@contextlib.contextmanager
def writing(path: Path) -> Iterator[None]:
    """Around what writes `path` or into it: what the disk says against it becomes an `OutputError`."""
    try:
        yield
    except OSError as exc:
        raise OutputError(
            f"{path} cannot be written: {exc.strerror or exc}. {_mend(exc)} Nothing was lost."
        ) from exc


def _mend(exc: OSError) -> str:
    if isinstance(exc, PermissionError | FileNotFoundError | NotADirectoryError | IsADirectoryError):
        return "Name a place that this user may write to."
    return "Free space there, or name another place."


def make_folder(folder: Path) -> None:
    """A folder for what is asked for, made if it is not there. Raises `OutputError`."""
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)


def written_whole(path: Path, write: Callable[[Path], int]) -> int:
    """Let `write` fill a file beside `path` and give it its name: no half export, and the old one stays on failure.

    What is no file (a pipe, a terminal) is written into as it is. Raises `OutputError`.
    """
    with writing(path):
        goal = path.resolve()
        if goal.exists() and not goal.is_file():
            return write(path)
        fresh = goal.with_name(f".{uuid4().hex}.part")
        try:
            count = write(fresh)
            fresh.replace(goal)
        finally:
            with contextlib.suppress(OSError):
                fresh.unlink(missing_ok=True)
    return count


def write_whole(path: Path, content: bytes | str) -> None:
    """Bytes, or text as UTF-8, whole or not at all. Raises `OutputError`."""
    data = content.encode(errors="replace") if isinstance(content, str) else content
    written_whole(path, lambda fresh: fresh.write_bytes(data))


def neutral(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell[:1] in FORMULA else cell
