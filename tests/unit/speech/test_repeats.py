"""Values said twice: what is spoken of them in every language room, and that nothing else is touched."""

from __future__ import annotations

from collections.abc import Collection
from typing import get_args

import pytest

from campaign.speech.columns import parse_column_type
from campaign.speech.front_end import Composition, FrontEnd, FrontEndConfig, TemplateSource
from campaign.speech.languages.registry import codes
from campaign.speech.repeats import KINDS, SAID_TWICE, kinds_said_twice
from campaign.submission.value_places import value_places
from workers.finish.profile import SaidTwice
from workers.listening.words import words_of

COLUMNS = {
    "name": "name",
    "amount": "money EUR",
    "due": "date",
    "phone": "telephone",
    "code": "spell",
    "at": "time",
}
FIELDS = {"name": "Ana Kim", "amount": "47.20", "due": "2027-03-14", "code": "AB-407", "at": "14:30"}
PHONES = {
    "de": "+49 30 1234567", "en": "+1 212 555 0199", "es": "+34 612 345 678", "fr": "+33 6 12 34 56 78",
    "it": "+39 340 1234567", "pt": "+55 11 912345678", "zh": "+86 138 1234 5678",
}  # fmt: skip
CODES = {
    "de": "Ich wiederhole: A, B, vier, null, sieben.",
    "en": "That is A, B, four, zero, seven.",
    "es": "Repito: A, B, cuatro, cero, siete.",
    "fr": "Je répète: A, B, quatre, zéro, sept.",
    "it": "Ripeto: A, B, quattro, zero, sette.",
    "pt": "Repito: A, B, quatro, zero, sete.",
    "zh": "我再说一遍：A，B，四，零，七。",
}
DATES = {
    "de": "Ich wiederhole: vierzehnten März zweitausendsiebenundzwanzig.",
    "en": "That is March fourteenth, twenty twenty-seven.",
    "es": "Repito: catorce de marzo de dos mil veintisiete.",
    "fr": "Je répète: quatorze mars deux mille vingt-sept.",
    "it": "Ripeto: quattordici marzo duemilaventisette.",
    "pt": "Repito: catorze de março de dois mil e vinte e sete.",
    "zh": "我再说一遍：二零二七年三月十四日。",
}
TEMPLATES = {
    "de": "Guten Tag {{ name }}. Ihr Code ist {{ code }}, zahlen Sie bis zum {{ due }}. Rufen Sie {{ phone }} an.",
    "en": "Hello {{ name }}. Your code is {{ code }}, pay by {{ due }}. Call {{ phone }}.",
    "es": "Hola {{ name }}. Su código es {{ code }}, pague antes del {{ due }}. Llame al {{ phone }}.",
    "fr": "Bonjour {{ name }}. Votre code est {{ code }}, payez avant le {{ due }}. Appelez le {{ phone }}.",
    "it": "Salve {{ name }}. Il codice è {{ code }}, paghi entro il {{ due }}. Chiami {{ phone }}.",
    "pt": "Olá {{ name }}. Seu código é {{ code }}, pague até {{ due }}. Ligue para {{ phone }}.",
    "zh": "您好，{{ name }}。您的代码是{{ code }}，请在{{ due }}前支付。请致电{{ phone }}。",
}


def composed(language: str, twice: Collection[str], template: str = "") -> Composition:
    front_end = FrontEnd(
        FrontEndConfig(
            templates={
                language: TemplateSource(
                    name=language, text=template or TEMPLATES[language], language=language
                )
            },
            columns={name: parse_column_type(kind) for name, kind in COLUMNS.items()},
            languages=(language,),
            say_twice=kinds_said_twice(twice),
        )
    )
    return front_end.compose(locale=language, fields={**FIELDS, "phone": PHONES[language]})


def texts(composition: Composition) -> list[str]:
    return [utterance.text for utterance in composition.utterances]


def test_every_language_room_has_its_words() -> None:
    assert codes() == CODES.keys() == TEMPLATES.keys()


@pytest.mark.parametrize("language", sorted(CODES))
def test_what_is_spelled_is_said_again_sign_by_sign_after_its_sentence(language: str) -> None:
    once, twice = texts(composed(language, ())), texts(composed(language, ("code", "date")))
    assert len(once) == 3
    assert twice == [once[0], once[1], CODES[language], DATES[language], once[2]]


@pytest.mark.parametrize("language", sorted(CODES))
def test_a_telephone_number_is_said_again_in_its_groups(language: str) -> None:
    *_, sentence, again = composed(language, ("phone",)).utterances
    letters = "".join(word.letters for word in words_of(again.text))
    before = "".join(word.letters for word in words_of(sentence.text))
    lead = "".join(word.letters for word in words_of(CODES[language]))[:2]
    assert letters.startswith(lead)
    assert len([c for c in again.text if c in ",，"]) >= 2, "groups stay apart"
    assert any(letters[at:] in before for at in range(len(letters) - 10)), "the same words"


@pytest.mark.parametrize("language", sorted(CODES))
def test_whoever_listens_looks_for_both_sayings(language: str) -> None:
    composition = composed(language, ("code", "phone", "date", "name"))
    places = value_places(composition)
    said: dict[str, int] = {}
    for utterance, of_utterance in zip(composition.utterances, places, strict=True):
        for place in of_utterance:
            said[place.column] = said.get(place.column, 0) + 1
            assert 0 <= place.begun < place.ended <= len(words_of(utterance.text))
    assert said == {"name": 2, "code": 2, "due": 2, "phone": 2}


def test_nothing_is_said_twice_where_nobody_asks() -> None:
    for language in CODES:
        assert composed(language, ()).utterances == composed(language, ("money", "number")).utterances


def test_two_values_of_a_kind_are_each_said_again() -> None:
    found = texts(composed("en", ("code", "time"), "Say {{ code }} and {{ code }} at {{ at }}."))
    again = "That is A, B, four, zero, seven."
    assert found[1:] == [again, again, "That is two thirty PM."]


def test_a_pause_of_the_template_stays_where_it_stands() -> None:
    composition = composed("en", ("code",), "Code:{{ pause(900) }} {{ code }}. Bye.")
    assert [(one.text, one.pause_after_ms) for one in composition.utterances] == [
        ("Code:", 900),
        ("A B, four zero seven.", None),
        ("That is A, B, four, zero, seven.", None),
        ("Bye.", None),
    ]


def test_the_trace_tells_what_is_said_again_and_the_script_does_not_change() -> None:
    once, twice = composed("en", ()), composed("en", ("code",))
    assert once.script == twice.script
    steps = [piece.step for sentence in twice.trace.sentences for piece in sentence.spoken.pieces]
    assert steps.count(SAID_TWICE) == 3
    twice.trace.as_json()


def test_a_profile_names_the_same_kinds() -> None:
    assert set(get_args(SaidTwice)) == KINDS.keys()
