"""Telephone numbers, as people and programs write them."""

from __future__ import annotations

import pytest

from campaign.speech.typed import Context, Kind, Reading, TypedValue, UnreadableValueError, typed
from campaign.speech.verbalise.telephone import telephone

LONDON = "zero two zero, seven nine four six, zero zero one eight"
ABROAD = "plus four four, two zero, seven nine four six, zero zero one eight"


def said(written: str, language: str = "en") -> str:
    return telephone(TypedValue(kind=Kind.TELEPHONE, written=written), Context(language=language)).text


def read(written: str, region: str, declared: str = "") -> Reading:
    options = {"region": declared} if declared else {}
    return telephone(typed(Kind.TELEPHONE, written, **options), Context(language="en", region=region))


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


@pytest.mark.parametrize(
    ("written", "region", "words"),
    [
        ("02079460018", "GB", LONDON),
        ("+442079460018", "US", ABROAD),
        ("+44 2079460018", "US", ABROAD),
        ("2125550147", "US", "two one two, five five five, zero one four seven"),
        ("0 2 1 2 5 5 5 0 1 4 7", "TR", "zero two one two, five five five, zero one, four seven"),
        ("131114", "AU", "one three, one one, one four"),
        ("9876543210", "IN", "nine eight seven six five, four three two one zero"),
        ("116117", "DE", "one one six, one one seven"),
        ("95588", "CN", "nine five five eight eight"),
        ("00442079460018", "US", "zero zero four four, two zero, seven nine four six, zero zero one eight"),
    ],
)
def test_a_number_without_sensible_groups_is_parted_as_its_country_does(
    written: str, region: str, words: str
) -> None:
    assert read(written, region).text == words


def test_the_declared_region_is_before_the_recipients() -> None:
    assert read("0612345678", "US", "FR").text == "zero six, one two, three four, five six, seven eight"
    with pytest.raises(UnreadableValueError, match="too many for a number of BE"):
        read("020 7946 0018 99", "GB", "BE")


@pytest.mark.parametrize(
    ("written", "region", "reason"),
    [
        ("212 555 014", "US", "9 digits, too few for a number of US"),
        ("2125550147 0", "US", "11 digits, too many for a number of US"),
        ("020 7946 00188", "GB", "12 digits, too many for a number of GB"),
        ("01 42 68 53", "FR", "8 digits, too few for a number of FR"),
        ("+44 20 7946 00188", "US", "13 digits, too many for a number of its country"),
        ("+999 123 4567", "US", "the code of no country"),
    ],
)
def test_a_number_that_no_number_of_its_region_is_as_long_as_is_an_error(
    written: str, region: str, reason: str
) -> None:
    with pytest.raises(UnreadableValueError, match=reason) as caught:
        read(written, region)
    assert (caught.value.code, "correct it" in caught.value.mend) == ("not-a-telephone-number", True)


@pytest.mark.parametrize(
    ("written", "region"),
    [("(555) 555-0123", "US"), ("555-0147", "US"), ("12345", "US"), ("07700 900123", "GB")],
)
def test_what_the_region_does_not_give_out_is_said_with_a_warning(written: str, region: str) -> None:
    reading = read(written, region)
    assert reading.warning.startswith("unknown-number in the template: ")
    assert f"given out in {region}" in reading.warning
    assert reading.text.count(" ") == sum(c.isdigit() for c in written) - 1


def test_a_number_abroad_is_held_against_its_own_country() -> None:
    assert "given out in its country" in read("+44 7700 900123", "US").warning
    assert read("+44 20 7946 0018", "US").warning == ""


def test_old_prefixes_are_said_with_a_warning() -> None:
    for written in ("01 800 123 4567", "044 55 1234 5678"):
        assert read(written, "MX").warning.startswith("unknown-number")


@pytest.mark.parametrize("written", ["020 7946 0018", "0171 2345678", "(212) 555-0147", "01 234 5678"])
def test_where_nobody_names_a_region_it_may_be_of_any_country_of_the_language(written: str) -> None:
    assert read(written, "").text


def test_a_zero_that_is_dialled_and_not_there_is_told_once() -> None:
    assert read("2079460018", "GB").warning == (
        "lost-zero in the template: '2079460018' may have had a zero in front"
    )
    assert read("2079460018", "GB", "GB").warning == "", "the field was told when it was made fit"
    assert read("9876543210", "IN").warning == ""


@pytest.mark.parametrize(
    ("written", "region", "words"),
    [
        ("*611", "US", "star, six one one"),
        ("#31#", "US", "pound, three one, pound"),
        ("#31#", "GB", "hash, three one, hash"),
        ("*#06#", "", "star, hash, zero six, hash"),
    ],
)
def test_keys_have_names(written: str, region: str, words: str) -> None:
    assert read(written, region).text == words


def test_a_pause_parts_it_from_figures_that_follow() -> None:
    value = typed(Kind.TELEPHONE, "020 7946 0018")
    assert telephone(value, Context(language="en", right=" 24 hours")).text == f"{LONDON},"
    assert telephone(value, Context(language="en", right=" now")).text == LONDON


@pytest.mark.parametrize(
    ("group", "region", "words"),
    [
        ("514", "CA", "cinq un quatre"),
        ("514", "FR", "cinq cent quatorze"),
        ("0123", "FR", "zéro un, vingt-trois"),
    ],
)
def test_french_groups_are_numbers_but_in_canada(group: str, region: str, words: str) -> None:
    value = typed(Kind.TELEPHONE, f"514 {group}", found="true")
    assert telephone(value, Context(language="fr", region=region)).text.endswith(words)
