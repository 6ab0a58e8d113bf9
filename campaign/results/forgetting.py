"""Erased rows and persons taken out of the operator's lists, without holding a list in memory."""

from __future__ import annotations

import contextlib
import csv
import os
import shutil
import time
from collections.abc import Callable, Container, Mapping
from pathlib import Path

from campaign.results.folder import held, neutral
from campaign.results.row_lists import ERRORS, LISTS, PART, writable
from campaign.results.rows_to_mend import forget_mend_rows

UNFINISHED = ".again"
"""Below a folder of lists: where they are written anew."""
STALE_S = 24 * 3600


def forget_rows(folder: Path, rows: set[int]) -> None:
    """Take the lines of these rows out of every list in a folder, the result list too."""
    if not folder.is_dir():
        return
    with held(folder):
        forget_unfinished(folder)
        forget_mend_rows(folder, lambda row, _: row in rows)
        for name in LISTS:
            forget_lines(folder / name, rows)


def forget_lines(path: Path, rows: Container[int]) -> None:
    """Take the lines of these rows out of one list of a folder that is held."""
    _filter(path, lambda line: not line["row"].isdecimal() or int(line["row"]) not in rows)


def forget_unfinished(folder: Path) -> None:
    """Remove lists that a killed process did not write to their end, from a folder that is held."""
    with writable(folder / UNFINISHED), contextlib.suppress(FileNotFoundError):
        shutil.rmtree(folder / UNFINISHED)


def forget_stale_parts(folder: Path) -> None:
    """Remove what processes that were killed left of lists in a folder, once it is a day old."""
    for part in (*folder.glob(f"*{PART}"), *folder.glob(f"{UNFINISHED}/*")):
        with contextlib.suppress(OSError):
            if time.time() - part.stat().st_mtime > STALE_S:
                part.unlink()


def forget_id(folder: Path, external_id: str) -> set[int]:
    """Take the lines of a person out of every list in a folder, by the id as it was written; the rows they told of."""
    if not folder.is_dir():
        return set()
    with held(folder):
        forget_unfinished(folder)
        return _forget_id(folder, external_id)


def _forget_id(folder: Path, external_id: str) -> set[int]:
    written = neutral(external_id)
    gone = set().union(*[_filter(folder / name, lambda line: line["id"] != written) for name in LISTS])
    others = _rows_of(folder / ERRORS)  # what a killed process left may be in one list and not in the other
    return gone | forget_mend_rows(
        folder, lambda row, cells: row in gone or (external_id in cells and row not in others)
    )


def _rows_of(path: Path) -> set[int]:
    if not path.is_file():
        return set()
    with path.open(encoding="utf-8", errors="replace", newline="") as stream:
        return {int(cells[0]) for cells in csv.reader(stream) if cells and cells[0].isdecimal()}


def _filter(path: Path, is_kept: Callable[[Mapping[str, str]], bool]) -> set[int]:
    """Leave out lines of a list, whatever its columns are, without holding it in memory; their rows."""
    if not path.is_file():
        return set()
    fresh = path.with_name(f".{path.name}.{os.getpid()}{PART}")
    dropped: set[int] = set()
    try:
        with (
            writable(path),
            path.open(encoding="utf-8", errors="replace", newline="") as stream,
            fresh.open("w", encoding="utf-8", newline="") as kept,
        ):
            reader = csv.reader(stream)
            header = next(reader, [])
            writer = csv.writer(kept)
            writer.writerow(header)
            for cells in reader:
                line = dict(zip(header, cells, strict=False))
                row = line.get("row", "")
                if is_kept({"row": row, "id": line.get("id", "")}):
                    writer.writerow(cells)
                else:
                    dropped.add(int(row) if row.isdecimal() else 0)
        if dropped:
            with writable(path):
                fresh.replace(path)
        return dropped
    finally:
        fresh.unlink(missing_ok=True)
