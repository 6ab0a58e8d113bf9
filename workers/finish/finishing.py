"""`finish`: utterances to one file, stage by stage."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from pydantic import JsonValue

from workers.engines.engine import Pcm
from workers.errors import FinishError
from workers.finish import assembly, checks, loudness
from workers.finish.assembly import Assembly
from workers.finish.decoding import decoded
from workers.finish.descriptor import Provenance, SoundFacts, UtteranceExtent, describe
from workers.finish.encoding import DELAY_SAMPLES, EncodedFile, encode
from workers.finish.marks import Marker
from workers.finish.profile import FinishProfile
from workers.finish.tags import Tags, check_ids
from workers.finish.values import Help, HelpedSound, refuse_unplaced, with_help
from workers.finish.words import PlacedWords, told_times, words_in_file

FINISH_REVISION = 1
"""Raised by hand when the same parts and profile give other samples; guarded by golden digests."""

WARM_RATE_HZ = 22_050
HEARD_AGAIN = frozenset({"mp3", "opus", "ulaw", "alaw"})
"""Codecs that change the sound, and that libsndfile decodes."""

OVERSHOOT_DB = 6.2
"""More than a true peak can lie above the samples around it: the interpolator's gains sum to 6.12 dB at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One utterance of an asset."""

    pcm: Pcm
    rate_hz: int
    pause_after_ms: int | None = None
    """None: the profile's pause. Nothing follows the last part but the profile's lead-out."""
    characters: int | None = None
    """Of its spoken text, where this utterance's own duration is to be checked too."""
    placed_words: PlacedWords | None = None
    """When its words were said, where its engine does not tell and somebody who heard it does."""
    values: tuple[tuple[int, int], ...] = ()
    """Words [first, last) of each of its values, in order, counted as the times of its words are; needed where the
    profile helps values."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedSound:
    """One utterance as it goes into the file, and what became of it on the way."""

    pcm: Pcm
    spoken: int
    """Samples of it that were spoken: without what values were given."""
    helped: HelpedSound | None = None
    """At the engine's rate, before tempo and rate were changed; None where no value was helped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishedAudio:
    """One file and what is known of its sound."""

    data: bytes
    sha256: str
    """Of `data`."""
    content_type: str
    extension: str
    duration_s: float
    samples: int
    rate_hz: int
    gain_db: float
    """That was applied; below what the target asked for where the ceiling held it."""
    peak_dbfs: float
    loudness_lufs: float | None
    """None when all of it is below -70 LUFS. Of the samples; with `gain = "asset"` of the file as it decodes, where its
    codec is in `HEARD_AGAIN`. So is the true peak."""
    true_peak_dbtp: float | None
    """None where a static gain leaves the samples so low that no peak between them can reach full scale."""
    sound_sha256: str
    """Of the samples as little-endian int16, before encoding: equal sound, equal hash, whatever the tags."""
    extents: tuple[UtteranceExtent, ...]
    """Where each utterance lies, and its words where its engine told."""

    @property
    def timebase(self) -> tuple[int, ...]:
        """The first sample of each utterance."""
        return tuple(extent.first_sample for extent in self.extents)


