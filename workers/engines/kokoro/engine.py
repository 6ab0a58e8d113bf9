"""Kokoro behind the engine protocol.

An utterance is one call of the network, in a process of one thread: its sound can depend on nothing beside it, and
processes, one a CPU, share nothing. Each has a thread here that asks it; the engine's own thread waits and tells.

A preset says who speaks the languages that Kokoro has no voice for (`elsewhere`, an espeak table): such an utterance is
spoken by espeak-ng as a whole, and its run says so. A word of another language within a sentence is said by the
sentence's voice, from how its own language reads it.
"""

from __future__ import annotations

import math
import threading
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from pathlib import Path
from queue import SimpleQueue

import numpy as np

from workers.cpus import usable_cpus
from workers.engines.engine import (
    WORDS,
    Capabilities,
    EngineError,
    JsonValue,
    Outcome,
    PresetSound,
    SynthesisFailure,
    SynthesisRequest,
    Waveform,
)
from workers.engines.espeak import EspeakEngine
from workers.engines.imperfect_speech import with_imperfections
from workers.engines.imperfection import AROUND
from workers.engines.kokoro import settings as tables
from workers.engines.kokoro.files import (
    MOST_LETTERS,
    KokoroFolder,
    Styles,
    open_folder,
    read_styles,
    sound_files,
)
from workers.engines.kokoro.letters import tokens_of
from workers.engines.kokoro.numeric_class import numeric_class, runtime_version
from workers.engines.kokoro.process import KokoroProcess, NotSpoken, PartToSpeak, Samples
from workers.engines.kokoro.reading import ReadText, read_spans
from workers.engines.kokoro.settings import ACCENTS, LANGUAGES, KokoroSettings
from workers.engines.kokoro.words import word_times_ms
from workers.engines.preemption import Preemptible
from workers.languages import primary

KOKORO_REVISION = 1
RATE_HZ = 24_000
MAX_BATCH = 32
"""Utterances a call; the longest first, so that the end of a call keeps every process busy."""
PART_TIMEOUT_S = 60.0
LETTER_TIMEOUT_S = 0.5
"""Added for each letter; a slow CPU takes a tenth of it."""
HIGHEST_PEAK = 0.98
"""Some voices go beyond full scale: such an utterance is turned down as a whole, and never cut off."""
SILENT_PEAK = 0.001
"""-60 dBFS."""
TAKE_LETTERS = 12
"""By how many letters the style of a take is another one's: heard as another reading by the same voice."""
ATTRIBUTION = "Kokoro-82M by hexgrad, Apache-2.0"


