"""Column types of the brief."""

from __future__ import annotations

import pytest

from campaign.errors import BriefError
from campaign.speech.columns import ColumnSpec, kept_column_type, parse_column_type
from campaign.speech.typed import Kind


@pytest.mark.parametrize(
    ("declared", "spec"),
    [
        ("name", ColumnSpec(kind=Kind.NAME)),
        ("text", ColumnSpec()),
        ("money eur", ColumnSpec(kind=Kind.MONEY, options=(("currency", "EUR"),))),
        ("date dmy", ColumnSpec(kind=Kind.DATE, options=(("order", "dmy"),))),
        ("telephone DE", ColumnSpec(kind=Kind.TELEPHONE, options=(("region", "DE"),))),
        ("unit kg", ColumnSpec(kind=Kind.UNIT, options=(("unit", "kg"),))),
        (
            {"type": "text", "language": "auto", "optional": True, "fallback": "none"},
            ColumnSpec(language="auto", optional=True, fallback="none"),
        ),
        ({"type": "cardinal", "gender": "f"}, ColumnSpec(kind=Kind.CARDINAL, options=(("gender", "f"),))),
        ({"type": "money", "currency": "GBP"}, ColumnSpec(kind=Kind.MONEY, options=(("currency", "GBP"),))),
        ("flag", ColumnSpec(kind=Kind.FLAG)),
        ("cardinal 1,234.5", ColumnSpec(kind=Kind.CARDINAL, options=(("number", "1,234.5"),))),
        (
            "money 1.234,5 EUR",
            ColumnSpec(kind=Kind.MONEY, options=(("currency", "EUR"), ("number", "1.234,5"))),
        ),
        ({"from": "Betrag", "type": "name"}, ColumnSpec(kind=Kind.NAME, source="Betrag")),
        ({"nothing": ["x", " - "]}, ColumnSpec(nothing=("x", "-"))),
        ({"nothing": []}, ColumnSpec(nothing=())),
        ("address", ColumnSpec(kind=Kind.POSTAL)),
        ("email", ColumnSpec(kind=Kind.EMAIL)),
        ("url", ColumnSpec(kind=Kind.URL)),
        ("year", ColumnSpec(kind=Kind.YEAR)),
        (
            {"type": "money", "number": "1 234,5"},
            ColumnSpec(kind=Kind.MONEY, options=(("number", "1 234,5"),)),
        ),
        ({"type": "money", "currency_column": "c"}, ColumnSpec(kind=Kind.MONEY, currency_column="c")),
    ],
)
def test_a_declared_type_becomes_a_spec(declared: object, spec: ColumnSpec) -> None:
    assert parse_column_type(declared) == spec


@pytest.mark.parametrize(
    "declared",
    [
        {"type": "money EUR", "optional": True, "fallback": 0},
        {"type": "cardinal", "gender": "", "language": None},
        {"type": "unit", "unit": 5},
        {"from": "Betrag", "nothing": ["x"], "language_column": "lang"},
        "name",
    ],
)
def test_a_type_that_a_campaign_keeps_is_read_as_it_was_taken(declared: object) -> None:
    """A campaign submitted before a rule became stricter goes on."""
    spec = kept_column_type(declared)
    assert isinstance(spec, ColumnSpec)
    if isinstance(declared, dict) and "fallback" in declared:
        assert (spec.fallback, spec.optional) == ("0", True)


@pytest.mark.parametrize(
    ("declared", "complaint"),
    [
        ("monney EUR", "no column type"),
        ("", "no column type"),
        ("money EURO", "ISO 4217"),
        ("money EUR USD", "leave it out"),
        ("name EUR", "takes no 'EUR'"),
        ("date dym", "no date order"),
        ("telephone Germany", "ISO 3166"),
        ("street", "did you mean address"),
        ("e-mail", "did you mean email"),
        ("website", "did you mean url"),
        ("percentage fraction", "did you mean percent fraction"),
        ({"type": "money", "number": "1234"}, "'1234' shows no way to write numbers; use one of '1,234.5'"),
        (
            {"type": "date", "direction": "back"},
            "direction is 'back'; give one of past, future|past or future",
        ),
        ({"type": "text", "optinal": True}, "no key optinal"),
        ({"type": "text", "optional": "yes"}, "true or false"),
        ({"type": "cardinal", "gender": "x"}, "give one of m, f, n"),
        ({"from": ""}, 'from is .*; give text that is not empty such as "Betrag"'),
        ({"source": "Betrag"}, "no key source; .*known are .*from"),
        ({"nothing": "x"}, "nothing is 'x'; give a list of text"),
        (5, "text or a table"),
    ],
)
def test_a_wrong_type_says_what_to_write(declared: object, complaint: str) -> None:
    with pytest.raises(BriefError, match=complaint):
        parse_column_type(declared)


def test_a_kept_list_of_what_stands_for_nothing_is_kept() -> None:
    assert kept_column_type({"from": "Betrag", "nothing": ["x"]}) == ColumnSpec(
        source="Betrag", nothing=("x",)
    )


def test_a_column_needs_those_that_say_its_currency_and_language() -> None:
    assert ColumnSpec(currency_column="c", language_column="l").needs == ("c", "l")
    assert ColumnSpec().needs == ()
