"""A revoked speaker's recording erased, with all that was made of it: what an engine keeps, vectors of the voice."""

from __future__ import annotations

from dataclasses import dataclass

from campaign.errors import ConflictError
from campaign.registry.voice import find_preset
from storage.history import audit
from storage.installation import Installation
from storage.keys import conditioning_prefix
from storage.registry import calibrations as calibration_rows
from storage.registry import presets as preset_rows
from storage.registry.presets import Preset
from workers.presets import standing


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasedSpeaker:
    """What was erased."""

    preset: Preset
    objects: int
    """Versions that went from the object store, this time."""


def erase_speaker(installation: Installation, label: str, *, reason: str, actor: str) -> ErasedSpeaker:
    """Erase the recording of a revoked preset; rows first, so that the same command goes on where it was interrupted.

    Consent, scores and revocation stay: they say why there is nothing. Raises `ConflictError` for one in use.
    """
    with installation.database.write() as connection:
        preset = find_preset(connection, label)
        records = preset_rows.records(connection, preset)
        if not any(record.kind == standing.REVOCATION for record in records):
            raise ConflictError(
                f"preset {preset.label} was not revoked, so campaigns may need its recording. Revoke it first: "
                f"`campaign preset revoke {preset.label} --reason ...`."
            )
        preset_rows.forget(connection, preset, standing.VOICE)
        calibration_rows.forget_vectors(connection, preset)
        if not any(record.kind == standing.ERASURE for record in records):
            preset_rows.record(connection, preset, standing.ERASURE, {"reason": reason}, actor=actor)
            audit.note(connection, "preset.erase", preset.label, actor=actor, reason=reason)
    prefixes = [conditioning_prefix(sound_digest=sound) for sound in preset.sound_digests.values()]
    if preset.reference_key is not None:
        prefixes.append(preset.reference_key)
    objects = sum(installation.store.erase(prefix) for prefix in prefixes)
    installation.database.overwrite_freed()
    return ErasedSpeaker(preset=preset, objects=objects)
