"""What every engine is: a batch of spoken utterances in, one waveform or one failure for each out.

The worker owns claims, leases and storage; an engine owns nothing but its model. An engine never changes,
shortens or guesses text: what it cannot say is a `SynthesisFailure` on that utterance alone, and its
neighbours in the batch are unharmed (contracts 3 and 4 in ARCHITECTURE.md). What an engine may raise is given out
here too, so that whoever writes one needs this module alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt
from pydantic import JsonValue as JsonValue

from workers.engines.imperfection import Imperfection as Imperfection
from workers.errors import DeviceLostError as DeviceLostError
from workers.errors import DeviceMemoryError as DeviceMemoryError
from workers.errors import EngineError as EngineError
from workers.errors import UnknownEngineError as UnknownEngineError

WORDS = "words_ms"
"""Among a waveform's notes, where an engine knows: [from, to] of each word of the text, in ms of its sound."""
Pcm = npt.NDArray[np.int16]
"""int16 (samples,), mono, full scale 32767."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenSpan:
    """A run of words in one language, as they are to be spoken."""

    text: str
    """Words, NFC, no digits, no symbols: what the guard let through."""
    language: str
    """BCP 47 primary language, lower case: `en`, `de`."""
    phonemes: tuple[tuple[str, str], ...] = ()
    """(alphabet, pronunciation) pairs from the lexicon, `ipa` or an engine's own; sorted by alphabet.
    An engine takes the first alphabet it knows, otherwise it says `text`."""
    emphasis: str | None = None
    """`strong`, `moderate` or `reduced`, where the engine can."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PresetSound:
    """The part of a speaker preset that decides sound, for one engine."""

    name: str
    version: int
    sound_digest: str
    """sha256 hex over reference PCM, transcript and `parameters`: enters every synthesis key."""
    engine: str
    parameters: Mapping[str, JsonValue] = field(default_factory=dict)
    """The engine's table, parsed by the engine into its own typed settings."""
    reference: Pcm | None = None
    """The reference recording at `reference_rate_hz`; None for an engine that does not clone."""
    reference_rate_hz: int = 0
    transcript: str = ""
    """What `reference` says, word for word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SynthesisRequest:
    """One utterance to be made."""

    key: str
    """Synthesis key, sha256 hex."""
    spans: tuple[SpokenSpan, ...]
    preset: PresetSound
    seed: int
    """Derived from the key, 0 <= seed < 2**63; the only source of randomness allowed."""
    take: int = 0
    """Which saying of these words it is: engines without chance say each a little otherwise."""
    max_seconds: float = 60.0
    """Longer sound than this is a failure, never cut."""
    imperfections: tuple[Imperfection, ...] = ()
    """Flaws that its template declares, beyond those of the preset."""

    @property
    def text(self) -> str:
        """The words of all spans, space-joined: for lengths and for people, not for engines."""
        return " ".join(span.text for span in self.spans)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waveform:
    """One utterance's sound."""

    pcm: Pcm
    rate_hz: int
    t_first_ms: float
    """From the start of `synthesise` to this utterance's first decoded audio."""
    t_last_ms: float
    """From the start of `synthesise` to this utterance's last sample."""
    notes: Mapping[str, JsonValue] = field(default_factory=dict)
    """What the run descriptor should know: NFE, frames, words per minute ..."""
    numeric_class: str | None = None
    """The engine's when it made this sound, where that changes while it works; None: it is what it was."""

    @property
    def duration_s(self) -> float:
        """Seconds of sound."""
        return len(self.pcm) / self.rate_hz


@dataclass(frozen=True, slots=True, kw_only=True)
class SynthesisFailure:
    """This utterance cannot be made, or not now."""

    code: str
    """`unspeakable`, `voice-missing`, `too-long`, `silent`, `engine-crashed` ..."""
    reason: str
    retryable: bool = False
    """True when the same request may succeed on another attempt."""


Outcome = Waveform | SynthesisFailure


@dataclass(frozen=True, slots=True, kw_only=True)
class UrgentBatch:
    """A few utterances that must not wait for the batch in hand: what `between_steps` of an engine may return."""

    requests: Sequence[SynthesisRequest]
    deliver: Callable[[Sequence[Outcome]], None]
    """Called on the engine's thread with one outcome for each request, in order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What an engine can do; recorded in every pin of its models."""

    clones: bool
    languages: frozenset[str]
    """BCP 47 primary languages; empty means any."""
    phoneme_alphabets: frozenset[str]
    needs_transcript: bool
    """Of the recording, which it needs then too."""
    reference_limit_s: float | None
    streams: bool
    rate_hz: int
    needs_recording: bool = False
    """It has no voice of its own."""
    emphasis: bool = False
    max_batch: int = 16
    """Most utterances that one call of `synthesise` should be given."""
    characters: tuple[tuple[int, int], ...] = ()
    """First and last code point of each run of characters that the model has tokens for; empty: it was not
    trained on characters, or says for itself what it cannot say."""


class Engine(Protocol):
    """One synthesiser. Not thread-safe: one thread owns it."""

    name: str
    revision: int
    """Raised by hand when the sound changes; enters the synthesis key and is guarded by golden PCM."""
    capabilities: Capabilities

    @property
    def version(self) -> str:
        """Of the library underneath; goes into the run, not into the key."""
        ...

    @property
    def numeric_class(self) -> str:
        """Device class, build and mode within which the same key gives the same bits: `x86_64-espeak-ng-1.52`."""
        ...

    def warm(self, presets: Sequence[PresetSound]) -> None:
        """Load everything these presets need, so that the first batch is as fast as any other.

        Raises `EngineError` when a preset cannot be served by this engine.
        """
        ...

    def synthesise(self, batch: Sequence[SynthesisRequest]) -> Sequence[Outcome]:
        """One outcome for each request, in order. The sound of a request never depends on its neighbours."""
        ...

    def close(self) -> None:
        """Give processes and memory back. Idempotent."""
        ...


@runtime_checkable
class PreemptibleEngine(Protocol):
    """An engine that can serve something urgent in the middle of a batch, and tells outcomes as they come.

    Not `Engine` once more: until Python 3.12 `isinstance` asks for every member, and `numeric_class` loads the model.
    """

    between_steps: Callable[[], UrgentBatch | None] | None
    """Asked on the engine's thread, often, while a batch runs; None or a quick answer. Must not raise."""
    on_outcome: Callable[[SynthesisRequest, Outcome], None] | None
    """Told of each outcome on the engine's thread, before `synthesise` returns. Must not raise."""


@runtime_checkable
class ImperfectEngine(Protocol):
    """An engine that makes the flaws of `SynthesisRequest.imperfections`, and of its presets' `imperfections`."""

    imperfection_stages: frozenset[str]
    """Of `text`, `mel`, `waveform` and `codec`, those that it has."""


@runtime_checkable
class LoadingEngine(Protocol):
    """An engine that reads and checks its files beside others that load, and takes turns with them at the device."""

    loading_lock: AbstractContextManager[object]
    """Held around what loading does on the device, and not around what it reads: the same for all engines of a process,
    given before the first call. `contextlib.nullcontext()` until then."""
