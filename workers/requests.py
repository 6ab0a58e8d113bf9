"""From a work row to what an engine is given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from storage.records import UtteranceWork
from workers.engines.engine import JsonValue, PresetSound, SpokenSpan, SynthesisRequest


def spec_of(spans: Sequence[SpokenSpan], *, take: int = 0) -> dict[str, JsonValue]:
    """What `utterances.spec` keeps; canonical, so it can enter the synthesis key."""
    return {
        "spans": [
            {
                "text": span.text,
                "language": span.language,
                **({"phonemes": [list(pair) for pair in span.phonemes]} if span.phonemes else {}),
                **({"emphasis": span.emphasis} if span.emphasis else {}),
            }
            for span in spans
        ],
        "take": take,
    }


def spans_of(spec: Mapping[str, Any]) -> tuple[SpokenSpan, ...]:
    """The inverse of `spec_of`."""
    return tuple(
        SpokenSpan(
            text=span["text"],
            language=span["language"],
            phonemes=tuple((alphabet, value) for alphabet, value in span.get("phonemes", ())),
            emphasis=span.get("emphasis"),
        )
        for span in spec["spans"]
    )


def take_of(spec: Mapping[str, Any]) -> int:
    """Which take of the words it is, from 0."""
    return int(spec["take"])


def seed_of(key: str) -> int:
    """The utterance's only source of randomness, from its synthesis key: 63 bits."""
    return int(key[:16], 16) >> 1


def request_of(work: UtteranceWork, preset: PresetSound) -> SynthesisRequest:
    """A claimed utterance as a request."""
    return SynthesisRequest(key=work.key, spans=spans_of(work.spec), preset=preset, seed=seed_of(work.key))
