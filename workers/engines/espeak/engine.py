"""espeak-ng behind the engine protocol.

The same request gives the same samples, alone, in a batch, after a restart: each utterance is spoken by a process
forked from one untouched state (see `child`). An utterance of several languages is spoken span by span, each
by its own voice, trimmed of the library's own silences and joined with a short gap and fades.
"""

from __future__ import annotations

import importlib.util
import platform
import time
from collections.abc import Mapping, Sequence
from functools import lru_cache, partial
from pathlib import Path

import numpy as np

from workers.engines.engine import (
    WORDS,
    Capabilities,
    EngineError,
    JsonValue,
    Outcome,
    Pcm,
    PresetSound,
    SpokenSpan,
    SynthesisFailure,
    SynthesisRequest,
    Waveform,
)
from workers.engines.espeak import child
from workers.engines.espeak.letters import readable, unspeakable
from workers.engines.espeak.phonemes import from_ipa
from workers.engines.espeak.process import (
    EspeakProcess,
    Question,
    Refusal,
    SpanSound,
    SpanToSpeak,
    TextToRead,
)
from workers.engines.espeak.settings import EspeakSettings, VoiceCatalogue
from workers.engines.espeak.words import words_in_span, words_of_phonemes
from workers.engines.imperfect_speech import with_imperfections
from workers.engines.imperfection import AROUND
from workers.engines.preemption import Preemptible
from workers.engines.pronunciation import IpaReaders, UnknownPhonemeError

ESPEAK_REVISION = 1
RATE_HZ = 22_050
ALPHABETS = ("x-espeak", "ipa")
"""In order of preference."""

SILENCE_PEAK = 24
"""Of int16 full scale: what never exceeds this (-63 dBFS) is silence."""
EDGE_MS = 5
"""Kept around the sound when a span's silences are trimmed."""
FADE_MS = 4
JOINT_MS = 45
"""Silence between spans of different languages: about the closure of a plosive."""
JOINT_SAMPLES = RATE_HZ * JOINT_MS // 1000

FAILURES = {
    child.VOICE_MISSING: "voice-missing",
    child.TOO_LONG: "too-long",
    child.CRASHED: "engine-crashed",
    child.TIMED_OUT: "engine-crashed",
    child.REFUSED: "unspeakable",
}


