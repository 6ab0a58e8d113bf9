"""One written sentence to its spoken form, as stock `Normalizer(input_case="cased", ...).normalize(sentence)` says it.

The grammars are NeMo's, the decoder is ours, and neither pynini nor NeMo's package is imported. Punctuation
post-processing (`punct_post_process`) is off, which is stock's default. Two things differ, on purpose, and only where
stock gives up: it would return the input as if nothing were wrong (contract 4 forbids that), and takes text of any
length; here both are errors.

A sentence is the unit: float32 sums drift over long texts, so that NeMo's answer to a clause depends on what stands
before it. Callers split first.
"""

from __future__ import annotations

import functools
import re
import threading
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path

from campaign.errors import SpeechError
from campaign.speech.nemo import shipped, tokens
from campaign.speech.nemo.decoder import LatticeTooLargeError, best_path
from campaign.speech.nemo.shipped import POST_PROCESSOR, TAGGER, VERBALISER, Grammar

SENTENCE_LIMIT_BYTES = 4_096
"""UTF-8 bytes of one sentence; longer is refused."""
CACHED_SENTENCES = 8_192

_SPACES = re.compile(" {2,}")


@functools.cache
def grammar_languages() -> frozenset[str]:
    """Languages whose grammar ships."""
    return frozenset(shipped.shipped_digests())


def __getattr__(name: str) -> frozenset[str]:
    if name == "GRAMMAR_LANGUAGES":  # for tools that were written before importing opened no file
        return grammar_languages()
    raise AttributeError(name)


@dataclass(frozen=True, slots=True, kw_only=True)
class CacheCounts:
    """How often a sentence was answered from memory."""

    hits: int
    misses: int


class SentenceNormaliser:
    """NeMo's written-to-spoken rules for one language. Thread-safe; decoding does not hold the GIL."""

    def __init__(self, language: str, grammar: Grammar, *, cached_sentences: int = CACHED_SENTENCES) -> None:
        self.language = language
        self._grammar = grammar
        self._cached_sentences = cached_sentences
        self._cache: OrderedDict[str, str] = OrderedDict()
        self._lock = threading.Lock()
        self._hits = 0
        self._misses = 0

    @classmethod
    def load(cls, language: str, *, cache_dir: Path | None) -> SentenceNormaliser:
        """A language's shipped grammar: 10 ms when `cache_dir` holds it expanded, up to 1 s the first time.

        `cache_dir` is shared between processes and may be deleted at any time; None keeps everything in memory.
        Raises `GrammarError` when the shipped file is damaged, `SpeechError` when the language has none.
        """
        if language not in grammar_languages():
            supported = ", ".join(sorted(grammar_languages()))
            raise SpeechError(
                "no-grammar",
                f"there is no normaliser for language {language!r}",
                mend=f"use one of {supported}",
            )
        return cls(language, shipped.load_grammar(language, cache_dir=cache_dir))

    def normalise(self, sentence: str) -> str:
        """The spoken form of one sentence, digits and symbols as words.

        Raises `SpeechError`: `sentence-too-long`, `too-complex`, `unencodable` (NUL, lone surrogates),
        `not-normalised` (no reading at all).
        """
        with self._lock:
            spoken = self._cache.get(sentence)
            if spoken is not None:
                self._cache.move_to_end(sentence)
                self._hits += 1
                return spoken
            self._misses += 1
        spoken = self._decode(sentence)
        with self._lock:
            self._cache[sentence] = spoken
            if len(self._cache) > self._cached_sentences:
                self._cache.popitem(last=False)
        return spoken

    def counts(self) -> CacheCounts:
        """Sentences answered from memory and by decoding, since this was loaded."""
        with self._lock:
            return CacheCounts(hits=self._hits, misses=self._misses)

    def _decode(self, sentence: str) -> str:
        _refuse_unencodable(sentence)
        try:
            return _speak(self._grammar, sentence)
        except LatticeTooLargeError as exc:
            raise SpeechError(
                "too-complex",
                f"too many readings in {sentence[:80]!r}: {exc}",
                mend="shorten it, or declare what its digits are in the template",
            ) from exc
        except (_NoReadingError, tokens.TokenError) as exc:
            raise SpeechError(
                "not-normalised",
                f"the {self.language} grammar has no reading for {sentence[:80]!r}: {exc}",
                mend="write the value in words, or declare its type in the template",
            ) from exc


class _NoReadingError(Exception):
    """Tagger or verbaliser has no path."""


def _refuse_unencodable(sentence: str) -> None:
    try:
        size = len(sentence.encode())
    except UnicodeEncodeError as exc:
        raise SpeechError(
            "unencodable",
            f"a lone surrogate at position {exc.start}",
            mend="save the file as UTF-8 again",
        ) from exc
    if "\0" in sentence:
        raise SpeechError("unencodable", f"NUL at position {sentence.index(chr(0))}", mend="remove it")
    if size > SENTENCE_LIMIT_BYTES:
        raise SpeechError(
            "sentence-too-long",
            f"a sentence of {size} bytes; the limit is {SENTENCE_LIMIT_BYTES}",
            mend="shorten it, or end sentences with a full stop",
        )


def _speak(grammar: Grammar, sentence: str) -> str:
    """Tag, order, verbalise, join; English is post-processed too."""
    text = sentence.strip()
    if not text:
        return text
    tagged = best_path(grammar[TAGGER], text.encode())
    if tagged is None:
        raise _NoReadingError("the tagger reads no path through it")
    spoken = " ".join(_verbalise(grammar, run) for run in tokens.splits(tokens.parse(tagged.decode())))
    spoken = _SPACES.sub(" ", spoken)
    if POST_PROCESSOR in grammar and (stripped := spoken.strip()):
        processed = best_path(grammar[POST_PROCESSOR], stripped.encode(), remove_silent=True)
        if processed is None:
            raise _NoReadingError("its punctuation cannot be cleaned up")
        return processed.decode()
    return spoken


def _verbalise(grammar: Grammar, run: list[tokens.Fields]) -> str:
    """The first order of the fields that the verbaliser accepts."""
    for written in tokens.orders(run):
        spoken = best_path(grammar[VERBALISER], written.encode())
        if spoken is not None:
            return spoken.decode()
    raise _NoReadingError("the verbaliser accepts no order of its fields")


def grammar_digest(language: str) -> str:
    """SHA-256 of a language's grammar, for `campaign.lock`. Raises `KeyError` where none ships."""
    return shipped.shipped_digests()[language]
