"""What stands for an empty cell, and what is a value all the same."""

from __future__ import annotations

import pytest

from campaign.speech.fields.nothing import is_nothing
from campaign.speech.typed import Kind


@pytest.mark.parametrize(
    "text",
    ["", "  ", "NULL", "null", "nan", "NaN", "None", "N/A", "n/a", "NA", "#N/A", "#NV", "\\N", "undefined", "nil",
     "(blank)", "(null)", "<null>", "[None]", "<NA>", "-", "--", "–", "?", "...", "./.", "k.A.", "s/o",
     "Not applicable"],
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


def test_no_figure_is_called_unknown() -> None:
    assert is_nothing("unknown", Kind.MONEY)


def test_a_flag_is_not_guessed_from_unknown() -> None:
    assert not is_nothing("unknown", Kind.FLAG)


def test_a_column_s_own_list_replaces_the_usual() -> None:
    assert is_nothing("x", declared=("x",))
    assert not is_nothing("NULL", declared=("x",))
    assert not is_nothing("-", declared=())
