"""Words and values of prompts: judged as those of delivered files are, and what is not known moves no number."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from campaign.gate.measures import Likeness, Measurement, Prompt, in_total, measure
from workers.engines.engine import Pcm
from workers.listening.file import Said
from workers.listening.judging import SpokenValue
from workers.listening.listener import FileListener
from workers.measure.likeness import SpectralEncoder
from workers.recognisers.recogniser import Heard, is_loop

SOUND = (np.sin(np.arange(16_000) / 9) * 5_000).astype(np.int16)
GREETING, BILL = "Hello Maria.", "You owe fifteen dollars before June third."
MONEY = SpokenValue(kind="money", begun=2, ended=4)
DATE = SpokenValue(kind="date", begun=5, ended=7)
NAME = SpokenValue(kind="name", begun=1, ended=2)


class Ears:
    """Hears what was planted for a sound of so many samples; English and Spanish."""

    name = "ears"

    def __init__(self) -> None:
        self.planted: dict[int, str] = {}

    def understands(self, language: str) -> bool:
        return language in ("en", "es")

    def hear(self, pcm: Pcm, rate_hz: int, language: str, *, attempt: int = 0) -> Heard:
        text = self.planted[len(pcm)]
        return Heard(text=text, looped=is_loop(text))

    def close(self) -> None:
        """Nothing to give back."""


@pytest.fixture
def ears() -> Ears:
    return Ears()


@pytest.fixture
def listener(ears: Ears) -> Iterator[FileListener]:
    made = FileListener(lambda: ears)
    yield made
    made.close()


def prompt(ears: Ears, *said: tuple[str, str, tuple[SpokenValue, ...]], language: str = "en") -> Prompt:
    """Each utterance is what was to be said, what is heard, and its values."""
    utterances = []
    for text, heard, values in said:
        pcm = SOUND[: len(SOUND) - len(ears.planted)]
        ears.planted[len(pcm)] = heard
        utterances.append(
            Said(key=heard, text=text, language=language, values=values, pcm=pcm, rate_hz=16_000)
        )
    return Prompt(
        id=said[0][1],
        language=language,
        spoken_text=" ".join(one.text for one in utterances),
        utterances=tuple(utterances),
        pcm=np.concatenate([one.pcm for one in utterances]),
        rate_hz=16_000,
    )


def measured(listener: FileListener | None, *prompts: Prompt) -> list[Measurement]:
    nobody = Likeness(recording=None, rate_hz=0, encoder=SpectralEncoder())
    return measure(prompts, listener, nobody, progress=lambda _done, _total: None)


def test_every_utterance_is_judged_and_every_value_by_itself(ears: Ears, listener: FileListener) -> None:
    made = prompt(
        ears,
        (GREETING, "Hello Maria", (NAME,)),
        (BILL, "you owe fifty dollars before June third", (MONEY, DATE)),
    )
    [one] = measured(listener, made)
    assert one.wer == pytest.approx(1 / 9)
    assert one.cer == pytest.approx(3 / 45)
    assert dict(one.values) == {"name": (1, 1), "money": (0, 1), "date": (1, 1)}
    assert one.values_lost == pytest.approx(1 / 3)
    assert one.heard == "Hello Maria you owe fifty dollars before June third"


def test_what_sounds_alike_is_no_error(ears: Ears, listener: FileListener) -> None:
    made = prompt(ears, ("Hello Siobhan, you owe two dollars.", "hello Shivan you owe to dollars", ()))
    [one] = measured(listener, made)
    assert (one.wer, one.cer, one.values_lost) == (0.0, 0.0, None)


@pytest.mark.parametrize("heard", ["before June third " * 8, "You owe $15 before 6/3."])
def test_a_prompt_of_which_nothing_is_known_is_not_measured_and_moves_no_mean(
    ears: Ears, listener: FileListener, heard: str
) -> None:
    good = prompt(ears, (BILL, "you owe fifty dollars before June third", (MONEY, DATE)))
    unknown = prompt(ears, (GREETING, "Hello Maria", (NAME,)), (BILL, heard, (MONEY, DATE)))
    both = measured(listener, good, unknown)
    assert (both[1].wer, both[1].cer, both[1].values_lost, both[1].heard) == (None, None, None, None)
    assert dict(both[1].values) == {}
    alone = in_total(both[:1])
    total = in_total(both)
    for name in ("wer", "cer", "values_lost"):
        assert total[name] == alone[name] > 0


def test_what_the_recogniser_does_not_understand_is_left_out(ears: Ears, listener: FileListener) -> None:
    english = prompt(ears, (GREETING, "Hello Peter Jones", (NAME,)))
    french = prompt(ears, ("Bonjour Marie.", "", ()), language="fr")
    mixed: dict[str, Any] = {"utterances": (*english.utterances, *french.utterances)}
    both = Prompt(id="both", language="en", spoken_text=GREETING, pcm=english.pcm, rate_hz=16_000, **mixed)
    of_english, of_french, of_both = measured(listener, english, french, both)
    assert of_french.wer is None
    assert of_both.wer == of_english.wer == 1.0
    assert measured(None, english)[0].wer is None


def test_one_looping_file_decides_no_mean_and_is_counted(ears: Ears, listener: FileListener) -> None:
    good = [prompt(ears, (BILL, BILL, (MONEY, DATE))) for _ in range(9)]
    circles = prompt(ears, (BILL, "before June third " * 8, (MONEY, DATE)))
    total = in_total(measured(listener, *good, circles))
    assert (total["wer"], total["values_lost"]) == (0.0, 0.0)
    assert total["not_judged"] == pytest.approx(0.1)
    # a transcript of words that nobody said, which is no loop, weighs no more than one in which all are wrong
    nobody_said = (
        "the quick brown fox jumps over a lazy dog while seven sailors paint yellow boats near harbours"
    )
    babble = prompt(ears, (GREETING, nobody_said, ()))
    [one] = measured(listener, babble)
    assert (one.wer, one.cer, one.not_judged) == (1.0, 1.0, 0.0)
    assert in_total(measured(listener, *good, babble))["wer"] == pytest.approx(0.1)


def test_an_opinion_is_measured_where_somebody_predicts_it(ears: Ears, listener: FileListener) -> None:
    class Critic:
        name = "critic"

        def rate(self, pcm: Pcm, rate_hz: int) -> float:
            return len(pcm) / rate_hz

    nobody = Likeness(recording=None, rate_hz=0, encoder=SpectralEncoder())
    made = prompt(ears, (GREETING, GREETING, ()))
    [one] = measure([made], None, nobody, opinion=Critic(), progress=lambda *_: None)  # type: ignore[arg-type]
    assert one.distillmos == pytest.approx(1.0, abs=0.01)
    assert measured(None, made)[0].distillmos is None
    kept = {name: value for name, value in one.as_json().items() if name not in ("distillmos", "not_judged")}
    assert Measurement.from_json(kept).distillmos is None, "of a gate of an earlier release"
