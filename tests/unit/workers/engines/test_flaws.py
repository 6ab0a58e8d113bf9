"""Flaws around every engine: declared, recorded, the same each time, and nothing where nothing is declared."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from tests.servers.speech import speech_server
from tests.unit.workers.engines.spoken import demo_voice, failure, preset, request, sha256, sound
from workers.engines.engine import (
    Engine,
    EngineError,
    Imperfection,
    Outcome,
    PreemptibleEngine,
    PresetSound,
    SynthesisRequest,
    UrgentBatch,
)
from workers.engines.espeak import EspeakEngine
from workers.engines.flaws import FILLERS, OTHER_LETTERS
from workers.engines.registry import create_engine, imperfection_stages
from workers.finish.checks import check_unclipped
from workers.presets.shipped import shipped_preset

VOICES = {"en": "en-gb", "de": "de"}
LANGUAGES = ("de", "en", "es", "fr", "it", "nl", "pl", "pt", "ru", "tr", "zh")
HELLO = ("en", "Please call us back tomorrow at nine")
FLAWS: list[dict[str, Any]] = [
    {"kind": "hesitation", "stage": "text", "probability": 1.0},
    {"kind": "breath", "stage": "waveform", "probability": 1.0},
    {"kind": "dropout", "stage": "codec", "probability": 1.0, "bitrate_kbps": 12},
]


@pytest.fixture(scope="module")
def espeak() -> Iterator[EspeakEngine]:
    with contextlib.closing(EspeakEngine()) as engine:
        yield engine


def flawed(*flaws: dict[str, Any], engine: str = "espeak", **parameters: Any) -> PresetSound:
    voices = {"voices": VOICES} if engine == "espeak" else {}
    return preset(engine, **voices, imperfections=list(flaws), **parameters)


def flaw(kind: str, stage: str, **more: Any) -> dict[str, Any]:
    return {"kind": kind, "stage": stage, "probability": 1.0, **more}


def stages(outcome: Outcome) -> list[str]:
    events: Any = sound(outcome).notes.get("imperfections", [])
    return [event["stage"] for event in events]


def test_every_stage_around_the_engine_is_made_and_recorded_in_order(espeak: EspeakEngine) -> None:
    (made,) = espeak.synthesise([request(HELLO, preset=flawed(*FLAWS))])
    assert stages(made) == ["text", "waveform", "codec"]
    (plain,) = espeak.synthesise([request(HELLO, preset=preset(voices=VOICES))])
    assert sound(made).duration_s > sound(plain).duration_s + 0.4  # a word and a breath
    assert "imperfections" not in sound(plain).notes


def test_flaws_are_the_same_alone_in_a_batch_and_after_a_restart(espeak: EspeakEngine) -> None:
    voice = flawed(*FLAWS)
    asked = [request(HELLO, ("de", "Vielen Dank"), seed=seed, preset=voice) for seed in range(1, 5)]
    together = [sha256(outcome) for outcome in espeak.synthesise(asked)]
    assert len(set(together)) == len(asked)
    assert [sha256(espeak.synthesise([one])[0]) for one in asked] == together
    with contextlib.closing(EspeakEngine()) as another:
        assert [sha256(outcome) for outcome in another.synthesise(asked[::-1])][::-1] == together


@pytest.mark.parametrize("flaws", [[], [{**one, "probability": 0.0} for one in FLAWS]])
def test_without_a_flaw_the_sound_is_that_of_before_to_the_bit(
    espeak: EspeakEngine, flaws: list[dict[str, Any]]
) -> None:
    plain, clean = espeak.synthesise(
        [request(HELLO, preset=one) for one in (preset(voices=VOICES), flawed(*flaws))]
    )
    assert sha256(clean) == sha256(plain)
    assert "imperfections" not in sound(clean).notes


def test_a_template_s_flaws_come_after_those_of_the_preset_and_do_not_move_them(espeak: EspeakEngine) -> None:
    voice = flawed(flaw("stutter", "text"))
    (alone,) = espeak.synthesise([request(HELLO, preset=voice)])
    (both,) = espeak.synthesise(
        [request(HELLO, preset=voice, imperfections=(Imperfection(**flaw("breath", "waveform")),))]
    )
    assert stages(both) == ["text", "waveform"]
    of_both: Any = sound(both).notes["imperfections"]
    assert of_both[:1] == sound(alone).notes["imperfections"]
    (own,) = espeak.synthesise(
        [
            request(
                HELLO,
                preset=demo_voice(),
                imperfections=(Imperfection(**flaw("compression", "codec", bitrate_kbps=6)),),
            )
        ]
    )
    assert stages(own) == ["codec"]


def test_whoever_hears_before_the_batch_ends_hears_the_flaws_and_so_does_who_interrupts_it(
    espeak: EspeakEngine,
) -> None:
    asked = [request(HELLO, seed=seed, preset=flawed(*FLAWS)) for seed in (1, 2)]
    urgent = request(("de", "Vielen Dank"), seed=3, preset=flawed(flaw("stutter", "text")))
    told: list[str] = []
    delivered: list[Outcome] = []
    batches = iter([UrgentBatch(requests=[urgent], deliver=delivered.extend)])
    assert isinstance(espeak, PreemptibleEngine)
    espeak.on_outcome = lambda one, outcome: told.append(sha256(outcome)) if one in asked else None
    espeak.between_steps = lambda: next(batches, None)
    try:
        outcomes = espeak.synthesise(asked)
    finally:
        espeak.on_outcome = espeak.between_steps = None
    assert told == [sha256(outcome) for outcome in outcomes]
    assert stages(delivered[0]) == ["text"]


def test_a_stage_inside_the_engine_is_refused_when_it_is_warmed(espeak: EspeakEngine) -> None:
    engines: list[tuple[Engine, dict[str, Any]]] = [
        (espeak, {}),
        (create_engine("tone"), {}),
        (create_engine("openai"), {"voice": "a"}),
    ]
    for engine, parameters in engines:
        voice = flawed(flaw("stutter", "mel"), engine=engine.name, **parameters)
        with pytest.raises(
            EngineError, match="stutter at stage 'mel', which this engine does not have; give text or wave"
        ):
            engine.warm([voice])


def test_engines_say_which_stages_a_template_may_ask_for() -> None:
    assert imperfection_stages("f5") == {"text", "mel", "waveform", "codec"}
    for name in ("espeak", "tone", "openai", "chatterbox", "cosyvoice", "gpt-sovits"):
        assert imperfection_stages(name) == {"text", "waveform", "codec"}


def test_a_tone_has_flaws_too() -> None:
    engine = create_engine("tone")
    plain, made = engine.synthesise(
        [request(HELLO, preset=one) for one in (preset("tone"), flawed(*FLAWS, engine="tone"))]
    )
    assert stages(made) == ["text", "waveform", "codec"]
    assert sha256(made) != sha256(plain)


def test_a_server_is_given_flawed_words_and_hears_nothing_of_the_declaration() -> None:
    with speech_server() as server:
        endpoint = {"url": server.url, "model": server.model, "timeout_s": 5.0}
        with contextlib.closing(create_engine("chatterbox", endpoint=endpoint)) as engine:
            voice = flawed(*FLAWS, engine="chatterbox", voice="Emily.wav", temperature=0.8)
            engine.warm([voice])
            (made,) = engine.synthesise([request(HELLO, preset=voice)])
        assert stages(made) == ["text", "waveform", "codec"]
        said = server.asked[0]
    assert "uh, " in said["text"]
    assert said["temperature"] == 0.8
    assert "imperfections" not in said


def test_sound_that_its_flaws_make_too_long_is_a_failure_and_never_cut(espeak: EspeakEngine) -> None:
    voice = flawed(flaw("hesitation", "waveform", rate=1, duration_ms=3000))
    (plain,) = espeak.synthesise([request(HELLO, preset=preset(voices=VOICES))])
    asked: SynthesisRequest = request(HELLO, preset=voice, max_seconds=sound(plain).duration_s + 1)
    assert failure(espeak.synthesise([asked])[0]).code == "too-long"
    assert sound(espeak.synthesise([replace(asked, max_seconds=60.0)])[0])


def test_clipped_packets_are_heard_and_delivered(espeak: EspeakEngine) -> None:
    """A flat top at full scale is an accident, and finishing refuses it."""
    for stage, more in (("waveform", {}), ("codec", {"bitrate_kbps": 32})):
        (made,) = espeak.synthesise([request(HELLO, preset=flawed(flaw("clipping", stage, **more)))])
        assert stages(made) == [stage]
        check_unclipped(sound(made).pcm, position=0)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_hesitant_voice_that_ships_hesitates_in_each_of_its_languages(
    espeak: EspeakEngine, language: str
) -> None:
    """Every filler can be said by the voice of its language."""
    hesitant = shipped_preset("demo-voice-hesitant", 1, engine="espeak")
    filler = (FILLERS | OTHER_LETTERS).get(language, "eh,").rstrip(",，")
    outcomes = espeak.synthesise(
        [request((language, filler), seed=seed, preset=hesitant) for seed in range(12)]
    )
    kinds: set[Any] = set()
    for outcome in outcomes:
        events: Any = sound(outcome).notes.get("imperfections", [])
        kinds |= {event["kind"] for event in events}
    assert kinds == {"hesitation", "stutter", "breath"}
    assert any("imperfections" not in sound(outcome).notes for outcome in outcomes)
