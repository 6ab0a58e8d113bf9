"""A person's recording, decoded: mono float32 at the rate that is asked for, or a clear refusal.

The file is read whole under a size limit and decoded from memory, by a decoder chosen by its first bytes: libsndfile
for WAV, FLAC, Ogg, MP3 and AIFF; FFmpeg, in its own process and with its demuxer named, for M4A and WebM, which phones
record. So no path, URL, playlist or second file that the data names is ever opened. Seconds, channels and rate are
refused from the header before anything is decoded, and counted again while decoding: a header can lie.
"""

from __future__ import annotations

import hashlib
import io
import weakref
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np
import numpy.typing as npt

from workers.documents import read_bounded
from workers.errors import FfmpegError, RecordingError
from workers.ffmpeg import give_back, lend

Samples = npt.NDArray[np.float32]
"""float32 (samples,), mono; full scale is 1."""

MAX_FILE_BYTES = 512 << 20
MAX_SECONDS = 1800.0
MAX_CHANNELS = 8
RATES_HZ = range(8_000, 192_001)
CLIPPED_AT = 0.999
CLIPPED_RUN_SAMPLES = 3
"""Neighbouring samples at full scale: one alone is a peak, three are a cut."""
BLOCK_FRAMES = 1 << 16

SNDFILE_FORMATS = frozenset({"WAV", "WAVEX", "RF64", "FLAC", "OGG", "MP3", "AIFF"})
DEMUXERS = ((4, b"ftyp", "mp4"), (0, b"\x1aE\xdf\xa3", "matroska"))
"""(offset, magic bytes, FFmpeg's demuxer)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What the file was."""

    name: str
    sha256: str
    size_bytes: int
    format: str
    rate_hz: int
    channels: int
    seconds: float
    clipped_share: float
    """Of the frames, those in runs at full scale in any channel; 0 to 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """A decoded file."""

    samples: Samples
    rate_hz: int
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class _OpenRecording:
    """A decoder that has read the header and nothing else."""

    format: str
    rate_hz: int
    channels: int
    seconds: float | None
    """As the header says; None when it does not."""
    blocks: Callable[[], Iterator[npt.NDArray[np.float32]]]
    """float32 (frames, channels)."""


def decode(path: Path, *, rate_hz: int, longest_s: float | None = None, mend: str = "Cut it.") -> Recording:
    """The recording in `path` as mono at `rate_hz`; raises `RecordingError`. A minute takes about 0.1 s.

    Of more than `longest_s`, `MAX_SECONDS` by default, nothing is kept; `mend` says what to do then.
    """
    longest_s = MAX_SECONDS if longest_s is None else longest_s
    data = _read(path)
    opened = _open(data, path)
    if opened.rate_hz not in RATES_HZ:
        raise RecordingError(f"{path} has {opened.rate_hz} Hz; give 8 to 192 kHz.")
    if not 1 <= opened.channels <= MAX_CHANNELS:
        raise RecordingError(f"{path} has {opened.channels} channels; give mono or stereo.")
    if opened.seconds is not None and opened.seconds > longest_s:
        raise RecordingError(f"{path} has {opened.seconds:.0f} s; {longest_s:.0f} s is the most. {mend}")
    samples, frames, clipped = _mono(opened, rate_hz, path, longest_s=longest_s, mend=mend)
    if not frames:
        raise RecordingError(f"{path} holds no sound. Record it again.")
    source = Source(
        name=path.name,
        sha256=hashlib.sha256(data).hexdigest(),
        size_bytes=len(data),
        format=opened.format,
        rate_hz=opened.rate_hz,
        channels=opened.channels,
        seconds=frames / opened.rate_hz,
        clipped_share=clipped / frames,
    )
    return Recording(samples=samples, rate_hz=rate_hz, source=source)


def _read(path: Path) -> bytes:
    try:
        if not path.is_file():
            raise RecordingError(f"there is no file {path}. Name a recording.")
        if path.stat().st_size > MAX_FILE_BYTES:
            raise RecordingError(f"{path} is larger than {MAX_FILE_BYTES >> 20} MiB. Cut it.")
        return read_bounded(path, most_bytes=MAX_FILE_BYTES)
    except OSError as exc:
        raise RecordingError(f"{path} cannot be read: {exc.strerror}. Mend its rights.") from exc
    except ValueError as exc:
        raise RecordingError(f"{path} cannot be read: {exc}. Name a recording.") from exc


def _open(data: bytes, path: Path) -> _OpenRecording:
    for offset, magic, demuxer in DEMUXERS:
        if data[offset : offset + len(magic)] == magic:
            return _open_ffmpeg(data, demuxer, path)
    return _open_sndfile(data, path)


def _open_sndfile(data: bytes, path: Path) -> _OpenRecording:
    import soundfile

    try:
        file = soundfile.SoundFile(io.BytesIO(data))
    except soundfile.LibsndfileError as exc:
        raise RecordingError(
            f"{path} is no recording that can be read ({exc.error_string}). Give WAV, FLAC, Ogg, MP3, M4A or WebM."
        ) from exc
    if file.format not in SNDFILE_FORMATS:
        raise RecordingError(f"{path} is {file.format}. Give WAV, FLAC, Ogg, MP3, M4A or WebM.")

    def blocks() -> Iterator[npt.NDArray[np.float32]]:
        with file:
            while len(block := file.read(BLOCK_FRAMES, dtype="float32", always_2d=True)):
                yield block

    return _OpenRecording(
        format=file.format,
        rate_hz=file.samplerate,
        channels=file.channels,
        seconds=file.frames / file.samplerate if file.samplerate and file.frames < 1 << 60 else None,
        blocks=blocks,
    )


def _open_ffmpeg(data: bytes, demuxer: str, path: Path) -> _OpenRecording:
    process = lend()
    try:
        told = process.ask("open_recording", data, demuxer=demuxer)[0]
    except FfmpegError as exc:
        give_back(process)
        raise RecordingError(f"{path} holds no sound that can be read ({exc}). Record it again.") from exc
    channels = cast("int", told["channels"])

    def blocks() -> Iterator[npt.NDArray[np.float32]]:
        while sound := process.ask("next_block")[1]:
            yield np.frombuffer(sound, dtype="<f4").reshape(-1, channels)

    opened = _OpenRecording(
        format=demuxer,
        rate_hz=cast("int", told["rate_hz"]),
        channels=channels,
        seconds=cast("float | None", told["seconds"]),
        blocks=blocks,
    )
    weakref.finalize(blocks, give_back, process)  # read to its end, or refused by its header
    return opened


def _mono(
    opened: _OpenRecording, rate_hz: int, path: Path, *, longest_s: float, mend: str
) -> tuple[Samples, int, int]:
    """(mono at the asked rate, frames of the source, of those clipped)."""
    import soundfile
    import soxr

    stream = soxr.ResampleStream(opened.rate_hz, rate_hz, 1, dtype="float32", quality="VHQ")
    parts: list[Samples] = []
    frames = clipped = 0
    try:
        for block in opened.blocks():
            frames += len(block)
            if frames > longest_s * opened.rate_hz:
                raise RecordingError(f"{path} is longer than {longest_s:.0f} s. {mend}")
            if not np.isfinite(block).all():
                raise RecordingError(f"{path} holds samples that are no numbers. Export it again.")
            clipped += clipped_frames(block)
            parts.append(stream.resample_chunk(block.mean(axis=1, dtype=np.float32)))
    except (soundfile.LibsndfileError, FfmpegError, ValueError) as exc:
        raise RecordingError(f"{path} is damaged: {exc}. Copy or record it again.") from exc
    parts.append(stream.resample_chunk(np.zeros(0, dtype=np.float32), last=True))
    return np.concatenate(parts), frames, clipped


def clipped_frames(block: npt.NDArray[np.float32]) -> int:
    """Frames of (frames, channels) in runs of `CLIPPED_RUN_SAMPLES` or more at full scale."""
    full = (np.abs(block) >= CLIPPED_AT).any(axis=1)
    edges = np.flatnonzero(np.diff(np.concatenate(([False], full, [False])).astype(np.int8)))
    lengths = edges[1::2] - edges[::2]
    return int(lengths[lengths >= CLIPPED_RUN_SAMPLES].sum())
