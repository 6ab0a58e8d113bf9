"""Reads a delivered file back: its descriptor, its tags, and whether its sound is still the one described.

Needs nothing but the file, which may be a stranger's: what is wrong with it is an `UnreadableFileError`, in time that
its size bounds. RIFF chunks are walked here; Vorbis comments, Ogg pages, ID3 and MPEG frames in modules of their own.
"""

from __future__ import annotations

import hashlib
import io
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from workers.errors import UnreadableFileError
from workers.finish import tags
from workers.finish.descriptor import parse_descriptor
from workers.finish.encoding import WAVE_ALAW, WAVE_PCM, WAVE_ULAW, packets_sha256
from workers.finish.id3 import end_of_id3, text_fields
from workers.finish.mpeg import rate_of_mp3
from workers.finish.ogg import packets_of
from workers.finish.vorbis import first_of_each, flac_fields, read_comments

RIFF_KINDS = {
    WAVE_PCM: ("wav", tags.PCM_HASH),
    WAVE_ULAW: ("ulaw", tags.ULAW_HASH),
    WAVE_ALAW: ("alaw", tags.ALAW_HASH),
}
ONCE = frozenset({b"fmt ", b"data", tags.DESCRIPTOR_CHUNK})
"""Chunks that say something of the sound, or are it."""
OPUS_HEAD, OPUS_TAGS = b"OpusHead", b"OpusTags"
OPUS_RATE_AT = 12
OPUS_HEADER_PACKETS = 2
ID3V1_BYTES = 128
BLOCK_SAMPLES = 1 << 16
LONGEST_SAMPLES = 1 << 28
"""Of FLAC that is decoded: three hours at 24 kHz. Silence takes next to no bytes, so a small file could be years."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadFile:
    """What a file says of itself and what is found in it."""

    codec: str
    tags: Mapping[str, str]
    """Ids, by lower-case name."""
    descriptor: Mapping[str, Any] | None
    """None when the file carries none."""
    hashed: str
    """What `sound_sha256` is over."""
    sound_sha256: str
    samples: int | None
    """Of the sound as it is now; None where the container does not tell."""
    rate_hz: int


def read_file(data: bytes) -> ReadFile:
    """Raises `UnreadableFileError`. FLAC is decoded, the others are only parsed."""
    try:
        if data[:4] == b"RIFF":
            return _read_riff(data)
        if data[:4] == b"fLaC" or data[end_of_id3(data) :][:4] == b"fLaC":
            return _read_flac(data)
        if data[:4] == b"OggS":
            return _read_opus(data)
        if data[:3] == b"ID3" or data[:1] == b"\xff":
            return _read_mp3(data)
    except (struct.error, ValueError, EOFError, IndexError) as problem:
        raise UnreadableFileError(f"the file is damaged: {problem}") from problem
    raise UnreadableFileError("the file is neither WAV, FLAC, MP3 nor Opus")


def mismatches(file: ReadFile) -> list[str]:
    """In plain words, what no longer matches the descriptor; empty when all does."""
    document = file.descriptor
    if document is None:
        return ["the file carries no descriptor"]
    described = document["sound"]
    wrong = []
    if file.codec != document["finish"]["codec"]:
        wrong.append(f"the codec was {document['finish']['codec']} and is {file.codec}")
    if file.rate_hz != described["rate_hz"]:
        wrong.append(f"the rate was {described['rate_hz']} Hz and is {file.rate_hz} Hz")
    if file.samples is not None and file.samples != described["samples"]:
        change = file.samples - described["samples"]
        wrong.append(
            f"the sound had {described['samples']:,} samples and has {file.samples:,} ({change:+,}): "
            f"{'it was cut' if change < 0 else 'something was added'}"
        )
    if file.codec == document["finish"]["codec"] and file.hashed != described["hashed"]:
        wrong.append(
            f"the descriptor's sha256 is over {described['hashed']}, {file.codec} has one over {file.hashed}: "
            "whether the sound is the one that was made cannot be told"
        )
    if file.hashed == described["hashed"] and file.sound_sha256 != described["sha256"]:
        wrong.append(
            f"the sound is not the one that was made: its sha256 was {described['sha256'][:16]}… and is "
            f"{file.sound_sha256[:16]}…"
        )
    for name in ("campaign", "recipient", "version"):
        tagged = file.tags.get(name)
        if tagged is not None and tagged != str(document.get(name)):
            wrong.append(f"the tag {name} says {tagged}, the descriptor {document.get(name)}")
    return wrong


def _parsed(text: str | None) -> Mapping[str, Any] | None:
    return parse_descriptor(text) if text else None


def _ids(carried: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in carried.items() if name.upper() != tags.DESCRIPTOR_NAME}


# WAV


def riff_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """(name, body) of each chunk; raises ValueError when the file ends inside one."""
    if data[8:12] != b"WAVE":
        raise ValueError("RIFF, but no WAVE")
    place = 12
    while place + 8 <= len(data):
        name = data[place : place + 4]
        (size,) = struct.unpack_from("<I", data, place + 4)
        if place + 8 + size > len(data):
            raise ValueError(
                f"the chunk {name.decode('latin-1')!r} says {size:,} bytes and {len(data) - place - 8:,} are left"
            )
        yield name, data[place + 8 : place + 8 + size]
        place += 8 + size + size % 2


def _read_riff(data: bytes) -> ReadFile:
    chunks: dict[bytes, bytes] = {}
    for name, body in riff_chunks(data):
        if name in chunks and name in ONCE:
            raise ValueError(
                f"a WAV with two chunks {name.decode('latin-1')!r}, of which players hear the first"
            )
        chunks.setdefault(name, body)
    if b"fmt " not in chunks or b"data" not in chunks:
        raise ValueError("a WAV without format or sound")
    code, channels, rate_hz, _byte_rate, block_bytes, bits = struct.unpack_from("<HHIIHH", chunks[b"fmt "])
    if code not in RIFF_KINDS:
        raise ValueError(f"a WAV of format {code}")
    codec, hashed = RIFF_KINDS[code]
    sample_bytes = 2 if code == WAVE_PCM else 1
    if (channels, block_bytes, bits) != (1, sample_bytes, 8 * sample_bytes):
        raise ValueError(f"a WAV of {channels} channels with {bits} bits, not of one with {8 * sample_bytes}")
    comment = chunks.get(b"LIST", b"")[12:].rstrip(b"\0").decode("latin-1")
    sound = chunks[b"data"]
    return ReadFile(
        codec=codec,
        tags=dict(pair.split("=", 1) for pair in comment.split(" ") if "=" in pair),
        descriptor=_parsed(chunks.get(tags.DESCRIPTOR_CHUNK, b"").decode("utf-8")),
        hashed=hashed,
        sound_sha256=hashlib.sha256(sound).hexdigest(),
        samples=len(sound) // sample_bytes,
        rate_hz=rate_hz,
    )


# FLAC


def _read_flac(data: bytes) -> ReadFile:
    data = data[end_of_id3(data) :]
    carried = flac_fields(data)
    digest, samples, rate_hz = _decoded_flac(data)
    return ReadFile(
        codec="flac",
        tags=_ids(carried),
        descriptor=_parsed(_descriptor_of(carried)),
        hashed=tags.PCM_HASH,
        sound_sha256=digest,
        samples=samples,
        rate_hz=rate_hz,
    )


def _decoded_flac(data: bytes) -> tuple[str, int, int]:
    """(sha256 of the samples, how many, rate in Hz). Block by block: a header's length is not believed."""
    import soundfile

    digest = hashlib.sha256()
    samples = 0
    try:
        with soundfile.SoundFile(io.BytesIO(data)) as file:
            if (file.format, file.subtype, file.channels) != ("FLAC", "PCM_16", 1):
                raise ValueError(
                    f"{file.format} of {file.channels} channels, {file.subtype}, not FLAC of one with 16 bits"
                )
            while len(block := file.read(BLOCK_SAMPLES, dtype="int16")):
                digest.update(block.astype("<i2", copy=False).data)
                samples += len(block)
                if samples > LONGEST_SAMPLES:
                    raise ValueError(f"FLAC of more than {LONGEST_SAMPLES:,} samples")
            return digest.hexdigest(), samples, int(file.samplerate)
    except soundfile.LibsndfileError as problem:
        raise ValueError(f"FLAC: {problem}") from problem


