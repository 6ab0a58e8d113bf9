"""Telephone numbers, as people and programs write them."""

from __future__ import annotations

import pytest

from campaign.speech.typed import Context, Kind, TypedValue, UnreadableValueError
from campaign.speech.verbalise.telephone import telephone

LONDON = "zero two zero, seven nine four six, zero zero one eight"
ABROAD = "plus four four, two zero, seven nine four six, zero zero one eight"


def said(written: str, language: str = "en") -> str:
    return telephone(TypedValue(kind=Kind.TELEPHONE, written=written), Context(language=language)).text


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("(0)20 7946 0018", LONDON),
        ("(0) 20 7946 0018", LONDON),
        ("(020) 7946-0018", LONDON),
        ("020.7946.0018", LONDON),
        ("020\xa07946‑0018", LONDON),
        ("٠٢٠ ٧٩٤٦ ٠٠١٨", LONDON),
        ("Tel.: 020 7946 0018", LONDON),
        ("+44 (0)20 7946 0018", ABROAD),
        ("(+44) 20 7946 0018", ABROAD),
        ("tel:+44-20-7946-0018", ABROAD),
        ("＋４４ ２０ ７９４６ ００１８", ABROAD),
        ("0044 (0)20 7946 0018", "zero zero four four, two zero, seven nine four six, zero zero one eight"),
        ("44 (0)20 7946 0018", "four four, zero two zero, seven nine four six, zero zero one eight"),
    ],
)
def test_every_digit_is_said_but_the_zero_that_is_not_dialled_from_abroad(written: str, words: str) -> None:
    assert said(written) == words


@pytest.mark.parametrize(
    "written", ["ext. 12", "ext 12", "x12", ";ext=12", "extension 12", "#12", ", Durchwahl 12"]
)
def test_an_extension_is_said(written: str) -> None:
    assert said(f"020 7946 0018 {written}") == f"{LONDON}, extension one two"


def test_an_extension_has_its_word_in_every_language() -> None:
    assert said("030 1234 DW 12", "de").endswith(", Durchwahl eins zwei")
    assert said("010 12345678 转 12", "zh").endswith("，转幺二")


@pytest.mark.parametrize("between", [" / ", "/", ", ", " or ", ";", " oder "])
def test_two_numbers_are_an_error_that_names_both(between: str) -> None:
    with pytest.raises(UnreadableValueError, match="07700900123 and 07700900124"):
        said(f"07700900123{between}07700900124")


def test_an_area_code_before_a_stroke_is_no_number_of_its_own() -> None:
    assert said("0171/1234567") == "zero one seven one, one two three four five six seven"


def test_letters_are_an_error_with_the_digits_on_the_same_keys() -> None:
    with pytest.raises(UnreadableValueError) as caught:
        said("1-800-FLOWERS")
    assert caught.value.mend == "write the digits on the same keys, 1-800-3569377"
    with pytest.raises(UnreadableValueError) as caught:
        said("01234 567890 (work)")
    assert caught.value.mend == "leave the words out"


@pytest.mark.parametrize(
    "written", ["+12", "+44 1234", "12", "4111 1111 1111 1111", "+1234567890123456", "¹²³4567", "020 7946#"]
)
def test_too_short_too_long_and_other_signs_are_errors(written: str) -> None:
    with pytest.raises(UnreadableValueError, match=r"not a telephone number|digits"):
        said(written)
