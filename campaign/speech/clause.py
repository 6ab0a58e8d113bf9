"""One sentence of the script to spoken utterances: its values, tags and pauses, and the prose between.

Everything here depends on the sentence alone (and on the template's language), so that its words are the
same wherever it stands, and so that the result can be cached.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from campaign.speech.folding import narrow
from campaign.speech.languages import registry
from campaign.speech.languages.detection import detect
from campaign.speech.pieces import Piece, SpokenUtterance, speak
from campaign.speech.prose import CONTEXT_CHARACTERS, Origin, Prose, SentenceContext, Stretch
from campaign.speech.repeats import repeats
from campaign.speech.templates import Mark, Pause, Tag
from campaign.speech.typed import Kind, TypedValue
from campaign.speech.values.seams import JOINTS, is_joint
from campaign.speech.verbalise.quantities import range_word

FIELD_END: Final = "\uf8ff"
"""Closes a field of prose that is written into the text."""
MARKED: Final = re.compile("([\ue000-\uf8ff])")


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


class Sentence:
    """The work on one sentence; made once, used once."""

    def __init__(self, means: SentenceContext, state: State, marks: Mapping[str, Mark]) -> None:
        self._means = means
        self._prose = Prose(means)
        self._languages = list(state.languages)
        self._emphases = list(state.emphases)
        self._field = state.field
        self._marks = marks
        self._pieces: list[Piece] = []
        self._utterances: list[SpokenUtterance] = []
        self._done = 0
        self._leading_pause_ms: int | None = None

    def speak(self, text: str) -> SpokenSentence:
        """The spoken form of `text`, its values as private-use characters; raises `RowError`."""
        text = narrow(text)
        tokens = MARKED.split(text)
        last = self._last_spoken(tokens)
        offset = eaten = 0
        for index, token in enumerate(tokens):
            if index % 2:
                eaten = self._mark(token, tokens[index + 1], text[:offset], offset)
            elif token.strip() in JOINTS and not eaten and (joined := self._joint(tokens, index, offset)):
                self._pieces.append(joined)
                eaten = 0
            elif token[eaten:]:
                self._text(token[eaten:], offset + eaten, text[:offset], ends=index >= last)
                eaten = 0
            offset += len(token)
        self._close(None)
        for again in list(repeats(self._pieces, self._means.say_twice, self._means.base)):
            self._pieces += again
            self._close(None)
        return SpokenSentence(
            utterances=tuple(self._utterances),
            pieces=tuple(self._pieces),
            leading_pause_ms=self._leading_pause_ms,
            end=State(languages=tuple(self._languages), emphases=tuple(self._emphases), field=self._field),
            warnings=tuple(self._prose.warnings),
        )

    def _last_spoken(self, tokens: Sequence[str]) -> int:
        """The index of the last token that is heard."""
        for index in range(len(tokens) - 1, -1, -1):
            token = tokens[index]
            if index % 2 == 0:
                if token.strip():
                    return index
            elif self._is_value(token):
                return index
        return 0

    def _joint(self, tokens: Sequence[str], index: int, offset: int) -> Piece | None:
        """The dash between two declared values: `{{ from }}-{{ to }}`."""
        beside = (*tokens[index - 1 : index], *tokens[index + 1 : index + 2])
        marks = [self._marks.get(token) for token in beside]
        values = [mark for mark in marks if isinstance(mark, TypedValue)]
        written = tokens[index]
        if len(values) != 2 or not is_joint(written, values[0], values[1]):
            return None
        language, reason = self._language()
        room = registry.language(language.partition("-")[0])
        if room is None:
            return None
        left = self._text_before("".join(tokens[: index - 1])) if index > 1 else ""
        return Piece(
            start=offset,
            end=offset + len(written),
            written=written,
            text=f"{room.space}{range_word(room, left)}{room.space}",
            language=room.code,
            reason=reason,
            kind=Kind.RANGE.value,
            step="verbaliser",
        )

    def _is_value(self, token: str) -> bool:
        mark = self._marks.get(token)
        return isinstance(mark, TypedValue) and mark.kind is not Kind.TEXT

    def _mark(self, token: str, after: str, before: str, offset: int) -> int:
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
        return self._value(mark, after, before, offset)

    def _value(self, value: TypedValue, after: str, before: str, offset: int) -> int:
        language, reason = self._language()
        if value.language is not None and value.language != "auto":
            language, reason = value.language, "field"
        origin = Origin(
            kind=value.kind,
            column=value.column,
            emphasis=value.emphasis or self._emphasis(),
            role=value.option("role"),
        )
        is_plain_name = value.kind in (Kind.NAME, Kind.POSTAL) and not value.phonemes
        place = Stretch(
            text=value.written,
            offset=offset,
            language=language,
            reason=reason,
            left="" if is_plain_name else self._text_before(before),
        )
        if is_plain_name:
            for piece in self._prose.pieces(place, origin):
                self._pieces.append(replace(piece, start=offset, end=offset + 1))
            return 0
        self._prose.refuse_touched(value, place, after, origin)
        piece, eaten = self._prose.value(value, place, after[:CONTEXT_CHARACTERS], origin)
        self._pieces.append(piece)
        return eaten

    def _text(self, text: str, offset: int, before: str, *, ends: bool) -> None:
        language, reason = self._language()
        field = self._field
        origin = Origin(column=field.column if field is not None else None, emphasis=self._emphasis())
        place = Stretch(
            text=text,
            offset=offset,
            language=language,
            reason=reason,
            left=self._text_before(before)
            if before and not self._prose.is_plain(text, language, origin)
            else "",
            ends=ends,
        )
        self._pieces.extend(self._prose.pieces(place, origin))

    def _text_before(self, before: str) -> str:
        """The end of what stands before, as written."""
        return MARKED.sub(self._written_form, before[-CONTEXT_CHARACTERS:])

    def _written_form(self, match: re.Match[str]) -> str:
        mark = self._marks.get(match[0])
        return mark.written if isinstance(mark, TypedValue) and mark.kind is not Kind.TEXT else ""

    def _language(self) -> tuple[str, str]:
        """The language in force and why."""
        field = self._field
        clause, why = (self._languages[-1], "markup") if self._languages else (self._means.base, "template")
        if field is None or field.language is None:
            return clause, why
        if field.language != "auto":
            return field.language, "field"
        language, reason = detect(field.written, self._means.languages)
        return (language, reason) if language else (clause, f"{why} ({reason})")

    def _emphasis(self) -> str | None:
        if self._field is not None and self._field.emphasis:
            return self._field.emphasis
        return self._emphases[-1] if self._emphases else None

    def _close(self, pause_ms: int | None) -> None:
        """End the utterance that is open, with that pause after it."""
        pieces: Sequence[Piece] = self._pieces[self._done :]
        self._done = len(self._pieces)
        spans = speak(pieces, verbalised=len(pieces) > 1 or any(piece.step for piece in pieces))
        if spans:
            self._utterances.append(SpokenUtterance(spans=spans, pause_after_ms=pause_ms))
        elif pause_ms is not None and self._utterances:
            last = self._utterances[-1]
            self._utterances[-1] = replace(last, pause_after_ms=(last.pause_after_ms or 0) + pause_ms)
        elif pause_ms is not None:
            self._leading_pause_ms = (self._leading_pause_ms or 0) + pause_ms
