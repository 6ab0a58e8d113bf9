"""A finished file listened to before its row is committed: what is kept with the version, and whether it is delivered.

What was misheard is no file for a recipient: the row fails with `not-heard`, the version stays for whoever reviews it.
What could not be judged waits as `not-judged`, unless the brief delivers it. The row is in this worker's hands all the
while: a worker that dies here loses nothing, the file is finished and heard again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from storage.lock import LockedCalibration, LockedListening
from storage.queue.held import NOT_HEARD, NOT_JUDGED
from storage.records import AssetPart, AssetWork, Failure, JsonObject
from workers.engines.engine import JsonValue
from workers.finish import FinishedAudio, Part
from workers.finish.words import told_times
from workers.languages import primary
from workers.listening.bounds import bounds_of
from workers.listening.file import (
    FileJudgement,
    Said,
    judgement_as_json,
    judgement_from_json,
    spoken_language,
)
from workers.listening.judging import Bounds, Hearing, Judgement, SpokenValue
from workers.listening.listener import FileListener
from workers.listening.naming import Mishap
from workers.listening.places import begun_ms
from workers.listening.revision import LISTENING_REVISION
from workers.requests import Spec

DELIVER = "deliver"
WHOLE = {
    Mishap.MISSING: "a sentence that is missing",
    Mishap.OTHER_LANGUAGE: "a sentence in another language",
}
"""Mishaps of a whole sentence, whose single words are not told."""
MOST_TOLD = 4
"""Stretches that a reason names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listened:
    """What listening says of a finished file."""

    listening: JsonObject | None = None
    unheard: Failure | None = None
    again: tuple[str, ...] = ()
    """Synthesis keys of the utterances that keep it from being delivered."""
    heard: Mapping[str, JsonObject] = field(default_factory=dict)

    def rated(self, opinion: float | None) -> Listened:
        """With how people would rate the file, 1 to 5, kept beside the verdict; None is not rated."""
        if opinion is None or self.listening is None:
            return self
        return replace(self, listening={**self.listening, "opinion": opinion})


def is_listened_to(work: AssetWork, listening: LockedListening | None) -> bool:
    """Whether a row is among those that are listened to: by its keyed hash, so the same ones every time."""
    if listening is None or (listening.languages and primary(work.language) not in listening.languages):
        return False
    return int(work.recipient_hmac[:8], 16) < listening.share * (1 << 32)


def is_unheard(listened: JsonObject | None, listening: LockedListening | None) -> bool:
    """Whether a version with this verdict was kept and not delivered."""
    if listened is None or listening is None or listened["verdict"] == Hearing.HEARD:
        return False
    return listened["verdict"] == Hearing.MISHEARD or listening.unclear != DELIVER


def listen_to(
    work: AssetWork,
    parts: Sequence[Part],
    audio: FinishedAudio,
    listening: LockedListening,
    calibration: LockedCalibration | None,
    profile_digest: str,
    listener: FileListener,
) -> Listened:
    """Listen to one file; `calibration` is its preset's. Raises `EngineError` where the recogniser does not work."""
    way = f"{listening.recogniser} {LISTENING_REVISION} {profile_digest}"
    said = [_said(one, part, way, calibration) for one, part in zip(work.parts, parts, strict=True)]
    judgement = listener.judge_file(
        audio.data, audio.timebase, audio.samples, audio.rate_hz, said, sound_sha256=audio.sound_sha256
    )
    sounds = {part.utterance_key: part.pcm_sha256 for part in work.parts}
    unheard = _unheard(work, judgement, said, deliver_unclear=listening.unclear == DELIVER)
    deliverable = {Hearing.HEARD, Hearing.NOT_JUDGED} if listening.unclear == DELIVER else {Hearing.HEARD}
    return Listened(
        listening=judgement.as_json() | _circumstances(work, listening),
        unheard=unheard,
        again=tuple(
            part.utterance_key
            for part, one in zip(work.parts, judgement.utterances, strict=True)
            if unheard is not None and one.verdict not in deliverable
        ),
        heard={
            one.key: {
                "way": _way(way, one.bounds),
                "sound": sounds[one.key],
                "judgement": judgement_as_json(judgement.heard_now[one.key]),
            }
            for one in said
            if one.key in judgement.heard_now
        },
    )


