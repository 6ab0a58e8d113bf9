"""Speakers of the catalogue: found by name and language, and made presets that nobody has to write."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from campaign.errors import ConflictError, InputError, NotFoundError
from campaign.preview.one_off import say
from campaign.registry.catalogue import Catalogue, shipped_catalogue
from campaign.registry.catalogue.speakers import find_speaker, list_speakers, pins_here, voice_of
from campaign.registry.pins import NewModel, add_model
from campaign.registry.presets import NewPreset, add_preset, retire_preset, verify_preset
from storage.history import audit
from storage.installation import Installation
from storage.names import PinId, PresetName
from storage.registry import presets as preset_rows
from tests import build
from tests.speakers import add_kokoro
from tests.unit.registry.catalogue.test_table import ENTRY
from workers.engines.engine import EngineError
from workers.engines.registry import speaker_table
from workers.languages import primary


@pytest.fixture
def installed(tmp_path: Path) -> Iterator[Installation]:
    made = build.installation(tmp_path / "home")
    yield made
    made.close()


@pytest.fixture
def fetched(installed: Installation, kokoro_folder: Path) -> Installation:
    """With Kokoro, pinned under a name of somebody's own."""
    add_kokoro(installed, kokoro_folder, name="clinic-model")
    return installed


def labels(installation: Installation) -> list[str]:
    with installation.database.read() as connection:
        return [one.label for one in preset_rows.all_presets(connection)]


def catalogue_with(*speakers: str) -> Catalogue:
    entries = [
        {
            **ENTRY,
            "name": f"model-{number}",
            "speakers": [{"name": name, "language": "en-US"}],
        }
        for number, name in enumerate(speakers, start=1)
    ]
    return Catalogue.model_validate({"entries": entries})


def test_every_shipped_speaker_has_a_text_to_be_heard_with_and_a_table_of_its_engine() -> None:
    listed = list_speakers()
    assert len(listed) == 41
    assert {primary(one.speaker.language) for one in listed if not one.sample} == set()
    assert [one.speaker.language for one in listed] == sorted(one.speaker.language for one in listed)
    for one in listed:
        table = speaker_table(one.entry.engine, one.speaker.name, one.speaker.language)
        assert table == {"voices": {primary(one.speaker.language): one.speaker.name}}


def test_speakers_are_listed_by_language_a_region_or_all_of_it() -> None:
    assert {one.speaker.language for one in list_speakers(language="en")} == {"en-GB", "en-US"}
    assert {one.speaker.name[0] for one in list_speakers(language="en-gb")} == {"b"}
    assert list_speakers(language="de") == []


def test_a_name_that_is_none_is_told_with_the_nearest() -> None:
    assert find_speaker("af_heart").entry.name == "kokoro"
    with pytest.raises(NotFoundError, match=r"'af_hart'.*Did you mean af_heart"):
        find_speaker("af_hart")
    with pytest.raises(NotFoundError, match="voice list --speakers"):
        find_speaker("quite another")


def test_two_models_with_a_speaker_of_one_name_are_told_apart() -> None:
    both = catalogue_with("anna", "anna")
    with pytest.raises(NotFoundError, match="model-1/anna or model-2/anna"):
        find_speaker("anna", catalogue=both)
    assert find_speaker("model-2/anna", catalogue=both).entry.name == "model-2"


def test_what_was_not_fetched_names_the_command_and_makes_nothing(installed: Installation) -> None:
    before = labels(installed)
    with pytest.raises(NotFoundError, match="campaign voice get kokoro"):
        voice_of(installed, "af_heart", actor="test")
    assert labels(installed) == before


