"""Each spelling of a declared value says what it means in every language, or is refused; linguists can edit the tables.

`tests/data/typed/TYPE.tsv` has a line for each spelling: the column's type, what is written, the languages (`*` for
all) and what is said, or ERROR. `tests/data/typed/words/TYPE.tsv` has what is said by language: a regular expression
that fits all of the words, in small letters, a blank for whatever is no letter.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from campaign.errors import RowError
from campaign.speech.columns import parse_column_type
from campaign.speech.conventions import Conventions
from campaign.speech.front_end import FrontEnd, FrontEndConfig, TemplateSource
from campaign.speech.number_format import WITHOUT_SIGNS
from tests import DATA

TYPED = DATA / "typed"
LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "zh")
TYPES = sorted(path.stem for path in TYPED.glob("*.tsv"))
LEAST = 12
"""Spellings of a type."""
ERROR = "ERROR"
ALONE = Conventions(numbers={"x": WITHOUT_SIGNS}, reference_date="2026-03-01")
"""A column of which nothing is known but the value."""
_SAID_ALIKE = {("time", "14:30", "2:30 pm"), ("time", "0:00", "24:00"), ("ordinal", "1st", "1st f")}
"""What some languages say with the same words."""


def rows(path: Path) -> Iterator[list[str]]:
    head, *lines = path.read_text(encoding="utf-8").split("\n")
    width = len(head.split("\t"))
    for line in lines[:-1]:
        cells = line.split("\t")
        assert len(cells) == width, (path.name, line)
        yield cells


@cache
def words_of(name: str) -> dict[tuple[str, str], str]:
    """(what is said, language) to its pattern."""
    path = TYPED / "words" / f"{name}.tsv"
    assert path.read_text(encoding="utf-8").split("\n")[0].split("\t") == ["said", *LANGUAGES]
    return {
        (said, language): pattern
        for said, *patterns in rows(path)
        for language, pattern in zip(LANGUAGES, patterns, strict=True)
    }


def cases() -> Iterator[tuple[str, str, str, str]]:
    """(type, written, language, pattern or ERROR)."""
    for name in TYPES:
        for declared, written, languages, said in rows(TYPED / f"{name}.tsv"):
            for language in LANGUAGES if languages == "*" else languages.split():
                yield declared, written, language, ERROR if said == ERROR else words_of(name)[said, language]


@cache
def front_end(declared: str, language: str) -> FrontEnd:
    text = "{% if x %}yes{% else %}no{% endif %}" if declared == "flag" else "{{ x }}"
    return FrontEnd(
        FrontEndConfig(
            templates={language: TemplateSource(name="typed.txt", text=text)},
            columns={"x": parse_column_type(declared)},
            languages=(language, "en"),
            conventions=ALONE,
        )
    )


def letters(text: str) -> str:
    kept = (c if unicodedata.category(c)[0] in "LM" else " " for c in text.lower())
    return " ".join("".join(kept).split())


@pytest.mark.parametrize(("declared", "written", "language", "expected"), cases())
def test_a_typed_value_says_what_it_means_or_is_refused(
    declared: str, written: str, language: str, expected: str
) -> None:
    try:
        spoken = front_end(declared, language).compose(locale=language, fields={"x": written}).spoken_text
    except RowError as error:
        assert expected == ERROR, error.reason
        assert error.column == "x" and error.mend
        return
    assert expected != ERROR, spoken
    assert re.fullmatch(expected, letters(spoken)), spoken


@pytest.mark.parametrize("name", TYPES)
def test_each_type_has_enough_spellings_and_uses_all_its_words(name: str) -> None:
    spellings = list(rows(TYPED / f"{name}.tsv"))
    read = [(row[0], row[1], language) for row in spellings for language in row[2].split()]
    assert len(set(read)) == len(read)
    assert len(spellings) >= LEAST
    used = {said for *_, said in spellings} - {ERROR}
    assert used == {said for said, _ in words_of(name)}
    assert all(declared.split()[0] == name for declared, *_ in spellings)


@pytest.mark.parametrize("name", TYPES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_words_that_mean_something_else_are_not_accepted(name: str, language: str) -> None:
    """A pattern that fits too much would let a wrong value pass."""
    plain = {
        said: re.sub(r"\[(.).*?\]\??|\(([^|()]*?)(?:\|[^()]*)?\)\??|(?<=\w)\?", r"\1\2", pattern)
        for (said, of), pattern in words_of(name).items()
        if of == language and pattern != "-"
    }
    for said, pattern in words_of(name).items():
        if said[1] != language or pattern == "-":
            continue
        fitting = {other for other, text in plain.items() if re.fullmatch(pattern, text)} - {said[0]}
        assert all({(name, said[0], other), (name, other, said[0])} & _SAID_ALIKE for other in fitting), (
            said,
            fitting,
        )


def test_every_type_of_a_column_is_here() -> None:
    from campaign.speech.columns import COLUMN_TYPES

    assert set(TYPES) == set(COLUMN_TYPES)
