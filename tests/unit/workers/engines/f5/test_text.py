from __future__ import annotations

from pathlib import Path

import pytest

from workers.engines.engine import SpokenSpan
from workers.engines.f5.text import Tokeniser, UnspeakableError, ended
from workers.engines.f5.upstream import load_upstream
from workers.engines.f5.weights import read_vocabulary


@pytest.fixture(scope="module")
def pinyin(tiny_folder: Path) -> Tokeniser:
    return Tokeniser(
        vocabulary=read_vocabulary(tiny_folder / "vocab.txt"),
        scheme="pinyin",
        to_pinyin=load_upstream().convert_char_to_pinyin,
    )


@pytest.fixture(scope="module")
def letters(pinyin: Tokeniser) -> Tokeniser:
    return Tokeniser(vocabulary=pinyin.vocabulary, scheme="char", to_pinyin=pinyin.to_pinyin)


def span(text: str, language: str = "en", **phonemes: str) -> SpokenSpan:
    return SpokenSpan(text=text, language=language, phonemes=tuple(phonemes.items()))


@pytest.mark.parametrize(
    "text",
    [
        "Hello Maria, how are you?",
        "It’s “fine”; isn't it: e-mail, well-known.",
        "Guten Tag, Frau Müller.",
        "¿Dónde está la niña?",
    ],
)
def test_tokens_are_upstreams_own(pinyin: Tokeniser, text: str) -> None:
    transcript = "Some call me nature."
    expected = load_upstream().convert_char_to_pinyin([f"{transcript} {text}"])[0]
    numbers = pinyin.numbers([span(text)], transcript=transcript, transcript_language="en")
    assert numbers == [pinyin.vocabulary[token] for token in expected]


def test_chinese_becomes_syllables_with_tones(pinyin: Tokeniser) -> None:
    numbers = pinyin.numbers([span("你好。", "zh")], transcript="Hi.", transcript_language="en")
    by_number = {number: token for token, number in pinyin.vocabulary.items()}
    assert [by_number[number] for number in numbers] == ["H", "i", ".", " ", " ", "ni2", " ", "hao3", "。"]


def test_a_lexicons_pinyin_is_taken_as_it_is(pinyin: Tokeniser) -> None:
    said = pinyin.numbers([span("行", "zh", pinyin="hang2")], transcript="Hi.", transcript_language="en")
    assert said[-1] == pinyin.vocabulary["hang2"]
    with pytest.raises(UnspeakableError, match="hang9"):
        pinyin.numbers([span("行", "zh", pinyin="hang9")], transcript="Hi.", transcript_language="en")


def test_spans_are_parted_by_one_space(letters: Tokeniser) -> None:
    parts = letters.numbers([span("Dear"), span("Zoe", "es")], transcript="Hi.", transcript_language="en")
    assert parts == letters.numbers([span("Dear Zoe")], transcript="Hi.", transcript_language="en")


@pytest.mark.parametrize(
    ("text", "language", "named"),
    [
        ("a ☃", "en", r"U\+2603"),
        ("東京", "ja", r"U\+6771 .*ja|U\+6771\) in a span of ja"),
        ("аб\u0500", "ru", r"U\+0500"),
    ],
)
def test_an_unknown_character_is_named_and_never_a_space(
    pinyin: Tokeniser, text: str, language: str, named: str
) -> None:
    with pytest.raises(UnspeakableError, match=named):
        pinyin.numbers([span(text, language)], transcript="Hi.", transcript_language="en")


def test_the_character_scheme_knows_no_pinyin(letters: Tokeniser) -> None:
    with pytest.raises(UnspeakableError, match="你"):
        letters.numbers([span("你", "zh")], transcript="Hi.", transcript_language="en")


@pytest.mark.parametrize(
    ("transcript", "expected"), [("Hi", "Hi. "), (" Hi. ", "Hi. "), ("Hi!", "Hi! "), ("你好。", "你好。")]
)
def test_a_transcript_ends_like_a_sentence(transcript: str, expected: str) -> None:
    assert ended(transcript) == expected
