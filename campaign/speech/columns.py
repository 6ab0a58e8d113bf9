"""Column types as the brief declares them: `amount = "money EUR"`, `notes = { type = "text", ... }`.

Declared once, they keep templates plain: `{{ amount }}` is then read as money.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from campaign.errors import BriefError
from campaign.speech.number_format import NUMBER_FORMATS, checked_format
from campaign.speech.typed import Kind, Options
from campaign.speech.verbalise.two_digit_years import DIRECTIONS
from workers.languages import checked_tag, normal
from workers.mends import shown
from workers.strict import Several, StrictTable, read

COLUMN_TYPES: Mapping[str, Kind] = {
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
        Kind.FLAG,
        Kind.DURATION,
        Kind.PERCENT,
        Kind.YEAR,
        Kind.EMAIL,
        Kind.URL,
    )
} | {"address": Kind.POSTAL}
_ALSO_CALLED: Mapping[str, str] = {
    "currency": "money", "amount": "money", "price": "money", "number": "cardinal", "int": "cardinal",
    "integer": "cardinal", "float": "cardinal", "decimal": "cardinal", "numeric": "cardinal", "string": "text",
    "str": "text", "varchar": "text", "phone": "telephone", "tel": "telephone", "mobile": "telephone",
    "datetime": "date", "timestamp": "date", "code": "spell", "characters": "spell", "measure": "unit",
    "firstname": "name", "person": "name", "length": "duration", "interval": "duration", "timespan": "duration",
    "percentage": "percent", "pct": "percent", "mail": "email", "e-mail": "email", "website": "url", "link": "url",
    "web": "url", "street": "address", "postal": "address", "postcode": "digits", "zip": "digits",
}  # fmt: skip
"""What others call a type."""
DATE_ORDERS = ("iso", "dmy", "mdy", "ymd")
"""How a whole date may be written."""
RARE_ORDERS = ("ydm", "dm", "md", "my", "ym", "m")
"""Declared only: which of day, month and year stand there, in order; what does not stand there is not said."""
_ARGUMENT: Mapping[Kind, str] = {
    Kind.MONEY: "currency",
    Kind.DATE: "order",
    Kind.TELEPHONE: "region",
    Kind.UNIT: "unit",
}
"""What the second word of a short type means."""
_SHORT_FORMATS = tuple(sample for sample in NUMBER_FORMATS if " " not in sample)
_WORDS_OF: Mapping[Kind, Mapping[str, tuple[str, ...]]] = {
    Kind.DATE: {"direction": DIRECTIONS},
    Kind.DURATION: {"form": ("h:mm", "m:ss")},
    Kind.PERCENT: {"of": ("fraction",), "number": _SHORT_FORMATS},
    Kind.MONEY: {"number": _SHORT_FORMATS},
    Kind.CARDINAL: {"number": _SHORT_FORMATS},
    Kind.UNIT: {"number": _SHORT_FORMATS},
}
"""Options whose words a short type may say in any order, beside its argument."""
_ALSO_TAKES: Mapping[Kind, frozenset[str]] = {
    Kind.MONEY: frozenset({"number"}),
    Kind.CARDINAL: frozenset({"gender", "number"}),
    Kind.ORDINAL: frozenset({"gender"}),
    Kind.UNIT: frozenset({"number"}),
    Kind.DATE: frozenset({"direction"}),
    Kind.DURATION: frozenset({"form"}),
    Kind.PERCENT: frozenset({"number", "of"}),
}
"""Options of a type beside its argument."""
NUMBER_KINDS = frozenset(kind for kind, keys in _ALSO_TAKES.items() if "number" in keys)
"""Types whose values are numbers with decimals and thousands."""


def _as_text(value: object) -> object:
    """`fallback = 0` is said as it is written, `0.10` would not be; null, which only JSON has, says nothing."""
    if value is None:
        return ""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


class ColumnTable(StrictTable):
    """A column's type with what else is to be said of it."""

    type: str = Field(default="text", examples=['"money EUR"'])
    """What is in it: docs/templates.md lists the types."""
    language: str | None = Field(default=None, examples=['"auto"'])
    """Of its words: a language, or `auto` for each to be found out; by default the template's."""
    optional: bool = False
    """An empty field is no error: `fallback` is said in its place."""
    fallback: Annotated[str, BeforeValidator(_as_text)] = Field(default="", examples=['"your balance"'])
    """For an empty field."""
    currency: str | None = Field(default=None, examples=['"EUR"'])
    """Of `money`: an ISO 4217 code."""
    order: str | None = Field(default=None, examples=['"dmy"'])
    """Of `date`: `iso`, `dmy`, `mdy`, `ymd`; `dm`, `md`, `my`, `ym` and `m` where only these stand in it."""
    direction: Literal["past", "future"] | None = Field(default=None, examples=['"past"'])
    """Of `date`: where days lie of whose year two digits are written; births are past, due dates future."""
    region: str | None = Field(default=None, examples=['"DE"'])
    """Of `telephone`: an ISO 3166 code."""
    unit: str | None = Field(default=None, examples=['"kg"'])
    """Of `unit`: `km`, `kg` ..."""
    gender: Literal["m", "f", "n"] | None = Field(default=None, examples=['"f"'])
    """Of a number's noun, where the language asks for it."""
    form: Literal["h:mm", "m:ss"] | None = Field(default=None, examples=['"h:mm"'])
    """Of `duration`: what the colon of `1:30` parts."""
    of: Literal["fraction"] | None = Field(default=None, examples=['"fraction"'])
    """Of `percent`: numbers without a sign are fractions of one, 0.125 is 12.5 percent."""
    number: str | None = Field(default=None, examples=['"1,234.5"'])
    """How it writes numbers, shown by a sample: `1,234.5`, `1.234,5`, `1 234,5`, `1'234.5`, `1234.5`, `1234,5`. By
    default the whole column shows it."""
    source: str | None = Field(default=None, alias="from", min_length=1, examples=['"Betrag"'])
    """The file's column, where it has another name than the template's."""
    nothing: Several[str] | None = Field(default=None, examples=['["x", "unknown"]'])
    """What stands for an empty field, in place of `NULL`, `N/A`, `-` and their like; with `[]` nothing does."""
    currency_column: str | None = Field(default=None, min_length=1, examples=['"currency"'])
    """Of `money`: the column with each row's own currency; where that is empty, `currency`."""
    language_column: str | None = Field(default=None, min_length=1, examples=['"language"'])
    """The column with the language of each row's words; where that is empty, `language`."""

    @property
    def arguments(self) -> dict[str, str]:
        """What is said of the type beside it."""
        said = {
            "currency": self.currency,
            "order": self.order,
            "direction": self.direction,
            "region": self.region,
            "unit": self.unit,
            "gender": self.gender,
            "number": self.number,
            "form": self.form,
            "of": self.of,
        }
        return {key: value for key, value in said.items() if value}


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
    source: str | None = None
    """The file's column, where it has another name."""
    nothing: tuple[str, ...] | None = None
    """What stands for an empty field; None for the usual."""
    currency_column: str | None = None
    """The column with each row's currency."""
    language_column: str | None = None
    """The column with the language of each row's words."""

    @property
    def needs(self) -> tuple[str, ...]:
        """The other columns that this one is read with."""
        return tuple(name for name in (self.currency_column, self.language_column) if name)