def with_word_times(
    work: AssetWork, parts: Sequence[Part], runs: Mapping[str, JsonObject], listener: FileListener
) -> list[Part]:
    """The parts with when their words were said, where their engine does not tell. Raises `EngineError`."""
    placed = []
    for one, part in zip(work.parts, parts, strict=True):
        if told_times(runs.get(one.run_id, {})) is None:
            said = _said(one, part, "", None)
            words = listener.place(part.pcm, part.rate_hz, said.language, said.text, key=one.pcm_sha256)
            part = replace(part, placed_words=words)
        placed.append(part)
    return placed


def _circumstances(work: AssetWork, listening: LockedListening) -> dict[str, JsonValue]:
    """Beside what was heard: which take it is, and over which line."""
    line = {} if listening.line is None else {"line": listening.line.name}
    return {"take": max(map(_take, work.parts)), **line}


def _take(one: AssetPart) -> int:
    assert one.words is not None
    return Spec.from_json(one.words.spec).take


def _way(way: str, bounds: Bounds | None) -> str:
    """By what an utterance is judged: what was judged in another way is judged again."""
    return f"{way} {bounds}"


def _bounds(calibration: LockedCalibration | None, language: str) -> Bounds:
    """Of a language: as its preset was calibrated, else as they ship."""
    locked = None if calibration is None else calibration.languages.get(language)
    if locked is None:
        return bounds_of(language)
    return Bounds(nats=locked.nats, unlike_sounds=locked.unlike_sounds, beyond=frozenset(locked.beyond))


def _said(one: AssetPart, part: Part, way: str, calibration: LockedCalibration | None) -> Said:
    assert one.words is not None, "the words are read with the asset where somebody listens"
    spec = Spec.from_json(one.words.spec)
    language = spoken_language(spec.spans)
    bounds = _bounds(calibration, language)
    kept = one.words.heard
    judged: Judgement | None = None
    if kept is not None and kept.get("way") == _way(way, bounds) and kept.get("sound") == one.pcm_sha256:
        judgement = kept["judgement"]
        assert isinstance(judgement, Mapping)
        judged = judgement_from_json(judgement)
    return Said(
        key=one.utterance_key,
        text=spec.text,
        language=language,
        values=tuple(
            SpokenValue(kind=str(kind), begun=int(str(begun)), ended=int(str(ended)), column=str(column))
            for kind, begun, ended, column in one.words.value_places
        ),
        pcm=part.pcm,
        rate_hz=part.rate_hz,
        bounds=bounds,
        judged=judged,
    )


def _unheard(
    work: AssetWork, judgement: FileJudgement, said: Sequence[Said], *, deliver_unclear: bool
) -> Failure | None:
    """Why the file is not delivered; None where it is. No word of it: reasons leave the database."""
    if judgement.verdict == Hearing.HEARD:
        return None
    if judgement.verdict == Hearing.NOT_JUDGED:
        if deliver_unclear:
            return None
        unclear = sum(one.verdict == Hearing.NOT_JUDGED for one in judgement.utterances)
        reason = f"{unclear} of {len(said)} sentences could not be judged; listen to it: campaign review"
        return Failure(claim=work.claim, code=NOT_JUDGED, reason=reason)
    told = [
        place
        for start_ms, one, words in zip(judgement.starts_ms, judgement.utterances, said, strict=True)
        for place in _places(start_ms, one, words)
    ]
    more = f" and {len(told) - MOST_TOLD} more" if len(told) > MOST_TOLD else ""
    reason = (
        f"not heard as it was to be said: {', '.join(told[:MOST_TOLD])}{more}; listen to it: campaign review"
    )
    return Failure(claim=work.claim, code=NOT_HEARD, reason=reason)


def _places(start_ms: float, judgement: Judgement, said: Said) -> list[str]:
    """What was misheard and about when, in its kind and not in its words."""
    if judgement.mishap in WHOLE:
        language = f" ({judgement.language})" if judgement.language else ""
        return [f"{WHOLE[judgement.mishap]}{language} at {start_ms / 1000:.1f} s"]
    length_ms = 1000 * len(said.pcm) / said.rate_hz
    misheard = [part for part in judgement.parts if part.verdict == Hearing.MISHEARD]
    places = []
    for part in misheard:
        column = next((value.column for value in said.values if value.begun <= part.begun < value.ended), "")
        what = f"{part.kind} {column}".strip() if part.kind else "words of the template"
        if judgement.mishap == Mishap.CUT_END and part is misheard[-1]:
            what += " cut off"
        if judgement.mishap == Mishap.SAID_TWICE and part is max(misheard, key=lambda one: len(one.heard)):
            what += " said twice"
        at_ms = begun_ms(said.text, part.begun, start_ms=start_ms, length_ms=length_ms)
        places.append(f"{what} at {at_ms / 1000:.1f} s")
    return places
