"""A first brief for a recipients file: `campaign init` writes what header and values say, with comments.

Only what has one reading is declared. A column that could be read in two ways stands in a comment with both, and the
template that is written speaks none of them, so the file submits as it stands. A brief is kept and passed on: of the
recipients' values it shows shapes, never one of them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from campaign.errors import RecipientsError
from campaign.speech.columns import DATE_ORDERS, parse_column_type
from campaign.speech.typed import Context, TypedValue, UnreadableValueError
from campaign.speech.verbalise.dispatch import read_aloud
from campaign.submission.recipients import Recipients, clean_id

SAMPLE_ROWS = 1_000
"""Values that decide a column's type; ids and locales are looked at in every row."""
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
_PHONE = re.compile(r"phone|mobile|tel|telephone|telefon|teléfono|téléphone|telefono|telefone|handy", re.I)
_AMOUNT = re.compile(
    r"amount|total|sum|price|balance|betrag|summe|preis|importe|montant|importo|valor|saldo", re.I
)
_LANGUAGE = re.compile(r"([A-Za-z]{2,3})([-_][A-Za-z0-9]{2,8})*")
_DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}")
_TIME = re.compile(r"\d{1,2}:\d{2}(:\d{2})?( ?[ap]\.?m\.?)?", re.I)
_NUMBER = re.compile(r"-?[\d.,' \u00a0]*\d")
_IDENTIFIER = re.compile(r"[^\W\d]\w*")


@dataclass(slots=True)
class Column:
    """What one column of the file holds."""

    name: str
    values: list[str] = field(default_factory=list)
    """Of the first rows, without the empty ones."""
    empty: int = 0
    """Rows of all in which it is."""

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
        if (_PHONE.search(self.name) or all(value.startswith("+") for value in self.values)) and (
            readable := self._readable(("telephone",), language)
        ):
            return readable
        if all(_NUMBER.fullmatch(value) for value in self.values):
            return ("money EUR", "money USD", "cardinal") if _AMOUNT.search(self.name) else ()
        return self._readable(("money",), language) if _AMOUNT.search(self.name) else ()

    def _readable(self, types: Iterable[str], language: str) -> tuple[str, ...]:
        """Those that can read every value, each with other words than the ones before it."""
        words = {name: tuple(_words(value, name, language) for value in self.values) for name in types}
        whole = {said: name for name, said in reversed(words.items()) if all(said)}
        return tuple(reversed(whole.values()))


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
    columns, rows, ids, locales = _looked_at(source)
    id_column, id_note = _id_column(columns, rows, ids)
    locale_column = next((name for name in columns if name.casefold() in LOCALE_NAMES), "")
    languages = _languages(locales.get(locale_column, ()))
    notes = [id_note] if id_note else []
    lines = [
        f"#:schema {schema}",
        f"# What is asked for, for {_commented(source.label)}: {rows} rows. docs/brief.md has every key.",
        f"name = {_quoted(source.label.rpartition('.')[0] or source.label)}",
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
        *_templates(columns.values(), languages, {id_column, locale_column}),
        "",
        *_types(columns.values(), {id_column, locale_column}, languages[0], notes),
        "",
        "[finish]",
        'codec = "mp3"                          # or wav, flac, opus; ulaw and alaw for the telephone',
    ]
    return NewBrief(
        toml="\n".join(lines) + "\n", id_column=id_column, languages=languages, notes=tuple(notes)
    )


def _looked_at(
    source: Recipients,
) -> tuple[dict[str, Column], int, dict[str, set[str]], dict[str, dict[str, None]]]:
    """(columns with samples, rows, each column's distinct values, each locale column's values in their order)."""
    columns: dict[str, Column] = {}
    distinct: dict[str, set[str]] = {}
    locales: dict[str, dict[str, None]] = {}
    rows = 0
    for row in source.rows():
        if row.problem is not None:
            continue
        rows += 1
        for name, value in row.fields.items():
            column = columns.setdefault(name, Column(name))
            value = value.strip()
            if not value:
                column.empty += 1
                continue
            if rows <= SAMPLE_ROWS:
                column.values.append(value)
            distinct.setdefault(name, set()).add(clean_id(value))
            if name.casefold() in LOCALE_NAMES:
                locales.setdefault(name, {})[value] = None
    if not rows:
        raise RecipientsError(f"{source.label} has no row that can be read. Add one below the header.")
    return columns, rows, distinct, locales


def _id_column(columns: Mapping[str, Column], rows: int, distinct: Mapping[str, set[str]]) -> tuple[str, str]:
    """(the column that tells rows apart, what is to be said of it)."""
    whole = [name for name in columns if len(distinct.get(name, ())) == rows]
    named = [name for name in columns if name.casefold().replace(" ", "_") in ID_NAMES]
    for name in (*(name for name in named if name in whole), *named, *whole):
        shared = rows - len(distinct.get(name, ()))
        note = (
            f"{shared} of {rows} rows have no {name} of their own: the first of each is made"
            if shared
            else ""
        )
        return name, note
    best = max(columns, key=lambda name: len(distinct.get(name, ())))
    shared = rows - len(distinct.get(best, ()))
    return best, (
        f"no column tells the rows apart; {best} comes nearest and leaves {shared} rows out: add a column with an id"
    )


def _languages(values: Iterable[str]) -> tuple[str, ...]:
    found = [match[1].lower() for value in values if (match := _LANGUAGE.fullmatch(value))]
    return tuple(dict.fromkeys(found)) or ("en",)


def _templates(columns: Iterable[Column], languages: Sequence[str], taken: set[str]) -> list[str]:
    usable = [column for column in columns if column.name not in taken and _IDENTIFIER.fullmatch(column.name)]
    names = [column for column in usable if column.readings(languages[0]) == ("name",) and not column.empty]
    said = f" {{{{ {names[0].name} }}}}" if names else ""
    spoken = [language for language in languages if language in GREETINGS] or ["en"]
    lines = ["[templates]", f"default = {_quoted(spoken[0])}"]
    for language in spoken:
        greeting, message = GREETINGS[language]
        lines.append(f"{language} = {{ text = {_quoted(f'{greeting}{said}. {message}')} }}")
    rest = [column for column in usable if column not in names[:1]]
    if rest:
        lines.append("# The file also has " + ", ".join(f"{{{{ {column.name} }}}}" for column in rest))
    return lines


def _types(columns: Iterable[Column], taken: set[str], language: str, notes: list[str]) -> list[str]:
    lines = ["[columns]"]
    for column in columns:
        if column.name in taken:
            continue
        key = column.name if re.fullmatch(r"[A-Za-z0-9_-]+", column.name) else _quoted(column.name)
        readings = column.readings(language)
        shown = (
            f"# such as {_commented(_shape(column.values[0]))}" if column.values else "# empty in every row"
        )
        if not _IDENTIFIER.fullmatch(column.name):
            shown += "; rename it to one word to say it in a template"
        if len(readings) > 1:
            notes.append(f"{column.name} can be read as {' or '.join(readings)}: choose in [columns]")
            lines += [f"# {key} = {_quoted(reading)}    {shown}" for reading in readings]
            continue
        declared = _quoted(readings[0] if readings else "text")
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
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _shape(value: str) -> str:
    """`+1 212 555 0147` -> `+9 999 999 9999`."""
    return re.sub(r"[^\W\d_]", "x", re.sub(r"\d", "9", value))


def _commented(text: str) -> str:
    """Fit for a comment: one line, nothing that TOML forbids there."""
    line = "".join(character if character.isprintable() else " " for character in text)
    return line if len(line) <= 40 else f"{line[:37]}..."
