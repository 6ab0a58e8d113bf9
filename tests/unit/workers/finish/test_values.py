"""Values helped to be heard: silence really before them, their sound really slower, every word still in its place."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
import soundfile
from pydantic import JsonValue

from tests.unit.workers.finish.sounds import RATE_HZ, silence, sine
from workers.engines.engine import WORDS, Pcm
from workers.finish import FinishError, FinishProfile, Part, ProfileError, Provenance, finish
from workers.finish.finishing import FinishedAudio
from workers.finish.streaming import StreamedFinish
from workers.finish.words import PlacedWords

WORD_S, GAP_S = 0.3, 0.05
PITCHES_HZ = (500, 700, 900, 1100)
"""Of four words one after the other: the third is a value."""
TIMES = tuple((1000 * (at * (WORD_S + GAP_S)), 1000 * (at * (WORD_S + GAP_S) + WORD_S)) for at in range(4))
WORDS_MS: JsonValue = [list(pair) for pair in TIMES]
NO_EDGES: dict[str, Any] = {"lead_in_ms": 0, "lead_out_ms": 0, "fade_ms": 0, "trim_keep_ms": 0}


def four_words() -> Pcm:
    return np.concatenate(
        [np.concatenate([sine(WORD_S, frequency_hz=pitch), silence(GAP_S)]) for pitch in PITCHES_HZ]
    )


def finished(
    values: tuple[tuple[int, int], ...] = ((2, 3),), *, told: bool = True, **profile: Any
) -> FinishedAudio:
    runs: list[dict[str, JsonValue]] = [{"run_id": "r", "notes": {WORDS: WORDS_MS} if told else {}}]
    about: dict[str, JsonValue] = {"campaign": "spring", "recipient": "ab" * 16, "version": 1}
    return finish(
        [Part(pcm=four_words(), rate_hz=RATE_HZ, values=values)],
        FinishProfile.from_mapping({**NO_EDGES, **profile}),
        provenance=Provenance(about=about, runs=runs),
    )


def sound_of(audio: FinishedAudio) -> Any:
    return soundfile.read(io.BytesIO(audio.data))[0]


def pitch_hz(sound: Any, rate_hz: int) -> float:
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound))))
    return float(np.fft.rfftfreq(len(sound), 1 / rate_hz)[spectrum.argmax()])


def places(audio: FinishedAudio) -> list[tuple[int, int]]:
    words = audio.extents[0].words
    assert words is not None
    return [(word["first_sample"], word["first_sample"] + word["samples"]) for word in words]


def test_the_pause_is_really_there_and_before_the_value_alone() -> None:
    plain, helped = finished(), finished(pause_before_values="300 ms")
    assert helped.samples - plain.samples == pytest.approx(0.3 * RATE_HZ, abs=1)
    (_, second_ends), (third_begins, _) = places(helped)[1:3]
    between = np.abs(sound_of(helped)[second_ends:third_begins])
    quiet = np.flatnonzero(between > 0.001)
    assert len(between) >= (0.3 + GAP_S - 0.02) * RATE_HZ and len(quiet) < 0.02 * RATE_HZ
    for before, after in ((0, 1), (2, 3)):
        first, then = places(helped)[before][1], places(helped)[after][0]
        assert then - first == pytest.approx(GAP_S * RATE_HZ, abs=0.01 * RATE_HZ)


@pytest.mark.parametrize("profile", [{}, {"tempo": 0.9}, {"rate_hz": 16_000}, {"lead_in_ms": 400}])
def test_every_word_lies_where_its_sound_is_afterwards(profile: dict[str, Any]) -> None:
    audio = finished(pause_before_values="300 ms", slow_values="80 %", **profile)
    sound = sound_of(audio)
    for (begun, ended), pitch in zip(places(audio), PITCHES_HZ, strict=True):
        inside = sound[begun:ended][(ended - begun) // 5 : -(ended - begun) // 5]
        assert pitch_hz(inside, audio.rate_hz) == pytest.approx(pitch, rel=0.03)
        loud = np.abs(sound[begun:ended]) > 0.02
        assert loud.mean() > 0.85, "what is called the word is its sound"


def test_a_value_is_slower_and_the_words_beside_it_are_not() -> None:
    audio = finished(slow_values="80 %")
    lengths = [ended - begun for begun, ended in places(audio)]
    assert lengths[2] == pytest.approx(WORD_S * RATE_HZ / 0.8, rel=0.06)
    for at in (0, 1, 3):
        assert lengths[at] == pytest.approx(WORD_S * RATE_HZ, rel=0.04)


def test_slowed_sound_goes_over_into_the_next_without_a_step() -> None:
    continuous = np.concatenate([sine(4 * WORD_S, frequency_hz=200, dbfs=-12)])
    runs: list[dict[str, JsonValue]] = [
        {"run_id": "r", "notes": {WORDS: [[0, 300], [300, 600], [600, 1200]]}}
    ]
    audio = finish(
        [Part(pcm=continuous, rate_hz=RATE_HZ, values=((1, 2),))],
        FinishProfile.from_mapping({**NO_EDGES, "slow_values": "85 %"}),
        provenance=Provenance(about={"campaign": "a", "recipient": "ab" * 16, "version": 1}, runs=runs),
    )
    steps = np.abs(np.diff(sound_of(audio)))
    assert steps.max() < 2 * np.abs(np.diff(continuous / 32_768)).max()


def test_a_value_at_the_beginning_gets_no_pause_and_neighbours_are_one() -> None:
    plain = finished()
    assert finished(((0, 2),), pause_before_values="300 ms").samples == plain.samples
    two = finished(((1, 2), (2, 3)), pause_before_values="300 ms")
    apart = finished(((1, 2), (3, 4)), pause_before_values="300 ms")
    assert two.samples - plain.samples == pytest.approx(0.3 * RATE_HZ, abs=1)
    assert apart.samples - plain.samples == pytest.approx(0.6 * RATE_HZ, abs=1)


def test_without_help_a_file_with_values_is_the_same_to_the_bit() -> None:
    assert finished().data == finished(()).data
    assert finished(pause_before_values="0 ms", slow_values="100 %").data == finished(()).data


def test_a_sentence_without_values_is_left_alone() -> None:
    helped = finished((), told=False, pause_before_values="300 ms", slow_values="80 %")
    assert helped.sound_sha256 == finished(()).sound_sha256


def test_a_listener_tells_as_well_as_an_engine() -> None:
    words = PlacedWords(by="ears", times_ms=TIMES)
    part = Part(pcm=four_words(), rate_hz=RATE_HZ, values=((2, 3),), placed_words=words)
    profile = FinishProfile.from_mapping({**NO_EDGES, "pause_before_values": "300 ms"})
    told = finished(pause_before_values="300 ms")
    assert finish([part], profile).sound_sha256 == told.sound_sha256


def test_where_nobody_tells_the_file_is_refused_and_never_left_without_help() -> None:
    with pytest.raises(FinishError, match="choose a voice that tells") as refused:
        finished(told=False, pause_before_values="300 ms")
    assert refused.value.code == "values-not-placed"
    with pytest.raises(FinishError, match="cannot be helped"):
        finished(((2, 9),), pause_before_values="300 ms")


def test_silence_that_was_asked_for_is_no_slow_speech() -> None:
    runs: list[dict[str, JsonValue]] = [{"run_id": "r", "notes": {WORDS: WORDS_MS}}]
    about: dict[str, JsonValue] = {"campaign": "a", "recipient": "ab" * 16, "version": 1}
    for pauses in ({}, {"pause_before_values": "3000 ms", "slow_values": "60 %"}):
        profile = FinishProfile.from_mapping({"characters_per_second": {"en": [14, 60]}, **pauses})
        for characters, is_slow in ((30, False), (4, True)):
            part = Part(pcm=four_words(), rate_hz=RATE_HZ, values=((1, 2), (3, 4)), characters=characters)
            if is_slow:
                with pytest.raises(FinishError):
                    finish([part], profile, provenance=Provenance(about=about, runs=runs), language="en")
            else:
                finish([part], profile, provenance=Provenance(about=about, runs=runs), language="en")


def test_a_stream_says_that_it_cannot() -> None:
    with pytest.raises(ProfileError, match="take pause_before_values and slow_values out"):
        StreamedFinish(FinishProfile.from_mapping({"slow_values": "85 %"}), engine_rate_hz=RATE_HZ)


@pytest.mark.parametrize(
    ("table", "mend"),
    [
        ({"pause_before_values": 300}, 'give a time such as "300 ms"'),
        ({"pause_before_values": "some"}, 'write a time from "0 ms" to "3000 ms", such as "300 ms"'),
        ({"pause_before_values": "300"}, "300 ms"),
        ({"pause_before_values": "4000 ms"}, "3000 ms"),
        ({"slow_values": 0.85}, 'give a speed such as "85 %"'),
        ({"slow_values": "85"}, 'write a speed from "50 %" to "100 %", such as "85 %"'),
        ({"slow_values": "40 %"}, "50 %"),
        ({"slow_values": "120 %"}, "100 %"),
        ({"say_twice": ["codes"]}, "give one of code, phone"),
        ({"say_twice": "code"}, "give a list"),
    ],
)
def test_what_is_no_rule_is_refused_with_the_mend(table: dict[str, Any], mend: str) -> None:
    with pytest.raises(ProfileError, match=mend):
        FinishProfile.from_mapping(table)


def test_rules_are_in_a_profile_only_where_they_are_asked_for() -> None:
    kept = FinishProfile().as_mapping()
    assert not {"pause_before_values", "slow_values", "say_twice"} & kept.keys()
    asked = FinishProfile.from_mapping(
        {"pause_before_values": " 300ms", "slow_values": "85%", "say_twice": ["phone", "code", "phone"]}
    )
    assert asked.as_mapping()["pause_before_values"] == "300 ms"
    assert asked.as_mapping()["slow_values"] == "85 %"
    assert asked.as_mapping()["say_twice"] == ["code", "phone"]
    assert FinishProfile.from_mapping(asked.as_mapping()) == asked
