"""Recipients, one row at a time: CSV, JSON Lines, gzip of either, standard input, S3.

A row that is malformed is a `FieldError` in that row's place and the others go on; a file that cannot be trusted
as a whole (encoding, an unmatched quote that would swallow rows, no header) is a `RecipientsError`.
"""

from __future__ import annotations

import contextlib
import csv
import gzip
import hashlib
import io
import json
import math
import re
import sys
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import IO

from campaign.errors import FieldError, RecipientsError
from campaign.submission.encodings import DEFAULT_ENCODING, checked_encoding
from campaign.submission.scratch import unnamed_file
from workers.printable import printable

FIELD_LIMIT_CHARACTERS = 10_000
COLUMNS_LIMIT = 500
NAME_LIMIT_CHARACTERS = 1_000
"""Of a column."""
LINE_LIMIT_BYTES = 1 << 20
ROW_LIMIT_CHARACTERS = 8 << 20
"""Of one row with all its cells, whatever its file unpacks to."""
ARRAY_LIMIT_CHARACTERS = 64 << 20
"""Of a JSON array, which is read whole."""
WATCH_EVERY_ROWS = 100
SNIFFED_CHARACTERS = 1000
SEPARATORS = (",", ";", "\t", "|")
"""Of cells, the likeliest first."""
_SEPARATOR_LINE = re.compile(r'"?sep=([,;|\t])"?\r?\n?', re.IGNORECASE)
"""A first line by which spreadsheets say what parts the cells."""
_OBSCURE = "\ufeff\u200b\u200c\u200d\u2060\u00a0"
"""Characters that spreadsheets leave around ids and header names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipientRow:
    """One row of the file; `problem` in place of `fields` that cannot be used."""

    number: int
    """1 is the first row after the header."""
    fields: Mapping[str, str]
    problem: FieldError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipients:
    """A recipients file that can be read more than once."""

    label: str
    """The file's name, for people."""
    path: Path
    """Where it lies now; a spool for standard input and S3."""
    encoding: str
    sha256: str
    """Of the bytes as they came."""

    @property
    def is_readable(self) -> bool:
        """Whether every byte of it is of its encoding."""
        try:
            with self._open() as (stream, _):
                while stream.read(1 << 20):
                    pass
        except (UnicodeError, EOFError, OSError, zlib.error):
            return False
        return True

    @property
    def is_json_array(self) -> bool:
        """Whether it holds a JSON array, by its first character."""
        with self._reading() as (stream, _):
            return stream.read(SNIFFED_CHARACTERS).lstrip().startswith("[")

    def json_array(self) -> Iterator[tuple[int, object]]:
        """The number and the value of every member of a JSON array, numbers as they are written."""
        with self._reading() as (stream, _):
            text = stream.read(ARRAY_LIMIT_CHARACTERS + 1)
        if len(text) > ARRAY_LIMIT_CHARACTERS:
            raise RecipientsError(
                f"{self.label} is an array of more than {ARRAY_LIMIT_CHARACTERS:,} characters. Write one value a line."
            )
        try:
            members = json.loads(text, parse_int=str, parse_float=str, object_pairs_hook=each_once)
        except (ValueError, RecursionError, FieldError) as exc:
            raise RecipientsError(
                f"{self.label} is no JSON array with one reading: {exc}. Correct it."
            ) from exc
        yield from enumerate(members, start=1)

    @property
    def is_json(self) -> bool:
        """Whether it holds JSON Lines, by its name or its first character; else it is CSV."""
        if self.label.removesuffix(".gz").lower().endswith((".jsonl", ".ndjson")):
            return True
        with self._reading() as (stream, _):
            return stream.read(SNIFFED_CHARACTERS).lstrip().startswith("{")

    def rows(self, *, watch: Callable[[float], None] | None = None) -> Iterator[RecipientRow]:
        """The rows in order; memory does not grow with the file. `watch` hears how much is read, 0 to 1."""
        reader = _json_rows if self.is_json else _csv_rows
        with self._reading() as (stream, part):
            for row in reader(self.label, stream):
                if watch is not None and row.number % WATCH_EVERY_ROWS == 0:
                    watch(part())
                yield row

    def cells(self) -> Iterator[tuple[int, list[str]]]:
        """The number and the cells of every line of a CSV file that is not empty, the first one too."""
        with self._reading() as (stream, _):
            yield from csv_cells(self.label, stream)

    def json_lines(self) -> Iterator[tuple[int, str]]:
        """The number and the text of every line of a JSON Lines file that is not blank."""
        with self._reading() as (stream, _):
            yield from _full_lines(self.label, stream)

    @contextlib.contextmanager
    def _reading(self) -> Iterator[tuple[IO[str], Callable[[], float]]]:
        """The text, and what part of it is read; what is wrong with its bytes is a `RecipientsError`."""
        try:
            with self._open() as opened:
                yield opened
        except UnicodeError as exc:  # UTF-16 without its mark is no UnicodeDecodeError
            where = (
                f"{exc.reason} at byte {exc.start} of a block" if isinstance(exc, UnicodeDecodeError) else exc
            )
            raise RecipientsError(
                f"{self.label} is not {self.encoding}: {where}. "
                "Save it as UTF-8 or name its encoding with --encoding, for example --encoding cp1252."
            ) from exc
        except (EOFError, gzip.BadGzipFile, zlib.error) as exc:
            raise RecipientsError(f"{self.label} is not a whole gzip file: {exc}. Make it again.") from exc

    @contextlib.contextmanager
    def _open(self) -> Iterator[tuple[IO[str], Callable[[], float]]]:
        size_bytes = max(1, self.path.stat().st_size)
        with self.path.open("rb") as raw:
            data = gzip.GzipFile(fileobj=raw) if self.label.endswith(".gz") else raw
            with io.TextIOWrapper(data, encoding=self.encoding, newline="") as text:
                yield text, lambda: raw.tell() / size_bytes


