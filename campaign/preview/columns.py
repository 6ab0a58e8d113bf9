"""What the columns of a file hold: which could be an id, a language, a name, an amount, and what has two readings."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import takewhile

from campaign.errors import RecipientsError
from campaign.recipients import Recipients, clean_id
from campaign.recipients.header import folded, is_value
from campaign.recipients.rows import WrittenNumber
from campaign.speech.columns import NUMBER_KINDS, parse_column_type
from campaign.speech.fields.nothing import is_nothing
from campaign.speech.number_format import (
    DECIMAL_POINT,
    NoConventionError,
    Signs,
    TwoConventionsError,
    figures_in,
)
from campaign.speech.typed import Context, TypedValue, UnreadableValueError
from campaign.speech.verbalise.dispatch import read_aloud
from campaign.speech.verbalise.two_digit_years import DIRECTIONS
from campaign.speech.verbalise.written import ascii_digits
from campaign.speech.wordlist import words
from campaign.submission.header_stage import ID_NAMES, LOCALE_NAMES
from workers.languages import meant_tag, primary
from workers.presets.shipped import shipped_preset

MANY_COLUMNS = 300
FEW_VALUES = 20
"""Of each column where there are many: memory does not grow with columns times rows."""
SAMPLE_VALUES = 200
"""Of a column, which decide its type; ids and locales are looked at in every row."""
WHOLE_DATES = ("iso", "dmy", "mdy", "ymd")
"""Orders in which people write a day of a year."""
SHORT_DATES = ("date dmy", "date mdy")
"""In which people write two digits of a year."""
_SOME_DAY = ("reference", "2026-06-30")
"""From which two digits of a year are counted, to see whether they can be."""
PRESET = ("demo-voice", 1, "espeak")
_NAME = re.compile(
    r"(first|last|full|given|family|customer|patient|client)?[ _-]?name|vorname|nachname|nombre|apellidos?|"
    r"pr[ée]nom|nom|nome|cognome",
    re.I,
)
_PHONE = words("phone mobile tel telephone telefon teléfono téléphone telefono telefone handy")
_AMOUNT = words("amount total sum price balance betrag summe preis importe montant importo valor saldo")
_BIRTHS = words(
    "birth birthday birthdate dob born geboren geburtsdatum geburtstag nacimiento naissance nascita nascimento"
)
_YEARS = words("year jahr baujahr jahrgang año ano année annee anno")
_ADDRESSES = words(
    "address adresse anschrift street strasse straße dirección direccion calle rue indirizzo via endereço endereco rua"
)
_DURATIONS = words("duration dauer duración duracion durée duree durata duração duracao")
_DURATION_FORMS = ("duration h:mm", "duration m:ss")
_SHORT_YEAR = re.compile(r"\D\d\d$")
_IDS = frozenset(map(folded, ID_NAMES))
_LOCALES = frozenset(map(folded, LOCALE_NAMES))
_HEADERS = frozenset((*_IDS, *_LOCALES, *_PHONE, *_AMOUNT))
"""Words that only a header has for a cell."""
_DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}")
_TIME = re.compile(r"\d{1,2}:\d{2}(:\d{2})?( ?[ap]\.?m\.?)?", re.I)
_NUMBER = re.compile(r"-?[\d.,' \u00a0]*\d")
_FORMATS = ("1,234.5", "1.234,5")
"""Between which a column with `12.345` has to choose."""
_SIGNED = re.compile(r"\d[.,'’\s]\d|[.,]\d|\d[.,]")
"""What may show how numbers are written."""
_TAKEN = words("none true false not and or in is if else elif for loop self super caller pause")
"""Words of the template language, whatever their case."""


@dataclass(slots=True)
class Column:
    """What one column of the file holds."""

    name: str
    values: list[str] = field(default_factory=list)
    """The first ones, without the empty ones."""
    most: int = SAMPLE_VALUES
    """Of `values`."""
    filled: int = 0
    """Rows that have a value."""
    empty: int = 0
    """Rows that have none, or lack the key; known once all are read."""
    seen: set[int] | None = field(default_factory=set)
    """Hashes of its values, while nearly each row has another; None afterwards."""
    locales: dict[str, None] = field(default_factory=dict)
    """Every value of a column called like a language, in order."""
    variable: str = ""
    """What a template calls it: `First Name` is `first_name`; empty where nothing can."""
    is_found: bool = True
    """Whether the header stage finds it by what a template calls it."""
    signs: Signs = field(default_factory=Signs)
    """How it writes numbers, if it does."""

    def see_signs(self, row: int, value: str) -> None:
        """How one row's value is written, if it is a number."""
        if isinstance(value, WrittenNumber):
            self.signs.add(row, f"the number {value}", DECIMAL_POINT)
        elif (figures := figures_in(ascii_digits(value))) is not None:
            self.signs.add(row, repr(short(value)), figures)

    @property
    def number_problem(self) -> str:
        """Why its values cannot all be numbers of one format; empty where they can."""
        try:
            self.signs.format()
        except NoConventionError:
            return ""
        except TwoConventionsError as exc:
            return f"rows {exc.first.row} and {exc.second.row} write numbers in two ways, {exc}: correct one of them"
        return ""

    def _with_formats(self, types: Iterable[str]) -> tuple[str, ...]:
        """Types of numbers, each in both formats where no value shows which; none where two show different ones."""
        try:
            self.signs.format()
        except NoConventionError:
            return tuple(f"{name} {number}" for name in types for number in _FORMATS)
        except TwoConventionsError:
            return ()
        return tuple(types)

    def add(self, value: str, rows: int) -> None:
        """One row's value."""
        if not value:
            return
        self.filled += 1
        if len(self.values) < self.most:
            self.values.append(value)
        if self.seen is not None:
            self.seen.add(hash(clean_id(value)))
            if len(self.seen) + rows - self.filled < rows * 0.9 - 10:
                self.seen = None
        if folded(self.name) in _LOCALES and len(self.locales) < SAMPLE_VALUES:
            self.locales[value] = None

    @property
    def distinct(self) -> int:
        """Values that tell rows apart; 0 where many rows share one."""
        return 0 if self.seen is None else len(self.seen)

    @property
    def is_amount(self) -> bool:
        """Whether it is called like an amount."""
        return bool(set(re.findall(r"[^\W\d_]+", self.name.casefold())) & _AMOUNT)

    @property
    def is_sayable(self) -> bool:
        """Whether a template can say it."""
        return bool(self.variable)

    def readings(self, language: str) -> tuple[str, ...]:
        """The types that every value can be read as: one, several, or none but text."""
        if not self.values:
            return ()
        if _NAME.fullmatch(self.name):
            return ("name",)
        called = set(re.findall(r"[^\W\d_]+", self.name.casefold()))
        for pattern, types in (
            (_DATE, tuple(f"date {order}" for order in WHOLE_DATES)),
            (_TIME, ("time",)),
        ):
            if all(pattern.fullmatch(value) for value in self.values):
                if types == ("time",) and called & _DURATIONS:
                    return self._readable(_DURATION_FORMS, language)
                directed = [f"{name} {way}" for name in types if name in SHORT_DATES for way in DIRECTIONS]
                if called & _BIRTHS and any(map(_SHORT_YEAR.search, self.values)):
                    return self._readable([name for name in directed if name.endswith("past")], language)
                return self._readable(types, language) or self._readable(directed, language)
        if (called & _PHONE or all(value.startswith("+") for value in self.values)) and (
            readable := self._readable(("telephone",), language)
        ):
            return readable
        for types, is_called in (
            (("email",), True),
            (
                ("url",),
                all(("." in value and "/" in value) or value.startswith("www.") for value in self.values),
            ),
            (("duration",), not self.is_amount),
            (("year",), called & _YEARS),
            (("address",), called & _ADDRESSES),
        ):
            if is_called and (readable := self._readable(types, language)):
                return readable
        if all(value.endswith("%") for value in self.values):
            return self._numbers(("percent",), language)
        if all(_NUMBER.fullmatch(value) for value in self.values):
            return self._with_formats(("money EUR", "money USD", "cardinal")) if self.is_amount else ()
        return self._numbers(("money",), language) if self.is_amount else ()

    def _numbers(self, types: Iterable[str], language: str) -> tuple[str, ...]:
        """Those of types of numbers that can read every value, in both formats where no value shows which."""
        formats = self._with_formats(types)
        readable = self._readable(formats, language)
        return formats if readable and formats[0].endswith(_FORMATS) else readable

    def _readable(self, types: Iterable[str], language: str) -> tuple[str, ...]:
        """Those that can read every value, each with other words than the ones before it."""
        found: dict[tuple[str, ...], str] = {}
        for name in types:
            said = tuple(takewhile(bool, (self._words(value, name, language) for value in self.values)))
            if len(said) == len(self.values):
                found.setdefault(said, name)
        return tuple(found.values())

    def _words(self, value: str, declared: str, language: str) -> str:
        """A value said as a type, in the format that the column shows; empty where it is none of it."""
        spec = parse_column_type(declared)
        options = dict([_SOME_DAY, *spec.options])
        if spec.kind in NUMBER_KINDS and "number" not in options:
            options["number"] = self.signs.format()
        written = TypedValue(kind=spec.kind, written=value, options=tuple(sorted(options.items())))
        try:
            return read_aloud(written, Context(language=language)).text
        except UnreadableValueError:
            return ""


