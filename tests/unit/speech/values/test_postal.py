"""Postal addresses: numbers of houses and postal codes, which count nothing."""

from __future__ import annotations

import pytest

from campaign.errors import FieldError
from campaign.speech.columns import parse_column_type
from campaign.speech.front_end import FrontEnd, FrontEndConfig, TemplateSource


def said(written: str, language: str) -> str:
    config = FrontEndConfig(
        templates={language: TemplateSource(name="t", text="{{ x }}")},
        columns={"x": parse_column_type("address")},
        languages=(language,),
    )
    return FrontEnd(config).compose(locale=language, fields={"x": written}).spoken_text


@pytest.mark.parametrize(
    ("language", "written", "words"),
    [
        ("de", "Hauptstr. 12a, 10115 Berlin", "Hauptstraße zwölf A, eins null eins eins fünf Berlin"),
        ("de", "Wiener Gasse 12/3, 1010 Wien", "Wiener Gasse zwölf Schrägstrich drei, eins null eins null Wien"),
        ("de", "Am Markt 12-14", "Am Markt zwölf bis vierzehn"),
        ("de", "Str. des 17. Juni 135", "Str. des siebzehnten Juni einhundertfünfunddreißig"),
        ("en", "1428 Elm St., Troy, NY 10001", "fourteen twenty-eight Elm Street, Troy, N Y one zero zero zero one"),
        ("en", "221B Baker Street, London NW1 6XE", "two twenty-one B Baker Street, London N W one six X E"),
        ("en", "5 43rd Ave, Apt 4B", "five forty-third Avenue, Apartment four B"),
        ("en", "12-14 High St", "twelve dash fourteen High Street"),
        ("en", "9 Pius II Rd", "nine Pius the second Road"),
        ("fr", "12 bis rue de la Paix, 75002 Paris", "douze bis rue de la Paix, sept cinq zéro zéro deux Paris"),
        ("fr", "5 av. Foch, 1er étage", "cinq avenue Foch, premier étage"),
        ("es", "C/ Mayor, 12, 3º izq., 28013", "calle Mayor, doce, tercero izquierda, dos ocho cero uno tres"),
        ("it", "Via Roma 12, 00184 Roma", "Via Roma dodici, zero zero uno otto quattro Roma"),
        ("pt", "Rua A, 45, 1200-195 Lisboa", "Rua A, quarenta e cinco, um dois zero zero, um nove cinco Lisboa"),
        ("zh", "建国路88号院1号楼1203室", "建国路八十八号院一号楼一二零三室"),
    ],
)  # fmt: skip
def test_an_address_is_read_as_people_read_one(language: str, written: str, words: str) -> None:
    assert said(written, language) == words


@pytest.mark.parametrize("written", ["Hauptstr. 12 ²", "12 | 3"])
def test_a_sign_without_a_name_is_refused(written: str) -> None:
    with pytest.raises(FieldError) as caught:
        said(written, "de")
    assert caught.value.code == "unspeakable-character"


def test_a_number_of_an_address_in_a_language_without_numbers_is_refused() -> None:
    with pytest.raises(FieldError) as caught:
        said("Storgatan 12", "sv")
    assert caught.value.code == "no-verbaliser"
    assert said("Storgatan", "sv") == "Storgatan"


def test_the_same_words_as_text_and_as_an_address_keep_their_own_reading() -> None:
    config = FrontEndConfig(
        templates={"en": TemplateSource(name="t", text="{{ place }}. {{ home }}. {{ place }}.")},
        columns={"home": parse_column_type("address"), "place": parse_column_type("name")},
    )
    fields = {"place": "Albany NY", "home": "Albany NY"}
    composed = FrontEnd(config).compose(locale="en", fields=fields)
    assert composed.spoken_text == "Albany NY. Albany N Y. Albany NY."