def parse_column_type(declared: object) -> ColumnSpec:
    """`"money EUR"` or `{ type = "text", language = "auto", optional = true, fallback = "" }` to a spec.

    Raises `BriefError` on a type, key or argument that does not exist.
    """
    if isinstance(declared, str):
        return _spec_of(ColumnTable(type=declared))
    if isinstance(declared, ColumnTable):
        return _spec_of(declared)
    if not isinstance(declared, Mapping):
        raise BriefError(
            f'a column type is text or a table, not {shown(declared)}; write for example "money EUR"'
        )
    return _spec_of(read(ColumnTable, declared, where="column", error=BriefError))


def check_declared(declared: str | ColumnTable) -> None:
    """What `parse_column_type` raises, and `BriefError` for what would be passed over in silence."""
    from campaign.speech.verbalise.currencies import currency_codes

    spec = parse_column_type(declared)
    kind, table = spec.kind, ColumnTable(type=declared) if isinstance(declared, str) else declared
    arguments, own = table.arguments, _ARGUMENT.get(kind, "")
    for key, word in _said_in_type(kind, table.type).items():
        if arguments.get(key, word).lower() != word.lower():
            raise BriefError(f"its type says {word} and its {key} {arguments[key]}; leave one of them out")
    foreign = arguments.keys() - {own, *_ALSO_TAKES.get(kind, ())}
    if foreign:
        raise BriefError(
            f"{kind} takes no {' and no '.join(sorted(foreign))}; leave it out or correct the type"
        )
    if normal(table.language or "auto") != "auto":
        try:
            checked_tag(table.language or "")
        except ValueError as exc:
            raise BriefError(str(exc)) from exc
    if table.fallback and not table.optional:
        raise BriefError("its fallback is never said; add optional = true, or leave it out")
    if table.currency_column and kind is not Kind.MONEY:
        raise BriefError(f"{kind} takes no currency_column; leave it out or correct the type")
    if kind is Kind.FLAG and (table.language or table.language_column or table.fallback):
        raise BriefError("a flag is never spoken; leave language, language_column and fallback out")
    if table.source is not None and not table.source.strip():
        raise BriefError("from is blank; write the name of the file's column, or leave it out")
    currency = dict(spec.options).get("currency")
    if currency is not None and currency not in currency_codes():
        raise BriefError(
            f"{currency} is no currency that has a name here; give an ISO 4217 code such as EUR or BRL"
        )


