"""A new recording held against those whose speaker's consent was revoked: the same voice does not come back unseen.

A vector of each recording is recorded beside its preset, under the name of the encoder that made it; it leaves the
database nowhere. Where one is missing (the encoder was fetched since), the recording that is kept is measured.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from pydantic import JsonValue

from campaign.errors import ConflictError
from campaign.registry.encoder import ENTRY, catalogue_encoder_name
from storage.errors import ObjectMissingError
from storage.installation import Installation
from storage.registry import presets as preset_rows
from storage.registry.presets import Preset, PresetRecord
from workers.measure.likeness import SpeakerEncoder, Vector, similarity
from workers.pcm import from_wav
from workers.presets import standing
from workers.presets.reference import Reference

SAME_SPEAKER = 0.5
"""By the catalogue's encoder: from this cosine on, two recordings are taken for one speaker's; docs/presets.md has what
was measured. A voice that is only alike costs a word (`despite`), one that is missed speaks against its owner's will.
"""
DIGITS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class AlikeSpeaker:
    """A revoked preset whose speaker a recording sounds like."""

    preset: Preset
    similarity: float
    """1 for the same recording."""
    reason: str
    """Why its consent was revoked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokedLook:
    """What was found among the revoked speakers."""

    alike: tuple[AlikeSpeaker, ...]
    """The most alike first."""
    unchecked: tuple[str, ...]
    """Labels of those that could not be held against it."""


def tells_speakers_apart(encoder: SpeakerEncoder) -> bool:
    """Whether it is known from which cosine on a voice is the same: of the catalogue's encoder alone."""
    return encoder.name == catalogue_encoder_name()


def voice_record(encoder: SpeakerEncoder, vector: Vector) -> dict[str, JsonValue]:
    """What is recorded of a recording's speaker."""
    return {"encoder": encoder.name, "vector": [round(float(value), DIGITS) for value in vector]}


def look_among_revoked(
    installation: Installation,
    encoder: SpeakerEncoder,
    vector: Vector | None,
    reference_sha256: str | None,
    *,
    actor: str,
) -> RevokedLook:
    """Hold a recording against every revoked speaker; without a vector only the same recording is found."""
    with installation.database.read() as connection:
        revoked = [
            (preset, preset_rows.records(connection, preset))
            for preset in preset_rows.presets_with(connection, standing.REVOCATION)
            if preset.is_of_a_person
        ]
    alike, unchecked = [], []
    for preset, records in revoked:
        if preset.reference_sha256 is not None and preset.reference_sha256 == reference_sha256:
            alike.append(_alike(preset, records, 1.0))
            continue
        theirs = None if vector is None else _vector_of(installation, encoder, preset, records, actor=actor)
        if vector is None or theirs is None:
            unchecked.append(preset.label)
        elif (cosine := similarity(vector, theirs)) >= SAME_SPEAKER:
            alike.append(_alike(preset, records, cosine))
    alike.sort(key=lambda one: one.similarity, reverse=True)
    return RevokedLook(alike=tuple(alike), unchecked=tuple(unchecked))


def refuse_alike(look: RevokedLook, despite: Sequence[str]) -> None:
    """Raise `ConflictError` for the most alike whose label is not in `despite`."""
    refused = [one for one in look.alike if one.preset.label not in despite]
    if not refused:
        return
    first = refused[0]
    label = first.preset.label
    raise ConflictError(
        f"the recording sounds like the speaker of preset {label} (likeness {first.similarity:.2f}, the same from "
        f"{SAME_SPEAKER:g} on), whose consent was revoked: {first.reason}. Nothing was kept. Use another voice. Only "
        "if it is another person, or they have agreed anew since, add it with "
        f"{' '.join(f'--despite {one.preset.label}' for one in refused)}; the audit log keeps who did."
    )


def advice_on(look: RevokedLook, encoder: SpeakerEncoder) -> tuple[str, ...]:
    """What could not be checked, with the mend."""
    if not look.unchecked:
        return ()
    some = ", ".join(look.unchecked[:5]) + (" ..." if len(look.unchecked) > 5 else "")
    if tells_speakers_apart(encoder):
        return (f"whether this is the speaker of {some} (revoked) was not checked: the recording is gone.",)
    return (
        f"whether this is the speaker of {some} (revoked) was not checked: {encoder.name} does not tell. "
        f"`campaign voice get {ENTRY}` brings what does.",
    )


def embed_reference(encoder: SpeakerEncoder, reference: Reference | None) -> Vector | None:
    """The vector of a recording; None where it could not be compared."""
    if reference is None or not tells_speakers_apart(encoder):
        return None
    return encoder.embed(reference.pcm, reference.rate_hz)


def _vector_of(
    installation: Installation,
    encoder: SpeakerEncoder,
    preset: Preset,
    records: Sequence[PresetRecord],
    *,
    actor: str,
) -> Vector | None:
    """As recorded, else of the recording, and recorded then; None where that is gone."""
    for record in reversed(records):
        if record.kind == standing.VOICE and record.body["encoder"] == encoder.name:
            return np.asarray(record.body["vector"], dtype=np.float64)
    if preset.reference_key is None:
        return None
    try:
        data = installation.store.get(preset.reference_key)
    except ObjectMissingError:
        return None
    vector = encoder.embed(*from_wav(data))
    with installation.database.write() as connection:
        preset_rows.record(connection, preset, standing.VOICE, voice_record(encoder, vector), actor=actor)
    return vector


def _alike(preset: Preset, records: Sequence[PresetRecord], cosine: float) -> AlikeSpeaker:
    reasons = [str(record.body["reason"]) for record in records if record.kind == standing.REVOCATION]
    return AlikeSpeaker(preset=preset, similarity=cosine, reason=reasons[-1])
