"""Captions of a file: its spoken words, each when it is heard. One writer for what a worker stores beside a file and
for what `campaign captions` prints.

A caption has the times of its words where the engine told them (`words.py`); where it did not, an utterance is one
caption. Personal data, as the sound is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal

from workers.finish.descriptor import UtteranceExtent

CaptionFormat = Literal["vtt", "srt", "json"]
CONTENT_TYPES: Mapping[CaptionFormat, str] = {
    "vtt": "text/vtt; charset=utf-8",
    "srt": "application/x-subrip; charset=utf-8",
    "json": "application/json",
}
"""A format is also what its files' names end with."""
LONGEST = 84
"""Characters of a caption: two lines of 42, what broadcasters hold to."""
CLAUSE_ENDS = tuple(",;:.!?…—–،।。，、；：！？")
_INNER_SIGN = re.compile(r"(?<=[,.;:!?…—–])(?=\w)")


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptionWord:
    """A word and when it is heard, in milliseconds of the file."""

    text: str
    from_ms: int
    to_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Caption:
    """What is read while it is heard."""

    text: str
    from_ms: int
    to_ms: int
    words: tuple[CaptionWord, ...] = ()
    """Empty where no engine told when they are heard."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptionedFile:
    """The captions of one version of a row's file."""

    campaign_id: str
    row: int
    version: int
    captions: tuple[Caption, ...]


def captions_in(
    texts: Sequence[str], extents: Sequence[UtteranceExtent], rate_hz: int
) -> tuple[Caption, ...]:
    """The captions of a file: each utterance's spoken text, and where it lies."""
    return tuple(
        caption
        for text, extent in zip(texts, extents, strict=True)
        for caption in _of_utterance(" ".join(text.split()), extent, rate_hz)
    )


def timed_words(text: str, extent: UtteranceExtent, rate_hz: int) -> tuple[CaptionWord, ...]:
    """The words of an utterance; empty where nobody told when they are heard, or it is not clear which they are."""
    times = extent.words or ()
    words = []
    for word, time in zip(written_words(text, len(times)), times, strict=False):
        from_ms, to_ms = milliseconds(time["first_sample"], time["samples"], rate_hz)
        words.append(CaptionWord(text=word, from_ms=from_ms, to_ms=to_ms))
    return tuple(words)


def milliseconds(first_sample: int, samples: int, rate_hz: int) -> tuple[int, int]:
    """(from, to) in the file."""
    return round(1000 * first_sample / rate_hz), round(1000 * (first_sample + samples) / rate_hz)


def _of_utterance(text: str, extent: UtteranceExtent, rate_hz: int) -> Iterator[Caption]:
    words = timed_words(text, extent, rate_hz)
    if not words:
        from_ms, to_ms = milliseconds(extent.first_sample, extent.samples, rate_hz)
        yield Caption(text=text, from_ms=from_ms, to_ms=to_ms)
        return
    for some in _lines(words):
        yield Caption(
            text=" ".join(word.text for word in some),
            from_ms=some[0].from_ms,
            to_ms=some[-1].to_ms,
            words=tuple(some),
        )


def written_words(text: str, count: int) -> list[str]:
    """The `count` words of a text with the signs beside them; empty where it is not clear which they are."""
    words = _with_signs(text.split())
    if len(words) != count:
        words = _with_signs(_INNER_SIGN.sub(" ", text).split())
    return words if len(words) == count else []


def _with_signs(pieces: Sequence[str]) -> list[str]:
    """What has no letter or digit goes to the word before it, at the beginning to the word after."""
    words: list[str] = []
    before = ""
    for piece in pieces:
        if any(character.isalnum() for character in piece):
            words.append(f"{before} {piece}".strip())
            before = ""
        elif words:
            words[-1] += f" {piece}"
        else:
            before = f"{before} {piece}".strip()
    return words


def _lines(words: Sequence[CaptionWord]) -> Iterator[list[CaptionWord]]:
    """Words that are read together: as many as fit, up to the end of a clause where there is one in the second half."""
    left = list(words)
    while left:
        fitting, length = 1, len(left[0].text)
        while fitting < len(left) and length + 1 + len(left[fitting].text) <= LONGEST:
            length += 1 + len(left[fitting].text)
            fitting += 1
        if fitting < len(left):
            ends = [n for n in range(fitting, fitting // 2, -1) if left[n - 1].text.endswith(CLAUSE_ENDS)]
            fitting = ends[0] if ends else fitting
        yield left[:fitting]
        left = left[fitting:]


def as_vtt(file: CaptionedFile) -> str:
    """WebVTT; each word after the first with the moment it is heard."""
    blocks = ["WEBVTT\n"]
    for caption in file.captions:
        text = escape(caption.text, quote=False)
        if caption.words:
            first, *others = caption.words
            timed = [f"<{_clock(word.from_ms, '.')}>{escape(word.text, quote=False)}" for word in others]
            text = " ".join([escape(first.text, quote=False), *timed])
        blocks.append(f"{_clock(caption.from_ms, '.')} --> {_clock(caption.to_ms, '.')}\n{text}\n")
    return "\n".join(blocks)


def as_srt(file: CaptionedFile) -> str:
    """SubRip."""
    return "\n".join(
        f"{number}\n{_clock(caption.from_ms, ',')} --> {_clock(caption.to_ms, ',')}\n{caption.text}\n"
        for number, caption in enumerate(file.captions, start=1)
    )


def as_json(file: CaptionedFile) -> str:
    """One document; `words` is null where no engine told when they are heard."""
    document = {
        "campaign": file.campaign_id,
        "row": file.row,
        "version": file.version,
        "captions": [
            {
                "from_ms": caption.from_ms,
                "to_ms": caption.to_ms,
                "text": caption.text,
                "words": [
                    {"from_ms": word.from_ms, "to_ms": word.to_ms, "text": word.text}
                    for word in caption.words
                ]
                or None,
            }
            for caption in file.captions
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


WRITERS: Mapping[CaptionFormat, Callable[[CaptionedFile], str]] = {
    "vtt": as_vtt,
    "srt": as_srt,
    "json": as_json,
}
"""Format to what writes it."""


def _clock(at_ms: int, point: str) -> str:
    seconds, ms = divmod(at_ms, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}{point}{ms:03}"
