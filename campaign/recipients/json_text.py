"""Rows from JSON: one object a line, or an array of objects, read one after the other."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from typing import IO

from campaign.errors import FieldError, RecipientsError
from campaign.recipients.delimited import Lines
from campaign.recipients.rows import (
    COLUMNS_LIMIT,
    NAME_LIMIT_CHARACTERS,
    ROW_LIMIT_CHARACTERS,
    RecipientRow,
    WrittenNumber,
)

BLOCK_CHARACTERS = 1 << 16
_BLANKS = re.compile(r"[ \t\n\r]*")
_TABLE = re.compile(r'[^\W\d_]|"[^"\r\n]+" ?[,;\t|]')
"""A table's header, whatever its file is called."""
_EXAMPLE = '{"id": "...", ...}'


def each_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """An object of which no name stands twice; raises `FieldError`."""
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


def _number(written: str) -> float:
    number = float(written)
    if not math.isfinite(number):
        raise FieldError(
            "not-a-number", f"{written} is no number", mend="write it as a text, or leave it out"
        )
    return number


_ROW = json.JSONDecoder(
    parse_int=str,  # Python itself refuses numbers of more than 4,300 digits
    parse_float=_number,
    parse_constant=_number,
    object_pairs_hook=each_once,
)


def is_json(beginning: str, name: str) -> bool:
    """Whether a text holds JSON, by its first characters, or by its name where they could be a row of it."""
    start = beginning.lstrip()
    if name.lower().endswith((".jsonl", ".ndjson", ".json")):
        return not _TABLE.match(start)
    if start.startswith("{"):
        return start[1:].lstrip()[:1] in ('"', "}", "")
    return start.startswith("[") and start[1:].lstrip()[:1] in ("{", "]", "[", '"')


def is_array(beginning: str) -> bool:
    """Whether a JSON text is one array: not where a whole one is the first of several lines."""
    start = beginning.lstrip()
    first, _, rest = start.partition("\n")
    if not start.startswith("[") or not rest.strip():
        return start.startswith("[")
    try:
        value = _ROW.decode(first)
    except (ValueError, FieldError, RecursionError):
        return True
    return _is_rows(value)


def full_lines(label: str, stream: IO[str]) -> Iterator[tuple[int, str]]:
    """The number and the text of every line that is not blank."""
    lines = Lines(label, stream)
    for number, line in enumerate(lines, start=1):
        lines.begin_row()
        if line.strip():
            yield number, line


def line_rows(label: str, stream: IO[str]) -> Iterator[RecipientRow]:
    """The rows of JSON Lines; a line that is no object is a problem of its row."""
    number = 0
    for _, line in full_lines(label, stream):
        number += 1
        if number == 1:
            _refuse_spread(label, line)
        try:
            yield _row(number, _ROW.decode(_one_value(line)))
        except json.JSONDecodeError as exc:
            yield _bad(
                number,
                FieldError(
                    "not-json", f"{exc.msg} at column {exc.colno}", mend="write one JSON object a line"
                ),
            )
        except FieldError as exc:
            yield _bad(number, exc)
        except RecursionError:
            yield _bad(number, FieldError("nested", "a list or object", mend="write a text or number"))
    if number == 0:
        raise RecipientsError(f"{label} is empty. Write one JSON object a line.")


def _one_value(line: str) -> str:
    """A line without the separator of records before it (RFC 7464) and the comma of an array that lost its brackets."""
    line = line.strip().lstrip("\x1e")
    return line[:-1] if line.endswith("},") else line


def array_rows(label: str, stream: IO[str]) -> Iterator[RecipientRow]:
    """The rows of a JSON array."""
    for number, value in array_members(label, stream):
        if isinstance(value, FieldError):
            yield _bad(number, value)
        else:
            yield _row(number, value)


def array_members(label: str, stream: IO[str]) -> Iterator[tuple[int, object]]:
    """The number and the value of every member of an array, one at a time; a `FieldError` for one with two readings.

    Raises `RecipientsError` where it is no array, with the place.
    """
    text = _Text(label, stream)
    text.take("[")
    number = 0
    while text.peek() != "]":
        if number:
            text.take(",")
        number += 1
        yield number, text.value()
    text.take("]")
    if text.peek():
        raise text.error("something stands after the array")


