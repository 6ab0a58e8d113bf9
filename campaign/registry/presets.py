"""Speaker presets: added, renewed, verified, retired and revoked. Each change is a record and an audit row."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from campaign.errors import ConflictError, InputError
from campaign.registry.consent import read_consent
from campaign.registry.encoder import find_encoder
from campaign.registry.revoked_speakers import (
    advice_on,
    embed_reference,
    look_among_revoked,
    refuse_alike,
    voice_record,
)
from campaign.registry.voice import engine_capabilities, find_preset
from storage.errors import ObjectMissingError
from storage.history import audit, origins
from storage.history.origins import DeliveredVersion
from storage.installation import Installation
from storage.keys import preset_key
from storage.names import PresetName
from storage.queue import campaigns as campaign_rows
from storage.records import JsonObject
from storage.registry import presets as preset_rows
from storage.registry.presets import FrozenPreset, Preset
from storage.session import Connection
from storage.tables import CampaignState
from workers.engines.engine import JsonValue
from workers.languages import checked_tag
from workers.pcm import from_wav
from workers.presets import standing
from workers.presets.build import BuiltPreset, build_cloned, build_plain
from workers.presets.sound import sound_digest


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPreset:
    """What a person asks for."""

    name: PresetName
    engine: str
    model: str = ""
    """A pin of the engine whose capabilities count; empty for the engine's own."""
    audio: Path | None = None
    text: str = ""
    consent: Path | None = None
    table: Mapping[str, JsonValue]
    language: str = "en"
    use_case: str = ""
    tags: tuple[str, ...] = ()
    source: str = ""
    """Where the recording comes from, in words."""
    catalogue: Mapping[str, JsonValue] = field(default_factory=dict)
    """Of a speaker of the catalogue: entry, licence, whom it names."""
    despite: tuple[str, ...] = ()
    """Labels of revoked presets that it sounds like and is added all the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddedPreset:
    """What became of it."""

    preset: Preset
    is_new: bool
    """False when the newest version has this very sound already."""
    advice: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PresetFinding:
    """One thing that `verify` looked at."""

    what: str
    holds: bool
    found: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Revocation:
    """What a revocation touches."""

    preset: Preset
    paused: tuple[str, ...]
    """Campaigns that were stopped."""
    delivered: tuple[DeliveredVersion, ...]


def add_preset(installation: Installation, new_preset: NewPreset, *, actor: str) -> AddedPreset:
    """Freeze a new version of `new_preset.name`.

    Raises `InputError`, `RecordingError`, and `ConflictError` for a speaker whose consent was revoked; nothing is kept
    then.
    """
    try:
        checked_tag(new_preset.language)
    except ValueError as exc:
        raise InputError(f"the recording's language: {exc}.") from exc
    with installation.database.read() as connection:
        capabilities = engine_capabilities(connection, new_preset.engine, new_preset.model)
    if new_preset.audio is None:
        built = build_plain(
            engine=new_preset.engine,
            capabilities=capabilities,
            table=new_preset.table,
            language=new_preset.language,
        )
        return _register(installation, new_preset, built, records={}, advice=(), actor=actor)
    if new_preset.consent is None:
        raise InputError("a recording is somebody's voice: give their consent with --consent FILE.")
    consent = read_consent(new_preset.consent)
    encoder = find_encoder(installation.settings)
    built = build_cloned(
        new_preset.audio,
        new_preset.text,
        engine=new_preset.engine,
        capabilities=capabilities,
        table=new_preset.table,
        language=new_preset.language,
        encoder=encoder,
    )
    vector = embed_reference(encoder, built.reference)
    look = look_among_revoked(installation, encoder, vector, built.reference_sha256, actor=actor)
    refuse_alike(look, new_preset.despite)
    records = {standing.CONSENT: consent.as_json()}
    if built.scores is not None:
        records[standing.SCORES] = built.scores.as_json()
    if vector is not None:
        records[standing.VOICE] = voice_record(encoder, vector)
    advice = (*built.advice, *advice_on(look, encoder))
    return _register(installation, new_preset, built, records=records, advice=advice, actor=actor)


def _register(
    installation: Installation,
    new_preset: NewPreset,
    built: BuiltPreset,
    *,
    records: Mapping[str, JsonObject],
    advice: tuple[str, ...],
    actor: str,
) -> AddedPreset:
    digests = {built.engine: built.sound_digest}
    with installation.database.read() as connection:
        newest = preset_rows.find(connection, new_preset.name)
    if newest is not None and dict(newest.sound_digests) == digests:
        return AddedPreset(preset=newest, is_new=False, advice=advice)
    version = 1 if newest is None else newest.version + 1
    key = None
    if built.reference_wav is not None and built.reference_sha256 is not None:
        key = preset_key(name=new_preset.name, version=version, sha256=built.reference_sha256)
        installation.store.put(
            key, built.reference_wav, sha256=built.reference_sha256, content_type="audio/wav"
        )
        installation.store.sync()
    with installation.database.write() as connection:
        frozen = FrozenPreset(
            name=new_preset.name,
            version=version,
            sound_digests=digests,
            parameters={built.engine: dict(built.parameters)},
            transcript=built.transcript,
            reference_key=key,
            reference_sha256=built.reference_sha256,
            reference_rate_hz=None if built.reference is None else built.reference.rate_hz,
            provenance={
                **built.provenance,
                "use_case": new_preset.use_case,
                "tags": list(new_preset.tags),
                "source": new_preset.source,
                **({"catalogue": dict(new_preset.catalogue)} if new_preset.catalogue else {}),
            },
        )
        preset = preset_rows.add(connection, frozen)
        for kind, body in records.items():
            preset_rows.record(connection, preset, kind, body, actor=actor)
        despite = {"despite": list(new_preset.despite)} if new_preset.despite else {}
        audit.note(
            connection,
            "preset.add",
            preset.label,
            actor=actor,
            engine=built.engine,
            sound=built.sound_digest,
            **despite,
        )
    return AddedPreset(preset=preset, is_new=True, advice=advice)


def renew_consent(installation: Installation, label: str, path: Path, *, actor: str) -> Preset:
    """Record a newer consent; from now on it is the one that counts."""
    consent = read_consent(path)
    with installation.database.write() as connection:
        preset = find_preset(connection, label)
        if not preset.is_of_a_person:
            raise ConflictError(f"preset {preset.label} is nobody's voice: it needs no consent.")
        _refuse_revoked(connection, preset)
        preset_rows.record(connection, preset, standing.CONSENT, consent.as_json(), actor=actor)
        audit.note(
            connection,
            "preset.consent",
            preset.label,
            actor=actor,
            until=consent.until,
            proof=consent.proof_sha256,
        )
    return preset


def retire_preset(installation: Installation, label: str, *, reason: str, actor: str) -> Preset:
    """No new campaign may use it; those that are submitted go on. Twice is no error."""
    with installation.database.write() as connection:
        preset = find_preset(connection, label)
        records = preset_rows.records(connection, preset)
        if standing.retirement(preset.label, records) is None:
            preset_rows.record(connection, preset, standing.RETIREMENT, {"reason": reason}, actor=actor)
            audit.note(connection, "preset.retire", preset.label, actor=actor, reason=reason)
    return preset


def revoke_preset(installation: Installation, label: str, *, reason: str, actor: str) -> Revocation:
    """Stop every use of the voice and say what was delivered with it. Twice is no error.

    When this returns nothing is claimed for its campaigns and nothing of them becomes stored: they are paused with
    the reason.
    """
    with installation.database.write() as connection:
        preset = find_preset(connection, label)
        records = preset_rows.records(connection, preset)
        if not any(record.kind == standing.REVOCATION for record in records):
            preset_rows.record(connection, preset, standing.REVOCATION, {"reason": reason}, actor=actor)
            audit.note(connection, "preset.revoke", preset.label, actor=actor, reason=reason)
        stopped = preset_rows.campaigns_with(connection, preset.label, CampaignState.RUNNING)
        for campaign_id in stopped:
            campaign_rows.move(
                connection,
                campaign_id,
                CampaignState.PAUSED,
                reason=f"preset {preset.label} was revoked: {reason}",
            )
            audit.note(connection, "pause", campaign_id, actor=actor, preset=preset.label)
    with installation.database.read() as connection:
        delivered = tuple(origins.delivered_by(connection, origins.Maker(preset=preset.label)))
    return Revocation(preset=preset, paused=tuple(stopped), delivered=delivered)


def _refuse_revoked(connection: Connection, preset: Preset) -> None:
    if any(record.kind == standing.REVOCATION for record in preset_rows.records(connection, preset)):
        raise ConflictError(
            f"preset {preset.label} was revoked, which is final. Add a new version under the new agreement."
        )


def verify_preset(installation: Installation, label: str) -> tuple[Preset, list[PresetFinding]]:
    """Digest the reference and every table again, and hold them against what was frozen. Changes nothing."""
    with installation.database.read() as connection:
        preset = find_preset(connection, label)
        records = preset_rows.records(connection, preset)
    findings = []
    pcm = None
    if preset.reference_key is not None:
        try:
            data = installation.store.get(preset.reference_key)
        except ObjectMissingError:
            erased = [record.body["reason"] for record in records if record.kind == standing.ERASURE]
            found = f"was erased: {erased[-1]}" if erased else f"{preset.reference_key} is gone"
            return preset, [PresetFinding(what="reference", holds=False, found=found)]
        sha256 = hashlib.sha256(data).hexdigest()
        holds = sha256 == preset.reference_sha256
        findings.append(PresetFinding(what="reference", holds=holds, found=sha256))
        if holds:
            pcm, _rate_hz = from_wav(data)
    for engine, table in preset.parameters.items():
        actual = sound_digest(
            engine=engine,
            parameters=table,
            reference=pcm,
            reference_rate_hz=preset.reference_rate_hz or 0,
            transcript=preset.transcript,
        )
        findings.append(
            PresetFinding(what=f"sound {engine}", holds=actual == preset.sound_digests[engine], found=actual)
        )
    return preset, findings
