"""Typed values: what a filter, a column type or the tokeniser says a piece of writing means."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a piece of writing means; decides how it is read aloud."""

    TEXT = "text"
    """Ordinary prose: tokenised, normalised, may hold several sentences."""
    NAME = "name"
    """A person, place or firm: said as written, never normalised."""
    MONEY = "money"
    """An amount with its currency."""
    DATE = "date"
    """A day of the calendar, or a month of a year."""
    TIME = "time"
    """A time of day."""
    TELEPHONE = "telephone"
    """A number to dial, in groups."""
    SPELL = "spell"
    """Letter by letter, digit by digit."""
    DIGITS = "digits"
    """Digit by digit."""
    CODE = "code"
    """An order or file number found in prose: digits singly, short letter groups spelled, words read."""
    CARDINAL = "cardinal"
    """A whole or decimal number."""
    ORDINAL = "ordinal"
    """A place in an order: 3rd."""
    UNIT = "unit"
    """A number with a unit of measure."""
    FRACTION = "fraction"
    """A number over a number: 3/4."""
    FLAG = "flag"
    """Yes or no: asked by conditions, never said."""
    RANGE = "range"
    """Numbers with a sign between: 3-5, 10 x 20."""
    YEAR = "year"
    """A year by itself."""
    ADDRESS = "address"
    """An e-mail or web address found in prose."""
    EMAIL = "email"
    """An e-mail address."""
    URL = "url"
    """A web address."""
    POSTAL = "postal-address"
    """Where somebody lives: its numbers count nothing."""
    DURATION = "duration"
    """How long something takes."""
    PERCENT = "percent"
    """A share of a hundred."""
    ALIAS = "alias"
    """Said as other words than written."""
    SYMBOL = "symbol"
    """A single sign with a name: `&`, `%`."""
    WORDS = "words"
    """An abbreviation with its words."""


Options = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedValue:
    """One value to be verbalised by locale."""

    kind: Kind
    written: str
    """As it stands in the script."""
    options: Options = ()
    """Sorted (name, value) pairs: `currency`, `order`, `gender`, `region` ..."""
    language: str | None = None
    """Declared language of the value; None for the clause's."""
    column: str | None = None
    """The recipient field it came from, where it did."""
    emphasis: str | None = None
    phonemes: tuple[tuple[str, str], ...] = ()

    def option(self, name: str, default: str = "") -> str:
        """The option of that name."""
        for key, value in self.options:
            if key == name:
                return value
        return default


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Where a value stands: what its reading may depend on, and nothing further away."""

    language: str
    region: str = ""
    """ISO 3166 region of the recipient's locale, upper case; empty where it has none."""
    left: str = ""
    """At most a few words before the value, in the same clause."""
    right: str = ""
    """At most a few words after it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The words for a value."""

    text: str
    eats_right: int = 0
    """Characters after the value that the words already say: the `Uhr` of `14:30 Uhr`."""
    warning: str = ""
    """What may be wrong with the value; the first word says what it is."""


def typed(kind: Kind, written: str, **options: str) -> TypedValue:
    """A value of `kind` with these options."""
    return TypedValue(kind=kind, written=written, options=tuple(sorted(options.items())))


def in_words(written: str, words: str, *, padded: bool = False) -> TypedValue:
    """`written`, read as `words`."""
    return typed(Kind.WORDS, written, words=f" {words} " if padded else words)


class UnreadableValueError(ValueError):
    """A value that cannot be read aloud as its type; becomes a row error with its column."""

    def __init__(self, code: str, reason: str, mend: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason
        self.mend = mend