def finish(
    parts: Sequence[Part],
    profile: FinishProfile,
    *,
    tags: Mapping[str, str] | None = None,
    provenance: Provenance | None = None,
    marker: Marker | None = None,
    characters: int | None = None,
    language: str | None = None,
) -> FinishedAudio:
    """Join, level, check, encode and tag one asset; raises `FinishError` when it must not be released.

    `characters` of spoken text and its `language` let the duration be checked. `tags` carry ids only: others
    raise ValueError. With `provenance` the file carries its descriptor. A profile with marks needs a `marker`.
    """
    ids = dict(tags or {})
    check_ids(ids)
    if profile.marks and marker is None:
        raise FinishError("mark-missing", f"nothing here can set {', '.join(profile.marks)}")
    if not parts:
        raise FinishError("no-sound", "the asset has no utterance")
    rate_hz = profile.rate_for(parts[0].rate_hz)
    runs = [{}] * len(parts) if provenance is None else provenance.runs
    times = [word_times(part, run) for part, run in zip(parts, runs, strict=True)]
    made = [
        prepared(part, number, rate_hz, profile, times=told)
        for number, (part, told) in enumerate(zip(parts, times, strict=True))
    ]
    sounds = [one.pcm for one in made]
    _check_durations(
        parts, [one.spoken for one in made], rate_hz, profile, characters=characters, language=language
    )
    joined, timebase = _joined(parts, sounds, profile, rate_hz)
    pcm, gain_db, level = _levelled(joined, rate_hz, profile)
    if marker is not None:
        pcm = marker.watermark(pcm, rate_hz, profile.marks, ids)
    extents = _extents(parts, made, times, timebase, profile, runs)
    facts = _facts(profile, rate_hz, pcm, gain_db, level, extents)
    sound_sha256 = hashlib.sha256(pcm.astype("<i2", copy=False).data).hexdigest()
    encoded = encode(pcm, rate_hz, profile, _tags(ids, provenance, facts, sound_sha256))
    data = encoded.data if marker is None else _marked(encoded, profile, ids, provenance, marker)
    heard = _as_delivered(data, profile, level)
    peak = max(int(pcm.max()), -int(pcm.min()))
    return FinishedAudio(
        data=data,
        sha256=hashlib.sha256(data).hexdigest(),
        content_type=encoded.content_type,
        extension=encoded.extension,
        duration_s=len(pcm) / rate_hz,
        samples=len(pcm),
        rate_hz=rate_hz,
        gain_db=gain_db,
        peak_dbfs=20 * math.log10(peak / assembly.FULL_SCALE),
        loudness_lufs=heard.loudness_lufs,
        true_peak_dbtp=heard.true_peak_dbtp,
        sound_sha256=sound_sha256,
        extents=tuple(extents),
    )


def _as_delivered(data: bytes, profile: FinishProfile, level: loudness.Level) -> loudness.Level:
    """What a listener's decoder gives, where a file is brought to a loudness and its codec changes the sound.

    A fifth of the file's cost; a preset's gain promises no loudness. `level` is that of the samples before encoding.
    """
    if profile.gain != "asset" or profile.codec not in HEARD_AGAIN:
        return level
    pcm, rate_hz = decoded(data, dtype="int16")
    return loudness.measure(pcm, rate_hz)


def _marked(
    encoded: EncodedFile,
    profile: FinishProfile,
    ids: Mapping[str, str],
    provenance: Provenance | None,
    marker: Marker,
) -> bytes:
    """The file with its manifest, and every mark read back; raises `FinishError`."""
    engine = str(provenance.runs[0].get("engine")) if provenance and provenance.runs else ""
    data = marker.sign(encoded.data, encoded.content_type, profile.marks, ids, engine)
    marker.check(data, encoded.content_type, profile.marks, ids)
    return data


def _facts(
    profile: FinishProfile,
    rate_hz: int,
    pcm: Pcm,
    gain_db: float,
    level: loudness.Level,
    timebase: Sequence[UtteranceExtent],
) -> SoundFacts:
    return SoundFacts(
        codec=profile.codec,
        codec_settings=profile.codec_settings,
        marks=profile.marks,
        profile_digest=profile.digest,
        finish_revision=FINISH_REVISION,
        rate_hz=rate_hz,
        samples=len(pcm),
        delay_samples=DELAY_SAMPLES.get(profile.codec, 0),
        gain_db=gain_db,
        loudness_lufs=level.loudness_lufs,
        true_peak_dbtp=level.true_peak_dbtp,
        timebase=timebase,
    )


