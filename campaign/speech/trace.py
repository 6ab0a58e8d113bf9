"""How a message came to be: fields, script, spans with reasons and offsets, lexicon hits, words, utterances.

Cheap to make (it only holds on to what exists); the JSON is built when somebody asks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workers.engines.engine import JsonValue

if TYPE_CHECKING:
    from campaign.render import Mark
    from campaign.speech.clause import SpokenSentence
    from campaign.speech.pieces import Piece, SpokenUtterance


@dataclass(frozen=True, slots=True, kw_only=True)
class TracedSentence:
    """A sentence and where it stands in the rendered text."""

    start: int
    text: str
    spoken: SpokenSentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """Everything that explains one composition. Holds personal data: it stays in the database."""

    fields: Mapping[str, str]
    script: str
    sentences: tuple[TracedSentence, ...]
    marks: Mapping[str, Mark]

    def as_json(self) -> dict[str, JsonValue]:
        """The trace as plain values; offsets are in the rendered text, each value counted as one character."""
        return {
            "fields": dict(self.fields),
            "script": self.script,
            "sentences": [
                {
                    "offset": sentence.start,
                    "spans": [_piece(piece, sentence.start) for piece in sentence.spoken.pieces],
                    "utterances": [_utterance(utterance) for utterance in sentence.spoken.utterances],
                    "warnings": list(sentence.spoken.warnings),
                }
                for sentence in self.sentences
            ],
        }


def _piece(piece: Piece, start: int) -> dict[str, JsonValue]:
    shown: dict[str, JsonValue] = {
        "start": start + piece.start,
        "end": start + piece.end,
        "written": piece.written,
        "spoken": piece.text,
        "kind": piece.kind,
        "language": piece.language,
        "reason": piece.reason,
    }
    if piece.column is not None:
        shown["column"] = piece.column
    if piece.step:
        shown["step"] = piece.step
    if piece.phonemes:
        shown["phonemes"] = [list(pair) for pair in piece.phonemes]
    return shown


def _utterance(utterance: SpokenUtterance) -> dict[str, JsonValue]:
    return {
        "spans": [{"language": span.language, "text": span.text} for span in utterance.spans],
        "pause_after_ms": utterance.pause_after_ms,
    }
