"""One sentence in, its spoken form out: limits, errors, cache, threads, protected characters."""

from __future__ import annotations

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from campaign.errors import SpeechError
from campaign.speech.nemo.normaliser import SENTENCE_LIMIT_BYTES, SentenceNormaliser
from campaign.speech.nemo.shipped import load_grammar
from tools.grammars.sentences import LANGUAGES, sentences

Normalisers = Callable[[str], SentenceNormaliser]


@pytest.mark.parametrize(
    ("language", "written", "spoken"),
    [
        (
            "en",
            "You owe $1,234.50 by 12/03/2026.",
            "You owe one thousand two hundred and thirty four dollars fifty",
        ),
        ("es", "Son 21 km.", "Son veintiún kilómetros"),
        ("de", "Am 3. Mai um 14:30 Uhr.", "Am dritter mai um vierzehn uhr dreißig"),
        ("fr", "Il y a 80 personnes.", "Il y a quatre-vingts personnes"),
        ("it", "Sono 12 euro", "Sono dodici euro"),
        ("zh", "12%", "百分之十二"),
    ],
)
def test_a_sentence_is_spoken(language: str, written: str, spoken: str, normaliser: Normalisers) -> None:
    assert normaliser(language).normalise(written).startswith(spoken)


@pytest.mark.parametrize("empty", ["", " ", "\u00a0"])
def test_nothing_stays_nothing(empty: str, normaliser: Normalisers) -> None:
    assert normaliser("en").normalise(empty) == ""


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("half a pair \ud83d", "unencodable"),
        ("a\0b", "unencodable"),
        ("a" * (SENTENCE_LIMIT_BYTES + 1), "sentence-too-long"),
        ("é" * (SENTENCE_LIMIT_BYTES // 2 + 1), "sentence-too-long"),
    ],
)
def test_what_cannot_be_read_is_refused(written: str, code: str, normaliser: Normalisers) -> None:
    with pytest.raises(SpeechError) as refused:
        normaliser("en").normalise(written)
    assert refused.value.code == code
    assert refused.value.mend


def test_a_german_number_of_thousands_of_digits_is_refused_not_waited_for(normaliser: Normalisers) -> None:
    with pytest.raises(SpeechError) as refused:
        normaliser("de").normalise("1234567890 " * 300)
    assert refused.value.code == "too-complex"
    assert normaliser("de").normalise("12") == "zwölf"


def test_a_sentence_without_a_reading_is_an_error_not_itself(normaliser: Normalisers) -> None:
    with pytest.raises(SpeechError) as refused:
        normaliser("pt").normalise("12 3.")
    assert refused.value.code == "not-normalised"


def test_a_language_without_a_grammar_is_an_error_that_names_those_with_one() -> None:
    with pytest.raises(SpeechError, match="de, en, es, fr") as refused:
        SentenceNormaliser.load("sw", cache_dir=None)
    assert refused.value.code == "no-grammar"


def test_a_sentence_is_decoded_once_and_the_cache_is_bounded(grammar_cache: Path) -> None:
    normaliser = SentenceNormaliser("fr", load_grammar("fr", cache_dir=grammar_cache), cached_sentences=2)
    for written in ("1", "2", "1", "3", "1", "2"):  # 3 drops 2, the one least lately asked for
        normaliser.normalise(written)
    counts = normaliser.counts()
    assert (counts.hits, counts.misses) == (2, 4)


def test_an_error_is_not_cached(grammar_cache: Path) -> None:
    normaliser = SentenceNormaliser("fr", load_grammar("fr", cache_dir=grammar_cache))
    for _ in range(2):
        with pytest.raises(SpeechError):
            normaliser.normalise("\0")
    assert normaliser.counts().misses == 2


@pytest.mark.parametrize("language", ["de", "en"])
def test_threads_get_the_same_answers_as_one(language: str, grammar_cache: Path) -> None:
    grammar = load_grammar(language, cache_dir=grammar_cache)
    asked = sentences(language, 150, seed=5)
    alone = [SentenceNormaliser(language, grammar).normalise(written) for written in asked]
    shared = SentenceNormaliser(language, grammar, cached_sentences=8)
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(shared.normalise, asked * 2))
    assert together == alone * 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_protected_character_comes_through_in_its_place(language: str, normaliser: Normalisers) -> None:
    rng = random.Random(3)
    frames = {
        "en": (
            "Hello {}, you owe $12.50.",
            "{} will see you on May 3.",
            "See {} at 3:30 pm",
            "{}, {} and {}.",
        ),
        "es": ("Hola {}, debe 12,50 €.", "{} le verá el 3 de mayo.", "Con {} a las 15:30", "{}, {} y {}."),
        "de": (
            "Hallo {}, es sind 12 Personen.",
            "{} erwartet Sie am 3. Mai.",
            "Bei {} um 15:30 Uhr",
            "{}, {} und {}.",
        ),
        "fr": (
            "Bonjour {}, vous devez 12,50 €.",
            "{} vous verra le 3 mai.",
            "Avec {} à 15:30",
            "{}, {} et {}.",
        ),
    }
    for frame in frames[language] * 10:
        marks = [chr(rng.randrange(0xE000, 0xE0FF)) for _ in range(frame.count("{}"))]
        spoken = normaliser(language).normalise(frame.format(*marks))
        assert [character for character in spoken if "\ue000" <= character <= "\uf8ff"] == marks
        around = normaliser(language).normalise(frame.format(*["Anna"] * len(marks)))
        assert spoken == around.replace("Anna", "{}").format(*marks)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_says_the_same_whatever_was_asked_before(language: str, grammar_cache: Path) -> None:
    grammar = load_grammar(language, cache_dir=grammar_cache)
    asked = sentences(language, 40, seed=9)
    forwards = SentenceNormaliser(language, grammar, cached_sentences=1)
    backwards = SentenceNormaliser(language, grammar, cached_sentences=1)
    there = [forwards.normalise(written) for written in asked]
    back = [backwards.normalise(written) for written in reversed(asked)]
    assert there == back[::-1]
