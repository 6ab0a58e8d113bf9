"""Placeholders that other tools fill in are recognised, and ordinary writing is not."""

from __future__ import annotations

import pytest

from campaign.speech.placeholders import foreign_placeholder


@pytest.mark.parametrize(
    ("written", "right"),
    [
        ("((name))", "{{ name }}"),
        ("((has overdue??You are late.))", "{{ has_overdue }}"),
        ("*|FNAME|*", "{{ fname }}"),
        ("*|IF:FNAME|*", "{{ fname }}"),
        ("%FNAME%", "{{ fname }}"),
        ("%recipient.name%", "{{ name }}"),
        ("%First Name%", "{{ first_name }}"),
        ("%%FirstName%%", "{{ firstname }}"),
        ("%%=v(@name)=%%", "{{ name }}"),
        ("%1$s", "{{ column }}"),
        ("%s", "{{ column }}"),
        ("%(name)s", "{{ name }}"),
        ("{name}", "{{ name }}"),
        ("{First Name}", "{{ first_name }}"),
        ("{!Contact.FirstName}", "{{ firstname }}"),
        ("{$name}", "{{ name }}"),
        ("{0}", "{{ column }}"),
        ("{{First Name}}", "{{ first_name }}"),
        ("{{{name}}}", "{{ name }}"),
        ("<<name>>", "{{ name }}"),
        ("«name»", "{{ name }}"),
        ("«First_Name»", "{{ first_name }}"),
        ("[name]", "{{ name }}"),
        ("[First Name]", "{{ first_name }}"),
        ("[subscriber:firstname | default:reader]", "{{ firstname }}"),
        ("[[anything]]", "{{ anything }}"),
        ("#name#", "{{ name }}"),
        ("##name##", "{{ name }}"),
        ("${name}", "{{ name }}"),
        ("#{name}", "{{ name }}"),
        ("$name$", "{{ name }}"),
        ("$name", "{{ name }}"),
        ("@name", "{{ name }}"),
        ("@@name@@", "{{ name }}"),
        ("__name__", "{{ name }}"),
        ("<First Name>", "{{ first_name }}"),
        ("<%= name %>", "{{ name }}"),
    ],
)
def test_a_placeholder_is_found_whole_with_its_right_writing(written: str, right: str) -> None:
    found = foreign_placeholder(f"Hello {written}, good day.")
    assert found == (written, right, 6)


@pytest.mark.parametrize(
    "text",
    [
        "El «Real Madrid» gana",
        "«casa»",
        "100%ige und 50%",
        "5% of 20% are gone",
        "a note [sic] of it",
        "follow @acme",
        "mail ann@name.com",
        "a #hash and a #tag",
        "C# and F#m, G#",
        "it costs $5 or USD 6$",
        "a < b > c",
        "(a) (b) ((2))",
        "snake_case_x and __init",
        "<b>bold</b>",
    ],
)
def test_ordinary_writing_is_no_placeholder(text: str) -> None:
    assert foreign_placeholder(text) is None


def test_the_name_of_a_known_column_is_enough_where_the_form_is_ambiguous() -> None:
    assert foreign_placeholder("Hello @haustier") is None
    assert foreign_placeholder("Hello @haustier", ["Haustier"]) == ("@haustier", "{{ haustier }}", 6)


@pytest.mark.parametrize("text", ["{" * 50_000, "((a??" * 10_000, "%a " * 20_000, "[a " * 20_000])
def test_a_hostile_text_has_none(text: str) -> None:
    assert foreign_placeholder(text) is None
