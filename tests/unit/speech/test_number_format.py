"""How numbers are written: what one value shows, what a column shows, and what a value is by a format."""

from __future__ import annotations

import pytest

from campaign.speech.columns import parse_column_type
from campaign.speech.conventions import Conventions
from campaign.speech.front_end import FrontEnd, FrontEndConfig, TemplateSource
from campaign.speech.number_format import (
    DECIMAL_POINT,
    NUMBER_FORMATS,
    WITHOUT_SIGNS,
    Figures,
    NoConventionError,
    Signs,
    TwoConventionsError,
    checked_format,
    figures_in,
    split_figures,
)
from campaign.speech.typed import UnreadableValueError


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("1,234.50", Figures(decimal=".", grouping=",")),
        ("1.234,50 €", Figures(decimal=",", grouping=".")),
        ("0.5", Figures(decimal=".")),
        ("EUR 12,50", Figures(decimal=",")),
        ("€.50", Figures(decimal=".")),
        ("Fr.12.50", Figures(decimal=".")),
        ("0.125", Figures(decimal=".")),
        ("12.3456", Figures(decimal=".")),
        ("1234.567", Figures(decimal=".")),
        ("1,234,567", Figures(grouping=",")),
        ("1.234.567", Figures(grouping=".")),
        ("1 234", Figures(grouping=" ")),
        ("1\u202f234,5", Figures(decimal=",", grouping=" ")),
        ("1'234.567", Figures(decimal=".", grouping="'")),
        ("12.345", Figures(either=".")),
        ("-1,000 kg", Figures(either=",")),
        ("12,-", Figures(decimal=",")),
        ("1.234,--", Figures(decimal=",", grouping=".")),
        ("1234", Figures()),
        ("12%", Figures()),
        ("1.2.3", None),
        ("1,23,456", None),
        ("1/2", None),
        ("3 - 4", None),
        ("1.234,567,8", None),
        ("abc", None),
    ],
)
def test_a_value_shows_its_signs_or_leaves_them_open(written: str, shown: Figures | None) -> None:
    assert figures_in(written) == shown


def found(*values: str) -> str:
    signs = Signs()
    for row, value in enumerate(values, start=1):
        if (figures := figures_in(value)) is not None:
            signs.add(row, value, figures)
    return signs.format()


@pytest.mark.parametrize(
    ("values", "number"),
    [
        (("12.345", "1,234.50"), "1,234.5"),
        (("12.345", "1.234,5"), "1.234,5"),
        (("12.345", "0.5"), "1,234.5"),
        (("1,000", "12.50"), "1,234.5"),
        (("1,000", "1,234,567"), "1,234.5"),
        (("12.345", "12,50"), "1.234,5"),
        (("1 234,50", "1.234,50", "12.345"), "1.234,5"),
        (("1'234.50", "12"), "1,234.5"),
        (("12", "7"), WITHOUT_SIGNS),
        (("1 234", "x"), WITHOUT_SIGNS),
    ],
)
def test_a_column_has_the_one_format_that_its_values_show(values: tuple[str, ...], number: str) -> None:
    assert found(*values) == number


@pytest.mark.parametrize(
    ("values", "row"), [(("12", "12.345"), 2), (("1,000", "12.345"), 1), (("1 234", "12,345"), 2)]
)
def test_a_column_that_shows_nothing_has_no_format(values: tuple[str, ...], row: int) -> None:
    with pytest.raises(NoConventionError) as caught:
        found(*values)
    assert caught.value.example.row == row


@pytest.mark.parametrize(
    ("values", "rows"),
    [
        (("1,234.50", "1.234,50", "1,000"), (1, 2)),
        (("x", "12,50", "1,000", "12.50"), (2, 4)),
        (("1,234,567", "12,5", "12.345"), (1, 2)),
        (("1.234.567", "12.5", "12.345"), (1, 2)),
        (("1.234.567", "1,234,567", "12.345"), (1, 2)),
        (("1 234,50", "12.345"), (1, 2)),
    ],
)
def test_values_of_which_one_has_two_readings_must_agree(
    values: tuple[str, ...], rows: tuple[int, int]
) -> None:
    with pytest.raises(TwoConventionsError) as caught:
        found(*values)
    assert (caught.value.first.row, caught.value.second.row) == rows