@contextlib.contextmanager
def open_recipients(
    source: str,
    *,
    encoding: str = DEFAULT_ENCODING,
    fetch: Callable[[str], bytes] | None = None,
    label: str | None = None,
) -> Iterator[Recipients]:
    """Open a path, `-` or an `s3://` URL (read by `fetch`); raises `RecipientsError` when it cannot be.

    `label` is what people call it and what says of which kind it is; by default its own name.
    """
    encoding = checked_encoding(encoding)
    with contextlib.ExitStack() as stack:
        name, path = label or source.rsplit("/", 1)[-1], Path(source)
        if source == "-" or source.startswith("s3://"):
            spool, path = stack.enter_context(unnamed_file())
            if source == "-":
                name = label or "standard input"
                while block := sys.stdin.buffer.read(1 << 20):
                    spool.write(block)
            elif fetch is None:
                raise RecipientsError(f"{source}: no store is set up to read it. Copy the file here first.")
            else:
                spool.write(fetch(source))
            spool.flush()
        try:
            with path.open("rb") as stream:
                sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
        except OSError as exc:
            raise RecipientsError(
                f"{label or source} cannot be read: {exc.strerror}. Check the name."
            ) from exc
        yield Recipients(label=printable(name), path=path, encoding=encoding, sha256=sha256)


class _Lines:
    """The lines of a file, never more characters of one row in memory than `ROW_LIMIT_CHARACTERS`."""

    def __init__(self, label: str, stream: IO[str]) -> None:
        self._label = label
        self._stream = stream
        self._left = ROW_LIMIT_CHARACTERS
        self._number = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._stream.readline(self._left + 1)
        if not line:
            raise StopIteration
        self._number += 1
        self._left -= len(line)
        if self._left < 0:
            raise RecipientsError(
                f"{self._label}, line {self._number}: a row of more than {ROW_LIMIT_CHARACTERS:,} characters. "
                "Look there for a quotation mark without its partner or line ends that are missing."
            )
        return line

    def begin_row(self) -> None:
        """What is read from here on is another row."""
        self._left = ROW_LIMIT_CHARACTERS


def csv_cells(label: str, stream: IO[str]) -> Iterator[tuple[int, list[str]]]:
    """The number of its line and the cells of each row, the header too. Raises `RecipientsError`.

    The separator is a comma, or what parts the first line where no comma does; a line `sep=;` before it decides.
    """
    csv.field_size_limit(LINE_LIMIT_BYTES)
    lines = _Lines(label, stream)
    before, first = 0, next(lines, "")
    while first and not first.strip():
        before, first = before + 1, next(lines, "")
    named = _SEPARATOR_LINE.fullmatch(first)
    separator = named[1] if named else _separator(first)
    reader = csv.reader(lines if named else chain([first], lines), strict=True, delimiter=separator)
    before += bool(named)
    number = 0
    try:
        for cells in reader:
            lines.begin_row()
            if cells:
                yield reader.line_num + before, cells
                number += 1
    except csv.Error as exc:
        raise RecipientsError(
            f"{label}, after row {max(0, number - 1)} (line {reader.line_num + before}): {exc}. "
            "Look there for a quotation mark without its partner or a NUL byte."
        ) from exc


def _separator(first: str) -> str:
    """What parts the first line of a CSV file."""
    for separator in SEPARATORS:
        with contextlib.suppress(csv.Error):
            if len(next(csv.reader([first], delimiter=separator), [])) > 1:
                return separator
    return SEPARATORS[0]


def _csv_rows(label: str, stream: IO[str]) -> Iterator[RecipientRow]:
    rows = csv_cells(label, stream)
    header = _header(label, next(rows, (1, []))[1])
    for number, (_, cells) in enumerate(rows, start=1):
        yield _csv_row(number, header, cells)


