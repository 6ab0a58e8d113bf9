"""Pieces of a sentence in the order they are said, and how they join into spoken utterances."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from campaign.speech.languages import registry
from campaign.speech.languages.traits import traits
from campaign.speech.values.seams import Edges
from workers.engines.engine import SpokenSpan


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of the script with the words for it."""

    start: int
    end: int
    """Offsets in the sentence as rendered, before any word replaced it."""
    written: str
    text: str
    """Words, white space at the edges kept."""
    language: str
    reason: str
    """Why this language: `template`, `markup`, `field`, `detected 0.97`, `script cyrillic`, `lexicon`."""
    kind: str = "text"
    column: str | None = None
    phonemes: tuple[tuple[str, str], ...] = ()
    emphasis: str | None = None
    step: str = ""
    """What made the words: empty (as written), `verbaliser`, `normaliser`, `lexicon <entry>`."""
    reading: str = ""
    """The shape that found a value in prose."""
    edges: Edges | None = None
    """What such a value owns at both ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenUtterance:
    """The unit of synthesis, about a sentence."""

    spans: tuple[SpokenSpan, ...]
    pause_after_ms: int | None = None
    """Silence after it; None for the finish profile's pause at a sentence end."""

    @property
    def text(self) -> str:
        """The words of all spans."""
        return " ".join(span.text for span in self.spans)


_BEFORE_MARK: Final = re.compile(r" (?=[,.;:!?…])")
_DOUBLED: Final = re.compile(r"(?<!\.)(?:\.\.(?!\.)|\.(?=,))|,\s*(?=[,.])|(?<=[!?]),")
"""Two marks of which one is heard: the dot of a short form goes before the comma."""
_LEADING_MARKS: Final = re.compile(r"^[\s,.;:!?…)\]»”’、。，；：！？]+(?=\s|$)|^[,.;:!?…、。，；：！？]+")


def speak(pieces: Sequence[Piece], *, verbalised: bool) -> tuple[SpokenSpan, ...]:
    """The spans of one utterance: neighbours of one language joined, white space and punctuation tidied."""
    runs: list[tuple[list[str], Piece]] = []
    for piece in pieces:
        if runs and _joins(runs[-1][1], piece):
            _glue(runs[-1][0], piece.text, piece.language)
        elif runs and not _has_words(piece.text):
            runs[-1][0].append(piece.text)
        else:
            runs.append(([piece.text], piece))
    texts = ["".join(parts) for parts, _ in runs]
    for index in range(1, len(texts)):
        if match := _LEADING_MARKS.match(texts[index]):
            texts[index - 1] += match[0]
            texts[index] = texts[index][match.end() :]
    spans: list[SpokenSpan] = []
    for text, (_, piece) in zip(texts, runs, strict=True):
        tidy = _tidy(text, piece.language, verbalised)
        if not _has_words(tidy):
            continue
        spans.append(
            SpokenSpan(text=tidy, language=piece.language, phonemes=piece.phonemes, emphasis=piece.emphasis)
        )
    return tuple(spans)


def _joins(left: Piece, right: Piece) -> bool:
    return (
        left.language == right.language
        and left.emphasis == right.emphasis
        and not left.phonemes
        and not right.phonemes
    )


def _glue(parts: list[str], text: str, language: str) -> None:
    last = next((part for part in reversed(parts) if part), "")
    if last and text and last[-1].isalnum() and text[0].isalnum() and _parts_words(language):
        parts.append(" ")
    parts.append(text)


def _parts_words(language: str) -> bool:
    room = registry.language(language)
    return language not in traits().without_spaces if room is None else bool(room.space)


def _has_words(text: str) -> bool:
    return any(character.isalpha() for character in text)


def _tidy(text: str, language: str, verbalised: bool) -> str:
    text = " ".join(text.split())
    if verbalised:
        if "," in text or ".." in text:
            text = _DOUBLED.sub(lambda match: "." if match[0] == ".." else "", text)
        room = registry.language(language)
        for pattern, replacement in () if room is None else room.euphony:
            text = pattern.sub(replacement, text)
    text = _BEFORE_MARK.sub("", text)
    return text if text.isascii() else unicodedata.normalize("NFC", text)
