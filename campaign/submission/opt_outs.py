"""Opt-out lists of a submission: read as recipients are, compared in one form, counted to the last line.

A list says who gets nothing. So nothing of it may be passed over in silence: each list is told with its lines, how
many of its ids are in the file and how many are not; a list that meets nobody at all is an error until the operator
says that it may (`unmatched_lists = "allow"`).
"""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import islice
from pathlib import Path

from pydantic import JsonValue

from campaign.errors import EncodingError, FieldError, RecipientsError
from campaign.recipients import Recipients, clean_id, open_recipients
from campaign.recipients.dialect import SEPARATORS
from campaign.recipients.encodings import AUTOMATIC
from campaign.recipients.header import folded
from campaign.recipients.json_text import each_once
from campaign.recipients.rows import is_rounded
from campaign.submission.compose import RawRow
from campaign.submission.opted_columns import OptedColumns, asked_by
from campaign.submission.scratch import ScratchTable, short_digest
from storage.installation import Installation
from storage.persons import comparable_id, person_hash
from storage.queue import suppressions

SUPPRESSION_LIST = "suppression-list"
"""The code of a row whose id is on a list of its own campaign."""
FOREIGN = (",", ";", "\t", "|", "[", "]", "{", "}", "<", ">", '"')
"""What no id of a list without a header holds: it parts cells, or belongs to JSON or HTML."""
_COMMENTED = re.compile(r"#\s.*|.*\s#.*")
INSTALLATION = "this installation's opt-outs"
"""The label of the list that every campaign obeys."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OptOutCount:
    """What one list held and met."""

    list: str
    """Its file's name."""
    lines: int
    """With an id on them."""
    ids: int
    """Different ones, in the form in which they are compared."""
    matched: int
    """Of these, that are in the recipients file."""
    respelled: int
    """Of the matched, written otherwise there: `17` for `0017`, another case, another Unicode form."""
    rows: int
    """Of the recipients file, that get nothing for it."""

    @property
    def unmatched(self) -> int:
        """Ids that are not in this file."""
        return self.ids - self.matched

    def __str__(self) -> str:
        """One line for people."""
        if self.list == INSTALLATION:
            return f"{self.list}: {self.ids:,} listed, {self.rows:,} rows of this file"
        respelled = f", {self.respelled:,} of these written otherwise" if self.respelled else ""
        doubled = f" with {self.ids:,} ids" if self.ids != self.lines else ""
        return (
            f"opt-out list {self.list}: {self.lines:,} lines{doubled}, {self.matched:,} in this file{respelled}, "
            f"{self.unmatched:,} not"
        )

    @property
    def document(self) -> dict[str, JsonValue]:
        """For reports and `--json`."""
        return {**asdict(self), "unmatched": self.unmatched}


class OptOuts:
    """The lists of one submission, on disk: a million ids cost no memory."""

    def __init__(self, paths: Sequence[Path], id_column: str, *, encoding: str = AUTOMATIC) -> None:
        """Reads every list, as UTF-8 or else as `encoding`. Raises `RecipientsError` with file, line and mend."""
        self._table = ScratchTable(
            "id BLOB, list INTEGER, exact BLOB, met INTEGER DEFAULT 0, PRIMARY KEY (id, list)"
        )
        self._names: list[str] = []
        self._lines: list[int] = []
        self._rows: list[int] = []
        for path in paths:
            with _opened(path, encoding) as source:
                self._add(source.label, read_ids(source, id_column))

    def _add(self, name: str, ids: Iterable[str]) -> None:
        number = len(self._names)
        lines = 0
        for lines, written in enumerate(ids, start=1):  # noqa: B007 - the last one is the number
            self._table.rows.execute(
                "INSERT OR IGNORE INTO scratch (id, list, exact) VALUES (?, ?, ?)",
                (short_digest(comparable_id(written)), number, short_digest(written)),
            )
        self._names.append(name)
        self._lines.append(lines)
        self._rows.append(0)

    def holds(self, external_id: str) -> bool:
        """Whether a list says that this row gets nothing; counts it."""
        if not self._names or not external_id:
            return False
        key, exact = short_digest(comparable_id(external_id)), short_digest(external_id)
        found = self._table.rows.execute("SELECT list, exact FROM scratch WHERE id = ?", (key,)).fetchall()
        for number, listed in found:
            self._rows[number] += 1
            met = 1 if listed == exact else 2
            self._table.rows.execute(
                "UPDATE scratch SET met = max(met, ?) WHERE id = ? AND list = ?", (met, key, number)
            )
        return bool(found)

    def counts(self) -> list[OptOutCount]:
        """What each list held, and met so far."""
        counted = []
        for number, name in enumerate(self._names):
            ids, matched, respelled = self._table.rows.execute(
                "SELECT count(*), coalesce(sum(met > 0), 0), coalesce(sum(met = 2), 0) FROM scratch WHERE list = ?",
                (number,),
            ).fetchone()
            counted.append(
                OptOutCount(
                    list=name,
                    lines=self._lines[number],
                    ids=ids,
                    matched=matched,
                    respelled=respelled,
                    rows=self._rows[number],
                )
            )
        return counted

    def close(self) -> None:
        """Forget them."""
        self._table.close()