def _header(label: str, cells: list[str]) -> list[str]:
    names = [cell.strip().strip(_OBSCURE).strip() for cell in cells]
    if not any(names):
        raise RecipientsError(
            f"{label} has no header. The first line names the columns, for example id,locale,name."
        )
    if len(names) > COLUMNS_LIMIT:
        raise RecipientsError(f"{label} has {len(names)} columns, more than {COLUMNS_LIMIT}. Leave some out.")
    if longest := next((name for name in names if len(name) > NAME_LIMIT_CHARACTERS), ""):
        raise RecipientsError(
            f"{label}: column {names.index(longest) + 1} has a name of {len(longest):,} characters. Shorten it."
        )
    doubled = sorted({name for name in names if name and names.count(name) > 1})
    if doubled:
        raise RecipientsError(f"{label} has two columns called {', '.join(doubled)}. Rename one.")
    if "" in names:
        raise RecipientsError(f"{label}: column {names.index('') + 1} has no name. Name it or leave it out.")
    return names


def _csv_row(number: int, header: list[str], cells: list[str]) -> RecipientRow:
    if len(cells) != len(header):
        problem = FieldError(
            "wrong-columns",
            f"{len(cells)} fields where the header has {len(header)}",
            mend="quote fields that hold a comma, or add what is missing",
        )
        return RecipientRow(number=number, fields=dict(zip(header, cells, strict=False)), problem=problem)
    fields = dict(zip(header, cells, strict=True))
    return RecipientRow(number=number, fields=fields, problem=_problem(fields))


def _problem(fields: Mapping[str, str]) -> FieldError | None:
    for column, value in fields.items():
        if len(value) > FIELD_LIMIT_CHARACTERS:
            return FieldError(
                "field-too-long",
                f"{len(value)} characters",
                mend=f"keep fields under {FIELD_LIMIT_CHARACTERS} characters",
                column=column,
            )
        if "\x00" in value:
            return FieldError("nul", "a NUL character", mend="remove it", column=column)
    return None


def _full_lines(label: str, stream: IO[str]) -> Iterator[tuple[int, str]]:
    lines = _Lines(label, stream)
    for number, line in enumerate(lines, start=1):
        lines.begin_row()
        if line.strip():
            yield number, line


def _json_rows(label: str, stream: IO[str]) -> Iterator[RecipientRow]:
    number = 0
    for _, line in _full_lines(label, stream):
        number += 1
        problem = None
        try:
            value = json.loads(
                line,
                parse_int=str,  # Python itself refuses numbers of more than 4,300 digits
                parse_float=_number,
                parse_constant=_number,
                object_pairs_hook=each_once,
            )
        except json.JSONDecodeError as exc:
            problem = FieldError(
                "not-json", f"{exc.msg} at column {exc.colno}", mend="write one JSON object a line"
            )
        except FieldError as exc:
            problem = exc
        except RecursionError:
            problem = FieldError("nested", "a list or object", mend="write a text or number")
        if problem is None:
            yield _json_row(number, value)
        else:
            yield RecipientRow(number=number, fields={}, problem=problem)
    if number == 0:
        raise RecipientsError(f"{label} is empty. Write one JSON object a line.")


def _number(written: str) -> float:
    number = float(written)
    if not math.isfinite(number):
        raise FieldError(
            "not-a-number", f"{written} is no number", mend="write it as a text, or leave it out"
        )
    return number


def each_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    if len(pairs) > COLUMNS_LIMIT:
        raise FieldError("wrong-columns", f"{len(pairs):,} fields", mend=f"leave all but {COLUMNS_LIMIT} out")
    item: dict[str, object] = {}
    for name, value in pairs:
        if len(name) > NAME_LIMIT_CHARACTERS:
            mend = f"keep names of fields under {NAME_LIMIT_CHARACTERS} characters"
            raise FieldError("field-too-long", f"a name of {len(name):,} characters", mend=mend)
        if name in item:
            mend = "leave one of them out"
            raise FieldError("field-twice", "the name stands twice in the row", mend=mend, column=name)
        item[name] = value
    return item


def _json_row(number: int, value: object) -> RecipientRow:
    if not isinstance(value, dict):
        problem = FieldError("not-an-object", "a row is a JSON object", mend='write {"id": "...", ...}')
        return RecipientRow(number=number, fields={}, problem=problem)
    fields: dict[str, str] = {}
    for column, item in value.items():
        if isinstance(item, dict | list):
            problem = FieldError("nested", "a list or object", mend="write a text or number", column=column)
            return RecipientRow(number=number, fields=fields, problem=problem)
        if item is not None:
            fields[column] = item if isinstance(item, str) else json.dumps(item)
    return RecipientRow(number=number, fields=fields, problem=_problem(fields))


def clean_id(value: str) -> str:
    """An external id without the white space and marks that spreadsheets leave around it."""
    return value.strip().strip(_OBSCURE).strip()
