"""One field of a row, from its cell to what the template gets."""

from __future__ import annotations

import pytest

from campaign.errors import FieldError
from campaign.speech.columns import parse_column_type
from campaign.speech.fields.fitting import Fit, fit
from tests.unit.speech.test_front_end import front_end, say

NAME = parse_column_type("name")


def test_every_change_is_a_warning_that_begins_with_its_word() -> None:
    found = fit("name", "Ann &amp;\nMÃ¼ller", NAME)
    assert found.text == "Ann & Müller"
    assert [warning.partition(" ")[0] for warning in found.warnings] == ["entities", "mojibake", "line-break"]
    assert found.warnings[0] == "entities in 'name': 'Ann &amp;\\nMÃ¼ller' is taken as 'Ann & Müller'"


def test_what_stands_for_nothing_is_empty_and_says_what_it_was() -> None:
    found = fit("name", "NULL", NAME)
    assert (found.text, found.stood_for_nothing) == ("", "NULL")
    assert found.warnings == ("nothing in 'name': 'NULL' is taken as an empty field",)


def test_an_empty_field_is_not_told() -> None:
    assert fit("name", "  ", NAME) == Fit("")


def test_prose_passes_as_it_is() -> None:
    assert fit("note", "Please bring your card.", None) == Fit("Please bring your card.")


@pytest.mark.parametrize(
    "text",
    [
        "((name))",
        "*|FNAME|*",
        "%FNAME%",
        "{name}",
        "<<name>>",
        "[name]",
        "#name#",
        "${name}",
        "{{ name }}",
        "@name",
    ],
)
def test_a_placeholder_that_nobody_filled_in_is_an_error(text: str) -> None:
    with pytest.raises(FieldError, match="another program did not fill in") as caught:
        fit("note", f"Dear {text}", None)
    assert (caught.value.code, caught.value.column) == ("placeholder", "note")


def test_na_in_a_column_of_countries_has_two_readings() -> None:
    with pytest.raises(FieldError, match="Namibia"):
        fit("country", "NA", None)
    assert fit("country", "NA", parse_column_type({"nothing": []})).text == "NA"
    assert fit("country", "NA", parse_column_type({"nothing": ["NA"]})).text == ""
    assert fit("note", "NA", None).text == ""


def test_a_lost_letter_is_looked_for_in_names_only() -> None:
    with pytest.raises(FieldError, match="lost-letter"):
        fit("first_name", "Fran?ois", None)
    assert fit("note", "Really?Yes", None).text == "Really?Yes"


def test_a_name_that_is_none_is_told_and_made() -> None:
    assert fit("name", "Unknown", None).warnings == ("no-name in 'name': 'Unknown' is taken as a name",)
    assert fit("note", "Unknown", None).warnings == ()


def test_a_flag_that_is_none_is_an_error_of_its_row() -> None:
    with pytest.raises(FieldError, match="not-a-flag"):
        fit("vip", "maybe", parse_column_type("flag"))


