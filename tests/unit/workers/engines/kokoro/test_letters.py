"""Every sound has its letter or is an error: none is dropped, as the model would in silence."""

from __future__ import annotations

import hashlib
import json

import pytest

from workers.engines.kokoro.letters import NEAR, NUMBERS, Spelled, from_espeak, from_ipa, tokens_of
from workers.engines.pronunciation import UnknownPhonemeError


def test_the_numbers_are_those_that_the_model_was_trained_with() -> None:
    # sha256 of the vocabulary in hexgrad/Kokoro-82M's config.json, as {"letter": number} sorted by number
    written = json.dumps(dict(sorted(NUMBERS.items(), key=lambda item: item[1])), ensure_ascii=False)
    assert len(NUMBERS) == 114
    assert (
        hashlib.sha256(written.encode()).hexdigest()
        == "70abefbe8a1c8865e43e0a43bbdc25b91a33e4aa053479d443ccf23e20a59e5d"
    )
    assert tokens_of("a ˈ") == [43, 16, 156]


@pytest.mark.parametrize(
    ("ipa", "accent", "letters"),
    [
        ("həlˈo^ʊ", "en-us", "həlˈO"),
        ("həlˈə^ʊ", "en-gb", "həlˈQ"),
        ("ðˈe^ə", "en-gb", "ðˈɛː"),
        ("θˈɜːɾi", "en-us", "θˈɜɹTi"),
        ("bˈʌʔn̩", "en-us", "bˈʌtn"),
        ("lˈɪɾə^l", "en-us", "lˈɪTᵊl"),
        ("d^ʒˈʌd^ʒ t^ʃˈɔ^ɪs", "en-gb", "ʤˈʌʤ ʧˈYs"),
        ("tˈuː", "en-us", "tˈu"),
        ("tˈuː", "en-gb", "tˈuː"),
        ("le-z amˈi", "fr-fr", "lez amˈi"),
        ("bɔ̃ʒˈuʁ", "fr-fr", "bɔ\u0303ʒˈuʁ"),
        ("kwatːˈordit^ʃɪ", "it", "kwatːˈordiʧɪ"),
        ("(^e^n)wiːkˈɛnd(^f^r)", "fr-fr", "wiːkˈɛnd"),
        ("t^sˈa^ɪt", "de", "ʦˈIt"),
    ],
)
def test_what_espeak_says_is_spelled_as_the_voices_learnt_it(ipa: str, accent: str, letters: str) -> None:
    assert from_espeak(ipa, accent) == Spelled(letters)


def test_a_sound_of_another_language_is_the_nearest_one_and_counted() -> None:
    assert from_espeak("fˈʏnft^sɪç", "de") == Spelled("fˈynfʦɪç", near=1)
    assert from_espeak("ni2χˈɑ^u2", "cmn") == Spelled("niχˈɑu", near=2)


@pytest.mark.parametrize("accent", ["en-us", "en-gb", "fr-fr", "de"])
def test_a_sound_without_a_letter_is_an_error(accent: str) -> None:
    with pytest.raises(UnknownPhonemeError, match=r"'ǂ' \(U\+01C2\)"):
        from_espeak("ǂa", accent)
    with pytest.raises(UnknownPhonemeError, match=r"'ǂ' \(U\+01C2\)"):
        from_ipa("ǂa", accent)


@pytest.mark.parametrize(
    ("ipa", "accent", "letters"),
    [
        ("/ˈʃɪv.ɔːn/", "en-gb", "ˈʃɪvɔːn"),
        ("ˈʃɪv.ɔːn", "en-us", "ˈʃɪvɔn"),
        ("t͡ʃeɪ", "en-us", "ʧA"),
        ("ɡoʊ", "en-us", "ɡO"),
        ("ɡəʊ", "en-gb", "ɡQ"),
        ("gəʊ", "en-us", "ɡO"),
        ("bed", "en-us", "bɛd"),
        ("kæt", "en-gb", "kat"),
        ("kat", "en-us", "kæt"),
        ("θɾeθ", "es", "θɾeθ"),
        ("ʒɑ̃", "fr-fr", "ʒɑ\u0303"),
        ("ça", "fr-fr", "ça"),
    ],
)
def test_people_s_ipa_is_spelled_as_the_voices_learnt_it(ipa: str, accent: str, letters: str) -> None:
    assert from_ipa(ipa, accent) == letters


def test_people_s_ipa_is_never_made_another_sound() -> None:
    assert NEAR["ʏ"] == "y"
    with pytest.raises(UnknownPhonemeError, match="'ʏ'"):
        from_ipa("fʏnf", "de")


@pytest.mark.parametrize("ipa", ["", "ˈ", "/ /", "."])
def test_ipa_without_a_sound_is_an_error(ipa: str) -> None:
    with pytest.raises(UnknownPhonemeError, match="there is no sound"):
        from_ipa(ipa, "en-us")
