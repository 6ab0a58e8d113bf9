"""Column types as the brief declares them: `amount = "money EUR"`, `notes = { type = "text", ... }`.

Declared once, they keep templates plain: `{{ amount }}` is then read as money.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from campaign.errors import BriefError
from campaign.speech.typed import Kind, Options

_TYPES: Mapping[str, Kind] = {
    kind.value: kind
    for kind in (
        Kind.TEXT,
        Kind.NAME,
        Kind.MONEY,
        Kind.DATE,
        Kind.TIME,
        Kind.TELEPHONE,
        Kind.SPELL,
        Kind.DIGITS,
        Kind.CARDINAL,
        Kind.ORDINAL,
        Kind.UNIT,
        Kind.FRACTION,
    )
}
DATE_ORDERS = ("iso", "dmy", "mdy", "ymd")
_ARGUMENT: Mapping[Kind, str] = {
    Kind.MONEY: "currency",
    Kind.DATE: "order",
    Kind.TELEPHONE: "region",
    Kind.UNIT: "unit",
}
"""What the second word of a short type means."""
_KEYS = {"type", "language", "optional", "fallback", "currency", "order", "region", "unit", "gender"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnSpec:
    """What the brief says of one column."""

    kind: Kind = Kind.TEXT
    options: Options = ()
    language: str | None = None
    """A language, `auto` for closed-set detection, None for the template's."""
    optional: bool = False
    """An empty field is no error: `fallback` is said in its place."""
    fallback: str = ""


def parse_column_type(declared: object) -> ColumnSpec:
    """`"money EUR"` or `{ type = "text", language = "auto", optional = true, fallback = "" }` to a spec.

    Raises `BriefError` on a type, key or argument that does not exist.
    """
    if isinstance(declared, str):
        return _parse({"type": declared})
    if isinstance(declared, Mapping):
        return _parse(declared)
    raise BriefError(f'a column type is text or a table, not {declared!r}; write for example "money EUR"')


def column_options(kind: Kind, arguments: Mapping[str, str]) -> Options:
    """Checked options of a type; raises `BriefError`."""
    options: dict[str, str] = {}
    for key, value in arguments.items():
        if not value:
            continue
        options[key] = _check_option(kind, key, value)
    return tuple(sorted(options.items()))


def _parse(table: Mapping[str, object]) -> ColumnSpec:
    unknown = set(table) - _KEYS
    if unknown:
        raise BriefError(f"column: no such key: {', '.join(sorted(unknown))}; use {', '.join(sorted(_KEYS))}")
    words = str(table.get("type", "text")).split()
    if not words or words[0] not in _TYPES:
        raise BriefError(f"no column type {table.get('type')!r}; use one of {', '.join(sorted(_TYPES))}")
    kind = _TYPES[words[0]]
    arguments = {
        key: str(table[key]) for key in ("currency", "order", "region", "unit", "gender") if key in table
    }
    if len(words) > 1:
        name = _ARGUMENT.get(kind)
        if name is None or len(words) > 2:
            raise BriefError(
                f"column type {table.get('type')!r}: {kind} takes no {words[-1]!r}; leave it out"
            )
        arguments[name] = words[1]
    optional = table.get("optional", False)
    if not isinstance(optional, bool):
        raise BriefError(f"column: optional is true or false, not {optional!r}; write optional = true")
    language = table.get("language")
    return ColumnSpec(
        kind=kind,
        options=column_options(kind, arguments),
        language=None if language is None else str(language).lower(),
        optional=optional,
        fallback=str(table.get("fallback", "")),
    )


def _check_option(kind: Kind, key: str, value: str) -> str:
    if key == "currency":
        code = value.upper()
        if len(code) != 3 or not code.isascii() or not code.isalpha():
            raise BriefError(f"{kind}: no currency {value!r}; write its ISO 4217 code, for example EUR")
        return code
    if key == "order":
        if value.lower() not in DATE_ORDERS:
            raise BriefError(f"{kind}: no date order {value!r}; use one of {', '.join(DATE_ORDERS)}")
        return value.lower()
    if key == "region":
        if len(value) != 2 or not value.isascii() or not value.isalpha():
            raise BriefError(f"{kind}: no region {value!r}; write its ISO 3166 code, for example DE")
        return value.upper()
    if key in ("weekday", "year") and value not in ("true", "false"):
        raise BriefError(f"{kind}: {key} is true or false, not {value!r}")
    if key == "gender" and value not in ("m", "f", "n"):
        raise BriefError(f"{kind}: no gender {value!r}; use m, f or n")
    return value
