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

from pydantic import JsonValue

from campaign.brief import DEFAULT_PRESET, MOST, checked_defaults
from campaign.brief.defaults import WHERE
from campaign.preview.columns import (
    Column,
    id_column_of,
    languages_of,
    look_at,
    serving,
    short,
)
from campaign.recipients import Recipients
from campaign.recipients.header import folded
from campaign.speech.languages import registry
from workers.languages import primary

MOST_COLUMNS = MOST["columns"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewBrief:
    """A brief for a file, and what was found for it."""

    toml: str
    id_column: str
    languages: tuple[str, ...]
    notes: tuple[str, ...]
    """What a person has to look at."""


@dataclass(frozen=True, slots=True)
class _Given:
    """What the installation gives every brief: `[defaults]` of its settings."""

    defaults: Mapping[str, JsonValue]

    def text(self, key: str) -> str:
        """A text that is given; empty for none."""
        value = self.defaults.get(key)
        return value if isinstance(value, str) else ""

    def line(self, key: str, value: JsonValue, remark: str = "") -> str:
        """A key as the brief says it, or in a comment as it is given already."""
        if key in self.defaults:
            return f"# {_said(key, self.defaults[key])}    # {WHERE}"
        return f"{_said(key, value):<39}{remark}".rstrip()

    def over(self, key: str, value: JsonValue) -> str:
        """A key as it has to be for this file, whatever is given."""
        if key not in self.defaults:
            return _said(key, value)
        if self.defaults[key] == value:
            return self.line(key, value)
        return f"{_said(key, value)}    # over {_said(key, self.defaults[key])} of {WHERE}"

    def finish(self) -> list[str]:
        """The table of the files."""
        given = self.defaults.get("finish")
        if isinstance(given, dict):
            return ["[finish]", *(f"# {_said(key, value)}    # {WHERE}" for key, value in given.items())]
        codecs = "# or wav, flac, opus; ulaw and alaw for the telephone"
        return ["[finish]", f"{_said('codec', 'mp3'):<39}{codecs}"]


def new_brief(
    source: Recipients, *, schema: str, defaults: Mapping[str, JsonValue] | None = None
) -> NewBrief:
    """The brief that `source` suggests over the installation's `defaults`.

    `schema` is where an editor finds the schema. Raises `RecipientsError`, and `BriefError` for defaults that are none.
    """
    given = _Given(checked_defaults(defaults or {}))
    columns, rows = look_at(source)
    id_column, id_note = id_column_of(columns, rows, chosen=serving(columns, given.text("id_column")))
    notes = [id_note] if id_note else []
    locale_column, languages = _languages(columns, given, notes)
    taken = {id_column, locale_column}
    others = [column for column in columns if column.name not in taken]
    readings = {column.name: column.readings(primary(languages[0])) for column in others}
    if len(others) > MOST_COLUMNS:
        typed = [column for column in others if readings[column.name]][:MOST_COLUMNS]
        notes.append(f"{len(others) - len(typed):,} columns of text are not declared: text needs no type")
        others = typed
    lines = [
        f"#:schema {schema}",
        f"# What is asked for, for {short(source.label)}: {rows} rows. docs/brief.md has every key.",
        f"name = {_quoted(short(source.label.partition('.')[0]) or 'campaign')}",
        given.over("languages", list(languages)),
        given.over("id_column", _as_given(given.text("id_column"), id_column)),
    ]
    if locale_column or given.text("locale_column"):
        lines.append(given.over("locale_column", _as_given(given.text("locale_column"), locale_column)))
    lines += [
        given.line("preset", DEFAULT_PRESET, "# `campaign preset list` has others"),
        given.line("purpose", "non-commercial", '# or "commercial"'),
        given.line("duplicates", "error", '# or "keep-first", "keep-all"'),
        '# suppress = ["opted-out.csv"]         # ids that get nothing',
        "",
        *_templates(others, languages, readings, notes),
        "",
        *_types(others, readings, notes),
        "",
        *given.finish(),
    ]
    return NewBrief(
        toml="\n".join(lines) + "\n", id_column=id_column, languages=languages, notes=tuple(notes)
    )


def _languages(columns: Sequence[Column], given: _Given, notes: list[str]) -> tuple[str, tuple[str, ...]]:
    """(the column that says a row's language, or none; the languages given, then those of the file)."""
    chosen = serving(columns, given.text("locale_column"))
    is_asked = given.defaults.get("locale_column") != ""
    column, found = languages_of(columns if is_asked else (), notes, chosen=chosen)
    said = given.defaults.get("languages")
    if not isinstance(said, list):
        return column, found
    there = [str(language) for language in said]
    known = set(map(primary, there))
    return column, (*there, *(language for language in found if column and language not in known))


def _as_given(given: str, found: str) -> str:
    """A column's name as the settings write it, where that is the one that was found."""
    return given if folded(given) == folded(found) else found


def _said(key: str, value: JsonValue) -> str:
    """A key and its value as TOML writes them; a table as it would be within a line."""
    if isinstance(value, dict):
        return f"{key} = {{ {', '.join(_said(inner, one) for inner, one in value.items())} }}"
    return f"{key} = {_quoted(value) if isinstance(value, str) else json.dumps(value, ensure_ascii=False)}"


def _templates(
    columns: Sequence[Column],
    languages: Sequence[str],
    readings: Mapping[str, tuple[str, ...]],
    notes: list[str],
) -> list[str]:
    usable = [column for column in columns if column.is_sayable]
    names = [column for column in usable if readings[column.name] == ("name",) and not column.empty]
    said = f" {{{{ {names[0].variable} }}}}" if names else ""
    languages = list(dict.fromkeys(map(primary, languages)))
    spoken = [language for language in languages if _greeting(language)] or ["en"]
    notes += [
        f"rows in {language} hear the text in {spoken[0]}: add templates.{language}"
        for language in languages
        if language not in spoken
    ]
    lines = ["[templates]", f"default = {_quoted(spoken[0])}"]
    for language in spoken:
        greeting, message = _greeting(language) or _NO_GREETING
        lines.append(f"{language} = {{ text = {_quoted(f'{greeting}{said}. {message}')} }}")
    rest = [column for column in usable if column not in names[:1]]
    if rest:
        lines.append("# The file also has " + ", ".join(f"{{{{ {column.variable} }}}}" for column in rest))
    return lines


def _greeting(language: str) -> tuple[str, str] | None:
    room = registry.language(language)
    return None if room is None else room.samples.greeting


_NO_GREETING = ("", "")


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
        if column.is_amount and (problem := column.number_problem):
            notes.append(f"{column.name}: {problem}")
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
