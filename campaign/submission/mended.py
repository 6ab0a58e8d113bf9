"""Lines of an edited `rows-to-mend.csv` and the refused rows that they are of: every mistake is told at once."""

from __future__ import annotations

import contextlib
import re
from collections import Counter
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice

from campaign.brief import Brief
from campaign.errors import FieldError, RecipientsError, RowError
from campaign.recipients import RecipientRow, Recipients, clean_id
from campaign.recipients.rows import is_rounded
from campaign.results.rows_to_mend import MARKS, unguarded
from campaign.submission.compose import CHUNK_ROWS
from campaign.submission.header_stage import ColumnFit
from campaign.submission.scratch import SeenIds
from storage.installation import Installation
from storage.persons import comparable_id
from storage.queue import amendments
from storage.queue.amendments import KnownRow
from storage.records import Campaign
from storage.tables import BROKEN_ROWS
from workers.mends import shown

ROW_MARK = MARKS[0]
SHOWN_MISTAKES = 10
UNREADABLE = frozenset({"wrong-columns", "not-json", "not-an-object", "nested", "field-twice"})
"""Problems of a line of which no cell can be trusted to be in its place."""
OF_THE_ID = frozenset({"no-id", "duplicate"})
"""Problems whose mend is another id."""


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

    def __init__(
        self, installation: Installation, campaign: Campaign, brief: Brief, source: Recipients, fit: ColumnFit
    ) -> None:
        self._installation = installation
        self._campaign = campaign
        self._id_column = brief.id_column
        self._source = source
        self._fit = fit
        self.put_back: Counter[str] = Counter()
        self.has_other_ids = False
        """Whether a row has another id than when it was submitted."""

    def check(self) -> None:
        """Raise `RecipientsError` with every mistake of the file: nothing was changed then."""
        label = self._source.label
        mistakes: list[str] = []
        wanted: dict[str, None] = {}
        lines = wrong = 0
        with contextlib.closing(SeenIds()) as seen:
            for lines, (line, found) in enumerate(self._lines(), start=1):  # noqa: B007 - the last one counts
                if isinstance(found, str):
                    mistake = f"line {line.number} after the header: {found}"
                else:
                    wanted.update(dict.fromkeys(found.known.fields or {}))
                    row = found.known.row
                    first = seen.first_row(str(row), line.number)
                    if first == line.number:
                        continue
                    mistake = (
                        f"lines {first} and {line.number} after the header are both of row {row} of the campaign. "
                        "Leave one of them out"
                    )
                wrong += 1
                if wrong <= SHOWN_MISTAKES:
                    mistakes.append(mistake)
        if not lines:
            raise RecipientsError(f"{label} has no rows. Nothing was amended.")
        there = self._fit.sources or {}
        if missing := [name for name in wanted if name not in there]:
            wrong += 1
            mistakes.insert(
                0,
                f"the columns {', '.join(map(shown, missing))} of the campaign's rows are not in it. Put them back as "
                "they are in rows-to-mend.csv",
            )
        if mistakes:
            told = [f"{label}: {mistake}." for mistake in mistakes[:SHOWN_MISTAKES]]
            if wrong > SHOWN_MISTAKES:
                told.append(f"... and {wrong - SHOWN_MISTAKES:,} more")
            raise RecipientsError(*told, "Nothing was amended.")
        self.put_back.clear()

    def rows(self) -> Iterator[MendedRow]:
        """The rows of a file that was checked, in its order."""
        for _line, found in self._lines():
            if isinstance(found, str):
                raise RecipientsError(
                    f"{self._source.label} fits the campaign no more: somebody else amends it. Give the command again."
                )
            yield found

    def _lines(self) -> Iterator[tuple[RecipientRow, MendedRow | str]]:
        """Each line with its row, or with what is wrong."""
        lines = self._source.rows()
        while part := list(islice(lines, CHUNK_ROWS)):
            yield from self._matched(part)

    def _matched(self, part: list[RecipientRow]) -> Iterator[tuple[RecipientRow, MendedRow | str]]:
        plain = [
            line._replace(fields={name: unguarded(value) for name, value in line.fields.items()})
            for line in part
        ]
        numbers = [_number(line.fields) for line in plain]
        ids = [clean_id(self._fit.fields(line).get(self._id_column, "")) for line in plain]
        with self._installation.database.read() as connection:
            known = amendments.rows(
                connection, self._campaign.id, [number for number in numbers if isinstance(number, int)]
            )
            by_id = amendments.rows_of_ids(
                connection,
                self._campaign.id,
                {name for name, number in zip(ids, numbers, strict=True) if number is None and name},
            )
        for line, number, external_id in zip(plain, numbers, ids, strict=True):
            problem = line.problem
            if problem is not None and problem.code in UNREADABLE:
                yield line, f"{problem.reason}. {problem.mend[:1].upper()}{problem.mend[1:]}"
            elif isinstance(number, str):
                yield (
                    line,
                    f"{ROW_MARK} is {shown(number)}. Write the number that is there in rows-to-mend.csv",
                )
            elif number is None:
                yield line, self._by_id(line, external_id, by_id.get(external_id, []))
            elif number not in known:
                yield line, f"the campaign has no row {number}. Correct {ROW_MARK}, or leave the line out"
            else:
                yield line, self._of_row(line, external_id, known[number])

    def _by_id(self, line: RecipientRow, external_id: str, rows: list[KnownRow]) -> MendedRow | str:
        if not external_id:
            return (
                f"it says neither an id nor which row it is. Keep the column {ROW_MARK} of rows-to-mend.csv, or fill "
                f"{self._id_column!r}"
            )
        refused = [row for row in rows if row.is_refused]
        if len(refused) > 1:
            numbers = " and ".join(str(row.row) for row in refused)
            return f"{shown(external_id)} is the id of the refused rows {numbers}. Say which in {ROW_MARK}"
        fields = self._fit.fields(line)
        one = next(iter(refused or [row for row in rows if has_same_fields(row, fields)]), None)
        if one is None:
            return (
                f"{shown(external_id)} is no id of a row that the campaign refused. Only those are amended: leave the "
                "line out, or submit it as a campaign of its own"
            )
        return self._of_row(line, external_id, one)

    def _of_row(self, line: RecipientRow, external_id: str, known: KnownRow) -> MendedRow | str:
        if known.fields is None:
            return f"row {known.row} was erased. Leave the line out"
        before = known.external_id or ""
        row = RecipientRow(
            number=known.row,
            fields=self._put_back(own_cells(line.fields), known),
            problem=line.problem,
            lacks=line.lacks,
        )
        external_id = clean_id(self._fit.fields(row).get(self._id_column, ""))
        if not known.is_refused and not has_same_fields(known, self._fit.fields(row)):
            other = (
                "`campaign retry` tries it again" if known.status in BROKEN_ROWS else "it is amended no more"
            )
            return (
                f"row {known.row}, id {shown(before)}, is no row that the campaign refused: it is {known.status}, and "
                f"{other}. Leave the line out"
            )
        if external_id != before:
            may_differ = not before or known.code in OF_THE_ID | UNREADABLE or known.column == self._id_column
            if not may_differ:
                return (
                    f"row {known.row} was of the id {shown(before)} and this line is of {shown(external_id)}. Correct "
                    f"{ROW_MARK} or {self._id_column!r}, whichever is wrong"
                )
            self.has_other_ids = True
        return MendedRow(row=row, external_id=external_id, known=known)

    def _put_back(self, own: dict[str, str], known: KnownRow) -> dict[str, str]:
        """The cells, without what a spreadsheet does to numbers and ids in columns that nothing was wrong with."""
        if known.code in UNREADABLE:
            return own
        for name, before in (known.fields or {}).items():
            column = (self._fit.sources or {}).get(name, "")
            if name == known.column or column not in own:
                continue
            now = own[column]
            is_respelled = name == self._id_column and comparable_id(now.strip()) == comparable_id(before)
            if now.strip() != before and (is_respelled or is_damaged(before, now.strip())):
                own[column] = before
                self.put_back[name] += 1
        return own


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


