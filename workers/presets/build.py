"""A preset built from a recording and an engine's table: everything that decides its sound, and where it came from.

decode -> make_reference -> check_transcript -> complete_table -> sound_digest -> score
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from storage.canonical import digest
from workers.engines.engine import Capabilities, JsonValue
from workers.errors import RecordingError
from workers.measure.likeness import SpeakerEncoder
from workers.measure.scores import Scores, score, tool_versions
from workers.pcm import to_wav
from workers.presets.recording import decode
from workers.presets.reference import Reference, check_transcript, make_reference
from workers.presets.sound import sound_digest
from workers.presets.tables import complete_table

LONGEST_RECORDING_S = 120.0
"""Of what a reference of a few seconds is cut from: silence before and after it, and no more."""
TOOLS = ("av", "campaign", "numpy", "pydub", "soundfile", "soxr")


@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltPreset:
    """A preset that has no version yet."""

    engine: str
    parameters: Mapping[str, JsonValue]
    sound_digest: str
    transcript: str = ""
    reference: Reference | None = None
    reference_wav: bytes | None = None
    scores: Scores | None = None
    provenance: Mapping[str, JsonValue]

    @property
    def reference_sha256(self) -> str | None:
        """Of the stored bytes."""
        return None if self.reference_wav is None else hashlib.sha256(self.reference_wav).hexdigest()

    @property
    def advice(self) -> tuple[str, ...]:
        """What could be better."""
        return () if self.reference is None else self.reference.advice


def build_cloned(
    path: Path,
    text: str,
    *,
    engine: str,
    capabilities: Capabilities,
    table: Mapping[str, JsonValue],
    language: str = "en",
    encoder: SpeakerEncoder | None = None,
) -> BuiltPreset:
    """From a recording of a speaker, with its words where the engine needs them; raises `RecordingError`.

    `encoder` is what its likeness is measured with, spectra by default.
    """
    if not capabilities.clones:
        raise RecordingError(
            f"engine {engine} cannot clone a speaker, so it has no use for a recording. Leave out --audio, or choose "
            "an engine that clones."
        )
    recording = decode(
        path,
        rate_hz=capabilities.rate_hz,
        longest_s=LONGEST_RECORDING_S,
        mend="Cut it into clips with `campaign preset clips` and add the best one.",
    )
    reference = make_reference(recording, limit_s=capabilities.reference_limit_s)
    transcript = ""
    if text.strip() or capabilities.needs_transcript:
        transcript = check_transcript(text, speech_s=reference.speech_s)
    parameters = complete_table(
        engine,
        table,
        language=language,
        reference=reference.pcm,
        reference_rate_hz=reference.rate_hz,
    )
    wav = to_wav(reference.pcm, reference.rate_hz)
    return BuiltPreset(
        engine=engine,
        parameters=parameters,
        sound_digest=sound_digest(
            engine=engine,
            parameters=parameters,
            reference=reference.pcm,
            reference_rate_hz=reference.rate_hz,
            transcript=transcript,
        ),
        transcript=transcript,
        reference=reference,
        reference_wav=wav,
        scores=score(
            reference.pcm,
            reference.rate_hz,
            text=transcript,
            clipped_share=recording.source.clipped_share,
            encoder=encoder,
        ),
        provenance={
            "origin": "cloned from a recording",
            "person": "see the consent record",
            "language": language,
            "recording": asdict(recording.source),
            "steps": dict(reference.steps),
            "seconds": round(reference.seconds, 3),
            "transcript_sha256": hashlib.sha256(transcript.encode()).hexdigest() if transcript else None,
            "table_sha256": digest(parameters),
            "tools": {**tool_versions(TOOLS)},
        },
    )


def build_plain(
    *, engine: str, capabilities: Capabilities, table: Mapping[str, JsonValue], language: str = "en"
) -> BuiltPreset:
    """Of an engine's own voice, nobody's; raises `RecordingError`."""
    if capabilities.needs_transcript:
        raise RecordingError(f"engine {engine} clones a speaker: give --audio, --text and --consent.")
    if capabilities.needs_recording:
        raise RecordingError(f"engine {engine} clones a speaker: give --audio and --consent.")
    parameters = complete_table(engine, table, language=language)
    return BuiltPreset(
        engine=engine,
        parameters=parameters,
        sound_digest=sound_digest(engine=engine, parameters=parameters),
        provenance={
            "origin": "an engine's own voice",
            "person": None,
            "table_sha256": digest(parameters),
            "tools": {**tool_versions(TOOLS)},
        },
    )
