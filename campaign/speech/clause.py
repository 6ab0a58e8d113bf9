"""One sentence of the script to spoken utterances: spans, values, lexicon, normaliser, guard.

Everything here depends on the sentence alone (and on the template's language), so that its words are the
same wherever it stands, and so that the result can be cached.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from campaign.errors import CampaignError, FieldError, RowError, SpeechError
from campaign.render import Mark, Pause, Tag
from campaign.speech.detection import detect
from campaign.speech.guard import unspeakable
from campaign.speech.pieces import Piece, SpokenUtterance, speak
from campaign.speech.ports import Lexicon, Normaliser, NormaliserSource
from campaign.speech.scripts import NON_LATIN, script_runs, scripts_of
from campaign.speech.tokeniser import find_values
from campaign.speech.values import Context, Kind, TypedValue, UnreadableError
from campaign.speech.verbalise.dispatch import read_aloud
from campaign.speech.verbalise.numbers import LANGUAGES, digits
from campaign.speech.verbalise.words import SIGN_WORDS

FIELD_END: Final = "\uf8ff"
"""Closes a field of prose that is written into the text."""
MARKED: Final = re.compile("([\ue000-\uf8ff])")
_CONTEXT: Final = 48
_NAME_KINDS: Final = frozenset({Kind.WORDS, Kind.SYMBOL, Kind.CARDINAL, Kind.ORDINAL, Kind.CODE})


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What is open where a sentence begins."""

    languages: tuple[str, ...] = ()
    emphases: tuple[str, ...] = ()
    field: TypedValue | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenSentence:
    """A sentence, spoken."""

    utterances: tuple[SpokenUtterance, ...]
    pieces: tuple[Piece, ...]
    """For the trace."""
    leading_pause_ms: int | None
    """A pause written before its first word: it belongs to the utterance before."""
    end: State
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What a sentence is spoken with."""

    languages: tuple[str, ...]
    region: str
    source: NormaliserSource
    lexicon: Lexicon | None
    vocabulary: Collection[str] | None
    leftover: str
    """`error`, or `verbalise`: say left-over signs by name and warn."""


_SHORT: Final = re.compile(r"[^\W\d_]\.(?=\S|\s+\S)")


def _unfinished(text: str) -> bool:
    """Whether anything is left for a grammar: signs, digits, short forms. Plain words are never given to one,
    which would read the Spanish name `MI` as a Roman numeral and `OR` as Oregon."""
    return unspeakable(text) is not None or _SHORT.search(text) is not None


class Sentence:
    """The work on one sentence; made once, used once."""

    def __init__(self, means: Means, language: str, state: State, marks: Mapping[str, Mark]) -> None:
        self._means = means
        self._base = language
        self._languages = list(state.languages)
        self._emphases = list(state.emphases)
        self._field = state.field
        self._marks = marks
        self._pieces: list[Piece] = []
        self._utterances: list[SpokenUtterance] = []
        self._done = 0
        self._leading_pause_ms: int | None = None
        self._warnings: list[str] = []
        self._words_end = 0

    def speak(self, text: str) -> SpokenSentence:
        """The spoken form of `text`, its values as private-use characters; raises `RowError`."""
        offset = eaten = 0
        tokens = MARKED.split(text)
        self._words_end = len("".join(tokens[: self._last_spoken(tokens) + 1]).rstrip())
        for index, token in enumerate(tokens):
            if index % 2:
                eaten = self._mark(token, text[:offset], text[offset + 1 :], offset)
            elif token:
                self._prose(token[eaten:], offset + eaten)
                eaten = 0
            offset += len(token)
        self._close(None)
        return SpokenSentence(
            utterances=tuple(self._utterances),
            pieces=tuple(self._pieces),
            leading_pause_ms=self._leading_pause_ms,
            end=State(languages=tuple(self._languages), emphases=tuple(self._emphases), field=self._field),
            warnings=tuple(self._warnings),
        )

    def _last_spoken(self, tokens: Sequence[str]) -> int:
        """The index of the last token that is heard."""
        for index in range(len(tokens) - 1, -1, -1):
            token = tokens[index]
            if index % 2 == 0:
                if token.strip():
                    return index
            elif token != FIELD_END:
                mark = self._marks[token]
                if isinstance(mark, TypedValue) and mark.kind is not Kind.TEXT:
                    return index
        return 0

    # -- tokens ---------------------------------------------------------------------------------------

    def _mark(self, token: str, before: str, after: str, offset: int) -> int:
        """Handle one private-use character; characters of what follows that are already said."""
        if token == FIELD_END:
            self._field = None
            return 0
        mark = self._marks[token]
        if isinstance(mark, Tag):
            stack = self._languages if mark.name == "lang" else self._emphases
            if mark.opens:
                stack.append(mark.argument)
            elif stack:
                stack.pop()
            return 0
        if isinstance(mark, Pause):
            self._close(mark.duration_ms)
            return 0
        if mark.kind is Kind.TEXT:
            self._field = mark
            return 0
        return self._value(mark, before, after, offset)

    def _language(self) -> tuple[str, str]:
        """The language in force and why."""
        field = self._field
        clause, why = (self._languages[-1], "markup") if self._languages else (self._base, "template")
        if field is None or field.language is None:
            return clause, why
        if field.language != "auto":
            return field.language, "field"
        found, reason = detect(field.written, self._means.languages)
        return (found, reason) if found else (clause, f"{why} ({reason})")

    def _emphasis(self, value: TypedValue | None = None) -> str | None:
        if value is not None and value.emphasis:
            return value.emphasis
        if self._field is not None and self._field.emphasis:
            return self._field.emphasis
        return self._emphases[-1] if self._emphases else None

    # -- values ---------------------------------------------------------------------------------------

    def _value(self, value: TypedValue, before: str, after: str, offset: int) -> int:
        language, reason = self._language()
        if value.language is not None and value.language != "auto":
            language, reason = value.language, "field"
        if value.kind is Kind.NAME and not value.phonemes:
            self._name(value, language, reason, offset)
            return 0
        left = MARKED.sub(self._written, before[-_CONTEXT:])
        right = MARKED.split(after, maxsplit=1)[0][:_CONTEXT]
        reading = self._read(value, language, left, right)
        text, eaten = reading
        self._add(value.written, text, language, reason, offset, 1, value=value, step="verbaliser")
        return eaten

    def _written(self, match: re.Match[str]) -> str:
        mark = self._marks.get(match[0])
        return mark.written if isinstance(mark, TypedValue) and mark.kind is not Kind.TEXT else ""

    def _read(self, value: TypedValue, language: str, left: str, right: str) -> tuple[str, int]:
        primary, _, region = language.partition("-")
        context = Context(
            language=primary,
            region=region.upper() if region else self._means.region if primary == self._base else "",
            left=left,
            right=right,
        )
        try:
            reading = read_aloud(value, context)
        except UnreadableError as error:
            raise self._error(error.code, error.reason, error.mend, value.column) from error
        return reading.text, reading.eats_right

    def _error(self, code: str, reason: str, mend: str, column: str | None) -> RowError:
        column = column or (self._field.column if self._field is not None else None)
        kind = FieldError if column is not None else SpeechError
        return kind(code, reason, mend=mend, column=column)

    def _name(self, value: TypedValue, language: str, reason: str, offset: int) -> None:
        """A name is said as written: lexicon, then script; only signs, digits and titles become words."""
        for text, hit, _ in self._lexicon_parts(value.written, language, offset):
            if hit is not None:
                self._add_hit(text, hit, language, offset, value)
            else:
                self._tokenised(text, language, reason, offset, value, _NAME_KINDS)

    # -- prose ----------------------------------------------------------------------------------------

    def _prose(self, text: str, offset: int) -> None:
        if not text:
            return
        language, reason = self._language()
        for part, hit, at in self._lexicon_parts(text, language, offset):
            if hit is not None:
                self._add_hit(part, hit, language, at, self._field)
            else:
                self._tokenised(part, language, reason, at, self._field, None)

    def _lexicon_parts(self, text: str, language: str, offset: int) -> list[tuple[str, object, int]]:
        if self._means.lexicon is None:
            return [(text, None, offset)]
        parts: list[tuple[str, object, int]] = []
        position = 0
        for hit in self._means.lexicon.matches(text, language.partition("-")[0]):
            if hit.start > position:
                parts.append((text[position : hit.start], None, offset + position))
            parts.append((text[hit.start : hit.end], hit, offset + hit.start))
            position = hit.end
        if position < len(text):
            parts.append((text[position:], None, offset + position))
        return parts

    def _runs(self, text: str, language: str, reason: str, column: str | None) -> list[tuple[str, str, str]]:
        primary = language.partition("-")[0]
        if not NON_LATIN.search(text) and "LATIN" in scripts_of(primary):
            return [(text, language, reason)]
        runs: list[tuple[str, str, str]] = []
        for start, end, found, why in script_runs(text, primary, self._means.languages):
            if not found:
                letter = next(c for c in text[start:end] if c.isalpha())
                raise self._error(
                    "unspeakable-character",
                    f"{letter!r} (U+{ord(letter):04X}) in {text[start:end].strip()!r}: {why}",
                    "declare a language that is written so, add a lexicon entry, or transcribe it",
                    column,
                )
            runs.append((text[start:end], found if why else language, why or reason))
        return runs

    def _tokenised(
        self,
        text: str,
        language: str,
        reason: str,
        offset: int,
        value: TypedValue | None,
        kinds: frozenset[Kind] | None,
    ) -> None:
        """Typed values inside prose, then the normaliser for what is between them."""
        primary, _, region = language.partition("-")
        found = find_values(
            text, primary, region.upper() or (self._means.region if primary == self._base else "")
        )
        position = 0
        for token in found:
            if kinds is not None and token.value.kind not in kinds:
                continue
            if token.start < position:
                continue
            self._between(text[position : token.start], language, reason, offset + position, value, kinds)
            left = text[max(0, token.start - _CONTEXT) : token.start] or self._said_before()
            known = replace(token.value, column=value.column if value is not None else None)
            words, eaten = self._read(known, language, left, text[token.end : token.end + _CONTEXT])
            if (
                kinds is None
                and token.value.written.endswith(".")
                and offset + token.end >= self._words_end
                and words[-1:] != "."
            ):
                words += "."
            self._add(
                token.value.written, words, language, reason, offset + token.start, token.end - token.start,
                value=known, step="verbaliser",
            )  # fmt: skip
            position = token.end + eaten
        self._between(text[position:], language, reason, offset + position, value, kinds)

    def _said_before(self) -> str:
        return self._pieces[-1].written[-_CONTEXT:] if self._pieces[self._done :] else ""

    def _between(
        self,
        text: str,
        language: str,
        reason: str,
        offset: int,
        value: TypedValue | None,
        kinds: frozenset[Kind] | None,
    ) -> None:
        column = value.column if value is not None else None
        for run, run_language, why in self._runs(text, language, reason, column) if text else ():
            primary = run_language.partition("-")[0]
            words = run
            if kinds is None and _unfinished(run) and self._means.source.needs(run, primary):
                words = self._normalised(run, primary, value)
            step = "normaliser" if words != run else ""
            self._add(run, words, run_language, why, offset, len(run), value=value, step=step)
            offset += len(run)

    def _normalised(self, text: str, language: str, value: TypedValue | None) -> str:
        normaliser = self._means.source.load(language)
        if normaliser is None:
            return text
        needs = self._means.source.needs
        words = re.split(r"(\s+)", text)
        wanted = [_unfinished(word) and needs(word, language) for word in words]
        if not any(wanted):
            return self._window(text, normaliser, value)
        out: list[str] = []
        index = 0
        while index < len(words):
            stop = index
            while stop < len(words) and (
                wanted[stop] or (words[stop].isspace() and any(wanted[stop + 1 : stop + 2]))
            ):
                stop += 1
            if stop > index:
                out.append(self._window("".join(words[index:stop]), normaliser, value))
                index = stop
            else:
                out.append(words[index])
                index += 1
        return "".join(out)

    def _window(self, text: str, normaliser: Normaliser, value: TypedValue | None) -> str:
        match = re.fullmatch(r"([\s,;:.!?)]*)(.*?)([\s,;:.!?(]*)", text, re.S)
        assert match is not None
        head, core, tail = match.groups()
        if not core:
            return text
        try:
            return head + normaliser.normalise(core) + tail
        except RowError:
            raise
        except CampaignError as error:
            raise self._error(
                "no-reading", f"{core.strip()!r} cannot be normalised: {error}", "write it in words",
                value.column if value is not None else None,
            ) from error  # fmt: skip

    # -- pieces ---------------------------------------------------------------------------------------

    def _add_hit(self, text: str, hit: object, language: str, offset: int, value: TypedValue | None) -> None:
        from campaign.speech.ports import LexiconHit

        assert isinstance(hit, LexiconHit)
        self._pieces.append(
            Piece(
                start=offset,
                end=offset + len(text),
                written=text,
                text=hit.alias if hit.alias is not None else text,
                language=(hit.language or language).partition("-")[0],
                reason="lexicon" if hit.language else self._language()[1],
                column=value.column if value is not None else None,
                phonemes=hit.phonemes,
                emphasis=self._emphasis(value),
                step=f"lexicon {hit.entry}".strip(),
            )
        )

    def _add(
        self,
        written: str,
        text: str,
        language: str,
        reason: str,
        offset: int,
        length: int,
        *,
        value: TypedValue | None,
        step: str,
    ) -> None:
        primary = language.partition("-")[0]
        column = value.column if value is not None else None
        if (bad := unspeakable(text, self._means.vocabulary)) is not None:
            text = self._left_over(text, bad, written, primary, column)
        self._pieces.append(
            Piece(
                start=offset,
                end=offset + length,
                written=written,
                text=text,
                language=primary,
                reason=reason,
                kind=value.kind.value if value is not None else "text",
                column=column,
                phonemes=value.phonemes if value is not None else (),
                emphasis=self._emphasis(value),
                step=step,
            )
        )

    def _left_over(self, text: str, bad: str, written: str, language: str, column: str | None) -> str:
        """The guard's finding: an error, or by policy a name for every left-over sign and digit."""
        if self._means.leftover == "verbalise" and language in LANGUAGES:
            signs = SIGN_WORDS[language]
            said = "".join(
                f" {digits(c, language)} "
                if c.isascii() and c.isdigit()
                else f" {signs[c]} "
                if c in signs
                else c
                for c in text
            )
            if unspeakable(said, self._means.vocabulary) is None:
                self._warnings.append(f"left-over {bad!r} in {written.strip()!r} said by name")
                return said
        raise self._error(
            "unspeakable-character",
            f"{bad!r} (U+{ord(bad):04X}) in {written.strip()[:80]!r} cannot be spoken",
            "write it in words, or give the column its type",
            column,
        )

    def _close(self, pause_ms: int | None) -> None:
        """End the utterance that is open, with that pause after it."""
        pieces: Sequence[Piece] = self._pieces[self._done :]
        self._done = len(self._pieces)
        changed = any(piece.step for piece in pieces)
        spans = speak(pieces, verbalised=changed or len(pieces) > 1)
        if spans:
            self._utterances.append(SpokenUtterance(spans=spans, pause_after_ms=pause_ms))
        elif pause_ms is not None and self._utterances:
            last = self._utterances[-1]
            self._utterances[-1] = replace(last, pause_after_ms=(last.pause_after_ms or 0) + pause_ms)
        elif pause_ms is not None:
            self._leading_pause_ms = (self._leading_pause_ms or 0) + pause_ms
