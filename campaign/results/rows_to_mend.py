"""`rows-to-mend.csv`: every refused row with its own columns, what is wrong with it and how to mend it.

Made for a spreadsheet: UTF-8 with a mark that Excel looks for, no cell that is a formula. The row's own columns come
first, as they are in the recipients file; the marks after them say which row it is and what is wrong. `campaign amend`
reads it back. Where a row brings a column that no row before it had (JSON Lines), the list is written anew with it.
"""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO

from campaign.errors import RowError
from campaign.results.folder import FORMULA
from campaign.results.row_lists import PART, writable

MEND = "rows-to-mend.csv"
MARKS = ("campaign_row", "problem_column", "problem", "reason", "mend")
"""What is written after a row's own columns; the first is the row's number in the campaign."""
WIDENED_LIMIT = 500
"""How often a list is written anew for columns that come later."""
SEPARATORS = (",", ";", "\t")
ENCODING = "utf-8-sig"


def mark_names(own: Iterable[str]) -> tuple[str, ...]:
    """What the marks are called beside columns of these names: one that is taken gets `campaign_` before it."""
    taken = {_folded(name) for name in own}
    names = []
    for mark in MARKS:
        name = mark
        while _folded(name) in taken:
            name = f"campaign_{name}"
        names.append(name)
    return tuple(names)


def _folded(name: str) -> str:
    return re.sub(r"[\s_-]+", "", name).casefold()


