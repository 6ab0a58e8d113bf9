"""espeak-ng out of process: the same sound always, one death at a time, nothing said that was not asked for."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests import ROOT
from tests.servers.process import wait_for
from tests.unit.workers.engines.spoken import HELLO, demo_voice, failure, preset, request, sha256, sound
from workers.engines.engine import EngineError, SpokenSpan, SynthesisFailure
from workers.engines.espeak import EspeakEngine
from workers.engines.espeak.engine import ESPEAK_REVISION, _join, _sounding

GOLDEN = {
    # (revision, what) -> sha256 of the samples. A change here without a higher revision breaks every cache.
    (1, "english"): "fce7c6e09ad1a662450adfc1cb193cb0133e594619c7d034d251b00030d0bdd4",
    (1, "mixed"): "d1228463b728364447cd9048835207054d7d730c46b19cdad85ec7e0190aa972",
}
MIXED = (("en", "Dear"), ("de", "Frau Müller-Lüdenscheidt,"), ("en", "your parcel is here."))


@pytest.fixture(scope="module")
def engine() -> Iterator[EspeakEngine]:
    made = EspeakEngine()
    made.warm([demo_voice()])
    yield made
    made.close()


def test_sound_is_the_golden_sound_of_this_revision(engine: EspeakEngine) -> None:
    english, mixed = engine.synthesise([request(("en", HELLO)), request(*MIXED)])
    assert sha256(english) == GOLDEN[ESPEAK_REVISION, "english"]
    assert sha256(mixed) == GOLDEN[ESPEAK_REVISION, "mixed"]


def test_sound_does_not_depend_on_batch_order_restart_or_neighbouring_process(engine: EspeakEngine) -> None:
    texts = [
        ("en", HELLO),
        ("de", "Guten Tag, Herr Müller."),
        ("es", "Hola, ¿qué tal?"),
        ("fr", "Bonjour à tous."),
    ]
    alone = [sha256(engine.synthesise([request(text)])[0]) for text in texts]
    together = [sha256(outcome) for outcome in engine.synthesise([request(text) for text in texts])]
    backwards = [
        sha256(outcome) for outcome in engine.synthesise([request(text) for text in reversed(texts)])
    ]
    other = EspeakEngine()
    beside = [sha256(outcome) for outcome in other.synthesise([request(text) for text in texts])]
    other.close()
    time.sleep(1.1)  # the library would seed itself with the second
    again = [sha256(outcome) for outcome in other.synthesise([request(text) for text in texts])]
    other.close()
    assert alone == together == backwards[::-1] == beside == again


def test_another_seed_is_another_take_of_the_same_length(engine: EspeakEngine) -> None:
    first, second = engine.synthesise([request(("en", HELLO), seed=1), request(("en", HELLO), seed=2)])
    assert sha256(first) != sha256(second)
    assert abs(sound(first).duration_s - sound(second).duration_s) < 0.05


def test_two_engines_speak_at_the_same_time() -> None:
    engines = [EspeakEngine(), EspeakEngine()]
    found: list[list[str]] = [[], []]

    def speak(number: int) -> None:
        batch = [request(("en", HELLO))] * 5
        found[number] = [sha256(outcome) for outcome in engines[number].synthesise(batch)]

    threads = [threading.Thread(target=speak, args=(number,)) for number in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for one in engines:
        one.close()
    assert len({digest for digests in found for digest in digests}) == 1
    assert [len(digests) for digests in found] == [5, 5]


def test_preset_parameters_change_the_sound_as_they_say(engine: EspeakEngine) -> None:
    table: dict[str, Any] = {"voices": {"en": "en-gb"}, "words_per_minute": 165}
    variants = [table, {**table, "words_per_minute": 250}, {**table, "variant": "f2"}, {**table, "pitch": 80}]
    outcomes = engine.synthesise([request(("en", HELLO), preset=preset(**variant)) for variant in variants])
    assert len({sha256(outcome) for outcome in outcomes}) == len(variants)
    assert sound(outcomes[1]).duration_s < 0.8 * sound(outcomes[0]).duration_s


def test_languages_are_spoken_by_their_own_voices_and_joined_without_a_pop(engine: EspeakEngine) -> None:
    mixed, english_only, *parts = engine.synthesise(
        [
            request(*MIXED),
            request(("en", " ".join(text for _, text in MIXED))),
            *(request(span) for span in MIXED),
        ]
    )
    assert sha256(mixed) != sha256(english_only)
    spoken_s = sum(sound(part).duration_s for part in parts)
    assert sound(mixed).duration_s == pytest.approx(spoken_s + 0.09, abs=0.25)


def test_spans_are_faded_to_silence_at_their_joint_and_kept_at_the_outside() -> None:
    loud = np.full(4000, 20_000, np.int16)
    joined = _join([loud, loud])
    assert joined is not None
    assert np.abs(np.diff(joined.astype(int))).max() < 300
    assert (joined[:3900] == 20_000).all()
    assert (joined[-3900:] == 20_000).all()
    gap = np.flatnonzero(joined == 0)
    assert len(gap) / 22_050 == pytest.approx(0.045, abs=0.001)


def test_a_silent_span_makes_the_whole_utterance_a_failure() -> None:
    loud = np.full(4000, 20_000, np.int16)
    assert _join([loud, None]) is None
    assert _sounding(np.zeros(4000, np.int16)) is None


def test_phonemes_are_spoken_in_place_of_the_text(engine: EspeakEngine) -> None:
    def span(text: str, **phonemes: str) -> SpokenSpan:
        pairs = tuple(sorted((name.replace("_", "-"), value) for name, value in phonemes.items()))
        return SpokenSpan(text=text, language="en", phonemes=pairs)

    outcomes = engine.synthesise(
        [
            request(span("Enes", x_espeak="h@l'oU")),
            request(span("completely different", x_espeak="h@l'oU")),
            request(span("Enes", ipa="həˈləʊ")),
            request(span("Enes", x_espeak="h@l'oU", ipa="ˈɛnɛs")),
            request(span("Enes", other="?")),
            request(span("Enes")),
        ]
    )
    said, other_text, ipa, both, unknown_alphabet, text = map(sha256, outcomes)
    assert said == other_text == ipa == both
    assert text == unknown_alphabet != said


def test_brackets_in_text_are_not_phonemes(engine: EspeakEngine) -> None:
    text, phonemes = engine.synthesise(
        [
            request(("en", "[[h@l'oU]]")),
            request(SpokenSpan(text="x", language="en", phonemes=(("x-espeak", "h@l'oU"),))),
        ]
    )
    assert sha256(text) != sha256(phonemes)


@pytest.mark.parametrize(
    ("alphabet", "phonemes"),
    [
        ("x-espeak", "h@l~~q'oU"),
        ("x-espeak", "h@l]] and more [["),
        ("x-espeak", " "),
        ("ipa", "ǃxoo"),
        ("ipa", "ɓa"),
        ("ipa", "lːon"),
        ("ipa", "ˈ"),
    ],
)
def test_phonemes_that_the_voice_lacks_are_refused_not_dropped(
    engine: EspeakEngine, alphabet: str, phonemes: str
) -> None:
    span = SpokenSpan(text="x", language="en", phonemes=((alphabet, phonemes),))
    assert failure(engine.synthesise([request(span)])[0]).code == "unspeakable"


@pytest.mark.parametrize(
    ("language", "text", "code"),
    [
        ("en", "Привет", "unspeakable"),
        ("en", "Hello 田中", "unspeakable"),
        ("ru", "Привет, Maria", "unspeakable"),
        ("en", "", "unspeakable"),
        ("en", "...", "unspeakable"),
        ("en", "a\x07b", "unspeakable"),
        ("en", "a\ue000b", "unspeakable"),
        ("en", "a\ud800b", "unspeakable"),
        ("xx", "Hello", "voice-missing"),
    ],
)
def test_what_a_voice_cannot_say_is_a_failure_of_that_utterance_alone(
    engine: EspeakEngine, language: str, text: str, code: str
) -> None:
    bad, good = engine.synthesise([request((language, text)), request(("en", HELLO))])
    assert (failure(bad).code, failure(bad).retryable) == (code, False)
    assert sha256(good) == GOLDEN[1, "english"]


@pytest.mark.parametrize(
    ("language", "text"), [("en", "José Łukasz Ångström"), ("ru", "Привет"), ("zh", "你好")]
)
def test_letters_of_the_language_s_script_are_spoken(engine: EspeakEngine, language: str, text: str) -> None:
    assert sound(engine.synthesise([request((language, text))])[0]).duration_s > 0.3


def test_letters_without_a_rule_are_read_without_their_marks_and_not_by_number(engine: EspeakEngine) -> None:
    marked, plain, other = engine.synthesise(
        [
            request(("en", "Hello Nguyễn Thị Hương.")),
            request(("en", "Hello Nguyên Thi Hương.")),
            request(("en", HELLO)),
        ]
    )
    assert sha256(marked) == sha256(plain)
    assert sound(marked).duration_s < 2.5
    assert sound(marked).notes["letters_without_marks"] == 2
    assert sound(other).notes["letters_without_marks"] == 0


def test_sound_longer_than_allowed_is_a_failure_and_never_cut(engine: EspeakEngine) -> None:
    made = sound(engine.synthesise([request(("en", HELLO))])[0])
    short, enough = engine.synthesise(
        [request(("en", HELLO), max_seconds=1.0), request(("en", HELLO), max_seconds=made.duration_s + 0.5)]
    )
    assert failure(short).code == "too-long"
    assert sha256(enough) == sha256(made)


def test_a_crash_fails_its_utterance_and_no_other() -> None:
    engine = EspeakEngine()
    engine.warm([demo_voice()])
    zygote = engine._process.pid
    outcome = _during_a_long_utterance(engine, lambda pid: os.kill(pid, signal.SIGSEGV))
    assert (outcome.code, outcome.retryable) == ("engine-crashed", False)
    assert sha256(engine.synthesise([request(("en", HELLO))])[0]) == GOLDEN[1, "english"]
    assert engine._process.pid == zygote
    engine.close()


def test_a_hang_is_ended_in_time_and_worth_another_attempt() -> None:
    engine = EspeakEngine(timeout_s=3.0)
    engine.warm([demo_voice()])
    outcome = _during_a_long_utterance(engine, lambda pid: os.kill(pid, signal.SIGSTOP))
    assert (outcome.code, outcome.retryable) == ("engine-crashed", True)
    assert sha256(engine.synthesise([request(("en", HELLO))])[0]) == GOLDEN[1, "english"]
    engine.close()


def test_a_killed_child_is_replaced_without_a_failure() -> None:
    engine = EspeakEngine()
    engine.warm([demo_voice()])
    first = engine._process.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    assert sha256(engine.synthesise([request(("en", HELLO))])[0]) == GOLDEN[1, "english"]
    assert engine._process.pid != first
    engine.close()


def _during_a_long_utterance(engine: EspeakEngine, strike: Callable[[int], None]) -> SynthesisFailure:
    zygote = engine._process.pid
    struck = threading.Event()

    def strike_the_fork() -> None:
        children = Path(f"/proc/{zygote}/task/{zygote}/children")
        while not struck.is_set():
            for pid in children.read_text().split():
                strike(int(pid))
                struck.set()

    thread = threading.Thread(target=strike_the_fork)
    thread.start()
    try:
        # minutes of speech, so that the fork is still at work when it is struck
        long = request(("en", f"{HELLO} " * 200), max_seconds=3000)
        return failure(engine.synthesise([long])[0])
    finally:
        struck.set()
        thread.join()


def test_the_child_ends_with_an_owner_that_is_killed() -> None:
    script = textwrap.dedent(
        """
        import time
        from workers.engines.espeak import EspeakEngine
        engine = EspeakEngine()
        engine.warm([])
        print(engine._process.pid, flush=True)
        time.sleep(60)
        """
    )
    command = [sys.executable, "-c", script]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as owner:
        assert owner.stdout is not None
        child = int(owner.stdout.readline())
        owner.kill()
    wait_for(lambda: not Path(f"/proc/{child}").exists(), what="the end of the child")


def test_an_engine_can_be_closed_twice_and_used_again() -> None:
    engine = EspeakEngine()
    engine.close()
    engine.close()
    assert sha256(engine.synthesise([request(("en", HELLO))])[0]) == GOLDEN[1, "english"]
    engine.close()


@pytest.mark.parametrize(
    ("parameters", "mend"),
    [
        ({}, "voices is missing; write for example voices = "),
        ({"voices": {"en": "en-xx"}}, "en-gb"),
        ({"voices": {"en": 3}}, "voices.en is 3; give text"),
        ({"voices": {"fo": "fo"}}, "no voice 'fo'"),
        ({"voices": {"en": "en"}, "variant": "f99"}, "choose from"),
        ({"voices": {"en": "en"}, "words_per_minute": 1000}, "80 to 400"),
        ({"voices": {"en": "en"}, "pitch": True}, "whole number"),
        ({"voices": {"en": "en"}, "pich": 50}, "no key pich; did you mean pitch"),
    ],
)
def test_a_bad_preset_table_is_refused_with_the_mend(
    engine: EspeakEngine, parameters: dict[str, Any], mend: str
) -> None:
    bad = preset(**parameters)
    with pytest.raises(EngineError, match=mend):
        engine.warm([bad])
    assert failure(engine.synthesise([request(("en", HELLO), preset=bad)])[0]).code == "preset-unusable"


def test_capabilities_name_languages_and_alphabets(engine: EspeakEngine) -> None:
    assert {"en", "de", "es", "fr", "zh", "ru"} <= engine.capabilities.languages
    assert engine.capabilities.phoneme_alphabets == {"ipa", "x-espeak"}
    assert engine.version.startswith("1.")
