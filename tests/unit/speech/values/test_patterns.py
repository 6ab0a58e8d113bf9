"""What is found in prose, and what it means: the most specific kind first, nothing twice, nothing for nothing."""

from __future__ import annotations

import pytest

from campaign.speech.languages.registry import codes, spoken
from campaign.speech.typed import Kind, in_words, typed
from campaign.speech.values.meanings import meaning
from campaign.speech.values.patterns import scanner, trigger
from campaign.speech.values.shapes import number_shape, unit_signs
from campaign.speech.values.tokeniser import find_values


def found(text: str, language: str = "en", region: str = "") -> list[tuple[str, Kind]]:
    matches = scanner(language, region).finditer(text)
    return [(match[0], meaning(match, text, language).kind) for match in matches]


@pytest.mark.parametrize(
    ("text", "language", "values"),
    [
        (
            "Pay 12.50 EUR by 3 May at 14:30.",
            "en",
            [("12.50 EUR", Kind.MONEY), ("3 May", Kind.DATE), ("14:30", Kind.TIME)],
        ),
        ("1.234,50 €", "es", [("1.234,50 €", Kind.MONEY)]),
        ("Um 14.30 Uhr", "de", [("14.30 Uhr", Kind.TIME)]),
        ("1/2 cup", "en", [("1/2", Kind.FRACTION)]),
        ("Room 12B or #4", "en", [("12B", Kind.WORDS), ("#4", Kind.CODE)]),
        ("Mail a@b.org", "en", [("a@b.org", Kind.ADDRESS)]),
        ("DE02 1203 0000 0000 2020 51", "en", [("DE02 1203 0000 0000 2020 51", Kind.SPELL)]),
        ("10-20 kg", "en", [("10-20 kg", Kind.RANGE)]),
    ],
)
def test_values_are_found_whole_and_by_their_kind(
    text: str, language: str, values: list[tuple[str, Kind]]
) -> None:
    assert found(text, language) == values


@pytest.mark.parametrize(
    ("text", "language", "words"),
    [
        ("Henry VIII came", "en", "the eighth"),
        ("open 24/7", "en", "twenty-four seven"),
        ("BP 120/80 today", "en", "one hundred twenty over eighty"),
        ("le XXe siècle", "fr", "vingtième"),
        ("Dr. Smith", "en", "Doctor"),
    ],
)
def test_what_is_read_in_full_carries_its_words(text: str, language: str, words: str) -> None:
    (span,) = find_values(text, language)
    assert (span.value.kind, span.value.option("words")) == (Kind.WORDS, words)


@pytest.mark.parametrize("text", ["Please", "Siân", ""])
def test_a_word_without_a_trigger_is_not_looked_through(text: str) -> None:
    assert trigger().search(text) is None
    assert find_values(text, "en") == ()


@pytest.mark.parametrize("text", ["Please call us.", "Hello Ann, good morning"])
def test_plain_prose_holds_no_value(text: str) -> None:
    assert find_values(text, "en") == ()


@pytest.mark.parametrize("language", sorted(codes()))
def test_no_value_is_found_that_no_trigger_announces(language: str) -> None:
    """The trigger lets most sentences pass by: it must never hide one with a value."""
    for text in ("12", "3.5 kg", "14:30", "50 %", "5 €", "#7", "a@b.org"):
        assert trigger().search(text), text
        assert find_values(text, language), (language, text)


def test_spans_lie_in_order_and_never_overlap() -> None:
    text = "On 3 May 2026 at 14:30 pay $12.50, 10-20 kg, room 12B, 1/2."
    ends = 0
    for span in find_values(text, "en"):
        assert ends <= span.start < span.end
        ends = span.end


def test_a_list_of_years_is_years() -> None:
    kinds = [span.value.kind for span in find_values("in 1905, 1910 and 1920", "en")]
    assert kinds == [Kind.YEAR] * 3


def test_numbers_are_shaped_by_language_and_region() -> None:
    import re

    assert re.fullmatch(number_shape(spoken("en", ""), ""), "1,234.5")
    assert re.fullmatch(number_shape(spoken("de", ""), ""), "1.234,5")
    assert not re.fullmatch(number_shape(spoken("de", ""), ""), "1,234.5")
    assert re.fullmatch(number_shape(spoken("es", ""), "MX"), "1,234.5")


def test_longer_unit_signs_come_before_their_beginnings() -> None:
    signs = unit_signs(spoken("en", "")).split("|")
    assert signs.index("km") < signs.index("m")


def test_values_made_here_say_their_options_in_order() -> None:
    assert typed(Kind.DATE, "3/4", order="dmy", day="x").options == (("day", "x"), ("order", "dmy"))
    assert in_words("24/7", "all day").option("words") == "all day"
