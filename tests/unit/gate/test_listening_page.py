"""What a listener's page is told: nothing says who speaks until every pair is answered."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from campaign.errors import ConflictError, InputError
from campaign.gate.listening import trials_of
from campaign.gate.listening_page import ListeningPage, link_token
from storage.installation import Installation
from storage.names import GateId
from tests.unit.gate import gates
from workers.pcm import from_wav

PROMPTS = ("en-01", "en-02")


@pytest.fixture
def page(installed: Installation) -> Iterator[ListeningPage]:
    yield ListeningPage(installed, gates.audible(installed, PROMPTS))


def pitch_hz(data: bytes) -> float:
    """Of a steady tone."""
    pcm, rate_hz = from_wav(data)
    return float(np.argmax(np.abs(np.fft.rfft(pcm))) * rate_hz / len(pcm))


def answer_all(page: ListeningPage, listener: str, candidate: int, baseline: int) -> int:
    trials = trials_of(page.gate, PROMPTS, listener)
    for trial in trials:
        left, right = (candidate, baseline) if trial.candidate_is_left else (baseline, candidate)
        page.keep(listener, trial.number, left, right)
    return len(trials)


def test_link_is_of_the_gate_and_the_installation_alone() -> None:
    token = link_token(b"s" * 32, GateId("gate-1"))
    assert token == link_token(b"s" * 32, GateId("gate-1"))
    assert len({token, link_token(b"s" * 32, GateId("gate-2")), link_token(b"t" * 32, GateId("gate-1"))}) == 3
    assert (len(token), int(token, 16) > 0) == (32, True)


def test_sound_is_that_of_the_side_as_a_bare_wav(page: ListeningPage) -> None:
    for trial in trials_of(page.gate, PROMPTS, "ann"):
        for side, is_candidate in (("left", trial.candidate_is_left), ("right", not trial.candidate_is_left)):
            data = page.sound("ann", trial.number, side)
            assert pitch_hz(data) == pytest.approx(440 if is_candidate else 220, abs=5)
            assert b"espeak" not in data and b"tone" not in data


def test_answers_are_told_as_they_were_heard_and_nothing_of_who_spoke(page: ListeningPage) -> None:
    page.keep("ann", 0, 5, 2)
    state = page.state("ann")
    assert (state["answers"], state["trials"]) == ({"0": [5, 2]}, len(trials_of(page.gate, PROMPTS, "ann")))
    assert state.keys() == {"trials", "answers"}
    assert page.state("ben")["answers"] == {}


def test_who_was_who_is_told_once_everything_is_answered_without_the_repeats(page: ListeningPage) -> None:
    with pytest.raises(ConflictError, match="Go on listening"):
        page.result("ann")
    count = answer_all(page, "ann", 4, 2)
    repeat = next(trial for trial in trials_of(page.gate, PROMPTS, "ann") if trial.is_repeat)
    page.keep("ann", repeat.number, 1, 1)
    assert count > len(PROMPTS)
    expected = {"candidate": {"pin": "espeak", "mean": 4}, "baseline": {"pin": "tone", "mean": 2}}
    assert page.result("ann") == expected
    with pytest.raises(ConflictError, match="your scores stand"):
        page.keep("ann", 0, 5, 1)
    assert page.result("ann") == expected
    page.keep("ben", 0, 5, 1)


def test_bad_name_and_unknown_pair_are_refused_with_the_mend(page: ListeningPage) -> None:
    with pytest.raises(InputError, match="Correct it"):
        page.state("<script>")
    for number in (-1, 99):
        with pytest.raises(InputError, match="Load the page again"):
            page.sound("ann", number, "left")


def test_gate_without_a_side_cannot_be_opened(installed: Installation) -> None:
    with pytest.raises(ConflictError, match="campaign gate resume"):
        ListeningPage(installed, gates.gate(installed, made=("candidate",)))
