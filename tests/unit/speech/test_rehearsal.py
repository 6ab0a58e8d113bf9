"""What a template's own text makes of every row is told before the first, and what hangs on a row is not."""

from __future__ import annotations

import pytest

from campaign.errors import TemplateError
from campaign.speech.front_end import FrontEnd, FrontEndConfig, TemplateSource
from campaign.speech.rehearsal import refuse_unspeakable


def rehearse(text: str, language: str = "en") -> None:
    source = TemplateSource(name="t.txt", text=text)
    front_end = FrontEnd(FrontEndConfig(templates={"default": source}, languages=(language,)))
    refuse_unspeakable(front_end, source, "default")


@pytest.mark.parametrize(
    ("text", "language", "told"),
    [
        ("Hello {{ name }}.\nGood news \U0001f389.", "en", "t.txt, line 2, column 11: '\U0001f389'"),
        ("Hi. {% if x %}no → yes{% endif %}", "en", "t.txt, line 1, column 18: '→'"),
        (
            "Hi. {% if x %}a{% elif y %}b{% else %}{% if z %}c{% else %}no ✓ d{% endif %}{% endif %}",
            "en",
            "'✓'",
        ),
        ("Hello {{ name }}. Привет.", "en", "t.txt, line 1, column 19: 'П'"),
        ("Masz 5% znizki.", "pl", "t.txt, line 1, column 6: '5'"),
        ("It is on 03/04/2026.", "en", "2026-04-03 (day first) or 2026-03-04"),
        ('{{ name }} is {{ "10 parsec" | unit }} away.', "en", "'parsec' has no name"),
    ],
)
def test_what_no_row_could_mend_is_told_with_its_place(text: str, language: str, told: str) -> None:
    with pytest.raises(TemplateError) as raised:
        rehearse(text, language)
    assert told in str(raised.value)
    assert "column," not in str(raised.value).partition("; ")[2]  # no mend for a field


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("You get {{ n }}% of {{ amount }}€.", "en"),
        ("{{ name }}, dzien dobry.", "pl"),
        ("It is due on {{ day }}/04/2026.", "en"),
        ("你好，{{ name }}。", "zh"),
        ("{% if x %}{% endif %}{{ name }}", "en"),
        ("Bonjour\u00a0{{ name }}\u202f!\tIl est 5\u00a0%.\u2028Au revoir.", "fr"),
    ],
)
def test_what_hangs_on_the_values_is_left_to_the_rows(text: str, language: str) -> None:
    rehearse(text, language)


def test_blanks_of_word_processors_are_blanks() -> None:
    source = TemplateSource(name="t.txt", text="Good\u00a0day\t{{ name }},\u2009thank\u00ad you.")
    front_end = FrontEnd(FrontEndConfig(templates={"default": source}))
    assert front_end.compose(locale="en", fields={"name": "Ann"}).spoken_text == "Good day Ann, thank you."
