"""Run descriptors: one row for each attempt at an utterance, with what can be known and null for what cannot."""

from __future__ import annotations

import hashlib
import platform
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import metadata

import numpy as np
from pydantic import JsonValue

from storage.history import runs as run_rows
from storage.keys import keyed_hash
from storage.records import Campaign, RunDescriptor, Runnable, UtteranceWork
from storage.session import Database
from workers.clock import DatabaseClock, host_now_ms
from workers.engines.engine import Outcome, Pcm, PresetSound, Waveform
from workers.errors import PresetError
from workers.observability.gpu import GpuReading, Sampler, Telemetry
from workers.requests import Spec, seed_of
from workers.voices import Voices

BY_FRAMES = "share of the batch's frames"
RECORDED_PACKAGES = (
    "campaign",
    "dramatiq",
    "numpy",
    "redis",
    "sqlalchemy",
    "boto3",
    "torch",
    "f5-tts",
    "vocos",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchFacts:
    """What the utterances of one engine batch share. Times are on the database's clock."""

    batch_id: str
    campaign: Runnable
    size: int
    queue_depth: int
    clock_offset_ms: int
    started_ms: int
    frames: Sequence[int | None] = ()
    """Of each utterance, in order; None for one that failed."""
    before: GpuReading | None = None
    after: GpuReading | None = None
    sampler: Sampler | None = None

    @classmethod
    def begin(
        cls,
        clock: DatabaseClock,
        telemetry: Telemetry,
        campaign: Runnable,
        *,
        size: int,
        queue_depth: int,
    ) -> BatchFacts:
        """Look at the clock and the GPU before the engine starts."""
        offset_ms = clock.offset_ms()
        return cls(
            batch_id=uuid.uuid4().hex,
            campaign=campaign,
            size=size,
            queue_depth=queue_depth,
            clock_offset_ms=offset_ms,
            started_ms=host_now_ms() + offset_ms,
            before=telemetry.read(),
            sampler=telemetry.sampler(),
        )

    def end(self, database: Database, telemetry: Telemetry, outcomes: Sequence[Outcome]) -> BatchFacts:
        """Look again when it is done, and keep what the GPU said meanwhile."""
        after = telemetry.read()
        if self.sampler is not None and after is not None:
            samples = [one._replace(t_ms=one.t_ms + self.clock_offset_ms) for one in self.sampler.stop()]
            with database.write() as connection:
                run_rows.add_samples(connection, self.batch_id, gpu_uuid=after.uuid, samples=samples)
        return replace(self, after=after, frames=[_frames_of(outcome) for outcome in outcomes], sampler=None)

    @property
    def total_frames(self) -> int:
        """Of all that came out."""
        return sum(count for count in self.frames if count is not None)

    def energy_of(self, position: int) -> tuple[float | None, str | None]:
        """(joules, how they were attributed): an utterance's share of the batch is its share of the frames."""
        gpu = self.after or self.before
        if gpu is not None and gpu.unattributable is not None:
            return None, f"unattributable: {gpu.unattributable}"
        if self.before is None or self.after is None:
            return None, None
        if self.before.energy_joules is None or self.after.energy_joules is None:
            return None, None
        frames = self.frames[position]
        if frames is None:
            return None, None
        joules = self.after.energy_joules - self.before.energy_joules
        return joules * frames / self.total_frames, BY_FRAMES


def _frames_of(outcome: Outcome) -> int | None:
    """An engine's own count where it has one, else samples."""
    if not isinstance(outcome, Waveform):
        return None
    noted = _whole(outcome.notes.get("frames"))
    return len(outcome.pcm) if noted is None else noted


def _whole(noted: JsonValue) -> int | None:
    return noted if isinstance(noted, int) else None


def sound_hash(pcm: Pcm) -> str:
    """sha256 hex of the samples as little-endian 16-bit: of the sound, not of a file."""
    return hashlib.sha256(np.ascontiguousarray(pcm, dtype="<i2").data).hexdigest()


@cache
def package_versions() -> Mapping[str, str]:
    """Versions of what takes part in making sound; packages that are not installed are left out."""
    versions = {"python": platform.python_version()}
    for name in RECORDED_PACKAGES:
        try:
            versions[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return versions


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One utterance of a batch, and what came of it."""

    run_id: str
    position: int
    """In the batch."""
    work: UtteranceWork
    outcome: Outcome
    sound_sha256: str | None
    """Of the samples that were kept."""


def describe_run(
    attempt: Attempt, facts: BatchFacts, *, campaign: Campaign, voices: Voices, worker: str, secret: bytes
) -> RunDescriptor:
    """The descriptor of one attempt; null is what nobody can know."""
    work, outcome = attempt.work, attempt.outcome
    engine = voices.engine_for(facts.campaign.pin_id)
    preset = _preset_of(voices, work.preset, engine.name)
    planned = campaign.lock.presets.get(work.preset, campaign.lock.preset)
    pin = voices.pin(work.pin_id)
    gpu = facts.after or facts.before
    joules, energy_source = facts.energy_of(attempt.position)
    sound = outcome if isinstance(outcome, Waveform) else None
    text = Spec.from_json(work.spec).text
    return RunDescriptor(
        run_id=attempt.run_id,
        utterance_key=work.key,
        campaign_id=facts.campaign.id,
        attempt=work.claim.attempt,
        outcome="stored" if isinstance(outcome, Waveform) else outcome.code,
        lane=facts.campaign.lane,
        worker=worker,
        host_class=f"{platform.system()}-{platform.machine()}",
        clock_offset_ms=facts.clock_offset_ms,
        t_submit_ms=campaign.t_queued_ms,
        t_claim_ms=facts.started_ms,
        t_first_token_ms=facts.started_ms + round(sound.t_first_ms) if sound else None,
        t_last_token_ms=facts.started_ms + round(sound.t_last_ms) if sound else None,
        t_stored_ms=host_now_ms() + facts.clock_offset_ms if sound else None,
        model_repo=pin.repo,
        model_hash=pin.digest,
        vocoder_repo=pin.vocoder.repo if pin.vocoder else None,
        vocoder_hash=pin.vocoder.digest if pin.vocoder else None,
        pin_id=work.pin_id,
        preset=work.preset,
        preset_digest=planned.sound_digest if preset is None else preset.sound_digest,
        lexicons=dict(campaign.lock.lexicons),
        engine=engine.name,
        engine_version=engine.version,
        engine_revision=engine.revision,
        numeric_class=(sound and sound.numeric_class) or engine.numeric_class,
        gpu_model=gpu.model if gpu else None,
        gpu_uuid=gpu.uuid if gpu else None,
        clock_mhz=gpu.clock_mhz if gpu else None,
        power_w=gpu.power_w if gpu else None,
        util_gpu=gpu.utilisation if gpu else None,
        energy_joules=joules,
        energy_source=energy_source,
        driver_version=gpu.driver if gpu else None,
        sample_rate_hz=sound.rate_hz if sound else None,
        bit_depth=16 if sound else None,
        codec="pcm_s16le" if sound else None,
        codec_settings=None,
        input_text_hash=keyed_hash(secret, "text", text),
        ref_audio_hashes=_references(preset),
        output_audio_hash=attempt.sound_sha256,
        duration_ms=round(sound.duration_s * 1000) if sound else None,
        batch_id=facts.batch_id,
        batch_size=facts.size,
        batch_position=attempt.position,
        frames=facts.frames[attempt.position],
        batch_frames=facts.total_frames,
        queue_depth=facts.queue_depth,
        seed=seed_of(work.key),
        nfe=_whole(sound.notes.get("nfe")) if sound else None,
        versions=dict(package_versions()),
        trace_id=campaign.trace_id,
        notes=dict(outcome.notes) if isinstance(outcome, Waveform) else {"failure": outcome.reason},
    )


def _preset_of(voices: Voices, label: str, engine: str) -> PresetSound | None:
    """A preset; None where it cannot be used, which is then what the attempt failed for."""
    try:
        return voices.preset(label, engine)
    except PresetError:
        return None


def _references(preset: PresetSound | None) -> list[dict[str, str]]:
    """The recordings that the voice was cloned from, and where they came from."""
    if preset is None or preset.reference is None:
        return []
    return [{"sha256": sound_hash(preset.reference), "source": f"preset {preset.name}@{preset.version}"}]
