"""What was understood of what was said: rates over all words, and each value by itself."""

from __future__ import annotations

import pytest

from workers.measure.intelligibility import intelligibility_of, is_heard, words


def test_case_marks_and_spaces_are_no_difference() -> None:
    assert words("  It's  FIVE—o'clock, Müller! ") == "it's five o'clock müller"
    told = intelligibility_of("Good morning, Maria.", "good   MORNING maria")
    assert (told.wer, told.cer) == (0, 0)


def test_rates_are_over_what_was_said_and_pass_one_when_more_was_heard() -> None:
    assert intelligibility_of("one two three four", "one two tree four").wer == 0.25
    assert intelligibility_of("yes", "yes yes yes").wer == 2


def test_a_misheard_value_counts_though_every_other_word_is_right() -> None:
    told = intelligibility_of(
        "you owe forty euros to anna",
        "you owe fourteen euros to anna",
        [("money", "forty"), ("name", "Anna"), ("name", "Bert")],
    )
    assert told.values == {"money": (0, 1), "name": (1, 2)}


@pytest.mark.parametrize(
    ("value", "heard", "expected"),
    [
        ("Jonson", "my name is johnson today", True),
        ("abcd", "xx abcx yy", True),
        ("abcd", "xx abxx yy", False),
        ("nine", "the line is long", True),
        ("", "anything", False),
        ("!?", "anything", False),
        ("seven", "", False),
    ],
)
def test_value_is_heard_with_one_letter_in_four_wrong(value: str, heard: str, expected: bool) -> None:
    assert is_heard(value, heard) is expected


def test_nothing_to_be_said_is_no_measure() -> None:
    with pytest.raises(ValueError, match="nothing was to be said"):
        intelligibility_of("...", "hello")
