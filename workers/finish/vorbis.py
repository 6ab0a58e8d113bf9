"""Vorbis comments, and the FLAC metadata blocks that hold them (RFC 9639); Opus holds the same after `OpusTags`.

What is read may be a stranger's: every size is held against the bytes that are there.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping, Sequence

MAGIC = b"fLaC"
PADDING, VORBIS_COMMENT = 1, 4
LAST = 0x80
LARGEST_BLOCK_BYTES = (1 << 24) - 1
VENDOR = b"campaign"
"""Where the encoder named none."""


def read_comments(data: bytes) -> tuple[bytes, list[tuple[str, str]]]:
    """(vendor, names and values as they stand). Raises ValueError when there are fewer bytes than it says.

    What has no name, or none of printable ASCII, is left out.
    """
    vendor, place = _counted(data, 0)
    if place + 4 > len(data):
        raise ValueError("the comments are cut off")
    (count,) = struct.unpack_from("<I", data, place)
    place += 4
    comments = []
    for _ in range(count):
        comment, place = _counted(data, place)
        name, equals, value = comment.partition(b"=")
        if equals and name and all(0x20 <= byte <= 0x7D for byte in name):
            comments.append((name.decode("ascii"), value.decode("utf-8", "replace")))
    return vendor, comments


def first_of_each(comments: Sequence[tuple[str, str]]) -> dict[str, str]:
    """By lower-case name, in which case does not matter."""
    fields: dict[str, str] = {}
    for name, value in comments:
        fields.setdefault(name.lower(), value)
    return fields


def write_comments(vendor: bytes, comments: Sequence[tuple[str, str]]) -> bytes:
    """The block's body; Ogg Vorbis' framing bit is not part of it."""
    written = [f"{name}={value}".encode() for name, value in comments]
    return b"".join((_count(vendor), struct.pack("<I", len(written)), *map(_count, written)))


def flac_blocks(data: bytes) -> Iterator[tuple[int, bytes, int]]:
    """(type, body, where the next begins) of each metadata block. Raises ValueError when one is cut off."""
    if data[:4] != MAGIC:
        raise ValueError("it does not begin as FLAC does")
    place, is_last = 4, False
    while not is_last:
        head = data[place : place + 4]
        size = int.from_bytes(head[1:], "big")
        end = place + 4 + size
        if len(head) < 4 or end > len(data):
            raise ValueError("a metadata block is cut off")
        is_last = bool(head[0] & LAST)
        yield head[0] & ~LAST, data[place + 4 : end], end
        place = end


def tagged_flac(data: bytes, fields: Mapping[str, str]) -> bytes:
    """FLAC with these comments beside those it has, in place of others of their names, and one empty padding block.

    Raises ValueError when `data` is no FLAC or a comment is too long.
    """
    blocks = []
    is_tagged = False
    sound = len(MAGIC)
    for kind, body, end in flac_blocks(data):
        sound = end
        if kind == VORBIS_COMMENT and not is_tagged:
            body, is_tagged = _with_comments(body, fields), True
        if kind != PADDING:
            blocks.append((kind, body))
    if not is_tagged:
        blocks.append((VORBIS_COMMENT, _with_comments(_count(VENDOR) + bytes(4), fields)))
    heads = [_head(kind, len(body)) + body for kind, body in blocks]
    return b"".join((MAGIC, *heads, _head(PADDING | LAST, 0), data[sound:]))


def flac_fields(data: bytes) -> dict[str, str]:
    """Comments of a FLAC file, the first of each name; of the first block that holds any."""
    for kind, body, _next in flac_blocks(data):
        if kind == VORBIS_COMMENT:
            return first_of_each(read_comments(body)[1])
    return {}


def _with_comments(body: bytes, fields: Mapping[str, str]) -> bytes:
    vendor, comments = read_comments(body)
    replaced = {name.lower() for name in fields}
    kept = [(name, value) for name, value in comments if name.lower() not in replaced]
    return write_comments(vendor, [*kept, *fields.items()])


def _head(kind: int, size: int) -> bytes:
    if size > LARGEST_BLOCK_BYTES:
        raise ValueError(f"a FLAC block holds {LARGEST_BLOCK_BYTES:,} bytes at most, not {size:,}")
    return bytes([kind]) + size.to_bytes(3, "big")


def _count(data: bytes) -> bytes:
    return struct.pack("<I", len(data)) + data


def _counted(data: bytes, place: int) -> tuple[bytes, int]:
    """(what stands there behind its length, where the next begins)."""
    if place + 4 > len(data):
        raise ValueError("the comments are cut off")
    (size,) = struct.unpack_from("<I", data, place)
    end = place + 4 + size
    if end > len(data):
        raise ValueError(f"a comment says {size:,} bytes and {len(data) - place - 4:,} are left")
    return data[place + 4 : end], end