class EspeakEngine(Preemptible):
    """One child process; start it by `warm` or by the first batch."""

    name = "espeak"
    revision = ESPEAK_REVISION
    imperfection_stages = AROUND

    def __init__(self, *, timeout_s: float = 20.0) -> None:
        """`timeout_s` is for one utterance; the library needs about 20 ms for 10 s of speech."""
        super().__init__()
        library, data = _installed()
        self._catalogue = _catalogue(data)
        self._process = EspeakProcess(library, data)
        self._timeout_s = timeout_s
        self._settings: dict[str, EspeakSettings] = {}
        self.capabilities = Capabilities(
            clones=False,
            languages=self._catalogue.languages,
            phoneme_alphabets=frozenset(ALPHABETS),
            needs_transcript=False,
            reference_limit_s=None,
            streams=False,
            rate_hz=RATE_HZ,
        )

    @property
    def version(self) -> str:
        """Of espeak-ng. Starts the child."""
        self._process.start()
        return self._process.version

    @property
    def numeric_class(self) -> str:
        """The machine's architecture and espeak-ng's version: one library build, the same bits."""
        return f"{platform.machine()}-espeak-ng-{self.version.split()[0]}"

    def warm(self, presets: Sequence[PresetSound]) -> None:
        """Start the child and check each preset's table; raises `EngineError`."""
        for preset in presets:
            self._settings_of(preset)
        self._process.start()
        if self._process.rate_hz != RATE_HZ:
            raise EngineError(
                f"espeak-ng speaks at {self._process.rate_hz} Hz, not {RATE_HZ}; install espeakng-loader 0.2"
            )

    def synthesise(self, batch: Sequence[SynthesisRequest]) -> Sequence[Outcome]:
        """See `Engine.synthesise`. One utterance after another: a batch gains nothing here."""
        start = time.perf_counter()
        outcomes = []
        for request in batch:
            outcomes.append(self._one(request, start))
            self.tell(request, outcomes[-1])
            self.serve_urgent(self.synthesise)
        return outcomes

    def read(self, texts: Sequence[tuple[str, str]]) -> tuple[str, ...] | SynthesisFailure:
        """How (language tag, text) pairs are read: IPA with stress, the letters of one sound joined by `child.TIE`.

        Not spoken: another engine says it. Raises `EngineError` for a tag without a voice.
        """
        asked = [TextToRead(voice=self._catalogue.voice(tag), text=text) for tag, text in texts]
        answer = self._process.read(asked, self._timeout_s)
        return _failure(answer) if isinstance(answer, Refusal) else answer

    def can_read(self, tag: str) -> bool:
        """Whether there is a voice for a language tag."""
        return tag.lower() in self._catalogue.by_language

    @staticmethod
    def ipa_readers(parameters: Mapping[str, JsonValue]) -> IpaReaders:
        """What each voice of a preset's table can say, known without a child. Raises `EngineError`."""
        return {language: partial(from_ipa, voice=voice) for language, voice in voices_of(parameters).items()}

    def close(self) -> None:
        """End the child. The engine can be used again."""
        self._process.close()

    def _one(self, request: SynthesisRequest, start: float) -> Outcome:
        try:
            settings = self._settings_of(request.preset)
        except EngineError as problem:
            return SynthesisFailure(code="preset-unusable", reason=str(problem))
        return with_imperfections(
            request, settings.imperfections, lambda plain: self._plain(plain, settings, start)
        )

    def _plain(self, request: SynthesisRequest, settings: EspeakSettings, start: float) -> Outcome:
        spans = [_span_to_speak(span, settings) for span in request.spans]
        for span in spans:
            if isinstance(span, SynthesisFailure):
                return span
        answer = self._process.ask(
            Question(
                spans=tuple(span for span in spans if isinstance(span, SpanToSpeak)),
                words_per_minute=settings.words_per_minute,
                pitch=settings.pitch,
                range=settings.range,
                seed=request.seed,
                max_samples=int(request.max_seconds * RATE_HZ),
                timeout_s=self._timeout_s,
            )
        )
        if isinstance(answer, Refusal):
            return _failure(answer)
        kept = [_sounding(part.pcm) for part in answer]
        pcm = _join([None if one is None else part.pcm[one] for part, one in zip(answer, kept, strict=True)])
        if pcm is None:
            return SynthesisFailure(code="silent", reason="espeak-ng made no sound for one of the spans")
        notes: dict[str, JsonValue] = {
            "words_per_minute": settings.words_per_minute,
            "spans": len(spans),
            "letters_without_marks": sum(readable(span.text, span.language)[1] for span in request.spans),
        }
        asked = [span for span in spans if isinstance(span, SpanToSpeak)]
        if words := _words_ms(asked, answer, [one for one in kept if one is not None]):
            notes[WORDS] = [[begun, ended] for begun, ended in words]
        now_ms = 1000 * (time.perf_counter() - start)
        return Waveform(pcm=pcm, rate_hz=RATE_HZ, t_first_ms=now_ms, t_last_ms=now_ms, notes=notes)

    def _settings_of(self, preset: PresetSound) -> EspeakSettings:
        settings = self._settings.get(preset.sound_digest)
        if settings is None:
            settings = EspeakSettings.parse(preset.parameters, self._catalogue)
            self._settings[preset.sound_digest] = settings
        return settings


def _installed() -> tuple[Path, Path]:
    """(library, data folder) of the wheel, found without importing it: it names no licence, and the library is GPL."""
    found = importlib.util.find_spec("espeakng_loader")
    if found is None or found.origin is None:
        raise EngineError("espeak-ng is not installed; install the espeakng-loader package")
    folder = Path(found.origin).parent
    library, data = folder / "libespeak-ng.so", folder / "espeak-ng-data"
    if not library.is_file() or not data.is_dir():
        raise EngineError(f"espeak-ng is not whole in {folder}; reinstall the espeakng-loader package")
    return library, data


@lru_cache(maxsize=1)
def _catalogue(data: Path) -> VoiceCatalogue:
    return VoiceCatalogue.read(data)


def voices_of(parameters: Mapping[str, JsonValue]) -> dict[str, str]:
    """Language to voice file, `gmw/en`, of a preset's table: which IPA each can say is known without a child process.

    Raises `EngineError` on a table that cannot be read.
    """
    settings = EspeakSettings.parse(parameters, _catalogue(_installed()[1]))
    return {language: voice.partition("+")[0] for language, voice in settings.voices.items()}


