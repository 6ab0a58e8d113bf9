"""What every server of speech is to the worker: an `Engine` whose model lies elsewhere.

The server's model is asked for its name before anything is spoken, every minute, and after every failure: what was
pinned is what speaks, or nothing does. What goes wrong with one request is a failure of that utterance; a server that
is not there, refuses the token or runs another model is an `EngineError`, and no attempt is counted.
"""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any, ClassVar

from workers.engines.engine import (
    Capabilities,
    EngineError,
    Outcome,
    Pcm,
    PresetSound,
    SynthesisFailure,
    SynthesisRequest,
    Waveform,
)
from workers.engines.http.client import Answer, AnswerError, Client, HttpRequest
from workers.engines.http.endpoint import Endpoint
from workers.engines.http.sound import samples_of, wav_bytes
from workers.engines.imperfect_speech import parted, with_imperfections
from workers.engines.imperfection import AROUND
from workers.strict import StrictTable, read

ASKED_EVERY_S = 60.0
LARGEST_SEED = 2**31 - 1


class SpeechServer(ABC):
    """One protocol. A subclass is one adapter; see `openai.py` for the shortest."""

    name: ClassVar[str]
    revision: ClassVar[int]
    settings: ClassVar[type[StrictTable]]
    """What a preset's table may hold, beside `imperfections`: the server hears nothing of these."""
    needs_transcript: ClassVar[bool] = False
    """Whether a preset must have a recording and its words."""
    streams: ClassVar[bool] = True
    imperfection_stages: ClassVar[frozenset[str]] = AROUND

    def __init__(self, *, endpoint: Mapping[str, Any] | None = None) -> None:
        """Without an endpoint only tables can be checked."""
        self.endpoint = None if endpoint is None else Endpoint.parse(endpoint)
        self._client = None if self.endpoint is None else Client(self.endpoint)
        self._identified_at = float("-inf")

    # what an adapter says

    @abstractmethod
    def http_request(self, request: SynthesisRequest) -> HttpRequest:
        """The request that makes an utterance."""

    @abstractmethod
    def identify(self) -> dict[str, Any] | None:
        """What the server says of the model that it runs; None where the protocol has no words for it.

        Raises `EngineError` when it does not run the model of the endpoint.
        """

    def samples(self, answer: Answer, rate_hz: int) -> Pcm:
        """The sound of an answer: a WAV, unless the protocol sends something else."""
        return samples_of(answer, rate_hz=rate_hz)

    def check_voice(self, preset: PresetSound) -> None:  # noqa: B027 - most ask for no more
        """That there is something to speak like; raises `EngineError`."""

    # Engine

    @property
    def capabilities(self) -> Capabilities:
        """As the endpoint says; of no endpoint, what the protocol can carry."""
        endpoint = self.endpoint or Endpoint.model_construct(clones=self.needs_transcript)
        return Capabilities(
            clones=endpoint.clones or self.needs_transcript,
            languages=frozenset(endpoint.languages),
            phoneme_alphabets=frozenset(),
            needs_transcript=self.needs_transcript,
            reference_limit_s=30.0 if endpoint.clones or self.needs_transcript else None,
            streams=self.streams,
            rate_hz=endpoint.rate_hz,
            max_batch=2 * endpoint.parallel,
        )

    @property
    def version(self) -> str:
        """The model's name, as far as it is known."""
        return (self.endpoint.model if self.endpoint else "") or "unknown"

    @property
    def numeric_class(self) -> str:
        """Nobody promises bits across a network: the server and its model."""
        return f"http-{self.name}-{self.version}"

    def warm(self, presets: Sequence[PresetSound]) -> None:
        """Check the tables, and that the server is there with the model that was pinned."""
        for preset in presets:
            self._checked(preset)
        if self._client is not None:
            self._same_model()

    def synthesise(self, batch: Sequence[SynthesisRequest]) -> Sequence[Outcome]:
        """See `Engine.synthesise`; `parallel` requests at a time, each by itself."""
        if self.endpoint is None:
            raise EngineError(f"{self.name} has no server: pin one with `campaign model connect`")
        self._same_model()
        start = time.perf_counter()
        with ThreadPoolExecutor(self.endpoint.parallel, thread_name_prefix=self.name) as pool:
            outcomes = list(pool.map(lambda request: self._one(request, start), batch))
        if any(isinstance(outcome, SynthesisFailure) for outcome in outcomes):
            self._identified_at = float("-inf")
        return outcomes

    def close(self) -> None:
        """Give the connections back."""
        if self._client is not None:
            self._client.close()

    # the way of one request

    @property
    def client(self) -> Client:
        """Of the endpoint; raises `EngineError` without one."""
        if self._client is None:
            raise EngineError(f"{self.name} has no server: pin one with `campaign model connect`")
        return self._client

    def _one(self, request: SynthesisRequest, start: float) -> Outcome:
        declared, preset = parted(request.preset, where=f"{self.name} preset")
        plain = replace(request, preset=preset)
        return with_imperfections(plain, declared, lambda asked: self._plain(asked, start))

    def _plain(self, request: SynthesisRequest, start: float) -> Outcome:
        assert self.endpoint is not None
        rate_hz = self.endpoint.rate_hz
        try:
            self._checked(request.preset)
            limit_bytes = int(request.max_seconds * rate_hz * 4) + (1 << 16)
            answer = self.client.send(self.http_request(request), limit_bytes=limit_bytes)
            pcm = self.samples(answer, rate_hz)
        except AnswerError as exc:
            return SynthesisFailure(code=exc.code, reason=exc.reason, retryable=exc.retryable)
        seconds = len(pcm) / rate_hz
        if seconds > request.max_seconds:
            return SynthesisFailure(
                code="too-long", reason=f"{seconds:.1f} s, {request.max_seconds:g} s are allowed"
            )
        return Waveform(
            pcm=pcm,
            rate_hz=rate_hz,
            t_first_ms=(answer.first_at - start) * 1000,
            t_last_ms=(answer.last_at - start) * 1000,
        )

    def _same_model(self) -> None:
        """Raise `EngineError` unless the server runs what was pinned; asked at most once a minute."""
        now = time.monotonic()
        if now - self._identified_at < ASKED_EVERY_S:
            return
        assert self.endpoint is not None
        pinned = self.endpoint.identity
        if pinned is None:
            self.client.check_reachable()
        else:
            served = self.identified()
            if served != dict(pinned):
                raise EngineError(
                    f"{self.endpoint.url} runs another model than was pinned ({_changed(pinned, served)}): start the "
                    "pinned one, or pin this one under a new name"
                )
        self._identified_at = now

    def identified(self) -> dict[str, Any] | None:
        """`identify`, with what goes wrong as `EngineError`."""
        try:
            return self.identify()
        except AnswerError as exc:
            raise EngineError(f"{self.client.endpoint.url} does not say which model it runs: {exc}") from exc

    def _checked(self, preset: PresetSound) -> None:
        _declared, preset = parted(preset, where=f"{self.name} preset")
        read(self.settings, preset.parameters, where=f"{self.name} preset", error=EngineError)
        self.check_voice(preset)


def language_of(request: SynthesisRequest) -> str:
    """The language in which most of the utterance is."""
    lengths: dict[str, int] = {}
    for span in request.spans:
        lengths[span.language] = lengths.get(span.language, 0) + len(span.text)
    return max(lengths, key=lambda language: lengths[language])


def seed_31(request: SynthesisRequest) -> int:
    """The request's seed for servers that take 31 bits; never 0, which means another one each time."""
    return 1 + request.seed % (LARGEST_SEED - 1)


def wav_of(preset: PresetSound) -> bytes:
    """A preset's recording as a 16-bit mono WAV."""
    if preset.reference is None:
        raise EngineError(f"preset {preset.name}@{preset.version} has no recording to speak from")
    return wav_bytes(preset.reference, preset.reference_rate_hz)


def _changed(pinned: Mapping[str, Any], served: Mapping[str, Any] | None) -> str:
    if served is None:
        return "it says nothing of itself now"
    keys = [key for key in sorted({*pinned, *served}) if pinned.get(key) != served.get(key)]
    return ", ".join(f"{key} {served.get(key)!r}, not {pinned.get(key)!r}" for key in keys)[:300]
