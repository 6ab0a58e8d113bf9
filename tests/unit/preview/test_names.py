"""Names before anybody hears them: the riskiest first, each with its reasons; what a lexicon covers carries none."""

from __future__ import annotations

from pathlib import Path

import pytest

from campaign.brief import LoadedBrief
from campaign.errors import BriefError, HeaderError
from campaign.preview.names import (
    BARE,
    NOT_IN_LEXICON,
    RISKS,
    NameValue,
    RankedName,
    carrier,
    lexicon_lines,
    name_columns,
    names_in,
    rank_names,
)
from campaign.recipients import open_recipients
from campaign.speech.columns import ColumnSpec
from campaign.speech.front_end import FrontEnd, FrontEndConfig
from campaign.speech.languages import registry
from campaign.speech.templates import TemplateSource
from campaign.speech.typed import Kind
from tests import build

CONFIG = FrontEndConfig(
    templates={
        locale: TemplateSource(name="t", text="Hello {{ name }}.", language=locale) for locale in ("en", "de")
    },
    languages=("en", "de"),
)


def ranked(*values: str, locale: str = "en") -> list[RankedName]:
    return rank_names(
        [NameValue(row=row, locale=locale, value=value) for row, value in enumerate(values, 1)], CONFIG
    )


def codes(value: str, locale: str = "en") -> set[str]:
    [name] = ranked(value, locale=locale)
    assert name.risk == sum(RISKS[reason] for reason in {one.code for one in name.reasons}) + (
        NOT_IN_LEXICON if name.reasons else 0
    )
    return {reason.code for reason in name.reasons}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Maria", set()),
        ("Anne-Marie O'Neill", set()),
        ("Ludwig van Beethoven", set()),
        ("J. Smith", {"initial"}),
        ("maria", {"no-capital"}),
        ("MARIA", {"all-capitals"}),
        ("McDonald", {"mixed-case"}),
        ("Bo", {"very-short"}),
        ("Brkh", {"no-vowel"}),
        ("Łukasz", {"unusual-letter"}),
    ],
)
def test_name_is_told_with_every_reason_and_no_other(value: str, expected: set[str]) -> None:
    assert codes(value) == expected


def test_letters_are_unusual_where_the_language_does_not_write_them() -> None:
    assert "unusual-letter" in codes("Müller", "en")
    assert codes("Müller", "de") == set()


def test_riskiest_comes_first_then_the_most_frequent_each_once() -> None:
    names = ranked("Maria", "Brkh", "Zoe", "Zoe", "Łukasz")
    assert [(name.value, name.rows, name.first_row) for name in names] == [
        ("Łukasz", 1, 5),
        ("Brkh", 1, 2),
        ("Zoe", 2, 3),
        ("Maria", 1, 1),
    ]


def test_name_that_cannot_be_said_is_the_first_of_all_and_has_no_words() -> None:
    first = ranked("Maria", "\U0001f600")[0]
    assert (first.reasons[0].code, first.language, first.spoken) == ("cannot-be-said", "", "")


def test_lexicon_has_one_line_a_name_to_be_filled_in_and_keeps_what_is_filled_in(tmp_path: Path) -> None:
    path = tmp_path / "names.tsv"
    assert lexicon_lines(ranked("Brkh", "Maria"), path) == ("written\talias\nBrkh\t\nMaria\t\n", 2)
    path.write_text("written\talias\nBrkh\tberk\n")
    assert lexicon_lines(ranked("Brkh", "Maria"), path) == ("written\talias\nBrkh\tberk\nMaria\t\n", 1)


def test_columns_are_those_asked_for_or_those_declared() -> None:
    columns = {"first": ColumnSpec(kind=Kind.NAME), "sum": ColumnSpec(kind=Kind.CARDINAL)}
    assert name_columns(columns, ()) == ("first",)
    assert name_columns(columns, ("sum",)) == ("sum",)
    with pytest.raises(BriefError, match="--column"):
        name_columns({"sum": ColumnSpec(kind=Kind.CARDINAL)}, ())


def test_values_are_read_from_the_file_without_the_empty_ones(tmp_path: Path) -> None:
    rows = [{"id": "1", "locale": "de", "name": " Ana "}, {"id": "2", "locale": "", "name": ""}]
    loaded = LoadedBrief(brief=build.brief(), suppress=())
    path = build.write_csv(tmp_path / "people.csv", [*rows, {"id": "3", "locale": "", "name": "Bo"}])
    with open_recipients(str(path)) as source:
        assert list(names_in(source, loaded, ("name",))) == [
            NameValue(row=1, locale="de", value="Ana"),
            NameValue(row=3, locale="en", value="Bo"),
        ]
    with (
        open_recipients(str(path)) as source,
        pytest.raises(HeaderError, match="no column 'surname', which --column"),
    ):
        list(names_in(source, loaded, ("surname",)))


@pytest.mark.parametrize("language", [*sorted(registry.codes()), "nl"])
def test_name_is_heard_in_a_sentence_that_can_be_said(language: str) -> None:
    text = carrier(language)
    assert (text == BARE) == (language == "nl")
    source = TemplateSource(name="t", text=text, language=language)
    config = FrontEndConfig(templates={"default": source}, languages=(language,))
    if language != "nl":
        name = "王芳" if language == "zh" else "Maria"
        assert name in FrontEnd(config).compose(locale=language, fields={"text": name}).spoken_text
