"""A text's language is told from the declared ones alone, and only where it can be."""

from __future__ import annotations

import pytest

from campaign.speech.languages.detection import MIN_WORDS, detect


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Bitte rufen Sie uns morgen früh zurück.", "de"),
        ("Please call us back tomorrow morning.", "en"),
        ("Por favor, llámenos mañana por la mañana.", "es"),
    ],
)
def test_the_declared_language_of_a_sentence(text: str, language: str) -> None:
    found, reason = detect(text, ("en", "de", "es"))
    assert (found, reason.startswith("detected ")) == (language, True)


def test_a_language_that_was_not_declared_is_never_the_answer() -> None:
    found, _ = detect("Bitte rufen Sie uns morgen früh zurück.", ("en", "es"))
    assert found in (None, "en", "es")


def test_too_few_words_are_not_judged() -> None:
    assert MIN_WORDS == 3
    assert detect("Guten Morgen 12 3", ("en", "de")) == (None, "fewer than 3 words")
    assert detect("Guten schönen Morgen zusammen", ("en", "de"))[0] == "de"


def test_with_one_language_there_is_nothing_to_tell() -> None:
    assert detect("Please call us back tomorrow.", ("en",)) == (None, "one language declared")
    assert detect("Please call us back tomorrow.", ("en", "xx")) == (None, "one language declared")


def test_what_is_near_both_stays_undecided() -> None:
    found, reason = detect("taxi hotel radio", ("en", "de", "es", "fr", "it", "pt"))
    assert (found, reason.split(":")[0]) == (None, "undecided")
