"""ID3v2, the tag at the beginning of an MP3: TXXX frames written (2.4) and read (2.2 to 2.4).

After the informal standards ID3v2.2, 2.3 and 2.4.0. What is read may be a stranger's: every size is held against the
bytes that are there.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

HEADER_BYTES = 10
LARGEST_TAG_BYTES = (1 << 28) - 1
LARGEST_TEXT_BYTES = 1 << 24
"""Of one frame when it is compressed: far more than a descriptor has."""

UNSYNCHRONISED, EXTENDED, FOOTER = 0x80, 0x40, 0x10
ENCODINGS = {0: "latin-1", 1: "utf-16", 2: "utf-16-be", 3: "utf-8"}


def write_id3(fields: Mapping[str, str]) -> bytes:
    """An ID3v2.4 tag without padding, one TXXX frame for each field; nothing when there are none.

    In Latin-1; the shortest frame first, then by name, and none for an empty value, as other taggers write them.
    Raises ValueError for other text and for one that is too long.
    """
    if not fields:
        return b""
    frames = []
    for name, value in fields.items():
        if not value:
            continue
        if "\0" in name or "\0" in value:
            raise ValueError(f"the tag {name!r} holds a zero, which ends a text in ID3")
        body = b"\0" + name.encode("latin-1") + b"\0" + value.encode("latin-1") + b"\0"
        frames.append((len(body), name, body))
    data = b"".join(b"TXXX" + _synchsafe(size) + b"\0\0" + body for size, _name, body in sorted(frames))
    return b"ID3\x04\x00\x00" + _synchsafe(len(data)) + data


def end_of_id3(data: bytes) -> int:
    """Where the ID3v2 tags at the beginning end; may lie past the end of `data`. C2PA puts one before FLAC, too."""
    place = 0
    while data[place : place + 3] == b"ID3" and len(data) >= place + HEADER_BYTES:
        place += _tag_bytes(data, place)
    return place


def text_fields(data: bytes) -> dict[str, str]:
    """TXXX frames of the first tag in `data`, the first of each name. Raises ValueError when the tag is cut off."""
    if data[:3] != b"ID3":
        return {}
    if len(data) < HEADER_BYTES or len(data) < _tag_bytes(data, 0):
        raise ValueError("the ID3 tag is cut off")
    version, flags = data[3], data[5]
    if version not in (2, 3, 4):
        return {}
    body = data[HEADER_BYTES : HEADER_BYTES + _number(data[6:10], version=4)]
    if version < 4 and flags & UNSYNCHRONISED:
        body = _synchronised(body)
    if version > 2 and flags & EXTENDED:
        size = _number(body[:4], version=version)
        body = body[size if version == 4 else size + 4 :]
    fields: dict[str, str] = {}
    for frame in _frames(body, version, is_unsynchronised=version == 4 and bool(flags & UNSYNCHRONISED)):
        name, value = _texts(frame)
        fields.setdefault(name, value)
    return fields


@dataclass(frozen=True, slots=True)
class _Layout:
    """How a version writes the head of a frame, in bytes, and the bits of its second flag byte."""

    name: bytes
    size_bytes: int
    flag_bytes: int
    grouped: int = 0
    compressed: int = 0
    encrypted: int = 0
    unsynchronised: int = 0
    told_length: int = 0


_LAYOUTS = {
    2: _Layout(b"TXX", 3, 0),
    3: _Layout(b"TXXX", 4, 2, grouped=0x20, compressed=0x80, encrypted=0x40, told_length=0x80),
    4: _Layout(
        b"TXXX", 4, 2, grouped=0x40, compressed=0x08, encrypted=0x04, unsynchronised=0x02, told_length=0x01
    ),
}


def _frames(body: bytes, version: int, *, is_unsynchronised: bool) -> Iterator[bytes]:
    """Plain bodies of the TXXX frames, up to padding or to what is no frame."""
    layout = _LAYOUTS[version]
    name_bytes = len(layout.name)
    left_bytes = LARGEST_TEXT_BYTES
    place = 0
    while body[place : place + 1].strip(b"\0"):
        name = body[place : place + name_bytes]
        place += name_bytes
        size = _number(body[place : place + layout.size_bytes], version=version)
        place += layout.size_bytes
        flags = body[place + 1] if layout.flag_bytes and place + 1 < len(body) else 0
        place += layout.flag_bytes
        frame = body[place : place + size]
        place += size
        if place > len(body):
            return
        if name == layout.name and not flags & layout.encrypted:
            plain = _plain(frame, version, layout, flags, is_unsynchronised=is_unsynchronised)
            left_bytes -= len(plain)
            if left_bytes < 0:
                raise ValueError("the frames of the ID3 tag are larger than any text")
            yield plain


def _plain(frame: bytes, version: int, layout: _Layout, flags: int, *, is_unsynchronised: bool) -> bytes:
    """A frame without what its flags add. 2.3 has its length before its group, 2.4 the other way round."""
    extra = (4 if flags & layout.told_length else 0) + (1 if flags & layout.grouped else 0)
    frame = frame[extra:]
    if version == 4 and (is_unsynchronised or flags & layout.unsynchronised):
        frame = _synchronised(frame)
    if flags & layout.compressed:
        try:
            frame = zlib.decompressobj().decompress(frame, LARGEST_TEXT_BYTES)
        except zlib.error as problem:
            raise ValueError(f"a frame of the ID3 tag is damaged: {problem}") from problem
    return frame


def _texts(frame: bytes) -> tuple[str, str]:
    """(description, first value) of a TXXX frame; a text that is wrongly coded keeps what can be read."""
    encoding = ENCODINGS.get(frame[0] if frame else 0)
    if encoding is None:
        raise ValueError(f"a frame of the ID3 tag has the text encoding {frame[0]}")
    name, rest = _text(frame[1:], encoding)
    return name, _text(rest, encoding)[0]


def _text(data: bytes, encoding: str) -> tuple[str, bytes]:
    """(up to the terminator or the end, what follows)."""
    width = 2 if encoding.startswith("utf-16") else 1
    end = data.find(bytes(width))
    while end % width and end != -1:  # a zero byte of one character beside that of the next
        end = data.find(bytes(width), end + 1)
    text, rest = (data, b"") if end == -1 else (data[:end], data[end + width :])
    return text.decode(encoding, "replace"), rest


def _tag_bytes(data: bytes, place: int) -> int:
    footer = HEADER_BYTES if data[place + 5] & FOOTER else 0
    return HEADER_BYTES + _number(data[place + 6 : place + HEADER_BYTES], version=4) + footer


def _number(data: bytes, *, version: int) -> int:
    """A size: seven bits a byte in 2.4. Some write eight there; then a byte has its highest bit set."""
    if version == 4 and not any(byte & 0x80 for byte in data):
        size = 0
        for byte in data:
            size = size << 7 | byte
        return size
    return int.from_bytes(data, "big")


def _synchsafe(size: int) -> bytes:
    if size > LARGEST_TAG_BYTES:
        raise ValueError(f"an ID3 tag holds {LARGEST_TAG_BYTES:,} bytes at most, not {size:,}")
    return struct.pack(">4B", size >> 21, size >> 14 & 0x7F, size >> 7 & 0x7F, size & 0x7F)


def _synchronised(data: bytes) -> bytes:
    return data.replace(b"\xff\0", b"\xff")
