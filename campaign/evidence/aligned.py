"""One file an asset with its sound, its utterances and what the GPU said, on one timebase.

A WAV of 32-bit floats, one channel a signal, that any audio editor or numpy opens; the same index is the same moment
in all of them. Its `cdsc` chunk (JSON) names the channels and units and holds the runs; `cue ` and `adtl` chunks mark
the utterances. What is not known is NaN, never 0.

    0 sound        -1 to 1, as delivered, a decoder's delay taken off
    1 utterance    its number from 1; 0 in pauses
    2 made_s       when this sample was made: seconds after `t0_ms` on the database's clock. An engine call makes an
                   utterance from its start to its last sample; over that time its samples are spread evenly
    3 power_w  4 clock_mhz  5 util_gpu     NVML at that time: sampled ten times a second where the GPU was,
                   else the reading at the end of the batch
    6 joules       of the utterance, by its share of the batch's frames
    7 word         its number in its utterance from 1; 0 between words; NaN where the engine tells no words
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from campaign.errors import InputError, NotFoundError
from campaign.results.folder import make_folder, write_whole
from storage.canonical import canonical_json
from storage.history import delivery
from storage.history import runs as run_rows
from storage.installation import Installation
from storage.names import CampaignId
from storage.records import GpuSample
from workers import riff
from workers.finish.decoding import LONGEST_SAMPLES, decoded
from workers.finish.descriptor import full_runs
from workers.finish.reading import read_file
from workers.finish.tags import DESCRIPTOR_CHUNK

CHANNELS = ("sound", "utterance", "made_s", "power_w", "clock_mhz", "util_gpu", "joules", "word")
UNITS = ("full scale", "number", "s", "W", "MHz", "share", "J", "number")
WAVE_FLOAT = 3
ALIGNED_SCHEMA = "campaign/aligned@1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Aligned:
    """Signals of one asset: float32 (samples, channels)."""

    rate_hz: int
    signals: npt.NDArray[np.float32]
    document: Mapping[str, Any]
    marks: Sequence[tuple[int, str]]
    """(sample, label) of each utterance."""


def export_aligned(
    installation: Installation, campaign_id: CampaignId, folder: Path, *, rows: Sequence[int] = ()
) -> Iterator[Path]:
    """Write `row-<n>.aligned.wav` for every delivered row (or these), one after the other; yields each path.

    Raises `NotFoundError` when there is nothing to write and `InputError` when the folder takes no file.
    """
    chosen = set(rows)
    with installation.database.read() as connection:
        stored = [
            (row.row, row.object_key)
            for row in delivery.rows(connection, campaign_id)
            if row.object_key is not None and (not chosen or row.row in chosen)
        ]
    if not stored:
        raise NotFoundError(
            f"campaign {campaign_id} has delivered none of these rows: there is nothing to align."
        )
    make_folder(folder)
    for row, object_key in stored:
        path = folder / f"row-{row}.aligned.wav"
        write_whole(path, _aligned_of(installation, row, object_key))
        yield path


def _aligned_of(installation: Installation, row: int, object_key: str) -> bytes:
    data = installation.store.get(object_key)
    descriptor = read_file(data).descriptor
    if descriptor is None:
        raise InputError(f"the file of row {row} carries no descriptor: it was made by an earlier release.")
    if descriptor["sound"]["samples"] > LONGEST_SAMPLES:
        raise InputError(
            f"the file of row {row} says that it is longer than any. Make it again with `rerender`."
        )
    try:
        batches = {run["batch_id"] for run in full_runs(descriptor)}
        with installation.database.read() as connection:
            sampled = run_rows.samples_of(connection, batches)
        return aligned_wav(align(data, descriptor, sampled))
    except (KeyError, TypeError, ValueError, ZeroDivisionError) as exc:
        raise InputError(
            f"the descriptor in the file of row {row} is not whole ({exc}). Make it again with `rerender`."
        ) from exc


def align(
    data: bytes,
    descriptor: Mapping[str, Any],
    samples_by_batch: Mapping[str, Sequence[GpuSample]],
) -> Aligned:
    """A delivered file and its descriptor as signals."""
    sound = descriptor["sound"]
    pcm, rate_hz = decoded(data, dtype="float32")
    if rate_hz != sound["rate_hz"]:  # Opus decodes at 48 kHz in some libraries
        pcm = pcm[:: rate_hz // sound["rate_hz"]]
    pcm = pcm[sound["delay_samples"] :][: sound["samples"]]
    signals = np.full((sound["samples"], len(CHANNELS)), np.nan, np.float32)
    signals[:, 0] = 0
    signals[: len(pcm), 0] = pcm
    signals[:, 1] = 0
    runs = {run["run_id"]: run for run in full_runs(descriptor)}
    t0_ms = min((run["t_claim_ms"] for run in runs.values() if run["t_claim_ms"] is not None), default=0)
    marks = []
    for number, place in enumerate(descriptor["timebase"], start=1):
        run = runs[place["run_id"]]
        part = signals[place["first_sample"] : place["first_sample"] + place["samples"]]
        part[:, 1] = number
        _fill(part, run, samples_by_batch.get(run["batch_id"], ()), t0_ms)
        if place.get("words"):
            part[:, 7] = 0
            for count, word in enumerate(place["words"], start=1):
                signals[word["first_sample"] :][: word["samples"], 7] = count
        marks.append((place["first_sample"], f"utterance {number} run {run['run_id']}"))
    document = {
        "schema": ALIGNED_SCHEMA,
        "channels": list(CHANNELS),
        "units": list(UNITS),
        "rate_hz": sound["rate_hz"],
        "t0_ms": t0_ms,
        "descriptor": descriptor,
    }
    return Aligned(rate_hz=sound["rate_hz"], signals=signals, document=document, marks=marks)


def _fill(
    part: npt.NDArray[np.float32],
    run: Mapping[str, Any],
    sampled: Sequence[GpuSample],
    t0_ms: int,
) -> None:
    """Columns 2 to 6 of one utterance."""
    if run["t_claim_ms"] is None or run["t_last_token_ms"] is None:
        return
    made_ms = np.linspace(run["t_claim_ms"], run["t_last_token_ms"], len(part))
    part[:, 2] = (made_ms - t0_ms) / 1000
    for column, name in ((3, "power_w"), (4, "clock_mhz"), (5, "util_gpu")):
        heard = [(row[0], row[column - 2]) for row in sampled if row[column - 2] is not None]
        if heard:
            times, values = zip(*heard, strict=True)
            part[:, column] = np.interp(made_ms, times, values)
        elif run[name] is not None:
            part[:, column] = run[name]
    if run["energy_joules"] is not None:
        part[:, 6] = run["energy_joules"]


def aligned_wav(aligned: Aligned) -> bytes:
    """The file."""
    channels = aligned.signals.shape[1]
    rate_hz = aligned.rate_hz
    layout = struct.pack("<HHIIHH", WAVE_FLOAT, channels, rate_hz, rate_hz * 4 * channels, 4 * channels, 32)
    cues = struct.pack("<I", len(aligned.marks))
    labels = b"adtl"
    for number, (sample, label) in enumerate(aligned.marks, start=1):
        cues += struct.pack("<II4sIII", number, sample, b"data", 0, 0, sample)
        labels += riff.chunk(b"labl", struct.pack("<I", number) + label.encode("ascii") + b"\0")
    return riff.wave(
        riff.chunk(b"fmt ", layout + struct.pack("<H", 0)),
        riff.chunk(b"fact", struct.pack("<I", len(aligned.signals))),
        riff.chunk(DESCRIPTOR_CHUNK, canonical_json(aligned.document).encode()),
        riff.chunk(b"data", aligned.signals.astype("<f4").tobytes()),
        riff.chunk(b"cue ", cues),
        riff.chunk(b"LIST", labels),
    )
