"""A process that has loaded a Whisper model. Run as a file with `-I`: numpy, CTranslate2 and tokenizers.

    child.py FOLDER DEVICE COMPUTE_TYPE THREADS

Frames as `workers.child_process` speaks them. The first frame out has the head `{"version"}`, or `{"refused": reason}`
after which the child ends. The body of every request is int16 mono of 16 kHz; its head one of

    {"ask": "hear", "language", "style", "longest_repeat"} -> {"text"}
    {"ask": "weigh", "language", "style", "texts"} -> {"weights"}   log likelihoods
    {"ask": "place", "language", "style", "text"} -> {"times"}      [from, to] of each word in ms
    {"ask": "language"} -> {"language", "probability"}

`style` is a sentence in the language that has its numbers in words; it stands where Whisper expects what was said
before, so that figures are heard as words. Digits and signs are forbidden besides. Sound is padded to a multiple of
`WINDOW_FRAMES` and not to half a minute: half the time and the same words.
"""

from __future__ import annotations

import json
import os
import signal
import struct
import sys
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

Encoded = Any
"""CTranslate2's: what the encoder made of a sound."""
HEAD = struct.Struct("<II")
RATE_HZ, FFT_SAMPLES, HOP_SAMPLES, MEL_BANDS = 16_000, 400, 160, 80
WINDOW_FRAMES, LEAST_FRAMES, MOST_FRAMES = 500, 1_000, 3_000
"""Of 10 ms: sound is padded to a multiple of the first, and not to less than the second."""
FRAME_MS = 20
"""Of the encoder's output."""
LATE_MS = 100
"""The decoder looks at a word before it begins: by so much at the median, held against Kokoro's own times."""
BEAMS = 5
TOKENS_PER_S = 10
LEAST_TOKENS = 24
ENGLISH_NUMBERS = (
    "two", "three", "four", "five", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen",
    "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty", "thirty", "forty", "fifty", "sixty", "seventy",
    "eighty", "ninety", "hundred", "thousand",
)  # fmt: skip
"""Where figures are forbidden, a small model says them in English, whatever the language."""
LATIN = frozenset(
    {"ca", "cs", "da", "de", "en", "es", "fi", "fr", "hu", "it", "nl", "no", "pl", "pt", "ro", "sv", "tr"}
)
"""Languages that are written in Latin letters alone: a small model says a number in Chinese at times."""
FORBIDDEN_SIGNS = frozenset("%#&*/\\@~_+=<>|[]{}()«»♪°–—")


