"""What stands for an empty cell, and what is a value all the same."""

from __future__ import annotations

import pytest

from campaign.speech.fields.nothing import is_nothing
from campaign.speech.typed import Kind


@pytest.mark.parametrize(
    "text",
    ["", "  ", "NULL", "null", "nan", "NaN", "None", "N/A", "n/a", "NA", "#N/A", "#NV", "\\N", "undefined", "nil",
     "(blank)", "(null)", "<null>", "[None]", "<NA>", "-", "--", "–", "?", "...", "./.", "k.A.", "s/o",
     "Not applicable", "undefined undefined", "N/A N/A", "0000-00-00", "1/0/1900"],
)  # fmt: skip
def test_what_programs_and_people_write_for_nothing_is_nothing(text: str) -> None:
    assert is_nothing(text)
    assert is_nothing(text, Kind.NAME)
    assert is_nothing(text, Kind.DATE)


@pytest.mark.parametrize(
    "text", ["Null", "Nan", "Na", "Nil", "Noné", "Unknown", "Ø", "O", "0", "x", "No", "Nanda"]
)
def test_a_name_stays_a_name(text: str) -> None:
    assert not is_nothing(text, Kind.NAME)


@pytest.mark.parametrize("text", ["none", "unknown", "0", "x", "nothing", "+"])
def test_a_word_of_a_text_stays(text: str) -> None:
    assert not is_nothing(text)


@pytest.mark.parametrize("text", ["0001-01-01", "1899-12-30 00:00:00", "30.12.1899"])
def test_the_first_day_of_a_program_s_calendar_is_no_date(text: str) -> None:
    assert is_nothing(text, Kind.DATE)
    assert not is_nothing(text)


def test_nobody_is_called_none() -> None:
    assert is_nothing("none", Kind.NAME)


def test_no_figure_is_called_unknown() -> None:
    assert is_nothing("unknown", Kind.MONEY)


def test_a_flag_is_not_guessed_from_unknown() -> None:
    assert not is_nothing("unknown", Kind.FLAG)


def test_a_column_s_own_list_replaces_the_usual() -> None:
    assert is_nothing("x", declared=("x",))
    assert not is_nothing("NULL", declared=("x",))
    assert not is_nothing("-", declared=())
