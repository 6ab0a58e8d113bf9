"""Values that are shorter than all others of their column."""

from __future__ import annotations

from campaign.speech.columns import parse_column_type
from campaign.speech.fields.widths import Widths


def warnings(*values: str, kind: str = "digits") -> list[str]:
    widths = Widths({"code": parse_column_type(kind)})
    for row, value in enumerate(values, start=1):
        widths.add(row, {"code": value})
    return widths.warnings()


USUAL = [f"{number:05}" for number in range(9_990, 10_090)]


def test_a_few_short_values_are_told_once_with_the_first_row() -> None:
    assert warnings(*USUAL, "4711", "815", kind="spell") == [
        "lost-zero in 'code': 2 values have fewer figures than the other 100, which have 5; the first in row 101"
    ]


def test_values_of_any_width_say_nothing() -> None:
    assert warnings(*map(str, range(1, 2_000))) == []
    assert warnings(*USUAL, "123456") == []
    assert warnings("04711", "4711") == []


def test_other_types_and_empty_values_are_not_counted() -> None:
    assert warnings(*USUAL, "4711", kind="cardinal") == []
    assert warnings(*USUAL, "", "A1") == []
