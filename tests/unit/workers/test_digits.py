"""Figures before `int()`: the one question, and that nobody asks another."""

from __future__ import annotations

import re

import pytest

from tests import ROOT
from workers.digits import are_digits, whole_number

LOOKED_AT = {
    "campaign/speech/languages/sentences.py",
    "campaign/speech/lexicon/entries.py",
    "campaign/speech/verbalise/written.py",
    "workers/digits.py",
}
"""Where figures of every kind are looked at, and none is given to `int()`."""


@pytest.mark.parametrize("text", ["0", "7", "0042", "123456789012345678"])
def test_figures_are_a_number(text: str) -> None:
    assert are_digits(text)
    assert whole_number(text) == int(text)


@pytest.mark.parametrize(
    "text", ["", "¹", "1¹", "①", "٣", "３", "१२", "Ⅳ", "½", "一", "-1", "+1", " 1", "1\n", "1_0", "1.0", "x"]
)
def test_whatever_else_is_none(text: str) -> None:
    assert not are_digits(text)
    assert whole_number(text) is None


def test_a_number_that_no_database_holds_is_none() -> None:
    assert whole_number("9" * 19) is None
    assert whole_number("9" * 5_000) is None


def test_nothing_but_the_one_question_stands_before_int() -> None:
    asking = {
        path.relative_to(ROOT).as_posix()
        for room in ("campaign", "workers", "storage")
        for path in (ROOT / room).rglob("*.py")
        if re.search(r"\.(?:isdigit|isnumeric)\(", path.read_text(encoding="utf-8"))
    }
    assert asking == LOOKED_AT
