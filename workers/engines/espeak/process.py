"""The owner of one espeak-ng child: starts it, asks it, gives up in time, starts it again."""

from __future__ import annotations

import json
import struct
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from workers.child_process import ChildProcess
from workers.engines.engine import EngineError, Pcm
from workers.engines.espeak import child
from workers.engines.espeak.words import Mark

CHILD = Path(child.__file__)
START_TIMEOUT_S = 30.0
GRACE_S = 5.0
"""How much later than the child's own deadline the owner loses patience with the child."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """The child's answer when there is no sound."""

    status: int
    """One of `child`'s status codes."""
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SpanToSpeak:
    """One run of words for one voice."""

    voice: str
    """As the library names it: `gmw/en+f2`."""
    text: str
    phonemes: str | None
    """espeak's own phoneme names, in place of `text`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One utterance as the child takes it."""

    spans: tuple[SpanToSpeak, ...]
    words_per_minute: int
    pitch: int
    range: int
    seed: int
    max_samples: int
    timeout_s: float

    def as_json(self) -> bytes:
        """The request frame's body."""
        spans = [{"voice": s.voice, "text": s.text, "phonemes": s.phonemes} for s in self.spans]
        return json.dumps(
            {
                "spans": spans,
                "words_per_minute": self.words_per_minute,
                "pitch": self.pitch,
                "range": self.range,
                "seed": self.seed,
                "max_samples": self.max_samples,
                "timeout_s": self.timeout_s,
            }
        ).encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class SpanSound:
    """What the library made of one span."""

    pcm: Pcm
    marks: tuple[Mark, ...]
    """Where it begins its words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextToRead:
    """One run of words whose sounds are asked for."""

    voice: str
    """As the library names it: `gmw/en-US`."""
    text: str


class EspeakProcess:
    """One child, started at the first question. Not thread-safe."""

    def __init__(self, library: Path, data: Path) -> None:
        self._command = [sys.executable, "-I", "-S", str(CHILD), str(library), str(data)]
        self._child: ChildProcess | None = None
        self.version = ""
        self.rate_hz = 0

    @property
    def pid(self) -> int | None:
        """Of the running child."""
        return None if self._child is None else self._child.pid

    def start(self) -> None:
        """Start the child if it does not run; raises `EngineError` when it cannot."""
        if self._child is not None:
            return
        try:
            self._child = ChildProcess(self._command)
            hello = json.loads(self._receive(time.monotonic() + START_TIMEOUT_S))
        except (OSError, EOFError, ValueError) as problem:
            self.close()
            raise EngineError(
                f"espeak-ng does not start ({problem}); reinstall the espeakng-loader package"
            ) from problem
        self.version, self.rate_hz = hello["version"], hello["rate_hz"]

    def ask(self, question: Question) -> tuple[SpanSound, ...] | Refusal:
        """The sound of each span, or why there is none."""
        answer = self._answer(question.as_json(), question.timeout_s)
        return answer if isinstance(answer, Refusal) else _span_sounds(answer)

    def read(self, texts: Sequence[TextToRead], timeout_s: float) -> tuple[str, ...] | Refusal:
        """Each text as the library reads it: IPA with stress, the letters of one sound joined by `child.TIE`."""
        asked = {"texts": [{"voice": one.voice, "text": one.text} for one in texts], "timeout_s": timeout_s}
        answer = self._answer(json.dumps(asked).encode(), timeout_s)
        return answer if isinstance(answer, Refusal) else tuple(json.loads(answer))

    def _answer(self, body: bytes, timeout_s: float) -> bytes | Refusal:
        """What the child says for it. One that dies is replaced and asked once more."""
        for attempt in (1, 2):
            self.start()
            deadline = time.monotonic() + timeout_s + GRACE_S
            try:
                self._send(body, deadline)
                reply = self._receive(deadline)
                if reply[0] != child.OK:
                    return Refusal(status=reply[0], reason=reply[1:].decode("utf-8", "replace"))
                return reply[1:]
            except (OSError, EOFError) as problem:
                self.close()
                if attempt == 2:
                    return Refusal(status=child.CRASHED, reason=f"the espeak-ng child died twice: {problem}")
            except BaseException:
                self.close()  # what it would answer later is no answer to the next question
                raise
        raise AssertionError("unreachable")

    def close(self) -> None:
        """End the child. Idempotent."""
        child_process, self._child = self._child, None
        if child_process is not None:
            child_process.close()

    def _send(self, body: bytes, deadline: float) -> None:
        assert self._child is not None
        self._child.send(struct.pack("<I", len(body)) + body, deadline)

    def _receive(self, deadline: float) -> bytes:
        assert self._child is not None
        (length,) = struct.unpack("<I", self._child.read_exactly(4, deadline))
        return self._child.read_exactly(length, deadline)


def _span_sounds(answer: bytes) -> tuple[SpanSound, ...]:
    (number,) = struct.unpack_from("<I", answer)
    sizes: Sequence[int] = struct.unpack_from(f"<{2 * number}I", answer, 4)
    counts, words = sizes[:number], sizes[number:]
    head = 4 + 8 * number
    marks = np.frombuffer(answer, dtype="<u4", count=2 * sum(words), offset=head).reshape(-1, 2)
    samples = np.frombuffer(answer, dtype="<i2", offset=head + 8 * sum(words)).astype(np.int16, copy=False)
    return tuple(
        SpanSound(pcm=pcm, marks=tuple((int(character), int(sample)) for character, sample in begun))
        for pcm, begun in zip(
            np.split(samples, np.cumsum(counts)[:-1]), np.split(marks, np.cumsum(words)[:-1]), strict=True
        )
    )