def _span_to_speak(span: SpokenSpan, settings: EspeakSettings) -> SpanToSpeak | SynthesisFailure:
    voice = settings.voices.get(span.language)
    if voice is None:
        languages = ", ".join(sorted(settings.voices))
        return SynthesisFailure(
            code="voice-missing", reason=f"no voice for {span.language!r}; the preset has {languages}"
        )
    phonemes = dict(span.phonemes)
    for alphabet in ALPHABETS:
        if alphabet in phonemes:
            return _phonemes_to_speak(alphabet, phonemes[alphabet], span, voice)
    wrong = unspeakable(span.text, span.language)
    if wrong or not any(map(str.isalnum, span.text)):
        shown = ", ".join(f"U+{ord(character):04X}" for character in wrong) or "no letter at all"
        return SynthesisFailure(code="unspeakable", reason=f"the {span.language} voice cannot say {shown}")
    return SpanToSpeak(voice=voice, text=readable(span.text, span.language)[0], phonemes=None)


def _phonemes_to_speak(
    alphabet: str, phonemes: str, span: SpokenSpan, voice: str
) -> SpanToSpeak | SynthesisFailure:
    if alphabet == "ipa":
        try:
            phonemes = from_ipa(phonemes, voice.partition("+")[0])
        except UnknownPhonemeError as problem:
            return SynthesisFailure(code="unspeakable", reason=f"IPA of a {span.language} span: {problem}")
    elif (
        not phonemes.strip()
        or not phonemes.isascii()
        or not phonemes.isprintable()
        or {"[", "]"} & set(phonemes)
    ):
        return SynthesisFailure(
            code="unspeakable", reason="x-espeak phonemes are printable ASCII without brackets"
        )
    return SpanToSpeak(voice=voice, text=span.text, phonemes=phonemes)


def _failure(refusal: Refusal) -> SynthesisFailure:
    reason = f"espeak-ng: {refusal.reason}"
    return SynthesisFailure(
        code=FAILURES[refusal.status], reason=reason, retryable=refusal.status == child.TIMED_OUT
    )


def _sounding(pcm: Pcm) -> slice | None:
    """Which samples are left without the silences at its ends; None when there is nothing else."""
    loud = np.flatnonzero(np.abs(pcm.astype(np.int32)) > SILENCE_PEAK)
    if not len(loud):
        return None
    edge = RATE_HZ * EDGE_MS // 1000
    return slice(max(0, int(loud[0]) - edge), min(len(pcm), int(loud[-1]) + 1 + edge))


def _words_ms(
    spans: Sequence[SpanToSpeak], parts: Sequence[SpanSound], kept: Sequence[slice]
) -> list[tuple[int, int]] | None:
    """[from, to] of each word in what `_join` makes of the kept samples; None where one span does not tell."""
    words: list[tuple[int, int]] = []
    joined = 0
    for span, part, samples in zip(spans, parts, kept, strict=True):
        if span.phonemes is None:
            extents = words_in_span(span.text, part.marks, part.pcm, silence_peak=SILENCE_PEAK)
        else:
            extents = words_of_phonemes(span.text, part.pcm, silence_peak=SILENCE_PEAK)
        if extents is None:
            return None
        moved = joined - int(samples.start)
        words += [(_ms(first + moved), _ms(last + moved)) for first, last in extents]
        joined += int(samples.stop - samples.start) + JOINT_SAMPLES
    return words


def _ms(samples: int) -> int:
    return round(1000 * max(0, samples) / RATE_HZ)


def _join(parts: Sequence[Pcm | None]) -> Pcm | None:
    """All parts with gaps and fades between them; None when one is silent."""
    heard = [part for part in parts if part is not None]
    if len(heard) < len(parts) or not heard:
        return None
    if len(heard) == 1:
        return heard[0].copy()
    gap = np.zeros(JOINT_SAMPLES, np.int16)
    pieces: list[Pcm] = []
    for number, part in enumerate(heard):
        if number:
            pieces.append(gap)
        pieces.append(_faded(part, start=number > 0, end=number < len(heard) - 1))
    return np.concatenate(pieces)


def _faded(pcm: Pcm, *, start: bool, end: bool) -> Pcm:
    length = min(RATE_HZ * FADE_MS // 1000, len(pcm) // 2)
    ramp = np.arange(length, dtype=np.int32)
    faded = pcm.astype(np.int32)
    if start:
        faded[:length] = faded[:length] * ramp // max(1, length)
    if end:
        faded[len(faded) - length :] = faded[len(faded) - length :] * ramp[::-1] // max(1, length)
    return faded.astype(np.int16)
