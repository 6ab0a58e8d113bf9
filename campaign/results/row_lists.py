"""The operator's lists of rows, in their own folder: which rows are bad, which are duplicates.

A file is made when its first row comes. It goes on where it was when a submit is given again, and forgets rows that
are erased. Cells that a spreadsheet would take for a formula are made neutral.
"""

from __future__ import annotations

import contextlib
import csv
import io
import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import IO

from campaign.errors import OutputError
from campaign.results.folder import neutral

ERRORS = "errors.csv"
DUPLICATES = "duplicates.csv"
RESULT = "recipients-result.csv"
"""Who got what; written whole with the report."""
LISTS = (ERRORS, DUPLICATES, RESULT)
PART = ".part"
HEADERS = {
    ERRORS: ("row", "id", "column", "code", "reason", "mend"),
    DUPLICATES: ("row", "id", "first_row"),
}


class RowList:
    """One of the lists, while it is written."""

    def __init__(self, folder: Path, name: str, *, after: int = 0) -> None:
        """`after`: lines of rows up to this one stay, later ones are rewritten. Raises `OutputError`."""
        self._path = folder / name
        self._header = HEADERS[name]
        self._stream: IO[str] | None = None
        _keep(self._path, lambda row: row <= after)

    def add(self, row: int, *cells: object) -> None:
        """One more line. Raises `OutputError` when the folder takes no file."""
        harmless = [neutral(cell) if isinstance(cell, str) else cell for cell in cells]
        with _writable(self._path):
            if self._stream is None:
                is_new = not self._path.exists()
                self._path.parent.mkdir(parents=True, exist_ok=True)
                self._stream = self._path.open("a", encoding="utf-8", errors="replace", newline="")
                if is_new:
                    csv.writer(self._stream).writerow(self._header)
            csv.writer(self._stream).writerow([row, *harmless])

    def close(self) -> None:
        """Idempotent."""
        if self._stream is not None:
            with _writable(self._path):
                self._stream.close()


def forget_rows(folder: Path, rows: set[int]) -> None:
    """Take the lines of these rows out of every list in a folder, the result list too."""
    for name in LISTS:
        _filter(folder / name, lambda line: not line["row"].isdecimal() or int(line["row"]) not in rows)


def forget_id(folder: Path, external_id: str) -> set[int]:
    """Take the lines of a person out of every list in a folder, by the id as it was written; the rows they told of."""
    written = neutral(external_id)
    gone = [_filter(folder / name, lambda line: line["id"] != written) for name in LISTS]
    return set().union(*gone)


def _filter(path: Path, is_kept: Callable[[Mapping[str, str]], bool]) -> set[int]:
    """Leave out lines of a list, whatever its columns are, without holding it in memory; their rows."""
    if not path.is_file():
        return set()
    fresh = path.with_name(f".{path.name}.{os.getpid()}{PART}")
    dropped: set[int] = set()
    try:
        with (
            _writable(path),
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
            with _writable(path):
                fresh.replace(path)
        return dropped
    finally:
        fresh.unlink(missing_ok=True)


def _keep(path: Path, is_kept: Callable[[int], bool]) -> None:
    if not path.exists():
        return
    with path.open(encoding="utf-8", errors="replace", newline="") as stream:
        written = stream.read()
    header, *lines = [*csv.reader(io.StringIO(written))] or [[]]
    # half a line is what a full disk leaves: its row is written again
    kept = [line for line in lines if line and line[0].isdecimal() and is_kept(int(line[0]))]
    is_whole = header == list(HEADERS[path.name]) and written.endswith("\n")
    if is_whole and len(kept) == len(lines):
        return
    fresh = path.with_suffix(".part")
    with _writable(path):
        with fresh.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows([HEADERS[path.name], *kept])
        fresh.replace(path)


@contextlib.contextmanager
def _writable(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as exc:
        raise OutputError(
            f"{path} cannot be written: {exc.strerror}. Bad rows are listed there: free space, or let CAMPAIGN_HOME "
            "name a folder that takes files. Then give the same command again."
        ) from exc
