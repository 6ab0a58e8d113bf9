"""A whole file: every utterance at its place, and what was judged before only where the sound is the same."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests import voices
from workers.engines.engine import Pcm
from workers.finish import FinishProfile, Part, finish
from workers.line import TelephoneLine
from workers.listening.file import FileJudgement, Said, listen_to_file
from workers.listening.judging import HeardValue, Hearing, Judgement, Mishearing
from workers.listening.same_sound import is_same_sound
from workers.listening.twice import of_values, with_other_sayings

TEXTS = ("Your bill is nine dollars.", "Call us on Monday before noon.", "The code is seven one four.")


@pytest.fixture(scope="module")
def sounds() -> list[Pcm]:
    return list(voices.spoken(list(TEXTS)))


def judgement(verdict: Hearing) -> Judgement:
    value = HeardValue(kind="money", begun=3, ended=5, verdict=verdict)
    return Judgement(verdict=verdict, heard="x", word_error=0.0, longest_run=0, values=(value,))


def said(number: int, sound: Pcm, judged: Judgement | None = None) -> Said:
    return Said(
        key=f"key-{number}",
        text=TEXTS[number],
        language="en",
        values=(),
        pcm=sound,
        rate_hz=voices.RATE_HZ,
        judged=judged,
    )


def listened(
    sounds: list[Pcm], codec: str, before: list[Judgement | None], verdicts: list[Hearing]
) -> FileJudgement:
    """A file of all sounds; `verdicts` are of those that are heard now, in order."""
    audio = finish(
        [Part(pcm=sound, rate_hz=voices.RATE_HZ) for sound in sounds],
        FinishProfile.from_mapping({"codec": codec, "gain": "asset"}),
    )
    left = iter(verdicts)
    lengths: list[float] = []

    def judge(pcm: Pcm, rate_hz: int, _said: Said) -> Judgement:
        lengths.append(len(pcm) / rate_hz)
        return judgement(next(left))

    found = listen_to_file(
        audio.data,
        audio.timebase,
        audio.samples,
        audio.rate_hz,
        [
            said(number, sound, judged)
            for number, (sound, judged) in enumerate(zip(sounds, before, strict=True))
        ],
        judge=judge,
        recogniser="ears",
    )
    assert next(left, None) is None
    assert sum(lengths) <= audio.duration_s + 0.2
    return found


@pytest.mark.parametrize("codec", ["wav", "mp3", "opus", "ulaw", "flac"])
def test_what_was_judged_before_is_recognised_through_every_codec(codec: str, sounds: list[Pcm]) -> None:
    before = [judgement(Hearing.HEARD), None, judgement(Hearing.HEARD)]
    found = listened(sounds, codec, before, [Hearing.HEARD])
    assert found.verdict == Hearing.HEARD
    assert list(found.heard_now) == ["key-1"]
    assert found.values_by_kind() == {"money": {"heard": 3}}


def test_another_sound_in_the_place_of_a_judged_one_is_heard_again(sounds: list[Pcm]) -> None:
    swapped = [sounds[1], sounds[0], sounds[2]]
    audio = finish(
        [Part(pcm=sound, rate_hz=voices.RATE_HZ) for sound in swapped],
        FinishProfile.from_mapping({"codec": "wav"}),
    )
    heard: list[str] = []

    def judge(_pcm: Pcm, _rate_hz: int, one: Said) -> Judgement:
        heard.append(one.key)
        return judgement(Hearing.MISHEARD)

    found = listen_to_file(
        audio.data,
        audio.timebase,
        audio.samples,
        audio.rate_hz,
        [said(number, sound, judgement(Hearing.HEARD)) for number, sound in enumerate(sounds)],
        judge=judge,
        recogniser="ears",
    )
    assert heard == ["key-0", "key-1"]
    assert found.verdict == Hearing.MISHEARD


def test_the_worst_utterance_decides(sounds: list[Pcm]) -> None:
    verdicts = [Hearing.HEARD, Hearing.NOT_JUDGED, Hearing.HEARD]
    assert listened(sounds, "wav", [None] * 3, verdicts).verdict == Hearing.NOT_JUDGED
    verdicts = [Hearing.HEARD, Hearing.NOT_JUDGED, Hearing.MISHEARD]
    assert listened(sounds, "wav", [None] * 3, verdicts).verdict == Hearing.MISHEARD


def test_a_sound_is_itself_when_quieter_and_no_other(sounds: list[Pcm]) -> None:
    rate = voices.RATE_HZ
    quieter = (sounds[0] * 0.3).astype(np.int16)
    late = np.concatenate((np.zeros(rate // 10, np.int16), sounds[0]))
    assert is_same_sound(quieter, rate, sounds[0], rate)
    assert is_same_sound(late, rate, sounds[0], rate)
    assert not is_same_sound(sounds[1], rate, sounds[0], rate)
    assert not is_same_sound(sounds[0][: len(sounds[0]) // 2], rate, sounds[0], rate)
    assert not is_same_sound(np.zeros(rate, np.int16), rate, sounds[0], rate)


def test_over_a_line_every_sentence_of_the_file_is_heard_at_its_place(sounds: list[Pcm]) -> None:
    audio = finish(
        [Part(pcm=sound, rate_hz=voices.RATE_HZ) for sound in sounds],
        FinishProfile.from_mapping({"codec": "mp3"}),
    )
    line = TelephoneLine(snr_db=30, packet_loss=0.0)
    stretches: list[tuple[Pcm, int]] = []

    def judge(pcm: Pcm, rate_hz: int, _said: Said) -> Judgement:
        stretches.append((pcm, rate_hz))
        return judgement(Hearing.HEARD)

    before = judgement(Hearing.MISHEARD)
    found = listen_to_file(
        audio.data,
        audio.timebase,
        audio.samples,
        audio.rate_hz,
        [said(number, sound, before) for number, sound in enumerate(sounds)],
        judge=judge,
        recogniser="ears",
        line=line,
        sound_sha256=audio.sound_sha256,
    )
    assert found.verdict == Hearing.HEARD, "what was judged without this line says nothing"
    assert not found.heard_now, "and it says nothing of another file's"
    for sound, (pcm, rate_hz) in zip(sounds, stretches, strict=True):
        assert rate_hz == 8_000
        assert is_same_sound(pcm, rate_hz, sound, voices.RATE_HZ)


def sayings(*verdicts: Hearing, is_rival: bool = False, begun: int = 3) -> list[Judgement]:
    """Sentences that each say one value, words 3 to 5."""
    return [
        Judgement(
            verdict=verdict,
            heard="x",
            word_error=0.0,
            longest_run=0,
            parts=()
            if verdict == Hearing.HEARD
            else (
                Mishearing(
                    begun=begun,
                    ended=5,
                    said="a",
                    heard="b",
                    kind="spell",
                    is_rival=is_rival,
                    verdict=verdict,
                ),
            ),
            values=(HeardValue(kind="spell", begun=3, ended=5, verdict=verdict, column="code"),),
        )
        for verdict in verdicts
    ]


@pytest.mark.parametrize("lost", [Hearing.MISHEARD, Hearing.NOT_JUDGED])
def test_one_saying_makes_up_for_what_noise_took_of_another(lost: Hearing) -> None:
    made = with_other_sayings(sayings(lost, Hearing.HEARD))
    assert [one.verdict for one in made] == [Hearing.HEARD] * 2
    assert [one.values[0].verdict for one in made] == [Hearing.HEARD] * 2


def test_nothing_makes_up_for_another_value_for_words_beside_it_or_where_all_sayings_are_lost() -> None:
    for judged in (
        sayings(Hearing.MISHEARD, Hearing.HEARD, is_rival=True),
        sayings(Hearing.MISHEARD, Hearing.HEARD, begun=2),
        sayings(Hearing.MISHEARD, Hearing.MISHEARD),
    ):
        assert with_other_sayings(judged) == judged


def test_a_file_is_heard_only_where_it_is_as_it_is_and_over_the_line() -> None:
    def file_of(*verdicts: Hearing, recogniser: str = "first") -> FileJudgement:
        return FileJudgement(
            verdict=Hearing.HEARD,
            utterances=tuple(judgement(verdict) for verdict in verdicts),
            starts_ms=(0.0, 1.0),
            recogniser=recogniser,
            heard_now={recogniser: judgement(Hearing.HEARD)},
        )

    right, wrong = (Hearing.HEARD, Hearing.HEARD), (Hearing.HEARD, Hearing.MISHEARD)
    for plain, over, verdict in (
        (right, right, Hearing.HEARD),
        (right, wrong, Hearing.MISHEARD),
        (wrong, right, Hearing.MISHEARD),
    ):
        both = file_of(*plain).and_over_a_line(file_of(*over, recogniser="first + second"))
        assert both.verdict == verdict
        assert both.recogniser == "first + second"
        assert list(both.heard_now) == ["first"], "what is shared is what was judged without a line"


def test_words_of_the_template_that_noise_took_hold_no_file_and_values_do() -> None:
    said = judgement(Hearing.HEARD)
    template = Mishearing(begun=0, ended=1, said="Hello", heard="")
    value = Mishearing(begun=2, ended=3, said="nine", heard="", kind="money")
    lost = replace(said, verdict=Hearing.MISHEARD, parts=(template,))
    assert of_values(lost) == replace(said, parts=())
    both = replace(lost, parts=(template, value))
    assert of_values(both) == replace(lost, parts=(value,))
    deaf = replace(said, verdict=Hearing.NOT_JUDGED)
    assert of_values(deaf) == deaf
