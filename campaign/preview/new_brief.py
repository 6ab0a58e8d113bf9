"""A first brief for a recipients file: `campaign init` writes what header and values say, with comments.

Only what has one reading is declared. A column that could be read in two ways stands in a comment with both, and the
template that is written speaks none of them, so the file submits as it stands. A brief is kept and passed on: of the
recipients' values it shows shapes, never one of them.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from campaign.brief import MOST
from campaign.preview.columns import Column, id_column_of, languages_of, look_at, short
from campaign.recipients import Recipients

MOST_COLUMNS = MOST["columns"]
GREETINGS: Mapping[str, tuple[str, str]] = {
    "en": ("Hello", "This is a message for you."),
    "de": ("Guten Tag", "Dies ist eine Nachricht für Sie."),
    "es": ("Hola", "Este es un mensaje para usted."),
    "fr": ("Bonjour", "Ceci est un message pour vous."),
    "it": ("Buongiorno", "Questo è un messaggio per lei."),
    "pt": ("Olá", "Esta é uma mensagem para si."),
}


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
    columns, rows = look_at(source)
    id_column, id_note = id_column_of(columns, rows)
    notes = [id_note] if id_note else []
    locale_column, languages = languages_of(columns, notes)
    taken = {id_column, locale_column}
    others = [column for column in columns if column.name not in taken]
    readings = {column.name: column.readings(languages[0]) for column in others}
    if len(others) > MOST_COLUMNS:
        typed = [column for column in others if readings[column.name]][:MOST_COLUMNS]
        notes.append(f"{len(others) - len(typed):,} columns of text are not declared: text needs no type")
        others = typed
    lines = [
        f"#:schema {schema}",
        f"# What is asked for, for {short(source.label)}: {rows} rows. docs/brief.md has every key.",
        f"name = {_quoted(short(source.label.partition('.')[0]) or 'campaign')}",
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


def _templates(
    columns: Sequence[Column],
    languages: Sequence[str],
    readings: Mapping[str, tuple[str, ...]],
    notes: list[str],
) -> list[str]:
    usable = [column for column in columns if column.is_sayable]
    names = [column for column in usable if readings[column.name] == ("name",) and not column.empty]
    said = f" {{{{ {names[0].variable} }}}}" if names else ""
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
        lines.append("# The file also has " + ", ".join(f"{{{{ {column.variable} }}}}" for column in rest))
    return lines


def _types(columns: Sequence[Column], readings: Mapping[str, tuple[str, ...]], notes: list[str]) -> list[str]:
    lines = ["[columns]"]
    for column in columns:
        name = column.variable or column.name
        key = name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else _quoted(name)
        types = readings[column.name]
        holds = f"# such as {short(_shape(column.values[0]))}" if column.values else "# empty in every row"
        if not column.is_sayable:
            holds += "; rename it to another word to say it in a template"
        if len(types) > 1:
            notes.append(f"{column.name} can be read as {' or '.join(types)}: choose in [columns]")
            lines += [f"# {key} = {_declared(column, reading)}    {holds}" for reading in types]
            continue
        lines.append(f"{key} = {_declared(column, types[0] if types else 'text')}    {holds}")
    return lines


def _declared(column: Column, kind: str) -> str:
    """A column's type as the brief declares it, with what else is to be said of it."""
    said = {} if column.is_found or not column.variable else {"from": _quoted(column.name)}
    said["type"] = _quoted(kind)
    if column.empty:
        said |= {"optional": "true", "fallback": _quoted("")}
    if len(said) == 1:
        return said["type"]
    return f"{{ {', '.join(f'{key} = {value}' for key, value in said.items())} }}"


def _quoted(text: str) -> str:
    """As TOML writes it: JSON's strings are TOML's, but for DEL."""
    whole = text.encode("utf-8", "replace").decode()  # a name on disk may hold halves of characters
    return json.dumps(whole, ensure_ascii=False).replace("\x7f", "\\u007f")


def _shape(value: str) -> str:
    """`+1 212 555 0147` -> `+9 999 999 9999`; letters, and the marks on them, are `x`."""
    kinds = {"L": "x", "M": "x", "N": "9"}
    return "".join(kinds.get(unicodedata.category(character)[0], character) for character in value)
