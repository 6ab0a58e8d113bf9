"""Moonshine tiny by onnxruntime: the second recogniser, of other makers, data and architecture than Whisper. English.

`campaign voice get moonshine-tiny` fetches one by digest. Nothing is downloaded here. Greedy, on one core; figures and
signs are forbidden to it, as they are to Whisper here, so that it writes words.
"""

from __future__ import annotations

import hashlib
import importlib.util
import re
from collections.abc import Iterator
from functools import lru_cache
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from workers.engines.engine import EngineError, Pcm
from workers.recognisers.recogniser import RATE_HZ, Heard, as_heard, is_loop, parts_of

ENCODER, DECODER, TOKENS = "encoder_model.ort", "decoder_model_merged.ort", "tokenizer.bin"
FILES = (ENCODER, DECODER, TOKENS)
PACKAGE = "onnxruntime"
HEARS = "en"
BEGIN, END = 1, 2
"""Tokens."""
MOST_TOKENS_A_S = 6.5
"""Of speech: what is longer goes in circles (Moonshine's own bound)."""
LEAST_TOKENS = 8
NO_SPACE, SPACE = "\u2581", " "
_WORDS = re.compile("[▁A-Za-z'’-]*[A-Za-z][▁A-Za-z'’-]*")
_MARKS = re.compile(r"▁?[,.?!]")
"""Which tokens it may say: figures and signs have more readings than one, and so words are all that it has."""
PACES = (1.0, 0.93, 1.07)
"""How a sound is heard, and heard again."""
Session = Any


class MoonshineRecogniser:
    """Two sessions, opened at the first question. Not thread-safe."""

    def __init__(self, model: Path) -> None:
        """`model` holds `FILES`. Raises `EngineError`."""
        missing = [name for name in FILES if not (model / name).is_file()]
        if missing:
            raise EngineError(
                f"{model} holds no {' and '.join(missing)}; fetch the model: campaign voice get moonshine-tiny"
            )
        if importlib.util.find_spec(PACKAGE) is None:
            raise EngineError(f"moonshine needs the {PACKAGE} package; install campaign")
        self._folder = model
        self._sessions: tuple[Session, Session] | None = None

    @property
    def name(self) -> str:
        """With the first of the decoder's digest and the library."""
        return moonshine_name(_digest(self._folder / DECODER))

    def understands(self, language: str) -> bool:
        """English alone."""
        return language == HEARS

    def hear(self, pcm: Pcm, rate_hz: int, language: str, *, attempt: int = 0) -> Heard:
        """See `Recogniser.hear`. No token by chance: the likeliest one each time."""
        if not self.understands(language):
            raise EngineError(f"{self.name} does not understand {language!r}; give a whisper model")
        wave = as_heard(pcm, round(rate_hz * PACES[attempt % len(PACES)]))
        try:
            texts = [self._hear(part) for part in parts_of(wave)]
        except EngineError:
            raise
        except Exception as exc:  # onnxruntime has no class of its own for what goes wrong in a model
            raise EngineError(f"the recogniser cannot hear this: {exc}") from exc
        return Heard(
            text=" ".join(text for text, _ in texts if text),
            looped=any(is_cut or is_loop(text) for text, is_cut in texts),
        )

    def _hear(self, wave: Pcm) -> tuple[str, bool]:
        """(text, whether it never came to an end)."""
        encoder, decoder = self._opened()
        sound = (wave.astype(np.float32) / 32_768)[None, :]
        mask = np.ones(sound.shape, np.int64)
        (states,) = encoder.run(None, {"input_values": sound, "attention_mask": mask})
        tokens = tokens_of(self._folder / TOKENS)
        forbidden, marks = _forbidden(self._folder / TOKENS)
        most = LEAST_TOKENS + int(MOST_TOKENS_A_S * len(wave) / RATE_HZ)
        said: list[int] = []
        past = _nothing_before(decoder)
        names = [one.name.replace("present", "past_key_values") for one in decoder.get_outputs()[1:]]
        token = BEGIN
        for step in range(most):
            logits, *present = decoder.run(
                None,
                {
                    "input_ids": np.array([[token]], np.int64),
                    "encoder_hidden_states": states,
                    "encoder_attention_mask": mask,  # a sample each: the model picks its frames' out of it
                    "use_cache_branch": np.array([step > 0]),
                    **past,
                },
            )
            past |= {
                name: value
                for name, value in zip(names, present, strict=True)
                if step == 0 or ".decoder." in name
            }
            scores = logits[0, -1]
            scores[forbidden] = -np.inf
            if token == BEGIN or token in marks:
                scores[list(marks)] = -np.inf
            token = int(scores.argmax())
            if token == END:
                return _text(said, tokens), False
            said.append(token)
        return _text(said, tokens), True

    def _opened(self) -> tuple[Session, Session]:
        if self._sessions is None:
            import onnxruntime

            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = options.inter_op_num_threads = 1
            try:
                encoder, decoder = (
                    onnxruntime.InferenceSession(
                        str(self._folder / name), options, providers=["CPUExecutionProvider"]
                    )
                    for name in (ENCODER, DECODER)
                )
            except Exception as exc:
                raise EngineError(
                    f"{self._folder} cannot be used ({exc}). Fetch it again: campaign voice get moonshine-tiny"
                ) from exc
            self._sessions = (encoder, decoder)
        return self._sessions

    def close(self) -> None:
        """See `Recogniser.close`."""
        self._sessions = None


def moonshine_name(digest: str) -> str:
    """What a recogniser of a decoder with this sha256 is called, before it is opened."""
    return f"moonshine-{digest[:12]}-onnxruntime-{metadata.version(PACKAGE)}"


@lru_cache(maxsize=4)
def tokens_of(file: Path) -> tuple[bytes, ...]:
    """Every token in UTF-8: each after its length, of one byte, or of two where the first is 128 or more."""
    data, tokens, at = file.read_bytes(), [], 0
    while at < len(data):
        length, at = data[at], at + 1
        if length >= 128:
            length, at = data[at] * 128 + length - 128, at + 1
        tokens.append(data[at : at + length])
        at += length
    return tuple(tokens)


@lru_cache(maxsize=4)
def _forbidden(file: Path) -> tuple[npt.NDArray[np.intp], frozenset[int]]:
    """(tokens that are neither words nor marks, marks)."""
    written = [token.decode("utf-8", "replace") for token in tokens_of(file)]
    marks = frozenset(number for number, token in enumerate(written) if _MARKS.fullmatch(token))
    forbidden = [
        number
        for number, token in enumerate(written)
        if number != END and number not in marks and not _WORDS.fullmatch(token)
    ]
    return np.array(forbidden, np.intp), marks


def _text(said: list[int], tokens: tuple[bytes, ...]) -> str:
    return b"".join(tokens[one] for one in said).decode("utf-8", "replace").replace(NO_SPACE, SPACE).strip()


def _nothing_before(decoder: Session) -> dict[str, npt.NDArray[np.float32]]:
    return dict(_empty(decoder))


def _empty(decoder: Session) -> Iterator[tuple[str, npt.NDArray[np.float32]]]:
    for one in decoder.get_inputs():
        if one.name.startswith("past_key_values"):
            _batch, heads, _length, size = one.shape
            yield one.name, np.zeros((1, heads, 0, size), np.float32)


@lru_cache(maxsize=8)
def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
