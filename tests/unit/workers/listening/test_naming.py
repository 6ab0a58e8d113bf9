"""What happened to a sentence, in a word."""

from __future__ import annotations

import pytest

from workers.listening.naming import Mishap, mishap_of

TEXT = "Your bill of nine dollars is due today."


@pytest.mark.parametrize(
    ("heard", "misheard", "mishap"),
    [
        (TEXT, [], Mishap.NONE),
        ("Your bill of five dollars is due today.", [(3, 4, "five")], Mishap.NONE),
        ("Your bill of dollars is due today.", [(3, 4, "")], Mishap.NONE),
        ("Your bill of nine dollars.", [(5, 8, "")], Mishap.CUT_END),
        ("Your bill of nine dollars is due today, today.", [(8, 8, "today")], Mishap.NONE),
        ("Your bill of nine dollars, of nine dollars is due today.", [(5, 5, "of nine dollars")], Mishap.SAID_TWICE),
        ("Your bill of nine dollars, nine dollars is", [(5, 5, "nine dollars"), (6, 8, "")], Mishap.SAID_TWICE),
        ("", [(0, 8, "")], Mishap.MISSING),
        ("Your", [(1, 8, "")], Mishap.MISSING),
    ],
)  # fmt: skip
def test_what_happened_has_a_name(heard: str, misheard: list[tuple[int, int, str]], mishap: Mishap) -> None:
    assert mishap_of(TEXT, heard, misheard) == mishap
