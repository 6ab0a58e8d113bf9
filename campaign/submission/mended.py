"""Lines of an edited `rows-to-mend.csv` and the refused rows that they are of: every mistake is told at once."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from campaign.brief import Brief
from campaign.errors import FieldError, RecipientsError, RowError
from campaign.results.rows_to_mend import MARKS, unguarded
from campaign.submission.compose import CHUNK_ROWS
from campaign.submission.recipients import RecipientRow, Recipients, clean_id
from storage.installation import Installation
from storage.persons import comparable_id
from storage.queue import amendments
from storage.queue.amendments import KnownRow
from storage.records import Campaign
from workers.mends import shown

ROW_MARK = MARKS[0]
SHOWN_MISTAKES = 10
UNREADABLE = frozenset({"wrong-columns", "not-json", "not-an-object", "nested", "field-twice"})
"""Problems of a line of which no cell can be trusted to be in its place."""
OF_THE_ID = frozenset({"no-id", "duplicate"})
"""Problems whose mend is another id."""
_ROUNDED = re.compile(r"\d([.,]\d+)?E\+?\d+", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class MendedRow:
    """One line, as the row that it is of."""

    row: RecipientRow
    """With the campaign's number, and without what only the list says."""
    external_id: str
    known: KnownRow

    @property
    def is_in(self) -> bool:
        """Whether the row is in already: an amendment that was given before."""
        return not self.known.is_refused


class Mending:
    """A file of mended rows, held against its campaign; read twice, so that it may be of any length."""

    def __init__(self, installation: Installation, campaign: Campaign, brief: Brief) -> None:
        self._installation = installation
        self._campaign = campaign
        self._id_column = brief.id_column
        self.own: list[str] = []
        """The rows' own columns, in the order of the file."""
        self.put_back: Counter[str] = Counter()
        self.has_other_ids = False
        """Whether a row has another id than when it was submitted."""

    def check(self, source: Recipients) -> None:
        """Raise `RecipientsError` with every mistake of the file: nothing was changed then."""
        mistakes: list[str] = []
        there: dict[str, str] = {}
        wanted: dict[str, None] = {}
        lines: dict[int, int] = {}
        count = 0
        for part in _parts(source):
            for line in part:
                there.update((unguarded(name), "") for name in line.fields)
            for line, found in self._matched(part):
                count += 1
                if isinstance(found, str):
                    mistakes.append(f"line {line.number} after the header: {found}")
                    continue
                wanted.update(dict.fromkeys(found.known.fields or {}))
                first = lines.setdefault(found.known.row, line.number)
                if first != line.number:
                    mistakes.append(
                        f"lines {first} and {line.number} after the header are both of row {found.known.row} of the "
                        "campaign. Leave one of them out"
                    )
        if not count:
            raise RecipientsError(f"{source.label} has no rows. Nothing was amended.")
        self.own = list(_own(there))
        if missing := [name for name in wanted if name not in self.own]:
            mistakes.insert(
                0,
                f"the columns {', '.join(map(shown, missing))} of the campaign's rows are not in it. Put them back as "
                "they are in rows-to-mend.csv",
            )
        if mistakes:
            told = [f"{source.label}: {mistake}." for mistake in mistakes[:SHOWN_MISTAKES]]
            if len(mistakes) > SHOWN_MISTAKES:
                told.append(f"... and {len(mistakes) - SHOWN_MISTAKES} more")
            raise RecipientsError(*told, "Nothing was amended.")
        self.put_back.clear()

    def rows(self, source: Recipients) -> Iterator[MendedRow]:
        """The rows of a file that was checked, in its order."""
        for part in _parts(source):
            for _line, found in self._matched(part):
                if isinstance(found, str):
                    raise RecipientsError(
                        f"{source.label} was changed while it was read. Give the command again."
                    )
                yield found

    def _matched(self, part: list[RecipientRow]) -> Iterator[tuple[RecipientRow, MendedRow | str]]:
        """Each line with its row, or with what is wrong."""
        plain = [{unguarded(name): unguarded(value) for name, value in line.fields.items()} for line in part]
        numbers = [_number(fields) for fields in plain]
        ids = [clean_id(fields.get(self._id_column, "")) for fields in plain]
        with self._installation.database.read() as connection:
            known = amendments.rows(
                connection, self._campaign.id, [number for number in numbers if isinstance(number, int)]
            )
            by_id = amendments.rows_of_ids(
                connection,
                self._campaign.id,
                {name for name, number in zip(ids, numbers, strict=True) if number is None and name},
            )
        for line, fields, number, external_id in zip(part, plain, numbers, ids, strict=True):
            if line.problem is not None and line.problem.code in UNREADABLE:
                yield line, f"{line.problem.reason}. {line.problem.mend[:1].upper()}{line.problem.mend[1:]}"
            elif isinstance(number, str):
                yield (
                    line,
                    f"{ROW_MARK} is {shown(number)}. Write the number that is there in rows-to-mend.csv",
                )
            elif number is None:
                yield line, self._by_id(line, fields, external_id, by_id.get(external_id, []))
            elif number not in known:
                yield line, f"the campaign has no row {number}. Correct {ROW_MARK}, or leave the line out"
            else:
                yield line, self._of_row(line, fields, external_id, known[number])

    def _by_id(
        self, line: RecipientRow, fields: Mapping[str, str], external_id: str, rows: list[KnownRow]
    ) -> MendedRow | str:
        if not external_id:
            return (
                f"it says neither an id nor which row it is. Keep the column {ROW_MARK} of rows-to-mend.csv, or fill "
                f"{self._id_column!r}"
            )
        refused = [row for row in rows if row.is_refused]
        if len(refused) > 1:
            numbers = " and ".join(str(row.row) for row in refused)
            return f"{shown(external_id)} is the id of the refused rows {numbers}. Say which in {ROW_MARK}"
        one = next(iter(refused or [row for row in rows if has_same_fields(row, _own(fields))]), None)
        if one is None:
            return (
                f"{shown(external_id)} is no id of a row that the campaign refused. Only those are amended: leave the "
                "line out, or submit it as a campaign of its own"
            )
        return self._of_row(line, fields, external_id, one)

    def _of_row(
        self, line: RecipientRow, fields: Mapping[str, str], external_id: str, known: KnownRow
    ) -> MendedRow | str:
        if known.fields is None:
            return f"row {known.row} was erased. Leave the line out"
        before = known.external_id or ""
        own = self._put_back(_own(fields), known)
        if before and external_id != before and comparable_id(external_id) == comparable_id(before):
            external_id = before
            own[self._id_column] = known.fields.get(self._id_column, before)
        if not known.is_refused and not has_same_fields(known, own):
            return (
                f"row {known.row}, id {shown(before)}, is no row that the campaign refused: it is {known.status}. Only "
                "those are amended: leave the line out"
            )
        if external_id != before:
            may_differ = not before or known.code in OF_THE_ID | UNREADABLE or known.column == self._id_column
            if not may_differ:
                return (
                    f"row {known.row} was of the id {shown(before)} and this line is of {shown(external_id)}. Correct "
                    f"{ROW_MARK} or {self._id_column!r}, whichever is wrong"
                )
            self.has_other_ids = True
        row = RecipientRow(number=known.row, fields=own, problem=line.problem)
        return MendedRow(row=row, external_id=external_id, known=known)

    def _put_back(self, own: dict[str, str], known: KnownRow) -> dict[str, str]:
        """The cells, without what a spreadsheet does to numbers in columns that nothing was wrong with."""
        if known.code in UNREADABLE:
            return own
        for name, before in (known.fields or {}).items():
            if name != known.column and name in own and _is_damaged(before, own[name]):
                own[name] = before
                self.put_back[name] += 1
        return own


