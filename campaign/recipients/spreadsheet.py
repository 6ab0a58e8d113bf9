"""Rows of cells from a spreadsheet: xlsx, xlsb, xls, ods, as text that a person would have read in the cell.

python-calamine reads the values and holds the sheet whole: about 1 kB a row of ten columns. What it does not tell (how
far a sheet reaches before it is loaded, leading zeros and per cent signs that only a cell's format shows, formulas that
were never computed) `xlsx_sheet` and `ods_sheet` find.
"""

from __future__ import annotations

import datetime as dt
import io
import math
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from campaign.errors import RecipientsError
from campaign.recipients import ods_sheet, xlsx_sheet
from campaign.recipients.bearable import is_bearable
from campaign.recipients.cell_forms import CELLS_LIMIT, CellForm, Surveyed
from campaign.recipients.containers import Container
from campaign.recipients.rows import WrittenNumber
from workers.printable import printable

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

Answer = TypeVar("Answer")
ROUNDED_FROM = 1e15
"""Spreadsheets keep fifteen digits of a number: from here on the last ones are zeros."""
SHOWN_SHEETS = 5
_KINDS = {"xl/workbook.xml": "xlsx", "xl/workbook.bin": "xlsb", "content.xml": "ods"}
"""By the part of the archive that is the workbook."""
_UNSEEN = {"xls": ".xls", "xlsb": ".xlsb"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One sheet of a workbook, open."""

    name: str
    others: tuple[str, ...]
    """Visible sheets that are not read."""
    rows: CalamineSheet
    surveyed: Surveyed
    unseen: str = ""
    """An ending whose formats nobody reads: `.xls`, `.xlsb`."""

    @property
    def told(self) -> str:
        """For people."""
        others = ", ".join(repr(printable(other)) for other in self.others[:SHOWN_SHEETS])
        return f"sheet {printable(self.name)!r}" + (f" and not {others}" if others else "")

    @property
    def notes(self) -> Iterator[str]:
        """What has to be looked at."""
        if self.unseen:
            yield (
                f"an {self.unseen} file is read without the formats of its cells: 01067 by format reads 1067, and 15% "
                "is 0.15. Where that matters, save it as .xlsx."
            )
        tall = [first[0] + 1 for first, last in self.rows.merged_cell_ranges or () if last[0] > first[0]]
        if tall:
            yield (
                f"{len(tall):,} cells are merged over several rows, the first begins in row {tall[0]:,}: its first row "
                "has the value, the others read as empty. Part them in the spreadsheet and fill each row."
            )
        if self.surveyed.uncomputed:
            yield (
                f"{self.surveyed.uncomputed:,} cells hold a formula without a result, the first is "
                f"{self.surveyed.first_uncomputed}: they read as empty. Open the file in a spreadsheet and save it."
            )

    def cells(self) -> Iterator[tuple[int, list[str]]]:
        """The number of each row in the sheet and the text of its cells."""
        start = self.rows.start
        if start is None:
            return
        first_column = start[1]
        forms = self.surveyed.forms
        for row, values in enumerate(
            self.rows.iter_rows(), start=1
        ):  # empty rows above the first one are given, too
            marked = forms.get(row)
            if marked is None:
                yield row, [value if type(value) is str else written(value) for value in values]
            else:
                yield (
                    row,
                    [
                        _in_form(value, marked.get(column))
                        for column, value in enumerate(values, start=first_column)
                    ],
                )


class SheetRows:
    """The rows of a sheet that have a value, the header first."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self.blank_rows = 0

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        for row, cells in self._sheet.cells():
            if "".join(cells).strip():
                yield row, cells
            else:
                self.blank_rows += 1


def open_sheet(label: str, data: bytes, container: Container, *, sheet: str | None = None) -> Sheet:
    """A sheet by its name or number (1 is the first); without one the first that is not hidden.

    Raises `RecipientsError` where the file is damaged, encrypted, or has no such sheet.
    """
    kind = _kind(label, data, container)
    drawn = _guarded(label, lambda: ods_sheet.survey(data)) if kind == "ods" else {}
    for name, surveyed in drawn.items():
        _refuse_reach(label, name, surveyed)  # this reader holds all sheets as soon as it opens them
    if kind in _UNSEEN and not is_bearable(data):
        raise RecipientsError(
            f"{label} reaches too far to be held. Remove what stands far from the list, or export it as CSV."
        )
    workbook = _workbook(label, data)
    metadata = [entry for entry in workbook.sheets_metadata if "WorkSheet" in str(entry.typ)]
    visible = [entry.name for entry in metadata if "Visible" in str(entry.visible).rpartition(".")[2][:7]]
    names = [entry.name for entry in metadata]
    name = _chosen(label, names, visible or names, sheet)
    surveyed = drawn.get(name, Surveyed())
    if kind == "xlsx":
        surveyed = _guarded(label, lambda: xlsx_sheet.survey(data, name))
    _refuse_reach(label, name, surveyed)
    loaded = _guarded(label, lambda: workbook.get_sheet_by_name(name))
    others = tuple(other for other in visible if other != name)
    return Sheet(name=name, others=others, rows=loaded, surveyed=surveyed, unseen=_UNSEEN.get(kind, ""))


def _kind(label: str, data: bytes, container: Container) -> str:
    """Which of its readers opens a workbook; raises `RecipientsError` where several could."""
    if container == Container.XLS:
        return "xls"
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = [name.lower() for name in archive.namelist()]
    kinds = [kind for name, kind in _KINDS.items() if name in names]
    if len(kinds) != 1 or len(set(names)) != len(names):
        raise RecipientsError(
            f"{label} cannot be read as a spreadsheet: {'no' if not kinds else 'more than one'} workbook is in it. "
            "Open it and save it as .xlsx, or export it as CSV."
        )
    return kinds[0]


def _refuse_reach(label: str, name: str, surveyed: Surveyed) -> None:
    if surveyed.reach > CELLS_LIMIT:
        raise RecipientsError(
            f"{label}: the sheet {printable(name)!r} reaches to row {surveyed.last_row:,}, column "
            f"{surveyed.last_column:,}, more than {CELLS_LIMIT:,} cells. Remove what stands far from the list, or "
            "export it as CSV."
        )


def written(value: object) -> str:
    """A cell's value as text: numbers without a tail, days and times in ISO 8601."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, dt.datetime):
        day = value.date().isoformat()
        return day if value.time() == dt.time() else f"{day} {_time(value.time())}"
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, dt.time):
        return _time(value)
    if isinstance(value, dt.timedelta):
        minutes, seconds = divmod(round(value.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02}" + (f":{seconds:02}" if seconds else "")
    return "" if value is None else str(value)


def _number(value: float) -> str:
    if not math.isfinite(value):
        return ""
    if abs(value) >= ROUNDED_FROM:
        return f"{value:.14G}".replace("E+0", "E+")
    return str(int(value)) if value.is_integer() else WrittenNumber(f"{value:.15g}")


def _time(value: dt.time) -> str:
    return value.strftime("%H:%M:%S" if value.second else "%H:%M")


def _in_form(value: object, form: CellForm | None) -> str:
    """A value as its cell's format shows it."""
    if form is None:
        return written(value)
    if form.text is not None:
        return form.text
    if isinstance(value, float) and form.is_percent:
        return WrittenNumber(f"{float(f'{value * 100:.15g}'):.15g}%")
    if isinstance(value, float) and form.digits and value.is_integer() and 0 <= value < ROUNDED_FROM:
        return f"{int(value):0{form.digits}}"
    return written(value)


def _chosen(label: str, names: Sequence[str], visible: Sequence[str], asked: str | None) -> str:
    if not names:
        raise RecipientsError(f"{label} has no sheet with cells. Give a file with a list in it.")
    if asked is None:
        return visible[0]
    if asked in names:
        return asked
    alike = [name for name in names if name.strip().casefold() == asked.strip().casefold()]
    if len(alike) == 1:
        return alike[0]
    if asked.isdecimal() and 1 <= int(asked) <= len(visible):
        return visible[int(asked) - 1]
    shown = ", ".join(repr(printable(name)) for name in visible[:SHOWN_SHEETS])
    raise RecipientsError(f"{label} has no sheet {printable(asked)!r}. Its sheets are {shown}.")


def _workbook(label: str, data: bytes) -> CalamineWorkbook:
    import python_calamine

    return _guarded(label, lambda: python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)))


def _guarded(label: str, act: Callable[[], Answer]) -> Answer:
    """What the reader answers; its errors, and panics of its Rust code, are a `RecipientsError`."""
    import python_calamine

    try:
        return act()
    except python_calamine.PasswordError as exc:
        raise RecipientsError(f"{label} is encrypted. Save it without a password.") from exc
    except BaseException as exc:
        if not isinstance(exc, Exception) and type(exc).__name__ != "PanicException":
            raise
        reason = printable(str(exc).strip().splitlines()[0] if str(exc).strip() else type(exc).__name__)[:200]
        raise RecipientsError(
            f"{label} cannot be read as a spreadsheet: {reason}. Open it and save it as .xlsx, or export it as CSV."
        ) from exc
