"""A stretch of the script in one language to pieces: lexicon, typed values, scripts, normaliser, guard.

Names go the same way, but nothing in a name is ever normalised: only signs, numbers and titles become words.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from campaign.errors import CampaignError, FieldError, RowError, SpeechError
from campaign.speech.abilities import Abilities, Phonemes
from campaign.speech.guard import unspeakable
from campaign.speech.languages import registry
from campaign.speech.languages.scripts import NON_LATIN, script_runs, scripts_of
from campaign.speech.pieces import Piece
from campaign.speech.ports import Lexicon, LexiconHit, Normaliser, NormaliserSource
from campaign.speech.typed import Context, Kind, TypedValue, UnreadableValueError
from campaign.speech.values.postal import find_address_values
from campaign.speech.values.seams import refuse_touched
from campaign.speech.values.tokeniser import ValueSpan, find_values, with_edges
from campaign.speech.verbalise.dispatch import read_aloud
from campaign.speech.verbalise.numbers import digits
from workers.digits import are_digits

CONTEXT_CHARACTERS: Final = 48
"""How far a value's reading may look left and right."""
_AS_WRITTEN: Final = frozenset({Kind.NAME, Kind.POSTAL})
"""What no grammar reads."""
_NAME_KINDS: Final = frozenset(
    {Kind.WORDS, Kind.SYMBOL, Kind.CARDINAL, Kind.ORDINAL, Kind.CODE, Kind.DIGITS, Kind.TELEPHONE}
)
_SHORT: Final = re.compile(r"[^\W\d_]\.(?=\S|\s+\S)")
_WINDOW: Final = re.compile(r"([\s,;:.!?)]*)(.*?)([\s,;:.!?(]*)", re.S)
FOREIGN: Final = "letters of no declared language"
"""Why letters are said as the clause's own readers say them."""
_REMEMBERED: Final = 50_000


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceContext:
    """What the sentences of one template language and region are spoken with."""

    languages: tuple[str, ...]
    """Declared, in order."""
    base: str
    """The template's language."""
    region: str
    source: NormaliserSource
    lexicon: Lexicon | None
    abilities: Abilities | None
    vocabulary: Collection[str] | None
    leftover: str
    """`error`, or `verbalise`: say left-over signs by name and warn."""
    say_twice: frozenset[Kind] = frozenset()
    """Kinds of value that are said again in a sentence of their own."""
    plain: set[tuple[str, str, Kind, str]] = field(default_factory=set)
    """(text, language, kind, role) that are known to be said as they are written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a stretch of text comes from."""

    kind: Kind = Kind.TEXT
    column: str | None = None
    emphasis: str | None = None
    role: str = ""
    """Which of several homographs is meant."""

    def error(self, code: str, reason: str, mend: str) -> RowError:
        """The row's error; a field's when it comes from one."""
        kind = SpeechError if self.column is None else FieldError
        return kind(code, reason, mend=mend, column=self.column)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A stretch of text in its sentence."""

    text: str
    offset: int
    language: str
    reason: str
    """Why this language."""
    left: str = ""
    """What stands before it."""
    ends: bool = False
    """Nothing is heard after it in the sentence."""


class Prose:
    """Turns stretches of text into pieces."""

    def __init__(self, means: SentenceContext) -> None:
        self._means = means
        self.warnings: list[str] = []

    def is_plain(self, text: str, language: str, origin: Origin) -> bool:
        """Whether it is known to be said as it is written, whatever stands beside it."""
        return (text, language, origin.kind, origin.role) in self._means.plain

    def pieces(self, place: Stretch, origin: Origin) -> list[Piece]:
        """The pieces of `place`, in order; raises `RowError`."""
        plain_key = (place.text, place.language, origin.kind, origin.role)
        if plain_key in self._means.plain:
            return [self._piece(place, origin, place.text, place.text, 0, "")]
        out: list[Piece] = []
        for text, hit, start in self._lexicon_parts(place, origin):
            if hit is not None:
                out.append(self._hit_piece(place, origin, text, hit, start))
            else:
                out.extend(self._values(place, origin, text, start))
        if (
            len(out) == 1
            and out[0].text == place.text
            and out[0].language == place.language
            and not out[0].step
        ):
            if len(self._means.plain) >= _REMEMBERED:
                self._means.plain.clear()
            self._means.plain.add(plain_key)
        return out

    def value(self, value: TypedValue, place: Stretch, right: str, origin: Origin) -> tuple[Piece, int]:
        """The piece of a typed value, and how many characters after it its words already say."""
        words, eaten = self._read_value(value, place.language, place.left, right, origin)
        text = self._guard(words, value.written, place.language, origin)
        piece = Piece(
            start=place.offset,
            end=place.offset + 1,
            written=value.written,
            text=text,
            language=place.language.partition("-")[0],
            reason=place.reason,
            kind=value.kind.value,
            column=origin.column,
            phonemes=self._sayable(value, place, origin),
            emphasis=origin.emphasis,
            step="verbaliser",
        )
        return piece, eaten

    def refuse_touched(self, value: TypedValue, place: Stretch, right: str, origin: Origin) -> None:
        """Raises the row's error for a declared value that something of the template touches."""
        try:
            refuse_touched(value, place.left, right)
        except UnreadableValueError as error:
            raise origin.error(error.code, error.reason, error.mend) from error

    def _sayable(self, value: TypedValue, place: Stretch, origin: Origin) -> Phonemes:
        if self._means.abilities is None:
            return value.phonemes
        pronunciations, problem = self._means.abilities.sayable(
            value.phonemes, place.language.partition("-")[0]
        )
        if problem:
            raise origin.error(
                "phonemes-unsupported",
                f"the pronunciation of {value.written!r}: {problem}",
                "say it with alias(), or choose another model",
            )
        return pronunciations

    # -- lexicon --------------------------------------------------------------------------------------

    def _lexicon_parts(self, place: Stretch, origin: Origin) -> Iterator[tuple[str, LexiconHit | None, int]]:
        text, position = place.text, 0
        if self._means.lexicon is not None:
            primary, _, region = place.language.partition("-")
            region = region.upper() or self._region(primary)
            locale = f"{primary}-{region}" if region else primary
            for hit in self._means.lexicon.matches(text, locale, origin.role):
                if hit.start > position:
                    yield text[position : hit.start], None, position
                yield text[hit.start : hit.end], hit, hit.start
                position = hit.end
        if position < len(text):
            yield text[position:], None, position

    def _hit_piece(self, place: Stretch, origin: Origin, text: str, hit: LexiconHit, start: int) -> Piece:
        if hit.problem:
            raise origin.error(
                "lexicon-unsupported",
                f"{text!r}, {hit.entry}: {hit.problem}",
                "add an alias to the entry, or choose another model",
            )
        language = (hit.language or place.language).partition("-")[0]
        return Piece(
            start=place.offset + start,
            end=place.offset + start + len(text),
            written=text,
            text=self._guard(hit.alias if hit.alias is not None else text, text, language, origin),
            language=language,
            reason="lexicon" if hit.language else place.reason,
            kind=origin.kind.value,
            column=origin.column,
            phonemes=hit.phonemes,
            emphasis=origin.emphasis,
            step=f"lexicon {hit.entry}".strip(),
        )

    # -- typed values ---------------------------------------------------------------------------------

    def _values(self, place: Stretch, origin: Origin, text: str, start: int) -> Iterator[Piece]:
        primary, _, region = place.language.partition("-")
        position = 0
        for token in self._find_values(text, primary, region.upper() or self._region(primary), origin):
            if token.start < position or (origin.kind is Kind.NAME and _is_kept(token, primary)):
                continue
            yield from self._pieces_between(place, origin, text[position : token.start], start + position)
            left = (place.left if start == 0 else "") + place.text[: start + token.start]
            right = text[token.end : token.end + CONTEXT_CHARACTERS]
            words, eaten = self._read_value(
                token.value, place.language, left[-CONTEXT_CHARACTERS:], right, origin
            )
            if self._ends_sentence(place, origin, token, start) and words[-1:] != ".":
                words += "."
            words = self._guard(words, token.value.written, place.language, origin)
            piece = self._piece(place, origin, token.value.written, words, start + token.start, "verbaliser")
            yield replace(piece, kind=token.value.kind.value, reading=token.reading, edges=token.edges)
            position = token.end + eaten
        yield from self._pieces_between(place, origin, text[position:], start + position)

    def _find_values(self, text: str, language: str, region: str, origin: Origin) -> tuple[ValueSpan, ...]:
        try:
            if origin.kind is Kind.POSTAL:
                return find_address_values(text, language, region)
            return (find_values if origin.kind is Kind.NAME else with_edges)(text, language, region)
        except UnreadableValueError as error:
            raise origin.error(error.code, error.reason, error.mend) from error

    def _ends_sentence(self, place: Stretch, origin: Origin, token: ValueSpan, start: int) -> bool:
        """Whether the dot of `3.12.` or `usw.` also ends the sentence."""
        if origin.kind in _AS_WRITTEN or not place.ends or not token.value.written.endswith("."):
            return False
        return not place.text[start + token.end :].strip()

    def _region(self, language: str) -> str:
        return self._means.region if language == self._means.base else ""

    def _read_value(
        self, value: TypedValue, language: str, left: str, right: str, origin: Origin
    ) -> tuple[str, int]:
        primary, _, region = language.partition("-")
        context = Context(
            language=primary, region=region.upper() or self._region(primary), left=left, right=right
        )
        try:
            reading = read_aloud(value, context)
        except UnreadableValueError as error:
            raise origin.error(error.code, error.reason, error.mend) from error
        if reading.warning:
            self.warnings.append(reading.warning)
        return reading.text, reading.eats_right

    # -- between values -------------------------------------------------------------------------------

    def _pieces_between(self, place: Stretch, origin: Origin, text: str, start: int) -> Iterator[Piece]:
        for run, language, reason in self._runs(place, origin, text) if text else ():
            primary = language.partition("-")[0]
            words = self._foreign(run, language) if reason == FOREIGN else run
            if origin.kind not in _AS_WRITTEN and _unfinished(run) and self._means.source.needs(run, primary):
                words = self._normalise(run, primary, origin)
            step = "normaliser" if words != run else ""
            spoken = self._guard(words, run, language, origin)
            yield Piece(
                start=place.offset + start,
                end=place.offset + start + len(run),
                written=run,
                text=spoken,
                language=primary,
                reason=reason,
                kind=origin.kind.value,
                column=origin.column,
                emphasis=origin.emphasis,
                step=step,
            )
            start += len(run)

    def _runs(self, place: Stretch, origin: Origin, text: str) -> list[tuple[str, str, str]]:
        """(text, language, reason) by writing system."""
        primary = place.language.partition("-")[0]
        if not NON_LATIN.search(text) and "LATIN" in scripts_of(primary):
            return [(text, place.language, place.reason)]
        runs: list[tuple[str, str, str]] = []
        for start, end, run_language, why in script_runs(text, primary, self._means.languages):
            if not run_language and self._room_takes(primary):
                runs.append((text[start:end], place.language, FOREIGN))
                continue
            if not run_language:
                letter = next(c for c in text[start:end] if c.isalpha())
                raise origin.error(
                    "unspeakable-character",
                    f"{letter!r} (U+{ord(letter):04X}) in {text[start:end].strip()!r}: {why}",
                    "declare a language that uses this script, add a lexicon entry, or transcribe it",
                )
            runs.append((text[start:end], run_language if why else place.language, why or place.reason))
        return runs

    def _room_takes(self, language: str) -> bool:
        room = registry.language(language)
        return room is not None and room.foreign_letters is not None

    def _foreign(self, text: str, language: str) -> str:
        room = registry.language(language.partition("-")[0])
        return text if room is None or room.foreign_letters is None else room.foreign_letters(text)

    def _normalise(self, text: str, language: str, origin: Origin) -> str:
        """`text` with every unfinished word, and its unfinished neighbours, read by the grammar on their own:
        a word's reading must not depend on what stands far before it."""
        normaliser = self._means.source.load(language)
        if normaliser is None:
            return text
        words = re.split(r"(\s+)", text)
        needs_reading = [_unfinished(word) and self._means.source.needs(word, language) for word in words]
        if not any(needs_reading):
            return self._window(text, normaliser, origin)
        out: list[str] = []
        index = 0
        while index < len(words):
            stop = index
            while stop < len(words) and (
                needs_reading[stop] or (words[stop].isspace() and any(needs_reading[stop + 1 : stop + 2]))
            ):
                stop += 1
            out.append(
                self._window("".join(words[index:stop]), normaliser, origin) if stop > index else words[index]
            )
            index = max(stop, index + 1)
        return "".join(out)

    def _window(self, text: str, normaliser: Normaliser, origin: Origin) -> str:
        match = _WINDOW.fullmatch(text)
        assert match is not None
        head, core, tail = match.groups()
        if not core:
            return text
        try:
            return str(head) + normaliser.normalise(core) + str(tail)
        except RowError as error:
            raise origin.error(error.code, error.reason, error.mend) from error
        except CampaignError as error:
            raise origin.error(
                "not-normalised", f"{core.strip()!r} has no reading: {error}", "write it in words"
            ) from error

    # -- guard ----------------------------------------------------------------------------------------

    def _guard(self, text: str, written: str, language: str, origin: Origin) -> str:
        """`text` when a voice may get it; by policy with left-over signs said by name; else an error."""
        bad = unspeakable(text, self._means.vocabulary)
        if bad is None:
            return text
        primary = language.partition("-")[0]
        room = registry.language(primary)
        if self._means.leftover == "verbalise" and room is not None:
            signs = room.words.signs
            in_words = "".join(
                f" {digits(c, primary)} " if are_digits(c) else f" {signs[c]} " if c in signs else c
                for c in text
            )
            if unspeakable(in_words, self._means.vocabulary) is None:
                self.warnings.append(f"left-over {bad!r} in {written.strip()[:80]!r} said by name")
                return in_words
        raise origin.error(
            "unspeakable-character",
            f"{bad!r} (U+{ord(bad):04X}) in {written.strip()[:80]!r} cannot be spoken",
            "write it in words, or give the column its type",
        )

    def _piece(self, place: Stretch, origin: Origin, written: str, text: str, start: int, step: str) -> Piece:
        begin = place.offset + start
        return Piece(
            start=begin,
            end=begin + len(written),
            written=written,
            text=text,
            language=place.language.partition("-")[0],
            reason=place.reason,
            kind=origin.kind.value,
            column=origin.column,
            emphasis=origin.emphasis,
            step=step,
        )


def _is_kept(token: ValueSpan, language: str) -> bool:
    """Whether a value in a name is left as it is written: only signs, numbers and titles become words there."""
    room = registry.language(language)
    kept = frozenset() if room is None else room.forms.kept_in_names
    return (
        token.value.kind not in _NAME_KINDS or token.reading == "roman" or token.value.written.strip() in kept
    )


def _unfinished(text: str) -> bool:
    """Whether anything is left for a grammar: signs, digits, short forms. Plain words are never given to one,
    which would read the Spanish name `MI` as a Roman numeral and `OR` as Oregon."""
    return unspeakable(text) is not None or _SHORT.search(text) is not None
