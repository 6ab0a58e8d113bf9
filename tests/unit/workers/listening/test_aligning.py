"""What was heard beside what was to be said: the same words however they are cut, and where the sides part."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.listening.aligning import Divergence, divergences
from workers.listening.words import words_of

TEXT = st.text(alphabet="ab c", max_size=14)


def parted(said: str, heard: str) -> list[tuple[str, str]]:
    """Stretches as people see them."""
    said_words, heard_words = words_of(said), words_of(heard)
    return [
        (
            " ".join(word.letters for word in said_words[one.begun : one.ended]),
            " ".join(word.letters for word in heard_words[one.heard_begun : one.heard_ended]),
        )
        for one in divergences(said_words, heard_words)
    ]


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        ("Your reference is T L, two five.", "your reference is TL two five"),
        ("at seven thirty PM", "At seven thirty p.m."),
        ("twenty twenty-seven", "twenty-twenty-seven."),
        ("duemilaventisette", "due mila ventisette"),
        ("l'électricité", "L electricite"),
        ("Müller", "Muller"),
        ("我们有三天", "我们 有三天。"),
    ],
)
def test_the_same_words_are_the_same_however_they_are_cut(said: str, heard: str) -> None:
    assert parted(said, heard) == []


def test_each_stretch_that_parts_is_told_by_itself() -> None:
    said = "Hello Anna. Your bill of nine dollars is due on May first."
    heard = "Hello Hannah, your bill of five dollars due on May first please"
    assert parted(said, heard) == [("anna", "hannah"), ("nine", "five"), ("is", ""), ("", "please")]


def test_what_is_said_twice_is_one_stretch() -> None:
    assert parted("the code is four two", "the code is the code is four two") == [("", "the code is")]


@given(TEXT, TEXT)
def test_both_sides_without_the_stretches_are_the_same(said: str, heard: str) -> None:
    said_words, heard_words = words_of(said), words_of(heard)
    found = divergences(said_words, heard_words)
    left_said = [
        word for at, word in enumerate(said_words) if not any(one.begun <= at < one.ended for one in found)
    ]
    left_heard = [
        word
        for at, word in enumerate(heard_words)
        if not any(one.heard_begun <= at < one.heard_ended for one in found)
    ]
    assert "".join(word.letters for word in left_said) == "".join(word.letters for word in left_heard)
    assert all(one.said or one.heard_ended > one.heard_begun for one in found)
    assert found == sorted(found, key=lambda one: (one.begun, one.heard_begun))


def test_errors_count_as_word_error_rates_do() -> None:
    assert Divergence(0, 2, 0, 1).errors == 2
    assert Divergence(1, 1, 1, 4).errors == 3