def own_cells(fields: Mapping[str, str]) -> dict[str, str]:
    """A line's cells without the marks."""
    marks = {_mark(mark, fields) for mark in MARKS}
    return {name: value for name, value in fields.items() if name not in marks}


def has_same_fields(known: KnownRow, fields: Mapping[str, str]) -> bool:
    """Whether a row holds these already; an empty cell is none."""
    return _filled(known.fields or {}) == _filled(fields)


def _filled(fields: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in fields.items() if value}


def is_damaged(before: str, now: str) -> bool:
    """Whether a spreadsheet made this of a cell: the same number or day in another form, text in another encoding."""
    if _NUMBER.fullmatch(before):
        is_long = before.isdecimal() and is_rounded(now)
        return is_long or (_NUMBER.fullmatch(now) is not None and Decimal(before) == Decimal(now))
    if _DAY.fullmatch(before):
        is_respelled = _DAY_ELSEWHERE.fullmatch(now) is not None and not _DAY.fullmatch(now)
        return is_respelled and _figures(now) == _figures(before)
    if before in _TRUTHS:
        return now.casefold() == before
    return not now.isascii() and _as_it_was(now) == before


_NUMBER = re.compile(r"[+-]?[0-9]{1,40}(\.[0-9]{1,40})?([eE][+-]?[0-9]{1,3})?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DAY_ELSEWHERE = re.compile(r"[0-9]{1,4}([./-])[0-9]{1,2}\1[0-9]{1,4}")
_TRUTHS = ("true", "false")


def _figures(day: str) -> list[int]:
    """Day, month and the year's last two figures, whatever their order."""
    return sorted(int(part) % 100 for part in re.split(r"[./-]", day))


def _as_it_was(text: str) -> str:
    """A text of UTF-8 that was read as cp1252, as LibreOffice reads a CSV file without a window."""
    try:
        return b"".join(_byte_of(sign) for sign in text).decode("utf-8")
    except UnicodeError:
        return text


def _byte_of(sign: str) -> bytes:
    try:
        return sign.encode("cp1252")
    except UnicodeError:
        return sign.encode("latin-1")  # five bytes stand for no character there


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
