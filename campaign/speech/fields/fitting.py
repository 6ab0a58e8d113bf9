"""One field of a row made fit for a template: cleaned, emptied where it stands for nothing, held against its type.

    fit("phone", "447700900123.0", spec) -> Fit("447700900123", ("float-tail in 'phone': ...",))

Every change is a warning whose first word says what it was, so that a campaign counts them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from campaign.errors import FieldError
from campaign.speech.columns import ColumnSpec
from campaign.speech.fields.cleaning import cleaned, refuse_damaged, refuse_damaged_name
from campaign.speech.fields.flags import flag
from campaign.speech.fields.nothing import is_nothing
from campaign.speech.fields.spreadsheets import LOST_DIGITS, LOST_ZERO, as_typed, as_written, refuse_in_text
from campaign.speech.fields.suspects import note_in, suspect
from campaign.speech.guard import FORBIDDEN
from campaign.speech.placeholders import foreign_placeholder
from campaign.speech.typed import Kind, Options, UnreadableValueError
from workers.languages import checked_tag

NOTHING: Final = "nothing"
_LONGEST_SHOWN: Final = 60
_PLAIN_WORDS: Final = re.compile(r"[A-Za-z]+(?: [A-Za-z]+){2,}[.!?]?")
"""Three words or more without a sign: nothing can be wrong with them."""
_LOST: Final = {
    LOST_ZERO: "may have had a zero in front",
    LOST_DIGITS: "may have had other digits at its end, of which a spreadsheet keeps 15",
}
_PLACE_COLUMN: Final = re.compile(
    r"country|state|province|provincia|r[eé]gion|land\b|staat|\biso|continent|pa[ií]s|pays|paese", re.I
)
_NAME_COLUMN: Final = re.compile(r"name|nombre|apellido|\bnom\b|cognome", re.I)


@dataclass(frozen=True, slots=True)
class Fit:
    """A field as the template gets it."""

    text: str
    warnings: tuple[str, ...] = ()
    """What was changed or looks wrong; the first word says what it is."""
    doubt: UnreadableValueError | None = None
    """Why it cannot be said, or compared, before it has a type."""
    stood_for_nothing: str = ""
    """What was written where the field is now empty."""


def fit(column: str, raw: str, spec: ColumnSpec | None) -> Fit:
    """The field `column` of one row; `spec` is None where the brief does not declare it. Raises `FieldError`."""
    is_prose = spec is None or (spec.kind is Kind.TEXT and spec.nothing is None)
    if is_prose and _PLAIN_WORDS.fullmatch(raw) and not _is_name(column, spec):
        return Fit(raw)
    return _fit(column, raw, spec)


def _fit(column: str, raw: str, spec: ColumnSpec | None) -> Fit:
    kind = Kind.TEXT if spec is None else spec.kind
    declared = None if spec is None else spec.nothing
    text, changes = cleaned(raw)
    if not (text.isascii() and text.isprintable()):
        text = unicodedata.normalize("NFC", text)
        if match := FORBIDDEN.search(text):
            raise _refused(column, text, match)
    try:
        typed_in, undone = as_written(text) if not is_nothing(text, kind, declared) else (text, "")
        if typed_in == "NA" and declared is None and _PLACE_COLUMN.search(column):
            raise UnreadableValueError(
                "ambiguous-nothing",
                f"'NA' in {column!r} is a place, Namibia say, or stands for nothing, as a data frame writes it",
                'declare nothing = [] for the column where it is a place, nothing = ["NA"] where it is none',
            )
        if is_nothing(typed_in, kind, declared):
            told = (_told(NOTHING, column, text, "an empty field"),) if text else ()
            return Fit("", told, stood_for_nothing=text)
        refuse_damaged(typed_in)
        _refuse_placeholder(typed_in, column)
        is_name = _is_name(column, spec)
        if is_name:
            refuse_damaged_name(typed_in)
            _refuse_note(typed_in)
        if kind is Kind.FLAG:
            flag(typed_in)
        options = () if spec is None else spec.options
        value, mended = as_typed(typed_in, kind, options)
    except UnreadableValueError as error:
        raise FieldError(error.code, error.reason, mend=error.mend, column=column) from error
    warnings = [
        _told(word, column, raw, repr(value[:_LONGEST_SHOWN])) for word in (*changes, undone, mended) if word
    ]
    if is_name and (word := suspect(value)):
        warnings.append(f"{word} in {column!r}: {value[:_LONGEST_SHOWN]!r} is taken as a name")
    return Fit(value, tuple(warnings), _doubt(value, spec) if kind is Kind.TEXT else None)


def spec_of_row(name: str, spec: ColumnSpec, fits: Mapping[str, Fit]) -> ColumnSpec:
    """What a column is in this row, where other columns say its currency or language. Raises `FieldError`."""
    options, language = dict(spec.options), spec.language
    if spec.currency_column:
        said = _said_beside(name, spec.currency_column, "currency", fits, has_default="currency" in options)
        if said:
            options["currency"] = _currency(said, spec.currency_column)
    if spec.language_column:
        said = _said_beside(name, spec.language_column, "language", fits, has_default=language is not None)
        if said:
            language = _language(said, spec.language_column)
    return replace(spec, options=tuple(sorted(options.items())), language=language)


def _said_beside(name: str, column: str, what: str, fits: Mapping[str, Fit], *, has_default: bool) -> str:
    found = fits.get(column)
    if found is not None and found.text:
        return found.text
    if has_default:
        return ""
    lacks = "is empty" if found is not None else "the file does not have"
    raise FieldError(
        "missing-value",
        f"{name!r} takes its {what} from the column {column!r}, which {lacks}",
        mend=f"fill it in, or declare a {what} beside {what}_column for such rows",
        column=column,
    )


def _currency(said: str, column: str) -> str:
    from campaign.speech.verbalise.currencies import SYMBOLS, currency_codes

    code = SYMBOLS.get(said, said.upper())
    if code not in currency_codes():
        raise FieldError(
            "unknown-currency",
            f"{said[:_LONGEST_SHOWN]!r} is no currency with a name here",
            mend=f"use one of {', '.join(sorted(currency_codes()))}",
            column=column,
        )
    return code


def _language(said: str, column: str) -> str:
    try:
        checked_tag(said)
    except ValueError as exc:
        reason, _, mend = str(exc).rpartition("; ")
        raise FieldError("not-a-language", reason, mend=mend, column=column) from exc
    return said.lower().replace("_", "-")


def retyped(column: str, text: str, kind: Kind, options: Options) -> tuple[str, str]:
    """(a field's text as another type than its column's, the warning or nothing): a template's filter says so.

    Raises `FieldError`.
    """
    try:
        value, mended = as_typed(text, kind, options)
    except UnreadableValueError as error:
        raise FieldError(error.code, error.reason, mend=error.mend, column=column) from error
    return value, _told(mended, column, text, repr(value)) if mended else ""


def _told(word: str, column: str, raw: str, taken: str) -> str:
    if word in _LOST:
        return f"{word} in {column!r}: {raw[:_LONGEST_SHOWN]!r} {_LOST[word]}"
    return f"{word} in {column!r}: {raw[:_LONGEST_SHOWN]!r} is taken as {taken}"


def _doubt(text: str, spec: ColumnSpec | None) -> UnreadableValueError | None:
    try:
        refuse_in_text(text, declared=spec is not None)
    except UnreadableValueError as error:
        return error
    return None


@lru_cache(maxsize=1024)
def _is_name(column: str, spec: ColumnSpec | None) -> bool:
    """Whether a column holds names: it is declared so, or is called so and not declared."""
    return bool(_NAME_COLUMN.search(column)) if spec is None else spec.kind is Kind.NAME


def _refused(column: str, text: str, match: re.Match[str]) -> FieldError:
    if match[0] == "\ufffd":
        try:
            refuse_damaged(text)
        except UnreadableValueError as error:
            return FieldError(error.code, error.reason, mend=error.mend, column=column)
    return FieldError(
        "forbidden-character",
        f"the character U+{ord(match[0]):04X} at position {match.start() + 1}",
        mend="remove it; check the file's encoding",
        column=column,
    )


def _refuse_note(name: str) -> None:
    if note := note_in(name):
        raise UnreadableValueError(
            "note-in-name",
            f"{note!r} in {name[:_LONGEST_SHOWN]!r} is a note, not a name",
            "correct the cell, or leave the row out",
        )


def _refuse_placeholder(text: str, column: str) -> None:
    if placeholder := foreign_placeholder(text, (column,)):
        raise UnreadableValueError(
            "placeholder",
            f"{placeholder.found[:_LONGEST_SHOWN]!r} is a placeholder that another program did not fill in",
            "fill the cell, or leave it empty and declare the column optional with a fallback",
        )
