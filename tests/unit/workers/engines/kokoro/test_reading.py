"""From spans to letters: punctuation stays, nothing is dropped, long texts are parted where a speaker would breathe."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from workers.engines.engine import SpokenSpan, SynthesisFailure
from workers.engines.espeak import EspeakEngine
from workers.engines.kokoro.files import MOST_LETTERS
from workers.engines.kokoro.reading import EASY_LETTERS, ReadText, read_spans

ACCENTS = {"en": "en-us", "fr": "fr-fr", "es": "es"}
SENTENCE = "In the middle of the day we will call you about the water. "


@pytest.fixture(scope="module")
def espeak() -> Iterator[EspeakEngine]:
    made = EspeakEngine()
    yield made
    made.close()


def read(espeak: EspeakEngine, *spans: SpokenSpan | tuple[str, str]) -> ReadText:
    made = [one if isinstance(one, SpokenSpan) else SpokenSpan(language=one[0], text=one[1]) for one in spans]
    reading = read_spans(made, ACCENTS, espeak)
    assert isinstance(reading, ReadText), reading
    return reading


def letters(reading: ReadText) -> list[str]:
    return ["".join(group.letters for group in part) for part in reading.parts]


def refusal(espeak: EspeakEngine, *spans: SpokenSpan) -> tuple[str, str]:
    refused = read_spans(spans, ACCENTS, espeak)
    assert isinstance(refused, SynthesisFailure)
    return refused.code, refused.reason


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("en", "Hello, Maria: all is well!", "həlˈO, məɹˈiə: ˈɔl ɪz wˈɛl!"),
        ("en", "Hello – “yes”…", "həlˈO — “jˈɛs”…"),
        ("es", "¿Qué tal? ¡Hola!", "kˈe tˈal? ˈola!"),
        ("fr", "Les « amis » de Jean", "lˈe “amˈi” də ʒˈɑ\u0303"),
        ("en", "(quickly)", "(kwˈɪkli)"),
        ("en", "Visit code: A four, A B.", "vˈɪzɪt kˈOd: ˈA fˈɔɹ, ˈA bˈi."),
        ("en", "A bill for a man.", "ə bˈɪl fəɹə mˈæn."),
        ("es", "Vino A casa.", "bˈino a kˈasa."),
        ("en", "I’m glad it isn’t", "Im ɡlˈæd ɪT ˈɪzənt"),  # hexgrad/kokoro#286
        ("en", "kitten, button", "kˈɪtn, bˈʌtn"),  # vernacula#211
    ],
)
def test_signs_stay_where_they_stand(espeak: EspeakEngine, language: str, text: str, said: str) -> None:
    assert letters(read(espeak, (language, text))) == [said]


def test_every_word_has_its_group(espeak: EspeakEngine) -> None:
    reading = read(espeak, ("en", SENTENCE + "Is that well?"))
    assert sum(group.words for part in reading.parts for group in part) == 16
    assert "ɪnðə" in letters(reading)[0]


def test_a_word_of_another_language_is_read_as_there_and_said_by_the_sentence_s_voice(
    espeak: EspeakEngine,
) -> None:
    reading = read(espeak, ("en", "Hello"), ("zh", "王小明"), ("en", ", your bill is ready."))
    (said,) = letters(reading)
    assert said.startswith("həlˈO wˈɑ") and said.endswith("ŋ, jʊɹ bˈɪl ɪz ɹˈɛdi.")
    assert reading.near > 0


def test_a_person_s_ipa_goes_in_as_it_is(espeak: EspeakEngine) -> None:
    span = SpokenSpan(language="en", text="Siobhán Ní", phonemes=(("ipa", "ʃɪˈvɔːn niː"),))
    reading = read(espeak, ("en", "Dear"), span, ("en", ", hello"))
    assert letters(reading) == ["dˈɪɹ ʃɪˈvɔn ni, həlˈO"]
    assert [group.words for group in reading.parts[0]] == [1, 2, 1]


@pytest.mark.parametrize(
    ("span", "code", "reason"),
    [
        (SpokenSpan(language="en", text="Привет"), "unspeakable", "the en voice cannot say U+041F"),
        (SpokenSpan(language="en", text="?!"), "unspeakable", "there is no word in it"),
        (SpokenSpan(language="tlh", text="qapla"), "voice-missing", "does not read 'tlh'"),
        (SpokenSpan(language="en", text="x", phonemes=(("ipa", "ǂa"),)), "unspeakable", "no sound for 'ǂ'"),
        (SpokenSpan(language="en", text="alabama " * 120), "too-long", "put a comma or a full stop into it"),
    ],
)
def test_what_cannot_be_read_is_an_error_with_its_reason(
    espeak: EspeakEngine, span: SpokenSpan, code: str, reason: str
) -> None:
    refused = refusal(espeak, span)
    assert refused[0] == code
    assert reason in refused[1]


def test_several_sentences_are_parted_at_their_ends_and_one_at_its_commas(espeak: EspeakEngine) -> None:
    parts = letters(read(espeak, ("en", SENTENCE * 12)))
    assert len(parts) > 1
    assert all(len(part) <= EASY_LETTERS and part.rstrip().endswith(".") for part in parts)
    assert "".join(parts).count(".") == 12
    clauses = letters(read(espeak, ("en", SENTENCE.replace(".", ",") * 12)))
    assert all(len(part) <= MOST_LETTERS and part.rstrip().endswith(",") for part in clauses)


def test_one_sentence_that_fits_is_not_parted(espeak: EspeakEngine) -> None:
    (part,) = letters(read(espeak, ("en", "alabama " * 45 + ".")))
    assert EASY_LETTERS < len(part) <= MOST_LETTERS