def guarded(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula; `unguarded` gives back what it was."""
    return f"'{cell}" if cell.lstrip("'")[:1] in FORMULA and cell else cell


def unguarded(cell: str) -> str:
    """The inverse of `guarded`; what a person wrote without a guard stays as it is."""
    return cell[1:] if cell[:1] == "'" and cell.lstrip("'")[:1] in FORMULA else cell


class MendList:
    """The list, while it is written. A file is made when its first row comes; lines up to row `after` stay."""

    def __init__(self, folder: Path, *, after: int = 0, own: Sequence[str] = ()) -> None:
        """`own`: columns that come first, in this order. Raises `OutputError`."""
        self._path = folder / MEND
        self._own = list(own)
        self._known = set(own)
        self._stream: IO[str] | None = None
        self._widened = 0
        self._left_out = 0
        if self._path.exists():
            self._own = _kept(self._path, lambda row: row <= after, own)
            self._known = set(self._own)

    def add(
        self, row: int, fields: Mapping[str, str], error: RowError, columns: Mapping[str, str] | None = None
    ) -> None:
        """One more row; `columns`: what the brief calls a column, to the row's own name of it.

        Raises `OutputError` when the folder takes no file.
        """
        new = [name for name in fields if name not in self._known]
        column = (columns or {}).get(error.column or "", error.column or "")
        if new and self._widened == WIDENED_LIMIT:
            self._left_out += 1
            return
        with writable(self._path):
            if new:
                self._widen(new)
            stream = self._stream or self._open()
            marks = (str(row), column, error.code, error.reason, error.mend)
            cells = [*(fields.get(name, "") for name in self._own), *marks]
            csv.writer(stream).writerow([guarded(cell) for cell in cells])

    @property
    def notes(self) -> tuple[str, ...]:
        """What the list does not hold, a sentence."""
        if not self._left_out:
            return ()
        return (
            f"{self._left_out:,} refused rows have columns that none of the {WIDENED_LIMIT} kinds of rows before them "
            f"had: they are in errors.csv and not in {MEND}.",
        )

    def close(self) -> None:
        """Idempotent."""
        if self._stream is not None:
            with writable(self._path):
                self._stream.close()
            self._stream = None

    def _open(self) -> IO[str]:
        is_new = not self._path.exists()
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._stream = self._path.open("a", encoding=ENCODING, errors="replace", newline="")
        if is_new:
            csv.writer(self._stream).writerow(_header(self._own))
        return self._stream

    def _widen(self, new: Sequence[str]) -> None:
        self.close()
        before = len(self._own)
        self._own += new
        self._known.update(new)
        if self._path.exists():
            self._widened += 1
            _rewrite(
                self._path,
                _header(self._own),
                lambda cells: [*cells[:before], *[""] * len(new), *cells[before:]],
            )


def _header(own: Sequence[str]) -> list[str]:
    return [guarded(name) for name in (*own, *mark_names(own))]


def listed_rows(folder: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows that a list has, each with its own columns as they were; of what is no such list any more none."""
    path = folder / MEND
    layout = _layout(path) if path.is_file() else None
    if layout is None:
        return
    header, separator = layout
    own = [unguarded(name) for name in header[: -len(MARKS)]]
    with path.open(encoding=ENCODING, errors="replace", newline="") as stream:
        lines = _whole_lines(stream, separator)
        next(lines, None)
        for cells in lines:
            number = _row_of(cells) if len(cells) == len(header) else None
            if number is not None:
                yield number, dict(zip(own, map(unguarded, cells), strict=False))


def forget_mend_rows(folder: Path, is_gone: Callable[[int, Sequence[str]], bool]) -> set[int]:
    """Leave out the rows that `is_gone` names by their number and cells; which they were.

    A list that somebody edited in its place is read with the separator it has now; what is no such list any more is
    removed whole, for nobody can say whom it tells of.
    """
    path = folder / MEND
    if not path.is_file():
        return set()
    if _layout(path) is None:
        with writable(path):
            path.unlink()
        return {0}
    gone: set[int] = set()

    def kept(cells: list[str]) -> list[str] | None:
        number = _row_of(cells)
        if number is None or is_gone(number, [unguarded(cell).strip() for cell in cells[: -len(MARKS)]]):
            gone.add(number or 0)
            return None
        return cells

    _rewrite(path, None, kept)
    return gone


def _kept(path: Path, is_kept: Callable[[int], bool], own: Sequence[str]) -> list[str]:
    """Keep the whole lines of some rows; the own columns that the list has."""
    layout = _layout(path)
    if layout is None or layout[1] != ",":
        with writable(path):
            path.unlink()
        return list(own)
    header, _ = layout

    def kept(cells: list[str]) -> list[str] | None:
        # half a line is what a full disk leaves: its row is written again
        number = _row_of(cells) if len(cells) == len(header) else None
        return cells if number is not None and is_kept(number) else None

    _rewrite(path, None, kept)
    return [unguarded(name) for name in header[: -len(MARKS)]]


def _layout(path: Path) -> tuple[list[str], str] | None:
    """The header and the separator of a list; None for what is none."""
    for separator in SEPARATORS:
        with path.open(encoding=ENCODING, errors="replace", newline="") as stream:
            header = next(csv.reader(stream, delimiter=separator), [])
        own = [unguarded(name) for name in header[: -len(MARKS)]]
        if tuple(header[-len(MARKS) :]) == mark_names(own):
            return header, separator
    return None


def _row_of(cells: Sequence[str]) -> int | None:
    """The number of a line's row; None for half a line."""
    number = cells[-len(MARKS)] if len(cells) >= len(MARKS) else ""
    return int(number) if number.isdecimal() else None


def _rewrite(path: Path, header: list[str] | None, line: Callable[[list[str]], list[str] | None]) -> None:
    """Every line as `line` makes it, without those of which it makes None; a list of which no line is left goes."""
    layout = _layout(path)
    separator = layout[1] if layout else ","
    fresh = path.with_name(f".{path.name}.{os.getpid()}{PART}")
    count = 0
    try:
        with (
            writable(path),
            path.open(encoding=ENCODING, errors="replace", newline="") as stream,
            fresh.open("w", encoding=ENCODING, newline="") as kept,
        ):
            lines = _whole_lines(stream, separator)
            writer = csv.writer(kept, delimiter=separator)
            old = next(lines, [])
            writer.writerow(old if header is None else header)
            for cells in lines:
                made = line(cells)
                if made is not None:
                    writer.writerow(made)
                    count += 1
        with writable(path):
            if count:
                fresh.replace(path)
            else:
                path.unlink()
    finally:
        fresh.unlink(missing_ok=True)


def _whole_lines(stream: IO[str], separator: str) -> Iterator[list[str]]:
    """The lines that end, each as its cells."""

    def ended() -> Iterator[str]:
        for text in stream:
            if text.endswith(("\n", "\r")):
                yield text

    for cells in csv.reader(ended(), delimiter=separator):
        if cells:
            yield cells