def look_at(source: Recipients) -> tuple[list[Column], int]:
    """(the columns with what is in them, rows that can be read)."""
    columns: dict[str, Column] = {}
    rows = 0
    for row in source.rows():
        if not rows:
            _refuse_headless(source.label, row.fields)
        if row.problem is not None:
            continue
        rows += 1
        for name, value in row.fields.items():
            if (column := columns.get(name)) is None:
                column = columns[name] = _first_met(name, len(columns))
            column.add("" if is_nothing(value) else value.strip(), rows)
            if not value.isdecimal() and (isinstance(value, WrittenNumber) or _SIGNED.search(value)):
                column.see_signs(row.number, value)
    if not rows:
        raise RecipientsError(f"{source.label} has no row that can be read. Add one below the header.")
    for column in columns.values():
        column.empty = rows - column.filled
    _call(list(columns.values()))
    return list(columns.values()), rows


def _first_met(name: str, others: int) -> Column:
    """A column; of hundreds of them only those that are called like an id are asked whether they tell rows apart."""
    is_asked = others < MANY_COLUMNS or folded(name) in _IDS
    return Column(name, seen=set() if is_asked else None, most=SAMPLE_VALUES if is_asked else FEW_VALUES)


def _call(columns: Sequence[Column]) -> None:
    """Give each column what a template calls it, no two the same."""
    called = Counter(folded(column.name) for column in columns)
    taken = {column.name for column in columns if column.name.isidentifier()}
    for column in columns:
        name = (
            column.name
            if column.name.isidentifier()
            else "_".join(re.findall(r"\w+", column.name)).casefold()
        )
        if not name.isidentifier() or name.casefold() in _TAKEN or "__" in name:
            continue
        while name != column.name and name in taken:
            name += "_2"
        taken.add(name)
        column.variable = name
        column.is_found = name == column.name or (
            folded(name) == folded(column.name) and called[folded(name)] == 1
        )


