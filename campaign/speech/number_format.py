"""How a column writes its numbers: which sign stands before decimals and which parts thousands.

`12.345` and `1,000` have two readings, and no single cell shows which is meant. The whole column shows it, or the brief
declares it by a sample:

    shown = Signs(); shown.add(1, "1,234.50"); shown.add(2, "12.345"); shown.format()  # "1,234.5"
    split_figures("12.345", "1,234.5")  # ("12", "345")
    split_figures("12.345", "1.234,5")  # ("12345", "")

A blank or an apostrophe between groups of three has one reading and is taken whatever the format.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from campaign.speech.typed import UnreadableValueError

NUMBER_FORMATS: Final[Mapping[str, tuple[str, str]]] = {
    "1,234.5": (".", ","),
    "1.234,5": (",", "."),
    "1 234,5": (",", " "),
    "1 234.5": (".", " "),
    "1'234.5": (".", "'"),
    "1'234,5": (",", "'"),
    "1234.5": (".", ""),
    "1234,5": (",", ""),
}
"""A sample to (the sign before decimals, the sign between thousands)."""
WITHOUT_SIGNS: Final = "1234"
"""Of a column in which no value shows what its signs mean, and none needs to."""
_OF_SIGN: Final = {".": "1,234.5", ",": "1.234,5"}
"""By the sign before decimals, what a column is found to write."""
_OTHER: Final = {".": ",", ",": "."}
_BLANKS: Final = " \u00a0\u202f\u2009"
_FIGURES: Final = re.compile(rf"(?:(?<!\w)[.,])?\d(?:[\d.,'’{_BLANKS}]*\d)?")
_WHOLE_DASH: Final = re.compile(r"([.,])\s?[-–—]{1,2}(?!\d)")
"""`12,-`: no hundredths."""
_BLANK_GROUPS: Final = re.compile(rf"\d{{1,3}}(?:([{_BLANKS}'’])\d{{3}})+(?=[.,]|$)")


def checked_format(sample: str) -> str:
    """The format that a sample shows; raises `ValueError` where it shows none."""
    plain = re.sub(f"[{_BLANKS}]", " ", sample.strip()).replace("’", "'")
    if plain not in NUMBER_FORMATS:
        raise ValueError(f"use one of {', '.join(map(repr, NUMBER_FORMATS))}")
    return plain


@dataclass(frozen=True, slots=True)
class Figures:
    """What one value shows of its signs."""

    decimal: str = ""
    """The sign that can only stand before decimals."""
    grouping: str = ""
    """The sign that can only part thousands: `.`, `,`, a blank or an apostrophe."""
    either: str = ""
    """The sign that may do the one or the other: that of `12.345`."""


_NOTHING_SHOWN: Final = Figures()
DECIMAL_POINT: Final = Figures(decimal=".")
"""What a cell shows that holds a number and no text."""


def figures_in(text: str) -> Figures | None:
    """What a value shows, whatever stands around its figures; None where it is no one number. Figures are ASCII."""
    found = _FIGURES.findall(text)
    if len(found) != 1:
        return None
    shown = _shown(found[0])
    if shown == _NOTHING_SHOWN and (match := _WHOLE_DASH.search(text, text.index(found[0]))):
        return Figures(decimal=match[1])
    if shown is not None and shown.either and (match := _WHOLE_DASH.search(text)):
        return Figures(decimal=match[1], grouping=shown.either) if match[1] != shown.either else None
    return shown


def _shown(body: str) -> Figures | None:
    blank = ""
    if match := _BLANK_GROUPS.match(body):
        blank = "'" if match[1] in "'’" else " "
        body = re.sub(rf"[{_BLANKS}'’]", "", match[0]) + body[match.end() :]
    signs = re.sub(r"\d", "", body)
    if not signs:
        return Figures(grouping=blank)
    last = signs[-1]
    if set(signs) - set(".,"):
        return None
    head, _, tail = body.rpartition(last)
    if len(signs) == 1:
        if blank or len(tail) != 3 or not 1 <= len(head) <= 3 or head[0] == "0":
            return Figures(decimal=last, grouping=blank)
        return Figures(either=last)
    if blank:
        return None
    if set(signs) == {last}:
        return Figures(grouping=last) if _is_grouped(body, last) else None
    other = _OTHER[last]
    return Figures(decimal=last, grouping=other) if last not in head and _is_grouped(head, other) else None


def _decimal_of(shown: Figures | None) -> str:
    """The sign before decimals that a value shows; a point where it shows none."""
    return "." if shown is None else shown.decimal or _OTHER.get(shown.grouping, ".")


def _is_grouped(body: str, sign: str) -> bool:
    return bool(re.fullmatch(rf"\d{{1,3}}(?:{re.escape(sign)}\d{{3}})+", body))


@dataclass(frozen=True, slots=True)
class Shown:
    """A value that shows something, for a message."""

    row: int
    written: str


class TwoConventionsError(ValueError):
    """Two values of one column that no one format fits."""

    def __init__(self, first: Shown, second: Shown) -> None:
        super().__init__(f"{first.written} and {second.written}")
        self.first, self.second = sorted((first, second), key=lambda shown: shown.row)


class NoConventionError(ValueError):
    """A column of which a value has two readings, and no value shows which is meant."""

    def __init__(self, example: Shown) -> None:
        super().__init__(example.written)
        self.example = example


@dataclass(slots=True)
class Signs:
    """What the values of one column show of its signs; memory does not grow with them."""

    decimal: dict[str, Shown] = field(default_factory=dict)
    """By sign, the first value that shows it; so `grouping` and `either`."""
    grouping: dict[str, Shown] = field(default_factory=dict)
    either: dict[str, Shown] = field(default_factory=dict)
    has_cells: bool = False
    """A cell holds a number and no text: beside it, text that is written otherwise is a fault of somebody's."""

    def add(self, row: int, written: str, figures: Figures) -> None:
        """One value."""
        self.has_cells = self.has_cells or figures is DECIMAL_POINT
        for sign, shown in (
            (figures.decimal, self.decimal),
            (figures.grouping, self.grouping),
            (figures.either, self.either),
        ):
            if sign and sign not in shown:
                shown[sign] = Shown(row, written)

    def format(self) -> str:
        """The format of the column, `WITHOUT_SIGNS` where nothing needs one: each value shows its own signs.

        Rows of several countries may write `84.50` and `101,01`: each has one reading. Where a value has two, the
        others must agree on which is meant. Raises `TwoConventionsError` and `NoConventionError`.
        """
        try:
            return self._one_format()
        except TwoConventionsError:
            if self.either or self.has_cells:
                raise
            return WITHOUT_SIGNS

    def _one_format(self) -> str:
        for sign, other in (".,", ",."):
            for roles in ((self.decimal, self.decimal, other), (self.decimal, self.grouping, sign)):
                if sign in roles[0] and roles[2] in roles[1]:
                    raise TwoConventionsError(roles[0][sign], roles[1][roles[2]])
        if "." in self.grouping and "," in self.grouping:
            raise TwoConventionsError(self.grouping["."], self.grouping[","])
        decimal = next(iter(self.decimal), "") or next(
            (_OTHER[sign] for sign in self.grouping if sign in _OTHER), ""
        )
        if not decimal:
            if self.either:
                raise NoConventionError(min(self.either.values(), key=lambda shown: shown.row))
            return WITHOUT_SIGNS
        other = _OTHER[decimal]
        blank = next((sign for sign in self.grouping if sign not in _OTHER), "")
        if blank and other in self.either and other not in self.grouping:  # `1 234,50` and `12.345`
            raise TwoConventionsError(self.grouping[blank], self.either[other])
        return _OF_SIGN[decimal]


