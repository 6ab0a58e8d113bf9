"""The owners of the children that speak: each is started at its first question, asked, given up in time, replaced."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from workers.child_process import ChildProcess
from workers.engines.engine import EngineError
from workers.engines.kokoro import child

CHILD = Path(child.__file__)
START_TIMEOUT_S = 120.0
"""Reading and checking 92 MB from a cold disk, and making the network ready."""
Samples = npt.NDArray[np.float32]
"""float32 (samples,)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartToSpeak:
    """One part of an utterance as the network takes it."""

    tokens: tuple[int, ...]
    """Between the two ends, which are 0."""
    style: Samples
    """(256,)."""
    speed: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenPart:
    """What the network made of it."""

    sound: Samples
    """[-1, 1]."""
    durations: tuple[float, ...]
    """Frames of each token, the ends included; empty where the export does not say."""


@dataclass(frozen=True, slots=True)
class NotSpoken:
    """Why there is no sound."""

    reason: str
    is_late: bool = False


class KokoroProcess:
    """One child. Belongs to one thread at a time."""

    def __init__(self, model: Path, sha256: str, *, threads: int = 1) -> None:
        """`sha256` of the file, or empty where nobody knows it."""
        self._model = model
        self._command = [sys.executable, "-I", str(CHILD), str(model), sha256, str(threads)]
        self._child: ChildProcess | None = None
        self.version = ""

    @property
    def pid(self) -> int | None:
        """Of the running child."""
        return None if self._child is None else self._child.pid

    def begin(self) -> None:
        """Start the child if it does not run; it loads while this process goes on."""
        if self._child is None:
            try:
                self._child = ChildProcess(self._command)
            except OSError as problem:
                raise EngineError(
                    f"Kokoro does not start ({problem}). Free memory and try again"
                ) from problem
            self.version = ""

    def start(self) -> None:
        """Start it and wait until it is ready. Raises `EngineError`."""
        self.begin()
        if self.version:
            return
        try:
            assert self._child is not None
            told, _ = self._child.hear(time.monotonic() + START_TIMEOUT_S)
        except (OSError, EOFError, ValueError) as problem:
            self.close()
            raise EngineError(
                f"Kokoro does not start ({problem}). Free memory, or reinstall onnxruntime"
            ) from problem
        if "refused" in told:
            self.close()
            raise EngineError(
                f"{self._model} cannot be used ({told['refused']}). Fetch it again: campaign voice get kokoro"
            )
        self.version = str(told["version"])

    def ask(self, question: PartToSpeak, timeout_s: float) -> SpokenPart | NotSpoken:
        """A child that dies is replaced and asked once more. Raises `EngineError` when none starts."""
        head = {"tokens": [0, *question.tokens, 0], "speed": question.speed}
        body = question.style.astype("<f4").tobytes()
        for attempt in (1, 2):
            self.start()
            deadline = time.monotonic() + timeout_s
            try:
                assert self._child is not None
                self._child.tell(head, body, deadline)
                told, sound = self._child.hear(deadline)
            except TimeoutError:
                self.close()
                return NotSpoken(f"not done after {timeout_s:g} s", is_late=True)
            except (OSError, EOFError, ValueError) as problem:
                self.close()
                if attempt == 2:
                    return NotSpoken(f"its process died twice: {problem}")
                continue
            except BaseException:
                self.close()  # what it would answer later is no answer to the next question
                raise
            if "failed" in told:
                return NotSpoken(str(told["failed"]))
            return SpokenPart(sound=np.frombuffer(sound, dtype="<f4"), durations=tuple(told["durations"]))
        raise AssertionError("unreachable")

    def close(self) -> None:
        """End the child. Idempotent."""
        process, self._child = self._child, None
        self.version = ""
        if process is not None:
            process.close()