def _parts(source: Recipients) -> Iterator[list[RecipientRow]]:
    rows = source.rows()
    while part := list(islice(rows, CHUNK_ROWS)):
        yield part


def _number(fields: Mapping[str, str]) -> int | str | None:
    """The row that a line says it is of; None where it says none, a text where that is no number."""
    written = fields.get(_mark(ROW_MARK, fields), "").strip().removesuffix(".0")
    return None if not written else int(written) if re.fullmatch(r"[0-9]{1,12}", written) else written


def _mark(mark: str, names: Container[str]) -> str:
    """What a mark is called beside columns that may have its name: `mark_names`."""
    name = mark
    while f"campaign_{name}" in names:
        name = f"campaign_{name}"
    return name


def _own(fields: Mapping[str, str]) -> dict[str, str]:
    """A line's cells without the marks."""
    marks = {_mark(mark, fields) for mark in MARKS}
    return {name: value for name, value in fields.items() if name not in marks}


def has_same_fields(known: KnownRow, fields: Mapping[str, str]) -> bool:
    """Whether a row holds these already; an empty cell is none."""
    return _filled(known.fields or {}) == _filled(fields)


def _filled(fields: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in fields.items() if value}


def _is_damaged(before: str, now: str) -> bool:
    """Whether a spreadsheet made this of a number: without its zeros in front, or rounded."""
    plain = before.strip()
    if before == now or not re.fullmatch(r"[0-9]{2,}", plain):
        return False
    return now.strip() == (plain.lstrip("0") or "0") or bool(_ROUNDED.fullmatch(now.strip()))


def error_of(known: KnownRow) -> RowError:
    """Why a row is refused, as it was said: `assets.reason` holds the mend in parentheses at its end."""
    reason, mend = _parted(known.reason or "")
    return FieldError(known.code or "", reason, mend=mend, column=known.column)


def _parted(text: str) -> tuple[str, str]:
    depth = 0
    for place in range(len(text) - 1, -1, -1):
        depth += {")": 1, "(": -1}.get(text[place], 0)
        if depth == 0:
            return (text[:place].rstrip(), text[place + 1 : -1]) if text.endswith(")") else (text, "")
    return text, ""