def test_a_speaker_becomes_one_ordinary_preset_with_licence_and_without_consent(
    fetched: Installation,
) -> None:
    first = voice_of(fetched, "bf_emma", actor="anna")
    again = voice_of(fetched, "kokoro/bf_emma", language="en-GB", actor="otto")
    assert (first.preset.label, first.is_new) == ("kokoro-bf-emma@1", True)
    assert (again.preset.label, again.is_new, again.pin.id) == ("kokoro-bf-emma@1", False, "clinic-model")
    assert first.preset.parameters == {"kokoro": {"voices": {"en": "bf_emma"}}}
    assert not first.preset.is_of_a_person
    entry = shipped_catalogue().find("kokoro")
    facts = first.preset.provenance["catalogue"]
    assert isinstance(facts, dict)
    assert (facts["entry"], facts["licence"], facts["content"]) == ("kokoro", "Apache-2.0", entry.content)
    assert (facts["speaker"], facts["language"], facts["attribution"]) == (
        "bf_emma",
        "en-GB",
        entry.attribution,
    )
    assert all(one.holds for one in verify_preset(fetched, first.preset.label)[1])
    with fetched.database.read() as connection:
        assert [row["actor"] for row in audit.of(connection, first.preset.label)] == ["anna"]


def test_a_preset_that_a_person_made_of_that_name_stays_what_it_is(fetched: Installation) -> None:
    own = NewPreset(name=PresetName("kokoro-bf-emma"), engine="tone", table={"pitch_hz": 300})
    add_preset(fetched, own, actor="test")
    assert voice_of(fetched, "bf_emma", actor="test").preset.label == "kokoro-bf-emma@2"
    add_preset(fetched, own, actor="test")
    assert voice_of(fetched, "bf_emma", actor="test").preset.label == "kokoro-bf-emma@2"
    assert [one for one in labels(fetched) if "emma" in one] == [f"kokoro-bf-emma@{n}" for n in (1, 2, 3)]


def test_a_text_of_another_language_is_refused_before_anything_is_made(fetched: Installation) -> None:
    before = labels(fetched)
    with pytest.raises(InputError, match=r"if_sara speaks it, not es.*--language es"):
        voice_of(fetched, "if_sara", language="es-MX", actor="test")
    assert labels(fetched) == before


def test_a_speaker_that_was_retired_is_not_made_again_under_another_version(fetched: Installation) -> None:
    voice = voice_of(fetched, "af_heart", actor="test")
    retire_preset(fetched, voice.preset.label, reason="too loud", actor="test")
    again = voice_of(fetched, "af_heart", actor="test")
    assert again.preset.label == voice.preset.label
    with pytest.raises(ConflictError, match="too loud"):
        say(
            fetched,
            "Hello.",
            preset=again.preset.label,
            model=again.pin.id,
            language="en-US",
            finish={"codec": "wav"},
            actor="test",
            watch=lambda _campaign, _counts: None,
        )


def test_other_weights_of_the_engine_are_not_the_entry(installed: Installation, tmp_path: Path) -> None:
    folder = tmp_path / "other"
    (folder / "voices").mkdir(parents=True)
    (folder / "model.onnx").write_bytes(b"other weights")
    (folder / "voices" / "af_heart.bin").write_bytes(bytes(510 * 256 * 4))
    model = NewModel(
        name=PinId("kokoro"), engine="kokoro", folder=folder, licence="MIT", purposes=("research",)
    )
    add_model(installed, model, actor="test")
    with installed.database.read() as connection:
        assert pins_here(connection) == {}


def test_an_engine_without_voices_by_name_says_so_and_kokoro_refuses_what_it_cannot_read() -> None:
    with pytest.raises(EngineError, match="no voices by name"):
        speaker_table("tone", "anna", "en")
    with pytest.raises(EngineError, match="nothing here reads"):
        speaker_table("kokoro", "jf_alpha", "ja")
    assert speaker_table("kokoro", "thorsten", "de-AT") == {
        "voices": {"de": "thorsten"},
        "accents": {"de": "de-AT"},
    }


def test_a_table_of_kokoro_is_frozen_where_no_weights_are(installed: Installation) -> None:
    asked = NewPreset(name=PresetName("two"), engine="kokoro", table={"voices": {"hi": "hf_alpha"}})
    assert add_preset(installed, asked, actor="test").preset.label == "two@1"