@pytest.mark.parametrize(
    ("body", "number", "figures"),
    [
        ("12.345", "1,234.5", ("12", "345")),
        ("12.345", "1.234,5", ("12345", "")),
        ("12,345", "1 234,5", ("12", "345")),
        ("1 234 567,8", "1 234,5", ("1234567", "8")),
        ("1'234", "1.234,5", ("1234", "")),
        ("1\u00a0234.5", "1,234.5", ("1234", "5")),
        (",5", "1.234,5", ("0", "5")),
        ("1234", "1,234.5", ("1234", "")),
        ("1,234.50", WITHOUT_SIGNS, ("1234", "50")),
        ("1.234.567", WITHOUT_SIGNS, ("1234567", "")),
        ("12,5", WITHOUT_SIGNS, ("12", "5")),
    ],
)
def test_a_number_is_what_its_format_says(body: str, number: str, figures: tuple[str, str]) -> None:
    assert split_figures(body, number) == figures


@pytest.mark.parametrize(
    ("body", "number", "code"),
    [
        ("12.345", WITHOUT_SIGNS, "ambiguous-number"),
        ("1.234,5", "1,234.5", "not-a-number"),
        ("12.34", "1.234,5", "not-a-number"),
        ("1,234.5", "1234.5", "not-a-number"),
        ("12.345", "1 234,5", "not-a-number"),
        ("1,23,456.7", "1,234.5", "not-a-number"),
        ("12 34", "1,234.5", "not-a-number"),
        ("12.", "1,234.5", "not-a-number"),
    ],
)
def test_what_is_not_written_in_the_format_is_no_number(body: str, number: str, code: str) -> None:
    with pytest.raises(UnreadableValueError) as caught:
        split_figures(body, number)
    assert caught.value.code == code


def test_a_sample_may_have_the_blank_and_the_apostrophe_of_a_word_processor() -> None:
    assert checked_format("1\u202f234,5") == "1 234,5"
    assert checked_format("1’234.5") == "1'234.5"
    assert all(checked_format(sample) == sample for sample in NUMBER_FORMATS)
    with pytest.raises(ValueError, match=r"use one of '1,234\.5'"):
        checked_format("1234")


@pytest.mark.parametrize(
    ("declared", "text", "said"),
    [
        ({"type": "cardinal", "number": "1,234.5"}, "{{ x }}", "zwölf Komma drei vier fünf"),
        ({"type": "cardinal", "number": "1.234,5"}, "{{ x }}", "zwölftausenddreihundertfünfundvierzig"),
        ({"type": "money EUR", "number": "1.234,5"}, "{{ x }}", "zwölftausenddreihundertfünfundvierzig Euro"),
        ({"type": "unit kg", "number": "1,234.5"}, "{{ x }}", "zwölf Komma drei vier fünf Kilogramm"),
        (
            {"type": "cardinal", "number": "1,234.5"},
            '{{ x | unit("kg") }}',
            "zwölf Komma drei vier fünf Kilogramm",
        ),
    ],
)
@pytest.mark.parametrize("locale", ["de", "de-CH"])
def test_a_declared_format_holds_in_every_locale(declared: object, text: str, said: str, locale: str) -> None:
    config = FrontEndConfig(
        templates={"de": TemplateSource(name="t", text=text)},
        columns={"x": parse_column_type(declared)},
        languages=("de",),
    )
    assert FrontEnd(config).compose(locale=locale, fields={"x": "12.345"}).spoken_text == said


@pytest.mark.parametrize(
    ("number", "said"),
    [("1,234.5", "twelve point three four five"), ("1.234,5", "twelve thousand three hundred forty-five")],
)
def test_a_found_format_holds_for_columns_that_only_a_filter_makes_numbers(number: str, said: str) -> None:
    config = FrontEndConfig(
        templates={"en": TemplateSource(name="t", text="{{ x | cardinal }}")},
        conventions=Conventions(numbers={"x": number}),
    )
    assert FrontEnd(config).compose(locale="en-US", fields={"x": "12.345"}).spoken_text == said


@pytest.mark.parametrize(
    "values",
    [("84.50", "101,01"), ("1,234.50", "1.234,50"), ("1,234,567", "12,5"), ("1 234,50", "1,234.5", "7")],
)
def test_values_that_each_show_their_signs_need_no_one_format(values: tuple[str, ...]) -> None:
    """Rows of several countries in one column: each value has one reading."""
    assert found(*values) == WITHOUT_SIGNS
    for value in values:
        assert split_figures(value.replace(" ", "\u00a0"), WITHOUT_SIGNS)


def test_a_cell_with_a_number_and_text_that_writes_it_otherwise_is_a_fault() -> None:
    signs = Signs()
    signs.add(1, "the number 12.5", DECIMAL_POINT)
    signs.add(2, "1,5", figures_in("1,5") or DECIMAL_POINT)
    with pytest.raises(TwoConventionsError):
        signs.format()
