"""How a message came to be: fields, script, spans with reasons and offsets, lexicon hits, words, utterances.

Cheap to make (it only holds on to what exists); the JSON is built when somebody asks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from workers.engines.engine import JsonValue

if TYPE_CHECKING:
    from campaign.speech.clause import SpokenSentence
    from campaign.speech.pieces import Piece, SpokenUtterance
    from campaign.speech.templates import Mark


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
        """The trace as plain values; offsets are in `script`."""
        offsets = self._script_offsets()
        return {
            "fields": dict(self.fields),
            "script": self.script,
            "sentences": [
                {
                    "start": offsets[sentence.start],
                    "end": offsets[sentence.start + len(sentence.text)],
                    "spans": [
                        {
                            "start": offsets[sentence.start + piece.start],
                            "end": offsets[sentence.start + piece.end],
                            **_piece(piece),
                        }
                        for piece in sentence.spoken.pieces
                    ],
                    "utterances": [_utterance(utterance) for utterance in sentence.spoken.utterances],
                    "warnings": list(sentence.spoken.warnings),
                }
                for sentence in self.sentences
            ],
        }

    def _script_offsets(self) -> list[int]:
        """For each position of the rendered text, whose values are single characters, its place in `script`."""
        from campaign.speech.clause import FIELD_END
        from campaign.speech.templates import Pause, Tag

        text = "".join(sentence.text for sentence in self.sentences)
        lengths = [1] * len(text)
        for index, character in enumerate(text):
            if character == FIELD_END:
                lengths[index] = 0
            elif (mark := self.marks.get(character)) is not None:
                silent = isinstance(mark, Tag | Pause) or mark.kind == "text"
                lengths[index] = 0 if silent else len(mark.written)  # type: ignore[union-attr]
        offsets = list(accumulate(lengths, initial=0))
        shown = "".join(c for c, length in zip(text, lengths, strict=True) if length)
        stripped = len(shown) - len(shown.lstrip())
        return [min(max(offset - stripped, 0), len(self.script)) for offset in offsets]


def _piece(piece: Piece) -> dict[str, JsonValue]:
    shown: dict[str, JsonValue] = {
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
    if piece.reading:
        shown["reading"] = piece.reading
    if piece.edges is not None:
        shown["edges"] = {"left": piece.edges.left, "right": piece.edges.right}
    if piece.phonemes:
        shown["phonemes"] = [list(pair) for pair in piece.phonemes]
    return shown


def _utterance(utterance: SpokenUtterance) -> dict[str, JsonValue]:
    return {
        "spans": [{"language": span.language, "text": span.text} for span in utterance.spans],
        "pause_after_ms": utterance.pause_after_ms,
    }
