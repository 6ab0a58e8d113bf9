"""From a work row to what an engine is given."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from pydantic import TypeAdapter

from storage.records import Campaign, JsonObject, UtteranceWork
from workers.engines.engine import JsonValue, PresetSound, SpokenSpan, SynthesisRequest
from workers.engines.imperfection import Imperfection


@dataclass(frozen=True, slots=True)
class Spec:
    """What is said, and which saying of it: all that an utterance is, before a voice says it."""

    spans: tuple[SpokenSpan, ...]
    take: int = 0
    """What was misheard, or a reviewer rejected, is made again with the next one."""
    imperfections: tuple[Imperfection, ...] = ()
    """That its template declares, beyond those of the preset."""

    @classmethod
    def from_json(cls, kept: JsonObject) -> Spec:
        """What `utterances.spec` keeps."""
        return _reader().validate_python(kept)

    def as_json(self) -> dict[str, JsonValue]:
        """To be kept; canonical, so it can enter the synthesis key."""
        return {
            "spans": [
                {
                    "text": span.text,
                    "language": span.language,
                    **({"phonemes": [list(pair) for pair in span.phonemes]} if span.phonemes else {}),
                    **({"emphasis": span.emphasis} if span.emphasis else {}),
                }
                for span in self.spans
            ],
            "take": self.take,
            **(
                {"imperfections": [flaw.model_dump() for flaw in self.imperfections]}
                if self.imperfections
                else {}
            ),
        }

    @property
    def text(self) -> str:
        """The words of all its spans."""
        return " ".join(span.text for span in self.spans)

    @property
    def characters(self) -> int:
        return sum(len(span.text) for span in self.spans)

    def next_take(self) -> Spec:
        return replace(self, take=self.take + 1)


@lru_cache(maxsize=1)
def _reader() -> TypeAdapter[Spec]:
    return TypeAdapter(Spec)


def seed_of(key: str) -> int:
    """The utterance's only source of randomness, from its synthesis key: 63 bits."""
    return int(key[:16], 16) >> 1


def preset_of(work: UtteranceWork, campaign: Campaign) -> str:
    """The label of the preset that an utterance is spoken with, `name@version`.

    A row's own is kept with its utterances. Where a campaign has one, it is this one: an utterance that it shares may
    have been planned first under another label of the same sound.
    """
    return work.preset if campaign.lock.row_presets else campaign.preset


def request_of(work: UtteranceWork, preset: PresetSound) -> SynthesisRequest:
    """A claimed utterance as a request."""
    return request_for(work.key, work.spec, preset)


def request_for(key: str, kept: JsonObject, preset: PresetSound) -> SynthesisRequest:
    """What `utterances.spec` keeps of a synthesis key, as a request."""
    spec = Spec.from_json(kept)
    return SynthesisRequest(
        key=key,
        spans=spec.spans,
        preset=preset,
        seed=seed_of(key),
        take=spec.take,
        imperfections=spec.imperfections,
    )
