"""How each column of numbers and of days is written, found over the whole file before row 1.

`12.345` is twelve thousand or twelve and a bit; the other values of its column show which, or the brief declares it.
What nothing shows, and what two values show differently, is an error that names both. The file is read once more for
it, where there is such a column; memory does not grow with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from campaign.brief import Brief, LoadedBrief
from campaign.errors import HeaderError
from campaign.recipients import Recipients
from campaign.recipients.rows import WrittenNumber
from campaign.speech.columns import NUMBER_KINDS, ColumnSpec
from campaign.speech.fields.cleaning import cleaned
from campaign.speech.fields.nothing import is_nothing
from campaign.speech.fields.spreadsheets import as_written
from campaign.speech.number_format import (
    DECIMAL_POINT,
    NUMBER_FORMATS,
    WITHOUT_SIGNS,
    NoConventionError,
    Signs,
    TwoConventionsError,
    both_readings,
    figures_in,
)
from campaign.speech.templates import Template
from campaign.speech.typed import Kind, UnreadableValueError
from campaign.speech.verbalise.written import ascii_digits
from campaign.submission.date_columns import DateColumn
from campaign.submission.header_stage import ColumnFit
from workers.printable import printable

LONGEST_SHOWN = 40


@dataclass(slots=True, kw_only=True)
class _NumberColumn:
    """One column of numbers while it is read."""

    name: str
    """What the brief and its templates call it."""
    source: str
    """What the file calls it."""
    declared_type: str
    spec: ColumnSpec
    signs: Signs = field(default_factory=Signs)

    @property
    def declared(self) -> str:
        """The format that the brief declares; empty for none."""
        return dict(self.spec.options).get("number", "")

    def see(self, row: int, written: str) -> None:
        """One row's value."""
        if isinstance(written, WrittenNumber):
            if "." in written:
                self.signs.add(row, f"the number {written}", DECIMAL_POINT)
            return
        if written.isdecimal() or not written or self.declared:
            return
        text = ascii_digits(cleaned(written).text)
        try:
            text, _ = as_written(text) if text else ("", "")
        except UnreadableValueError:  # the row's own error
            return
        figures = figures_in(text)
        if figures is not None and not is_nothing(text, self.spec.kind, self.spec.nothing):
            self.signs.add(row, repr(printable(text)[:LONGEST_SHOWN]), figures)

    def faults(self) -> Iterator[str]:
        """Why its numbers cannot be read."""
        if self.declared:
            if (shown := self.signs.decimal.get(".")) and NUMBER_FORMATS[self.declared][0] == ",":
                yield (
                    f"column {printable(self.source)!r}: row {shown.row} holds {shown.written}, which needs no sign, "
                    f"and the brief declares number = {self.declared!r}. Leave number out, or make the column text."
                )
            return
        try:
            self.signs.format()
        except TwoConventionsError as exc:
            first, second = exc.first, exc.second
            unclear = min(self.signs.either.values(), key=lambda shown: shown.row, default=None)
            why = f"; row {unclear.row} has {unclear.written}, which has two readings" if unclear else ""
            yield (
                f"column {printable(self.source)!r}: row {first.row} has {first.written} and row {second.row} "
                f"{second.written}: no one way of writing numbers fits both{why}. Correct one of them, or declare in "
                f"[columns] which is right, and the other is its row's error: {self._mend('1,234.5')} or "
                'number = "1.234,5".'
            )
        except NoConventionError as exc:
            example = exc.example
            whole, decimals = both_readings(example.written)
            grouped, pointed = "1.234,5", "1,234.5"
            if "," in example.written:
                grouped, pointed = pointed, grouped
            yield (
                f"column {printable(self.source)!r}: row {example.row} has {example.written}, which is {whole} or "
                f"{decimals} with three decimals, and nothing else in the column shows which. Declare it in [columns]: "
                f'{self._mend(grouped)} for {whole}, number = "{pointed}" for {decimals}.'
            )

    def _mend(self, number: str) -> str:
        return f'{self.name} = {{ type = "{self.declared_type}", number = "{number}" }}'


def number_formats(loaded: LoadedBrief, source: Recipients, fit: ColumnFit) -> dict[str, str]:
    """Column to how it writes numbers, of those for which the brief does not declare it.

    Raises `HeaderError` with every column that has two readings, or none.
    """
    numbers = [
        column
        for column in _number_columns(loaded.brief, fit.sources or {})
        if not column.declared or source.is_spreadsheet or source.is_json
    ]
    columns: list[_NumberColumn | DateColumn] = [
        *numbers,
        *_date_columns(loaded.brief, fit.sources or {}),
    ]
    if not columns:
        return {}
    for row in source.rows():
        if row.problem is None:
            for column in columns:
                column.see(row.number, row.fields.get(column.source, ""))
    if faults := [f"{source.label}: {fault}" for column in columns for fault in column.faults()]:
        raise HeaderError(*faults)
    return {column.name: column.signs.format() for column in numbers if not column.declared}


def undecided_numbers(brief: Brief) -> dict[str, str]:
    """For rows without their file: columns whose format the brief does not declare, and no value shows."""
    columns = {name: name for name in (*brief.columns, *_variables(brief))}
    return {one.name: WITHOUT_SIGNS for one in _number_columns(brief, columns) if not one.declared}


def _variables(brief: Brief) -> Iterator[str]:
    for template in brief.templates.values():
        yield from Template(template).variables


def _number_columns(brief: Brief, sources: Mapping[str, str]) -> Iterator[_NumberColumn]:
    """Those that are declared as numbers, or made numbers by a template's filter."""
    specs = brief.column_specs()
    filtered: dict[str, str] = {}
    for template in brief.templates.values():
        for name, zeros in Template(template).retyped.items():
            for zero in zeros:
                if zero.kind in NUMBER_KINDS:
                    filtered.setdefault(name, zero.kind.value)
    for name, source in sources.items():
        spec = specs.get(name, ColumnSpec())
        if spec.kind in NUMBER_KINDS:
            yield _NumberColumn(
                name=name, source=source, declared_type=_type_of(brief.columns[name]), spec=spec
            )
        elif name in filtered:
            yield _NumberColumn(name=name, source=source, declared_type=filtered[name], spec=spec)


def _date_columns(brief: Brief, sources: Mapping[str, str]) -> Iterator[DateColumn]:
    """Those that are declared as days, or made days by a template's filter, and of which nobody says the order."""
    specs = brief.column_specs()
    filtered = {
        name
        for template in brief.templates.values()
        for name, zeros in Template(template).retyped.items()
        if any(zero.kind is Kind.DATE and not zero.option("order") for zero in zeros)
    }
    for name, source in sources.items():
        spec = specs.get(name, ColumnSpec())
        if (spec.kind is Kind.DATE and not dict(spec.options).get("order")) or name in filtered:
            yield DateColumn(name=name, source=source, spec=spec)


def _type_of(declared: object) -> str:
    """The type of a column as the brief writes it."""
    return str(declared.get("type", "")) if isinstance(declared, Mapping) else str(declared)
