"""Figures of other scripts are read, raised and circled ones are refused: whatever the column's type, never a crash."""

from __future__ import annotations

import pytest

from campaign.errors import RowError
from campaign.speech.columns import parse_column_type
from campaign.speech.front_end import FrontEnd, FrontEndConfig
from campaign.speech.templates import TemplateSource

LANGUAGES = ("en", "de", "es", "fr", "it", "pt", "zh")
TYPES = (
    "text",
    "name",
    "money EUR",
    "date",
    "date dmy",
    "date mdy",
    "time",
    "telephone",
    "spell",
    "digits",
    "cardinal",
    "ordinal",
    "unit kg",
    "fraction",
)
FIELDS = {f"f{index}": declared for index, declared in enumerate(TYPES)}
FRONT_END = FrontEnd(
    FrontEndConfig(
        templates={
            language: TemplateSource(
                name=f"{language}.txt",
                text=" ".join(f"{{% if {name} %}}X {{{{ {name} }}}}.{{% endif %}}" for name in FIELDS),
            )
            for language in LANGUAGES
        },
        columns={
            name: parse_column_type({"type": declared, "optional": True}) for name, declared in FIELDS.items()
        },
        languages=LANGUAGES,
        cached_sentences=0,
    )
)
RAISED = (
    *("¹", "²³", "①", "②.", "1¹", "A¹B", "¹ kg", "3¹º", "1.²", "1,²", "1.000,¹", "⁴:30", "¹/₂", "¹⁄₂"),
    *("¹ Jan 2026", "1 Jan 2026¹", "3. März ²026", "+49 ³0 1234567", "info¹@example.org", "No. ¹", "① € 5"),
)
"""`isdigit()` holds for these, and `int()` refuses them."""
OTHER_SCRIPTS = (
    "٣",
    "१२",
    "３",
    "１２.５０",
    "٢٠٢٦-٠٣-٠٤",
    "１４:３０",
    "+٤٩ ٣٠ ١٢٣٤٥٦٧",
    "３/４",
    "١٢ kg",
    "１st",
)


def said(field: str, value: str, language: str = "en") -> str:
    composition = FRONT_END.compose(locale=language, fields={field: value})
    return " ".join(span.text for one in composition.utterances for span in one.spans)


def field_of(declared: str) -> str:
    return next(name for name, one in FIELDS.items() if one == declared)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("field", sorted(FIELDS), ids=lambda field: FIELDS[field].replace(" ", "-"))
def test_any_figures_of_any_type_are_read_or_an_error_of_the_row(field: str, language: str) -> None:
    for value in (*RAISED, *OTHER_SCRIPTS, *(f"{one} EUR" for one in RAISED)):
        try:
            assert said(field, value, language)
        except RowError as error:
            assert error.code and error.mend


@pytest.mark.parametrize(
    ("declared", "value", "code"),
    [
        ("date", "¹", "not-a-date"),
        ("date", "1 Jan 2026¹", "not-a-date"),
        ("date", "3 March¹", "not-a-date"),
        ("time", "⁴:30", "not-a-time"),
        ("money EUR", "1,²", "not-money"),
        ("cardinal", "²", "not-a-number"),
        ("digits", "1¹", "not-digits"),
        ("spell", "A¹", "unspeakable-character"),
        ("telephone", "+49 ³0 1234567", "not-a-telephone-number"),
    ],
)
def test_a_raised_figure_has_no_reading(declared: str, value: str, code: str) -> None:
    with pytest.raises(RowError) as refused:
        said(field_of(declared), value)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("declared", "value", "reading"),
    [
        ("money EUR", "１２.５０", "twelve euros and fifty cents"),
        ("date", "٢٠٢٦-٠٣-٠٤", "March fourth, twenty twenty-six"),
        ("time", "１４:３０", "two thirty PM"),
        ("cardinal", "१२", "twelve"),
        ("digits", "٣", "three"),
    ],
)
def test_a_figure_of_another_script_is_that_figure(declared: str, value: str, reading: str) -> None:
    assert reading in said(field_of(declared), value)
