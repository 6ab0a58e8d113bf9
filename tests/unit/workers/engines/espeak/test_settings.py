"""The espeak table against the data that is installed: what the library would ignore in silence is refused here."""

from __future__ import annotations

from pathlib import Path

import pytest

from workers.engines.engine import EngineError
from workers.engines.espeak.settings import EspeakSettings, VoiceCatalogue


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Two voices of English, one of German, one whose dictionary is missing; one variant."""
    files = {
        "lang/gmw/en": "name English\nlanguage en-gb 2\nlanguage en 2\n",
        "lang/gmw/en-US": "language en-us 3\nlanguage en 3\n",
        "lang/gmw/de": "language de\n",
        "lang/roa/xx": "language xx\n",
        "voices/!v/f2": "",
        "en_dict": "",
        "de_dict": "",
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


def test_language_is_spoken_by_its_first_voice_and_one_without_a_dictionary_is_none(data: Path) -> None:
    catalogue = VoiceCatalogue.read(data)
    assert catalogue.by_language == {
        "en": "gmw/en",
        "en-gb": "gmw/en",
        "en-us": "gmw/en-US",
        "de": "gmw/de",
    }
    assert sorted(catalogue.languages) == ["de", "en"]
    assert sorted(catalogue.variants) == ["f2"]


def test_data_without_voices_names_the_package(tmp_path: Path) -> None:
    (tmp_path / "lang").mkdir()
    with pytest.raises(EngineError, match="reinstall the espeakng-loader package"):
        VoiceCatalogue.read(tmp_path)


def test_voice_is_the_library_s_file_with_the_variant(data: Path) -> None:
    catalogue = VoiceCatalogue.read(data)
    table = EspeakSettings.parse({"voices": {"en": "EN-GB", "de": "de"}, "variant": "f2"}, catalogue)
    assert table.voices == {"en": "gmw/en+f2", "de": "gmw/de+f2"}
    assert EspeakSettings.parse({"voices": {"de": "de"}}, catalogue).voices == {"de": "gmw/de"}


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ({"voices": {"en": "en-au"}}, "no voice 'en-au' for 'en'; this library has en, en-gb, en-us"),
        ({"voices": {"fr": "fr"}}, "none for it"),
        ({"voices": {"de": "de"}, "variant": "f9"}, "no variant 'f9'; choose from f2"),
        ({"voices": {}}, "voices"),
        ({"voices": {"de": "de"}, "words_per_minute": 20}, "words_per_minute"),
    ],
)
def test_what_the_library_has_not_is_refused_with_what_it_has(
    data: Path, table: dict[str, object], told: str
) -> None:
    with pytest.raises(EngineError, match=told):
        EspeakSettings.parse(table, VoiceCatalogue.read(data))  # type: ignore[arg-type]
