"""Rows to planned rows: render, speak, plan; in this process for a few, in child processes for many.

Each process builds its own front end once and is fed chunks of rows; results come back in order, and only a
bounded number of chunks is under way, so memory does not grow with the file.
"""

from __future__ import annotations

import multiprocessing
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field, replace
from itertools import chain, islice

from campaign.errors import ChildLostError, RowError, SpeechError
from campaign.registry.voice import OWN
from campaign.speech.front_end import Composition, FrontEnd, FrontEndConfig
from campaign.speech.repeats import SAID_TWICE
from campaign.speech.typed import Kind
from campaign.submission.plan import PlannedUtterance, plan_utterances
from workers.languages import primary
from workers.synthesis_key import Voice

CHUNK_ROWS = 250
LEXICON_STEP = "lexicon "
INLINE_CHUNKS = 4
"""Composed in this process before children are started: most files are small, and a child takes a second to start."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """When a row may be sent, for whoever sends it: ISO 8601 with offsets; the recipient's time zone."""

    not_before: str | None = None
    not_after: str | None = None
    timezone: str | None = None


NO_WINDOW = Window()


@dataclass(frozen=True, slots=True, kw_only=True)
class RawRow:
    """A row as read, before any text is made of it."""

    number: int
    external_id: str
    locale: str
    fields: Mapping[str, str]
    """What is needed of it, by the names that the brief and its templates use."""
    own: Mapping[str, str] = field(default_factory=dict)
    """The whole row by the names of the file's columns; not kept, and not sent to child processes."""
    problem: RowError | None = None
    suppressed: str | None = None
    """Why no sound is wanted for it: `suppression-list`, `opted-out` or `duplicate`."""
    window: Window = NO_WINDOW
    noticed: tuple[str, ...] = ()
    """Warnings about the row itself, before any text is made of it."""
    person: str | None = None
    """`storage.persons.person_hash`; None where nobody is called."""
    voice: str = OWN
    """Who speaks it, by what the brief's `presets` calls them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedRow:
    """A row as it goes to the database."""

    raw: RawRow
    language: str = ""
    script: str | None = None
    utterances: tuple[PlannedUtterance, ...] = ()
    fallbacks: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    kinds: Mapping[str, int] = field(default_factory=dict)
    """Typed values, counted by type."""
    lexicon_hits: Mapping[str, int] = field(default_factory=dict)
    """`lexicon#line` to how often it decided the words."""
    error: RowError | None = None

    @property
    def characters(self) -> int:
        """Of spoken text."""
        return sum(utterance.characters for utterance in self.utterances)


@dataclass(frozen=True, slots=True, kw_only=True)
class RowVoice:
    """Who may speak a row, and the text front end that makes text for it."""

    voice: Voice
    config: FrontEndConfig
    languages: frozenset[str] | None = None
    """Primary languages that it has a voice for; None where that is not known before it speaks."""
    needs_values: bool = False
    """Somebody listens to its files and looks for their values, or finishing helps them to be heard."""


RowVoices = Mapping[str, RowVoice]
"""By what the brief's `presets` calls them; `OWN` is the campaign's own."""


class Composer:
    """Composes rows for one campaign."""

    def __init__(self, row_voices: RowVoices) -> None:
        self._row_voices = row_voices
        front_ends: dict[int, FrontEnd] = {}
        for one in row_voices.values():  # most share one: text is seldom made otherwise for another voice
            if id(one.config) not in front_ends:
                front_ends[id(one.config)] = FrontEnd(one.config)
        self._front_ends = {name: front_ends[id(one.config)] for name, one in row_voices.items()}

    def plan(self, raw: RawRow) -> PlannedRow:
        """One row through the text front end; what is wrong with it comes back with it."""
        if raw.problem is not None or raw.suppressed is not None:
            return PlannedRow(raw=raw, error=raw.problem, warnings=raw.noticed)
        row_voice = self._row_voices[raw.voice]
        try:
            composition = self._front_ends[raw.voice].compose(locale=raw.locale, fields=raw.fields)
            _refuse_unvoiced(composition, row_voice, raw.voice)
        except RowError as exc:
            return PlannedRow(raw=raw, error=exc, warnings=raw.noticed)
        return PlannedRow(
            raw=raw,
            language=composition.language,
            script=composition.script,
            utterances=plan_utterances(composition, row_voice.voice, needs_values=row_voice.needs_values),
            fallbacks=tuple(composition.fallbacks),
            warnings=(*raw.noticed, *(str(warning) for warning in composition.warnings)),
            kinds=Counter(
                piece.kind
                for sentence in composition.trace.sentences
                for piece in sentence.spoken.pieces
                if piece.kind != Kind.TEXT and piece.step != SAID_TWICE
            ),
            lexicon_hits=Counter(
                piece.step.removeprefix(LEXICON_STEP)
                for sentence in composition.trace.sentences
                for piece in sentence.spoken.pieces
                if piece.step.startswith(LEXICON_STEP)
            ),
        )


def _refuse_unvoiced(composition: Composition, row_voice: RowVoice, name: str) -> None:
    """Raise `SpeechError` for words in a language that the row's preset has no voice for."""
    if row_voice.languages is None:
        return
    for utterance in composition.utterances:
        for span in utterance.spans:
            if primary(span.language) not in row_voice.languages:
                who = f"the voice {name!r}" if name else "the campaign's preset"
                raise SpeechError(
                    "voice-missing",
                    f"{who} cannot speak {span.language}, only {', '.join(sorted(row_voice.languages))}",
                    mend="give the row another voice or another locale",
                )


