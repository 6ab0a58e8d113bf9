"""Pieces join into spans as they are to be said: spaces, marks, emphasis, phonemes."""

from __future__ import annotations

from typing import Any

import pytest

from campaign.speech.pieces import Piece, SpokenUtterance, speak
from workers.engines.engine import SpokenSpan


def piece(text: str, language: str = "en", **more: Any) -> Piece:
    return Piece(
        start=0, end=len(text), written=text, text=text, language=language, reason="template", **more
    )


def said(*pieces: Piece, verbalised: bool = True) -> list[tuple[str, str]]:
    return [(span.language, span.text) for span in speak(pieces, verbalised=verbalised)]


def test_neighbours_of_one_language_are_one_span_with_a_space_between_words() -> None:
    assert said(piece("Pay"), piece("twelve euros"), piece(".")) == [("en", "Pay twelve euros.")]
    assert said(piece("付", "zh"), piece("十二", "zh")) == [("zh", "付十二")]


def test_another_language_is_a_span_of_its_own_and_a_mark_stays_with_the_words_before() -> None:
    assert said(piece("Hello "), piece("Jürgen", "de"), piece(", pay now.")) == [
        ("en", "Hello"),
        ("de", "Jürgen,"),
        ("en", "pay now."),
    ]


def test_phonemes_and_emphasis_keep_words_apart() -> None:
    spoken = speak(
        [piece("Your "), piece("GP", phonemes=(("ipa", "dʒiːˈpiː"),)), piece(" called", emphasis="strong")],
        verbalised=True,
    )
    assert [(span.text, span.phonemes, span.emphasis) for span in spoken] == [
        ("Your", (), None),
        ("GP", (("ipa", "dʒiːˈpiː"),), None),
        ("called", (), "strong"),
    ]


def test_what_has_no_words_is_no_span() -> None:
    assert said(piece(" ... ")) == []


@pytest.mark.parametrize(
    ("texts", "language", "words"),
    [
        (("at ten a.m.", "."), "en", "at ten a.m."),
        (("wait ,", " then"), "en", "wait, then"),
        (("alle ", "una e mezza"), "it", "all'una e mezza"),
        (("il ", "otto marzo"), "it", "l'otto marzo"),
        (("las ", "una y diez"), "es", "la una y diez"),
    ],
)
def test_words_put_in_are_joined_as_a_native_would(texts: tuple[str, ...], language: str, words: str) -> None:
    assert said(*(piece(text, language) for text in texts)) == [(language, words)]


def test_words_as_they_were_written_are_left_alone() -> None:
    assert said(piece("alle "), piece("una"), verbalised=False) == [("en", "alle una")]


def test_letters_are_composed_so_that_every_engine_sees_one_form() -> None:
    assert said(piece("Zoe\u0308")) == [("en", "Zoë")]


def test_an_utterance_s_text_is_that_of_its_spans() -> None:
    spans = (SpokenSpan(text="Hello", language="en"), SpokenSpan(text="Jürgen", language="de"))
    assert SpokenUtterance(spans=spans).text == "Hello Jürgen"
