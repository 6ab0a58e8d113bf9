"""What the child does with a call: samples without padding, what FFmpeg refuses told apart from a fault of its own."""

from __future__ import annotations

import hashlib
import io
import struct
from types import SimpleNamespace
from typing import Any

import av
import numpy as np

from tests.unit.workers.finish.sounds import babble
from workers.ffmpeg.child import BLOCK_BYTES, Calls, Sink, answer, frame_of, packets_sha256, samples_of
from workers.pcm import to_wav

RATE_HZ = 24_000
SOUND = babble(1.0)
WAV = to_wav(SOUND, RATE_HZ)


def call(calls: Calls, name: str, body: bytes = b"", **options: Any) -> tuple[dict[str, Any], bytes]:
    return answer(calls, {"call": name, **options}, body)


def test_samples_are_a_frame_s_own_without_what_the_plane_has_behind_them() -> None:
    frame = frame_of(SOUND[:1000].tobytes(), RATE_HZ)
    assert samples_of(frame, 2) == SOUND[:1000].tobytes()
    plane: Any = SimpleNamespace(planes=[b"abcdef"], samples=2, layout=SimpleNamespace(channels=("mono",)))
    assert samples_of(plane, 2) == b"abcd"


def test_digest_of_packets_tells_where_each_ends() -> None:
    packets = [av.Packet(b"ab"), av.Packet(b"c")]
    assert (
        packets_sha256(packets)
        == hashlib.sha256(struct.pack("<I", 2) + b"ab" + struct.pack("<I", 1) + b"c").hexdigest()
    )
    assert packets_sha256(packets) != packets_sha256([av.Packet(b"a"), av.Packet(b"bc")])


def test_sink_gives_out_what_was_written_since_it_was_asked() -> None:
    sink = Sink()
    assert sink.write(np.arange(3, dtype=np.int16)) == 6
    sink.write(b"x")
    assert (sink.take(), sink.take()) == (np.arange(3, dtype="<i2").tobytes() + b"x", b"")


def test_same_sound_is_the_same_opus_file_and_carries_its_comments() -> None:
    options = {
        "rate_hz": RATE_HZ,
        "bit_rate": 32_000,
        "complexity": 5,
        "application": "voip",
        "frame_ms": 20,
    }
    files = []
    for _ in range(2):
        calls = Calls()
        head, _ = call(calls, "encode_opus", SOUND.tobytes(), **options)
        files.append((head["sha256"], call(calls, "mux_opus", comments={"recipient": "ab"})[1]))
    assert files[0] == files[1]
    with av.open(io.BytesIO(files[0][1])) as container:
        assert container.streams.audio[0].metadata["recipient"] == "ab"


def test_stream_s_pieces_are_one_file() -> None:
    calls = Calls()
    call(calls, "open_stream", codec="flac", rate_hz=RATE_HZ, bit_rate=None)
    pieces = [call(calls, "add_to_stream", part.tobytes(), rate_hz=RATE_HZ)[1] for part in np.split(SOUND, 4)]
    file = b"".join(pieces) + call(calls, "end_stream")[1]
    with av.open(io.BytesIO(file)) as container:
        assert isinstance(container, av.container.InputContainer)
        decoded = np.concatenate([frame.to_ndarray().ravel() for frame in container.decode(audio=0)])
    assert decoded.astype(np.int16).tobytes() == SOUND.tobytes()


def test_recording_is_told_by_its_header_and_read_in_blocks_to_its_end() -> None:
    calls, long = Calls(), to_wav(np.tile(SOUND, 20), RATE_HZ)
    assert call(calls, "open_recording", long, demuxer="wav")[0] == {
        "rate_hz": RATE_HZ,
        "channels": 1,
        "seconds": 20.0,
    }
    blocks = []
    while block := call(calls, "next_block")[1]:
        blocks.append(block)
    assert len(b"".join(blocks)) == 4 * 20 * len(SOUND)
    assert len(blocks) > 1
    assert all(BLOCK_BYTES <= len(block) < BLOCK_BYTES + 65_536 for block in blocks[:-1])


def test_what_ffmpeg_refuses_is_refused_and_a_fault_of_the_call_is_one() -> None:
    refused, _ = call(Calls(), "open_recording", b"no sound at all", demuxer="wav")
    assert refused.keys() == {"refused"}
    failed, _ = call(Calls(), "end_stream")
    assert failed["failed"].startswith("AttributeError: ")
    playlist = b"#EXTM3U\n#EXTINF:1,\n/etc/passwd\n"
    refused, body = call(Calls(), "open_recording", playlist, demuxer="hls")
    assert (list(refused), body) == (["refused"], b"")
