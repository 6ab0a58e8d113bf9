"""Whisper by CTranslate2, in a process of its own: a folder with a faster-whisper model, on CPU or GPU.

`campaign voice get whisper-base` fetches one by digest. Nothing is downloaded here. Measured (docs/listening.md): 0.06
CPU s a second of sound with whisper-base in int8 on one core with VNNI.
"""

from __future__ import annotations

import hashlib
import importlib.util
import sys
import time
import tomllib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib import metadata, resources
from pathlib import Path
from typing import Any

from workers.child_process import ChildProcess
from workers.engines.engine import EngineError, Pcm
from workers.recognisers import child
from workers.recognisers.recogniser import Heard, ToldLanguage, WordTime, as_heard, is_loop, parts_of

CHILD = Path(child.__file__)
START_TIMEOUT_S = 120.0
LEAST_TIMEOUT_S = 60.0
TIMEOUT_PER_S = 20.0
"""For each second of sound: a busy machine takes a hundred times as long as a quiet one."""
PACKAGES = ("ctranslate2", "tokenizers")
ENGLISH_ALONE = ".en"
FREE, HELD = 0, 8
"""Tokens that no beam may say twice; 0 is any."""
WAYS = ((1.0, True), (0.93, True), (1.0, False), (1.07, True))
"""(pace, whether the style stands before): how a sound is heard, and heard again. Slips differ, what is there stays."""


