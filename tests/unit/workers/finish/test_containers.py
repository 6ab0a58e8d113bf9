"""Tags byte for byte as mutagen writes them, read as it reads them; and files of strangers are read or refused."""

from __future__ import annotations

import io
import json
import resource
import struct
import time
import zlib
from functools import cache
from typing import Any

import mutagen
import numpy as np
import pytest
import soundfile
from hypothesis import example, given
from hypothesis import strategies as st
from mutagen.flac import FLAC
from mutagen.id3 import ID3, TIT2, TXXX
from mutagen.ogg import OggPage

from tests.examples import examples
from tests.unit.workers.finish.test_descriptor import CODECS, made
from workers.errors import UnreadableFileError
from workers.finish import reading
from workers.finish.encoding import encode_opus
from workers.finish.id3 import end_of_id3, text_fields, write_id3
from workers.finish.mpeg import rate_of_mp3
from workers.finish.ogg import packets_of
from workers.finish.profile import FinishProfile
from workers.finish.reading import mismatches, mpeg_frames, read_file
from workers.finish.tags import Tags
from workers.finish.vorbis import flac_blocks, flac_fields, read_comments, tagged_flac, write_comments

MANY = examples(200)
SLOWEST_S = 5.0
"""Of the processor, not of the clock: a busy machine makes no reader slow."""
LATIN = st.text(st.characters(min_codepoint=1, max_codepoint=255), max_size=300)
UNICODE = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), max_size=300)
NAMES = st.text(st.sampled_from("ABCXYZ_0189 -."), min_size=1, max_size=20)
LONG = st.integers(0, 70_000).map(lambda size: "xyz " * (size // 4))


@cache
def flac() -> bytes:
    """As libsndfile writes it, without comments."""
    file = io.BytesIO()
    soundfile.write(file, np.arange(3000, dtype=np.int16), 24_000, format="FLAC", subtype="PCM_16")
    return file.getvalue()


def flac_by_mutagen(data: bytes, fields: dict[str, str]) -> bytes:
    file = io.BytesIO(data)
    opened = FLAC(file)  # type: ignore[no-untyped-call]
    for name, value in fields.items():
        opened[name] = value
    file.seek(0)
    opened.save(file, padding=lambda _info: 0)
    return file.getvalue()


def id3_by_mutagen(fields: dict[str, str]) -> bytes:
    tag = ID3()  # type: ignore[no-untyped-call]
    for name, value in fields.items():
        tag.add(TXXX(encoding=0, desc=name, text=[value]))  # type: ignore[no-untyped-call]
    file = io.BytesIO()
    tag.save(file, v2_version=4, padding=lambda _info: 0)
    return file.getvalue()


def read_by_mutagen(data: bytes) -> dict[str, str]:
    """By lower-case name."""
    tag = mutagen.File(io.BytesIO(data)).tags
    if isinstance(tag, ID3):
        frames: Any = tag
        return {frame.desc.lower(): frame.text[0] for frame in frames.getall("TXXX")}
    return {name.lower(): values[0] for name, values in tag.items() if name.lower() != "encoder"}


# written


@given(fields=st.dictionaries(NAMES, UNICODE | LONG, min_size=1, max_size=8))
@MANY
def test_flac_is_tagged_as_mutagen_does(fields: dict[str, str]) -> None:
    fields = {name: value for name, value in fields.items() if name.lower() not in {"a", "b"}} | {"a": "1"}
    written = tagged_flac(flac(), fields)
    assert written == flac_by_mutagen(flac(), fields)
    assert flac_fields(written) == {name.lower(): value for name, value in fields.items()}
    again = tagged_flac(written, {"A": "2"})
    assert again == flac_by_mutagen(written, {"A": "2"})
    assert soundfile.read(io.BytesIO(again))[1] == 24_000


@given(
    fields=st.dictionaries(NAMES, LATIN.filter(lambda text: "\0" not in text) | LONG, min_size=1, max_size=8)
)
@example(fields={"B": "1", "A": "1", "LONG": "", "": ""})
@MANY
def test_id3_is_written_as_mutagen_does(fields: dict[str, str]) -> None:
    written = write_id3(fields)
    assert written == id3_by_mutagen(fields)
    assert text_fields(written) == {name: value for name, value in fields.items() if value}
    assert end_of_id3(written) == len(written)


@given(
    ids=st.dictionaries(
        st.from_regex(r"[a-z][a-z0-9_]{0,31}", fullmatch=True), NAMES.map(str.strip), max_size=6
    ),
    descriptor=st.just("") | LONG,
)
@examples(25)
def test_opus_comments_are_read_as_mutagen_reads_them(ids: dict[str, str], descriptor: str) -> None:
    carried = Tags(ids=ids, describe=lambda _hashed, _sha256: descriptor)
    data = encode_opus(np.zeros(2400, np.int16), 24_000, FinishProfile(codec="opus"), carried)
    found = read_file(data) if not descriptor else None
    assert found is None or found.tags == read_by_mutagen(data)
    head, comments, *_ = packets_of(data)
    assert head.startswith(b"OpusHead")
    written = {name.lower(): value for name, value in read_comments(comments[8:])[1]}
    assert {name: value for name, value in written.items() if name != "encoder"} == read_by_mutagen(data)
    pages, file = [], io.BytesIO(data)
    while file.tell() < len(data):
        pages.append(OggPage(file))  # type: ignore[no-untyped-call]
    assert packets_of(data) == OggPage.to_packets(pages)  # type: ignore[no-untyped-call]


@pytest.mark.parametrize("codec", ["flac", "mp3", "opus"])
def test_a_delivered_file_s_tags_are_what_mutagen_reads(codec: Any) -> None:
    data = made(codec).data
    carried = read_by_mutagen(data)
    descriptor = json.loads(carried.pop("campaign_descriptor"))
    found = read_file(data)
    assert (found.tags, found.descriptor) == (carried, descriptor)
    if codec == "mp3":
        opened: Any = mutagen.File(io.BytesIO(data))
        assert rate_of_mp3(mpeg_frames(data)) == opened.info.sample_rate


@pytest.mark.parametrize("fields", [{"A": "\u0142"}, {"A": "a\0b"}, {"A": "x" * (1 << 28)}])
def test_what_id3_cannot_hold_is_refused(fields: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"latin-1|holds"):
        write_id3(fields)


def test_what_a_flac_block_cannot_hold_is_refused() -> None:
    with pytest.raises(ValueError, match="16,777,215 bytes at most"):
        tagged_flac(flac(), {"A": "x" * (1 << 24)})


def test_flac_without_comments_gets_a_block_before_its_sound() -> None:
    (_, info, _), *_, (_, _, sound) = flac_blocks(flac())
    bare = b"fLaC\x80" + len(info).to_bytes(3, "big") + info + flac()[sound:]
    written = tagged_flac(bare, {"A": "1"})
    assert read_by_mutagen(written) == flac_fields(written) == {"a": "1"}


# read: what other programs write


@pytest.mark.parametrize("version", [3, 4])
@pytest.mark.parametrize("encoding", [0, 1, 2, 3])
def test_tags_that_another_program_wrote_anew_are_read(version: int, encoding: int) -> None:
    tag = ID3(io.BytesIO(made("mp3").data))  # type: ignore[no-untyped-call]
    for frame in tag.getall("TXXX"):  # type: ignore[no-untyped-call]
        frame.encoding = encoding if version == 4 or encoding < 2 else 1
    tag.add(TIT2(encoding=1, text=["Grüße"]))  # type: ignore[no-untyped-call]
    file = io.BytesIO(mpeg_frames(made("mp3").data))
    tag.save(file, v2_version=version)
    assert mismatches(read_file(file.getvalue())) == []


def id3(version: int, frames: bytes, *, flags: int = 0) -> bytes:
    size = bytes(len(frames) >> shift & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3" + bytes([version, 0, flags]) + size + frames


def test_tags_of_every_version_are_read_to_their_end_and_no_further() -> None:
    text = b"\0A\0one"
    of_2_2 = id3(2, b"TXX" + len(text).to_bytes(3, "big") + text)
    frame = b"TXXX" + len(text).to_bytes(4, "big") + b"\0\0" + text
    assert text_fields(of_2_2) == text_fields(id3(3, frame)) == text_fields(id3(4, frame)) == {"A": "one"}
    assert text_fields(id3(3, frame) + frame.replace(b"A", b"B")) == {"A": "one"}
    assert text_fields(id3(5, frame)) == {}
    assert end_of_id3(id3(4, frame, flags=0x10) + b"3DI" + bytes(7) + b"sound") == 20 + len(frame)


def test_a_character_that_looks_unsynchronised_is_left_where_the_tag_is_not() -> None:
    text = b"\1" + "A".encode("utf-16") + b"\0\0" + "ÿÿ".encode("utf-16")
    assert text_fields(id3(3, b"TXXX" + len(text).to_bytes(4, "big") + b"\0\0" + text)) == {"A": "ÿÿ"}


def test_a_tag_of_megabytes_is_written_as_mutagen_does() -> None:
    fields = {"LONG": "x" * (5 << 20)}
    assert write_id3(fields) == id3_by_mutagen(fields)


def test_compressed_unsynchronised_grouped_and_extended_tags_are_read() -> None:
    text = b"\0NAME\0value\xff\0"
    packed = zlib.compress(text)
    size = struct.pack(">I", len(packed) + 4)
    three = b"TXXX" + size + b"\0\x80" + struct.pack(">I", len(text)) + packed
    assert text_fields(b"ID3\x03\0\0\0\0\0" + bytes([len(three)]) + three) == {"NAME": "value\xff"}
    for flags, before in ((0, b""), (0x02, b""), (0x40, b"g"), (0x41, b"g\0\0\0\x09")):
        stuffed = text.replace(b"\xff", b"\xff\0") if flags == 0x02 else text
        frame = b"TXXX\0\0\0" + bytes([len(before + stuffed), 0, flags]) + before + stuffed
        body = b"\0\0\0\x06\x01\0" + frame
        tag = b"ID3\x04\0\x40\0\0\0" + bytes([len(body)]) + body
        assert text_fields(tag) == {"NAME": "value\xff"}, flags
        if not flags & 0x40:  # mutagen takes the group for the text's encoding
            (frame_read,) = ID3(io.BytesIO(tag)).getall("TXXX")  # type: ignore[no-untyped-call]
            assert (frame_read.desc, frame_read.text) == ("NAME", ["value\xff"])
    whole = (b"TXXX\0\0\0" + bytes([len(text), 0, 0]) + text).replace(b"\xff\0", b"\xff\0\0")
    assert text_fields(b"ID3\x03\0\x80\0\0\0" + bytes([len(whole)]) + whole) == {"NAME": "value\xff"}


def test_a_compressed_frame_is_unpacked_to_a_limit() -> None:
    packed = zlib.compress(b"\0A\0" + b"x" * (1 << 26))
    frame = b"TXXX" + struct.pack(">I", len(packed) + 4) + b"\0\x80\0\0\0\0" + packed
    size = bytes((len(frame) >> shift & 0x7F) for shift in (21, 14, 7, 0))
    fields = text_fields(b"ID3\x03\0\0" + size + frame)
    assert len(fields["A"]) < 1 << 24


# read: what nobody should have written


def read_or_refused(data: bytes) -> None:
    start = time.process_time()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    try:
        told = mismatches(read_file(data))
    except UnreadableFileError as problem:
        assert str(problem)
    else:
        assert all(told)
    assert time.process_time() - start < SLOWEST_S
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 300_000  # KiB


SIZES = st.sampled_from(
    [b"\0\0\0\0", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\0\0\0\x80", b"\x80\0\0\0", b"\x7f" * 4]
)


@given(data=st.data(), codec=st.sampled_from(CODECS))
@examples(400)
def test_a_damaged_file_is_read_or_refused(data: st.DataObject, codec: Any) -> None:
    """Cut, bytes changed, sizes set to the wildest, parts doubled; mostly near the front, where the tags are."""
    broken = bytearray(made_once(codec))
    place = st.integers(0, 200) | st.integers(0, len(broken) - 1)
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(place)
        match data.draw(st.sampled_from(["cut", "byte", "size", "double", "insert"])):
            case "cut":
                del broken[at:]
            case "byte":
                broken[at : at + 1] = data.draw(st.binary(min_size=1, max_size=1))
            case "size":
                broken[at : at + 4] = data.draw(SIZES)
            case "double":
                broken[at:at] = broken[: data.draw(place)]
            case _:
                broken[at:at] = data.draw(st.binary(max_size=40))
    read_or_refused(bytes(broken))


MAGICS = (
    b"RIFF\0\0\0\0WAVE",
    b"fLaC",
    b"OggS",
    b"ID3\x04\0\0",
    b"ID3\x03\0\x80",
    b"\xff\xfb",
    b"OggS\0\x02",
    b"",
)


@given(magic=st.sampled_from(MAGICS), rest=st.binary(max_size=400))
@example(magic=b"ID3\x04\0\0", rest=b"\0\0\0\0fLaC" + b"\xff" * 40)
@example(magic=b"", rest=b"ID3\x04\0\0\0\0\0\0" * 50_000)
@example(magic=b"\xff\xfb", rest=b"\xff\xfb\x90" * 100_000)
@MANY
def test_bytes_behind_a_magic_word_are_read_or_refused(magic: bytes, rest: bytes) -> None:
    read_or_refused(magic + rest)


@cache
def made_once(codec: Any) -> bytes:
    return made(codec).data


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@given(data=st.data())
@MANY
def test_a_descriptor_of_a_stranger_is_read_or_refused(data: st.DataObject) -> None:
    document = json.loads(str(read_by_mutagen(made_once("flac"))["campaign_descriptor"]))
    keys = [key for key in document if not data.draw(st.booleans())][:4]
    for key in keys:
        inside = document[key]
        if isinstance(inside, dict) and inside and data.draw(st.booleans()):
            inside[data.draw(st.sampled_from(sorted(inside)))] = data.draw(JSON)
        else:
            document[key] = data.draw(JSON)
    read_or_refused(tagged_flac(flac(), {"CAMPAIGN_DESCRIPTOR": json.dumps(document)}))


@pytest.mark.parametrize(
    "text",
    ["[" * 100_000, '{"a":' * 100_000, "{}", "[]", "1" * 5000, '"\\ud800"', "NaN", "{", "\ufeff{}"],
    ids=["lists", "objects", "empty", "list", "number", "half a pair", "nan", "open", "mark"],
)
def test_a_descriptor_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(UnreadableFileError, match="damaged"):
        read_file(tagged_flac(flac(), {"CAMPAIGN_DESCRIPTOR": text}))


def test_half_a_surrogate_pair_in_a_descriptor_is_refused() -> None:
    document = json.loads(str(read_by_mutagen(made_once("flac"))["campaign_descriptor"]))
    document["campaign"] = "\ud800"
    with pytest.raises(UnreadableFileError, match="half of a character"):
        read_file(tagged_flac(flac(), {"CAMPAIGN_DESCRIPTOR": json.dumps(document)}))


def test_a_flac_header_that_claims_years_allocates_nothing() -> None:
    data = bytearray(flac())
    data[21:26] = b"\xff" * 5  # the number of samples: 36 bits
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(UnreadableFileError):
        read_file(bytes(data[:2000]))
    read_or_refused(bytes(data))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000  # KiB


def test_flac_that_goes_on_for_hours_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "LONGEST_SAMPLES", 2_999)
    with pytest.raises(UnreadableFileError, match="2,999"):
        read_file(flac())


def test_a_comment_count_beyond_the_file_ends_at_once() -> None:
    body = write_comments(b"v", [])[:-4] + b"\xff\xff\xff\xff"
    with pytest.raises(ValueError, match="cut off"):
        flac_fields(b"fLaC\x84" + len(body).to_bytes(3, "big") + body)


def test_pages_that_are_not_one_whole_stream_are_refused() -> None:
    data = made_once("opus")
    starts = [at for at in range(len(data)) if data.startswith(b"OggS", at)]
    pages = [data[start:end] for start, end in zip(starts, [*starts[1:], len(data)], strict=True)]
    assert len(pages) > 3
    swapped = [*pages[:2], pages[3], pages[2], *pages[4:]]
    of_another = pages[2][:14] + b"\x07" + pages[2][15:]
    for wrong in (swapped, [*pages[:2], *pages[3:]], [*pages[:2], of_another, *pages[3:]]):
        with pytest.raises(UnreadableFileError, match="stands where page 2 should"):
            read_file(b"".join(wrong))


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("sound", "samples"), -1),
        (("sound", "rate_hz"), 0),
        (("sound", "delay_samples"), 1 << 60),
        (("finish", "marks"), "c2pa"),
        (("runs", 0), {}),
        (("timebase", 0), {"run_id": "nobody", "first_sample": 0}),
        (("timebase", 0), {"run_id": "r1", "first_sample": -5}),
    ],
)
def test_a_descriptor_that_contradicts_itself_is_refused(place: tuple[str, Any], value: Any) -> None:
    document = json.loads(str(read_by_mutagen(made_once("flac"))["campaign_descriptor"]))
    read_or_refused(tagged_flac(flac(), {"CAMPAIGN_DESCRIPTOR": json.dumps(document)}))
    document[place[0]][place[1]] = value
    with pytest.raises(UnreadableFileError, match="not one of this program's"):
        read_file(tagged_flac(flac(), {"CAMPAIGN_DESCRIPTOR": json.dumps(document)}))


def test_a_long_mp3_s_rate_is_that_of_its_first_frames() -> None:
    frames = mpeg_frames(made_once("mp3"))
    assert rate_of_mp3(b"\0" * 100 + frames * 20) == 24_000
    with pytest.raises(ValueError, match="no MPEG frame"):
        rate_of_mp3(b"\xff\xfb\x90\0" + b"\0" * 200_000 + frames)