@contextlib.contextmanager
def _opened(path: Path, encoding: str) -> Iterator[Recipients]:
    """A list as its own bytes say, or else in the encoding that was named for the recipients."""
    with contextlib.ExitStack() as stack:
        source = stack.enter_context(open_recipients(str(path)))
        try:
            source.require_decodable()
        except EncodingError as exc:
            if encoding == AUTOMATIC:
                raise RecipientsError(
                    f"the opt-out list {source.label} is not UTF-8. Save it as UTF-8: --encoding is how the recipients "
                    "are read, and a list that is not UTF-8."
                ) from exc
            source = stack.enter_context(open_recipients(str(path), encoding=encoding))
            source.require_decodable()
        yield source


class InstallationOptOuts:
    """The list that every campaign obeys, asked for a few hundred rows at a time."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._rows = 0

    def marked(self, rows: Iterator[RawRow]) -> Iterator[RawRow]:
        """The rows with who they are, and those that get nothing marked."""
        secret = self._installation.secret
        while part := list(islice(rows, suppressions.LOOKED_UP_AT_ONCE)):
            persons = [person_hash(secret, row.external_id) if row.external_id else None for row in part]
            with self._installation.database.read() as connection:
                gone = suppressions.among(connection, [person for person in persons if person])
            for row, person in zip(part, persons, strict=True):
                is_out = person in gone
                self._rows += is_out
                yield replace(row, person=person, suppressed=suppressions.OPTED_OUT if is_out else None)

    def count(self) -> OptOutCount:
        """How many are listed, and how many rows of this file."""
        with self._installation.database.read() as connection:
            ids = suppressions.count(connection)
        return OptOutCount(
            list=INSTALLATION, lines=ids, ids=ids, matched=self._rows, respelled=0, rows=self._rows
        )


def sampled_ids(path: Path, id_column: str, encoding: str, count: int) -> list[str]:
    """The first ids of a list. Raises `RecipientsError`."""
    with _opened(path, encoding) as source:
        return list(islice(read_ids(source, id_column), count))


def read_ids(source: Recipients, id_column: str) -> Iterator[str]:
    """The ids of a list: its id column, or one id a line; CSV with any separator, JSON Lines or a JSON array.

    Raises `RecipientsError` for whatever is neither, with the line: several columns of which none is `id_column`, or
    two, a line of more cells than the first, an id that holds what parts cells or what other formats are made of, a
    number that was rounded, a comment, columns that say of some or of all that they did not opt out.
    """
    opted = OptedColumns(source.label)
    if source.is_json:
        for line, value in _json_values(source):
            yield _id_of(value, id_column, source.label, line)
            if isinstance(value, dict):
                opted.look(line, {name: _text(cell) for name, cell in value.items()})
    else:
        yield from _csv_ids(source, id_column, opted)
    opted.close()


def _json_values(source: Recipients) -> Iterator[tuple[int, object]]:
    if source.is_json_array:
        yield from source.json_array()
    else:
        yield from ((line, _json(text, source.label, line)) for line, text in source.json_lines())


def _text(value: object) -> str:
    """A value of JSON as a cell would hold it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, str) else ""


