"""What was heard against what was to be said: which words part, and which of those matter.

Two questions, the second only where the first says no:

1. Do both sides have the same letters, however they are cut (`aligning`)?
2. Do the letters that part sound alike, as espeak-ng reads them? ("Siobhan" is heard "Shivan", "K C" "Casey".) In names
   and text a share of the sounds may differ; inside any other value what was heard must be nearer to what was to be
   said than to anything else that a value may be (`rivals`).

Figures in a transcript have more readings than one: where they leave it open, the stretch is not judged (`figures`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from workers.listening.aligning import Divergence, divergences
from workers.listening.figures import ReadTranscript, read_transcript
from workers.listening.naming import Mishap, mishap_of
from workers.listening.pronouncing import Pronunciations, edits, unlikeness
from workers.listening.rivals import ValueWords, is_nearest
from workers.listening.words import Word, folded, is_foreign, words_of

LONGEST_SLIP = 2
"""Sounds: a word of a template that is heard as another one so near is the recogniser's slip."""
SIGNS = frozenset("/-_:")
"""That join the parts of an address; some of them a recogniser is forbidden, and it writes another."""
MILD_KINDS = frozenset({"", "name", "address", "text"})
"""Of values that are words like others, not figures and letters."""


class Hearing(StrEnum):
    """What became of a value, or of an utterance."""

    HEARD = "heard"
    """As it was to be said."""
    MISHEARD = "misheard"
    """Otherwise, in every hearing."""
    NOT_JUDGED = "not-judged"
    """Nobody knows: no hearing tells."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenValue:
    """A value among the words of an utterance."""

    kind: str
    """`money`, `date`, `name` ..."""
    begun: int
    ended: int
    """Words [begun, ended) of the utterance, counted as `words_of` parts them."""
    column: str = ""
    """Of the recipients file, where it is one's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """From when on a divergence counts; learned from accepted renders (`workers.listening.learning`)."""

    nats: float = 4.0
    """By how much what was heard may be likelier than what was to be said."""
    unlike_sounds: float = 0.4
    """Share of the sounds of names and text that may differ."""
    beyond: frozenset[str] = frozenset()
    """Kinds of values that this recogniser does not hear in this voice: theirs are not judged."""

    def __str__(self) -> str:
        """All of it in a line: what was judged by the same line was judged by the same bounds."""
        return " ".join((f"{self.nats:g}", f"{self.unlike_sounds:g}", *sorted(self.beyond)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What an utterance is judged with, in its language."""

    language: str
    """Primary."""
    pronunciations: Pronunciations | None
    """None where nothing can read the language."""
    value_words: ValueWords
    bounds: Bounds = field(default_factory=Bounds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mishearing:
    """One stretch where what was heard is not what was to be said."""

    begun: int
    ended: int
    """Words of the utterance; none where something was heard that was not to be said."""
    said: str
    heard: str
    kind: str = ""
    """Of the value that it touches."""
    is_beyond: bool = False
    """Beyond the recogniser: a name with letters that it would not write, or a kind of value that it does not hear."""
    is_rival: bool = False
    """What was heard are words of values, of another meaning."""
    place: tuple[int, int] = (0, 0)
    """Where it stands in the transcript."""
    nats: float | None = None
    """How much likelier what was heard is; None where it was not weighed."""
    verdict: Hearing = Hearing.MISHEARD
    """`NOT_JUDGED` where figures leave open what was heard."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One hearing of one utterance."""

    text: str
    heard: str
    """The transcript, figures in words as far as they have a certain reading."""
    amiss: tuple[Mishearing, ...]
    """What parts and does not sound alike, in order."""

    def as_it_should_be(self, part: Mishearing) -> str:
        """What was heard, with one stretch as it was to be said."""
        begun, ended = part.place
        return f"{self.heard[:begun].rstrip()} {part.said} {self.heard[ended:].lstrip()}".strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardValue:
    """What became of one value."""

    kind: str
    begun: int
    ended: int
    verdict: Hearing
    column: str = ""
    heard: str = ""
    """Where it is not what was to be said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """One utterance."""

    verdict: Hearing
    heard: str
    """The whole transcript; empty where nothing was judged."""
    word_error: float
    """Words misheard over words said."""
    longest_run: int
    """Words of the longest stretch that was misheard."""
    parts: tuple[Mishearing, ...] = ()
    """What was misheard, and what was not judged."""
    values: tuple[HeardValue, ...] = ()
    mishap: Mishap = Mishap.NONE
    """What happened to it, where that has a name."""
    language: str = ""
    """Primary, of a misheard one that is in another language than it was to be."""


def compare(text: str, values: Sequence[SpokenValue], heard: str, means: Means) -> Comparison:
    """Lay a transcript beside what was to be said."""
    said_words = words_of(text)
    read = read_transcript(heard, said_words, means.value_words)
    parted = divergences(said_words, read.words)
    unclear = read.unclear(parted, said_words, means.value_words)
    parts = [_part(one, text, said_words, read, values, means, is_unclear=one in unclear) for one in parted]
    return Comparison(text=text, heard=read.text, amiss=tuple(part for part in parts if part is not None))


def _part(
    one: Divergence,
    text: str,
    said_words: Sequence[Word],
    read: ReadTranscript,
    values: Sequence[SpokenValue],
    means: Means,
    *,
    is_unclear: bool,
) -> Mishearing | None:
    """A stretch where both sides part; None where they sound alike."""
    heard, heard_words = read.text, read.words
    said = [text[word.begun : word.ended] for word in said_words[one.begun : one.ended]]
    others = heard_words[one.heard_begun : one.heard_ended]
    instead = [heard[word.begun : word.ended] for word in others]
    kind = _kind(one, values)
    if kind and said and not instead and _is_a_sign(one, said, read, means):
        return None
    if said and instead and _is_alike(said, instead, kind, means, has_figures=read.has_figures(one)):
        return None
    if others:
        place = (others[0].begun, others[-1].ended)
    else:
        at = heard_words[one.heard_begun - 1].ended if one.heard_begun else 0
        place = (at, at)
    return Mishearing(
        begun=one.begun,
        ended=one.ended,
        said=_stretch(text, said_words[one.begun : one.ended]),
        heard=_stretch(heard, others),
        kind=kind,
        is_beyond=(kind == "name" and is_foreign(" ".join(said), means.language))
        or (kind in means.bounds.beyond and _is_in_value(one, values)),
        is_rival=not is_unclear
        and kind not in MILD_KINDS
        and len(said) == len(instead) > 0
        and all(means.value_words.of(word) for word in instead),
        place=place,
        verdict=Hearing.NOT_JUDGED if is_unclear else Hearing.MISHEARD,
    )


def _is_a_sign(one: Divergence, said: Sequence[str], read: ReadTranscript, means: Means) -> bool:
    """Whether "dash" or "slash" stands in the transcript as a sign between its neighbours."""
    if not all(folded(word) in means.value_words.signs for word in said):
        return False
    begun = read.words[one.heard_begun - 1].ended if one.heard_begun else 0
    ended = read.words[one.heard_begun].begun if one.heard_begun < len(read.words) else len(read.text)
    return any(character in SIGNS for character in read.text[begun:ended])


def _is_alike(
    said: Sequence[str], heard: Sequence[str], kind: str, means: Means, *, has_figures: bool
) -> bool:
    if not has_figures:
        return _sounds_alike(said, heard, kind, means)
    # the words stand for figures: their meaning was heard and not their ending, and how they sound was not
    return means.value_words.means_the_same(said, heard)


def _sounds_alike(said: Sequence[str], heard: Sequence[str], kind: str, means: Means) -> bool:
    if means.pronunciations is None:
        return False
    if kind not in MILD_KINDS:
        return is_nearest(said, heard, means.value_words, means.pronunciations)
    wanted, sound = means.pronunciations.of(said), means.pronunciations.of(heard)
    if unlikeness(wanted, sound) <= means.bounds.unlike_sounds:
        return True
    return kind == "" and len(said) == len(heard) == 1 and edits(wanted, sound) <= LONGEST_SLIP


def _kind(one: Divergence, values: Sequence[SpokenValue]) -> str:
    """Of the value that a stretch lies in or touches; words heard between two words of a value are in it.

    Figures and letters before names: a stretch that touches both is theirs.
    """
    touched = [value.kind for value in values if _touches(one.begun, one.ended, value)]
    return next((kind for kind in touched if kind not in MILD_KINDS), touched[0] if touched else "")


def _is_in_value(one: Divergence, values: Sequence[SpokenValue]) -> bool:
    """Whether a stretch of a value was heard otherwise: words around it are compared, and words of it that are missing.

    Where nothing at all is heard, something was not said, whoever listens.
    """
    return one.heard_begun < one.heard_ended and any(
        value.begun <= one.begun and one.ended <= value.ended and _touches(one.begun, one.ended, value)
        for value in values
    )


def _touches(begun: int, ended: int, value: SpokenValue | HeardValue) -> bool:
    if begun == ended:
        return value.begun < begun < value.ended
    return begun < value.ended and ended > value.begun


def concerns(part: Mishearing, value: SpokenValue | HeardValue) -> bool:
    """Whether a stretch says something of a value."""
    return _touches(part.begun, part.ended, value) or _borders(part, value)


def _borders(part: Mishearing, value: SpokenValue | HeardValue) -> bool:
    """Whether a sign without a reading stands beside it: "fifty %" may be another value than "fifty"."""
    return part.verdict == Hearing.NOT_JUDGED and part.begun == part.ended in (value.begun, value.ended)


def judgement_of(
    text: str, values: Sequence[SpokenValue], comparison: Comparison | None, amiss: Sequence[Mishearing]
) -> Judgement:
    """What is said of an utterance in the end; `comparison` is None where nothing could be heard."""
    if comparison is None:
        kept = tuple(_value(value, Hearing.NOT_JUDGED) for value in values)
        return Judgement(verdict=Hearing.NOT_JUDGED, heard="", word_error=0.0, longest_run=0, values=kept)
    beyond, amiss = ([part for part in amiss if part.is_beyond is is_beyond] for is_beyond in (True, False))
    misheard = [part for part in amiss if part.verdict == Hearing.MISHEARD]
    places = [(part.begun, part.ended, part.heard) for part in misheard]
    errors = [max(part.ended - part.begun, len(words_of(part.heard))) for part in misheard]
    unclear = Hearing.NOT_JUDGED if amiss else Hearing.HEARD
    return Judgement(
        verdict=Hearing.MISHEARD if misheard else unclear,
        heard=comparison.heard,
        word_error=round(sum(errors) / max(1, len(words_of(text))), 4),
        longest_run=max(errors, default=0),
        parts=tuple(amiss),
        values=tuple(_of_value(value, amiss, beyond) for value in values),
        mishap=mishap_of(text, comparison.heard, places),
    )


def _of_value(value: SpokenValue, amiss: Sequence[Mishearing], beyond: Sequence[Mishearing]) -> HeardValue:
    touched = [part for part in amiss if concerns(part, value)]
    if not touched:
        is_beyond = any(_touches(part.begun, part.ended, value) for part in beyond)
        return _value(value, Hearing.NOT_JUDGED if is_beyond else Hearing.HEARD)
    lost = [part for part in touched if part.verdict == Hearing.MISHEARD]
    verdict = Hearing.MISHEARD if lost else Hearing.NOT_JUDGED
    return _value(value, verdict, " ... ".join(part.heard or "nothing" for part in lost or touched))


def _value(value: SpokenValue, verdict: Hearing, heard: str = "") -> HeardValue:
    return HeardValue(
        kind=value.kind,
        begun=value.begun,
        ended=value.ended,
        verdict=verdict,
        column=value.column,
        heard=heard,
    )


def _stretch(text: str, words: Sequence[Word]) -> str:
    return text[words[0].begun : words[-1].ended] if words else ""
