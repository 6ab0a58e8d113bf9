"""What is written in prose is read aloud as the gold files say; a linguist can edit them.

One line a case: `written~spoken`, or `written~ERROR code`.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from campaign.errors import RowError
from campaign.speech import languages
from campaign.speech.columns import parse_column_type
from campaign.speech.front_end import FrontEnd, FrontEndConfig, TemplateSource

ROOMS = Path(languages.__file__).parent
NAMES = "names.txt"
"""Their values are declared names."""
LEAST = {"en": 120, "es": 120, "de": 120, "fr": 120, "it": 80, "pt": 80, "zh": 80}


def cases(language: str) -> list[tuple[str, str]]:
    lines = [
        line
        for file in sorted((ROOMS / language / "gold").glob("*.txt"))
        if file.name != NAMES
        for line in file.read_text("utf-8").splitlines()
    ]
    return [
        (written, spoken) for written, _, spoken in (line.partition("~") for line in lines if line[:1] != "#")
    ]


def named() -> list[tuple[str, str, str]]:
    """(language, written, spoken) of declared names."""
    return [
        (file.parents[1].name, written, spoken)
        for file in sorted(ROOMS.glob(f"*/gold/{NAMES}"))
        for line in file.read_text("utf-8").splitlines()
        for written, spoken in [line.split("~")]
    ]


@pytest.fixture(scope="module")
def front_ends() -> dict[str, FrontEnd]:
    source = TemplateSource(name="gold.txt", text="{{ text }}")
    return {
        language: FrontEnd(FrontEndConfig(templates={language: source}, languages=(language,)))
        for language in LEAST
    }


@pytest.mark.parametrize(
    ("language", "written", "spoken"), [(language, *case) for language in LEAST for case in cases(language)]
)
def test_prose_is_read_aloud_as_a_native_speaker_would(
    front_ends: dict[str, FrontEnd], language: str, written: str, spoken: str
) -> None:
    try:
        said = front_ends[language].compose(locale=language, fields={"text": written}).spoken_text
    except RowError as error:
        said = f"ERROR {error.code}"
    assert said == spoken


@pytest.mark.parametrize(("language", "written", "spoken"), named())
def test_names_keep_their_letters_and_only_titles_and_signs_are_words(
    language: str, written: str, spoken: str
) -> None:
    template = TemplateSource(name="name.txt", text="{{ name }}")
    columns = {"name": parse_column_type("name")}
    config = FrontEndConfig(templates={language: template}, languages=(language,), columns=columns)
    assert FrontEnd(config).compose(locale=language, fields={"name": written}).spoken_text == spoken


@pytest.mark.parametrize(("language", "least"), LEAST.items())
def test_each_language_has_enough_gold(language: str, least: int) -> None:
    assert len(set(cases(language))) >= least