def _csv_ids(source: Recipients, id_column: str, opted: OptedColumns) -> Iterator[str]:
    place, width = None, 0
    asked: dict[int, str] = {}
    for number, (line, cells) in enumerate(source.cells()):
        names = [folded(cell) for cell in cells]
        if number == 0 and (count := names.count(folded(id_column))):
            if count > 1:
                raise RecipientsError(
                    f"the opt-out list {source.label} has {count} columns called {id_column!r}. Leave one."
                )
            place, width = names.index(folded(id_column)), len(cells)
            asked = {at: cell for at, cell in enumerate(cells) if at != place and asked_by(cell)}
            continue
        filled = [cell for cell in map(clean_id, cells) if cell]
        if place is None and len(filled) > 1:
            raise RecipientsError(
                f"the opt-out list {source.label}, line {line}, has several columns and no first line that calls one "
                f"of them {id_column!r}. Name the one with the ids so, or write one id a line."
            )
        written = clean_id(cells[place]) if place is not None and place < len(cells) else ""
        if place is not None and _is_parted_otherwise(cells, width, written):
            raise RecipientsError(
                f"the opt-out list {source.label}, line {line}, is parted otherwise than its first line. Use one "
                "separator throughout and quote cells that hold it; ids that hold one can come as JSON Lines."
            )
        if place is None and filled:
            written = _plain(filled[0], source.label, line)
        if written:
            _refuse_unlike(written, source.label, line)
            if asked:
                opted.look(line, {name: cells[at] if at < len(cells) else "" for at, name in asked.items()})
            yield written
        elif filled:
            raise RecipientsError(
                f"the opt-out list {source.label}, line {line}, has no id. Fill in {id_column!r} or remove the line."
            )


def _is_parted_otherwise(cells: list[str], width: int, written: str) -> bool:
    """Whether a line has more cells than the first, or fewer and an id that holds a separator."""
    if any(map(clean_id, cells[width:])):
        return True
    return (width == 1 or len(cells) < width) and any(sign in written for sign in SEPARATORS)


def _plain(written: str, label: str, line: int) -> str:
    """An id of a list without a header, which may be no list of ids at all."""
    guarded = written[2:-1] if written.startswith('="') and written.endswith('"') else written
    if found := next((sign for sign in FOREIGN if sign in guarded), None):
        raise RecipientsError(
            f"the opt-out list {label}, line {line}, holds {found!r}: that is no list of one id a line. Give a first "
            "line that names the columns, and one separator throughout."
        )
    return written


def _refuse_unlike(written: str, label: str, line: int) -> None:
    """Raise `RecipientsError` for what stands in an id's place and is none: its person would be called all the same."""
    if is_rounded(written):
        raise RecipientsError(
            f"the opt-out list {label}, line {line}, holds {written}, a number that a spreadsheet has rounded. Make "
            "the column text there and export it again; an id that is so can come as JSON Lines."
        )
    if _COMMENTED.fullmatch(written):
        raise RecipientsError(
            f"the opt-out list {label}, line {line}, holds a comment: {written[:60]}. Remove what is no id; an id that "
            "is so can come as JSON Lines."
        )


def _json(text: str, label: str, line: int) -> object:
    try:
        return json.loads(text, parse_int=str, parse_float=str, object_pairs_hook=each_once)
    except (ValueError, RecursionError, FieldError) as exc:
        raise RecipientsError(
            f"the opt-out list {label}, line {line}, is no JSON value with one reading. Write one a line."
        ) from exc


def _id_of(value: object, id_column: str, label: str, line: int) -> str:
    if isinstance(value, FieldError):
        raise RecipientsError(
            f"the opt-out list {label}, entry {line}, has no one reading: {value}. Correct it there."
        ) from value
    if isinstance(value, dict):
        named = [value[name] for name in value if folded(name) == folded(id_column)]
        value = named[0] if len(named) == 1 else None
    if not isinstance(value, str) or not clean_id(value):
        raise RecipientsError(
            f"the opt-out list {label}, line {line}, has no id. "
            f'Write the id itself or {{"{id_column}": "..."}}.'
        )
    return clean_id(value)