class TestRendering:
    """Through the template."""

    def test_a_fallback_is_said_for_what_stands_for_nothing(self) -> None:
        columns = {"n": {"type": "name", "optional": True, "fallback": "customer"}}
        said = say("Hello {{ n }}.", {"n": "N/A"}, columns=columns)
        assert (said.spoken_text, said.fallbacks) == ("Hello customer.", ("n",))
        assert said.warnings == ("nothing in 'n': 'N/A' is taken as an empty field",)

    def test_a_missing_value_says_what_stood_there(self) -> None:
        with pytest.raises(Exception, match=r"'n' is empty: 'NULL' stands for nothing .*nothing = \[\]"):
            say("Hello {{ n }}.", {"n": "NULL"})

    def test_a_filter_s_type_mends_as_a_column_s(self) -> None:
        said = say("Code {{ n | digits }}.", {"n": "4711.0"})
        assert said.spoken_text == "Code four seven one one."
        assert said.warnings == ("float-tail in 'n': '4711.0' is taken as '4711'",)

    @pytest.mark.parametrize(
        "text",
        [
            "{{ n }}",
            "{{ n | emphasis }}",
            '{% if n == "3" %}x{% endif %}y',
            '{% if n in ("3",) %}x{% endif %}y',
        ],
    )
    def test_a_value_with_two_readings_is_neither_said_nor_compared(self, text: str) -> None:
        with pytest.raises(FieldError, match="float-or-number"):
            say(text, {"n": "3.0"})

    def test_a_declared_text_is_said_as_it_stands(self) -> None:
        assert (
            say("Version {{ n }}.", {"n": "3.0"}, columns={"n": "text"}).spoken_text
            == "Version three point zero."
        )

    def test_an_amount_keeps_its_decimals(self) -> None:
        assert (
            say("{{ n }}", {"n": "12.0"}, columns={"n": "unit kg"}).spoken_text
            == "twelve point zero kilograms"
        )

    def test_a_comparison_sees_what_was_mended(self) -> None:
        text = '{% if n == "3" %}Three.{% else %}Other.{% endif %}'
        assert say(text, {"n": "3.0"}, columns={"n": "cardinal"}).spoken_text == "Three."

    @pytest.mark.parametrize(
        ("vip", "said"), [("yes", "Welcome."), ("no", "Hello."), ("", "Hello."), ("0", "Hello.")]
    )
    def test_a_flag_is_asked(self, vip: str, said: str) -> None:
        text = "{% if vip and not late %}Welcome.{% else %}Hello.{% endif %}"
        columns = {"vip": "flag", "late": {"type": "flag", "optional": True}}
        assert say(text, {"vip": vip}, columns=columns).spoken_text == said

    @pytest.mark.parametrize(
        "text", ["{{ vip }}", "{{ vip | name }}", '{% if vip == "yes" %}x{% endif %}', "{{ name or vip }}"]
    )
    def test_a_flag_is_never_said_or_compared(self, text: str) -> None:
        with pytest.raises(Exception, match="line 1: vip is a flag"):
            front_end(text, columns={"vip": "flag"})

    @pytest.mark.parametrize(("note", "said"), [("Now.", "Now."), ("", "None."), ("N/A", "None.")])
    def test_filled_asks_whether_there_is_anything(self, note: str, said: str) -> None:
        text = "{% if n is filled %}{{ n }}{% else %}None.{% endif %}"
        columns = {"n": {"type": "text", "optional": True, "fallback": "Later."}}
        assert say(text, {"n": note}, columns=columns).spoken_text == said


class TestColumnsThatSayMore:
    """A row's own currency and language."""

    def test_a_row_has_its_own_currency(self) -> None:
        columns = {"sum": {"type": "money", "currency_column": "in"}}
        for written, said in (("EUR", "two euros"), ("gbp", "two pounds"), ("€", "two euros")):
            assert say("{{ sum }}", {"sum": "2", "in": written}, columns=columns).spoken_text == said

    def test_a_row_without_one_is_an_error_or_has_the_declared(self) -> None:
        columns = {"sum": {"type": "money", "currency_column": "in"}}
        with pytest.raises(
            FieldError, match="'sum' takes its currency from the column 'in', which is empty"
        ) as caught:
            say("{{ sum }}", {"sum": "2", "in": ""}, columns=columns)
        assert caught.value.column == "in"
        with pytest.raises(FieldError, match="which the file does not have"):
            say("{{ sum }}", {"sum": "2"}, columns=columns)
        columns["sum"]["currency"] = "USD"
        assert say("{{ sum }}", {"sum": "2", "in": "NULL"}, columns=columns).spoken_text == "two dollars"

    def test_an_unknown_currency_names_its_column(self) -> None:
        columns = {"sum": {"type": "money", "currency_column": "in"}}
        with pytest.raises(FieldError, match="unknown-currency") as caught:
            say("{{ sum }}", {"sum": "2", "in": "XYZ"}, columns=columns)
        assert caught.value.column == "in"

    def test_a_row_has_its_own_language(self) -> None:
        columns = {"note": {"type": "text", "language_column": "lang"}}
        said = say("{{ note }}", {"note": "21 libros", "lang": "es"}, columns=columns, languages=("en", "es"))
        assert said.spoken_text == "veintiún libros"
        with pytest.raises(FieldError, match="not-a-language"):
            say("{{ note }}", {"note": "x y", "lang": "Spanish"}, columns=columns)
