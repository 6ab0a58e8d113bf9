"""Which voice a brief means, and what is known of an engine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from campaign.errors import BriefError, NotFoundError
from campaign.registry.channels import Promotion, promote
from campaign.registry.voice import (
    capabilities_of,
    capability_table,
    check_use,
    choose_voice,
    engine_capabilities,
    find_preset,
)
from storage.installation import Installation
from storage.names import ChannelName, PinId, PresetName
from storage.registry import pins as pin_rows
from storage.registry import presets as preset_rows
from storage.registry.pins import NewPin, Pin
from storage.registry.presets import FrozenPreset
from tests import build
from workers.engines.engine import Capabilities, PresetSound
from workers.engines.registry import create_engine, engine_revision
from workers.synthesis_key import Voice

ABLE = Capabilities(
    clones=True,
    languages=frozenset({"sv", "en", "de"}),
    phoneme_alphabets=frozenset({"x-sampa", "ipa"}),
    needs_transcript=False,
    reference_limit_s=12.5,
    streams=True,
    rate_hz=22_050,
    characters=((32, 126), (192, 255)),
)


@pytest.fixture
def installed(tmp_path: Path) -> Iterator[Installation]:
    made = build.installation(tmp_path / "home")
    yield made
    made.close()


def new_pin(name: str = "mine", capabilities: Capabilities = ABLE, **changes: Any) -> NewPin:
    pin = NewPin(
        id=PinId(name),
        digest=name[0] * 64,
        engine="tone",
        files={},
        licence="MIT",
        purposes=["research", "non-commercial"],
        capabilities=capability_table(capabilities),
    )
    return replace(pin, **changes)


def kept(installed: Installation, pin: NewPin) -> Pin:
    with installed.database.write() as connection:
        return pin_rows.add(connection, pin)


@pytest.mark.parametrize(
    "capabilities",
    [
        ABLE,
        replace(ABLE, needs_recording=True),
        replace(ABLE, clones=False, needs_transcript=True, reference_limit_s=None, streams=False),
    ],
)
def test_a_pin_gives_back_the_capabilities_that_it_was_made_with(
    installed: Installation, capabilities: Capabilities
) -> None:
    table = capability_table(capabilities)
    assert (table["languages"], table["phonemes"]) == (["de", "en", "sv"], ["ipa", "x-sampa"])
    assert capabilities_of(kept(installed, new_pin(capabilities=capabilities))) == capabilities


def test_what_an_engine_can_do_is_its_pin_s_word_or_its_own(installed: Installation) -> None:
    kept(installed, new_pin())
    with installed.database.read() as connection:
        assert engine_capabilities(connection, "tone", "mine") == ABLE
        assert engine_capabilities(connection, "tone") == create_engine("tone").capabilities
        for engine, model in (("espeak", "mine"), ("tone", "none")):
            with pytest.raises(NotFoundError, match=f"{model}' of engine {engine}"):
                engine_capabilities(connection, engine, model)


def test_the_voice_is_the_preset_s_sound_on_that_pin(installed: Installation) -> None:
    pin = kept(installed, new_pin())
    with installed.database.read() as connection:
        chosen = choose_voice(connection, build.brief(model="mine"))
        demo = find_preset(connection, "demo-voice@1")
        check_use(connection, chosen, build.brief(model="mine"))
    assert (chosen.preset, chosen.pin, chosen.capabilities) == (demo, pin, ABLE)
    assert chosen.voice == Voice(
        preset_digest=demo.sound_digests["tone"],
        pin_digest="m" * 64,
        engine="tone",
        engine_revision=engine_revision("tone"),
    )


def test_the_voice_of_a_sound_is_the_same_one() -> None:
    sound = PresetSound(name="a", version=1, sound_digest="5" * 64, engine="tone", parameters={})
    assert Voice.of(sound, pin_digest="d" * 64, engine_revision=7) == Voice(
        preset_digest="5" * 64, pin_digest="d" * 64, engine="tone", engine_revision=7
    )


def test_every_language_that_the_engine_does_not_speak_is_named(installed: Installation) -> None:
    kept(installed, new_pin())
    with installed.database.read() as connection:
        with pytest.raises(BriefError, match="does not speak fr, it"):
            choose_voice(connection, build.brief(model="mine", languages=("en", "fr", "it")))
        assert choose_voice(connection, build.brief(model="mine", languages=("en", "sv"))).pin.id == "mine"


def add_version(installed: Installation, version: int, *engines: str, name: str = "speaker") -> None:
    with installed.database.write() as connection:
        frozen = FrozenPreset(
            name=PresetName(name),
            version=version,
            sound_digests=dict.fromkeys(engines, f"{version}" * 64),
            parameters={engine: {} for engine in engines},
            provenance={"person": None},
        )
        preset_rows.add(connection, frozen)


def test_a_preset_without_a_number_is_its_newest(installed: Installation) -> None:
    for version in (1, 10, 2):
        add_version(installed, version, "tone")
    with installed.database.read() as connection:
        assert find_preset(connection, "speaker").version == 10
        assert find_preset(connection, "speaker@2").version == 2
        for label, complaint in (
            ("speaker@3", "there is no preset speaker@3"),
            ("speaker@", "is not a preset"),
            ("speaker@x", "is not a preset"),
        ):
            with pytest.raises(NotFoundError, match=complaint):
                find_preset(connection, label)


def production(installed: Installation, pin: str) -> None:
    asked = Promotion(pin=pin, channel=ChannelName("production"), reason="by hand", override_by="Kim")
    promote(installed, asked, actor="test")


def test_without_a_model_production_counts_where_the_preset_fits_it(installed: Installation) -> None:
    kept(installed, new_pin())
    add_version(installed, 1, "espeak")

    def chosen(preset: str) -> str:
        with installed.database.read() as connection:
            return choose_voice(connection, build.brief(model="", preset=preset)).pin.id

    assert chosen("speaker@1") == "espeak"
    production(installed, "mine")
    assert (chosen("demo-voice@1"), chosen("speaker@1")) == ("mine", "espeak")


def test_without_a_model_the_first_engine_that_has_a_pin_counts(installed: Installation) -> None:
    add_version(installed, 1, "f5", "tone")
    with installed.database.read() as connection:
        assert choose_voice(connection, build.brief(model="", preset="speaker@1")).pin.id == "tone"
