"""An utterance's spans in the model's letters, with the words that they stand for, in parts that the model can take.

The punctuation that the model knows stays between the sounds: it decides pauses and melody. What lies between is read
by espeak-ng in the span's language; a pronunciation that a person wrote goes in as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from workers.engines.engine import SpokenSpan, SynthesisFailure
from workers.engines.espeak import EspeakEngine
from workers.engines.espeak.letters import readable, unspeakable
from workers.engines.kokoro import letters as alphabet
from workers.engines.kokoro.files import MOST_LETTERS
from workers.engines.kokoro.words import Group, grouped
from workers.engines.pronunciation import UnknownPhonemeError

EASY_LETTERS = 400
"""Beyond this the voices hurry: a text of several sentences is spoken in parts."""
LETTER_A = "ˈeɪ"
SENTENCE_ENDS, CLAUSE_ENDS = frozenset(".!?…"), frozenset(";:,—")
_SPELLED = {
    "«": "“",
    "»": "”",
    "„": "“",
    "–": "—",
    "‘": '"',
    "‹": "“",
    "›": "”",
    "¿": "",
    "¡": "",
    "，": ",",
    "。": ".",
}
"""Signs that stand for one that the model knows; of those that stand before a sentence it needs none."""
_LOOSE = re.compile(r" +([,.;:!?…”)])|([“(]) +")
_SIGNS = re.compile("([" + re.escape("".join({*alphabet.STOPS, *_SPELLED} - {" "})) + "]+)")


@dataclass(frozen=True, slots=True)
class ReadText:
    """One utterance as the model takes it."""

    parts: tuple[tuple[Group, ...], ...]
    """Each at most `MOST_LETTERS` letters, spoken one after another."""
    near: int
    """Sounds that are only near what the text has."""


@dataclass(slots=True)
class _Run:
    """Words between two signs, of one language."""

    words: list[str]
    language: str
    accent: str
    ipa: str | None = None
    """Where a person wrote how they sound."""
    before: str = ""
    """What stands between the run before and this one."""


def read_spans(
    spans: Sequence[SpokenSpan], accents: Mapping[str, str], espeak: EspeakEngine
) -> ReadText | SynthesisFailure:
    """`accents` says in which tag each language with a voice is read; others are read as espeak-ng names them."""
    runs, after = _runs(spans, accents)
    for run in runs:
        if (problem := _problem(run, espeak)) is not None:
            return problem
    asked = [run for run in runs if run.ipa is None]
    spoken = espeak.read([(run.accent, _text(run)) for run in asked]) if asked else ()
    if isinstance(spoken, SynthesisFailure):
        return spoken
    try:
        groups, near = _groups(runs, iter(spoken), espeak)
    except UnknownPhonemeError as problem:
        return SynthesisFailure(code="unspeakable", reason=f"Kokoro has {problem}")
    if not groups:
        return SynthesisFailure(code="unspeakable", reason="there is no word in it")
    groups[-1] = groups[-1].with_ending(after)
    parts = _parts(groups)
    if parts is None:
        return SynthesisFailure(
            code="too-long",
            reason=f"a clause is longer than the {MOST_LETTERS} sounds that Kokoro says at once: "
            "put a comma or a full stop into it",
        )
    return ReadText(parts, near)


def _runs(spans: Sequence[SpokenSpan], accents: Mapping[str, str]) -> tuple[list[_Run], str]:
    """(the runs, the signs after the last)."""
    runs: list[_Run] = []
    between = ""
    for span in spans:
        between += " "
        accent = accents.get(span.language, span.language)
        ipa = dict(span.phonemes).get("ipa")
        pieces = [span.text] if ipa is not None else _SIGNS.split(span.text)
        for number, piece in enumerate(pieces):
            if number % 2:
                between += "".join(_SPELLED.get(sign, sign) for sign in piece)
            elif words := piece.split():
                between += " " if piece[0].isspace() else ""
                for some, sounds in _letters_apart(words, span.language, is_first=not runs):
                    runs.append(_Run(some, span.language, accent, ipa=ipa or sounds, before=_spaced(between)))
                    between = " "
                between = " " if piece[-1].isspace() else ""
            elif piece:
                between += " "
    return runs, _spaced(between).rstrip()


def _letters_apart(
    words: list[str], language: str, *, is_first: bool
) -> Iterator[tuple[list[str], str | None]]:
    """The words, those apart that are a letter and would be read as an article: `code A four`; with their sounds.

    At the very beginning of an English text `A` is the article.
    """
    some: list[str] = []
    for number, word in enumerate(words):
        if language == "en" and word == "A" and (number or not is_first):
            if some:
                yield some, None
            yield [word], LETTER_A
            some = []
        else:
            some.append(word)
    if some:
        yield some, None


def _spaced(between: str) -> str:
    """Signs as they are set: one space at most, none before what closes and after what opens."""
    return _LOOSE.sub(r"\1\2", re.sub(r"\s+", " ", between))


def _problem(run: _Run, espeak: EspeakEngine) -> SynthesisFailure | None:
    if run.ipa is not None:
        return None
    if not espeak.can_read(run.accent):
        reason = f"espeak-ng, which says how words sound, does not read {run.accent!r}"
        return SynthesisFailure(code="voice-missing", reason=reason)
    text = " ".join(run.words)
    if wrong := unspeakable(text, run.language):
        shown = ", ".join(f"U+{ord(character):04X}" for character in wrong)
        return SynthesisFailure(code="unspeakable", reason=f"the {run.language} voice cannot say {shown}")
    return None


def _text(run: _Run) -> str:
    return readable(" ".join(run.words), run.language)[0]


def _groups(runs: Sequence[_Run], spoken: Iterator[str], espeak: EspeakEngine) -> tuple[list[Group], int]:
    """Raises `UnknownPhonemeError`."""
    groups: list[Group] = []
    near = 0
    for run in runs:
        if run.ipa is not None:
            sounds = [alphabet.from_ipa(run.ipa, run.accent)]
            made = [Group(sounds[0], words=len(run.words))]
        else:
            spelled = [alphabet.from_espeak(word, run.accent) for word in next(spoken).split()]
            near += sum(one.near for one in spelled)
            sounds = [one.letters for one in spelled if one.letters]
            made = grouped(sounds, run.words, partial(_alone, run, espeak))
        if not made:
            continue
        if groups:
            groups[-1] = groups[-1].with_ending(run.before)
        else:
            made[0] = made[0].with_beginning(run.before.lstrip())
        groups += [one.with_ending(" ") for one in made[:-1]] + made[-1:]
    return groups, near


def _alone(run: _Run, espeak: EspeakEngine, words: Sequence[str]) -> list[str]:
    """How each word sounds by itself: only to tell which words espeak-ng said in one."""
    read = espeak.read([(run.accent, readable(word, run.language)[0]) for word in words])
    return [""] * len(words) if isinstance(read, SynthesisFailure) else list(read)


def _parts(groups: Sequence[Group]) -> tuple[tuple[Group, ...], ...] | None:
    """As few parts as can be, each ended by a sentence's end, else by a clause's; None where one is too long."""
    parts: list[tuple[Group, ...]] = []
    left = list(groups)
    while sum(len(group.letters) for group in left) > EASY_LETTERS:
        end = _last_end(left, SENTENCE_ENDS, EASY_LETTERS) or _last_end(left, SENTENCE_ENDS, MOST_LETTERS)
        if end is None and sum(len(group.letters) for group in left) <= MOST_LETTERS:
            break
        end = end or _last_end(left, CLAUSE_ENDS, MOST_LETTERS)
        if end is None:
            return None
        parts.append(tuple(left[:end]))
        left = left[end:]
    return (*parts, tuple(left)) if left else tuple(parts)


def _last_end(groups: Sequence[Group], ends: frozenset[str], limit: int) -> int | None:
    """How many groups make the longest part within `limit` letters that one of `ends` closes."""
    found, length = None, 0
    for number, group in enumerate(groups, start=1):
        length += len(group.letters)
        if length > limit:
            break
        if ends & set(group.ending):
            found = number
    return found