_composer: Composer | None = None
"""A child process's own; set once by `_begin`."""


def _begin(row_voices: RowVoices) -> None:
    global _composer  # noqa: PLW0603 - how a process pool hands state to its functions
    _composer = Composer(row_voices)


def _plan_chunk(chunk: list[RawRow]) -> list[PlannedRow]:
    if _composer is None:
        raise RuntimeError("the child process was not begun")
    return [_composer.plan(raw) for raw in chunk]


def compose_rows(
    rows: Iterable[RawRow], row_voices: RowVoices, *, processes: int
) -> Iterator[list[PlannedRow]]:
    """Chunks of planned rows, in the order of the rows. Raises `TemplateError` before the first row."""
    chunks = _chunks(iter(rows))
    composer = Composer(row_voices)
    for chunk in islice(chunks, INLINE_CHUNKS):
        yield [composer.plan(raw) for raw in chunk]
    if processes <= 1:
        for chunk in chunks:
            yield [composer.plan(raw) for raw in chunk]
        return
    ahead = next(chunks, None)
    if ahead is None:
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(
        processes, mp_context=context, initializer=_begin, initargs=(row_voices,)
    ) as pool:
        try:
            waiting: deque[tuple[list[RawRow], Future[list[PlannedRow]]]] = deque()
            for chunk in chain([ahead], chunks):
                waiting.append((chunk, pool.submit(_plan_chunk, [replace(raw, own={}) for raw in chunk])))
                if len(waiting) > 2 * processes:
                    yield _with_their_own(*waiting.popleft())
            while waiting:
                yield _with_their_own(*waiting.popleft())
        except BrokenProcessPool as exc:
            raise ChildLostError(
                "a process that makes text ended before its rows were made, as when memory runs out. The same again "
                "goes on after the rows that are in; CAMPAIGN_TEXT_PROCESSES=1 needs the least memory."
            ) from exc


def _with_their_own(chunk: list[RawRow], planned: Future[list[PlannedRow]]) -> list[PlannedRow]:
    return [replace(row, raw=raw) for raw, row in zip(chunk, planned.result(), strict=True)]


def _chunks(rows: Iterator[RawRow]) -> Iterator[list[RawRow]]:
    while chunk := list(islice(rows, CHUNK_ROWS)):
        yield chunk