class _Text:
    """JSON text, read as far as is needed."""

    def __init__(self, label: str, stream: IO[str]) -> None:
        self._label = label
        self._stream = stream
        self._held = ""
        self._place = 0
        self._before = 0
        """Characters that are done with."""
        self._lines_before = 0

    def peek(self) -> str:
        """The next character that is not blank; empty at the end."""
        while True:
            space = _BLANKS.match(self._held, self._place)
            self._place = space.end() if space else self._place
            if self._place < len(self._held):
                return self._held[self._place]
            if not self._more():
                return ""

    def take(self, sign: str) -> None:
        """Go on after `sign`; raises `RecipientsError` where another stands."""
        found = self.peek()
        if found != sign:
            raise self.error(f"{found!r} stands where {sign!r} is needed" if found else "it ends too early")
        self._place += 1

    def value(self) -> object:
        """The value that begins here."""
        self.peek()
        while True:
            try:
                value, end = _ROW.raw_decode(self._held, self._place)
            except FieldError as exc:
                value, end = exc, self._end()
            except RecursionError:
                value, end = (
                    FieldError("nested", "a list or object", mend="write a text or number"),
                    self._end(),
                )
            except json.JSONDecodeError as exc:
                if self._more():
                    continue
                raise self.error(exc.msg, exc.pos) from exc
            if end == len(self._held) and self._more():  # a number may go on
                continue
            self._place = end
            return value

    def _end(self) -> int:
        """Where a value ends that cannot be used."""
        while True:
            try:
                return json.JSONDecoder(parse_int=str, parse_float=str).raw_decode(self._held, self._place)[1]
            except (json.JSONDecodeError, RecursionError) as exc:
                if not self._more():
                    raise self.error("it is nested too deep or ends too early") from exc

    def _more(self) -> bool:
        held = len(self._held) - self._place
        if held > ROW_LIMIT_CHARACTERS:
            raise self.error(f"a row of more than {ROW_LIMIT_CHARACTERS:,} characters")
        block = self._stream.read(
            max(BLOCK_CHARACTERS, held)
        )  # a long value is tried a few times and not hundreds
        if not block:
            return False
        done = self._held[: self._place]
        self._lines_before += done.count("\n")
        self._before += len(done)
        self._held, self._place = self._held[self._place :] + block, 0
        return True

    def error(self, what: str, place: int | None = None) -> RecipientsError:
        """What is wrong, with its line."""
        line = self._lines_before + self._held.count("\n", 0, self._place if place is None else place) + 1
        return RecipientsError(
            f"{self._label} is no JSON array with one reading: line {line}: {what}. Correct it there, or write one "
            "object a line."
        )


def _refuse_spread(label: str, line: str) -> None:
    """Raise `RecipientsError` where the file is one object, which holds the rows or is spread over lines."""
    try:
        value = _ROW.decode(line)
    except json.JSONDecodeError as exc:
        if line.strip() in ("{", "[") or (line.lstrip().startswith("{") and exc.pos >= len(line.rstrip())):
            raise RecipientsError(
                f"{label} is one JSON object over several lines. Write each recipient as an object on a line of its "
                f"own, {_EXAMPLE}, or all of them as one array."
            ) from exc
        return
    except (FieldError, RecursionError):
        return
    lists = [name for name, item in value.items() if _is_rows(item)] if isinstance(value, dict) else []
    if lists:
        raise RecipientsError(
            f"{label} is one JSON object, and its recipients are the list {lists[0]!r} in it. Give that list alone, "
            "[{...}, ...], or write each recipient as an object on a line of its own."
        )


def _is_rows(item: object) -> bool:
    return isinstance(item, list) and bool(item) and all(isinstance(member, dict) for member in item)


def _bad(number: int, problem: FieldError) -> RecipientRow:
    return RecipientRow(number=number, fields={}, problem=problem)


def _written(item: object) -> str:
    """A number, true or false as JSON writes it."""
    written = json.dumps(item)
    return WrittenNumber(written) if isinstance(item, float) else written


def _row(number: int, value: object) -> RecipientRow:
    if not isinstance(value, dict):
        return _bad(number, FieldError("not-an-object", "a row is a JSON object", mend=f"write {_EXAMPLE}"))
    fields: dict[str, str] = {}
    for column, item in value.items():
        if isinstance(item, dict | list):
            problem = FieldError("nested", "a list or object", mend="write a text or number", column=column)
            return RecipientRow(number=number, fields=fields, problem=problem)
        if item is not None:
            fields[column] = item if isinstance(item, str) else _written(item)
    return RecipientRow(number=number, fields=fields)
