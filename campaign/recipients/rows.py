"""One row of a recipients file, and the limits of what one may hold."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from campaign.errors import FieldError

FIELD_LIMIT_CHARACTERS = 10_000
COLUMNS_LIMIT = 16_384
"""As many as a spreadsheet has."""
NAME_LIMIT_CHARACTERS = 1_000
"""Of a column."""
ROW_LIMIT_CHARACTERS = 8 << 20
"""Of one row with all its cells, whatever its file unpacks to."""
OBSCURE = "\ufeff\u180e\u200b\u200c\u200d\u200e\u200f\u2060\u00a0\u00ad"
"""Characters that spreadsheets and web pages leave around ids and header names."""
_ROUNDED = re.compile(r"\d([.,]\d+)?E\+?\d+", re.IGNORECASE)
"""`4.91701E+11`: a telephone number of which a spreadsheet kept six figures."""
_AROUND = re.compile(rf"^[\s{OBSCURE}]+|[\s{OBSCURE}]+$")


class WrittenNumber(str):
    """What a cell that holds a number shows: its point stands before decimals, whatever the column writes."""

    __slots__ = ()


class RecipientRow(NamedTuple):
    """One row of the file; `problem` says why the whole row cannot be used."""

    number: int
    """1 is the first row after the header; rows without any value do not count."""
    fields: Mapping[str, str]
    """By the names of the columns as they stand in the file."""
    problem: FieldError | None = None
    lacks: tuple[str, ...] = ()
    """Columns for which the row has no cell: it is shorter than the header."""


def clean_id(value: str) -> str:
    """An external id, or a column's name, without the white space and marks that spreadsheets leave around it."""
    return _AROUND.sub("", value)


def is_rounded(value: str) -> bool:
    """Whether a spreadsheet kept only the first figures of a number, as in `4.91701E+11`."""
    return bool(_ROUNDED.fullmatch(value))


def field_problem(fields: Mapping[str, str]) -> FieldError | None:
    """Why no message can be made of one of these values, whatever its type."""
    for column, value in fields.items():
        if len(value) > FIELD_LIMIT_CHARACTERS:
            return FieldError(
                "field-too-long",
                f"{len(value)} characters",
                mend=f"keep fields under {FIELD_LIMIT_CHARACTERS} characters",
                column=column,
            )
        if "\x00" in value:
            return FieldError("nul", "a NUL character", mend="remove it", column=column)
        if not value.isascii() and storable(value) != value:
            return FieldError(
                "forbidden-character", "half of a surrogate pair", mend="remove it", column=column
            )
    return None


def storable(value: str) -> str:
    """A text without what no encoding of Unicode has: halves of surrogate pairs, which JSON can write."""
    return value.encode("utf-8", "replace").decode()