class KokoroEngine(Preemptible):
    """Kokoro from one folder, on as many processes as there are CPUs. One thread at a time may call it."""

    name = "kokoro"
    revision = KOKORO_REVISION
    check_table = staticmethod(tables.check_table)
    ipa_readers = staticmethod(tables.ipa_readers)
    sound_files = staticmethod(sound_files)
    speaker_table = staticmethod(tables.speaker_table)
    attribution = ATTRIBUTION
    imperfection_stages = AROUND
    tells_words = True

    def __init__(
        self,
        *,
        location: Path | None = None,
        files: Mapping[str, str] | None = None,
        processes: int | None = None,
        threads: int = 1,
    ) -> None:
        """`location` is the folder, `files` its sha256 digests by path, held against what is read. Loads nothing.

        `processes`: None is one a CPU. `threads` of each: more change no bit and gain little.
        """
        super().__init__()
        self._folder: KokoroFolder | None = None if location is None else open_folder(location)
        self._files = dict(files or {})
        self._most = processes or usable_cpus()
        self._threads = threads
        self._pool: ThreadPoolExecutor | None = None
        self._idle: SimpleQueue[KokoroProcess] = SimpleQueue()
        self._processes: list[KokoroProcess] = []
        self._espeak = EspeakEngine()
        self._espeak_lock = threading.Lock()
        self._settings: dict[str, KokoroSettings] = {}
        self._styles: dict[str, Styles] = {}
        self.capabilities = Capabilities(
            clones=False,
            languages=LANGUAGES if self._folder is None else _languages(self._folder),
            phoneme_alphabets=frozenset({"ipa"}),
            needs_transcript=False,
            reference_limit_s=None,
            streams=False,
            rate_hz=RATE_HZ,
            max_batch=MAX_BATCH,
        )

    @property
    def version(self) -> str:
        """Of what runs the network and of what reads: `1.31.1, espeak-ng 1.52.0`."""
        return f"{runtime_version()}, espeak-ng {self._espeak.version.split()[0]}"

    @property
    def numeric_class(self) -> str:
        """See `numeric_class.py`."""
        return numeric_class()

    def warm(self, presets: Sequence[PresetSound]) -> None:
        """Start every process and read the presets' voices. Raises `EngineError`."""
        self._open()
        for process in self._processes:
            process.begin()
        for preset in presets:
            settings = self._settings_of(preset)
            for voice in settings.voices.values():
                self._styles_of(voice)
            if settings.elsewhere:
                self._espeak.warm([_elsewhere(preset, settings)])
        for process in self._processes:
            process.start()

    def synthesise(self, batch: Sequence[SynthesisRequest]) -> Sequence[Outcome]:
        """See `Engine.synthesise`. The longest first, so that no process is left with one while others are idle."""
        start = time.perf_counter()
        outcomes: dict[int, Outcome] = {}
        speaking: dict[Future[Outcome], int] = {}

        def settle(index: int, outcome: Outcome) -> None:
            outcomes[index] = _at(outcome, start)
            self.tell(batch[index], outcomes[index])

        def settle_done(most: int) -> None:
            """Until at most so many are spoken at once."""
            while len(speaking) > most:
                done, _ = wait(speaking, return_when=FIRST_COMPLETED)
                for future in done:
                    settle(speaking.pop(future), future.result())
                self.serve_urgent(self.synthesise)

        pool = self._open()
        try:
            for index in sorted(range(len(batch)), key=lambda n: -len(batch[n].text)):
                settle_done(self._most - 1)
                speaking[pool.submit(self._one, batch[index])] = index
            settle_done(0)
        finally:
            wait(speaking)
        return [outcomes[index] for index in range(len(batch))]

    def close(self) -> None:
        """End the processes. Idempotent; the engine can be used again."""
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.shutdown(cancel_futures=True)
        for process in self._processes:
            process.close()
        self._processes, self._idle = [], SimpleQueue()
        self._espeak.close()

    def _open(self) -> ThreadPoolExecutor:
        """A thread for each process, which are started when they are first needed."""
        if self._pool is None:
            if self._folder is None:
                raise EngineError("Kokoro has no weights here. Fetch them: campaign voice get kokoro")
            sha256 = self._files.get(self._folder.model.name, "")
            self._processes = [
                KokoroProcess(self._folder.model, sha256, threads=self._threads) for _ in range(self._most)
            ]
            for process in self._processes:
                self._idle.put(process)
            self._pool = ThreadPoolExecutor(self._most, thread_name_prefix="kokoro")
        return self._pool

    # on a thread of the pool

    def _one(self, request: SynthesisRequest) -> Outcome:
        try:
            settings = self._settings_of(request.preset)
            return with_imperfections(
                request, settings.imperfections, lambda plain: self._plain(plain, settings)
            )
        except EngineError as problem:
            return SynthesisFailure(code="preset-unusable", reason=str(problem))

    def _plain(self, request: SynthesisRequest, settings: KokoroSettings) -> Outcome:
        language = _speaker(request, settings)
        if not language:
            return self._spoken_elsewhere(request, settings)
        styles = self._styles_of(settings.voices[language])
        accents = {one: settings.accent(one) for one in settings.voices}
        with self._espeak_lock:
            reading = read_spans(request.spans, accents, self._espeak)
        if isinstance(reading, SynthesisFailure):
            return reading
        process = self._idle.get()
        try:
            spoken = _spoken(reading, styles, settings.speed, process, take=request.take)
        finally:
            self._idle.put(process)
        if isinstance(spoken, SynthesisFailure):
            return spoken
        return _outcome(spoken, request, {"voice": settings.voices[language], "near_sounds": reading.near})

    def _spoken_elsewhere(self, request: SynthesisRequest, settings: KokoroSettings) -> Outcome:
        if not settings.elsewhere:
            missing = next(span.language for span in request.spans if span.language not in settings.voices)
            return SynthesisFailure(
                code="voice-missing",
                reason=f"no voice for {missing!r}; the preset has {', '.join(sorted(settings.voices))}",
            )
        request = replace(request, preset=_elsewhere(request.preset, settings), imperfections=())
        with self._espeak_lock:
            (outcome,) = self._espeak.synthesise([request])
            if isinstance(outcome, SynthesisFailure):
                return outcome
            numeric = self._espeak.numeric_class
        return replace(outcome, notes={**outcome.notes, "spoken_by": "espeak"}, numeric_class=numeric)

    def _settings_of(self, preset: PresetSound) -> KokoroSettings:
        settings = self._settings.get(preset.sound_digest)
        if settings is None:
            settings = self._settings[preset.sound_digest] = KokoroSettings.parse(preset.parameters)
        return settings

    def _styles_of(self, voice: str) -> Styles:
        styles = self._styles.get(voice)
        if styles is None:
            assert self._folder is not None
            styles = self._styles[voice] = read_styles(self._folder, voice, self._files)
        return styles