class LoadedWhisper:
    """The model, loaded."""

    def __init__(self, folder: str, device: str, compute_type: str, threads: int) -> None:
        """Raises what the libraries raise for a folder that holds no such model."""
        import ctranslate2
        from tokenizers import Tokenizer

        name, _, index = device.partition(":")
        self._ct = ctranslate2
        self.model = ctranslate2.models.Whisper(
            folder,
            device=name,
            device_index=int(index or 0),
            compute_type=compute_type,
            inter_threads=1,
            intra_threads=threads,
        )
        self.tokenizer = Tokenizer.from_file(str(Path(folder) / "tokenizer.json"))
        self.version: str = ctranslate2.__version__
        self.start, self.previous = self._token("<|startoftranscript|>"), self._token("<|startofprev|>")
        self.transcribe, self.no_times = self._token("<|transcribe|>"), self._token("<|notimestamps|>")
        self.text_end = self._token("<|endoftext|>")
        self.vocabulary: dict[str, int] = self.tokenizer.get_vocab()
        self.forbidden = self._forbidden()
        self.english_numbers = self._single_tokens(ENGLISH_NUMBERS)
        self.other_scripts = self._of_other_scripts()

    def _token(self, text: str) -> int:
        token = self.tokenizer.token_to_id(text)
        if token is None:
            raise ValueError(f"its tokenizer has no {text}")
        return int(token)

    def _forbidden(self) -> list[int]:
        """Tokens with digits or signs."""
        tokens = []
        for token in range(self.text_end):
            text = self.tokenizer.decode([token])
            if any(
                character in FORBIDDEN_SIGNS
                or (unicodedata.category(character)[0] in "NS" and character != "\ufffd")
                for character in text
            ):
                tokens.append(token)
        return tokens

    def _single_tokens(self, words: Sequence[str]) -> list[int]:
        """Of words that are one token, with a blank before them or none, small or capital."""
        tokens = set()
        for word in words:
            for text in (word, word.capitalize(), f" {word}", f" {word.capitalize()}"):
                ids = self.encode(text)
                tokens |= set(ids) if len(ids) == 1 else set()
        return sorted(tokens)

    def _of_other_scripts(self) -> list[int]:
        """Tokens with a letter that is not Latin."""
        return [
            token
            for token in range(self.text_end)
            if any(
                character.isalpha() and not unicodedata.name(character, "").startswith("LATIN")
                for character in self.tokenizer.decode([token])
            )
        ]

    def encode(self, text: str) -> list[int]:
        """A text in tokens, merged in the order of their ids as Whisper was trained on them.

        The tokenizer's own merges do not do: in files that are about the first one, a blank and "t", is missing, so
        that no word with a small "t" is what the model would write.
        """
        pieces = self.tokenizer.pre_tokenizer.pre_tokenize_str(text)
        return [token for piece, _ in pieces for token in self._merged(piece)]

    def _merged(self, piece: str) -> list[int]:
        parts = list(piece)
        while True:
            pairs = [
                (token, at)
                for at in range(len(parts) - 1)
                if (token := self.vocabulary.get(parts[at] + parts[at + 1])) is not None
            ]
            if not pairs:
                return [self.vocabulary[part] for part in parts]
            _, at = min(pairs)
            parts[at : at + 2] = [parts[at] + parts[at + 1]]

    def ids(self, text: str) -> list[int]:
        """Of a text, as it follows on another."""
        return self.encode(" " + text.strip())

    def prompt(self, head: dict[str, Any]) -> list[int]:
        """What stands before the words."""
        before = [self.previous, *self.ids(head["style"])] if head["style"] else []
        return [*before, self.start, self._token(f"<|{head['language']}|>"), self.transcribe]

    def answer(self, head: dict[str, Any], body: bytes) -> dict[str, Any]:
        """The reply to a request."""
        pcm = np.frombuffer(body, dtype="<i2")
        frames = min(MOST_FRAMES, -(-len(pcm) // HOP_SAMPLES))
        window = min(MOST_FRAMES, max(LEAST_FRAMES, -(-frames // WINDOW_FRAMES) * WINDOW_FRAMES))
        mel = log_mel(pcm, window)
        encoded = self.model.encode(self._ct.StorageView.from_array(mel[None]))
        if head["ask"] == "hear":
            return {"text": self.hear(encoded, head, len(pcm) / RATE_HZ)}
        if head["ask"] == "language":
            return self.language(encoded)
        if head["ask"] == "weigh":
            return {"weights": self.weigh(encoded, head, frames)}
        return {"times": self.place(encoded, head, frames)}

    def hear(self, encoded: Encoded, head: dict[str, Any], seconds: float) -> str:
        """The likeliest words; without chance, so that the same sound gives the same words."""
        prompt = [*self.prompt(head), self.no_times]
        result = self.model.generate(
            encoded,
            [prompt],
            beam_size=BEAMS,
            sampling_temperature=1.0,
            sampling_topk=1,
            no_repeat_ngram_size=head["longest_repeat"],
            suppress_tokens=[
                -1,
                *self.forbidden,
                *(self.english_numbers if head["language"] != "en" else ()),
                *(self.other_scripts if head["language"] in LATIN else ()),
            ],
            max_length=len(prompt) + LEAST_TOKENS + int(TOKENS_PER_S * seconds),
        )[0]
        tokens = [token for token in result.sequences_ids[0] if token < self.text_end]
        return str(self.tokenizer.decode(tokens)).strip()

    def language(self, encoded: Encoded) -> dict[str, Any]:
        """The likeliest one."""
        token, probability = self.model.detect_language(encoded)[0][0]
        return {"language": token.strip("<|>"), "probability": round(probability, 4)}

    def weigh(self, encoded: Encoded, head: dict[str, Any], frames: int) -> list[float]:
        """Sums of log probabilities."""
        weights = []
        for text in head["texts"]:
            [one] = self.model.align(encoded, self.prompt(head), [self.ids(text)], [frames])
            weights.append(float(np.log(np.maximum(one.text_token_probs, 1e-9)).sum()))
        return weights

    def place(self, encoded: Encoded, head: dict[str, Any], frames: int) -> list[tuple[float, float]]:
        """From what the decoder's heads look at while it says each token (the model's own alignment heads)."""
        words = [self.ids(word) for word in head["text"].split()]
        [one] = self.model.align(
            encoded, self.prompt(head), [[token for word in words for token in word]], [frames]
        )
        first: dict[int, int] = {}
        for token, frame in one.alignments:
            first.setdefault(token, frame)
        starts, at = [], 0
        for word in words:
            starts.append(first.get(at, 0) * FRAME_MS + LATE_MS)
            at += len(word)
        ends = [*starts[1:], frames * FRAME_MS / 2]
        return [(float(begun), float(ended)) for begun, ended in zip(starts, ends, strict=True)]


def log_mel(pcm: np.ndarray, frames: int) -> np.ndarray:
    """float32 (80, frames): what Whisper hears of int16 at 16 kHz (openai/whisper, audio.py)."""
    wave = np.zeros(frames * HOP_SAMPLES, dtype=np.float32)
    heard = pcm[: len(wave)].astype(np.float32) / 32_768
    wave[: len(heard)] = heard
    padded = np.pad(wave, FFT_SAMPLES // 2, mode="reflect")
    slices = np.lib.stride_tricks.sliding_window_view(padded, FFT_SAMPLES)[::HOP_SAMPLES][:frames]
    hann = (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(FFT_SAMPLES) / FFT_SAMPLES)).astype(np.float32)
    power = np.abs(np.fft.rfft(slices * hann)) ** 2
    bands = np.log10(np.maximum(power @ slaney_bands(), 1e-10))
    levels = (np.maximum(bands, bands.max() - 8.0) + 4.0) / 4.0
    return np.ascontiguousarray(levels.T, dtype=np.float32)


@lru_cache(maxsize=1)
def slaney_bands() -> np.ndarray:
    """(201, 80): triangles of equal area on Slaney's mel scale, linear below 1 kHz and logarithmic above."""
    mels = np.linspace(0.0, 15 + 27 * np.log(RATE_HZ / 2 / 1000) / np.log(6.4), MEL_BANDS + 2)
    edges = np.where(mels < 15, mels * 200 / 3, 1000 * np.exp((mels - 15) * np.log(6.4) / 27))
    at = np.arange(FFT_SAMPLES // 2 + 1)[:, None] * RATE_HZ / FFT_SAMPLES
    rising = (at - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - at) / (edges[2:] - edges[1:-1])
    triangles = np.maximum(0.0, np.minimum(rising, falling))
    bands: np.ndarray = triangles * 2 / (edges[2:] - edges[:-2])
    return bands


def main() -> None:
    """Serve until stdin ends."""
    requests, replies = os.dup(0), os.dup(1)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):  # what a library prints must not get between the frames
        os.dup2(nowhere, descriptor)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the whole group; the owner decides
    with os.fdopen(requests, "rb") as asked, os.fdopen(replies, "wb") as told:

        def reply(head: dict[str, Any]) -> None:
            data = json.dumps(head).encode()
            told.write(HEAD.pack(len(data), 0) + data)
            told.flush()

        try:
            whisper = LoadedWhisper(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]))
        except Exception as problem:  # noqa: BLE001  # the owner says it; here nobody would hear it
            reply({"refused": f"{type(problem).__name__}: {problem}"})
            return
        reply({"version": whisper.version})
        while True:
            sizes = asked.read(HEAD.size)
            if len(sizes) < HEAD.size:
                return
            head_bytes, body_bytes = HEAD.unpack(sizes)
            head = json.loads(asked.read(head_bytes))
            try:
                answer = whisper.answer(head, asked.read(body_bytes))
            except Exception as problem:  # noqa: BLE001
                answer = {"failed": f"{type(problem).__name__}: {problem}"}
            reply(answer)


if __name__ == "__main__":
    main()
