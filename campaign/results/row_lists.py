"""The operator's lists of rows, in their own folder: which rows are bad, which are duplicates.

A file is made when its first row comes. It goes on where it was when a submit is given again, and forgets rows that
are erased (`forgetting.py`). Cells that a spreadsheet would take for a formula are made neutral.
"""

from __future__ import annotations

import contextlib
import csv
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Protocol

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


class RowSink(Protocol):
    """Takes lines about rows."""

    def add(self, row: int, *cells: object) -> None:
        """One more."""
        ...


class NoList:
    """For callers who keep no list."""

    def add(self, row: int, *cells: object) -> None:
        """Nothing."""


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
        with writable(self._path):
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
            with writable(self._path):
                self._stream.close()


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
    with writable(path):
        with fresh.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows([HEADERS[path.name], *kept])
        fresh.replace(path)


@contextlib.contextmanager
def writable(path: Path) -> Iterator[None]:
    """Around what writes one of the lists: what the disk says against it becomes an `OutputError`."""
    try:
        yield
    except OSError as exc:
        raise OutputError(
            f"{path} cannot be written: {exc.strerror}. Bad rows are listed there: free space, or let CAMPAIGN_HOME "
            "name a folder that takes files. Then give the same command again."
        ) from exc
