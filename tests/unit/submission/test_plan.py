"""The synthesis key: everything that decides samples enters it, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from campaign.speech.front_end import FrontEnd, FrontEndConfig
from campaign.speech.templates import TemplateSource
from campaign.submission.plan import (
    CHARACTERS_PER_SECOND,
    Estimate,
    characters_to_seconds,
    plan_utterances,
)
from workers.engines.engine import Imperfection, SpokenSpan
from workers.requests import Spec
from workers.synthesis_key import Voice, synthesis_key

VOICE = Voice(preset_digest="a" * 64, pin_digest="b" * 64, engine="tone", engine_revision=1)
SPEC = Spec((SpokenSpan(text="Dear", language="en"), SpokenSpan(text="Müller", language="de")))


def test_key_is_the_same_on_every_machine_and_day() -> None:
    assert synthesis_key(SPEC, VOICE) == "a5dd2c9d189ea22fd66e9f335a42f867ff68dcf8bbc7ef4184a27edbab49d3a4"


@pytest.mark.parametrize(
    "changed",
    [
        {"preset_digest": "c" * 64},
        {"pin_digest": "c" * 64},
        {"engine": "espeak"},
        {"engine_revision": 2},
    ],
)
def test_another_voice_is_another_key(changed: dict[str, Any]) -> None:
    assert synthesis_key(SPEC, replace(VOICE, **changed)) != synthesis_key(SPEC, VOICE)


@pytest.mark.parametrize(
    "changed",
    [
        {"text": "Mueller"},
        {"language": "en"},
        {"phonemes": (("ipa", "mʏlɐ"),)},
        {"emphasis": "strong"},
    ],
)
def test_other_words_are_another_key(changed: dict[str, Any]) -> None:
    spans = (SPEC.spans[0], replace(SPEC.spans[1], **changed))
    assert synthesis_key(Spec(spans), VOICE) != synthesis_key(SPEC, VOICE)
    assert synthesis_key(Spec(SPEC.spans[::-1]), VOICE) != synthesis_key(SPEC, VOICE)


def test_flaws_of_a_template_are_another_key_and_their_absence_is_none() -> None:
    breath = Imperfection(kind="breath", stage="waveform", probability=0.5)
    flawed = replace(SPEC, imperfections=(breath,))
    keys = {
        synthesis_key(one, VOICE)
        for one in (
            SPEC,
            flawed,
            flawed.next_take(),
            replace(
                SPEC, imperfections=(Imperfection(kind="breath", stage="waveform", probability=0.5, seed=1),)
            ),
            replace(SPEC, imperfections=(breath, breath)),
        )
    }
    assert len(keys) == 5
    assert synthesis_key(replace(SPEC, imperfections=()), VOICE) == synthesis_key(SPEC, VOICE)


def test_another_take_is_another_key() -> None:
    assert synthesis_key(SPEC.next_take(), VOICE) != synthesis_key(SPEC, VOICE)


def test_planned_utterance_says_what_its_key_is_of_and_how_much_it_is() -> None:
    source = TemplateSource(
        name="t", text="Good morning.{{ pause(300) }} Your parcel is here.", language="en"
    )
    composition = FrontEnd(FrontEndConfig(templates={"default": source})).compose(locale="en", fields={})
    first, second = plan_utterances(composition, VOICE)
    assert [one.spec.text for one in (first, second)] == [
        utterance.text for utterance in composition.utterances
    ]
    assert first.key == synthesis_key(first.spec, VOICE)
    assert first.key != second.key
    assert first.characters == len("Good morning.")
    assert (first.pause_after_ms, second.pause_after_ms) == (300, None)


def test_length_is_by_the_measured_pace_or_by_165_words_a_minute() -> None:
    assert characters_to_seconds(100, 20.0) == 5
    assert characters_to_seconds(140, None) == characters_to_seconds(140, 0) == 140 / CHARACTERS_PER_SECOND


@pytest.mark.parametrize(("to_make", "to_deliver", "saved"), [(25, 100, 0.75), (0, 100, 1), (0, 0, 0)])
def test_saved_is_the_share_that_need_not_be_made(to_make: float, to_deliver: float, saved: float) -> None:
    estimate = Estimate(
        rows_by_outcome={},
        utterances=1,
        utterances_cached=0,
        seconds_to_make=to_make,
        seconds_to_deliver=to_deliver,
        expected_wall_s=None,
        expected_cost=0,
        currency="EUR",
    )
    assert estimate.saved_by_sharing == saved
