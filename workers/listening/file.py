"""One delivered file listened to: every utterance that nobody judged before is heard, every other one recognised again.

    decode -> the line, where there is one -> cut at the timebase
        -> each stretch: the same sound as one that was judged? else heard -> one verdict

Samples are those of the bytes that go out, after gain, codec and telephone filter. What came over a line is of that
file alone, whose line is like no other's: no sentence's judgement is taken over from another file then.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from pydantic import TypeAdapter

from workers.engines.engine import JsonValue, Pcm, SpokenSpan
from workers.finish.decoding import decoded
from workers.languages import primary
from workers.line import RATE_HZ as LINE_RATE_HZ
from workers.line import TelephoneLine
from workers.listening.judging import Bounds, Hearing, Judgement, SpokenValue
from workers.listening.revision import LISTENING_REVISION
from workers.listening.same_sound import is_same_sound
from workers.listening.twice import of_values, with_other_sayings

Judge = Callable[[Pcm, int, "Said"], Judgement]
"""(sound, rate in Hz, what it was to say) to a judgement."""
WORST = (Hearing.MISHEARD, Hearing.NOT_JUDGED, Hearing.HEARD)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One utterance as it was to be said, with the sound that was made of it."""

    key: str
    """The synthesis key."""
    text: str
    language: str
    """Primary: of most of its words."""
    values: tuple[SpokenValue, ...]
    pcm: Pcm
    rate_hz: int
    bounds: Bounds | None = None
    """From when on a divergence counts, as its voice was calibrated; None: as they ship."""
    judged: Judgement | None = None
    """How its sound was judged before, by the same recogniser and rule."""


def spoken_language(spans: Sequence[SpokenSpan]) -> str:
    """The primary language of most letters."""
    letters: Counter[str] = Counter()
    for span in spans:
        letters[primary(span.language)] += len(span.text)
    return letters.most_common(1)[0][0]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileJudgement:
    """One file."""

    verdict: Hearing
    utterances: tuple[Judgement, ...]
    starts_ms: tuple[float, ...]
    recogniser: str
    """The one that hears, or both, with " + " between."""
    heard_now: Mapping[str, Judgement]
    """By synthesis key, those that were judged in this file; the rest had been before. Empty over a line."""

    def and_over_a_line(self, over: FileJudgement) -> FileJudgement:
        """This file as it is and as it arrived over a line: heard where both are, sentence by sentence.

        Of what arrived the values count: other words that noise took are heard in the file as it is.
        """
        utterances = tuple(
            of_values(arrived) if plain.verdict == Hearing.HEARD else plain
            for plain, arrived in zip(self.utterances, over.utterances, strict=True)
        )
        return replace(over, utterances=utterances, verdict=_worst(utterances), heard_now=self.heard_now)

    def values_by_kind(self) -> dict[str, dict[str, int]]:
        """Kind to how many were heard, misheard and not judged."""
        counts: dict[str, Counter[str]] = {}
        for utterance in self.utterances:
            for value in utterance.values:
                counts.setdefault(value.kind, Counter())[value.verdict.value] += 1
        return {kind: dict(sorted(of_kind.items())) for kind, of_kind in sorted(counts.items())}

    def as_json(self) -> dict[str, JsonValue]:
        """As it is kept with the version. Holds words."""
        return {
            "verdict": self.verdict.value,
            "recogniser": self.recogniser,
            "revision": LISTENING_REVISION,
            "values": {kind: dict(counts) for kind, counts in self.values_by_kind().items()},
            "utterances": [
                {"start_ms": start_ms, **judgement_as_json(judgement)}
                for start_ms, judgement in zip(self.starts_ms, self.utterances, strict=True)
            ],
        }


def listen_to_file(
    data: bytes,
    timebase: Sequence[int],
    samples: int,
    rate_hz: int,
    said: Sequence[Said],
    *,
    judge: Judge,
    recogniser: str,
    line: TelephoneLine | None = None,
    sound_sha256: str = "",
) -> FileJudgement:
    """Judge the bytes of a file whose utterances begin at `timebase` of its `samples`.

    With a `line` what arrives at its other end is judged; all chance on it comes from `sound_sha256`.
    Raises `UnreadableFileError` for what cannot be decoded here, and `EngineError` where the recogniser does not work.
    """
    pcm, decoded_rate_hz = decoded(data, dtype="int16")
    if line is not None:
        pcm, decoded_rate_hz = line.send(pcm, decoded_rate_hz, sound_sha256), LINE_RATE_HZ
    ratio = decoded_rate_hz / rate_hz
    late = max(0, len(pcm) - round(samples * ratio)) // 2
    starts = [min(len(pcm), round(first * ratio) + late) for first in timebase]
    ends = [*starts[1:], len(pcm)]
    judgements, heard_now = [], {}
    for begun, ended, one in zip(starts, ends, said, strict=True):
        stretch = np.ascontiguousarray(pcm[begun:ended])
        if (
            line is None
            and one.judged is not None
            and is_same_sound(stretch, decoded_rate_hz, one.pcm, one.rate_hz)
        ):
            judgements.append(one.judged)
            continue
        judgement = judge(stretch, decoded_rate_hz, one)
        judgements.append(judgement)
        if line is None:
            heard_now[one.key] = judgement
    if line is not None:
        judgements = with_other_sayings(judgements)
    return FileJudgement(
        verdict=_worst(judgements),
        utterances=tuple(judgements),
        starts_ms=tuple(round(1000 * first / rate_hz, 1) for first in timebase),
        recogniser=recogniser,
        heard_now=heard_now,
    )


def _worst(judgements: Sequence[Judgement]) -> Hearing:
    found = {judgement.verdict for judgement in judgements}
    return next((verdict for verdict in WORST if verdict in found), Hearing.NOT_JUDGED)


def judgement_as_json(judgement: Judgement) -> dict[str, JsonValue]:
    """As it is kept with utterance and version. Holds words."""
    kept: dict[str, JsonValue] = _adapter().dump_python(judgement, mode="json")
    return kept


def judgement_from_json(kept: Mapping[str, JsonValue]) -> Judgement:
    """The inverse of `judgement_as_json`."""
    return _adapter().validate_python({name: value for name, value in kept.items() if name != "start_ms"})


@lru_cache(maxsize=1)
def _adapter() -> TypeAdapter[Judgement]:
    return TypeAdapter(Judgement)
