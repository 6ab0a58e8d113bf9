"""Rows of different ids with the same name and telephone number: told, for one of them may be too many."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from campaign.recipients.header import folded
from campaign.speech.columns import ColumnSpec
from campaign.speech.fields.nothing import is_nothing
from campaign.speech.typed import Kind
from campaign.submission.compose import RawRow
from campaign.submission.scratch import ScratchTable, short_digest

WARNING = "same-person"
"""The word that the warning begins with: it is counted by it."""
_NAME = re.compile(
    r"(first|last|middle|full|given|family|customer|patient|client|contact|recipient)?names?|surname|forename|vorname|"
    r"nachname|nombres?|apellidos?|prénom|prenom|nom|nome|sobrenome|cognome"
)
_PHONE = re.compile(
    r"(mobile|cell|home|work|contact)?(phone|tel|telephone)(number|no|nr)?|mobile(number|no)?|cell|msisdn|telefon"
    r"(nummer)?|handy(nummer)?|mobil(telefon|nummer)?|teléfono|telefono|téléphone|telefone|móvil|movil|celular|cellulare"
)
"""What columns of names and of telephone numbers are called, folded as names of columns are."""
UNTOLD = frozenset({Kind.TEXT, Kind.SPELL, Kind.DIGITS})
"""Types that say nothing of what a column holds."""
FEWEST_FIGURES = 5
"""A shorter number is no telephone number."""


class SeenPeople:
    """Which names and numbers came before, on disk."""

    def __init__(self, columns: Mapping[str, ColumnSpec]) -> None:
        self._columns = columns
        self._table = ScratchTable("person BLOB PRIMARY KEY, row INTEGER, id BLOB")
        self._header: tuple[str, ...] = ()
        self._names: list[str] = []
        self._phones: list[str] = []

    def first_row(self, row: RawRow) -> int | None:
        """The first row with this name and number, if it has another id."""
        self._look_at((*row.own, *row.fields))
        if not self._names or not self._phones:
            return None
        names = [_plain(_cell(row, column)) for column in self._names]
        phone = next(filter(None, (_figures(_cell(row, column)) for column in self._phones)), "")
        if len(phone) < FEWEST_FIGURES:
            return None
        person, mine = short_digest("\0".join((*names, phone))), short_digest(row.external_id)
        if self._table.rows.execute(
            "INSERT OR IGNORE INTO scratch VALUES (?, ?, ?)", (person, row.number, mine)
        ).rowcount:
            return None
        first: tuple[int, bytes] = self._table.rows.execute(
            "SELECT row, id FROM scratch WHERE person = ?", (person,)
        ).fetchone()
        return None if first[1] == mine or all(map(is_nothing, names)) else first[0]

    def _look_at(self, header: tuple[str, ...]) -> None:
        """Find the columns of names and numbers: declared so, or called so and declared as nothing else."""
        if header == self._header:
            return
        self._header = header
        header = tuple(dict.fromkeys(header))
        self._names = [name for name in header if self._is(name, Kind.NAME, _NAME)]
        self._phones = [name for name in header if self._is(name, Kind.TELEPHONE, _PHONE)]

    def _is(self, name: str, kind: Kind, called: re.Pattern[str]) -> bool:
        declared = self._columns[name].kind if name in self._columns else Kind.TEXT
        if declared not in UNTOLD:
            return declared is kind
        return called.fullmatch(folded(name)) is not None

    def close(self) -> None:
        """Forget them."""
        self._table.close()


def with_same_person(rows: Iterable[RawRow], seen: SeenPeople) -> Iterator[RawRow]:
    """The rows; those whose name and number another id had before are noticed."""
    for row in rows:
        is_asked = row.problem is None and row.suppressed is None
        first = seen.first_row(row) if is_asked else None
        if first is None:
            yield row
        else:
            noticed = f"{WARNING} as in row {first}: its name and telephone number, and another id"
            yield replace(row, noticed=(*row.noticed, noticed))


def _cell(row: RawRow, column: str) -> str:
    return row.fields.get(column) or row.own.get(column, "")


def _plain(value: str) -> str:
    return " ".join(value.split()).casefold()


def _figures(value: str) -> str:
    """The figures of a number, without what stands for `+` before a country's code."""
    return re.sub(r"\D", "", value.strip().removeprefix("+")).removeprefix("00")