def _descriptor_of(carried: Mapping[str, str]) -> str | None:
    return next((value for name, value in carried.items() if name.upper() == tags.DESCRIPTOR_NAME), None)


# MP3


def _read_mp3(data: bytes) -> ReadFile:
    carried = text_fields(data)
    sound = mpeg_frames(data)
    return ReadFile(
        codec="mp3",
        tags=_ids(carried),
        descriptor=_parsed(_descriptor_of(carried)),
        hashed=tags.MPEG_HASH,
        sound_sha256=hashlib.sha256(sound).hexdigest(),
        samples=None,  # LAME pads to whole frames: the hash of the frames says it all
        rate_hz=rate_of_mp3(sound),
    )


def mpeg_frames(data: bytes) -> bytes:
    """An MP3 without its ID3 tags."""
    start = end_of_id3(data)
    end = len(data)
    if data[end - ID3V1_BYTES : end - ID3V1_BYTES + 3] == b"TAG":
        end -= ID3V1_BYTES
    if start >= end:
        raise ValueError("the ID3 tag says that it is longer than the file")
    return data[start:end]


# Opus


def _read_opus(data: bytes) -> ReadFile:
    packets = packets_of(data)
    heads = [packet[:8] for packet in packets[:OPUS_HEADER_PACKETS]]
    if heads != [OPUS_HEAD, OPUS_TAGS]:
        raise ValueError("Ogg, but no Opus")
    carried = first_of_each(read_comments(packets[1][len(OPUS_TAGS) :])[1])
    (rate_hz,) = struct.unpack_from("<I", packets[0], OPUS_RATE_AT)
    return ReadFile(
        codec="opus",
        tags=_ids(carried),
        descriptor=_parsed(_descriptor_of(carried)),
        hashed=tags.OPUS_HASH,
        sound_sha256=packets_sha256(packets[OPUS_HEADER_PACKETS:]),
        samples=None,
        rate_hz=rate_hz,
    )
