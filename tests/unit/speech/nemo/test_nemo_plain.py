"""Plain sentences need no decoding: what is skipped would have come out as it went in."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from campaign.speech.nemo.normaliser import SentenceNormaliser
from campaign.speech.nemo.plain import needs_normaliser, plain_languages, triggers

from .conftest import Answers

Normalisers = Callable[[str], SentenceNormaliser]


@pytest.mark.parametrize("language", sorted(plain_languages()))
def test_every_kept_sentence_that_is_skipped_was_left_alone_by_stock(
    language: str, answers: Callable[[str], Answers]
) -> None:
    skipped = [
        (written, spoken)
        for _, written, spoken in answers(language)
        if not needs_normaliser(written, language)
    ]
    assert len(skipped) > 200
    assert [pair for pair in skipped if pair[0] != pair[1]] == []


@pytest.mark.parametrize("language", sorted(plain_languages()))
def test_random_sentences_that_are_skipped_are_left_alone(
    language: str, answers: Callable[[str], Answers], normaliser: Normalisers
) -> None:
    rng = random.Random(11)
    words = sorted(
        {
            word.strip(".,!?")
            for _, written, spoken in answers(language)
            for word in (written + " " + spoken).split()
        }
    )
    words += [word.title() for word in words] + ["\ue000", "\ue07f"] * 50
    skipped = 0
    for _ in range(4_000):
        text = " ".join(rng.choice(words) + rng.choice(("", "", "", ",")) for _ in range(rng.randint(1, 6)))
        text = text.strip(",") + rng.choice(("", ".", "!", "?"))
        if not needs_normaliser(text, language):
            skipped += 1
            assert normaliser(language).normalise(text) == text
    assert skipped > 30


@pytest.mark.parametrize(
    "word", ["Dr", "St", "Mr", "XII", "USA", "a4", "12", "€", "&", "e.g.", "O", "lorem  ipsum", " x"]
)
def test_what_a_grammar_may_touch_is_not_plain(word: str) -> None:
    assert needs_normaliser(f"lorem {word} lorem", "en")


def test_a_language_without_a_list_always_needs_its_normaliser() -> None:
    assert needs_normaliser("ciao", "it")
    assert needs_normaliser("hello", "xx")


def test_titles_are_triggers() -> None:
    assert {"mr", "dr"} <= triggers("de") & triggers("en")