def word_times(part: Part, run: Mapping[str, JsonValue]) -> Sequence[tuple[float, float]] | None:
    """[from, to] of each word in ms of the utterance's sound, by its run or a listener; None where neither tells."""
    told = told_times(run)
    if told is None and part.placed_words is not None:
        return part.placed_words.times_ms
    return told


def _extents(
    parts: Sequence[Part],
    made: Sequence[PreparedSound],
    times: Sequence[Sequence[tuple[float, float]] | None],
    timebase: Sequence[int],
    profile: FinishProfile,
    runs: Sequence[Mapping[str, JsonValue]],
) -> list[UtteranceExtent]:
    """Where each utterance lies, and its words where somebody tells when they were said."""
    extents = []
    for part, one, of_words, first, run in zip(parts, made, times, timebase, runs, strict=True):
        placed = part.placed_words if told_times(run) is None else None
        extents.append(
            UtteranceExtent(
                first_sample=first,
                samples=len(one.pcm),
                words=words_in_file(
                    of_words,
                    part.pcm,
                    part.rate_hz,
                    below_dbfs=profile.trim_below_dbfs,
                    keep_ms=profile.trim_keep_ms,
                    first_sample=first,
                    samples=len(one.pcm),
                    helped=one.helped,
                ),
                words_by=None if placed is None else placed.by,
            )
        )
    return extents


def _tags(ids: Mapping[str, str], provenance: Provenance | None, facts: SoundFacts, pcm_sha256: str) -> Tags:
    if provenance is None:
        return Tags(ids=ids)
    made_at = [
        t_stored_ms for run in provenance.runs if isinstance(t_stored_ms := run.get("t_stored_ms"), int)
    ]
    return Tags(
        ids=ids,
        describe=lambda hashed, sha256: describe(provenance, facts, hashed=hashed, sha256=sha256),
        pcm_sha256=pcm_sha256,
        made_at_ms=max(made_at, default=None),
        loudness_lufs=facts.loudness_lufs,
        true_peak_dbtp=facts.true_peak_dbtp,
    )


def warm(profile: FinishProfile) -> None:
    """Load what `profile` needs, so that the first asset is as fast as any other: 2 s once a process, mostly numba."""
    tone = np.rint(8_000 * np.sin(np.arange(WARM_RATE_HZ) / 20)).astype(np.int16)
    finish(
        [Part(pcm=tone, rate_hz=WARM_RATE_HZ)],
        profile.model_copy(
            update={"gain": "preset", "gain_db": 0.0, "silent_below_dbfs": -90.0, "marks": ()}
        ),
    )


def prepared(
    part: Part,
    number: int,
    rate_hz: int,
    profile: FinishProfile,
    *,
    times: Sequence[tuple[float, float]] | None = None,
) -> PreparedSound:
    """Trimmed, checked, its values helped, at the file's tempo and rate, with faded ends.

    `times`: [from, to] of each word in ms of the part's sound. Raises `FinishError`, for values that are to be helped
    and of which nobody tells when they are said too.
    """
    kept = assembly.audible(
        part.pcm, part.rate_hz, below_dbfs=profile.trim_below_dbfs, keep_ms=profile.trim_keep_ms
    )
    sound = part.pcm[kept]
    checks.check_audible(sound, position=number, silent_below_dbfs=profile.silent_below_dbfs)
    checks.check_unclipped(sound, position=number)
    checks.check_gaps(
        sound,
        part.rate_hz,
        position=number,
        below_dbfs=profile.trim_below_dbfs,
        longest_ms=profile.max_silence_ms,
    )
    helped, unhelped = None, len(sound)
    if profile.helps_values and part.values:
        helped = _helped(sound, int(kept.start), part, number, profile, times)
        sound = helped.pcm
    if profile.tempo != 1.0:
        from workers.finish.tempo import at_tempo

        sound = at_tempo(sound, part.rate_hz, profile.tempo)
    sound = assembly.fade(_resampled(sound, part.rate_hz, rate_hz), rate_hz, fade_ms=profile.fade_ms)
    spoken = len(sound) if helped is None else round(len(sound) * unhelped / max(1, len(helped.pcm)))
    return PreparedSound(pcm=sound, spoken=spoken, helped=helped)


