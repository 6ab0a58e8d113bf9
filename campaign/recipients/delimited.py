"""Rows of cells from text: CSV and its kin."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from typing import IO

from campaign.errors import RecipientsError
from campaign.recipients.dialect import SAMPLED_ROWS, likely_separator, named_separator, tightened
from campaign.recipients.rows import ROW_LIMIT_CHARACTERS
from workers.printable import printable

_END_OF_DOS = ["\x1a"]
"""A sign that old programs write behind the last row."""
CELL_LIMIT_CHARACTERS = 1 << 20
SHOWN_CHARACTERS = 40
_RULE = re.compile(r"[\s|+:=-]*(?:-{3,}|={3,})[\s|+:=-]*")
"""A line that is drawn, as consoles of databases and Markdown do under a header."""
_RULE_SIGNS = "-=+|:"


class Lines:
    """The lines of a text, never more characters of one row in memory than `ROW_LIMIT_CHARACTERS`."""

    def __init__(self, label: str, stream: IO[str]) -> None:
        self._label = label
        self._stream = stream
        self.left = ROW_LIMIT_CHARACTERS
        """Characters that the row which is read may still have."""
        self._number = 0

    def __iter__(self) -> Iterator[str]:
        readline = self._stream.readline
        while line := readline(self.left + 1):
            self._number += 1
            self.left -= len(line)
            if self.left < 0:
                raise RecipientsError(
                    f"{self._label}, line {self._number}: a row of more than {ROW_LIMIT_CHARACTERS:,} characters. "
                    "Look there for a quotation mark without its partner or line ends that are missing."
                )
            yield line

    def begin_row(self) -> None:
        """What is read from here on is another row."""
        self.left = ROW_LIMIT_CHARACTERS


class DelimitedCells:
    """The rows of a text: (number of its line, its cells), the header first, rows without a value left out."""

    def __init__(
        self,
        label: str,
        stream: IO[str],
        *,
        separator: str = "",
        favoured: str = "",
        is_tight: bool = False,
    ) -> None:
        """`separator` as somebody said it; `favoured` as the file's name says. Raises `RecipientsError`.

        `is_tight` says that no blank stands behind a quotation mark anywhere.
        """
        csv.field_size_limit(CELL_LIMIT_CHARACTERS)
        self._label = label
        self._lines = Lines(label, stream)
        self._text = iter(self._lines)
        self._before = 0
        first = self._first_full_line()
        named = None if separator else named_separator(first)
        self._before += named is not None
        begin = self._first_full_line() if named is not None else first
        head = [begin, *islice(self._text, SAMPLED_ROWS - 1)] if begin else []
        self._lines.begin_row()
        self.separator = separator or named or likely_separator(label, head, favoured=favoured)
        """What parts the cells."""
        self.blank_rows = self._before - (named is not None)
        """Rows and lines without a value, so far."""
        text = chain(head, self._text)
        self._rows = csv.reader(
            text if is_tight else tightened(text, self.separator),
            strict=True,
            delimiter=self.separator,
            skipinitialspace=True,
        )

    def _first_full_line(self) -> str:
        line = next(self._text, "")
        while line and (not line.strip(" \t\r\n,;|\ufeff\u00a0\u200b") or _RULE.fullmatch(line)):
            self._before += 1
            self._lines.begin_row()
            line = next(self._text, "")
        return line

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        number, lines, rows, before = 0, self._lines, self._rows, self._before
        width = ended = 0
        try:
            for cells in rows:
                lines.left = ROW_LIMIT_CHARACTERS
                width = width or len(cells)
                if rows.line_num > ended + 1 and (row := _row_within(cells, self.separator, width)):
                    raise RecipientsError(
                        f"{self._label}, line {ended + 1 + before}: a quotation mark opens a cell that ends in line "
                        f"{rows.line_num + before}, and {printable(row)!r} within it looks like a row of its own. "
                        'Close the quotation mark where the cell ends, or write "" for a mark that belongs to the text.'
                    )
                ended = rows.line_num
                text = (cells[0].strip() or "".join(cells).strip()) if cells else ""
                if (
                    text
                    and cells != _END_OF_DOS
                    and not (text[0] in _RULE_SIGNS and _RULE.fullmatch("".join(cells)))
                ):
                    yield ended + before, cells
                    number += 1
                else:
                    self.blank_rows += 1
        except csv.Error as exc:
            raise RecipientsError(
                f"{self._label}, line {ended + 1 + self._before}, after row {max(0, number - 1)}: {_said(exc)}."
            ) from exc


def _said(error: csv.Error) -> str:
    """What is wrong with a row, with its mend."""
    text = str(error)
    if text == "unexpected end of data":
        return (
            "a quotation mark without its partner: the cell that it opens never ends. Close it where the cell ends, or "
            'write "" for a mark that belongs to the text'
        )
    if "expected after" in text:
        return (
            "a quotation mark without its partner, within a cell that stands in such marks, or text after the last of "
            'them. Write "" for a mark that belongs to the text, in place of " or \\"'
        )
    return f"{text}. Look there for a quotation mark without its partner or a NUL byte"


def _row_within(cells: Sequence[str], separator: str, width: int) -> str:
    """A line within a cell that is the next row, it seems: as many cells, and an id in figures like the row's own."""
    own = cells[0].strip()
    if width < 2 or not own.isdecimal():
        return ""
    for cell in cells:
        for line in cell.splitlines()[1:]:
            parts = line.split(separator)
            first = parts[0].strip().strip('"')
            if not first.isdecimal() or len(parts) < width - 1:
                continue
            if int(first) == int(own) + 1 or (
                width > 2 and len(parts) >= width and len(first) == len(own) > 3
            ):
                return line[:SHOWN_CHARACTERS]
    return ""
