"""Percentages: with and without their sign, and fractions of one where the column says so."""

from __future__ import annotations

import pytest

from campaign.speech.columns import parse_column_type
from campaign.speech.front_end import FrontEnd, FrontEndConfig, TemplateSource
from campaign.speech.typed import Context, Kind, TypedValue, UnreadableValueError
from campaign.speech.verbalise.dispatch import read_aloud


def said(written: str, language: str = "en", **options: str) -> str:
    value = TypedValue(kind=Kind.PERCENT, written=written, options=tuple(sorted(options.items())))
    return read_aloud(value, Context(language=language)).text


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("12", "twelve percent"),
        ("12 %", "twelve percent"),
        ("12%", "twelve percent"),
        ("12 percent", "twelve percent"),
        ("12 Prozent", "twelve percent"),
        ("12.5", "twelve point five percent"),
        ("12,5%", "twelve point five percent"),
        ("-3", "minus three percent"),
        ("+3 %", "three percent"),
        ("0.125", "zero point one two five percent"),
        ("100", "one hundred percent"),
    ],
)
def test_a_percentage_is_said_with_its_sign_once(written: str, words: str) -> None:
    assert said(written) == words


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("0.125", "twelve point five percent"),
        ("0.10", "ten percent"),
        ("1", "one hundred percent"),
        ("1.5", "one hundred fifty percent"),
        ("-0.05", "minus five percent"),
        ("12 %", "twelve percent"),
    ],
)
def test_a_fraction_is_a_hundredth_of_its_percentage(written: str, words: str) -> None:
    assert said(written, of="fraction") == words


def test_a_format_holds_for_percentages() -> None:
    assert said("0,125", "de", of="fraction", number="1.234,5") == "zwölf Komma fünf Prozent"
    assert said("1.234", "de", number="1.234,5") == "eintausendzweihundertvierunddreißig Prozent"


@pytest.mark.parametrize(
    ("written", "of"), [("12", "fraction"), ("twelve", ""), ("", ""), ("1/2", ""), ("12 ‰", "")]
)
def test_what_is_no_percentage_is_refused(written: str, of: str) -> None:
    with pytest.raises(UnreadableValueError) as caught:
        said(written, of=of)
    assert caught.value.code == "not-a-percentage"


@pytest.mark.parametrize("text", ["Only {{ x }} more.", "Only {{ x }}% more.", "Only {{ x }} percent more."])
def test_a_sign_in_the_template_is_not_said_again(text: str) -> None:
    config = FrontEndConfig(
        templates={"en": TemplateSource(name="t", text=text)}, columns={"x": parse_column_type("percent")}
    )
    composed = FrontEnd(config).compose(locale="en", fields={"x": "12"})
    assert composed.spoken_text == "Only twelve percent more."


def test_a_type_says_what_it_is_of() -> None:
    expected = (("of", "fraction"),)
    assert parse_column_type("percent fraction").options == expected
    assert parse_column_type({"type": "percent", "of": "fraction"}).options == expected
