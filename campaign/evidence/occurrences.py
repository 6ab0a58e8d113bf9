"""When a word, or what a column held, is said in a delivered file.

A file holds no text (contract 6): its descriptor says whose it is and where each word lies, the database what the words
are. So it takes the installation that made the file. Which words a column became is what the front end says when the
row goes through it again.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from difflib import SequenceMatcher
from itertools import groupby
from typing import Literal

from campaign.errors import InputError, NotFoundError, RowError
from campaign.evidence.captions import texts_of
from campaign.registry.voice import OWN
from campaign.speech.front_end import Composition, FrontEnd
from campaign.speech.revision import SPEECH_REVISION
from campaign.submission.replay import replayed
from storage.history import rows
from storage.history.rows import ExplainedRow
from storage.installation import Installation
from storage.names import CampaignId
from storage.queue import campaigns as campaign_rows
from storage.records import Campaign
from workers.finish.captions import milliseconds, timed_words, written_words
from workers.finish.descriptor import UtteranceExtent, extents_of
from workers.finish.reading import ReadFile


@dataclass(frozen=True, slots=True, kw_only=True)
class WordOccurrence:
    """One saying of what was asked for. Personal data."""

    found_as: Literal["word", "column"]
    text: str
    """As it is spoken."""
    utterance: int
    """Its number in the file, from 1."""
    from_ms: int
    to_ms: int
    is_timed: bool
    """Whether the engine told when it said this; else `from_ms` and `to_ms` are those of the whole utterance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SoughtWord:
    """What was asked for, and every saying of it in one file."""

    campaign_id: CampaignId
    row: int
    version: int
    word: str
    occurrences: tuple[WordOccurrence, ...]

    @property
    def document(self) -> dict[str, object]:
        """For `--json`."""
        return {
            "campaign": self.campaign_id,
            "row": self.row,
            "version": self.version,
            "word": self.word,
            "occurrences": [asdict(one) for one in self.occurrences],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class _Utterance:
    """One utterance of the file, its words one by one."""

    number: int
    extent: UtteranceExtent
    rate_hz: int
    text: str
    words: tuple[str, ...]

    def occurrence(self, found_as: Literal["word", "column"], first: int, end: int) -> WordOccurrence:
        """Of its words from the `first` up to the `end`."""
        timed = timed_words(self.text, self.extent, self.rate_hz)
        if timed:
            from_ms, to_ms = timed[first].from_ms, timed[end - 1].to_ms
        else:
            from_ms, to_ms = milliseconds(self.extent.first_sample, self.extent.samples, self.rate_hz)
        return WordOccurrence(
            found_as=found_as,
            text=" ".join(self.words[first:end]),
            utterance=self.number,
            from_ms=from_ms,
            to_ms=to_ms,
            is_timed=bool(timed),
        )


def find_word(installation: Installation, file: ReadFile, word: str) -> SoughtWord:
    """Every saying of a word, of words that follow each other, or of what a column held.

    Raises `NotFoundError` where the file is not of this installation or nothing like it is said, and `InputError`
    where it is said but nobody told when.
    """
    campaign, row_number, version, row, utterances = _said(installation, file)
    found = [*_as_words(utterances, word)]
    columns = _Columns(installation, campaign, row, utterances)
    if row.fields is not None and word in row.fields:
        found += columns.occurrences(word)
    if not found:
        raise NotFoundError(f"nothing in this file is {word!r}. {columns.mend(word)}")
    found.sort(key=lambda one: (one.from_ms, one.to_ms))
    if not any(one.is_timed for one in found):
        raise InputError(_untimed(word, found))
    return SoughtWord(
        campaign_id=campaign.id, row=row_number, version=version, word=word, occurrences=tuple(found)
    )


def _untimed(word: str, found: Sequence[WordOccurrence]) -> str:
    places = dict.fromkeys((one.utterance, one.from_ms, one.to_ms) for one in found)
    known = ", ".join(f"sentence {number}, from {from_ms} to {to_ms} ms" for number, from_ms, to_ms in places)
    return (
        f"{word!r} is said, but the engine that made this file told no times of its words. Known is where its sentence "
        f"lies: {known}. An engine that tells them does so in files that are made again (`campaign voice list`)."
    )


def _said(
    installation: Installation, file: ReadFile
) -> tuple[Campaign, int, int, ExplainedRow, list[_Utterance]]:
    """(campaign, row, version, the row as it stands, what it says) of a file by its descriptor's ids."""
    described = file.descriptor
    if described is None:
        raise InputError("the file does not say whose it is: its descriptor is missing. Fetch it again.")
    try:
        extents = extents_of(described)
    except ValueError as exc:
        raise InputError(f"{exc}. Fetch the file again, or have it made again with `rerender`.") from exc
    campaign_id, version = CampaignId(described["campaign"]), described["version"]
    with installation.database.read() as connection:
        campaign = campaign_rows.find(connection, campaign_id)
        number = rows.number_of(connection, campaign_id, described["recipient"])
        row = None if number is None else rows.find(connection, campaign_id, number)
        texts = [] if row is None else texts_of(connection, row.asset_id, version)
    if campaign is None or number is None or row is None or len(texts) != len(extents):
        raise NotFoundError(
            f"what this file says is not known here: version {version} of a row of campaign {campaign_id}. Its text is "
            "in the database of the installation that made it, until the recipient is erased; name its home with "
            "CAMPAIGN_HOME."
        )
    utterances = []
    for position, (text, extent) in enumerate(zip(texts, extents, strict=True), start=1):
        tidy = " ".join(text.split())
        words = written_words(tidy, len(extent.words or ())) or tidy.split()
        utterances.append(
            _Utterance(number=position, extent=extent, rate_hz=file.rate_hz, text=tidy, words=tuple(words))
        )
    return campaign, number, version, row, utterances


def _as_words(utterances: Sequence[_Utterance], word: str) -> Iterator[WordOccurrence]:
    sought = [one for one in map(_bare, word.split()) if one]
    if not sought:
        return
    for utterance in utterances:
        bare = [_bare(one) for one in utterance.words]
        for first in range(len(bare) - len(sought) + 1):
            if bare[first : first + len(sought)] == sought:
                yield utterance.occurrence("word", first, first + len(sought))


def _bare(word: str) -> str:
    """A word without the signs around it, in small letters."""
    kept = unicodedata.normalize("NFC", word).casefold()
    first, end = 0, len(kept)
    while first < end and not kept[first].isalnum():
        first += 1
    while end > first and not kept[end - 1].isalnum():
        end -= 1
    return kept[first:end]


class _Columns:
    """Which words each column of a row became, by the front end."""

    def __init__(
        self,
        installation: Installation,
        campaign: Campaign,
        row: ExplainedRow,
        utterances: Sequence[_Utterance],
    ) -> None:
        self._installation = installation
        self._campaign = campaign
        self._row = row
        self._utterances = utterances

    def occurrences(self, column: str) -> list[WordOccurrence]:
        """Of one column. Raises `InputError` where the row no longer becomes the text that was spoken."""
        composition = self._composition()
        if composition is None:
            raise InputError(
                f"which words the column {column!r} became is no longer known: the file was made by front end revision "
                f"{self._campaign.speech_revision}, installed is {SPEECH_REVISION}, or its row was changed since. Name "
                "the word as it is spoken."
            )
        return list(_of_column(self._utterances, _letters(composition), column))

    def mend(self, word: str) -> str:
        """What may be asked for in place of a word that nothing is."""
        composition = self._composition()
        if composition is None:
            return "Name a word as it is spoken."
        said = dict.fromkeys(letter.column for letter in _letters(composition) if letter.column is not None)
        columns = f", or one of the columns that are said: {', '.join(said)}" if said else ""
        return f"Name a word as it is spoken{columns}."

    def _composition(self) -> Composition | None:
        """The row gone through the front end again; None where other text than was spoken comes of it."""
        if self._campaign.speech_revision != SPEECH_REVISION or self._row.fields is None:
            return None
        voices = replayed(self._installation, self._campaign).row_voices
        front_end = FrontEnd(voices[self._row.voice or OWN].config)
        try:
            composition = front_end.compose(locale=self._row.locale, fields=self._row.fields)
        except RowError:
            return None
        texts = [" ".join(one.text.split()) for one in composition.utterances]
        return composition if texts == [one.text for one in self._utterances] else None


@dataclass(frozen=True, slots=True)
class _Letter:
    """A letter or digit of what is said, and where it came from."""

    character: str
    column: str | None
    saying: int
    """Numbers each time that a column is said, so that one said twice in a row is two sayings."""


def _letters(composition: Composition) -> list[_Letter]:
    """Of all pieces, in order. Joining pieces to utterances changes signs and blanks, and seldom a letter."""
    letters, saying, last = [], 0, None
    for sentence in composition.trace.sentences:
        for piece in sentence.spoken.pieces:
            if piece.column != last:
                saying, last = saying + 1, piece.column
            letters += [
                _Letter(character, piece.column, saying)
                for character in unicodedata.normalize("NFC", piece.text)
                if character.isalnum()
            ]
    return letters


def _of_column(
    utterances: Sequence[_Utterance], letters: Sequence[_Letter], column: str
) -> Iterator[WordOccurrence]:
    placed = [
        (utterance.number, word, character)
        for utterance in utterances
        for word, written in enumerate(utterance.words)
        for character in written
        if character.isalnum()
    ]
    said = "".join(character for _, _, character in placed)
    made = "".join(letter.character for letter in letters)
    words: dict[tuple[int, int], int] = {}
    for at, before in _same(said, made).items():
        if letters[before].column == column:
            number, word, _ = placed[at]
            words.setdefault((number, word), letters[before].saying)
    by_number = {utterance.number: utterance for utterance in utterances}
    for (number, _), some in groupby(words.items(), key=lambda item: (item[0][0], item[1])):
        places = [word for (_, word), _ in some]
        yield by_number[number].occurrence("column", places[0], places[-1] + 1)


def _same(said: str, made: str) -> Mapping[int, int]:
    """For each letter of what is said, where the pieces have it."""
    if said == made:
        return {at: at for at in range(len(said))}
    blocks = SequenceMatcher(None, said, made, autojunk=False).get_matching_blocks()
    return {block.a + n: block.b + n for block in blocks for n in range(block.size)}
