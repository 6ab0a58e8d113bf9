"""One utterance listened to: heard, heard again in other ways where something is amiss, at last weighed.

What is really there is heard every time; a recogniser's slips differ. So a stretch counts as misheard only where every
hearing lacks it, of a second recogniser too where one hears beside the first. What is left then is weighed, unless it
is a word of values in the place of another one: "forty" for "fifty" is no slip any more, whatever the weights say.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from workers.engines.engine import Pcm
from workers.listening.judging import (
    Comparison,
    Hearing,
    Judgement,
    Means,
    Mishearing,
    SpokenValue,
    compare,
    judgement_of,
)
from workers.listening.naming import Mishap
from workers.listening.words import words_of
from workers.measure.activity import activity
from workers.recognisers.recogniser import LanguageRecogniser, Recogniser, WeighingRecogniser

SLOWEST_LETTERS_PER_S, LEAST_LETTERS = 8.0, 6
"""Of speech; languages are spoken at 10 to 16."""
ATTEMPTS = 4
"""Ways of hearing."""
FEWEST_ADDED = 2
"""Words that every hearing adds in one place: that is no slip."""
FEWEST_ADDED_LETTERS = 12
"""The same beside a word that is misheard as well."""
SWALLOWED_LETTERS, SWALLOWED_NATS = 2, 9.0
"""A word of the template so short ("a", "é") is hardly said by people either: how much has to speak against it."""
MOST_MISHEARD, LEAST_SURE = 0.5, 0.6
"""Word error from which on the language is asked for, and how sure the answer has to be."""
MOST_WEIGHED_WORDS = 80
"""Of an utterance: longer ones have no room in what the recogniser weighs."""


def listen(
    pcm: Pcm,
    rate_hz: int,
    text: str,
    values: Sequence[SpokenValue],
    *,
    language: str,
    recogniser: Recogniser,
    means: Means,
    second: Recogniser | None = None,
) -> Judgement:
    """Judge int16 mono that was to say `text`. Raises `EngineError` where a recogniser does not work.

    With a `second` recogniser what either hears is heard: both have to miss it. Only the first one weighs.
    """
    ears = [one for one in (recogniser, second) if one is not None and one.understands(language)]
    hearings: list[Comparison] = []
    amiss: tuple[Mishearing, ...] = ()
    for ear, attempt in _hearings(ears):
        heard = ear.hear(pcm, rate_hz, language, attempt=attempt)
        if heard.looped or (heard.was_held and _is_slow(pcm, rate_hz, text)):
            continue
        comparison = compare(text, values, heard.text, means)
        hearings.append(comparison)
        if len(hearings) == 1:
            amiss = comparison.amiss
        else:
            amiss = tuple(left for part in amiss if (left := _left(part, comparison.amiss)) is not None)
        if not amiss:
            break
    if not hearings:
        return judgement_of(text, values, None, ())
    if recogniser in ears:
        amiss = _weighed(amiss, hearings, pcm, rate_hz, language, recogniser, means)
    judgement = judgement_of(text, values, hearings[0], amiss)
    return _in_its_language(judgement, pcm, rate_hz, language, recogniser)


def _in_its_language(
    judgement: Judgement, pcm: Pcm, rate_hz: int, language: str, recogniser: Recogniser
) -> Judgement:
    """A judgement with the language that was heard, where most of it was misheard and that is why."""
    if judgement.word_error < MOST_MISHEARD or not isinstance(recogniser, LanguageRecogniser):
        return judgement
    told = recogniser.language_of(pcm, rate_hz)
    if told.language == language or told.probability < LEAST_SURE:
        return judgement
    return replace(judgement, mishap=Mishap.OTHER_LANGUAGE, language=told.language)


def _hearings(ears: Sequence[Recogniser]) -> Iterator[tuple[Recogniser, int]]:
    """Each ear in turn, then all of them again in another way."""
    for attempt in range(ATTEMPTS):
        for ear in ears:
            yield ear, attempt


def _is_slow(pcm: Pcm, rate_hz: int, text: str) -> bool:
    """Whether there is more speech than these words take: said again, perhaps, which one that is held leaves out."""
    return (
        activity(pcm, rate_hz).speech_s * SLOWEST_LETTERS_PER_S > sum(map(str.isalpha, text)) + LEAST_LETTERS
    )


def _left(part: Mishearing, others: Sequence[Mishearing]) -> Mishearing | None:
    """A stretch after another hearing: gone where that has it, and open where that leaves it open."""
    met = [other for other in others if _meet(part, other) or _add_the_same(part, other)]
    if not met:
        return None
    if any(other.verdict == Hearing.MISHEARD for other in met):
        return part
    return replace(part, verdict=Hearing.NOT_JUDGED, is_rival=False)


def _meet(one: Mishearing, other: Mishearing) -> bool:
    """Whether two hearings miss the same words, or hear something in the same place that was not to be said."""
    if one.begun == one.ended or other.begun == other.ended:
        return one.begun <= other.ended and other.begun <= one.ended
    return one.begun < other.ended and other.begun < one.ended


def _add_the_same(one: Mishearing, other: Mishearing) -> bool:
    """Whether two hearings add the same words: where words that are said twice are too many is anybody's choice."""
    added = [words_of(part.heard) for part in (one, other)]
    if any(
        len(words) - (part.ended - part.begun) < FEWEST_ADDED
        for part, words in zip((one, other), added, strict=True)
    ):
        return False
    these, those = ({word.letters for word in words} for words in added)
    return 2 * len(these & those) >= min(len(these), len(those))


def _is_swallowed(part: Mishearing) -> bool:
    """Whether nothing was heard of a short word of the template, and nothing in its place."""
    return not part.kind and not part.heard and part.said.isalpha() and len(part.said) <= SWALLOWED_LETTERS


def _has_more(part: Mishearing, hearings: Sequence[Comparison]) -> bool:
    """Whether every hearing adds words in the place of this stretch: something is said again, or said besides."""
    if part.begun == part.ended and len(words_of(part.heard)) >= FEWEST_ADDED:
        return True
    more = [
        max((_more(met) for met in one.amiss if _meet(part, met) or _add_the_same(part, met)), default=0)
        for one in hearings
    ]
    return min(more) >= FEWEST_ADDED_LETTERS


def _more(part: Mishearing) -> int:
    return sum(map(str.isalpha, part.heard)) - sum(map(str.isalpha, part.said))


def _weighed(
    amiss: tuple[Mishearing, ...],
    hearings: Sequence[Comparison],
    pcm: Pcm,
    rate_hz: int,
    language: str,
    recogniser: Recogniser,
    means: Means,
) -> tuple[Mishearing, ...]:
    """Those that the sound speaks against, with by how much."""
    comparison = hearings[0]
    if not isinstance(recogniser, WeighingRecogniser) or len(words_of(comparison.text)) > MOST_WEIGHED_WORDS:
        return amiss
    left = []
    for part in amiss:
        if part.verdict == Hearing.NOT_JUDGED:
            left.append(part)
            continue
        if _has_more(part, hearings):
            left.append(part)  # the shorter sentence weighs more, whatever was added to it
            continue
        texts = (comparison.heard, comparison.as_it_should_be(part), comparison.text)
        as_heard, spliced, whole = recogniser.weigh(pcm, rate_hz, language, texts)
        nats = round(as_heard - max(spliced, whole), 3)
        bound = max(means.bounds.nats, SWALLOWED_NATS) if _is_swallowed(part) else means.bounds.nats
        if nats > bound or part.is_rival:
            left.append(replace(part, nats=nats, verdict=Hearing.MISHEARD))
    return tuple(left)
