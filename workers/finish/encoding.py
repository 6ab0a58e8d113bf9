"""int16 mono to a file's bytes, one function a codec. Same samples and tags, same bytes.

Chosen by CPU time for 10 s at 24 kHz (benchmarks/finish.py): WAV by hand, FLAC by libsndfile, MP3 by LAME
through lameenc, Opus by libopus in FFmpeg's own process. None holds the GIL.
"""

from __future__ import annotations

import hashlib
import io
import struct
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from workers import riff
from workers.engines.engine import Pcm
from workers.ffmpeg import FfmpegProcess, in_child
from workers.finish import g711, tags
from workers.finish.id3 import write_id3
from workers.finish.profile import FinishProfile
from workers.finish.tags import Tags
from workers.finish.vorbis import tagged_flac

WAVE_PCM, WAVE_ALAW, WAVE_ULAW = 1, 6, 7
OPUS_FRAME_MS = 20
DELAY_SAMPLES = {"mp3": 1_105}
"""What a decoder puts before the first sample: LAME's 576 and the decoder's 529. Opus decoders cut theirs off."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EncodedFile:
    """A file."""

    data: bytes
    content_type: str
    extension: str


def encode(pcm: Pcm, rate_hz: int, profile: FinishProfile, carried: Tags) -> EncodedFile:
    """The file in the profile's codec with its tags."""
    function, content_type, extension = CODECS[profile.codec]
    data = function(pcm, rate_hz, profile, carried)
    return EncodedFile(data=data, content_type=content_type, extension=extension)


def encode_wav(pcm: Pcm, rate_hz: int, _profile: FinishProfile, carried: Tags) -> bytes:
    """RIFF WAVE, 16 bits."""
    return _riff(WAVE_PCM, 16, rate_hz, len(pcm), pcm.astype("<i2").tobytes(), carried)


def encode_ulaw_wav(pcm: Pcm, rate_hz: int, _profile: FinishProfile, carried: Tags) -> bytes:
    """RIFF WAVE, G.711 mu-law."""
    return _riff(WAVE_ULAW, 8, rate_hz, len(pcm), g711.to_ulaw(pcm), carried)


def encode_alaw_wav(pcm: Pcm, rate_hz: int, _profile: FinishProfile, carried: Tags) -> bytes:
    """RIFF WAVE, G.711 A-law."""
    return _riff(WAVE_ALAW, 8, rate_hz, len(pcm), g711.to_alaw(pcm), carried)


def encode_flac(pcm: Pcm, rate_hz: int, profile: FinishProfile, carried: Tags) -> bytes:
    """FLAC, 16 bits, with Vorbis comments."""
    import soundfile

    file = io.BytesIO()
    level = profile.flac_level / 8  # libsndfile's scale is 0 to 1
    soundfile.write(file, pcm, rate_hz, format="FLAC", subtype="PCM_16", compression_level=level)
    sha256 = hashlib.sha256(pcm.astype("<i2", copy=False).data).hexdigest()
    comments = tags.comments(carried, carried.descriptor(tags.PCM_HASH, sha256))
    return tagged_flac(file.getvalue(), comments) if comments else file.getvalue()


def encode_mp3(pcm: Pcm, rate_hz: int, profile: FinishProfile, carried: Tags) -> bytes:
    """MP3 at a constant bit rate, behind an ID3v2.4 tag."""
    import lameenc

    encoder = lameenc.Encoder()
    encoder.silence()  # LAME prints to stdout
    encoder.set_bit_rate(profile.mp3_kbps)
    encoder.set_in_sample_rate(rate_hz)
    encoder.set_out_sample_rate(rate_hz)
    encoder.set_channels(1)
    encoder.set_quality(profile.mp3_quality)
    sound = bytes(encoder.encode(pcm.astype("<i2").tobytes())) + bytes(encoder.flush())
    descriptor = carried.descriptor(tags.MPEG_HASH, hashlib.sha256(sound).hexdigest())
    return write_id3(tags.comments(carried, descriptor)) + sound


def encode_opus(pcm: Pcm, rate_hz: int, profile: FinishProfile, carried: Tags) -> bytes:
    """Opus in Ogg with Vorbis comments."""
    body = pcm.astype("<i2", copy=False).tobytes()

    def made(process: FfmpegProcess) -> bytes:
        told, _ = process.ask(
            "encode_opus",
            body,
            rate_hz=rate_hz,
            bit_rate=1000 * profile.opus_kbps,
            complexity=profile.opus_complexity,
            application=profile.opus_application,
            frame_ms=OPUS_FRAME_MS,
        )
        descriptor = carried.descriptor(tags.OPUS_HASH, str(told["sha256"]))
        return process.ask("mux_opus", comments=tags.comments(carried, descriptor))[1]

    return in_child(made)


def packets_sha256(packets: Iterable[bytes]) -> str:
    """`OPUS_HASH` of coded packets."""
    digest = hashlib.sha256()
    for packet in packets:
        digest.update(struct.pack("<I", len(packet)))
        digest.update(packet)
    return digest.hexdigest()


RIFF_HASHES = {
    WAVE_PCM: (tags.PCM_HASH, "A=PCM,W=16"),
    WAVE_ULAW: (tags.ULAW_HASH, "A=G711u,W=8"),
    WAVE_ALAW: (tags.ALAW_HASH, "A=G711a,W=8"),
}
"""What is hashed, and the coding history's words for it."""


def _riff(code: int, bits: int, rate_hz: int, samples: int, data: bytes, carried: Tags) -> bytes:
    width = bits // 8
    layout = struct.pack("<HHIIHH", code, 1, rate_hz, rate_hz * width, width, bits)
    chunks = riff.chunk(b"fmt ", layout if code == WAVE_PCM else layout + struct.pack("<H", 0))
    if code != WAVE_PCM:
        chunks += riff.chunk(b"fact", struct.pack("<I", samples))
    hashed, coding = RIFF_HASHES[code]
    if carried.describe is not None:
        sha256 = carried.pcm_sha256 if code == WAVE_PCM else hashlib.sha256(data).hexdigest()
        descriptor = carried.descriptor(hashed, sha256)
        chunks += riff.chunk(b"bext", tags.bext(carried, rate_hz=rate_hz, coding=coding))
        chunks += riff.chunk(tags.DESCRIPTOR_CHUNK, descriptor.encode("ascii"))
    chunks += riff.chunk(b"LIST", tags.riff_info(carried.ids)) if carried.ids else b""
    return riff.wave(chunks, riff.chunk(b"data", data))


Encoder = Callable[[Pcm, int, FinishProfile, Tags], bytes]
CODECS: Mapping[str, tuple[Encoder, str, str]] = {
    "wav": (encode_wav, "audio/wav", "wav"),
    "flac": (encode_flac, "audio/flac", "flac"),
    "mp3": (encode_mp3, "audio/mpeg", "mp3"),
    "opus": (encode_opus, "audio/ogg; codecs=opus", "opus"),
    "ulaw": (encode_ulaw_wav, "audio/wav", "wav"),
    "alaw": (encode_alaw_wav, "audio/wav", "wav"),
}
