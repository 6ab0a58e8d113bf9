"""A first brief for a recipients file: `campaign init` writes what header and values say, with comments.

Only what has one reading is declared. A column that could be read in two ways stands in a comment with both, and the
template that is written speaks none of them, so the file submits as it stands. A brief is kept and passed on: of the
recipients' values it shows shapes, never one of them.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile

from campaign.brief import MOST
from campaign.errors import RecipientsError
from campaign.recipients import Recipients, clean_id
from campaign.speech.columns import DATE_ORDERS, parse_column_type
from campaign.speech.typed import Context, TypedValue, UnreadableValueError
from campaign.speech.verbalise.dispatch import read_aloud
from campaign.speech.verbalise.wordlist import words
from workers.presets.shipped import shipped_preset

MOST_COLUMNS = MOST["columns"]
SAMPLE_VALUES = 200
"""Of a column, which decide its type; ids and locales are looked at in every row."""
PRESET = ("demo-voice", 1, "espeak")
ID_NAMES = (
    "id",
    "recipient_id",
    "recipientid",
    "external_id",
    "customer_id",
    "patient_id",
    "account",
    "uuid",
)
LOCALE_NAMES = ("locale", "language", "lang", "sprache", "idioma", "langue", "lingua")
GREETINGS: Mapping[str, tuple[str, str]] = {
    "en": ("Hello", "This is a message for you."),
    "de": ("Guten Tag", "Dies ist eine Nachricht für Sie."),
    "es": ("Hola", "Este es un mensaje para usted."),
    "fr": ("Bonjour", "Ceci est un message pour vous."),
    "it": ("Buongiorno", "Questo è un messaggio per lei."),
    "pt": ("Olá", "Esta é uma mensagem para si."),
}
_NAME = re.compile(
    r"(first|last|full|given|family|customer|patient|client)?[ _-]?name|vorname|nachname|nombre|apellidos?|"
    r"pr[ée]nom|nom|nome|cognome",
    re.I,
)
_PHONE = words("phone mobile tel telephone telefon teléfono téléphone telefono telefone handy")
_AMOUNT = words("amount total sum price balance betrag summe preis importe montant importo valor saldo")
_LANGUAGE = re.compile(r"([A-Za-z]{2,3})([-_][A-Za-z0-9]{2,8})*")
_HEADERS = frozenset((*ID_NAMES, *LOCALE_NAMES, *_PHONE, *_AMOUNT))
"""Words that only a header has for a cell."""
_DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}")
_TIME = re.compile(r"\d{1,2}:\d{2}(:\d{2})?( ?[ap]\.?m\.?)?", re.I)
_NUMBER = re.compile(r"-?[\d.,' \u00a0]*\d")
_DATA = re.compile(r"[+\d][\d\s()./-]{2,}|[^@\s]+@[^@\s]+\.[^@\s]+|-?\d+([.,]\d+)?")
"""What a header cell is not: a number, a date, a telephone number, an address."""
_TAKEN = words("none true false not and or in is if else elif for loop self super caller pause")
"""Words of the template language, whatever their case."""


@dataclass(slots=True)
class Column:
    """What one column of the file holds."""

    name: str
    values: list[str] = field(default_factory=list)
    """The first ones, without the empty ones."""
    filled: int = 0
    """Rows that have a value."""
    empty: int = 0
    """Rows that have none, or lack the key; known once all are read."""
    seen: set[int] | None = field(default_factory=set)
    """Hashes of its values, while nearly each row has another; None afterwards."""
    locales: dict[str, None] = field(default_factory=dict)
    """Every value of a column called like a language, in order."""

    def add(self, value: str, rows: int) -> None:
        """One row's value."""
        if not value:
            return
        self.filled += 1
        if len(self.values) < SAMPLE_VALUES:
            self.values.append(value)
        if self.seen is not None:
            self.seen.add(hash(clean_id(value)))
            if len(self.seen) + rows - self.filled < rows * 0.9 - 10:
                self.seen = None
        if self.name.casefold() in LOCALE_NAMES and len(self.locales) < SAMPLE_VALUES:
            self.locales[value] = None

    @property
    def distinct(self) -> int:
        """Values that tell rows apart; 0 where many rows share one."""
        return 0 if self.seen is None else len(self.seen)

    @property
    def is_sayable(self) -> bool:
        """Whether a template can name it."""
        return self.name.isidentifier() and self.name.casefold() not in _TAKEN and "__" not in self.name

    def readings(self, language: str) -> tuple[str, ...]:
        """The types that every value can be read as: one, several, or none but text."""
        if not self.values:
            return ()
        if _NAME.fullmatch(self.name):
            return ("name",)
        for pattern, types in (
            (_DATE, tuple(f"date {order}" for order in DATE_ORDERS)),
            (_TIME, ("time",)),
        ):
            if all(pattern.fullmatch(value) for value in self.values):
                return self._readable(types, language)
        called = set(re.findall(r"[^\W\d_]+", self.name.casefold()))
        if (called & _PHONE or all(value.startswith("+") for value in self.values)) and (
            readable := self._readable(("telephone",), language)
        ):
            return readable
        if all(_NUMBER.fullmatch(value) for value in self.values):
            return ("money EUR", "money USD", "cardinal") if called & _AMOUNT else ()
        return self._readable(("money",), language) if called & _AMOUNT else ()

    def _readable(self, types: Iterable[str], language: str) -> tuple[str, ...]:
        """Those that can read every value, each with other words than the ones before it."""
        found: dict[tuple[str, ...], str] = {}
        for name in types:
            said = tuple(takewhile(bool, (_words(value, name, language) for value in self.values)))
            if len(said) == len(self.values):
                found.setdefault(said, name)
        return tuple(found.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class NewBrief:
    """A brief for a file, and what was found for it."""

    toml: str
    id_column: str
    languages: tuple[str, ...]
    notes: tuple[str, ...]
    """What a person has to look at."""


def new_brief(source: Recipients, *, schema: str) -> NewBrief:
    """The brief that `source` suggests; `schema` is where an editor finds the brief's. Raises `RecipientsError`."""
    columns, rows = _looked_at(source)
    id_column, id_note = _id_column(columns, rows)
    notes = [id_note] if id_note else []
    locale_column, languages = _languages(columns, notes)
    taken = {id_column, locale_column}
    others = [column for column in columns if column.name not in taken]
    readings = {column.name: column.readings(languages[0]) for column in others}
    lines = [
        f"#:schema {schema}",
        f"# What is asked for, for {_commented(source.label)}: {rows} rows. docs/brief.md has every key.",
        f"name = {_quoted(_commented(source.label.partition('.')[0]) or 'campaign')}",
        f"languages = [{', '.join(_quoted(language) for language in languages)}]",
        f"id_column = {_quoted(id_column)}",
    ]
    if locale_column:
        lines.append(f"locale_column = {_quoted(locale_column)}")
    lines += [
        'preset = "demo-voice@1"                # `campaign preset list` has others',
        'purpose = "non-commercial"             # or "commercial"',
        'duplicates = "error"                   # or "keep-first", "keep-all"',
        '# suppress = ["opted-out.csv"]         # ids that get nothing',
        "",
        *_templates(others, languages, readings, notes),
        "",
        *_types(others, readings, notes),
        "",
        "[finish]",
        'codec = "mp3"                          # or wav, flac, opus; ulaw and alaw for the telephone',
    ]
    return NewBrief(
        toml="\n".join(lines) + "\n", id_column=id_column, languages=languages, notes=tuple(notes)
    )


def _looked_at(source: Recipients) -> tuple[list[Column], int]:
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
            columns.setdefault(name, Column(name)).add(value.strip(), rows)
    if not rows:
        raise RecipientsError(f"{source.label} has no row that can be read. Add one below the header.")
    if len(columns) > MOST_COLUMNS:
        raise RecipientsError(
            f"{source.label} has {len(columns)} columns, and a brief names {MOST_COLUMNS}. Leave some out."
        )
    for column in columns.values():
        column.empty = rows - column.filled
    return list(columns.values()), rows


def _refuse_headless(label: str, names: Iterable[str]) -> None:
    names = list(names)
    is_header = any(name.casefold() in _HEADERS or _NAME.fullmatch(name) for name in names)
    if not is_header and any(_DATA.fullmatch(name.strip()) for name in names):
        raise RecipientsError(f"{label} begins with a recipient: add a first line that names the columns.")


def _id_column(columns: Sequence[Column], rows: int) -> tuple[str, str]:
    """(the column that tells rows apart, what is to be said of it)."""
    named = [column for column in columns if column.name.casefold().replace(" ", "_") in ID_NAMES]
    best = max(named or columns, key=lambda column: column.distinct)
    if best.distinct == rows:
        return best.name, ""
    shared = rows - best.empty - best.distinct
    parts = [f"{best.empty} of {rows} rows have no {best.name}: they are not made"] if best.empty else []
    if shared:
        told = f"{shared} of {rows}" if best.distinct else "many"
        parts.append(f"{told} rows share a {best.name}: the first of each is made")
    note = "; ".join(parts)
    return best.name, note if named else f"no column tells the rows apart, add one with an id; {note}"


def _languages(columns: Sequence[Column], notes: list[str]) -> tuple[str, tuple[str, ...]]:
    """(the column whose values are language tags, or none; the languages of them that the preset speaks)."""
    name, version, engine = PRESET
    voices = shipped_preset(name, version, engine=engine).parameters["voices"]
    spoken = set(voices) if isinstance(voices, dict) else set()
    best, found = "", dict[str, None]()
    for column in columns:
        tags = {value: match[1].lower() for value in column.locales if (match := _LANGUAGE.fullmatch(value))}
        known = dict.fromkeys(tag for tag in tags.values() if tag in spoken)
        strange = [value for value in column.locales if tags.get(value) not in spoken]
        if strange:
            shown = ", ".join(_commented(value) for value in strange[:3])
            notes.append(f"{column.name} holds {shown}: write codes that {name} speaks, such as en or de-AT")
        if len(known) > len(found):
            best, found = column.name, known
    return best, tuple(found) or ("en",)


def _templates(
    columns: Sequence[Column],
    languages: Sequence[str],
    readings: Mapping[str, tuple[str, ...]],
    notes: list[str],
) -> list[str]:
    usable = [column for column in columns if column.is_sayable]
    names = [column for column in usable if readings[column.name] == ("name",) and not column.empty]
    said = f" {{{{ {names[0].name} }}}}" if names else ""
    spoken = [language for language in languages if language in GREETINGS] or ["en"]
    notes += [
        f"rows in {language} hear the text in {spoken[0]}: add templates.{language}"
        for language in languages
        if language not in spoken
    ]
    lines = ["[templates]", f"default = {_quoted(spoken[0])}"]
    for language in spoken:
        greeting, message = GREETINGS[language]
        lines.append(f"{language} = {{ text = {_quoted(f'{greeting}{said}. {message}')} }}")
    rest = [column for column in usable if column not in names[:1]]
    if rest:
        lines.append("# The file also has " + ", ".join(f"{{{{ {column.name} }}}}" for column in rest))
    return lines


def _types(columns: Sequence[Column], readings: Mapping[str, tuple[str, ...]], notes: list[str]) -> list[str]:
    lines = ["[columns]"]
    for column in columns:
        key = column.name if re.fullmatch(r"[A-Za-z0-9_-]+", column.name) else _quoted(column.name)
        types = readings[column.name]
        shown = (
            f"# such as {_commented(_shape(column.values[0]))}" if column.values else "# empty in every row"
        )
        if not column.is_sayable:
            shown += "; rename it to another word to say it in a template"
        if len(types) > 1:
            notes.append(f"{column.name} can be read as {' or '.join(types)}: choose in [columns]")
            lines += [f"# {key} = {_quoted(reading)}    {shown}" for reading in types]
            continue
        declared = _quoted(types[0] if types else "text")
        if column.empty:
            declared = f"{{ type = {declared}, optional = true, fallback = {_quoted('')} }}"
        lines.append(f"{key} = {declared}    {shown}")
    return lines


def _words(value: str, declared: str, language: str) -> str:
    """The value said as a type; empty where it is none of it."""
    spec = parse_column_type(declared)
    written = TypedValue(kind=spec.kind, written=value, options=spec.options)
    try:
        return read_aloud(written, Context(language=language)).text
    except UnreadableValueError:
        return ""


def _quoted(text: str) -> str:
    """As TOML writes it: JSON's strings are TOML's, but for DEL."""
    whole = text.encode("utf-8", "replace").decode()  # a name on disk may hold halves of characters
    return json.dumps(whole, ensure_ascii=False).replace("\x7f", "\\u007f")


def _shape(value: str) -> str:
    """`+1 212 555 0147` -> `+9 999 999 9999`; letters, and the marks on them, are `x`."""
    kinds = {"L": "x", "M": "x", "N": "9"}
    return "".join(kinds.get(unicodedata.category(character)[0], character) for character in value)


def _commented(text: str) -> str:
    """Fit for a comment: one line, nothing that TOML forbids there."""
    line = "".join(character if character.isprintable() else " " for character in text)
    return line if len(line) <= 40 else f"{line[:37]}..."
