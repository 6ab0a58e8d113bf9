"""Run descriptors: one row for each attempt at an utterance, with what can be known and null for what cannot."""

from __future__ import annotations

import hashlib
import platform
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib import metadata
from typing import TYPE_CHECKING

import numpy as np

from storage.keys import keyed_hash
from storage.records import Runnable, UtteranceWork
from workers.engines.engine import Outcome, Pcm, Waveform
from workers.requests import seed_of, spans_of
from workers.telemetry import GpuReading

if TYPE_CHECKING:
    from workers.workshop import Workshop

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
    """What the utterances of one engine batch share."""

    batch_id: str
    campaign: Runnable
    size: int
    queue_depth: int
    started_ms: int
    ended_ms: int | None = None
    before: GpuReading | None = None
    after: GpuReading | None = None

    @classmethod
    def begin(cls, shop: Workshop, campaign: Runnable, *, size: int, queue_depth: int) -> BatchFacts:
        """Look at the clock and the GPU before the engine starts."""
        return cls(
            batch_id=uuid.uuid4().hex,
            campaign=campaign,
            size=size,
            queue_depth=queue_depth,
            started_ms=_now_ms(),
            before=shop.telemetry.read(),
        )

    def end(self, shop: Workshop) -> BatchFacts:
        """Look again when it is done."""
        return replace(self, ended_ms=_now_ms(), after=shop.telemetry.read())

    @property
    def energy_joules(self) -> float | None:
        """What the whole batch took, where the GPU counts it."""
        if self.before is None or self.after is None:
            return None
        if self.before.energy_joules is None or self.after.energy_joules is None:
            return None
        return self.after.energy_joules - self.before.energy_joules


def sound_hash(pcm: Pcm) -> str:
    """sha256 hex of the samples as little-endian 16-bit: of the sound, not of a file."""
    return hashlib.sha256(np.ascontiguousarray(pcm, dtype="<i2").data).hexdigest()


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


@cache
def package_versions() -> Mapping[str, str]:
    """Versions of what takes part in making sound; packages that are not installed are left out."""
    found = {"python": platform.python_version()}
    for name in RECORDED_PACKAGES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


def describe_run(
    shop: Workshop,
    facts: BatchFacts,
    work: UtteranceWork,
    outcome: Outcome,
    *,
    run_id: str,
    position: int,
    sound_sha256: str | None,
) -> dict[str, object]:
    """The descriptor of one attempt, as the `runs` table keeps it."""
    campaign = shop.campaign(facts.campaign.id)
    text = " ".join(span.text for span in spans_of(work.spec))
    return {
        "run_id": run_id,
        "utterance_key": work.key,
        "campaign_id": facts.campaign.id,
        "attempt": work.claim.attempt,
        "lane": facts.campaign.lane,
        "worker": shop.worker,
        "host_class": f"{platform.system()}-{platform.machine()}",
        "t_submit_ms": campaign.t_queued_ms,
        "t_claim_ms": facts.started_ms,
        "input_text_hash": keyed_hash(shop.secret, "text", text),
        "batch_id": facts.batch_id,
        "batch_size": facts.size,
        "batch_position": position,
        "queue_depth": facts.queue_depth,
        "seed": seed_of(work.key),
        "versions": dict(package_versions()),
        "trace_id": campaign.trace_id,
        **_voice(shop, facts, work),
        **_gpu(facts),
        **_sound(facts, outcome, sound_sha256),
    }


def _voice(shop: Workshop, facts: BatchFacts, work: UtteranceWork) -> dict[str, object]:
    """Model, preset and engine."""
    engine = shop.engine_for(facts.campaign.pin_id)
    preset = shop.preset(work.preset, engine.name)
    pin = shop.pin(work.pin_id)
    vocoder = pin.vocoder or {}
    return {
        "model_repo": pin.repo,
        "model_hash": pin.digest,
        "vocoder_repo": vocoder.get("repo"),
        "vocoder_hash": vocoder.get("digest"),
        "pin_id": work.pin_id,
        "preset": work.preset,
        "preset_digest": preset.sound_digest,
        "ref_audio_hashes": [] if preset.reference is None else [sound_hash(preset.reference)],
        "engine": engine.name,
        "engine_version": engine.version,
        "engine_revision": engine.revision,
        "numeric_class": engine.numeric_class,
    }


def _gpu(facts: BatchFacts) -> dict[str, object]:
    """What NVML said; null where it said nothing."""
    gpu = facts.after or facts.before
    return {
        "gpu_model": gpu.model if gpu else None,
        "gpu_uuid": gpu.uuid if gpu else None,
        "clock_mhz": gpu.clock_mhz if gpu else None,
        "power_w": gpu.power_w if gpu else None,
        "util_gpu": gpu.utilisation if gpu else None,
        "energy_joules": None if facts.energy_joules is None else facts.energy_joules / facts.size,
    }


def _sound(facts: BatchFacts, outcome: Outcome, sound_sha256: str | None) -> dict[str, object]:
    """What came out, or why nothing did."""
    silent: dict[str, object] = dict.fromkeys(
        (
            "t_first_token_ms",
            "t_last_token_ms",
            "t_stored_ms",
            "sample_rate_hz",
            "bit_depth",
            "codec",
            "codec_settings",
            "output_audio_hash",
            "duration_ms",
            "nfe",
        )
    )
    if not isinstance(outcome, Waveform):
        return silent | {"outcome": outcome.code, "notes": {"failure": outcome.reason}}
    return silent | {
        "outcome": "stored",
        "t_first_token_ms": facts.started_ms + round(outcome.t_first_ms),
        "t_last_token_ms": facts.started_ms + round(outcome.t_last_ms),
        "t_stored_ms": _now_ms(),
        "sample_rate_hz": outcome.rate_hz,
        "bit_depth": 16,
        "codec": "pcm_s16le",
        "output_audio_hash": sound_sha256,
        "duration_ms": round(outcome.duration_s * 1000),
        "nfe": outcome.notes.get("nfe"),
        "notes": dict(outcome.notes),
    }
