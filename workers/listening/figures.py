"""Figures in a transcript, made words: "714" was heard as "seven one four", or nothing is known of it.

A server cannot be forbidden to write figures, and each has several readings: "15" is "fifteen" or "one five", "2021"
any of five. So no figure is guessed at. It is laid beside what was to be said in the readings that are certain:

    0 to 100      the number, or its digits one by one
    other digits  one by one: "555-0192", "714", the digits of "ZQ714"
    the rest      none: "$5", "8.30", "3/30/2021", "30th", "9am", "50 %"

Where one of them is what was to be said, it was heard. Where none is, it was misheard only if these readings are all
that there are: beside number words to a hundred, or, for longer ones, beside digits said one by one. Else the stretch
is not judged, and so is every stretch with a sign in it, whatever was to be said: "$5" is not "five".
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from workers.listening.aligning import Divergence, divergences
from workers.listening.rivals import ValueWords
from workers.listening.words import Word, is_without_spaces, words_of

SIGNS = frozenset("%&@#*§‰\\")
"""Beside currencies and what mathematics has (`Sc`, `Sm`, `So`)."""
JOINS = frozenset(".,:'’-–/")
"""What stands between two figures of one stretch."""
FEWEST_OF_A_TELEPHONE = 5
"""Digits in groups with hyphens: fewer may be a range."""
MOST_TRIED = 40
"""Figures of a transcript that are tried in every reading; later ones stand in their first."""
UNREAD = "\N{OBJECT REPLACEMENT CHARACTER}"
"""Stands for a stretch without a reading: no word that is to be said has these letters."""
LARGEST, LARGEST_DIGIT = 100, 9
_CODE = re.compile(r"[A-Z0-9]+")
_INNER_DOT = re.compile(r"(?<=[^\W\d_]{2})\.(?=[^\W\d_]{2})")
"""Of a web address: "example.com" is heard where "example dot com" is said."""
_PIECES = re.compile(r"([A-Z]+)|([0-9]+)")
_TELEPHONE = re.compile(r"[0-9]+(?:-[0-9]+)+")


@dataclass(frozen=True, slots=True)
class _Figures:
    """One figure, or a stretch without a reading."""

    written: str
    readings: tuple[str, ...]
    is_whole: bool = False
    """Whether it has a reading as one number."""

    @property
    def largest_said(self) -> int:
        """The largest number word beside which its readings are all that there are."""
        return LARGEST if self.is_whole else LARGEST_DIGIT


@dataclass(frozen=True, slots=True)
class _Place:
    begun: int
    ended: int
    figures: _Figures


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadTranscript:
    """A transcript with its figures in words."""

    text: str
    """Stretches without a reading as they were written."""
    words: tuple[Word, ...]
    places: tuple[_Place, ...] = ()

    def unclear(
        self, parted: Sequence[Divergence], said: Sequence[Word], values: ValueWords
    ) -> frozenset[Divergence]:
        """Of the stretches where both sides part, those in which figures leave open what was heard."""
        if not self.places:
            return frozenset()
        touched = {one: [place for place in self.places if self._touches(one, place)] for one in parted}
        open_places = {
            place
            for one, places in touched.items()
            for place in places
            if not place.figures.readings
            or any(
                not _is_number(word, values, place.figures.largest_said)
                for word in said[one.begun : one.ended]
            )
        }
        return frozenset(one for one, places in touched.items() if open_places.intersection(places))

    def has_figures(self, one: Divergence) -> bool:
        """Whether a stretch is heard in figures, in part at least."""
        return any(self._touches(one, place) for place in self.places)

    def _touches(self, one: Divergence, place: _Place) -> bool:
        if one.heard_begun < one.heard_ended:
            begun, ended = self.words[one.heard_begun].begun, self.words[one.heard_ended - 1].ended
            return begun < place.ended and place.begun < ended
        begun = self.words[one.heard_begun - 1].ended if one.heard_begun else 0
        ended = self.words[one.heard_begun].begun if one.heard_begun < len(self.words) else len(self.text)
        return place.begun < begun and ended < place.ended


def read_transcript(heard: str, said: Sequence[Word], values: ValueWords) -> ReadTranscript:
    """A transcript as words: each figure in the certain reading that is nearest to what was to be said."""
    heard = _INNER_DOT.sub(f" {values.dot} ", heard) if values.dot else heard
    parts = list(_parts(unicodedata.normalize("NFC", heard), values))
    figures = [at for at, part in enumerate(parts) if isinstance(part, _Figures)]
    if not figures:
        return ReadTranscript(text=heard, words=tuple(words_of(heard)))
    chosen = dict.fromkeys(figures, 0)
    for at in figures[:MOST_TRIED]:
        part = parts[at]
        assert isinstance(part, _Figures)
        tried = [chosen | {at: way} for way in range(len(part.readings))]
        if len(tried) > 1:
            chosen = min(tried, key=lambda one: _errors(_read(parts, one), said))
    return _read(parts, chosen)


def _errors(read: ReadTranscript, said: Sequence[Word]) -> int:
    return sum(one.errors for one in divergences(said, read.words))


def _read(parts: Sequence[str | _Figures], chosen: dict[int, int]) -> ReadTranscript:
    text = ""
    words: list[Word] = []
    places: list[_Place] = []
    for at, part in enumerate(parts):
        if isinstance(part, str):
            said = part
            found = words_of(part)
        else:
            said = part.readings[chosen[at]] if part.readings else part.written
            found = words_of(said) if part.readings else [Word(UNREAD, 0, len(said))]
            places.append(_Place(len(text), len(text) + len(said), part))
        words += [Word(word.letters, word.begun + len(text), word.ended + len(text)) for word in found]
        text += said
    return ReadTranscript(text=text, words=tuple(words), places=tuple(places))


def _parts(heard: str, values: ValueWords) -> Iterator[str | _Figures]:
    """The transcript cut at its figures and signs, in order."""
    at = 0
    for begun, ended in _stretches(heard):
        yield heard[at:begun]
        yield from _of_stretch(heard[begun:ended], values)
        at = ended
    yield heard[at:]


def _stretches(heard: str) -> Iterator[tuple[int, int]]:
    """Where characters that belong together stand, with a figure or a sign among them."""
    kinds = [_kind(character) for character in heard]
    begun = 0
    for at, kind in enumerate([*kinds, ""]):
        joins = kind == "join" and at + 1 < len(kinds) and kinds[at + 1] not in ("", "join")
        if kind and (kind != "join" or joins):
            continue
        if {"figure", "sign"}.intersection(kinds[begun:at]):
            yield begun, at
        begun = at + 1


def _kind(character: str) -> str:
    category = unicodedata.category(character)
    if category in ("Nd", "No"):
        return "figure"
    if category in ("Sc", "Sm", "So") or character in SIGNS:
        return "sign"
    if category[0] in "LM" and not is_without_spaces(character):
        return "letter"
    return "join" if character in JOINS else ""


def _of_stretch(written: str, values: ValueWords) -> Iterator[str | _Figures]:
    """A stretch in what it is made of: letters as they are, figures with their readings."""
    plain = "".join(
        str(unicodedata.digit(one)) if unicodedata.category(one) == "Nd" else one for one in written
    )
    if _TELEPHONE.fullmatch(plain) and sum(map(str.isdigit, plain)) >= FEWEST_OF_A_TELEPHONE:
        yield _figures(plain.replace("-", ""), values)
    elif _CODE.fullmatch(plain):
        for letters, digits in _PIECES.findall(plain):
            yield f" {letters} " if letters else _figures(digits, values)
    else:
        yield _Figures(written, ())


def _figures(digits: str, values: ValueWords) -> _Figures:
    """As a whole where that is certain, and one by one."""
    is_short = digits == "0" or (len(digits) <= len(str(LARGEST)) and not digits.startswith("0"))
    whole = values.number(int(digits)) if is_short else ()
    digits_said = [values.number(int(digit)) for digit in digits]
    one_by_one = (" ".join(said[0] for said in digits_said),) if all(digits_said) else ()
    return _Figures(digits, tuple(dict.fromkeys((*whole, *one_by_one))), is_whole=bool(whole))


def _is_number(word: Word, values: ValueWords, largest: int) -> bool:
    return any(meaning.isdecimal() and int(meaning) <= largest for meaning in values.of(word.letters))
