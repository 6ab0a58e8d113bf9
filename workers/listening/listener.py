"""Who listens in a worker: one recogniser or two and one reader of words, shared by its threads, each file by itself.

The recogniser lives in a process of its own, on the CPU unless the settings say otherwise: it never takes the engine's
lock, and what it takes of the machine is told by its own meter.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from workers.engines.engine import EngineError, Pcm
from workers.engines.espeak.engine import EspeakEngine
from workers.finish.words import PlacedWords
from workers.line import TelephoneLine
from workers.listening.bounds import bounds_of
from workers.listening.file import FileJudgement, Said, listen_to_file
from workers.listening.judging import Bounds, Judgement, Means
from workers.listening.pronouncing import Pronunciations, unlikeness
from workers.listening.rivals import value_words
from workers.listening.utterance import listen
from workers.recognisers.recogniser import Recogniser, WeighingRecogniser

READ_AS = {"en": "en-us", "pt": "pt-br"}
"""Whose sounds stand for a primary language's."""


MOST_PLACED = 4_000
"""Utterances whose words are remembered: shared ones come again and again."""


class FileListener:
    """Judges files. Safe to share between threads: one file at a time is heard."""

    def __init__(
        self,
        open_recogniser: Callable[[], Recogniser],
        *,
        open_second: Callable[[], Recogniser] | None = None,
        line: TelephoneLine | None = None,
    ) -> None:
        """`open_recogniser` is called for the first file; it raises `EngineError`, and so does `open_second`.

        `line`: over which files are heard.
        """
        self._open = open_recogniser
        self._open_second = open_second
        self._line = line
        self._second: Recogniser | None = None
        self._recogniser: Recogniser | None = None
        self._reader: EspeakEngine | None = None
        self._means: dict[tuple[str, Bounds], Means] = {}
        self._pronunciations: dict[str, Pronunciations | None] = {}
        self._placed: dict[str, PlacedWords] = {}
        self._lock = threading.Lock()

    def judge_file(
        self,
        data: bytes,
        timebase: Sequence[int],
        samples: int,
        rate_hz: int,
        said: Sequence[Said],
        *,
        sound_sha256: str = "",
    ) -> FileJudgement:
        """See `listen_to_file`. Over a line a file is judged as it is too: noise forgives what is wrong in it."""
        with self._lock:
            first, second = self.recogniser(), self.second()
            plain = listen_to_file(
                data, timebase, samples, rate_hz, said, judge=self._judge, recogniser=first.name
            )
            if self._line is None:
                return plain
            over = listen_to_file(
                data,
                timebase,
                samples,
                rate_hz,
                said,
                judge=partial(self._judge, second=second),
                recogniser=first.name if second is None else f"{first.name} + {second.name}",
                line=self._line,
                sound_sha256=sound_sha256,
            )
            return plain.and_over_a_line(over)

    def judge(self, pcm: Pcm, rate_hz: int, said: Said) -> Judgement:
        """One utterance alone."""
        with self._lock:
            return self._judge(pcm, rate_hz, said)

    def place(self, pcm: Pcm, rate_hz: int, language: str, text: str, *, key: str) -> PlacedWords | None:
        """When the words of an utterance were said; None where nobody here can tell. `key` is its sound's."""
        with self._lock:
            recogniser = self.recogniser()
            if not isinstance(recogniser, WeighingRecogniser) or not recogniser.understands(language):
                return None
            found = self._placed.get(key)
            if found is None:
                times = recogniser.place(pcm, rate_hz, language, text)
                found = PlacedWords(
                    by=recogniser.name,
                    times_ms=tuple((round(one.begun_ms, 1), round(one.ended_ms, 1)) for one in times),
                )
                if len(self._placed) >= MOST_PLACED:
                    self._placed.clear()
                self._placed[key] = found
            return found

    def recogniser(self) -> Recogniser:
        """The one that hears; opened now if it was not. Raises `EngineError`."""
        if self._recogniser is None:
            self._recogniser = self._open()
        return self._recogniser

    def second(self) -> Recogniser | None:
        """The one that hears beside it, if any; opened now if it was not. Raises `EngineError`."""
        if self._second is None and self._open_second is not None:
            self._second = self._open_second()
        return self._second

    def _judge(self, pcm: Pcm, rate_hz: int, said: Said, *, second: Recogniser | None = None) -> Judgement:
        return listen(
            pcm,
            rate_hz,
            said.text,
            said.values,
            language=said.language,
            recogniser=self.recogniser(),
            means=self._means_of(said.language, said.bounds or bounds_of(said.language)),
            second=second,
        )

    def unlikeness(self, language: str, said: str, heard: str) -> float | None:
        """Share of sounds that differ between two stretches; None where nothing here reads the language."""
        with self._lock:
            pronunciations = self._pronunciations_of(language)
            if pronunciations is None:
                return None
            return unlikeness(pronunciations.of(said.split()), pronunciations.of(heard.split()))

    def _means_of(self, language: str, bounds: Bounds) -> Means:
        found = self._means.get((language, bounds))
        if found is None:
            found = self._means[language, bounds] = Means(
                language=language,
                pronunciations=self._pronunciations_of(language),
                value_words=value_words(language),
                bounds=bounds,
            )
        return found

    def _pronunciations_of(self, language: str) -> Pronunciations | None:
        if language not in self._pronunciations:
            if self._reader is None:
                self._reader = EspeakEngine()
            reads = self._reader.can_read(READ_AS.get(language, language))
            self._pronunciations[language] = Pronunciations(language, self._read) if reads else None
        return self._pronunciations[language]

    def _read(self, texts: Sequence[tuple[str, str]]) -> Sequence[str] | None:
        assert self._reader is not None
        read = self._reader.read([(READ_AS.get(language, language), text) for language, text in texts])
        return read if isinstance(read, tuple) else None

    def close(self) -> None:
        """Give processes back. Idempotent."""
        with self._lock:
            for one in (self._recogniser, self._second, self._reader):
                if one is not None:
                    one.close()
            self._recogniser = self._second = self._reader = None
            self._means.clear()
            self._pronunciations.clear()


def whisper_opener(folder: Path, *, name: str, device: str) -> Callable[[], Recogniser]:
    """Opens the model in `folder`, which has to be the recogniser called `name`."""

    def opened() -> Recogniser:
        from workers.recognisers.whisper import WhisperRecogniser, compute_type_on

        return _called(name, WhisperRecogniser(folder, device=device, compute_type=compute_type_on(device)))

    return opened


def moonshine_opener(folder: Path, *, name: str) -> Callable[[], Recogniser]:
    """The same of a second recogniser."""

    def opened() -> Recogniser:
        from workers.recognisers.moonshine import MoonshineRecogniser

        return _called(name, MoonshineRecogniser(folder))

    return opened


def _called(name: str, recogniser: Recogniser) -> Recogniser:
    if name and recogniser.name != name:
        raise EngineError(
            f"the campaign is heard by {name}, and here is {recogniser.name}. "
            "Fetch that model and install that library here, or submit the campaign anew"
        )
    return recogniser