def kept_column_type(declared: object) -> ColumnSpec:
    """A type that a campaign keeps: what was taken once is read as it was then, numbers as text, nothing as nothing."""
    if isinstance(declared, Mapping):
        said = {key: value for key, value in declared.items() if value is not None and value != ""}
        declared = {
            key: value if key in ("optional", "nothing") else str(value) for key, value in said.items()
        }
    return parse_column_type(declared)


def date_order(form: str) -> str:
    """`dmy` of `DD/MM/YYYY` and `ddmmyyyy`; what is no such pattern stays as it is, in small letters."""
    letters = re.sub(r"[\W_]", "", form.lower())
    order = re.sub(r"(.)\1+", r"\1", letters)
    return order if set(order) <= set("dmy") and len(set(order)) == len(order) else form.lower()


def column_options(kind: Kind, arguments: Mapping[str, str]) -> Options:
    """Checked options of a type; raises `BriefError`."""
    options: dict[str, str] = {}
    for key, value in arguments.items():
        if not value:
            continue
        options[key] = _check_option(kind, key, value)
    return tuple(sorted(options.items()))


def _spec_of(table: ColumnTable) -> ColumnSpec:
    words = table.type.split()
    name = words[0].lower() if words else ""
    if name not in COLUMN_TYPES:
        near = _ALSO_CALLED.get(name) or next(iter(difflib.get_close_matches(name, COLUMN_TYPES, n=1)), "")
        meant = f"did you mean {' '.join([near, *words[1:]])}? There are" if near else "use one of"
        raise BriefError(f"no column type {shown(table.type)}; {meant} {', '.join(sorted(COLUMN_TYPES))}")
    kind = COLUMN_TYPES[name]
    arguments = {**table.arguments, **_said_in_type(kind, table.type)}
    return ColumnSpec(
        kind=kind,
        options=column_options(kind, arguments),
        language=None if table.language is None else normal(table.language),
        optional=table.optional,
        fallback=table.fallback,
        source=table.source,
        nothing=None if table.nothing is None else tuple(text.strip() for text in table.nothing),
        currency_column=table.currency_column,
        language_column=table.language_column,
    )


def _said_in_type(kind: Kind, type_: str) -> dict[str, str]:
    """Options that a short type says: `date dmy past`; raises `BriefError` for a word that says none."""
    said: dict[str, str] = {}
    for word in type_.split()[1:]:
        key = next((key for key, known in _WORDS_OF.get(kind, {}).items() if word.lower() in known), "")
        key = key or _ARGUMENT.get(kind, "")
        if not key or key in said:
            raise BriefError(f"column type {shown(type_)}: {kind} takes no {word!r}; leave it out")
        said[key] = word
    return said


def _checked_region(kind: Kind, region: str) -> str:
    from campaign.speech.verbalise.numbering import is_region

    if not is_region(region):
        raise BriefError(
            f"{kind}: there are no telephone numbers of {region}; write an ISO 3166 code such as GB"
        )
    return region


def _check_option(kind: Kind, key: str, value: str) -> str:
    if key == "currency":
        code = value.upper()
        if len(code) != 3 or not code.isascii() or not code.isalpha():
            raise BriefError(f"{kind}: no currency {value!r}; write its ISO 4217 code, for example EUR")
        return code
    if key == "order":
        orders = (*DATE_ORDERS, *RARE_ORDERS)
        if value.lower() not in orders:
            meant = f"write {order}, or" if (order := date_order(value)) in orders else "use"
            raise BriefError(f"{kind}: no date order {value!r}; {meant} one of {', '.join(orders)}")
        return value.lower()
    if key != "number" and (known := _WORDS_OF.get(kind, {}).get(key)):
        if value.lower() not in known:
            raise BriefError(f"{kind}: no {key} {value!r}; use {' or '.join(known)}")
        return value.lower()
    if key == "region":
        if len(value) != 2 or not value.isascii() or not value.isalpha():
            raise BriefError(f"{kind}: no region {value!r}; write its ISO 3166 code, for example DE")
        return _checked_region(kind, value.upper())
    if key in ("weekday", "year") and value not in ("true", "false"):
        raise BriefError(f"{kind}: {key} is true or false, not {value!r}")
    if key == "number":
        try:
            return checked_format(value)
        except ValueError as exc:
            raise BriefError(f"{kind}: {shown(value)} shows no way to write numbers; {exc}") from exc
    if key == "gender" and value not in ("m", "f", "n"):
        raise BriefError(f"{kind}: no gender {value!r}; use m, f or n")
    return value