def _refuse_headless(label: str, names: Iterable[str]) -> None:
    names = list(names)
    is_header = any(folded(name) in _HEADERS or _NAME.fullmatch(name) for name in names)
    if not is_header and any(is_value(name.strip()) for name in names):
        raise RecipientsError(f"{label} begins with a recipient: add a first line that names the columns.")


def serving(columns: Sequence[Column], name: str) -> Column | None:
    """The one column that is called so, as the header stage compares names."""
    alike = [column for column in columns if name and folded(column.name) == folded(name)]
    exact = [column for column in alike if column.name == name]
    return exact[0] if exact else alike[0] if len(alike) == 1 else None


def id_column_of(columns: Sequence[Column], rows: int, *, chosen: Column | None = None) -> tuple[str, str]:
    """(the column that tells rows apart, or was `chosen` for it; what is to be said of it)."""
    likely = [column for known in ID_NAMES for column in columns if folded(column.name) == folded(known)]
    named = likely if chosen is None else [chosen]
    apart = [column for column in named if column.distinct == rows]
    best = apart[0] if apart else max(named or columns, key=lambda column: column.distinct)
    if best.distinct == rows:
        return best.name, ""
    shared = rows - best.empty - best.distinct
    parts = [f"{best.empty} of {rows} rows have no {best.name}: they are not made"] if best.empty else []
    if shared:
        told = f"{shared} of {rows}" if best.distinct else "many"
        parts.append(f"{told} rows share a {best.name}: the first of each is made")
    note = "; ".join(parts)
    return best.name, note if named else f"no column tells the rows apart, add one with an id; {note}"


def languages_of(
    columns: Sequence[Column], notes: list[str], *, chosen: Column | None = None
) -> tuple[str, tuple[str, ...]]:
    """(the column whose values are languages, tags before names, or none; those of them that the preset speaks).

    Where one was `chosen`, no other is looked at.
    """
    name, version, engine = PRESET
    voices = shipped_preset(name, version, engine=engine).parameters["voices"]
    spoken = set(voices) if isinstance(voices, dict) else set()
    best, found, in_codes = "", dict[str, None](), False
    for column in columns if chosen is None else (chosen,):
        values = column.locales or (dict.fromkeys(column.values) if chosen else {})
        tags = {value: tag for value in values if (tag := _language(value))}
        known = dict.fromkeys(tag for tag in tags.values() if tag in spoken)
        strange = [value for value in values if tags.get(value) not in spoken]
        if strange:
            shown = ", ".join(short(value) for value in strange[:3])
            notes.append(f"{column.name} holds {shown}: write codes that {name} speaks, such as en or de-AT")
        codes = all(primary(value) == tag for value, tag in tags.items())
        if known and (len(known), codes) > (len(found), in_codes):
            best, found, in_codes = column.name, known, codes
    return best, tuple(found) or ("en",)


def _language(value: str) -> str:
    """The language that a value names or is the tag of; empty for none."""
    try:
        return primary(meant_tag(value))
    except ValueError:
        return ""


def short(text: str) -> str:
    """Fit for a comment: one line, nothing that TOML forbids there."""
    line = "".join(character if character.isprintable() else " " for character in text)
    return line if len(line) <= 40 else f"{line[:37]}..."