def _helped(
    sound: Pcm,
    start: int,
    part: Part,
    number: int,
    profile: FinishProfile,
    times: Sequence[tuple[float, float]] | None,
) -> HelpedSound:
    """A trimmed sound that begins at sample `start` of its part, with its values helped."""
    refuse_unplaced(times, part.values, number)
    assert times is not None
    inside = [
        (begun * part.rate_hz / 1000 - start, ended * part.rate_hz / 1000 - start) for begun, ended in times
    ]
    help_ = Help(pause_ms=profile.value_pause_ms, tempo=profile.value_tempo)
    return with_help(sound, part.rate_hz, inside, part.values, help_)


def _check_durations(
    parts: Sequence[Part],
    spoken: Sequence[int],
    rate_hz: int,
    profile: FinishProfile,
    *,
    characters: int | None,
    language: str | None,
) -> None:
    """Of each utterance that names its characters, and of all together; `spoken` samples of each."""
    bounds = profile.bounds_for(language)
    for part, samples in zip(parts, spoken, strict=True):
        if part.characters is not None:
            checks.check_duration(
                samples / rate_hz, characters=part.characters, bounds=bounds, language=language
            )
    if characters is not None:
        checks.check_duration(sum(spoken) / rate_hz, characters=characters, bounds=bounds, language=language)


def _resampled(pcm: Pcm, from_hz: int, to_hz: int) -> Pcm:
    """By soxr in float32: its int16 output is dithered with a seed from the clock.

    A peak that overshoots full scale by the filter's ripple is held there.
    """
    if from_hz == to_hz:
        return pcm
    import soxr

    resampled: npt.NDArray[np.float32] = np.rint(
        soxr.resample(pcm.astype(np.float32), from_hz, to_hz, quality="HQ")
    )
    return resampled.clip(-32_768, 32_767).astype(np.int16)


def _joined(
    parts: Sequence[Part], sounds: Sequence[Pcm], profile: FinishProfile, rate_hz: int
) -> tuple[Pcm, tuple[int, ...]]:
    """(joined, first sample of each sound)."""
    whole = profile_assembly(profile, rate_hz)
    for part, sound in zip(parts[:-1], sounds, strict=False):
        whole.add(sound, pause_after_ms=pause_ms(part, profile))
    whole.add(sounds[-1], pause_after_ms=0)
    return whole.end(), tuple(whole.starts)


def profile_assembly(profile: FinishProfile, rate_hz: int) -> Assembly:
    """Where a file's sounds are put together."""
    return Assembly(
        rate_hz, fade_ms=profile.fade_ms, lead_in_ms=profile.lead_in_ms, lead_out_ms=profile.lead_out_ms
    )


def pause_ms(part: Part, profile: FinishProfile) -> float:
    """Silence between a part and the next."""
    return profile.pause_ms if part.pause_after_ms is None else part.pause_after_ms


def _levelled(pcm: Pcm, rate_hz: int, profile: FinishProfile) -> tuple[Pcm, float, loudness.Level]:
    """(pcm, gain, level after the gain)."""
    gain_db = profile.gain_db
    if profile.gain == "preset":
        level = loudness.measure(pcm, rate_hz, peak_above_dbfs=-OVERSHOOT_DB - gain_db)
    else:
        level = loudness.measure(pcm, rate_hz)
        gain_db = loudness.gain_to_target_db(
            level, target_lufs=profile.target_lufs, ceiling_dbtp=profile.ceiling_dbtp
        )
    louder, clipped = loudness.apply_gain(pcm, gain_db)
    checks.check_gain(clipped, gain_db)
    return louder, gain_db, level.raised_by(gain_db)
