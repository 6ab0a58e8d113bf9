"""Captions of a delivered file: its spoken words from the database, when each is heard from the file itself.

A caption has the times of its words where the engine told them (the descriptor's `words`); where it did not, an
utterance is one caption. Personal data: what an operator asked for, and never an object.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from typing import Any

from campaign.errors import NotFoundError
from campaign.recipients.rows import clean_id
from storage.history import origins, rows
from storage.history.origins import FileVersion
from storage.installation import Installation
from storage.names import CampaignId
from storage.records import Campaign
from workers.errors import UnreadableFileError
from workers.finish.reading import read_file
from workers.requests import Spec

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
    """The captions of the current version of a row's file."""

    campaign_id: CampaignId
    row: int
    version: int
    captions: tuple[Caption, ...]


def row_of(installation: Installation, campaign: Campaign, external_id: str) -> int:
    """The row of a recipient that has a file. Raises `NotFoundError`."""
    with installation.database.read() as connection:
        called = rows.rows_called(connection, campaign.id, clean_id(external_id))
        for row in called:
            if any(version.is_current for version in origins.versions(connection, campaign.id, row=row)):
                return row
    if called:
        raise _no_file(campaign, called[0])
    raise NotFoundError(
        f"campaign {campaign.id} has no recipient of that id. Give it as the recipients file has it, or --row."
    )


def captions_of(installation: Installation, campaign: Campaign, row: int) -> CaptionedFile:
    """Of the current version of a row's file. Raises `NotFoundError` where it has none, and what the store raises."""
    with installation.database.read() as connection:
        explained = rows.find(connection, campaign.id, row)
        if explained is None:
            raise NotFoundError(
                f"campaign {campaign.id} has no row {row}. Rows count from 1 after the header."
            )
        versions = origins.versions(connection, campaign.id, row=row)
        current = next((version for version in versions if version.is_current), None)
        if current is None:
            raise _no_file(campaign, row)
        spoken = [
            Spec.from_json(one.spec).text
            for one in rows.utterances_of(connection, explained.asset_id)
            if one.version == current.version
        ]
    places = _places(installation.store.get(current.object_key), current)
    captions = [
        caption
        for text, place in zip(spoken, places, strict=True)
        for caption in _of_utterance(" ".join(text.split()), place, current.rate_hz)
    ]
    return CaptionedFile(campaign_id=campaign.id, row=row, version=current.version, captions=tuple(captions))


def _no_file(campaign: Campaign, row: int) -> NotFoundError:
    return NotFoundError(
        f"row {row} of campaign {campaign.id} has no file. `campaign explain {campaign.id} --row {row}` says why."
    )


def _places(data: bytes, version: FileVersion) -> Sequence[Mapping[str, Any]]:
    """Where each utterance lies: as the file says, else as the database does, which knows no ends and no words."""
    try:
        descriptor = read_file(data).descriptor
    except UnreadableFileError:
        descriptor = None
    if descriptor is not None:
        places: Sequence[Mapping[str, Any]] = descriptor["timebase"]
        return places
    starts = [*version.timebase, version.samples]
    return [{"first_sample": start, "samples": end - start} for start, end in pairwise(starts)]


def _of_utterance(text: str, place: Mapping[str, Any], rate_hz: int) -> Iterator[Caption]:
    times = place.get("words") or ()
    written = written_words(text, len(times))
    if not written:
        from_ms, to_ms = _ms(place, rate_hz)
        yield Caption(text=text, from_ms=from_ms, to_ms=to_ms)
        return
    words = []
    for word, time in zip(written, times, strict=True):
        from_ms, to_ms = _ms(time, rate_hz)
        words.append(CaptionWord(text=word, from_ms=from_ms, to_ms=to_ms))
    for some in _lines(words):
        yield Caption(
            text=" ".join(word.text for word in some),
            from_ms=some[0].from_ms,
            to_ms=some[-1].to_ms,
            words=tuple(some),
        )


def _ms(place: Mapping[str, Any], rate_hz: int) -> tuple[int, int]:
    first, samples = place["first_sample"], place["samples"]
    return round(1000 * first / rate_hz), round(1000 * (first + samples) / rate_hz)


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


WRITERS: Mapping[str, Callable[[CaptionedFile], str]] = {"vtt": as_vtt, "srt": as_srt, "json": as_json}
"""Format to what writes it."""


def _clock(at_ms: int, point: str) -> str:
    seconds, ms = divmod(at_ms, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}{point}{ms:03}"
