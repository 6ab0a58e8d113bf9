"""Bounds learned from a preset's own delivered sound."""

from __future__ import annotations

import tomllib

import pytest

from campaign.errors import ConflictError
from campaign.gate.learn import FEWEST, learn
from campaign.gate.rule import rule_of
from storage.installation import Installation
from tests import build


def silent(_done: int, _total: int) -> None:
    """Nobody looks on."""


def test_bounds_hold_the_voice_they_were_learned_from(installed: Installation) -> None:
    people = build.people(FEWEST)
    submission = build.submitted(
        installed, people, build.brief("Good morning {{ name }}, thank you.", model="espeak")
    )
    build.worked(installed, submission.campaign.id)
    learned = learn(installed, "demo-voice@1", sample=FEWEST, progress=silent)
    assert learned.utterances == FEWEST
    pitch = learned.bounds["f0_median_hz"]
    assert 100 < pitch["at_least"] < pitch["at_most"] < 300
    assert learned.bounds["dnsmos_overall"].keys() == {"at_least"}
    assert learned.bounds["silence_share"].keys() == {"at_most"}
    rule = rule_of(tomllib.loads(learned.as_toml()), "learned")
    assert rule.bounds.keys() == learned.bounds.keys()


def test_too_little_sound_is_an_error(installed: Installation) -> None:
    submission = build.submitted(installed, build.people(2), build.brief(model="espeak"))
    build.worked(installed, submission.campaign.id)
    with pytest.raises(ConflictError, match=f"has 2 delivered utterances .* needs {FEWEST}"):
        learn(installed, "demo-voice@1", sample=50, progress=silent)
