"""A file to be inspected may be anybody's: an error that says what, in little memory, and nothing that steers."""

from __future__ import annotations

import contextlib
import io
import json
import os
import struct
import tracemalloc
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from tests import commands
from tests.examples import examples
from tests.unit.workers.finish.test_descriptor import made
from workers import riff
from workers.errors import UnreadableFileError
from workers.finish import decoding
from workers.finish.decoding import decoded
from workers.finish.ogg import MOST_PACKETS
from workers.finish.reading import mismatches, read_file, riff_chunks
from workers.finish.vorbis import tagged_flac
from workers.printable import printable

DEEP = "[" * 100_000 + "]" * 100_000
CODECS = ("wav", "flac", "mp3", "opus", "ulaw")


def inspected(path: Path, data: bytes) -> commands.Done:
    """What a person and what a program is told; never more than one of the two kinds of end."""
    path.write_bytes(data)
    plain, as_json = commands.run("inspect", path), commands.run("inspect", path, "--json")
    assert plain.code == as_json.code and plain.code in (0, 3, 10), plain.err
    assert all(printable(line) == line for line in (plain.out + as_json.out).splitlines())
    if as_json.code != 3:
        assert isinstance(json.loads(as_json.out, parse_constant=pytest.fail), dict)
    return plain


def described(text: str) -> bytes:
    """A FLAC that carries this as its descriptor."""
    return tagged_flac(made("flac").data, {"CAMPAIGN_DESCRIPTOR": text})


def document(**changes: Any) -> str:
    return json.dumps({**(read_file(made("flac").data).descriptor or {}), **changes})


DESCRIPTORS: dict[str, str] = {
    "no JSON": "{",
    "a list": "[]",
    "a number": "1",
    "deep": DEEP,
    "deep within a run": document(runs_share={"notes": json.loads("[" * 60 + "]" * 60)}).replace(
        "[[[", "[" * 3_000, 1
    ),
    "a key twice": document()[:-1] + ', "campaign": "other"}',
    "NaN": document()[:-1] + ', "more": NaN}',
    "1e999": document()[:-1] + ', "more": 1e999}',
    "a number of 9,000 figures": document()[:-1] + ', "more": 1' + "0" * 9_000 + "}",
    "half of a character": document(campaign="\ud800"),
    "a flag for a version": document(version=True),
    "a text for a sound": document(sound="x"),
    "samples below nothing": document(sound={**json.loads(document())["sound"], "samples": -1}),
    "samples beyond measure": document(sound={**json.loads(document())["sound"], "samples": 1 << 60}),
    "no rate": document(sound={**json.loads(document())["sound"], "rate_hz": 0}),
    "a loudness that is a list": document(finish={**json.loads(document())["finish"], "loudness_lufs": []}),
    "a run that is none": document(runs=["r1"]),
    "a place of no run": document(timebase=[{"run_id": "none", "first_sample": 0}]),
    "marks that are a number": document(finish={**json.loads(document())["finish"], "marks": 3}),
}


@pytest.mark.parametrize("name", DESCRIPTORS)
def test_a_descriptor_that_is_none_is_an_error_with_the_file(tmp_path: Path, name: str) -> None:
    done = inspected(tmp_path / "a.flac", described(DESCRIPTORS[name]))
    assert (done.code, "a.flac: the file is damaged" in done.err) == (3, True)


def test_strange_values_where_nothing_is_read_of_them_are_shown_without_harm(tmp_path: Path) -> None:
    strange: list[Any] = [None, [], {}, "\x1b[2J\u202e", 10**30, -1.5, True, ["\x9b"] * 3]
    for value in strange:
        text = document(pin=value, preset={"label": value}, runs_share={"engine": value, "seed": value})
        assert inspected(tmp_path / "a.flac", described(text)).code == 0


def test_a_digest_over_something_else_is_no_proof_of_the_sound(tmp_path: Path) -> None:
    sound = {**json.loads(document())["sound"], "hashed": "something_else"}
    done = inspected(tmp_path / "a.flac", described(document(sound=sound)))
    assert (done.code, "cannot be told" in done.out) == (10, True)


WAV = made("wav").data


def wave(*chunks: tuple[bytes, bytes]) -> bytes:
    return riff.wave(*(riff.chunk(name, body) for name, body in chunks))