def _languages(folder: KokoroFolder) -> frozenset[str]:
    """Of the voices whose names tell it; of others whoever pins them says it."""
    told = {primary(ACCENTS[name[0]]) for name in folder.voices if name[:1] in ACCENTS and name[2:3] == "_"}
    return frozenset(told)


def _speaker(request: SynthesisRequest, settings: KokoroSettings) -> str:
    """The language whose voice says an utterance, or "" for who speaks elsewhere.

    That of most of its letters, else that it begins in: `Hello Иван Петров.` is said by who says hello.
    """
    letters: Counter[str] = Counter()
    for span in request.spans:
        letters[span.language] += sum(map(str.isalpha, span.text))
    most = max(letters, key=lambda language: (letters[language], language in settings.voices))
    return next(
        (language for language in (most, request.spans[0].language) if language in settings.voices), ""
    )


def _elsewhere(preset: PresetSound, settings: KokoroSettings) -> PresetSound:
    return replace(
        preset,
        engine="espeak",
        parameters=settings.elsewhere,
        sound_digest=f"{preset.sound_digest}-elsewhere",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Spoken:
    """An utterance's parts, joined."""

    sound: Samples
    words_ms: list[tuple[int, int]]
    letters: int
    parts: int


def _spoken(
    reading: ReadText, styles: Styles, speed: float, process: KokoroProcess, *, take: int
) -> _Spoken | SynthesisFailure:
    sounds: list[Samples] = []
    words: list[tuple[int, int]] = []
    letters = 0
    for part in reading.parts:
        tokens = tuple(tokens_of("".join(group.letters for group in part)))
        letters += len(tokens)
        question = PartToSpeak(tokens=tokens, style=styles[style_row(len(tokens), take)], speed=speed)
        answer = process.ask(question, PART_TIMEOUT_S + LETTER_TIMEOUT_S * len(tokens))
        if isinstance(answer, NotSpoken):
            return SynthesisFailure(
                code="engine-crashed", reason=f"Kokoro: {answer.reason}", retryable=answer.is_late
            )
        if answer.durations:
            before_ms = round(1000 * sum(map(len, sounds)) / RATE_HZ)
            times = word_times_ms(part, answer.durations, RATE_HZ)
            words += [(before_ms + begun, before_ms + ended) for begun, ended in times]
        sounds.append(answer.sound)
    return _Spoken(sound=np.concatenate(sounds), words_ms=words, letters=letters, parts=len(sounds))


def style_row(letters: int, take: int) -> int:
    """Which style of a voice says a part: that of its length; of further takes as if it were longer, or shorter."""
    step = (take + 1) // 2 * TAKE_LETTERS
    return min(MOST_LETTERS, max(1, letters + (step if take % 2 else -step))) - 1


def _outcome(spoken: _Spoken, request: SynthesisRequest, facts: Mapping[str, JsonValue]) -> Outcome:
    seconds = len(spoken.sound) / RATE_HZ
    if seconds > request.max_seconds:
        reason = f"{seconds:.1f} s, {request.max_seconds:g} s are allowed"
        return SynthesisFailure(code="too-long", reason=reason)
    if not np.isfinite(spoken.sound).all():
        return SynthesisFailure(code="engine-crashed", reason="Kokoro gave numbers that are no sound")
    if not len(spoken.sound) or float(np.abs(spoken.sound).max()) < SILENT_PEAK:
        return SynthesisFailure(code="silent", reason="Kokoro made no sound")
    notes: dict[str, JsonValue] = {
        "spoken_by": "kokoro",
        "letters": spoken.letters,
        "parts": spoken.parts,
        **facts,
    }
    if spoken.words_ms:
        notes[WORDS] = [[begun, ended] for begun, ended in spoken.words_ms]
    peak = float(np.abs(spoken.sound).max())
    scale = 32767 * min(1.0, HIGHEST_PEAK / peak)
    if peak > HIGHEST_PEAK:
        notes["turned_down_db"] = round(20 * math.log10(peak / HIGHEST_PEAK), 1)
    pcm = np.rint(spoken.sound * np.float32(scale)).astype(np.int16)
    return Waveform(pcm=pcm, rate_hz=RATE_HZ, t_first_ms=0.0, t_last_ms=0.0, notes=notes)


def _at(outcome: Outcome, start: float) -> Outcome:
    """A waveform that was made now; `start` is when the batch began."""
    if isinstance(outcome, SynthesisFailure):
        return outcome
    now_ms = 1000 * (time.perf_counter() - start)
    return replace(outcome, t_first_ms=now_ms, t_last_ms=now_ms)
