"""Recipients, one row at a time: CSV and its kin, spreadsheets, JSON; packed, from standard input or a bucket.

A row that is malformed is a `FieldError` in that row's place and the others go on; a file that cannot be trusted
as a whole (encoding, an unmatched quote that would swallow rows, no header) is a `RecipientsError`.
"""

from __future__ import annotations

import codecs
import contextlib
import hashlib
import io
import re
from collections.abc import Callable, Iterator
from functools import cached_property
from itertools import islice
from typing import IO, Protocol

from campaign.errors import RecipientsError
from campaign.recipients import json_text
from campaign.recipients.containers import (
    PACKED,
    SPREADSHEETS,
    container_of,
    refuse_strangers,
    unpacked,
)
from campaign.recipients.delimited import DelimitedCells
from campaign.recipients.detection import (
    SAMPLED_LINES,
    Utf8Witness,
    certain_encoding,
    has_mark,
    not_decoded,
    not_whole,
    refuse_mark_of_another,
)
from campaign.recipients.dialect import NAMES, checked_separator
from campaign.recipients.encodings import AUTOMATIC, UTF_8, checked_encoding
from campaign.recipients.found import FoundFile
from campaign.recipients.header import Header
from campaign.recipients.one_file import BLOCK_BYTES, FIRST_BLOCK_BYTES, ByteReader, OneFile, one_file
from campaign.recipients.rows import RecipientRow
from campaign.recipients.spreadsheet import Sheet, SheetRows, open_sheet
from workers.printable import printable

WATCH_EVERY_ROWS = 100
SAMPLED_OBJECTS = 1_000
"""Of a JSON file, whose names are its columns."""
SAMPLED_CHARACTERS = 1_000
_ENDINGS = re.compile(r"\.(gz|bz2|xz|zip)$", re.IGNORECASE)
_TABBED = (".tsv", ".tab")


class Rows(Protocol):
    """Rows of cells of any origin: each with its number, the header first."""

    blank_rows: int
    """Without a value, left out so far."""

    def __iter__(self) -> Iterator[tuple[int, list[str]]]: ...