def sound_before(other: bytes) -> bytes:
    """The file with other samples in a chunk that players meet first."""
    chunks = list(riff_chunks(WAV))
    at = next(number for number, (name, _) in enumerate(chunks) if name == b"data")
    return wave(*chunks[:at], (b"data", other), *chunks[at:])


def with_format(**changes: int) -> bytes:
    names = ("code", "channels", "rate_hz", "byte_rate", "block", "bits")
    chunks = dict(riff_chunks(WAV))
    form = dict(zip(names, struct.unpack_from("<HHIIHH", chunks[b"fmt "]), strict=True)) | changes
    return wave(*({**chunks, b"fmt ": struct.pack("<HHIIHH", *form.values())}.items()))


def id3(flags: int, *frames: bytes, version: int = 4) -> bytes:
    body = b"".join(frames)
    size = bytes(len(body) >> shift & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3" + bytes([version, 0, flags]) + size + body + made("mp3").data


def packed_frame(size_bytes: int) -> bytes:
    """A TXXX frame of ID3v2.3 that unpacks to so many bytes."""
    body = (size_bytes).to_bytes(4, "big") + zlib.compress(b"\0" * size_bytes, 9)
    return b"TXXX" + len(body).to_bytes(4, "big") + b"\0\x80" + body


def ogg(packets: int) -> bytes:
    """A stream of empty packets: 282 bytes for 255 of them."""
    pages = []
    for number in range(packets // 255):
        head = struct.pack("<4sBBqIIIB", b"OggS", 0, 0, 0, 7, number, 0, 255)
        pages.append(head + bytes(255))
    return b"".join(pages)


def comments(count: int, *sizes: int) -> bytes:
    """A FLAC whose comments say so."""
    body = (
        struct.pack("<I", 0) + struct.pack("<I", count) + b"".join(struct.pack("<I", size) for size in sizes)
    )
    data = made("flac").data
    return data[:4] + bytes([4]) + len(body).to_bytes(3, "big") + body + data[4:]


def flac(**options: Any) -> bytes:
    stream = io.BytesIO()
    samples = np.zeros((100, options.pop("channels", 1)), dtype="int32")
    soundfile.write(stream, samples, 24_000, format="FLAC", **options)
    return stream.getvalue()


FILES: dict[str, Callable[[], bytes]] = {
    "two sounds": lambda: sound_before(bytes(100)),
    "two formats": lambda: wave(*riff_chunks(WAV), (b"fmt ", dict(riff_chunks(WAV))[b"fmt "])),
    "two descriptors": lambda: wave(
        *riff_chunks(WAV), *((n, b) for n, b in riff_chunks(WAV) if b[:1] == b"{")
    ),
    "two channels": lambda: with_format(channels=2),
    "8 bits": lambda: with_format(bits=8),
    "blocks of 4": lambda: with_format(block=4),
    "a format of two bytes": lambda: wave((b"fmt ", b"\1\0"), (b"data", b"\0\0")),
    "a chunk of 4 GB": lambda: WAV[:12] + b"data" + b"\xff\xff\xff\xff",
    "a descriptor that is no UTF-8": lambda: wave(
        *((name, b"\xff{" if body[:1] == b"{" else body) for name, body in riff_chunks(WAV))
    ),
    "a size of RIFF that lies": lambda: WAV[:4] + b"\0\0\0\0" + WAV[8:12] + b"junk",
    "an ID3 tag of 256 MB": lambda: b"ID3\4\0\0\x7f\x7f\x7f\x7f" + made("mp3").data,
    "a frame of ID3 that is a bomb": lambda: id3(0, *[packed_frame(15 << 20)] * 20, version=3),
    "a frame of ID3 that is damaged": lambda: id3(0, b"TXXX\0\0\0\x0a\0\x80" + b"\xff" * 10, version=3),
    "a text of ID3 of no encoding": lambda: id3(0, b"TXXX\0\0\0\x04\0\0\x09abc"),
    "ID3 and nothing": lambda: b"ID3\4\0\0\0\0\0\0",
    "ID3 in ID3 in ID3": lambda: b"ID3\4\0\0\0\0\0\0" * 100_000,
    "comments without number": lambda: comments(0xFFFFFFFF),
    "a comment of 4 GB": lambda: comments(1, 0xFFFFFFF0),
    "a block of FLAC of 16 MB": lambda: b"fLaC\x04\xff\xff\xff" + bytes(100),
    "FLAC of 8 channels": lambda: flac(channels=8),
    "FLAC of 24 bits": lambda: flac(subtype="PCM_24"),
    "FLAC without end": lambda: b"fLaC\x80\0\0\x22" + b"\xff" * 34,
    "FLAC of Ogg": lambda: b"OggS" + flac(),
    "an MP3 of FFs": lambda: b"\xff" * 1_000_000,
    "Ogg in two streams": lambda: made("opus").data * 2,
    "Ogg and nothing": lambda: b"OggS",
    "a PNG": lambda: b"\x89PNG\r\n\x1a\n" + bytes(100),
    "nothing": lambda: b"",
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_none_is_an_error_and_takes_no_memory(tmp_path: Path, name: str) -> None:
    data = FILES[name]()
    tracemalloc.start()
    try:
        with pytest.raises(UnreadableFileError) as caught:
            read_file(data)
        assert tracemalloc.get_traced_memory()[1] < 400 << 20
    finally:
        tracemalloc.stop()
    assert len(str(caught.value)) < 300
    done = inspected(tmp_path / "file", data)
    assert done.code == 3
    assert "Fetch it again" in done.err


def test_packets_are_counted_while_they_are_parted(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sixteenth of the packets that are let through, in a sixteenth of the memory."""
    monkeypatch.setattr("workers.finish.ogg.MOST_PACKETS", MOST_PACKETS >> 4)
    data = ogg(5_000_000 >> 4)
    tracemalloc.start()
    try:
        with pytest.raises(UnreadableFileError, match="more than 262,144 packets"):
            read_file(data)
        assert tracemalloc.get_traced_memory()[1] < 25 << 20
    finally:
        tracemalloc.stop()


def test_sound_of_years_in_a_small_file_is_not_held(tmp_path: Path) -> None:
    path = tmp_path / "long.flac"
    with soundfile.SoundFile(path, "w", 8_000, 1, "PCM_16") as file:
        for _ in range(140):
            file.write(np.zeros(1 << 20, dtype=np.int16))
    assert path.stat().st_size < 1 << 20
    tracemalloc.start()
    try:
        assert read_file(path.read_bytes()).samples == 140 << 20
        assert tracemalloc.get_traced_memory()[1] < 8 << 20
    finally:
        tracemalloc.stop()
    with pytest.raises(UnreadableFileError, match="more than 134,217,728 samples"):
        decoded(path.read_bytes(), dtype="int16")


def test_what_is_held_whole_is_counted_while_it_is_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    samples, rate_hz = decoded(WAV, dtype="int16")
    assert (len(samples), rate_hz) == (read_file(WAV).samples, read_file(WAV).rate_hz)
    monkeypatch.setattr(decoding, "LONGEST_SAMPLES", len(samples) - 1)
    with pytest.raises(UnreadableFileError, match="more than"):
        decoded(WAV, dtype="float32")
    for data in (b"", b"RIFF", flac(channels=2)):
        with pytest.raises(UnreadableFileError):
            decoded(data, dtype="int16")


def test_what_is_no_plain_file_is_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.wav")
    for path in (tmp_path / "pipe.wav", Path("/dev/zero")):
        assert commands.run("inspect", path).code == 3
    (tmp_path / "huge.wav").touch()
    os.truncate(tmp_path / "huge.wav", 2 << 30)
    done = commands.run("inspect", tmp_path / "huge.wav")
    assert (done.code, "more than 1024 MiB" in done.err) == (3, True)


@examples(150)
@given(st.sampled_from(CODECS), st.data())
def test_a_file_with_any_byte_changed_is_told_or_refused(codec: Any, data: st.DataObject) -> None:
    whole = bytearray(made(codec).data)
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, min(len(whole), 3_000) - 1))] = data.draw(st.integers(0, 255))
    del whole[len(whole) - data.draw(st.integers(0, 50)) :]
    with contextlib.suppress(UnreadableFileError):
        mismatches(read_file(bytes(whole)))
