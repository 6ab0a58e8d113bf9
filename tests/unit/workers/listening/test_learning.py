"""Bounds and kinds learned from judgements that were made up."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from workers.listening.judging import Bounds, HeardValue, Hearing, Judgement, Mishearing
from workers.listening.learning import (
    FEWEST_LOST,
    FEWEST_SENTENCES,
    LEAST_NATS,
    MARGIN_NATS,
    MOST_NATS,
    Learned,
    learn,
    listening_bounds,
)

SHIPPED = Bounds(nats=3.0)
MANY = FEWEST_SENTENCES


def judged(
    kind: str = "", *, nats: float | None = None, is_rival: bool = False, said: str = "one"
) -> Judgement:
    """A sentence with one value; `nats`: it was misheard, by so much."""
    amiss = nats is not None or is_rival
    parts = (Mishearing(begun=2, ended=3, said=said, heard="other", kind=kind, is_rival=is_rival, nats=nats),)
    value = HeardValue(
        kind=kind or "name", begun=2, ended=3, verdict=Hearing.MISHEARD if amiss else Hearing.HEARD
    )
    return Judgement(
        verdict=Hearing.MISHEARD if amiss else Hearing.HEARD,
        heard="so it was heard",
        word_error=0.0,
        longest_run=0,
        parts=parts if amiss else (),
        values=(value,) if kind else (),
    )


def learned(*judgements: Judgement, unlike: float = 0.9, weighs: bool = True) -> Learned:
    return learn(judgements, SHIPPED, lambda _said, _heard: unlike, weighs=weighs)


def rest(count: int = MANY, kind: str = "") -> Sequence[Judgement]:
    return [judged(kind)] * count


def test_every_slip_shows_while_it_is_learned_from() -> None:
    assert listening_bounds(Bounds(nats=4.0, unlike_sounds=0.3, beyond=frozenset({"time"}))) == Bounds(
        nats=0.0, unlike_sounds=0.3
    )


@pytest.mark.parametrize(
    ("heaviest", "nats"),
    [
        (2.25, 2.25 + MARGIN_NATS),
        (0.1, LEAST_NATS),
        (MOST_NATS - MARGIN_NATS, MOST_NATS),
        (MOST_NATS, LEAST_NATS),  # no bound may allow it: it makes none laxer
    ],
)
def test_the_bound_lies_above_the_heaviest_slip(heaviest: float, nats: float) -> None:
    assert learned(judged(nats=heaviest), judged(nats=0.05), *rest()).bounds.nats == nats


def test_few_sentences_make_no_bound_stricter() -> None:
    assert learned(*rest(MANY - 1)).bounds.nats == SHIPPED.nats
    assert learned(*rest(MANY)).bounds.nats == LEAST_NATS
    assert learned(judged(nats=4.0), *rest(2)).bounds.nats == 4.0 + MARGIN_NATS


def test_another_value_in_the_place_of_one_is_no_slip() -> None:
    assert learned(judged("money", nats=5.0, is_rival=True), *rest()).bounds.nats == LEAST_NATS


def test_who_does_not_weigh_keeps_the_weight_that_ships() -> None:
    found = learned(judged("time", is_rival=True), *rest(), weighs=False)
    assert (found.bounds.nats, found.values["time"]) == (SHIPPED.nats, (0, 1))


def test_a_kind_that_is_often_not_heard_is_beyond_and_says_nothing_of_weights() -> None:
    found = learned(*[judged("spell", nats=6.0)] * 3, *rest(3, "spell"), *rest(MANY, "money"))
    assert found.bounds == Bounds(nats=LEAST_NATS, beyond=frozenset({"spell"}))
    assert found.values == {"money": (MANY, MANY), "spell": (3, 6)}


def test_four_of_five_are_enough_and_two_that_are_lost_are_chance() -> None:
    lost = judged("time", is_rival=True)
    assert not learned(*[lost] * FEWEST_LOST, *rest(12, "time"), *rest()).bounds.beyond
    assert learned(*[lost] * FEWEST_LOST, *rest(11, "time"), *rest()).bounds.beyond == {"time"}
    assert not learned(*[lost] * (FEWEST_LOST - 1), *rest()).bounds.beyond


def test_a_kind_that_the_learned_bound_hears_is_not_beyond() -> None:
    found = learned(*[judged("spell", nats=3.2)] * 3, judged(nats=4.0), *rest(3, "spell"), *rest())
    assert found.bounds == Bounds(nats=4.0 + MARGIN_NATS)
    assert found.values["spell"] == (6, 6)


def test_a_value_in_a_sentence_that_nobody_could_judge_was_not_heard() -> None:
    value = HeardValue(kind="time", begun=0, ended=1, verdict=Hearing.NOT_JUDGED)
    lost = Judgement(
        verdict=Hearing.NOT_JUDGED, heard="", word_error=0.0, longest_run=0, values=(value,) * FEWEST_LOST
    )
    found = learned(lost, *rest())
    assert found.values["time"] == (0, FEWEST_LOST)
    assert found.bounds.beyond == {"time"}


def test_sounds_make_room_for_what_no_weight_may_allow() -> None:
    heavy = judged("name", nats=MOST_NATS + 5)
    others = (*rest(9, "name"), *rest())
    assert learned(heavy, *others, unlike=0.45).bounds.unlike_sounds == 0.47
    assert learned(heavy, *others, unlike=0.49).bounds.unlike_sounds == 0.4, (
        "too far apart to be the same name"
    )
    light = judged("name", nats=2.0)
    assert learned(light, *others, unlike=0.45).bounds.unlike_sounds == 0.4, "the weight allows it already"
    assert learned(judged("money", nats=9.0), *others, unlike=0.45).bounds.unlike_sounds == 0.4