def both_readings(written: str) -> tuple[str, str]:
    """What `12.345` may be: without the sign, and with it before decimals as `1,234.5` writes it."""
    figures = _FIGURES.findall(written)[0]
    return re.sub(r"\D", "", figures), figures.replace(",", ".")


def split_figures(body: str, number: str) -> tuple[str, str]:
    """(figures before, figures after the decimal sign) of a number without its own sign, by a format.

    Raises `UnreadableValueError` where it is not written so; with `WITHOUT_SIGNS`, where it has two readings.
    """
    if number == WITHOUT_SIGNS:
        shown = _shown(body)
        if shown is not None and shown.either:
            whole, decimals = both_readings(body)
            raise UnreadableValueError(
                "ambiguous-number",
                f"{body!r} is {whole} or {decimals} with decimals, and nothing in its column shows which",
                'declare number = "1,234.5" or number = "1.234,5" for the column, or write it without the sign',
            )
        number = _OF_SIGN[_decimal_of(shown)]
    decimal, grouping = NUMBER_FORMATS[number]
    whole, sign, tail = body.partition(decimal)
    if match := _BLANK_GROUPS.fullmatch(whole):
        whole = re.sub(rf"[{_BLANKS}'’]", "", match[0])
    elif grouping in _OTHER and _is_grouped(whole, grouping):
        whole = whole.replace(grouping, "")
    if not re.fullmatch(r"\d+", whole or "0") or not re.fullmatch(r"\d+" if sign else "", tail):
        raise UnreadableValueError(
            "not-a-number",
            f"{body!r} is not a number as its column writes them, {number}",
            "correct it, or declare how the column writes numbers: number = ...",
        )
    return whole or "0", tail