class WhisperRecogniser:
    """One child, started at the first question. Not thread-safe."""

    def __init__(
        self, model: Path, *, device: str = "cpu", compute_type: str = "int8", threads: int = 1
    ) -> None:
        """`compute_type` is CTranslate2's: `int8` on a CPU, `float16` on a GPU. Raises `EngineError`."""
        if not (model / "model.bin").is_file() or not (model / "tokenizer.json").is_file():
            raise EngineError(
                f"{model} holds no model.bin and tokenizer.json; give the folder of a faster-whisper (CTranslate2) "
                "model, or fetch one: campaign voice get whisper-base"
            )
        for package in PACKAGES:
            if importlib.util.find_spec(package) is None:
                raise EngineError(f"a whisper model needs the {package} package; install campaign[listen]")
        self._folder = model
        self._compute_type = compute_type
        self._command = [sys.executable, "-I", str(CHILD), str(model), device, compute_type, str(threads)]
        self._child: ChildProcess | None = None

    @property
    def name(self) -> str:
        """With the first of the model's digest, the library and its number format: other bits hear other words."""
        return _name(model_digest(self._folder), self._compute_type)

    def understands(self, language: str) -> bool:
        """A model whose name ends in `.en` is English alone."""
        return language == "en" or not self._folder.name.endswith(ENGLISH_ALONE)

    def hear(self, pcm: Pcm, rate_hz: int, language: str, *, attempt: int = 0) -> Heard:
        """See `Recogniser.hear`. Beam 5, no fallback to chance;  what goes in circles is heard again, held."""
        pace, styled = WAYS[attempt % len(WAYS)]
        texts = [
            self._hear(part, language, styled) for part in parts_of(as_heard(pcm, round(rate_hz * pace)))
        ]
        text = " ".join(part.text for part in texts if part.text)
        return Heard(
            text=text,
            looped=any(part.looped for part in texts),
            was_held=any(part.was_held for part in texts),
        )

    def _hear(self, wave: Pcm, language: str, styled: bool) -> Heard:
        """Free first; where that goes in circles held, so that no beam says eight tokens twice."""
        text = ""
        style = style_of(language)
        ways = (
            ((style, FREE), (style, HELD), ("", HELD)) if styled else (("", FREE), ("", HELD), (style, HELD))
        )
        for before, longest_repeat in ways:
            told = self._ask(
                {"ask": "hear", "language": language, "style": before, "longest_repeat": longest_repeat}, wave
            )
            text = str(told["text"])
            if not is_loop(text):
                return Heard(text=text, was_held=longest_repeat == HELD)
        return Heard(text=text, looped=True)

    def weigh(self, pcm: Pcm, rate_hz: int, language: str, texts: Sequence[str]) -> Sequence[float]:
        """See `WeighingRecogniser.weigh`."""
        head = {"ask": "weigh", "language": language, "style": style_of(language), "texts": list(texts)}
        return [float(weight) for weight in self._ask(head, as_heard(pcm, rate_hz))["weights"]]

    def place(self, pcm: Pcm, rate_hz: int, language: str, text: str) -> Sequence[WordTime]:
        """See `WeighingRecogniser.place`."""
        from workers.recognisers.recogniser import EDGE_S

        head = {"ask": "place", "language": language, "style": style_of(language), "text": text}
        edge, end = 1000 * EDGE_S, 1000 * len(pcm) / rate_hz
        times = self._ask(head, as_heard(pcm, rate_hz))["times"]
        return [
            WordTime(begun_ms=min(end, max(0.0, begun - edge)), ended_ms=min(end, max(0.0, ended - edge)))
            for begun, ended in times
        ]

    def language_of(self, pcm: Pcm, rate_hz: int) -> ToldLanguage:
        """See `LanguageRecogniser.language_of`; of the first half minute."""
        if self._folder.name.endswith(ENGLISH_ALONE):
            return ToldLanguage(language="en", probability=1.0)
        told = self._ask({"ask": "language"}, as_heard(pcm, rate_hz))
        return ToldLanguage(language=str(told["language"]), probability=float(told["probability"]))

    def _ask(self, head: Mapping[str, Any], wave: Pcm) -> dict[str, Any]:
        """A child that dies is replaced and asked once more."""
        timeout_s = LEAST_TIMEOUT_S + TIMEOUT_PER_S * len(wave) / child.RATE_HZ
        body = wave.astype("<i2").tobytes()
        for attempt in (1, 2):
            started = self._started()
            deadline = time.monotonic() + timeout_s
            try:
                started.tell(head, body, deadline)
                told, _ = started.hear(deadline)
            except (OSError, EOFError, ValueError) as problem:
                self.close()
                if attempt == 2:
                    raise EngineError(f"the recogniser's process died twice: {problem}") from problem
                continue
            except BaseException:
                self.close()  # what it would answer later is no answer to the next question
                raise
            if "failed" in told:
                raise EngineError(f"the recogniser cannot hear this: {told['failed']}")
            return told
        raise AssertionError("unreachable")

    def _started(self) -> ChildProcess:
        if self._child is not None:
            return self._child
        begun = None
        try:
            begun = ChildProcess(self._command)
            told, _ = begun.hear(time.monotonic() + START_TIMEOUT_S)
        except (OSError, EOFError, ValueError) as problem:
            if begun is not None:
                begun.close()
            raise EngineError(
                f"the recogniser does not start ({problem}). Free memory, or reinstall campaign[listen]"
            ) from problem
        if "refused" in told:
            begun.close()
            raise EngineError(
                f"{self._folder} cannot be used ({told['refused']}). Fetch it again: campaign voice get whisper-base"
            )
        self._child = begun
        return begun

    def close(self) -> None:
        """See `Recogniser.close`."""
        begun, self._child = self._child, None
        if begun is not None:
            begun.close()


def compute_type_on(device: str) -> str:
    """CTranslate2's number format for a device."""
    return "int8" if device.startswith("cpu") else "float16"


def whisper_name(digest: str, device: str) -> str:
    """What a recogniser of these weights is called on a device, before it is opened."""
    return _name(digest, compute_type_on(device))


def _name(digest: str, compute_type: str) -> str:
    return f"whisper-{digest[:12]}-ctranslate2-{metadata.version('ctranslate2')}-{compute_type}"


@lru_cache(maxsize=8)
def model_digest(folder: Path) -> str:
    """sha256 of a model's weights; 0.1 s for whisper-base, once a process."""
    with (folder / "model.bin").open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@lru_cache(maxsize=1)
def _styles() -> Mapping[str, str]:
    return tomllib.loads(resources.files(__package__).joinpath("styles.toml").read_text(encoding="utf-8"))


def style_of(language: str) -> str:
    """A sentence of a language with its numbers in words; empty where there is none."""
    return str(_styles().get(language, ""))