class Recipients:
    """A recipients file that can be read more than once."""

    def __init__(self, file: OneFile, *, encoding: str, separator: str, sheet: str | None) -> None:
        """Raises `RecipientsError` for what is no list, from its first block."""
        self._file = file
        self._separator = separator
        self._asked_sheet = sheet
        self.container = container_of(file)
        self.encoding = ""
        """Of its text; empty for a spreadsheet."""
        self.found = FoundFile()
        """What it turned out to be; complete once its rows are read."""
        self._beginning = ""
        self._has_mark = False
        self._is_tight = True
        """Whether no blank stands behind a quotation mark; known once all of it was decoded."""
        if self.is_spreadsheet and (encoding or separator):
            option, what = ("--encoding", "encoding") if encoding else ("--delimiter", "delimiter")
            raise RecipientsError(f"{self.label} is a spreadsheet and has no {what}. Leave {option} out.")
        if sheet is not None and not self.is_spreadsheet:
            raise RecipientsError(f"{self.label} is no spreadsheet. Leave --sheet out.")
        if not self.is_spreadsheet:
            self._begin(encoding)

    @property
    def label(self) -> str:
        """The file's name, for people."""
        return self._file.label

    @property
    def is_spreadsheet(self) -> bool:
        """Whether its rows are those of a sheet."""
        return self.container in SPREADSHEETS

    @property
    def sheets(self) -> tuple[str, ...]:
        """Of a spreadsheet: the sheet that is read, then the others that are not hidden."""
        return (self._sheet.name, *self._sheet.others) if self.is_spreadsheet else ()

    @property
    def is_json(self) -> bool:
        """Whether it holds JSON, by its first characters or its name; else it is CSV or a spreadsheet."""
        return not self.is_spreadsheet and json_text.is_json(self._beginning, self._name)

    @property
    def is_json_array(self) -> bool:
        """Whether it holds a JSON array."""
        return self.is_json and json_text.is_array(self._beginning)

    @cached_property
    def sha256(self) -> str:
        """Of the bytes as they came; raises `EncodingError` where not all of them are of the encoding."""
        if self.is_spreadsheet:
            return self._file.sha256
        with unpacked(self._file, self.container) as (stream, reading):
            self._decode_all(stream)
            return reading.rest()

    def require_decodable(self) -> None:
        """Raise `EncodingError` where a byte is not of the encoding."""
        _ = self.sha256

    @cached_property
    def header(self) -> Header:
        """Its columns, of which only as much is read as is needed. Raises `RecipientsError`."""
        if self.is_json:
            with self._text() as (stream, _):
                return Header.of_objects(self.label, islice(self._json_rows(stream), SAMPLED_OBJECTS))
        with self._cells() as (cells, _):
            return self._header(iter(cells))

    def sample(self, count: int) -> list[RecipientRow]:
        """The first rows."""
        if self.is_json:
            with self._text() as (stream, _):
                return list(islice(self._json_rows(stream), count))
        with self._cells() as (cells, _):
            rows = iter(cells)
            header = self._header(rows)
            return [header.row(number, row) for number, (_, row) in enumerate(islice(rows, count), start=1)]

    def rows(self, *, watch: Callable[[float], None] | None = None) -> Iterator[RecipientRow]:
        """The rows in order; memory does not grow with a text. `watch` hears how much is read, 0 to 1.

        Raises `RecipientsError` where the file is changed meanwhile.
        """
        sha256 = self.sha256
        if self.is_json:
            self.found = FoundFile(kinds=self._kinds("a JSON array" if self.is_json_array else "JSON Lines"))
            with self._text() as (stream, reading):
                yield from self._watched(self._json_rows(stream), reading, watch)
                read = reading.rest()
        else:
            with self._cells() as (cells, reading):
                yield from self._watched(self._named(cells), reading, watch)
                read = reading.rest() if reading is not None else self._file.sha256
        if read != sha256:
            raise self._file.changed()
        self._file.require_unchanged()

    def cells(self) -> Iterator[tuple[int, list[str]]]:
        """The number and the cells of every line that is not empty, the first one too."""
        with self._cells() as (cells, _):
            yield from cells

    def json_lines(self) -> Iterator[tuple[int, str]]:
        """The number and the text of every line of a JSON Lines file that is not blank."""
        with self._text() as (stream, _):
            yield from json_text.full_lines(self.label, stream)

    def json_array(self) -> Iterator[tuple[int, object]]:
        """The number and the value of every member of a JSON array; a `FieldError` for one with two readings."""
        with self._text() as (stream, _):
            yield from json_text.array_members(self.label, stream)

    @property
    def _name(self) -> str:
        """Its name without what says how it is packed."""
        return _ENDINGS.sub("", self.label)

    def _begin(self, encoding: str) -> None:
        """Decide the encoding from the first block; raises `RecipientsError`."""
        with unpacked(self._file, self.container) as (stream, _):
            block = stream.read(FIRST_BLOCK_BYTES)
        refuse_strangers(self.label, block)
        if encoding:
            refuse_mark_of_another(self.label, encoding, block)
        self.encoding = encoding or certain_encoding(block) or UTF_8
        self._has_mark = has_mark(block)
        self._beginning = block.decode(self.encoding, "replace")[:SAMPLED_CHARACTERS].lstrip("\ufeff")

    def _decode_all(self, stream: IO[bytes]) -> None:
        """Raise `EncodingError` where a byte is not of the encoding, or where all are UTF-8 and another was named."""
        decoder = codecs.getincrementaldecoder(self.encoding)()
        witness = None if self.encoding.startswith(("utf", "ascii")) else Utf8Witness()
        last = ""
        try:
            while block := stream.read(BLOCK_BYTES):
                text = last + decoder.decode(block)
                self._is_tight = self._is_tight and '" ' not in text and '"\t' not in text
                last = text[-1:]
                if witness is not None:
                    witness.see(block)
            decoder.decode(b"", True)
        except UnicodeError as exc:
            raise self._not_decoded() from exc
        if witness is not None and witness.is_sure:
            raise RecipientsError(
                f"{self.label} is UTF-8, and --encoding says {self.encoding}: {witness.shown(self.encoding)}. "
                "Leave --encoding out."
            )

    def _not_decoded(self) -> RecipientsError:
        if self._has_mark:
            return not_whole(self.label, self.encoding)
        with unpacked(self._file, self.container) as (stream, _):
            lines = iter(lambda: stream.readline(BLOCK_BYTES), b"")
            strange = (line for line in lines if not line.isascii())
            return not_decoded(self.label, self.encoding, islice(strange, SAMPLED_LINES))

    @contextlib.contextmanager
    def _text(self) -> Iterator[tuple[IO[str], ByteReader]]:
        """The text, and the reading of the file; what is wrong with its bytes is a `RecipientsError`."""
        with unpacked(self._file, self.container) as (stream, reading):
            try:
                with io.TextIOWrapper(stream, encoding=self.encoding, newline="") as text:
                    yield text, reading
            except UnicodeError as exc:  # UTF-16 without its mark is no UnicodeDecodeError
                raise self._not_decoded() from exc

    @contextlib.contextmanager
    def _cells(self) -> Iterator[tuple[Rows, ByteReader | None]]:
        """The rows of cells; the reading of the file where it is read as they are."""
        if self.is_spreadsheet:
            sheet = self._sheet
            self.found = FoundFile(kinds=[str(self.container), sheet.told], notes=list(sheet.notes))
            yield SheetRows(sheet), None
            return
        favoured = "\t" if self._name.lower().endswith(_TABBED) else ""
        with self._text() as (stream, reading):
            is_tight = "sha256" in self.__dict__ and self._is_tight
            cells = DelimitedCells(
                self.label, stream, separator=self._separator, favoured=favoured, is_tight=is_tight
            )
            parted = NAMES.get(cells.separator, f"parted by {printable(cells.separator)!r}")
            self.found = FoundFile(kinds=self._kinds(parted))
            yield cells, reading

    @cached_property
    def _sheet(self) -> Sheet:
        with self._file.reader() as stream:
            data = stream.read()
        if hashlib.sha256(data).hexdigest() != self._file.sha256:
            raise self._file.changed()
        return open_sheet(self.label, data, self.container, sheet=self._asked_sheet)

    def _kinds(self, parted: str) -> list[str]:
        packed = [f"packed as {self.container}"] if self.container in PACKED else []
        return [parted, *([] if self.encoding == UTF_8 else [self.encoding]), *packed]

    def _header(self, rows: Iterator[tuple[int, list[str]]]) -> Header:
        return Header.of_cells(self.label, next(rows, (1, []))[1])

    def _named(self, cells: Rows) -> Iterator[RecipientRow]:
        """The rows by the names of their columns; counts what is left out."""
        rows = iter(cells)
        header = self._header(rows)
        names, width = header.names, header.width if header.is_plain else -1
        for number, (_, row) in enumerate(rows, start=1):
            if len(row) == width:  # most rows of most files, in half the time
                yield RecipientRow(number, dict(zip(names, row, strict=True)))
            else:
                yield header.row(number, row)
        self.found.blank_rows = cells.blank_rows
        self.found.doubled_columns = sum(map(len, header.doubled.values()))
        self.found.nameless_columns = len(header.filled_nameless)
        self.found.empty_columns = len(header.nameless) - len(header.filled_nameless)

    def _json_rows(self, stream: IO[str]) -> Iterator[RecipientRow]:
        rows = json_text.array_rows if self.is_json_array else json_text.line_rows
        return rows(self.label, stream)

    def _watched(
        self,
        rows: Iterator[RecipientRow],
        reading: ByteReader | None,
        watch: Callable[[float], None] | None,
    ) -> Iterator[RecipientRow]:
        if watch is None:
            return rows
        return self._telling(rows, reading, watch)

    def _telling(
        self, rows: Iterator[RecipientRow], reading: ByteReader | None, watch: Callable[[float], None]
    ) -> Iterator[RecipientRow]:
        for row in rows:
            if row.number % WATCH_EVERY_ROWS == 0:
                watch(reading.tell() / max(1, self._file.size_bytes) if reading is not None else 1.0)
            yield row


@contextlib.contextmanager
def open_recipients(
    source: str,
    *,
    encoding: str = AUTOMATIC,
    separator: str = "",
    sheet: str | None = None,
    fetch: Callable[[str], bytes] | None = None,
    label: str | None = None,
) -> Iterator[Recipients]:
    """Open a path, `-` or an `s3://` URL (read by `fetch`); raises `RecipientsError` when it cannot be.

    `label` is what people call it, by default its own name. `encoding` and `separator` are found where nothing says
    them; `sheet` is a name or a number, by default the first that is not hidden.
    """
    encoding = checked_encoding(encoding) if encoding else AUTOMATIC
    separator = checked_separator(separator) if separator else ""
    with one_file(source, fetch=fetch, label=label) as file:
        yield Recipients(file, encoding=encoding, separator=separator, sheet=sheet)
